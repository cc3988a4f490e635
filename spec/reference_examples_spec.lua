-- Every example of the reference, as it stands there, against the sandbox; what it gets is what the reference says.

local describe_ = require "appwrite.describe"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local referenceWorld = require "spec.support.reference_world"

local TYPES = { date = "string", integer = "number" }

local problemOf

-- What is wrong with a value that should be of that type.
local function typeProblem(value, typeText, where)
  local parsed = models.parse(typeText)
  if value == nil then
    return not parsed.isOptional and where .. " is missing" or nil
  elseif parsed.isArray then
    for index, item in ipairs(type(value) == "table" and value or { value }) do
      local problem = typeProblem(item, parsed.name, where .. "[" .. index .. "]")
      if problem then
        return problem
      end
    end
    return type(value) ~= "table" and where .. " is no array" or nil
  elseif models.find(parsed.name) then
    return problemOf(value, parsed.name, where)
  end
  local wanted = TYPES[parsed.name] or parsed.name
  if wanted ~= "any" and type(value) ~= wanted then
    return where .. " is a " .. type(value) .. ", not " .. parsed.name
  elseif parsed.name == "integer" and value % 1 ~= 0 then
    return where .. " is no whole number"
  elseif parsed.name == "date" and value ~= "" and not require("appwrite.time").parse(value) then
    return where .. " is no date: " .. value
  end
  return nil
end

function problemOf(value, name, where)
  local model, known = models.find(name), {}
  if type(value) ~= "table" then
    return where .. " is a " .. type(value) .. ", not " .. name
  end
  for _, field in ipairs(model.fields) do
    known[field[1]] = true
    local problem = typeProblem(value[field[1]], field[2], where .. "." .. field[1])
    if problem then
      return problem
    end
  end
  for key in pairs(value) do
    if not model.open and not known[key] then
      return where .. "." .. key .. " is no field of " .. name
    end
  end
  return nil
end

local RESULTS = {
  bytes = function(value) return type(value) == "string" and #value > 0 or value == true end,
  url = function(value) return value:find("^http") ~= nil end,
  data = function(value) return type(value) == "table" end,
  ["true"] = function(value) return value == true end,
}

-- The server answers some deletions with nothing where the model is promised; a download with `to` gives the path.
local function matches(value, row)
  local result = describe_.result(row)
  if row.name == "deleteAuthenticator" and value == true then
    return nil
  elseif models.find(result) then
    return problemOf(value, result, "result")
  end
  return not RESULTS[result](value) and "the result is no " .. result or nil
end

describe("the reference's examples", function()
  local world, count

  setup(function()
    world, count = referenceWorld.start(), 0
  end)

  teardown(function()
    world:stop()
  end)

  for _, service in ipairs(operations.SERVICES) do
    describe("of client." .. service, function()
      for _, row in ipairs(operations.service(service).list) do
        it("run: " .. row.name, function()
          local calls = world:runOperation(service, row.name, notes.of(service, row.name))
          assert.is_true(#calls > 0, "the example does not call it")
          for _, call in ipairs(calls) do
            assert.is_nil(call.err and tostring(call.err))
            assert.is_nil(matches(call.result, row))
          end
          count = count + 1
        end)
      end
    end)
  end

  it("were those of all operations", function()
    assert.equal(95, count)
  end)

  describe("of the library", function()
    for _, entry in ipairs(require "appwrite.notes.library") do
      it(("run: %s%s"):format(entry.section, entry.names and "." .. entry.names[1] or ""), function()
        world:runLibrary(entry)
      end)
    end
  end)
end)
