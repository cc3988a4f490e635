--- Certificates for servers of the specs, made by openssl when they are needed: a CA of their own, and what it signed.

local process = require "spec.support.process"

local format = string.format

local Certificate = { __name = "spec.Certificate" }
local methods = {}
Certificate.__index = methods

local certificate = {}

local KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

local function run(directory, command)
  local output, status = process.run(format("cd %s && %s", process.quote(directory), command))
  if status ~= 0 then
    process.removeDirectory(directory)
    error("openssl: " .. output, 3)
  end
end

---@class spec.CertificateOptions
---@field names string?      subject alternative names; "IP:127.0.0.1,DNS:localhost" if not told
---@field expired boolean?
---@field selfSigned boolean? signed by no CA

local function lifetime(options)
  return options.expired and "-days -1" or "-days 2"
end

---@param options spec.CertificateOptions
---@return table made `certificate`, `key` and `caFile` are paths
function certificate.make(options)
  process.need("openssl", "openssl")
  local directory = process.directory()
  local names = "subjectAltName=" .. (options.names or "IP:127.0.0.1,DNS:localhost")
  run(directory, format("openssl req -x509 %s -days 2 -subj /CN=spec-ca -keyout ca.key -out ca.pem "
    .. "-addext basicConstraints=critical,CA:TRUE", KEY))
  if options.selfSigned then
    run(directory, format("openssl req -x509 %s %s -subj /CN=spec -addext %s -keyout key.pem -out cert.pem", KEY,
      lifetime(options), process.quote(names)))
  else
    run(directory, format("openssl req %s -subj /CN=spec -keyout key.pem -out request.pem", KEY))
    run(directory, "printf '%s\\n' " .. process.quote(names) .. " > extensions")
    run(directory, format("openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial %s "
      .. "-extfile extensions -out cert.pem", lifetime(options)))
  end
  return setmetatable({
    directory = directory,
    certificate = directory .. "/cert.pem",
    key = directory .. "/key.pem",
    caFile = directory .. "/ca.pem",
  }, Certificate)
end

---Removes the files.
function methods:remove()
  process.removeDirectory(self.directory)
end

return certificate
