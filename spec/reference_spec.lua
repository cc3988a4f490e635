-- The reference, the stubs for editors, and what is public: that nothing lacks annotations, an example, or its place.

local annotations = require "spec.reference.annotations"
local coverage = require "spec.reference.coverage"
local errorTypes = require "appwrite.error_types"
local generated = require "spec.reference.generated"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local public = require "spec.reference.public"
local stubs = require "spec.reference.stubs"

local format = string.format

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function eachOperation(visit)
  for _, service in ipairs(operations.SERVICES) do
    for _, row in ipairs(operations.service(service).list) do
      visit(service, row)
    end
  end
end

describe("generated files", function()
  it("are what spec/generate.lua makes of the data", function()
    assert.same({}, generated.differing())
    assert.is_true(#generated.paths() >= 20)
  end)

  it("are all there is in their folders", function()
    local known = {}
    for _, path in ipairs(generated.paths()) do
      known[path] = true
    end
    for _, folder in ipairs { "lua/appwrite/types", "lua/appwrite/reference" } do
      for name in require("lfs").dir(folder) do
        if name:sub(1, 1) ~= "." then
          assert.is_true(known[folder .. "/" .. name], folder .. "/" .. name .. " is made by nothing")
        end
      end
    end
  end)

  it("lead to headings that there are", function()
    local headings, links = {}, {}
    for _, path in ipairs(generated.paths()) do
      local name = path:match "reference/(%w+%.md)$"
      if name then
        local text = read(path)
        headings[name] = {}
        for heading in text:gmatch "\n#+ ([^\n]*)" do
          headings[name][heading:lower():gsub("[^%w_%- ]", ""):gsub(" ", "-")] = true
        end
        for page, anchor in text:gmatch "%]%(([%w.]*)#?([^)]*)%)" do
          links[#links + 1] = { from = name, page = page == "" and name or page, anchor = anchor }
        end
      end
    end
    assert.is_true(#links > 500)
    for _, link in ipairs(links) do
      local found = headings[link.page] and (link.anchor == "" or headings[link.page][link.anchor])
      assert.is_true(found, format("%s: no %s#%s", link.from, link.page, link.anchor))
    end
  end)
end)

describe("public functions", function()
  it("have annotations, an example, and a place in the reference, all of them", function()
    local count, problems = coverage.count()
    assert.same({}, problems)
    assert.is_true(count >= 95 + 120)
  end)

  it("are found out where they lack something", function()
    local query, example = require("appwrite").Query, notes.of("locale", "getUserLocale")
    local before = example.example
    query.nearly = function(word) return word end
    example.example = "nothing of it"
    local count, problems = coverage.count()
    query.nearly, example.example = nil, before
    assert.same({
      "locale.getUserLocale lacks an example", "locale.getUserLocale lacks a place in the reference",
      "Query.nearly lacks annotations", "Query.nearly lacks an example", "Query.nearly lacks a place in the reference",
    }, problems)
    assert.equal(1 + coverage.count(), count)
  end)

  it("are used in an example only under their own names", function()
    assert.is_false(coverage.isUsed("Query.isNotNull()", "isNull"))
    assert.is_false(coverage.isUsed("Query.equalTo()", "equal"))
    assert.is_true(coverage.isUsed("client:each(…)", "each"))
    assert.is_true(coverage.isUsed('Query["and"]', "and"))
  end)

  it("have examples that are theirs only", function()
    local known = {}
    for _, section in ipairs(public.sections()) do
      known[section.name] = {}
      for _, one in ipairs(section.members) do
        known[section.name][one.name] = true
      end
    end
    for _, entry in ipairs(require "appwrite.notes.library") do
      assert.is_table(known[entry.section], entry.section)
      for _, name in ipairs(entry.names or {}) do
        assert.is_true(known[entry.section][name], entry.section .. "." .. name)
      end
    end
    for _, service in ipairs(operations.SERVICES) do
      for name in pairs(require("appwrite.notes." .. service)) do
        assert.equal(name, (operations.service(service).byName[name] or {}).name)
      end
    end
  end)
end)

-- In place of lua-language-server, which Debian and npm do not have.
describe("stubs", function()
  local classes = {}

  setup(function()
    for name, block in pairs(public.annotations().classes) do
      classes[name] = block
    end
    for name, block in pairs(public.annotations().aliases) do
      classes[name] = block
    end
    for path in ("account avatars databases functions graphql locale messaging models storage teams"):gmatch "%a+" do
      for _, block in ipairs(annotations.file(format("lua/appwrite/types/%s.lua", path))) do
        classes[block.class or block.alias or ""] = block
      end
    end
  end)

  it("have the functions that clients have, with the same parameters, and no more", function()
    for _, service in ipairs(operations.SERVICES) do
      local stub, data, count = stubs.read(format("lua/appwrite/types/%s.lua", service)), operations.service(service), 0
      for name in pairs(stub) do
        count = count + (name ~= service and 1 or 0)
        assert.is_true(name == service or data.byName[name] ~= nil, service .. "." .. name)
      end
      for name, row in pairs(data.byName) do
        assert.is_table(stub[name], service .. "." .. name)
        count = count - 1
        if name == row.name and #row.params > 0 then
          local fields = classes[format("appwrite.params.%s.%s", service, name)].fields
          assert.equal(#row.params, #fields)
          for index, param in ipairs(row.params) do
            assert.same({ param.name, not param.required }, { fields[index].name, fields[index].optional })
          end
        end
      end
      assert.equal(0, count)
    end
  end)

  it("know calls by a colon, and with a callback wherever it may stand", function()
    eachOperation(function(service, row)
      local block = stubs.read(format("lua/appwrite/types/%s.lua", service))[row.name]
      local forms, callback = {}, "callback: fun%(result: [%w_.|]+%?, err: appwrite%.Error%?, response: appwrite%.Response%?%)"
      for _, overload in ipairs(block.overloads) do
        local _, rest = annotations.takeType(overload)
        assert.equal("", rest, overload)
        for name in overload:gmatch "appwrite%.[%w_.]*[%w_]" do
          assert.is_table(classes[name], name)
        end
        forms[#forms + 1] = overload:gsub(callback, "callback"):gsub("%s", "")
      end
      local class = #row.params > 0 and format("appwrite.params.%s.%s", service, row.name) or "{}"
      local optional = block.params[1].optional
      assert.same({
        optional and "fun(callback):appwrite.Task" or nil,
        format("fun(params:%s,callback):appwrite.Task", class),
        format("fun(params:%s,options:appwrite.CallOptions,callback):appwrite.Task", class),
        format("fun(self:%s,params%s:%s,options?:appwrite.CallOptions):%s?,appwrite.Error?,appwrite.Response?",
          stubs.className(service), optional and "?" or "", class, block.returns[1].type),
      }, optional and forms or { nil, forms[1], forms[2], forms[3] }, service .. "." .. row.name)
    end)
  end)

  it("name models, classes and aliases that there are", function()
    local count = 0
    local function check(text, where)
      for name in text:gmatch "appwrite%.[%w_.]*[%w_]" do
        assert.is_table(classes[name], format("%s names %s, which there is not", where, name))
        count = count + 1
      end
    end
    for name, block in pairs(classes) do
      for _, list in ipairs { block.fields, block.params, block.returns } do
        for _, value in ipairs(list) do
          check(value.type, name)
        end
      end
      check(block.type or "", name)
    end
    for _, block in pairs(public.annotations().byLine) do
      for _, list in ipairs { block.params, block.returns } do
        for _, value in ipairs(list) do
          check(value.type, format("%s:%d", block.path, block.line))
        end
      end
    end
    assert.is_true(count > 250)
  end)

  it("are Lua that does nothing", function()
    for _, path in ipairs(generated.paths()) do
      if path:find "^lua/appwrite/types/" then
        assert.is_function(loadfile(path))
      end
    end
    assert.is_function(dofile "lua/appwrite/types/account.lua".create)
  end)

  it("have all models with their fields", function()
    for _, name in ipairs(models.names()) do
      local class = classes["appwrite.models." .. name]
      assert.equal(#models.find(name).fields + (models.find(name).open and 1 or 0), #class.fields, name)
    end
  end)
end)

describe("options", function()
  -- Those that are checked when a program runs, and those that editors offer.
  local function rulesOf(name)
    local checks = require "appwrite.client_options"
    for _, fn in pairs(checks) do
      for index = 1, type(fn) == "function" and 20 or 0 do
        local own, value = debug.getupvalue(fn, index)
        if own == name then
          return value
        end
      end
    end
  end

  local function same(rules, className)
    local given, known = {}, {}
    for name in pairs(rulesOf(rules)) do
      known[name] = true
    end
    for _, field in ipairs(public.annotations().classes[className].fields) do
      given[field.name] = true
    end
    assert.same(known, given)
  end

  it("of clients and calls are annotated as they are checked", function()
    same("NEW", "appwrite.ClientOptions")
    same("WITH", "appwrite.WithOptions")
    same("CALL", "appwrite.CallOptions")
  end)
end)

describe("errors in the reference", function()
  local KNOWN_TO_THE_SANDBOX_ONLY = "^sandbox_"

  it("have the statuses that the sandbox answers with, and are all that it knows", function()
    local errors = assert(loadfile "examples/sandbox/server/errors.lua")()
    local kinds
    for index = 1, 10 do
      local name, value = debug.getupvalue(errors.new, index)
      kinds = name == "KINDS" and value or kinds
    end
    local only = {}
    for name, known in pairs(kinds) do
      if not name:find(KNOWN_TO_THE_SANDBOX_ONLY) and name ~= "general_not_implemented" then
        assert.is_table(errorTypes.TYPES[name], name)
        assert.equal(known[1], errorTypes.TYPES[name][1], name)
      end
    end
    for _, name in ipairs(errorTypes.names()) do
      only[#only + 1] = not kinds[name] and name or nil
    end
    assert.same({ "relationship_value_invalid" }, only) -- the sandbox has no relations
  end)

  it("are words that are explained, each once for an operation", function()
    eachOperation(function(service, row)
      local seen = {}
      for _, name in ipairs(errorTypes.of(row, notes.of(service, row.name))) do
        assert.is_table(errorTypes.TYPES[name], service .. "." .. row.name .. ": " .. name)
        assert.is_nil(seen[name], service .. "." .. row.name .. ": " .. name)
        seen[name] = true
      end
    end)
  end)

  it("say who may call an operation as the server's scopes do", function()
    local guest = {}
    for scope in ("public graphql sessions.write documents.read documents.write files.read files.write locale.read "
      .. "avatars.read execution.write"):gmatch "%S+" do
      guest[scope] = true
    end
    local count = 0
    for _, route in ipairs(assert(loadfile "examples/sandbox/server/routes.lua")()) do
      local service, name = route[3]:match "^(%a+)%.(.*)$"
      assert.equal(not guest[route[4]], notes.of(service, name).signedIn == true, route[3])
      count = count + 1
    end
    assert.equal(95, count)
  end)
end)
