--- The 95 operations with parameters that are right, for specs that go through all of them.

local operations = require "appwrite.operations"

local parameters = {}

local FORMATS = { id = "abc", newId = "unique()", phone = "+14155552671", hexColor = "ff0000" }

---A value that is right for a parameter.
---@param param table of an operation's row
---@return any
local function right(param)
  if param.enum then
    return param.enum[1]
  elseif param.type == "string" then
    return FORMATS[param.format] or ("x"):rep(math.max(param.minLength or 1, 8))
  end
  return ({
    integer = param.min or 1,
    number = param.min or 1,
    boolean = true,
    object = { a = 1 },
    ["string[]"] = {},
    file = "x",
  })[param.type]
end

---@param row table of an operation
---@param all boolean? the optional ones as well
---@return table params
function parameters.right(row, all)
  local params = {}
  for _, param in ipairs(row.params) do
    if param.required or all then
      params[param.name] = right(param)
    end
  end
  return params
end

---@param visit fun(name: string, row: table)
function parameters.eachOperation(visit)
  for _, service in ipairs(operations.SERVICES) do
    for _, row in ipairs(assert(operations.service(service)).list) do
      visit(service .. "." .. row.name, row)
    end
  end
end

return parameters
