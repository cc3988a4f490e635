local InputFile = require "appwrite.input_file"
local json = require "appwrite.json"
local operations = require "appwrite.operations"
local validate = require "appwrite.validate"

local function check(name, params, loose)
  return validate.check(assert(operations.find(name)), params, loose)
end

local function register(changes)
  local params = { userId = "ada", email = "ada@example.com", password = "correct horse" }
  for name, value in pairs(changes) do
    params[name] = value
  end
  return params
end

local DOCUMENT = "databases.createDocument"
local function document(changes)
  local params = { databaseId = "d", collectionId = "c", documentId = "x", data = {} }
  for name, value in pairs(changes) do
    params[name] = value
  end
  return params
end

local MISUSE, VALUE = validate.MISUSE, validate.VALUE
local EMOJI = "\240\159\153\130"

local FAULTS = {
  { MISUSE, "account.registerUser", {}, 'missing parameter "userId" (a string)' },
  { MISUSE, "account.registerUser", register { emial = "x" }, 'unknown parameter "emial"; did you mean "email"?' },
  { MISUSE, "account.getCurrentUser", { id = 1 }, 'unknown parameter "id"; it takes none' },
  { MISUSE, "account.registerUser", { "x" }, 'unknown parameter "1"; it takes userId, email, password, name' },
  { MISUSE, "account.registerUser", register { email = 5 }, 'parameter "email" must be a string, got number 5' },
  { MISUSE, "account.registerUser", register { email = {} }, 'parameter "email" must be a string, got table' },
  { MISUSE, "account.registerUser", register { email = json.null }, 'parameter "email" must be a string, got appwrite.null' },
  { MISUSE, "account.registerUser", register { password = 12345678 }, 'parameter "password" must be a string, got a number' },
  { MISUSE, "account.registerUser", register { email = true }, 'parameter "email" must be a string, got boolean true' },
  { MISUSE, "account.registerUser", register { password = true }, 'parameter "password" must be a string, got a boolean' },
  { MISUSE, "account.updateMfaStatus", { mfa = "true" }, 'parameter "mfa" must be a boolean, got "true"' },
  { MISUSE, "avatars.getUserInitials", { width = "50" }, 'parameter "width" must be a whole number, got "50"' },
  { MISUSE, "avatars.getUserInitials", { width = json.null }, 'parameter "width" must be a whole number, got appwrite.null' },
  { MISUSE, DOCUMENT, document { data = { 1, 2 } }, 'parameter "data" must be a table with named fields, got an array' },
  { MISUSE, DOCUMENT, document { data = json.array {} }, 'parameter "data" must be a table with named fields, got table' },
  { MISUSE, DOCUMENT, document { data = "{}" }, 'parameter "data" must be a table with named fields, got "{}"' },
  { MISUSE, DOCUMENT, document { permissions = 'read("any")' }, 'parameter "permissions" must be an array of strings, got "read("any")"' },
  { MISUSE, DOCUMENT, document { permissions = { 5 } }, 'parameter "permissions[1]" must be a string, got number 5' },
  { MISUSE, DOCUMENT, document { permissions = { read = "any" } }, 'parameter "permissions" must be an array of strings, got a table with the key "read"' },
  { MISUSE, DOCUMENT, document { permissions = { "a", [0] = "b" } }, 'parameter "permissions" must be an array of strings, got a table with the key number 0' },
  { MISUSE, DOCUMENT, document { permissions = { "a", "b", [1.5] = "c" } }, 'parameter "permissions" must be an array of strings, got a table with the key number 1.5' },
  { MISUSE, "storage.createFile", { bucketId = "b", fileId = "f", file = {} }, 'parameter "file" must be an InputFile or a string with the file\'s bytes, got table' },
  { MISUSE, "graphql.executeMutation", { query = "{ a }" }, 'parameter "query" must be a table with named fields, got "{ a }"' },
  { MISUSE, "graphql.executeMutation", { query = { { query = "a" }, "b" } }, 'parameter "query[2]" must be a table with named fields, got "b"' },
  { MISUSE, "storage.createFile", { bucketId = "b", fileId = "f", file = 5 }, 'parameter "file" must be an InputFile or a string with the file\'s bytes, got number 5' },

  { VALUE, "account.registerUser", register { password = "short" }, 'parameter "password" must have 8 characters or more, got a string of 5 bytes' },
  { VALUE, "account.registerUser", register { password = "" }, 'parameter "password" must have 8 characters or more' },
  { VALUE, "account.createMfaChallenge", { factor = "" }, 'parameter "factor" must be one of' },
  { VALUE, "avatars.getUserInitials", { width = -math.huge }, 'parameter "width" must be a finite number' },
  { VALUE, "account.registerUser", register { password = ("x"):rep(257) }, 'parameter "password" must have 256 characters at most' },
  { VALUE, "account.registerUser", register { name = ("\195\188"):rep(129) }, 'parameter "name" must have 128 characters at most' },
  { VALUE, "account.registerUser", register { name = "a\255b" }, 'parameter "name" is not valid UTF-8 (byte 2)' },
  { VALUE, "account.registerUser", register { userId = "a/b" }, 'parameter "userId" must be "unique()" or 1 to 36 of' },
  { VALUE, "account.registerUser", register { userId = "" }, 'parameter "userId" must be "unique()" or 1 to 36 of' },
  { VALUE, "account.registerUser", register { userId = "_a" }, 'parameter "userId" must be "unique()" or 1 to 36 of' },
  { VALUE, "account.registerUser", register { userId = ("a"):rep(37) }, 'parameter "userId" must be "unique()" or 1 to 36 of' },
  { VALUE, "account.createMfaChallenge", { factor = "totpp" }, 'parameter "factor" must be one of "email", "phone", "totp", "recoveryCode", "recoverycode", got "totpp"; did you mean "totp"?' },
  { VALUE, "avatars.getCountryFlagByCode", { code = "zz" }, 'parameter "code" must be one of 194 known values, got "zz"' },
  { VALUE, "avatars.getUserInitials", { width = 2001 }, 'parameter "width" must be from 0 to 2000, got number 2001' },
  { VALUE, "avatars.getUserInitials", { width = -1 }, 'parameter "width" must be from 0 to 2000, got number -1' },
  { VALUE, "avatars.getUserInitials", { width = 1.5 }, 'parameter "width" must be a whole number, got number 1.5' },
  { VALUE, "avatars.getUserInitials", { width = 0 / 0 }, 'parameter "width" must be a finite number' },
  { VALUE, "avatars.getUserInitials", { width = math.huge }, 'parameter "width" must be a finite number' },
  { VALUE, "account.updatePhone", { phone = "0151", password = "12345678" }, 'parameter "phone" must be a phone number such as' },
  { VALUE, "storage.getFilePreviewImage", { bucketId = "b", fileId = "f", background = "#fff" }, 'parameter "background" must be a colour of 3 or 6 hex digits' },
  { VALUE, "storage.getFilePreviewImage", { bucketId = "b", fileId = "f", background = "ffff" }, 'parameter "background" must be a colour of 3 or 6 hex digits' },
  { VALUE, "teams.createNewTeam", { teamId = "t", name = "n", roles = { ("r"):rep(33) } }, 'parameter "roles[1]" must have 32 characters at most, got 33' },
}
for _, id in ipairs { "", ".", "..", "a/b", "a%2Fb", "a b", EMOJI, "a?b", "a#b", "a\0b" } do
  FAULTS[#FAULTS + 1] = { VALUE, "teams.getById", { teamId = id }, 'parameter "teamId" must be 1 to 36 of' }
end

describe("appwrite.validate", function()
  for _, case in ipairs(FAULTS) do
    it(case[2] .. ": " .. case[4]:gsub("%c", "?"), function()
      local problem, kind = check(case[2], case[3])
      assert.is_string(problem)
      assert.equal(case[4], problem:sub(1, #case[4]))
      assert.equal(case[1], kind)
    end)
  end

  it("lets right calls through", function()
    -- The server counts a password's bytes, and takes a flag's code in any case.
    assert.is_nil((check("account.registerUser", register { password = ("\229\175\134"):rep(3) })))
    assert.is_nil((check("avatars.getCountryFlagByCode", { code = "FR" })))
    assert.is_nil((check("account.registerUser", register { name = ("\195\188"):rep(128) })))
    assert.is_nil((check("account.registerUser", register { userId = "unique()", name = json.null })))
    assert.is_nil((check("account.getSession", { sessionId = "current" })))
    assert.is_nil((check("avatars.getUserInitials", { width = 50.0, height = 0, name = "" })))
    assert.is_nil((check("storage.getFilePreviewImage", { bucketId = "b", fileId = "f", output = "", background = "" })))
    assert.is_nil((check(DOCUMENT, document { permissions = {}, data = { a = { 1 } } })))
    assert.is_nil((check("graphql.executeMutation", { query = { { query = "a" }, { query = "b" } } })))
    assert.is_nil((check("storage.createFile", { bucketId = "b", fileId = "f", file = "bytes" })))
    assert.is_nil((check("storage.createFile", { bucketId = "b", fileId = "f", file = InputFile.fromString("x", "n") })))
  end)

  it("counts characters of items, not bytes", function()
    local roles = { ("\195\188"):rep(32), ("r"):rep(32) }
    assert.is_nil(check("teams.createNewTeam", { teamId = "t", name = "n", roles = roles }))
  end)

  it("refuses too many items", function()
    local queries = {}
    for index = 1, 101 do
      queries[index] = "{}"
    end
    local problem, kind = check("teams.getUserMemberships", { queries = queries })
    assert.equal('parameter "queries" must have 100 items at most, got 101', problem)
    assert.equal(VALUE, kind)
  end)

  it("refuses an array with a hole", function()
    local problem, kind = check("teams.getUserMemberships", { queries = { [1] = "a", [3] = "b" } })
    assert.is_string(problem)
    assert.equal(MISUSE, kind)
  end)

  it("never shows a secret", function()
    for _, case in ipairs {
      { "account.registerUser", register { password = "hunter2" } },
      { "account.updatePassword", { password = "hunter2", oldPassword = "hunter2" } },
    } do
      local problem = check(case[1], case[2])
      assert.is_string(problem)
      assert.is_nil(problem:find("hunter2", 1, true))
    end
  end)

  describe("in loose mode", function()
    it("lets values of a newer server through", function()
      assert.is_nil((check("account.createMfaChallenge", { factor = "passkey" }, true)))
      assert.is_nil((check("avatars.getUserInitials", { width = 9999, colour = "x" }, true)))
      assert.is_nil((check("account.registerUser", register { password = "short" }, true)))
    end)

    it("still refuses wrong types, broken text and what would change the path", function()
      assert.equal(MISUSE, select(2, check("account.registerUser", register { email = 5 }, true)))
      assert.equal(MISUSE, select(2, check("account.registerUser", {}, true)))
      assert.equal(VALUE, select(2, check("account.registerUser", register { name = "\255" }, true)))
      for _, id in ipairs { "", ".", ".." } do
        assert.equal(VALUE, select(2, check("teams.getById", { teamId = id }, true)))
      end
    end)
  end)
end)
