--- Whether a request may be sent again, and when: rules alone, nothing is sent or waited for here.
--
-- Any request may be repeated where nothing of it was sent, or where the server refused to act on it (429). What may
-- have been carried out (a timeout, a connection that broke, 502 to 504 of a proxy) is repeated only where that does no
-- harm: GET, HEAD, OPTIONS, and the operations that the services' data marks.

local options = require "appwrite.options"

local gsub, min, next, pairs, type = string.gsub, math.min, next, pairs, type

local SAFE = { GET = true, HEAD = true, OPTIONS = true }
local KINDS = { network = true, timeout = true }
local UNCERTAIN = { [502] = true, [503] = true, [504] = true }
local REFUSED = 429

local retry = {}

---@class appwrite.RetryPolicy plain data; what is missing stays as it is
---@field attempts integer? times that it is sent at most, 3 by default
---@field base number?      seconds before the second attempt, twice as long before each further one; 0.5 by default
---@field cap number?       seconds, the longest wait before any; where the server wants to be left alone for longer,
---  the error comes at once. 30 by default
---@field jitter number?    which part of a wait is left to chance, so that many clients do not come back at once:
---  0 to 1, 0.5 by default
---@field timeout number?   seconds for one attempt; without it, one may take all of the call's time

---@type appwrite.RetryPolicy
retry.DEFAULT = { attempts = 3, base = 0.5, cap = 30, jitter = 0.5 }

local RULES = {
  attempts = { type = "number", min = 1, max = 1000, whole = true, unit = "attempts" },
  base = { type = "number", unit = "seconds" },
  cap = { type = "number", unit = "seconds" },
  jitter = { type = "number", max = 1 },
  timeout = { type = "number", unit = "seconds" },
}

---What is wrong with the option.
---@param given appwrite.RetryPolicy|boolean|nil
---@return string? problem
function retry.check(given)
  if type(given) ~= "table" then
    return nil
  end
  local problem = options.check(given, RULES)
  return problem and (gsub(problem, 'option "', 'option "retry.', 1))
end

---The policy that an option means.
---@param given appwrite.RetryPolicy|boolean|nil
---@param before appwrite.RetryPolicy|false what holds where it says nothing
---@return appwrite.RetryPolicy|false policy complete; false: nothing is repeated
function retry.policy(given, before)
  if given == nil then
    return before
  elseif given == false then
    return false
  end
  local policy = {}
  for name, value in pairs(before or retry.DEFAULT) do
    policy[name] = value
  end
  for name, value in next, given == true and {} or given do
    policy[name] = value
  end
  return policy
end

-- What may be repeated ------------------------------------------------------------------------------------------------

---@param row appwrite.Operation
---@return boolean safe sent twice it leaves what it leaves when sent once
function retry.isSafe(row)
  return row.idempotent == true or SAFE[row.verb] == true
end

---Whether it may go better later.
---@param answer appwrite.Answer
---@return boolean
function retry.isTemporary(answer)
  local status = answer.status
  if status then
    return status == REFUSED or UNCERTAIN[status] == true
  end
  return KINDS[answer.kind] == true
end

-- A transport that cannot tell may have sent it.
local function wasSent(answer)
  local handle = answer.handle
  if answer.unsent then
    return false
  elseif not handle or not handle.sent then
    return true
  end
  return handle:sent()
end

---Whether the same request may be sent again without anything being done twice.
---@param operation appwrite.Prepared
---@param answer appwrite.Answer
---@return boolean
function retry.mayRepeat(operation, answer)
  if not retry.isTemporary(answer) then
    return false
  end
  if answer.status == REFUSED or retry.isSafe(operation.row) then
    return true
  end
  return not answer.status and not wasSent(answer)
end

-- When ----------------------------------------------------------------------------------------------------------------

---@param policy appwrite.RetryPolicy
---@param err appwrite.Error what the last attempt ended with
---@param attempt integer    which one that was
---@param chance number      0 to 1
---@return number? seconds to wait before the next; nil where there is none
function retry.pause(policy, err, attempt, chance)
  if not err.retryable or attempt >= policy.attempts then
    return nil
  end
  if not err.retryAfter then
    return min(policy.cap, policy.base * 2 ^ (attempt - 1)) * (1 - policy.jitter * chance)
  elseif err.retryAfter > policy.cap then
    return nil
  end
  -- Never sooner than it was told.
  return err.retryAfter + policy.base * policy.jitter * chance
end

return retry
