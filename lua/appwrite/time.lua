--- Dates as Appwrite sends and takes them: ISO 8601 with milliseconds, in UTC, and here and there with a blank for the
-- T and without a zone (`mfaUpdatedAt` of a session), which is UTC as well.

local argument = require "appwrite.argument"

local error, floor, format, match, tonumber, type = error, math.floor, string.format, string.match, tonumber, type
local wrong = argument.wrong

local DAY = 86400 -- seconds
local MONTH_DAYS = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }
-- Of years that are written with four digits.
local FIRST, LAST = -62167219200, 253402300799
local SECONDS = "seconds since 1970, in the years 0 to 9999"

---@class appwrite.time
local time = {}

local function isLeap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

-- Days from 1970-01-01 on: years begin in March here, so that a leap day is a year's last.
local function daysOf(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  return 365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400)
    + floor((153 * (month - 3) + 2) / 5) + day - 719469
end

local function offsetOf(zone)
  if zone == "" or zone == "Z" or zone == "z" then
    return 0
  end
  local sign, hours, minutes = match(zone, "^([+-])(%d%d):?(%d%d)$")
  if not sign or tonumber(hours) > 23 or tonumber(minutes) > 59 then
    return nil
  end
  return (sign == "-" and -1 or 1) * (tonumber(hours) * 3600 + tonumber(minutes) * 60)
end

local function partsOf(text)
  local year, month, day, rest = match(text, "^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$")
  if not year then
    return nil
  end
  local hour, minute, second, fraction, zone = "0", "0", "0", "", ""
  if rest ~= "" then
    hour, minute, rest = match(rest, "^[Tt ](%d%d):(%d%d)(.*)$")
    if not hour then
      return nil
    end
    local seconds, after = match(rest, "^:(%d%d)(.*)$")
    second, rest = seconds or second, after or rest
    local digits, behind = match(rest, "^%.(%d+)(.*)$")
    fraction, zone = digits or fraction, behind or rest
  end
  return { tonumber(year), tonumber(month), tonumber(day), tonumber(hour), tonumber(minute), tonumber(second) },
    fraction, offsetOf(zone)
end

local function isDate(parts)
  local year, month, day = parts[1], parts[2], parts[3]
  if month < 1 or month > 12 or day < 1 or day > MONTH_DAYS[month] or month == 2 and day == 29 and not isLeap(year) then
    return false
  end
  return parts[4] <= 23 and parts[5] <= 59 and parts[6] <= 59
end

---Read a date of Appwrite.
---@param text string such as "2024-03-01T12:30:00.250+00:00"; other zones are taken into account; without one it is UTC
---@return integer? seconds since 1970-01-01 UTC, as of os.time; nil where the text is no date, or the empty text by
---  which Appwrite says "never"
---@return integer|string milliseconds 0 to 999 beyond the seconds; or what is wrong
function time.parse(text)
  if type(text) ~= "string" then
    error(wrong("time.parse", "date", "a string", text), 2)
  end
  local parts, fraction, offset = partsOf(text)
  if not parts or not offset or not isDate(parts) then
    return nil, format('"%s" is no date; one looks like "2024-03-01T12:30:00.250+00:00"', text:sub(1, 40))
  end
  local seconds = daysOf(parts[1], parts[2], parts[3]) * DAY + parts[4] * 3600 + parts[5] * 60 + parts[6] - offset
  return seconds, tonumber((fraction .. "000"):sub(1, 3))
end

-- The day with that number, by the way back through 400, 100 and 4 years.
local function dateOf(days)
  local shifted = days + 719468
  local era = floor(shifted / 146097)
  local dayOfEra = shifted - era * 146097
  local leaps = floor(dayOfEra / 1460) - floor(dayOfEra / 36524) + floor(dayOfEra / 146096)
  local yearOfEra = floor((dayOfEra - leaps) / 365)
  local dayOfYear = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100))
  local shiftedMonth = floor((5 * dayOfYear + 2) / 153)
  local month = shiftedMonth < 10 and shiftedMonth + 3 or shiftedMonth - 9
  return yearOfEra + era * 400 + (month <= 2 and 1 or 0), month, dayOfYear - floor((153 * shiftedMonth + 2) / 5) + 1
end

---Write a date as Appwrite does: for attributes of type datetime, and for queries on dates.
---@param seconds number since 1970-01-01 UTC, as of os.time; a fraction counts
---@param milliseconds integer? 0 to 999, added
---@return string date such as "2024-03-01T12:30:00.250+00:00"
function time.format(seconds, milliseconds)
  if type(seconds) ~= "number" or not (seconds >= FIRST and seconds < LAST + 1) then -- nor NaN
    error(wrong("time.format", "seconds", SECONDS, seconds), 2)
  elseif milliseconds ~= nil and (type(milliseconds) ~= "number" or not (milliseconds >= 0 and milliseconds <= 999)
    or floor(milliseconds) ~= milliseconds) then
    error(wrong("time.format", "milliseconds", "a whole number from 0 to 999", milliseconds), 2)
  end
  local whole = floor(seconds)
  local beyond = floor((seconds - whole) * 1000 + 0.5) + (milliseconds or 0)
  whole, beyond = whole + floor(beyond / 1000), beyond % 1000
  if whole > LAST then -- by rounding, or by the milliseconds
    error(wrong("time.format", "seconds", SECONDS, seconds), 2)
  end
  local days = floor(whole / DAY)
  local rest = whole - days * DAY
  local year, month, day = dateOf(days)
  return format("%04d-%02d-%02dT%02d:%02d:%02d.%03d+00:00", year, month, day, floor(rest / 3600),
    floor(rest / 60) % 60, rest % 60, beyond)
end

return argument.closed("time", time)
