--- Time and ids in Appwrite's forms.

local crypto = require "server.crypto"

local date, floor, format = os.date, math.floor, string.format

local clock = {}

---Seconds since the epoch, with milliseconds.
function clock.now()
  ngx.update_time()
  return ngx.now()
end

---A moment as Appwrite writes it: UTC with milliseconds.
---@param seconds? number since the epoch, now by default
---@return string
function clock.iso(seconds)
  local milliseconds = floor((seconds or clock.now()) * 1000 + 0.5)
  return format("%s.%03d+00:00", date("!%Y-%m-%dT%H:%M:%S", floor(milliseconds / 1000)), milliseconds % 1000)
end

---A moment as the real server's database keeps it, which some answers and links show: no T, no zone.
---@param seconds number since the epoch
---@return string
function clock.plain(seconds)
  return (clock.iso(seconds):sub(1, 23):gsub("T", " "))
end

-- Days since 1970-01-01 of a date in the Gregorian calendar; the year is taken to begin in March.
local function daysFromCivil(year, month, day)
  if month <= 2 then
    year = year - 1
  end
  local era = floor(year / 400)
  local yearOfEra = year - era * 400
  local dayOfYear = floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + floor(yearOfEra / 4) - floor(yearOfEra / 100) + dayOfYear - 719468
end

local function zoneSeconds(zone)
  if zone == "" or zone == "Z" or zone == "z" then
    return 0
  end
  local sign, hours, minutes = zone:match "^([-+])(%d%d):?(%d%d)$"
  if not sign or tonumber(hours) > 23 or tonumber(minutes) > 59 then
    return nil
  end
  return (sign == "-" and -1 or 1) * (hours * 3600 + minutes * 60)
end

-- What follows the date: hour, minute, second, digits of the fraction, zone.
local function splitTime(text)
  if text == "" then
    return 0, 0, 0, "", ""
  end
  local hour, minute, rest = text:match "^[Tt ](%d%d):(%d%d)(.*)$"
  if not hour then
    return nil
  end
  local second, afterSecond = rest:match "^:(%d%d)(.*)$"
  rest = afterSecond or rest
  local fraction, afterFraction = rest:match "^%.(%d+)(.*)$"
  return tonumber(hour), tonumber(minute), tonumber(second or 0), fraction or "", afterFraction or rest
end

---A date, or date and time, of ISO 8601 as Appwrite stores it. The real server takes more, such as "yesterday".
---@param text string
---@return string? stored nil where it cannot be read
function clock.normalize(text)
  local year, month, day, rest = text:match "^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$"
  if not year then
    return nil
  end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local hour, minute, second, fraction, zone = splitTime(rest)
  local offset = hour and zoneSeconds(zone)
  if not offset or month < 1 or month > 12 or day < 1 or day > 31 or hour > 23 or minute > 59 or second > 59 then
    return nil
  end
  local seconds = daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
  return format("%s.%s+00:00", date("!%Y-%m-%dT%H:%M:%S", seconds), (fraction .. "000"):sub(1, 3))
end

---An id in the form of ID.unique(): the time in hexadecimal, then random digits; 20 in all.
---@return string
function clock.id()
  local now = clock.now()
  local microseconds = floor(now % 1 * 1e6) + crypto.random(1):byte()
  return format("%08x%05x%s", floor(now), microseconds % 0x100000, crypto.randomHex(8):sub(1, 7))
end

---The id a caller asked for, or a new one for the word unique().
---@param wish string
---@return string
function clock.idFrom(wish)
  return wish == "unique()" and clock.id() or wish
end

return clock
