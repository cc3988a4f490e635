local appwrite = require "appwrite"
local errorTypes = require "appwrite.error_types"
local help = require "appwrite.help"
local library = require "appwrite.reference.library"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local process = require "spec.support.process"

local function has(text, ...)
  for _, wanted in ipairs { ... } do
    assert.truthy(text:find(wanted, 1, true), wanted .. " is missing in:\n" .. text)
  end
end

-- Lines may be longer where an example is, and in the indented paragraphs of a section.
local function fits(text, indent)
  for line in text:gsub("\nExample\n.*$", ""):gmatch "[^\n]+" do
    local _, characters = line:gsub("[^\128-\191]", "")
    assert.is_true(characters <= 80 or indent ~= nil and line:find(indent) == 1, line)
  end
end

describe("appwrite.help", function()
  it("tells of every operation, by both names", function()
    local count = 0
    for _, service in ipairs(operations.SERVICES) do
      for _, row in ipairs(operations.service(service).list) do
        local text = assert(help.text(service .. "." .. row.name))
        assert.equal(text, help.text("client." .. service .. "." .. row.name))
        if operations.service(service).byName[row.alias] == row then
          assert.equal(text, help.text(service .. "." .. row.alias))
        end
        has(text, "client." .. service .. "." .. row.name, "\nResult\n", "\nExample\n",
          notes.of(service, row.name).example:match "^[^\n]+")
        for _, param in ipairs(row.params) do
          has(text, "\n  " .. param.name .. " ")
        end
        for _, name in ipairs(errorTypes.of(row, notes.of(service, row.name))) do
          has(text, "\n  " .. name .. " (")
        end
        count = count + 1
      end
    end
    assert.equal(95, count)
  end)

  it("says of one what the reference says", function()
    assert.equal([[
client.account.createMagicUrlToken { userId, email, url?, phrase? }
In the official SDKs: account.createMagicURLToken

E-mails a link to log in with; its userId and secret go to
createSessionFromToken.
Nobody needs to be logged in.]], (help.text "account.createMagicURLToken":match "^(.-)%s+At most"))
    has(help.text "avatars.getUserInitials", "name        optional string: the name, or none; up to 128 characters; default\n",
      '\n              ""\n', "0 to 2000; default 500", "the bytes, as a string")
    has(help.text "account.addAuthenticator", "one of totp", "Somebody must be logged in")
  end)

  it("tells of services, functions, models and words of errors", function()
    for _, name in ipairs(operations.SERVICES) do
      has(help.text(name), "client." .. name)
    end
    has(help.text "storage", "createFile", "resume")
    for name, one in pairs(library.functions) do
      has(help.text(name), one.call, "\nExample\n")
    end
    for name in pairs(library.tables) do
      has(help.text(name), name)
    end
    has(help.text "ClientOptions", "  endpoint          string, optional: default")
    has(help.text "QueryValue", "Type\n  string|number")
    for name in pairs(library.sections) do
      assert.is_string(help.text(name), name)
    end
    for _, name in ipairs(models.names()) do
      has(help.text(name), name)
    end
    has(help.text "Session", "providerAccessTokenExpiry", "date: when that token ends")
    for _, name in ipairs(errorTypes.names()) do
      has(help.text(name), name .. " (" .. errorTypes.TYPES[name][1] .. ")\n")
    end
  end)

  it("takes names as they are written in programs", function()
    local text = help.text "Query.equal"
    for _, name in ipairs { "appwrite.Query.equal", "appwrite.Query.equal()", "appwrite.Query.equal(attribute, value)" } do
      assert.equal(text, help.text(name))
    end
    assert.equal(help.text "client.each", help.text "client:each")
    assert.equal(help.text "flows.emailCode", help.text "client.flows:emailCode")
    assert.equal(help.text "spawn", help.text "appwrite.spawn")
  end)

  it("keeps to the 80 characters of a terminal's line", function()
    fits(help.text "")
    for _, name in ipairs(operations.SERVICES) do
      fits(help.text(name))
      for _, row in ipairs(operations.service(name).list) do
        fits(help.text(name .. "." .. row.name))
      end
    end
    for _, name in ipairs(models.names()) do
      fits(help.text(name))
    end
    for _, known in ipairs { library.functions, library.tables, library.sections } do
      for name in pairs(known) do
        fits(help.text(name), known == library.sections and "  " or nil)
      end
    end
  end)

  it("leaves code and the lines of lists as they are", function()
    has(help.text "realtime", [[

  local sub = client.realtime:subscribe(appwrite.Channel.documents("main", "scores"), function(event)
    print(event.events[1], event.payload.points)
  end)
]])
    has(help.text "loop", "\n  1. wait until one of", "\n  2. call `appwrite.poll()`.\n")
    assert.is_nil(help.text "time.parse":find "[ \t]\n")
  end)

  it("puts a long name on a line of its own", function()
    has(help.text "flows", "\n  client.flows:emailCode(given, callback?)\n" .. (" "):rep(34) .. "Log in by a code")
    has(help.text "account.registerUser", "\n  user_already_exists (409)       The id,")
  end)

  it("says what there is", function()
    has(help.text "", "account", "Query", "User", "user_already_exists", "client")
  end)

  it("raises for what there is not", function()
    local cases = {
      { "account.regsiterUser", 'did you mean "account.registerUser"?' },
      { "Qery", 'did you mean "Query"?' },
      { "user_alredy_exists", 'did you mean "user_already_exists"?' },
      { "client.eech", 'did you mean "client.each"?' },
      { "registerUser", 'did you mean "account.registerUser"?' }, -- and not something that only looks like it:
      { "Subscribe", 'did you mean "realtime.subscribe"?' },
      { "xyzzyxyzzy", "appwrite.help() tells what there is" },
    }
    for _, case in ipairs(cases) do
      assert.error_matches(function() appwrite.help(case[1]) end, "^help: there is nothing called \"" .. case[1]
        .. "\"; " .. (case[2]:gsub("%p", "%%%0")))
    end
    assert.error_matches(function() appwrite.help(5) end, 'help: argument "topic" must be a string')
  end)

  it("prints, at a prompt too", function()
    local setup = ("package.path = %q package.cpath = %q"):format(package.path, package.cpath)
    local output, status = process.run(("%s -e %s -e %s"):format(process.interpreter(), process.quote(setup),
      process.quote 'local appwrite = require "appwrite" appwrite.help "locale.get" print(appwrite.dump { a = { 1, 2 } })'))
    assert.equal(0, status, output)
    has(output, "client.locale.getUserLocale()\nIn the official SDKs: locale.get\n", "\n{ a = { 1, 2 } }\n")
  end)
end)
