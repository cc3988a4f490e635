--- Tells a caller's function how a transfer gets on: not more often than people can see, and of its end exactly once.

local scheduler = require "appwrite.scheduler"

local floor, max, min = math.floor, math.max, math.min
local huge = math.huge

local INTERVAL = 0.05 -- seconds: 20 reports a second at the most

local Progress = { __name = "appwrite.ProgressReporter" }
local methods = {}
Progress.__index = methods

local progress = { INTERVAL = INTERVAL }

---@class appwrite.Progress
---@field id string?               of the file; nil where the server is yet to make one
---@field progress integer         percent, 0 to 100; 100 comes once, when all is done
---@field sizeUploaded integer?    of an upload: bytes that the server has, those under way included
---@field sizeDownloaded integer?  of a download: bytes that have come
---@field sizeTotal integer?       bytes; nil where a server does not say how large its answer is
---@field chunksUploaded integer?  of an upload: requests that the server has counted
---@field chunksTotal integer?

---@param onProgress fun(progress: appwrite.Progress): boolean?
---@param now (fun(): number)? seconds of a clock
---@return table reporter
function progress.new(onProgress, now)
  return setmetatable({ onProgress = onProgress, now = now or scheduler.now, last = -huge, most = 0 }, Progress)
end

---Whether it may be told again by now.
---@return boolean
function methods:due()
  return self.now() - self.last >= INTERVAL
end

local function percent(done, total)
  return total and total > 0 and floor(done * 100 / total) or 0
end

-- What went down once never comes up again: a chunk that is sent anew does not make a bar jump back.
local function tell(self, report, sizeName, share)
  self.most = max(self.most, report[sizeName] or 0)
  report[sizeName], report.progress = self.most, share(self.most, report.sizeTotal)
  self.last = self.now()
  return self.onProgress(report) == false
end

local function beforeTheEnd(done, total)
  return min(99, percent(done, total))
end

local function atTheEnd()
  return 100
end

---Tell of a state on the way, if it is time to.
---@param report appwrite.Progress without `progress`; taken over
---@param sizeName "sizeUploaded"|"sizeDownloaded"
---@return boolean stop the caller's function returned false
function methods:report(report, sizeName)
  return self:due() and tell(self, report, sizeName, beforeTheEnd)
end

---Tell that all is done. What the function returns comes too late to stop anything.
---@param report appwrite.Progress
---@param sizeName "sizeUploaded"|"sizeDownloaded"
function methods:finish(report, sizeName)
  tell(self, report, sizeName, atTheEnd)
end

return progress
