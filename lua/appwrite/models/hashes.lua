--- How passwords are stored (`hashOptions` of a user). Users never see these; programs with an API key may.

local kind = { "type", "string", "name of the algorithm" }

return {
  {
    name = "AlgoArgon2", doc = "Argon2.",
    fields = {
      kind,
      { "memoryCost", "integer", "memory" },
      { "timeCost", "integer", "iterations" },
      { "threads", "integer", "threads" },
    },
  },
  { name = "AlgoBcrypt", doc = "Bcrypt.", fields = { kind } },
  { name = "AlgoMd5", doc = "MD5.", fields = { kind } },
  { name = "AlgoPhpass", doc = "PHPass.", fields = { kind } },
  {
    name = "AlgoScrypt", doc = "Scrypt.",
    fields = {
      kind,
      { "costCpu", "integer", "processor cost" },
      { "costMemory", "integer", "memory cost" },
      { "costParallel", "integer", "parallelization" },
      { "length", "integer", "bytes of the hash" },
    },
  },
  {
    name = "AlgoScryptModified", doc = "Firebase's Scrypt.",
    fields = {
      kind,
      { "salt", "string", "salt", secret = true },
      { "saltSeparator", "string", "what stands behind the salt", secret = true },
      { "signerKey", "string", "key of the project", secret = true },
    },
  },
  { name = "AlgoSha", doc = "SHA.", fields = { kind } },
}
