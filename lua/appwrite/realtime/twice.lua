--- What was brought twice, while one connection replaced another: both may bring the same events. What the old one
-- brings is written down, and the new one, which is read after it, is compared.
--
-- The server makes an event's text once for all that hear it, so the same event has the same text. Where that comes
-- twice over one connection, it is two events.

local setmetatable = setmetatable

local MOST_BYTES = 4 * 1024 * 1024 -- of texts; of what is beyond, some may come twice
local SECONDS = 5 -- after which the new connection brings nothing any more that the old one had

local Twice = { __name = "appwrite.realtime.Twice" }
---@class appwrite.realtime.Twice
local methods = {}
Twice.__index = methods

local twice = {}

---@param id integer the new connection's; the old one's is smaller
---@return appwrite.realtime.Twice
function twice.new(id)
  return setmetatable({ id = id, texts = {}, bytes = 0 }, Twice)
end

local function keep(self, text)
  self.bytes = self.bytes + #text
  if self.bytes <= MOST_BYTES then
    self.texts[text] = (self.texts[text] or 0) + 1
  end
end

---An event has come.
---@param id integer  the connection's
---@param text string
---@param now number
---@return boolean isKnown the old connection has brought it already
function methods:knows(id, text, now)
  if id < self.id then
    keep(self, text)
  elseif id == self.id then
    self.till = self.till or now + SECONDS
    if now > self.till then
      self.texts = {}
    end
    local count = self.texts[text]
    if count then
      self.texts[text] = count > 1 and count - 1 or nil
      return true
    end
  end
  return false
end

return twice
