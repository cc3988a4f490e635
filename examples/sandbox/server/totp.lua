--- Codes of authenticator apps (RFC 6238), all done by liboath.

local clock = require "server.clock"
local crypto = require "server.crypto"
local ffi = require "ffi"
local library = require "server.library"

local gsub, find = string.gsub, string.find

-- Debian's time_t is a long on every machine of 64 bits.
ffi.cdef [[
int oath_init(void);
int oath_base32_encode(const char *in, size_t length, char **out, size_t *outLength);
int oath_base32_decode(const char *in, size_t length, char **out, size_t *outLength);
int oath_totp_validate(const char *secret, size_t length, long now, unsigned step, long start, size_t window,
                       const char *otp);
const char *oath_strerror(int code);
void free(void *memory);
]]

local oath = library.load("liboath.so.0", "liboath0")

local SECRET_BYTES = 64 -- as many as the real server takes
local STEP = 30 -- seconds that a code is good for
local INVALID_OTP = -6 -- OATH_INVALID_OTP

local totp = {}

local function check(code)
  if code < 0 then
    error("liboath: " .. ffi.string(oath.oath_strerror(code)))
  end
end

check(oath.oath_init())

-- Run one of liboath's conversions, which leave the result in memory of their own.
local function convert(conversion, text)
  local out, length = ffi.new "char *[1]", ffi.new "size_t[1]"
  check(conversion(text, #text, out, length))
  local result = ffi.string(out[0], length[0])
  ffi.C.free(out[0])
  return result
end

---@return string secret base32 without padding
function totp.newSecret()
  return (gsub(convert(oath.oath_base32_encode, crypto.random(SECRET_BYTES)), "=+$", ""))
end

---Whether a code is the one of this very moment: like the real server this leaves no time for it to travel.
---@param secret string base32
---@param code string
---@return boolean
function totp.matches(secret, code)
  if not find(code, "^%d%d%d%d%d%d$") then
    return false
  end
  local bytes = convert(oath.oath_base32_decode, secret)
  local result = oath.oath_totp_validate(bytes, #bytes, clock.now(), STEP, 0, 0, code)
  if result ~= INVALID_OTP then
    check(result)
  end
  return result >= 0
end

return totp
