-- luacheck: std max+busted
--- Codes as an authenticator app makes them (RFC 6238), by openssl and not by what the sandbox uses.

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
local STEP = 30 -- seconds

local otp = {}

local function hexOf(base32)
  local bits, hex = "", {}
  for letter in base32:gmatch "." do
    local value = ALPHABET:find(letter, 1, true) - 1
    for power = 4, 0, -1 do
      bits = bits .. math.floor(value / 2 ^ power) % 2
    end
  end
  for byte in bits:gmatch(("%d"):rep(8)) do
    hex[#hex + 1] = ("%02x"):format(tonumber(byte, 2))
  end
  return table.concat(hex)
end

---The step in which a moment lies; a code is good within one.
function otp.step()
  return math.floor(os.time() / STEP)
end

---@param secret string base32
---@param step? integer now by default
---@return string code
function otp.code(secret, step)
  local counter = ("%016x"):format(step or otp.step()):gsub("%x%x", function(digits)
    return ("\\%03o"):format(tonumber(digits, 16))
  end)
  local pipe = assert(io.popen(("printf '%s' | openssl dgst -sha1 -mac HMAC -macopt hexkey:%s -hex"):format(counter,
    hexOf(secret))))
  local hash = pipe:read("*a"):match "(%x+)%s*$"
  pipe:close()
  assert(#hash == 40, "openssl gave no hash")
  local place = tonumber(hash:sub(-1), 16) * 2
  local number = tonumber(hash:sub(place + 1, place + 8), 16) % 2 ^ 31
  return ("%06d"):format(number % 1000000)
end

---Do something with the code of now; once more where the next step has begun meanwhile.
---@param secret string
---@param use fun(code: string): sandbox.SpecAnswer
---@return sandbox.SpecAnswer
function otp.with(secret, use)
  while true do
    local step = otp.step()
    local answer = use(otp.code(secret, step))
    if answer.status ~= 401 or otp.step() == step then
      return answer
    end
  end
end

return otp
