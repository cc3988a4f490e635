--- The way of OAuth2 behind its beginning: to the provider, back to the callback, and from there to a session or a
-- token and to where the client wanted. These routes are none of the 95 operations: only browsers take them.

local accounts = require "server.accounts"
local clock = require "server.clock"
local errors = require "server.errors"
local hosts = require "server.hosts"
local identity = require "server.identity"
local json = require "server.json"
local oauth2 = require "server.oauth2"
local pages = require "server.pages"
local response = require "server.response"
local state = require "server.state"
local tokens = require "server.tokens"
local urls = require "server.urls"
local validation = require "server.validation"

local format, match = string.format, string.match

local HOUR = 3600
local LANDING = "/auth/oauth2/success"
local LONG = validation.text(2048, 0)

-- The provider's page. Only a project that wants it shows it; else whoever comes signs in as the person it knows.
local function atProvider(request)
  local params = request.params
  local id = match(params.redirect_uri, "^https?://[^/?#]+/v1/account/sessions/oauth2/callback/[^/?#]+/([^/?#]+)$")
  local project = state.projects[id] or errors.invalidParam("redirect_uri", "There is no such callback.")
  if params.choice == "refuse" then
    return response.redirect(urls.with(params.redirect_uri, {
      { "error", "access_denied" }, { "state", params.state },
    }))
  elseif project.oauth2Page and params.choice ~= "allow" then
    return pages.provider(params)
  end
  local code = oauth2.grant(project, params.choice and params.email, params.name)
  return response.redirect(urls.with(params.redirect_uri, { { "code", code }, { "state", params.state } }))
end

