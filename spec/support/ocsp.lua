--- OCSP answers about certificates of spec/support/certificate.lua, as a server staples them (RFC 6960).

local process = require "spec.support.process"

local format = string.format

local ocsp = {}

local SEQUENCE, ENUMERATED, BITS, OCTETS, OID = 0x30, 0x0A, 0x03, 0x04, 0x06
local EXPLICIT = 0xA0
local BASIC = "\43\6\1\5\5\7\48\1\1" -- id-pkix-ocsp-basic
local ECDSA_SHA256 = "\42\134\72\206\61\4\3\2"

local function run(made, command)
  local output, status = process.run(format("cd %s && %s", process.quote(made.directory), command))
  assert(status == 0, output)
  return output
end

local function readFile(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local function writeFile(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  assert(file:close())
end

-- DER: a value with its tag and length.
local function der(tag, ...)
  local value = table.concat { ... }
  local length = #value
  if length < 128 then
    return string.char(tag, length) .. value
  elseif length < 256 then
    return string.char(tag, 0x81, length) .. value
  end
  return string.char(tag, 0x82, math.floor(length / 256), length % 256) .. value
end

---@return integer from, integer till of the value that begins at `at`
local function value(text, at)
  local length = text:byte(at + 1)
  if length < 128 then
    return at + 2, at + 1 + length
  end
  local more, from = length - 128, at + 2
  length = 0
  for index = from, from + more - 1 do
    length = length * 256 + text:byte(index)
  end
  return from + more, from + more + length - 1
end

-- What the CA knows of it, as `openssl ca` writes it down.
local function writeIndex(made, isRevoked)
  local serial = run(made, "openssl x509 -noout -serial -in cert.pem"):match "serial=(%x+)"
  writeFile(made.directory .. "/ocsp.index", table.concat({
    isRevoked and "R" or "V", "491231235959Z", isRevoked and "240101000000Z,keyCompromise" or "", serial, "unknown",
    "/CN=spec",
  }, "\t") .. "\n")
end

local function answer(made, isRevoked)
  writeIndex(made, isRevoked)
  run(made, "openssl ocsp -index ocsp.index -CA ca.pem -issuer ca.pem -cert cert.pem -rsigner ca.pem -rkey ca.key "
    .. "-ndays 2 -resp_no_certs -no_nonce -respout ocsp.der")
  return readFile(made.directory .. "/ocsp.der")
end

-- What is signed of it: openssl does not say how long ago something was.
local function signedPart(response)
  local from, till = response:find(BASIC, 1, true)
  local basic = value(response, till + 1)
  local inner = value(response, basic)
  local _, last = value(response, inner)
  assert(from and response:byte(inner) == SEQUENCE)
  return response:sub(inner, last)
end

-- The same with another part signed, by that key.
local function sign(made, part, key)
  writeFile(made.directory .. "/ocsp.part", part)
  run(made, format("openssl dgst -sha256 -sign %s -out ocsp.signature ocsp.part", key))
  local basic = der(SEQUENCE, part, der(SEQUENCE, der(OID, ECDSA_SHA256)),
    der(BITS, "\0", readFile(made.directory .. "/ocsp.signature")))
  return der(SEQUENCE, der(ENUMERATED, "\0"), der(EXPLICIT, der(SEQUENCE, der(OID, BASIC), der(OCTETS, basic))))
end

local MAKE = {
  good = function(made)
    return answer(made, false)
  end,
  revoked = function(made)
    return answer(made, true)
  end,
  -- As good, and signed anew by the same key.
  signed = function(made)
    return sign(made, signedPart(answer(made, false)), "ca.key")
  end,
  expired = function(made)
    local past = signedPart(answer(made, false)):gsub("20%d%d(%d%d%d%d%d%d%d%d%d%dZ)", "2020%1")
    return sign(made, past, "ca.key")
  end,
  -- By the certificate that it is about.
  forged = function(made)
    return sign(made, signedPart(answer(made, false)), "key.pem")
  end,
  anothers = function(made)
    run(made, "cp cert.pem cert.kept && openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -days 2 -out cert.pem "
      .. "-set_serial 4711")
    local response = answer(made, false)
    run(made, "mv cert.kept cert.pem")
    return response
  end,
  refused = function() -- "try later"
    return der(SEQUENCE, der(ENUMERATED, "\3"))
  end,
  garbage = function()
    return ("no answer"):rep(100)
  end,
  cut = function(made)
    return answer(made, false):sub(1, -20)
  end,
}

---@param made table of certificate.make
---@param kind "good"|"revoked"|"signed"|"expired"|"forged"|"anothers"|"refused"|"garbage"|"cut"
---@return string path of the answer, a file beside the certificate
function ocsp.make(made, kind)
  local path = made.directory .. "/stapled.der"
  writeFile(path, MAKE[kind](made))
  return path
end

return ocsp
