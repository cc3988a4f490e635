--- Faults on demand: by a header of the request, or armed beforehand for requests that match.
--
--   X-Sandbox-Fault: delay=0.5, status=503
--   POST /sandbox/faults {"fault":"drop=after","method":"POST","path":"/v1/storage/*","times":1,"skip":0}
--   GET /sandbox/faults, DELETE /sandbox/faults, DELETE /sandbox/faults/{id}

local clock = require "server.clock"
local control = require "server.control"
local delivery = require "server.delivery"
local errors = require "server.errors"
local json = require "server.json"
local options = require "server.options"
local response = require "server.response"
local validation = require "server.validation"

local floor = math.floor
local find, format, gmatch, gsub, match = string.find, string.format, string.gmatch, string.gsub, string.match

---@class sandbox.Fault
---@field delay? number seconds before anything is done
---@field status? integer answered in place of doing anything
---@field reset? number seconds after which a 429 says that the limit ends
---@field drop? "before"|"after" the connection ends before or after the call is carried out, without an answer
---@field cut? integer bytes of the body after which the connection ends
---@field slow? number bytes of the body a second

local WINDOW, REQUESTS = 60, 60 -- seconds and requests of a rate limit, for routes that have none

local faults = {}

local armed = {} -- { id, fault, text, method, pattern, path, times, skip }, oldest first

local function number(low, high, whole)
  return function(text)
    local value = find(text, "^%d+%.?%d*$") and tonumber(text)
    return value and value >= low and value <= high and (not whole or value == floor(value)) and value or nil
  end
end

-- How each part is read, and what would do.
local PARTS = {
  delay = { number(0, 600), "seconds up to 600" },
  status = { number(400, 599, true), "400 to 599" },
  reset = { number(0, 86400), "seconds up to 86400" },
  drop = { function(text) return (text == "before" or text == "after") and text or nil end, "before or after" },
  cut = { number(0, 2 ^ 31, true), "a number of bytes" },
  slow = { number(1, 2 ^ 31), "bytes a second, at least 1" },
}
local NAMES = "delay, status, reset, drop, cut, slow"

---@param text string such as "delay=0.5, status=503"
---@return sandbox.Fault? fault
---@return string? problem
local function parse(text)
  local fault = {}
  for piece in gmatch(text, "[^,;]+") do
    local name, value = match(piece, "^%s*(%a+)%s*=%s*(%S+)%s*$")
    local part = PARTS[name]
    if not part then
      return nil, format('"%s" is no fault: there are %s, each with = and a value', match(piece, "^%s*(.-)%s*$"), NAMES)
    end
    fault[name] = part[1](value)
    if not fault[name] then
      return nil, format('%s needs %s, got "%s"', name, part[2], value)
    end
  end
  return next(fault) and fault, "there are " .. NAMES
end

-- A path with * for any characters, as a pattern of Lua's.
local function patternOf(path)
  return "^" .. gsub(gsub(path, "[%^$()%%.%[%]+?-]", "%%%0"), "%*", ".*") .. "$"
end

local function takeArmed()
  local path = match(ngx.var.request_uri, "^[^?]*")
  for index, entry in ipairs(armed) do
    if (entry.method == "*" or entry.method == ngx.req.get_method()) and find(path, entry.pattern) then
      if entry.skip > 0 then
        entry.skip = entry.skip - 1
      else
        entry.times = entry.times - 1
        if entry.times == 0 then
          table.remove(armed, index)
        end
        return entry.fault, entry.text
      end
    end
  end
end

---The fault that a request is to meet. Its own header goes before what is armed.
---@param request sandbox.Request
---@return sandbox.Fault?
function faults.find(request)
  local text = request.headers["x-sandbox-fault"]
  local fault, problem
  if text then
    fault, problem = parse(text)
    if not fault then
      errors.raise("general_argument_invalid", "Invalid X-Sandbox-Fault header: " .. problem)
    end
  else
    fault, text = takeArmed()
  end
  if fault then
    ngx.log(ngx.NOTICE, "sandbox: fault on demand: ", text, " for ", request.method, " ", ngx.var.uri)
  end
  return fault
end

local function statusAnswer(request, fault, route)
  local kind = fault.status == 429 and "general_rate_limit_exceeded" or "general_unknown"
  if fault.status == 429 then
    local out, seconds = request.out, fault.reset or route and route.seconds or WINDOW
    out["X-RateLimit-Limit"], out["X-RateLimit-Remaining"] = route and route.limit or REQUESTS, 0
    out["X-RateLimit-Reset"] = math.ceil(clock.now() + seconds)
  end
  return response.error { code = fault.status, type = kind, message = format("A fault on demand: status %d.",
    fault.status) }
end

---What comes before a call is carried out.
---@param request sandbox.Request
---@param fault sandbox.Fault
---@param route? sandbox.Route
---@return sandbox.Response? answer in place of carrying it out
function faults.before(request, fault, route)
  if fault.delay then
    ngx.sleep(fault.delay)
  end
  if fault.drop == "before" then
    return delivery.close()
  end
  return fault.status and statusAnswer(request, fault, route)
end

---What comes between the call and its answer.
---@param fault sandbox.Fault
function faults.after(fault)
  if fault.drop == "after" then
    return delivery.close()
  end
end

-- --- /sandbox/faults

local function checkFault(text)
  local problem = type(text) ~= "string" and "Value must be a text such as status=503"
  if not problem then
    local fault, wrong = parse(text)
    problem = not fault and wrong
  end
  return problem or nil
end

local function count(low)
  return function(value)
    if not json.isInteger(value) or value < low or value > 1000000 then
      return format("Value must be a whole number from %d to 1000000", low)
    end
  end
end

local function model(entry)
  return json.object("$id", entry.id, "fault", entry.text, "method", entry.method, "path", entry.path,
    "times", entry.times, "skip", entry.skip)
end

control.add("POST", "/faults", {
  params = {
    { "fault", checkFault },
    { "method", options.oneOf({ "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "*" }, true), optional = true },
    { "path", validation.text(2048), optional = true }, { "times", count(1), optional = true },
    { "skip", count(0), optional = true },
  },
  handler = function(request)
    local params = request.params
    local path = params.path or "*"
    local entry = {
      id = clock.id(), fault = parse(params.fault), text = params.fault, method = params.method or "*", path = path,
      pattern = patternOf(path), times = tonumber(params.times or 1), skip = tonumber(params.skip or 0),
    }
    armed[#armed + 1] = entry
    return response.json(201, model(entry))
  end,
})

control.add("GET", "/faults", {
  handler = function()
    local list = json.array()
    for index, entry in ipairs(armed) do
      list[index] = model(entry)
    end
    return response.json(200, json.object("total", #list, "faults", list))
  end,
})

control.add("DELETE", "/faults", {
  handler = function()
    armed = {}
    return response.empty()
  end,
})

control.add("DELETE", "/faults/{id}", {
  params = { { "id", validation.uid } },
  handler = function(request)
    for index, entry in ipairs(armed) do
      if entry.id == request.params.id then
        table.remove(armed, index)
        return response.empty()
      end
    end
    errors.raise "sandbox_fault_not_found"
  end,
})

return faults
