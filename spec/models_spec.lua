local decode = require "appwrite.json".decode
local models = require "appwrite.models"
local operations = require "appwrite.operations"

local FACTS = "../shared/facts/models.json"
local EXCHANGES = "../shared/facts/exchanges.json"

local TYPES = { string = true, integer = true, number = true, boolean = true, date = true, table = true, any = true }
-- What the tables of facts do not have, and a real server sends.
local BEYOND_FACTS = { ["Session.$updatedAt"] = true, ["MfaFactors.recoveryCode"] = true }

-- What the tables say is always there, and a real server leaves out or sends as null.
local MAY_BE_ABSENT = { ["locale.currency"] = true }

local function readJson(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read "*a"
  file:close()
  return assert(decode(text))
end

describe("appwrite.models", function()
  it("are well formed", function()
    local names = models.names()
    assert.is_true(#names > 40)
    for _, name in ipairs(names) do
      local model, seen = models.find(name), {}
      assert.equal(name, model.name)
      assert.matches("%.$", model.doc)
      for _, field in ipairs(model.fields) do
        assert.is_nil(seen[field[1]], name .. "." .. field[1] .. " is there twice")
        seen[field[1]] = true
        local type_ = models.parse(field[2])
        assert.is_true(TYPES[type_.name] or models.find(type_.name) ~= nil, name .. "." .. field[1] .. ": " .. field[2])
        assert.is_true(#field[3] > 0, name .. "." .. field[1])
        assert.is_true(field.secret == nil or field.secret == true)
      end
    end
    assert.is_nil(models.find "Nobody")
  end)

  it("are those that operations answer with", function()
    for _, service in ipairs(operations.SERVICES) do
      for _, row in ipairs(operations.service(service).list) do
        local model = row.result and models.find(row.result)
        assert.is_true(not row.result or model ~= nil, row.name)
        assert.equal(row.list and row.list.items, model and model.list, row.name)
      end
    end
  end)

  it("say of a type whether it is an array, and may be absent", function()
    assert.same({ name = "string", isArray = false, isOptional = false }, models.parse "string")
    assert.same({ name = "Target", isArray = true, isOptional = false }, models.parse "Target[]")
    assert.same({ name = "string", isArray = true, isOptional = true }, models.parse "string[]?")
  end)

  local facts = readJson(FACTS)
  if facts then
    it("have the fields of the tables of facts", function()
      local count = 0
      for name, known in pairs(facts.models) do
        local model = models.find((name:gsub("^%l", string.upper)))
        assert.is_table(model, name)
        assert.equal(known.open, model.open ~= nil, name)
        local fields = {}
        for _, field in ipairs(model.fields) do
          fields[field[1]] = models.parse(field[2])
          assert.is_true(known.fields[field[1]] ~= nil or BEYOND_FACTS[model.name .. "." .. field[1]], field[1])
        end
        for field, fact in pairs(known.fields) do
          assert.is_table(fields[field], name .. "." .. field)
          assert.equal(fact.type == "array", fields[field].isArray, name .. "." .. field)
          local mayBeAbsent = fact.nullable == true or MAY_BE_ABSENT[name .. "." .. field] == true
          assert.equal(mayBeAbsent, fields[field].isOptional or false, name .. "." .. field)
        end
        count = count + 1
      end
      assert.equal(count, #models.names())
    end)
  end

  local exchanges = readJson(EXCHANGES)
  if exchanges then
    it("are what a real server has sent", function()
      local count = 0
      for _, exchange in ipairs(exchanges) do
        local operation = exchange.operation and operations.find(exchange.operation)
        local model = operation and models.find(operation.row.result)
        local response = exchange.response
        if model and not model.open and response.status < 300 and (response.body_text or "") ~= "" then
          local result, known = assert(decode(response.body_text)), {}
          for _, field in ipairs(model.fields) do
            known[field[1]] = true
            local type_ = models.parse(field[2])
            assert.is_true(type_.isOptional or result[field[1]] ~= nil, exchange.id .. ": " .. field[1])
          end
          for field in pairs(result) do
            assert.is_true(known[field], exchange.id .. ": " .. field)
          end
          count = count + 1
        end
      end
      assert.is_true(count > 200)
    end)
  end
end)
