-- What the handlers share: reading forms, answering with HTML and JSON.
-- luacheck: std ngx_lua

local json = require "appwrite.json"

local web = {}

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

-- Text for HTML, in a text as in an attribute.
function web.escape(value)
  return (tostring(value):gsub("[&<>\"']", ENTITIES))
end

-- The statuses for calls that got no answer, or none that helps.
local STATUS = { argument = 400, timeout = 504, network = 502, tls = 502, protocol = 502 }

-- `asServer`: the call was the server's own, so that a refusal is no matter of who asked.
local function statusOf(err, asServer)
  if err.kind ~= "api" then
    return STATUS[err.kind] or 500
  elseif asServer and (err.code == 401 or err.code == 403) then
    return 502
  end
  return err.code
end

function web.json(value, status)
  ngx.status = status or 200
  ngx.header["content-type"] = "application/json"
  ngx.print((assert(json.encode(value))))
end

-- What went wrong, for whoever asked: `message` is Appwrite's, and never has a secret in it.
function web.failJson(err, asServer)
  ngx.log(ngx.WARN, tostring(err))
  local status = statusOf(err, asServer)
  web.json({ message = err.message, type = err.type, code = status }, status)
end

function web.refuse(status, message)
  web.json({ message = message, type = "argument", code = status }, status)
end

-- The fields of a form that was posted; nil, with an answer, where it was not.
function web.form()
  if ngx.req.get_method() ~= "POST" then
    ngx.header["allow"] = "POST"
    web.refuse(405, "this takes a form by POST")
    return nil
  end
  ngx.req.read_body()
  local fields = ngx.req.get_post_args()
  for name, value in pairs(fields) do
    if type(value) ~= "string" then
      fields[name] = nil -- one without a value, or given twice
    end
  end
  return fields
end

-- Back to the page, which says what went wrong.
function web.home(problem)
  return ngx.redirect("/" .. (problem and "?problem=" .. ngx.escape_uri(problem) or ""), 303)
end

return web
