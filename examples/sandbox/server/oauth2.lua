--- The providers of OAuth2, none of them real: whichever one a project has switched on, its place is taken by the same
-- mock provider, which knows one person, and whoever else says his address on its page.

local clock = require "server.clock"
local crypto = require "server.crypto"

local gmatch = string.gmatch

local TOKEN_SECONDS = 14400
local CODE = "abcdef" -- the code of the person whom the mock provider knows

local oauth2 = { PROVIDERS = {} }

for name in gmatch([[
  amazon apple auth0 authentik autodesk bitbucket bitly box dailymotion discord disqus dropbox etsy facebook github
  gitlab google linkedin microsoft notion oidc okta paypal paypalSandbox podio salesforce slack spotify stripe
  tradeshift tradeshiftBox twitch wordpress yahoo yammer yandex zoho zoom mock]], "%S+") do
  oauth2.PROVIDERS[#oauth2.PROVIDERS + 1] = name
end

---@class sandbox.Person
---@field uid string
---@field email string
---@field name string

---@param project sandbox.Project
---@param provider string
---@return boolean
function oauth2.isEnabled(project, provider)
  for _, name in ipairs(project.oauth2) do
    if name == provider then
      return true
    end
  end
  return false
end

---@param provider string
---@return string name for people
function oauth2.title(provider)
  return (provider:gsub("^%l", string.upper))
end

---The code that the provider gives out for somebody.
---@param project sandbox.Project
---@param email? string by default of the person it knows
---@param name? string
---@return string code
function oauth2.grant(project, email, name)
  if not email then
    return CODE
  end
  local code = crypto.randomHex(32)
  email = email:lower()
  project.oauth2Codes[code] = { uid = crypto.sha256(email):sub(1, 20), email = email, name = name or "" }
  return code
end

---Whom a code stands for; it works once.
---@param project sandbox.Project
---@param code string
---@return sandbox.Person?
function oauth2.redeem(project, code)
  if code == CODE then
    return { uid = "1", email = "useroauth@localhost.test", name = "User Name" }
  end
  local person = project.oauth2Codes[code]
  project.oauth2Codes[code] = nil
  return person
end

---Give a session or an identity tokens of the provider.
---@param thing table
function oauth2.addTokens(thing)
  thing.providerAccessToken, thing.providerRefreshToken = "123456", "tuvwxyz"
  thing.providerAccessTokenExpiry = clock.now() + TOKEN_SECONDS
end

return oauth2
