--- Certificates for servers of the specs, made by openssl when they are needed: a CA of their own, and what it signed.

local process = require "spec.support.process"

local format = string.format

local Certificate = { __name = "spec.Certificate" }
local methods = {}
Certificate.__index = methods

local certificate = {}

local KEYS = {
  usual = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes",
  weak = "-newkey rsa:1024 -nodes",
}

-- What `openssl ca` wants to know; only it takes dates, and revokes.
local AUTHORITY = [[
[ca]
default_ca = spec
[spec]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
default_md = sha256
default_crl_days = 2
[any]
commonName = supplied
]]

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
---@field early boolean?     not valid yet
---@field selfSigned boolean? signed by no CA
---@field stranger boolean?  signed by another CA than that of `caFile`
---@field weakKey boolean?   RSA of 1024 bits
---@field weakHash boolean?  signed with SHA-1
---@field revoked boolean?   by its CA, which says so in `crl`
---@field noAuthority boolean? signed by one that may sign none, though `caFile` has it
---@field clientsOnly boolean? for clients, not for servers
---@field mustStaple boolean? asks for a stapled OCSP answer (RFC 7633)

local function lifetime(options)
  return options.expired and "-days -1" or "-days 2"
end

local function makeAuthority(directory, name, mayNot)
  run(directory, format("openssl req -x509 %s -days 2 -subj /CN=spec-%s -keyout %s.key -out %s.pem "
    .. "-addext basicConstraints=critical,CA:%s", KEYS.usual, name, name, name, mayNot and "FALSE" or "TRUE"))
end

local function sign(directory, options)
  local authority = options.stranger and "stranger" or "ca"
  if options.stranger then
    makeAuthority(directory, authority)
  end
  if not (options.early or options.revoked) then
    run(directory, format("openssl x509 -req -in request.pem -CA %s.pem -CAkey %s.key -CAcreateserial %s %s "
      .. "-extfile extensions -out cert.pem", authority, authority, lifetime(options), options.weakHash and "-sha1" or ""))
    return
  end
  local command = "openssl ca -batch -config authority -cert ca.pem -keyfile ca.key "
  run(directory, format("printf '%%s\\n' %s > authority && : > index.txt && echo 1000 > serial && "
    .. "%s -in request.pem -out cert.pem -notext -extfile extensions %s", process.quote(AUTHORITY), command,
    options.early and "-startdate 20900101000000Z -enddate 20910101000000Z" or "-days 2"))
  if options.revoked then
    run(directory, format("%s -revoke cert.pem && %s -gencrl -out crl.pem", command, command))
  end
end

---@param options spec.CertificateOptions
---@return table made `certificate`, `key`, `caFile`, `chain` (certificate and CA) and, of one that is revoked, `crl` are
---  paths
function certificate.make(options)
  process.need("openssl", "openssl")
  local directory = process.directory()
  local names = "subjectAltName=" .. (options.names or "IP:127.0.0.1,DNS:localhost")
  local key = options.weakKey and KEYS.weak or KEYS.usual
  makeAuthority(directory, "ca", options.noAuthority)
  if options.selfSigned then
    run(directory, format("openssl req -x509 %s %s -subj /CN=spec -addext %s -keyout key.pem -out cert.pem", key,
      lifetime(options), process.quote(names)))
  else
    run(directory, format("openssl req %s -subj /CN=spec -keyout key.pem -out request.pem", key))
    run(directory, format("printf '%%s\\n' %s %s %s > extensions", process.quote(names),
      options.clientsOnly and "extendedKeyUsage=clientAuth" or "", options.mustStaple and "tlsfeature=status_request" or ""))
    sign(directory, options)
  end
  run(directory, "cat cert.pem ca.pem > chain.pem")
  return setmetatable({
    directory = directory,
    chain = directory .. "/chain.pem",
    certificate = directory .. "/cert.pem",
    key = directory .. "/key.pem",
    caFile = directory .. "/ca.pem",
    crl = directory .. "/crl.pem",
  }, Certificate)
end

---Removes the files.
function methods:remove()
  process.removeDirectory(self.directory)
end

return certificate
