local appwrite = require "appwrite"
local fake = require "appwrite.transport.fake"
local mailbox = require "spec.support.mailbox"
local otp = require "examples.sandbox.spec.otp"
local sandbox = require "spec.support.sandbox"

local check = appwrite.check

local PASSWORD = "correct horse"
local PAGE = "http://localhost/page"

describe("client.flows", function()
  local server, client, count

  setup(function()
    server = sandbox.start {}
    count = 0
  end)

  teardown(function()
    server.stop()
  end)

  local function newClient()
    return appwrite.new { endpoint = server.endpoint, project = server.project }
  end

  before_each(function()
    client = newClient()
  end)

  local function newEmail()
    count = count + 1
    return ("person%d@example.com"):format(count)
  end

  local function newPhone()
    count = count + 1
    return ("+4412123456%02d"):format(count)
  end

  local function me(who)
    return check((who or client).account.getCurrentUser())
  end

  local function registered(who, email)
    email = email or newEmail()
    who = who or client
    local user = check(who.account.registerUser { userId = appwrite.ID.unique(), email = email, password = PASSWORD })
    check(who.account.createEmailPasswordSession { email = email, password = PASSWORD })
    return user, email
  end

  -- A person who first says these things, and then what came to his address.
  local function person(address, field, ...)
    local wrong, seen = { ... }, {}
    return function(about, err)
      seen[#seen + 1] = { about = about, err = err }
      if wrong[#seen] ~= nil then
        return wrong[#seen]
      end
      local mail = mailbox.last(server, address)
      return field == "link" and mail.links[1] or mail.secret
    end, seen
  end

  local function kinds(seen)
    local list = {}
    for index, one in ipairs(seen) do
      list[index] = one.err and one.err.type or "none"
    end
    return list
  end

  describe("emailCode", function()
    it("logs in, also a user whom the server knows by another id", function()
      local email = newEmail()
      local ask, seen = person(email, "code", "000000", " 00 00 00\n")
      local session, err, response = client.flows.emailCode { email = email, phrase = true, ask = ask }
      assert.is_nil(err)
      assert.equal(201, response.status)
      assert.equal(me()["$id"], session.userId)
      assert.same({ "none", "user_invalid_token", "user_invalid_token" }, kinds(seen))
      assert.truthy(mailbox.last(server, email).text:find(seen[1].about.phrase, 1, true))
      local again = newClient()
      assert.equal(session.userId, check(again.flows:emailCode {
        email = email, userId = "another", ask = (person(email, "code")),
      }).userId)
    end)

    it("takes a code as people type it", function()
      local email = newEmail()
      assert(client.flows.emailCode { email = email, ask = function()
        return (mailbox.last(server, email).secret:gsub("^(...)", " %1 ")) .. "\n"
      end })
    end)

    it("gives up with the last error, or where nobody answers", function()
      local email = newEmail()
      local ask, seen = person(email, "code", "1", "2", "3", "4")
      local session, err = client.flows.emailCode { email = email, ask = ask, tries = 2 }
      assert.is_nil(session)
      assert.same({ "user_invalid_token", 2 }, { err.type, #seen })
      for _, nothing in ipairs { function() end, function() return false end } do
        session, err = client.flows.emailCode { email = email, ask = nothing }
        assert.is_nil(session)
        assert.same({ "cancelled", "flows.emailCode: nothing was answered (cancelled)" }, { err.kind, tostring(err) })
      end
      assert.is_false(client:has "cookies")
    end)

    it("does not ask where the code could not be sent", function()
      local asked = false
      local session, err = client.flows.emailCode { email = "nobody", ask = function() asked = true end }
      assert.is_nil(session)
      assert.same({ "api", 400, false }, { err.kind, err.code, asked })
    end)

    it("does not ask again where the answer was not at fault", function()
      local transport, asked = fake.new(), 0
      transport:on("POST", "/account/tokens/email", { status = 201, json = { userId = "u" } })
      transport:on("POST", "/account/sessions/token", { status = 503, json = { message = "busy" } })
      local faked = appwrite.new { project = "test", transport = transport }
      local _, err = faked.flows.emailCode { email = "a@example.com", ask = function()
        asked = asked + 1
        return "123456"
      end }
      assert.same({ 503, 1 }, { err.code, asked })
    end)

    it("lets `ask` wait in a task, and takes a callback", function()
      local email, got = newEmail(), nil
      client.flows:emailCode({ email = email, ask = function()
        appwrite.sleep(0.01)
        return mailbox.last(server, email).secret
      end }, function(...)
        got = { ... }
      end)
      assert.is_nil(got)
      appwrite.run()
      assert.equal("token", got[1].provider)
    end)

    it("says what `ask` should return", function()
      for value, message in pairs {
        [123456] = "flows.emailCode: `ask` must return the code as a string, since a number loses its leading zeros",
        [true] = "flows.emailCode: `ask` must return the code as a string, or nil to give up, got boolean",
      } do
        local ok, problem = pcall(client.flows.emailCode, { email = newEmail(), ask = function() return value end })
        assert.is_false(ok)
        assert.equal(message, problem)
      end
      local ok, problem = pcall(client.flows.recoverPassword, {
        email = select(2, registered()), url = PAGE, ask = function() return 5, PASSWORD end,
      })
      assert.is_false(ok)
      assert.equal("flows.recoverPassword: `ask` must return the link as a string, or nil to give up, got number", problem)
    end)
  end)

  it("phoneCode logs in", function()
    local phone = newPhone()
    local ask, seen = person(phone, "code", "000000")
    local session = assert(client.flows:phoneCode { phone = phone, ask = ask })
    assert.same({ phone, session.userId }, { me().phone, me()["$id"] })
    assert.same({ "none", "user_invalid_token" }, kinds(seen))
  end)

  it("magicUrl logs in, and asks again for what is no link", function()
    local email = newEmail()
    local ask, seen = person(email, "link", "my link", "http://localhost/?userId=nobody&secret=x")
    local session = assert(client.flows.magicUrl { email = email, url = PAGE, ask = ask })
    assert.equal(me()["$id"], session.userId)
    assert.same({ "none", "argument", "user_invalid_token" }, kinds(seen))
    assert.matches("flows.magicUrl: this is no link", tostring(seen[2].err))
    assert(newClient().flows.magicUrl { email = email, ask = (person(email, "link")) })
  end)

  it("recoverPassword sets a new password, also after one that is too short", function()
    local _, email = registered()
    local other, passwords = newClient(), { "short", "battery staple" }
    local seen = {}
    local token, err = other.flows.recoverPassword { email = email, url = PAGE, ask = function(_, problem)
      seen[#seen + 1] = { err = problem }
      return mailbox.last(server, email).links[1], passwords[#seen]
    end }
    assert.is_nil(err)
    assert.is_string(token.userId)
    assert.same({ "none", "argument" }, kinds(seen))
    assert.is_nil(tostring(seen[2].err):find("short", 1, true))
    assert(other.account.createEmailPasswordSession { email = email, password = "battery staple" })
    local ok, message = pcall(other.flows.recoverPassword, { email = email, url = PAGE, ask = function()
      return mailbox.last(server, email).links[1]
    end })
    assert.is_false(ok)
    assert.matches("`ask` must return the link and the new password, got nil", message)
  end)

  it("recoverPassword and verifyEmail take a link that has lost its user's id, and ask again for what is none", function()
    local _, email = registered()
    local function withoutUser(link)
      local short, removed = link:gsub("userId=[^&]*&?", "")
      assert.equal(1, removed)
      return short
    end
    local seen = {}
    local function ask(_, problem)
      seen[#seen + 1] = { err = problem }
      return #seen == 1 and "my link" or withoutUser(mailbox.last(server, email).links[1]), "battery staple"
    end
    assert(newClient().flows.recoverPassword { email = email, url = PAGE, ask = ask })
    assert.same({ "none", "argument" }, kinds(seen))
    assert(newClient().account.createEmailPasswordSession { email = email, password = "battery staple" })
    client = newClient()
    _, email = registered()
    assert(client.flows.verifyEmail { url = PAGE, ask = function()
      return withoutUser(mailbox.last(server, email).links[1])
    end })
    assert.is_true(me().emailVerification)
  end)

  it("verifyEmail and verifyPhone prove an address", function()
    local _, email = registered()
    local phone = newPhone()
    check(client.account.updatePhone { phone = phone, password = PASSWORD })
    local ask, seen = person(email, "link", "nothing")
    assert(client.flows.verifyEmail { url = PAGE, ask = ask })
    assert.same({ "none", "argument" }, kinds(seen))
    ask, seen = person(phone, "code", "000000")
    assert(client.flows.verifyPhone { ask = ask })
    assert.same({ "none", "user_invalid_token" }, kinds(seen))
    assert.same({ true, true }, { me().emailVerification, me().phoneVerification })
  end)

  describe("second factors:", function()
    -- The code of now; the server takes no other, so not in the last moment of its step.
    local function code(secret)
      if os.time() % 30 >= 28 then
        appwrite.sleep(30 - os.time() % 30)
      end
      return otp.code(secret)
    end

    local function withApp()
      local user, email = registered()
      local app
      local result = assert(client.flows:addAuthenticatorApp { ask = function(given)
        app = given
        return code(given.secret)
      end })
      return { user = user, email = email, app = app, codes = result.recoveryCodes, result = result }
    end

    local function loggedIn(email)
      local who = newClient()
      check(who.account.createEmailPasswordSession { email = email, password = PASSWORD })
      local _, err = who.account.getCurrentUser()
      assert.equal("user_more_factors_required", err.type)
      return who
    end

    it("addAuthenticatorApp switches them on", function()
      local made = withApp()
      assert.same({ 6, true, true }, { #made.codes, made.result.user.mfa, me().mfa })
      assert.matches("^otpauth://totp/", made.app.uri)
      assert.truthy(made.app.uri:find(made.app.secret, 1, true))
      assert.equal(appwrite.QR.text(made.app.uri), made.app.qr)
      assert.is_true(check(client.account.listMfaFactors()).totp)
    end)

    it("addAuthenticatorApp leaves all as it is where the code is wrong", function()
      registered()
      local asked = 0
      local _, err = client.flows.addAuthenticatorApp { ask = function()
        asked = asked + 1
        return "000000"
      end }
      assert.same({ "user_invalid_token", 3, false }, { err.type, asked, me().mfa })
    end)

    it("addAuthenticatorApp keeps recovery codes that there are", function()
      local made = withApp()
      check(client.account.deleteAuthenticator { type = "totp", otp = code(made.app.secret) })
      local result = assert(client.flows.addAuthenticatorApp { ask = function(app) return code(app.secret) end })
      assert.same({}, result.recoveryCodes)
      assert.is_true(result.user.mfa)
    end)

    it("completeMfa unlocks a session by the app", function()
      local made = withApp()
      local who, seen = loggedIn(made.email), {}
      local session = assert(who.flows.completeMfa { ask = function(about, err)
        seen[#seen + 1] = { about = about, err = err }
        return #seen == 1 and "000000" or code(made.app.secret)
      end })
      assert.equal(made.user["$id"], session.userId)
      assert.equal(made.user["$id"], me(who)["$id"])
      assert.same({ "none", "user_invalid_token" }, kinds(seen))
      assert.equal("totp", seen[1].about.factor)
      assert.is_string(seen[1].about.expire)
    end)

    it("completeMfa takes a recovery code in place of the app", function()
      local made = withApp()
      local who = loggedIn(made.email)
      assert(who.flows:completeMfa { factor = "recoverycode", ask = function() return made.codes[1] end })
      assert.equal(made.user["$id"], me(who)["$id"])
    end)

    it("completeMfa takes the factor that there is", function()
      local _, email = registered()
      assert(client.flows.verifyEmail { url = PAGE, ask = (person(email, "link")) })
      check(client.account.updateMfaStatus { mfa = true })
      local who = loggedIn(email)
      local ask, seen = person(email, "code")
      assert(who.flows.completeMfa { ask = ask })
      assert.equal("email", seen[1].about.factor)
      assert.equal(email, me(who).email)
    end)

    it("completeMfa says that there is none", function()
      registered()
      local _, err = client.flows.completeMfa { ask = error }
      assert.same({ "argument", "flows.completeMfa" }, { err.kind, err.operation })
      assert.matches("no second factor", err.message)
      _, err = newClient().flows.completeMfa { ask = error }
      assert.equal("general_unauthorized_scope", err.type)
      _, err = client.flows.completeMfa { factor = "smoke signs", ask = error }
      assert.equal("argument", err.kind)
    end)
  end)

  describe("acceptInvitation", function()
    it("joins the team and logs in", function()
      registered()
      local team = check(client.teams.createNewTeam { teamId = appwrite.ID.unique(), name = "Crew" })
      local email = newEmail()
      check(client.teams.createMembership { teamId = team["$id"], roles = { "mate" }, email = email, url = PAGE })
      local guest = newClient()
      local membership = assert(guest.flows:acceptInvitation { link = mailbox.last(server, email).links[1] })
      assert.same({ true, team["$id"] }, { membership.confirm, membership.teamId })
      assert.equal(email, me(guest).email)
    end)

    it("says what is missing in a link, and sends nothing", function()
      local transport = fake.new()
      local faked = appwrite.new { project = "test", transport = transport }
      for link, message in pairs {
        ["http://localhost/?userId=u&secret=5ec0de"] = "there is no teamId, membershipId in this link",
        ["http://localhost/?userId=&secret=5ec0de&teamId=t&membershipId=m"] = "there is no userId in this link",
        ["5ec0de"] = "this is no link",
      } do
        local result, err = faked.flows.acceptInvitation { link = link }
        assert.is_nil(result)
        assert.equal("argument", err.kind)
        assert.truthy(tostring(err):find("flows.acceptInvitation: " .. message, 1, true))
        assert.is_nil(tostring(err):find "5ec0de")
      end
      assert.equal(0, #transport.requests)
    end)
  end)

  it("raises a wrong call at its line", function()
    local ROWS = {
      { "emailCode", { email = "a@example.com" }, 'flows.emailCode: option "ask" is missing' },
      { "emailCode", { ask = error }, 'flows.emailCode: option "email" is missing' },
      { "emailCode", { emial = "x" }, 'unknown option "emial"; did you mean "email"?' },
      { "emailCode", { email = "x", ask = error, tries = 0 }, 'option "tries" must be 1 or more' },
      { "emailCode", { email = "x", ask = error, tries = 11 }, 'option "tries" must be 10 or less' },
      { "verifyEmail", { ask = error }, 'flows.verifyEmail: option "url" is missing' },
      { "acceptInvitation", {}, 'flows.acceptInvitation: option "link" is missing' },
    }
    for _, row in ipairs(ROWS) do
      local ok, message = pcall(function() client.flows[row[1]](row[2]) end)
      assert.is_false(ok)
      assert.matches("^spec/flows_spec.lua:%d+: ", message)
      assert.truthy(message:find(row[3], 1, true), message)
    end
  end)

  it("fails as a call on the way fails", function()
    local refusal = { status = 500, json = { message = "no", type = "general_unknown" } }
    for _, path in ipairs { "/account/mfa/recovery-codes", "/account/mfa" } do
      local transport = fake.new()
      transport:on("POST", "/account/mfa/authenticators/totp", { json = { secret = "JBSWY3DP", uri = "otpauth://totp/a" } })
      transport:on("PUT", "/account/mfa/authenticators/totp", { json = { ["$id"] = "u" } })
      transport:on("POST", "/account/mfa/recovery-codes", path:find "codes" and refusal
        or { json = { recoveryCodes = { "a" } } })
      transport:on("PATCH", "/account/mfa", refusal)
      local result, err = appwrite.new { project = "test", transport = transport }.flows:addAuthenticatorApp {
        ask = function() return "123456" end,
      }
      assert.is_nil(result)
      assert.equal(500, err.code)
    end
  end)

  it("fails as the call that it begins with fails", function()
    local transport = fake.new()
    transport:on("*", "*", { status = 500, json = { message = "no", type = "general_unknown" } })
    local faked = appwrite.new { project = "test", transport = transport }
    for name, given in pairs {
      emailCode = { email = "a@example.com" }, phoneCode = { phone = "+44121234567" }, magicUrl = { email = "a@example.com" },
      recoverPassword = { email = "a@example.com", url = PAGE }, verifyEmail = { url = PAGE }, verifyPhone = {},
      addAuthenticatorApp = {}, completeMfa = {},
    } do
      given.ask = error
      assert.equal(2, select("#", faked.flows[name](given)))
      assert.equal(500, select(2, faked.flows[name](given)).code)
    end
  end)
end)
