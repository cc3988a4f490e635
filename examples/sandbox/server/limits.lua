--- Rate limits: the headers are always sent, as the real server does; calls are refused only where the start-up file
-- says so.

local clock = require "server.clock"
local errors = require "server.errors"

local floor, max = math.floor, math.max

local limits = {}

-- Logins count by e-mail address, all else by who sends it.
local function subject(request, route)
  local email = route.name == "account.createEmailPasswordSession" and request.body.email
  return type(email) == "string" and email or (request.user and request.user.id or ngx.var.remote_addr)
end

local function count(request, route, windowEnd)
  local counters = request.project.counters
  local key = route.name .. " " .. subject(request, route)
  local counter = counters[key]
  if not counter or counter.windowEnd ~= windowEnd then
    counter = { windowEnd = windowEnd, used = 0 }
    counters[key] = counter
  end
  if not request.isKey then
    counter.used = counter.used + 1
  end
  return counter.used
end

---@param request sandbox.Request
---@param route sandbox.Route
function limits.apply(request, route)
  if not route.limit then
    return
  end
  local windowEnd = (floor(clock.now() / route.seconds) + 1) * route.seconds
  local used = request.project.rateLimits and count(request, route, windowEnd) or 1
  local out = request.out
  out["X-RateLimit-Limit"], out["X-RateLimit-Reset"] = route.limit, windowEnd
  out["X-RateLimit-Remaining"] = max(route.limit - used, 0)
  if used > route.limit and not request.isKey then
    errors.raise "general_rate_limit_exceeded"
  end
end

return limits
