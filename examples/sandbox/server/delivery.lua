--- Sends bodies, at once or badly: cut off, or slowly.

local floor, max, min, sub = math.floor, math.max, math.min, string.sub

local PIECES = 20 -- a second, of a slow body
local CLOSE = 444 -- nginx's word for ending a connection without a further byte

local delivery = {}

---End the connection. What was sent so far gets out; of a body the rest is missing.
function delivery.close()
  if ngx.headers_sent then
    ngx.flush(true)
  end
  return ngx.exit(CLOSE)
end

local function sendSlowly(body, rate)
  local size = max(1, floor(rate / PIECES))
  for first = 1, #body, size do
    if not ngx.print(sub(body, first, first + size - 1)) or not ngx.flush(true) then
      return -- the client has gone
    end
    ngx.sleep(min(size, #body - first + 1) / rate)
  end
end

---@param body string
---@param fault? sandbox.Fault
function delivery.send(body, fault)
  if not fault then
    return ngx.print(body)
  end
  local isCut = fault.cut and fault.cut < #body
  local shown = isCut and sub(body, 1, fault.cut) or body
  if isCut then
    ngx.send_headers()
  end
  if fault.slow then
    sendSlowly(shown, fault.slow)
  elseif shown ~= "" then
    ngx.print(shown)
  end
  return isCut and delivery.close()
end

return delivery