-- Back from the provider: on to the redirect, which has the project in its query, as a browser's requests have.
local function atCallback(request)
  local params, carried = request.params, {}
  for _, name in ipairs { "code", "error", "error_description", "state" } do
    carried[#carried + 1] = params[name] and { name, params[name] } or nil
  end
  carried[#carried + 1] = { "project", params.projectId }
  return response.redirect(format("%s/v1/account/sessions/oauth2/%s/redirect?%s", urls.origin(), params.provider,
    urls.query(carried)))
end

local function readState(request)
  local given = request.params.state or ""
  local object = json.object()
  if given ~= "" then
    object = json.decode(given)
  end
  if not json.isObject(object) then
    errors.raise "general_unknown"
  end
  local success, failure = object:get "success" or urls.origin() .. LANDING, object:get "failure" or ""
  if hosts.check(success, request) then
    errors.raise "project_invalid_success_url"
  elseif failure ~= "" and hosts.check(failure, request) then
    errors.raise "project_invalid_failure_url"
  end
  return { success = success, failure = failure, token = object:get "token" == true }
end

-- What went wrong is told to the client's own page, where it has named one.
local function fail(wanted, kind, message)
  local problem = errors.new(kind, message)
  if wanted.failure == "" then
    error(problem, 0)
  end
  local told = json.object("message", problem.message, "type", problem.type, "code", problem.code)
  return response.redirect(urls.oddlyWith(wanted.failure, { { "error", json.encode(told) } }))
end

-- The user who has this person's identity, or session, or address.
local function findUser(project, provider, person)
  for _, user in ipairs(project.users.list) do
    for _, session in ipairs(user.sessions.list) do
      if session.provider == provider and session.providerUid == person.uid then
        return user
      end
    end
  end
  local byEmail = project:userByEmail(person.email)
  if byEmail then
    return byEmail
  end
  for _, known in ipairs(project.identities.list) do
    if known.provider == provider and known.providerUid == person.uid then
      return project.users:get(known.userId)
    end
  end
end

-- Who is logged in already gets the identity added to what he has, unless somebody else has it.
local function upgrade(request, person)
  local project, user = request.project, request.user
  local holder = project:userByEmail(person.email)
  if accounts.isIdentityOfOther(project, person.email, user) or holder and holder ~= user then
    errors.raise "user_already_exists"
  end
  if request.session then
    user.sessions:remove(request.session.id) -- the new one takes its place, and the targets of its device stay
  end
  return user
end

local function findOrAddUser(request, person)
  local project = request.project
  if request.user then
    return upgrade(request, person)
  end
  local user = findUser(project, request.params.provider, person)
  if not user and accounts.isIdentityOfOther(project, person.email) then
    errors.raise "general_bad_request"
  end
  return user or project:addUser {
    id = clock.id(), email = person.email, name = person.name, emailVerification = true,
  }
end

local function keepIdentity(request, user, person)
  local identities, provider, now = request.project.identities, request.params.provider, clock.iso()
  local found
  for _, known in ipairs(identities.list) do
    if known.userId == user.id and known.provider == provider and known.providerUid == person.uid then
      found = known
    end
  end
  if not found and accounts.isIdentityOfOther(request.project, person.email, user) then
    errors.raise "general_bad_request"
  end
  found = found or identities:add {
    id = clock.id(), createdAt = now, userId = user.id, provider = provider, providerUid = person.uid,
    providerEmail = person.email,
  }
  found.updatedAt = now
  oauth2.addTokens(found)
end

local function fillIn(user, person)
  user.email = user.email or person.email
  user.name = user.name ~= "" and user.name or person.name
  user.updatedAt = clock.iso()
end

-- A token goes into the query; a session into cookies, and into the query where no page of the client's own was named.
local function finish(request, user, person, wanted)
  if wanted.token then
    local _, secret = tokens.create(user, "oauth2")
    return { { "secret", secret }, { "userId", user.id } }
  end
  local session, text = accounts.beginSession(request, user, {
    provider = request.params.provider, uid = person.uid, factor = "email",
  })
  oauth2.addTokens(session)
  accounts.announce(request, "sessions.create", user, session.id, accounts.sessionModel(session, session))
  for _, target in ipairs(user.targets) do
    if request.session and target.sessionId == request.session.id then
      target.sessionId = session.id
    end
  end
  if urls.parse(wanted.success).path ~= LANDING then
    return {}
  end
  return {
    { "project", request.project.id }, { "key", identity.cookieName(request.project) }, { "secret", text },
  }
end

local function atRedirect(request)
  local params, project = request.params, request.project
  local wanted, title = readState(request), oauth2.title(params.provider)
  if not oauth2.isEnabled(project, params.provider) then
    return fail(wanted, "project_provider_disabled")
  elseif (params.error or "") ~= "" then
    local detail = (params.error_description or "") ~= "" and ": " .. params.error_description or ""
    return fail(wanted, "user_oauth2_provider_error",
      format("The %s OAuth2 provider returned an error: %s%s", title, params.error, detail))
  elseif (params.code or "") == "" then
    return fail(wanted, "user_oauth2_provider_error", "The provider sent no code.")
  end
  local person = oauth2.redeem(project, params.code)
  if not person then
    return fail(wanted, "user_oauth2_provider_error", format(
      "Failed to obtain access token. The %s OAuth2 provider returned an error: the code is not valid.", title))
  end
  local user = findOrAddUser(request, person)
  if not user.status then
    return fail(wanted, "user_blocked")
  end
  keepIdentity(request, user, person)
  fillIn(user, person)
  request.actor = user
  return response.redirect(urls.oddlyWith(wanted.success, finish(request, user, person, wanted)))
end

local PROVIDER = { "provider", validation.oneOf(oauth2.PROVIDERS) }
local BACK = {
  PROVIDER, { "code", LONG, optional = true }, { "state", LONG, optional = true }, { "error", LONG, optional = true },
  { "error_description", LONG, optional = true },
}

local flow = {}

---The routes, each like a row of `routes.lua` with its operation.
flow.routes = {
  {
    row = { "GET", "/mock/tests/general/oauth2", "oauth2.provider", "public" },
    operation = { handler = atProvider, htmlErrors = true, params = {
      { "redirect_uri", validation.text(2048) }, { "state", LONG }, { "client_id", LONG, optional = true },
      { "scope", LONG, optional = true }, { "choice", validation.oneOf { "allow", "refuse" }, optional = true },
      { "email", validation.email, optional = true }, { "name", validation.text(128, 0), optional = true },
    } },
  },
  {
    row = { "GET", "/account/sessions/oauth2/callback/{provider}/{projectId}", "oauth2.callback", "public" },
    operation = { handler = atCallback, htmlErrors = true, params = {
      { "projectId", validation.text(1024) }, PROVIDER, BACK[2], BACK[3], BACK[4], BACK[5],
    } },
  },
  {
    row = { "GET", "/account/sessions/oauth2/{provider}/redirect", "account.oauth2Redirect", "public", 50, HOUR },
    operation = { handler = atRedirect, htmlErrors = true, params = BACK },
  },
}

return flow
