--- Whether one step of a transfer is tried again, and when: a chunk, a question, the rest of a file. That it does no
-- harm to send it again is for those who ask to see to.

local MOST = 3 -- of the same step, in a row
local FIRST_WAIT = 0.5 -- seconds before the second, twice as long before each further one
local LONGEST_WAIT = 60 -- seconds a server may want to be left alone
local LIMITED_WAIT = 1 -- seconds, where it does not say

-- Kinds of failures and statuses after which another attempt may go well.
local KINDS = { network = true, timeout = true }
local STATUSES = { [429] = true, [500] = true, [502] = true, [503] = true, [504] = true }

local attempts = { MOST = MOST }

local function pauseOf(err, failed)
  return err.retryAfter or err.code == 429 and LIMITED_WAIT or FIRST_WAIT * 2 ^ (failed - 1)
end

---@param err appwrite.Error what the last attempt ended with
---@param failed integer     attempts that failed in a row
---@param anyway boolean?    it may help after this error, whatever its kind is
---@return number? seconds before the next attempt; nil where it would not help, is too far away, or one too many
function attempts.pause(err, failed, anyway)
  if failed >= MOST or not (anyway or KINDS[err.kind] or STATUSES[err.code]) then
    return nil
  end
  local seconds = pauseOf(err, failed)
  return seconds <= LONGEST_WAIT and seconds or nil
end

return attempts
