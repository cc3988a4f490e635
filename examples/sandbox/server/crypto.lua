--- Random bytes, hashes, passwords and signatures, all done by the OpenSSL that nginx is linked with.

local base64 = require "ngx.base64"
local ffi = require "ffi"

local format = string.format

ffi.cdef [[
typedef struct evp_md_st EVP_MD;
typedef struct engine_st ENGINE;
const EVP_MD *EVP_sha256(void);
int RAND_bytes(unsigned char *buf, int num);
int CRYPTO_memcmp(const void *a, const void *b, size_t len);
int EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned int *size, const EVP_MD *type, ENGINE *impl);
unsigned char *HMAC(const EVP_MD *evp_md, const void *key, int key_len, const unsigned char *data, size_t data_len,
                    unsigned char *md, unsigned int *md_len);
int PKCS5_PBKDF2_HMAC(const char *pass, int passlen, const unsigned char *salt, int saltlen, int iter,
                      const EVP_MD *digest, int keylen, unsigned char *out);
]]

local C = ffi.C
local bytesType = ffi.typeof "unsigned char[?]"

local SHA256_BYTES, SALT_BYTES = 32, 16
-- Few rounds on purpose: the hashes never leave this process, and tests log in often.
local ROUNDS = 10000

local crypto = {}

local function check(result, what)
  if result == nil or result == 0 then
    error("OpenSSL: " .. what .. " failed")
  end
end

local function hex(bytes)
  return (bytes:gsub(".", function(character) return format("%02x", character:byte()) end))
end

---@param count integer
---@return string bytes
function crypto.random(count)
  local buffer = bytesType(count)
  check(C.RAND_bytes(buffer, count) == 1 and 1, "RAND_bytes")
  return ffi.string(buffer, count)
end

---@param digits integer an even number
---@return string
function crypto.randomHex(digits)
  return hex(crypto.random(digits / 2))
end

---@param text string
---@return string hex 64 digits
function crypto.sha256(text)
  local buffer = bytesType(SHA256_BYTES)
  check(C.EVP_Digest(text, #text, buffer, nil, C.EVP_sha256(), nil), "EVP_Digest")
  return hex(ffi.string(buffer, SHA256_BYTES))
end

local function hmac(key, text)
  local buffer = bytesType(SHA256_BYTES)
  check(C.HMAC(C.EVP_sha256(), key, #key, text, #text, buffer, nil), "HMAC")
  return ffi.string(buffer, SHA256_BYTES)
end

---Compare without telling by the time taken where the difference is.
---@param a string
---@param b string
function crypto.equal(a, b)
  return #a == #b and C.CRYPTO_memcmp(a, b, #a) == 0
end

local function derive(password, salt)
  local buffer = bytesType(SHA256_BYTES)
  check(C.PKCS5_PBKDF2_HMAC(password, #password, salt, #salt, ROUNDS, C.EVP_sha256(), SHA256_BYTES, buffer),
    "PKCS5_PBKDF2_HMAC")
  return ffi.string(buffer, SHA256_BYTES)
end

---@class sandbox.Password
---@field salt string
---@field hash string

---@param password string
---@return sandbox.Password
function crypto.hashPassword(password)
  local salt = crypto.random(SALT_BYTES)
  return { salt = salt, hash = derive(password, salt) }
end

---@param stored? sandbox.Password nil for a user without one
---@param password string
function crypto.passwordMatches(stored, password)
  return stored ~= nil and crypto.equal(stored.hash, derive(password, stored.salt))
end

local encode, decode = base64.encode_base64url, base64.decode_base64url
local JWT_HEADER = encode '{"typ":"JWT","alg":"HS256"}'

---@param payload string JSON
---@param key string
---@return string token
function crypto.signJwt(payload, key)
  local signed = JWT_HEADER .. "." .. encode(payload)
  return signed .. "." .. encode(hmac(key, signed))
end

---@param token string
---@param key string
---@return string? payload JSON
---@return string? problem in the words of the real server's JWT library
function crypto.verifyJwt(token, key)
  local header, payload, signature = token:match "^([^.]*)%.([^.]*)%.([^.]*)$"
  if not header then
    return nil, "Incomplete segments"
  end
  local given = decode(signature)
  if header ~= JWT_HEADER or not given or not crypto.equal(given, hmac(key, header .. "." .. payload)) then
    return nil, "Signature failed"
  end
  return decode(payload)
end

return crypto
