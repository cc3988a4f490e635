--- What an answer's header says of rate limits and of when to ask again.
--
-- Appwrite sends X-RateLimit-Limit, -Remaining and -Reset on limited routes; the last is a time by the server's clock,
-- in whole seconds since the epoch. Proxies send Retry-After (RFC 9110, section 10.2.3). Where the answer has a Date,
-- its clock counts, not this machine's, which may be wrong.

local floor, max = math.floor, math.max
local find, match = string.find, string.match
local tonumber = tonumber

local DIGITS = 15 -- of a number that every Lua counts with exactly; more is nonsense

local rate = {}

local MONTHS = {
  Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12,
}

-- Days since 1970-01-01 of the Gregorian calendar, by counting years from March: leap days are then at their end.
local function daysOf(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  local leaps = floor(year / 4) - floor(year / 100) + floor(year / 400)
  return 365 * year + leaps + floor((153 * (month - 3) + 2) / 5) + day - 719469
end

---Read a date as HTTP writes it: "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7; not the obsolete forms).
---@param text string?
---@return integer? seconds since the epoch
function rate.date(text)
  local day, name, year, hour, minute, second = match(text or "",
    "^%a+, (%d%d?) (%a%a%a) (%d%d%d%d) (%d%d):(%d%d):(%d%d) GMT$")
  local month = MONTHS[name]
  if not month then
    return nil
  end
  return ((daysOf(tonumber(year), month, tonumber(day)) * 24 + tonumber(hour)) * 60 + tonumber(minute)) * 60
    + tonumber(second)
end

local function whole(text)
  return text and #text <= DIGITS and find(text, "^%d+$") and tonumber(text) or nil
end

---@param headers table<string, string> lower-case names
---@param now number this machine's seconds since the epoch, where the answer has no date
---@return number? seconds that the server, or what stands before it, wants to be left alone
function rate.wait(headers, now)
  local text = headers["retry-after"]
  local seconds = whole(text)
  if not seconds then
    local at = rate.date(text)
    seconds = at and at - (rate.date(headers.date) or now)
  end
  return seconds and max(0, seconds)
end

---@class appwrite.RateWord what a server says of one of its limits
---@field limit integer     requests in each window
---@field remaining integer that are left of them
---@field reset integer     when the window ends, by the server's clock
---@field seconds number    until then; never less than it really is

---@param headers table<string, string> lower-case names
---@param now number as for `wait`
---@return appwrite.RateWord? word nil where it says nothing, or nothing sensible
function rate.word(headers, now)
  local limit, remaining = whole(headers["x-ratelimit-limit"]), whole(headers["x-ratelimit-remaining"])
  local reset = whole(headers["x-ratelimit-reset"])
  if not (limit and remaining and reset) or limit < 1 then
    return nil
  end
  return {
    limit = limit, remaining = remaining, reset = reset, seconds = max(0, reset - (rate.date(headers.date) or now)),
  }
end

---The same after 429, where the end of the limit's window counts as well.
---@param headers table<string, string> lower-case names
---@param now number as for `wait`
---@return number? seconds
function rate.afterRefusal(headers, now)
  local seconds = rate.wait(headers, now)
  if not seconds then
    local reset = whole(headers["x-ratelimit-reset"])
    seconds = reset and max(0, reset - (rate.date(headers.date) or now))
  end
  return seconds
end

return rate
