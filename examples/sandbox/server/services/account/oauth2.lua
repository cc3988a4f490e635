--- The account service: the beginning of OAuth2, and the identities that come of it. The rest of its way is in
-- `oauth2_flow.lua`.

local accounts = require "server.accounts"
local clock = require "server.clock"
local errors = require "server.errors"
local hosts = require "server.hosts"
local json = require "server.json"
local oauth2 = require "server.oauth2"
local queries = require "server.queries"
local response = require "server.response"
local selection = require "server.selection"
local urls = require "server.urls"
local validation = require "server.validation"

local concat, format = table.concat, string.format

local PARAMS = {
  { "provider", validation.oneOf(oauth2.PROVIDERS) }, { "success", hosts.check, optional = true },
  { "failure", hosts.check, optional = true },
  { "scopes", validation.list(validation.text(4096), 100), optional = true },
}

local SCHEMA = {
  attributes = {
    ["$id"] = { type = "string" }, ["$createdAt"] = { type = "datetime" }, ["$updatedAt"] = { type = "datetime" },
    userId = { type = "string" }, provider = { type = "string" }, providerUid = { type = "string" },
    providerEmail = { type = "string" }, providerAccessTokenExpiry = { type = "datetime" },
  },
  fail = queries.failParam,
}

-- Its own scope comes first.
local function scopeOf(wished)
  local list, seen = { "email" }, { email = true }
  for _, scope in ipairs(wished or {}) do
    list[#list + 1] = not seen[scope] and scope or nil
    seen[scope] = true
  end
  return concat(list, " ")
end

-- Send the browser to the provider.
local function begin(request, token)
  local params, project, origin = request.params, request.project, urls.origin()
  if not oauth2.isEnabled(project, params.provider) then
    errors.raise "project_provider_disabled"
  end
  local state = json.object("success", params.success or origin .. "/auth/oauth2/success",
    "failure", params.failure or origin .. "/auth/oauth2/failure", "token", token)
  return response.redirect(origin .. "/v1/mock/tests/general/oauth2?" .. urls.query {
    { "client_id", "1" },
    { "redirect_uri", format("%s/v1/account/sessions/oauth2/callback/%s/%s", origin, params.provider, project.id) },
    { "scope", scopeOf(params.scopes) }, { "state", json.encode(state) },
  })
end

local function identityModel(identity)
  return json.object("$id", identity.id, "$createdAt", identity.createdAt, "$updatedAt", identity.updatedAt,
    "userId", identity.userId, "provider", identity.provider, "providerUid", identity.providerUid,
    "providerEmail", identity.providerEmail, "providerAccessToken", identity.providerAccessToken,
    "providerAccessTokenExpiry", clock.iso(identity.providerAccessTokenExpiry),
    "providerRefreshToken", identity.providerRefreshToken)
end

local function read(identity, name)
  if name == "providerAccessTokenExpiry" then
    return clock.iso(identity[name])
  end
  return identity[(name:gsub("^%$", ""))]
end

local operations = {}

operations.createOAuth2Session = {
  htmlErrors = true,
  params = PARAMS,
  handler = function(request) return begin(request, false) end,
}

operations.createOAuth2Token = {
  params = PARAMS,
  handler = function(request) return begin(request, true) end,
}

operations.listIdentities = {
  params = { queries.param },
  handler = function(request)
    local user = request.user
    local wanted = queries.read(SCHEMA, request.params.queries)
    local found, total = selection.run(wanted, request.project.identities, {
      noun = "Identity", read = read, visible = function(identity) return identity.userId == user.id end,
    })
    local list = json.array()
    for index, identity in ipairs(found) do
      list[index] = identityModel(identity)
    end
    return response.json(200, json.object("total", total, "identities", list))
  end,
}

operations.deleteIdentityById = {
  params = { { "identityId", validation.uid } },
  handler = function(request)
    local identities = request.project.identities
    local identity = identities:get(request.params.identityId)
    if not identity or identity.userId ~= request.user.id then
      errors.raise "user_identity_not_found"
    end
    identities:remove(identity.id)
    accounts.announce(request, "identities.delete", request.user, identity.id, identityModel(identity))
    return response.empty()
  end,
}

return operations
