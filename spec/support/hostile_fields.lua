--- What the hostile server says in header fields: cookies, redirects, limits, and invitations to go elsewhere.

local answers = require "spec.support.hostile_answers"

local format, rep = string.format, string.rep
local JSON = answers.JSON
local json, length, respond = answers.json, answers.length, answers.respond

local ADA = '{"name":"Ada"}'

local behaviours = {}

local function other(connection, scheme, user)
  return format("%s://%s127.0.0.1:%d", scheme, user or "", connection.server.ports.other)
end

-- Cookies ------------------------------------------------------------------------------------------------------------

local function flood(connection, prefix, count, size)
  local headers = {}
  for index = 1, count do
    headers[index] = format("set-cookie: %s_%d=%s; path=/; max-age=3600", prefix, index, rep("c", size))
  end
  headers[#headers + 1] = JSON
  headers[#headers + 1] = length(ADA)
  respond(connection, "200 OK", headers, ADA)
end

function behaviours.cookieFlood(connection)
  flood(connection, "flood", 900, 10)
end

---Other cookies each time.
function behaviours.cookieTide(connection)
  connection.server.tide = (connection.server.tide or 0) + 1
  flood(connection, "tide" .. connection.server.tide, 40, 500)
end

function behaviours.hugeCookie(connection)
  json(connection, ADA, "set-cookie: huge=" .. rep("c", 90 * 1024) .. "; path=/", "set-cookie: small=1; path=/")
end

---For whole top-level domains, and for hosts beside and above.
function behaviours.cookieSuffix(connection)
  json(connection, ADA, "set-cookie: own=1; path=/", "set-cookie: tld=1; domain=localhost; path=/",
    "set-cookie: dot=1; domain=.; path=/", "set-cookie: com=1; domain=com; path=/",
    "set-cookie: couk=1; domain=.co.uk; path=/", "set-cookie: sibling=1; domain=other.game.localhost; path=/",
    "set-cookie: above=1; domain=game.localhost; path=/")
end

function behaviours.cookiePrefix(connection)
  json(connection, ADA, "set-cookie: own=1; path=/", "set-cookie: __Host-a=1; path=/; domain=127.0.0.1",
    "set-cookie: __Secure-b=1; path=/", "set-cookie: locked=1; path=/; secure")
end

function behaviours.cookieExpiry(connection)
  local long = rep("9", 60)
  json(connection, ADA, "set-cookie: a=1; path=/; max-age=" .. long, "set-cookie: b=1; path=/; max-age=-" .. long,
    "set-cookie: c=1; path=/; expires=Fri, 99 Foo " .. long .. " 99:99:99 GMT",
    "set-cookie: d=1; path=/; expires=Mon, 01 Jan 0001 00:00:00 GMT",
    "set-cookie: e=1; path=/; expires=Fri, 31 Dec 9999 23:59:59 GMT", "set-cookie: f=1; path=/; max-age=",
    'set-cookie: g=1; path=/; max-age="60"', "set-cookie: h=1; path=/; max-age=NaN")
end

function behaviours.cookieNonsense(connection)
  json(connection, ADA, "set-cookie:", "set-cookie: =", "set-cookie: ;;;;", "set-cookie: =value; path=/",
    "set-cookie: control=a\1b\27[2J; path=/", "set-cookie: tab=a\tb; path=/", "set-cookie: \255\254=\253; path=/",
    "set-cookie: path=/; path; path=; domain=; domain", "set-cookie: own=1; path=/")
end

---X-Fallback-Cookies that is no JSON.
function behaviours.fallbackNonsense(connection)
  json(connection, ADA, 'x-fallback-cookies: {"a_session_p":"\\')
end

function behaviours.fallbackHuge(connection)
  json(connection, ADA, 'x-fallback-cookies: {"a_session_p":"' .. rep("s", 90 * 1024) .. '"}')
end

---With an error nobody has logged in.
function behaviours.fallbackInError(connection)
  local body = '{"message":"No.","code":401,"type":"user_invalid_credentials"}'
  respond(connection, "401 Unauthorized", { JSON, length(body), 'x-fallback-cookies: {"a_session_p":"evil"}' }, body)
end

-- Redirects ----------------------------------------------------------------------------------------------------------

local function redirect(connection, status, location)
  respond(connection, status, { "location: " .. location, "content-length: 0" })
end

function behaviours.redirectLoop(connection, request)
  redirect(connection, "302 Found", request.target)
end

function behaviours.redirectUser(connection, request)
  redirect(connection, "302 Found", other(connection, "http", "ada:hunter2-query@") .. request.target)
end

function behaviours.redirectRelative(connection)
  redirect(connection, "303 See Other", "../../ok")
end

function behaviours.redirectSchemeless(connection)
  redirect(connection, "308 Permanent Redirect", other(connection, ""):sub(2) .. "/v1")
end

function behaviours.redirectTls(connection)
  redirect(connection, "301 Moved Permanently", other(connection, "https") .. "/v1")
end

function behaviours.redirectScript(connection)
  redirect(connection, "302 Found", "javascript:alert(1)")
end

function behaviours.redirectControl(connection)
  redirect(connection, "302 Found", "http://evil.invalid/\27[2J\27]0;owned\7\155 2J")
end

function behaviours.redirectLong(connection)
  redirect(connection, "302 Found", "http://evil.invalid/" .. rep("x", 90 * 1024))
end

function behaviours.redirectChoice(connection)
  respond(connection, "300 Multiple Choices", { JSON, length(ADA) }, ADA)
end

-- Elsewhere ----------------------------------------------------------------------------------------------------------

function behaviours.elsewhere(connection)
  local port = connection.server.ports.other
  json(connection, ADA, format('alt-svc: h2="127.0.0.1:%d", h3=":%d"; ma=3600; persist=1', port, port),
    "strict-transport-security: max-age=31536000", "refresh: 0; url=" .. other(connection, "http"),
    "content-location: " .. other(connection, "http"), "link: <" .. other(connection, "http") .. ">; rel=canonical")
end

---Asks for other credentials than those that it has got.
function behaviours.authenticate(connection)
  local body = '{"message":"Who are you?","code":401,"type":"general_unauthorized_scope"}'
  respond(connection, "401 Unauthorized", { JSON, length(body), 'www-authenticate: Basic realm="evil"',
    "www-authenticate: Negotiate", "www-authenticate: NTLM" }, body)
end

function behaviours.authenticateProxy(connection)
  respond(connection, "407 Proxy Authentication Required", { 'proxy-authenticate: Basic realm="evil"',
    "content-length: 0" })
end

-- Limits -------------------------------------------------------------------------------------------------------------

local NONSENSE = {
  retryNegative = { "retry-after: -5" },
  retryHuge = { "retry-after: " .. rep("9", 400) },
  retryWord = { "retry-after: NaN" },
  retryFraction = { "retry-after: 1.5e3" },
  retryDate = { "retry-after: Fri, " .. rep("9", 400) .. " Jan 9999 99:99:99 GMT" },
  retryPast = { "retry-after: Thu, 01 Jan 1970 00:00:00 GMT" },
  resetHuge = { "x-ratelimit-limit: 10", "x-ratelimit-remaining: 0", "x-ratelimit-reset: " .. rep("9", 400) },
  resetNegative = { "x-ratelimit-limit: -1", "x-ratelimit-remaining: -1", "x-ratelimit-reset: -1" },
  resetWord = { "x-ratelimit-limit: inf", "x-ratelimit-remaining: nan", "x-ratelimit-reset: 0x7fffffff" },
}
for name, headers in pairs(NONSENSE) do
  behaviours[name] = function(connection)
    local body = '{"message":"Slow down.","code":429,"type":"general_rate_limit_exceeded"}'
    local all = { JSON, length(body) }
    for _, header in ipairs(headers) do
      all[#all + 1] = header
    end
    respond(connection, "429 Too Many Requests", all, body)
  end
end

return behaviours
