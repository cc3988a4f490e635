--- Appwrite client for Lua: `local appwrite = require "appwrite"`.
--
-- Loads little: what is named here is loaded when it is first used.

local operations = require "appwrite.operations"
local suggest = require "appwrite.suggest"

local error, format, rawset = error, string.format, rawset

-- Public name -> module, and where the name is a member of that module, which one.
local MODULES = {
  Channel = { "appwrite.channel" },
  Error = { "appwrite.error" },
  ID = { "appwrite.id" },
  InputFile = { "appwrite.input_file" },
  Link = { "appwrite.link" },
  Permission = { "appwrite.permission" },
  QR = { "appwrite.qr" },
  Query = { "appwrite.query" },
  Role = { "appwrite.role" },
  all = { "appwrite.tasks", "all" },
  array = { "appwrite.json", "array" },
  dump = { "appwrite.dump" },
  help = { "appwrite.help", "show" },
  int64 = { "appwrite.json", "int64" },
  json = { "appwrite.json" },
  null = { "appwrite.json", "null" },
  object = { "appwrite.json", "object" },
  onError = { "appwrite.tasks", "onError" },
  poll = { "appwrite.tasks", "poll" },
  run = { "appwrite.tasks", "run" },
  sleep = { "appwrite.tasks", "sleep" },
  spawn = { "appwrite.tasks", "spawn" },
  time = { "appwrite.time" },
}

---@class appwrite
---@field Channel appwrite.Channel         names of channels for realtime
---@field Error appwrite.ErrorModule       what is known of errors
---@field ID appwrite.ID                   new ids
---@field InputFile appwrite.InputFileModule files to upload
---@field Link appwrite.Link               what links of mails carry
---@field Permission appwrite.Permission   who may do what
---@field QR appwrite.QR                   QR codes
---@field Query appwrite.Query             queries for lists
---@field Role appwrite.Role               whom a permission is for
---@field VERSION string                   of this library
---@field account appwrite.Account         this and the other services: those of the client that `setup` made
---@field avatars appwrite.Avatars
---@field databases appwrite.Databases
---@field functions appwrite.Functions
---@field graphql appwrite.Graphql
---@field locale appwrite.Locale
---@field messaging appwrite.Messaging
---@field storage appwrite.Storage
---@field teams appwrite.Teams
---@field realtime appwrite.Realtime
---@field dump fun(value: any, options: { secrets: boolean? }|appwrite.Error|nil): string a result as readable text
---@field help fun(topic: string?)         prints what the reference says
---@field time appwrite.time               dates
---@field array fun(items: table?): table  a table that is sent as a JSON array, also when empty
---@field object fun(fields: table?): table a table that is sent as a JSON object, also when empty
---@field int64 fun(digits: string): any    an integer beyond 2^53 on Lua 5.1 and LuaJIT
---@field null userdata                     JSON's null
---@field json appwrite.json               JSON without loss
---@field spawn fun(fn: function, ...): appwrite.Task      start a task
---@field all fun(functions: function[]): ...              run functions side by side, and wait for all
---@field sleep fun(seconds: number)
---@field poll fun(timeout: number?): integer              move everything on; calls still under way
---@field run fun(fn: function?, ...): ...                 a task, and everything else, until nothing is left
---@field onError fun(fn: fun(message: string)?)           where errors go that nobody awaits
local appwrite = {}

local default

---What a call gave, where it went well; otherwise its error is raised. Like assert, which on Lua 5.1 takes texts only.
---@generic T
---@param result T?
---@param err any
---@return T result
---@return any ...
function appwrite.check(result, err, ...)
  if result == nil or result == false then
    error(err == nil and "appwrite.check: there is neither a result nor an error" or err, 0)
  end
  return result, err, ...
end

local function make(options)
  if options == appwrite then
    return nil, " is called with a dot: its one argument is the table of options"
  end
  local made, problem = require("appwrite.client").new(options)
  return made, problem and ": " .. problem
end

---Make a client.
---
---Raises when an option is unknown, of the wrong type or refused (an endpoint that is no http(s) URL, a header value
---with a line break): these are faults of the program or its configuration.
---@param options appwrite.ClientOptions
---@return appwrite.Client
function appwrite.new(options)
  local made, problem = make(options)
  if not made then
    error("appwrite.new" .. problem, 2)
  end
  return made
end

---Make the default client, whose services are then fields of this module: for prompts and short scripts.
---@param options appwrite.ClientOptions
---@return appwrite.Client
function appwrite.setup(options)
  local made, problem = make(options)
  if not made then
    error("appwrite.setup" .. problem, 2)
  end
  default = made
  return made
end

---@class appwrite.ClientOptions
---@field project string           the project's id
---@field endpoint string?         default "https://cloud.appwrite.io/v1"
---@field basePath string?         the same
---@field key string?              API key (servers only)
---@field jwt string?              a user's JWT, instead of a session
---@field session string?          a session's token
---@field store string|appwrite.StoreFunctions|nil where the session is kept until the program runs again: a file's
---  path, or functions
---@field onSessionLost (fun(client: appwrite.Client, err: appwrite.Error))? called once, in the call that is refused
---  because the server does not know the session any more, before it gives its error; the session is forgotten then
---@field locale string?           such as "pt-br"
---@field headers table<string, string>? sent with every call
---@field timeout number?          seconds for one call, from when its turn came; default 60, without limit for files
---@field connectTimeout number?   seconds; default 10
---@field lowSpeedLimit number?    bytes a second below which a transfer counts as stuck; default 1
---@field lowSpeedTime number?     seconds it may be stuck; default 60
---@field maxResponseBytes number? largest answer kept in memory; default 64 MiB
---@field maxConnections integer? to one host, for all clients of this Lua state; default 6, in nginx 256
---@field caFile string?           certificates to trust instead of the system's
---@field selfSigned boolean?      accept any certificate: for development only
---@field verifyStatus boolean?    accept only a certificate that the server proves not to be revoked, by an OCSP answer
---  that it sends along ("staples"); default false, since most servers send none
---@field proxy string?            URL of a proxy
---@field userAgent string?        put behind the library's own
---@field nulls "drop"|"keep"|nil  whether a null reads as an absent field (default) or as appwrite.null
---@field validate "strict"|"loose"|nil loose: parameters and values that the library does not know are sent as they
---  are, for servers newer than it
---@field retry appwrite.RetryPolicy|boolean|nil what is done again that failed: by default three attempts where that
---  does no harm; false: nothing
---@field onRetry (fun(info: appwrite.RetryInfo): boolean?)? called before each repetition; false: not that one
---@field limit appwrite.LimitOption|boolean|nil true: calls wait for their turn by the server's rate limits; a table:
---  also by a limit of your own for all requests together
---@field log appwrite.LogFunction? told what the client does; appwrite.log has the list of events
---@field transport appwrite.Transport? instead of the C core, e.g. the fake one of tests

local function unknown(name)
  local known = { "new", "setup", "check", "realtime", "VERSION" }
  for public in pairs(MODULES) do
    known[#known + 1] = public
  end
  for _, service in ipairs(operations.SERVICES) do
    known[#known + 1] = service
  end
  local near = suggest.nearest(tostring(name), known)
  return format('appwrite has no "%s"%s', tostring(name), near and format('; did you mean "%s"?', near) or "")
end

local function index(self, name)
  local entry = MODULES[name]
  if entry then
    local value = require(entry[1])
    if entry[2] then
      value = value[entry[2]]
    end
    rawset(self, name, value)
    return value
  end
  if name == "VERSION" then
    return require("appwrite.core").VERSION
  end
  if operations.isService(name) or name == "realtime" then
    if not default then
      error(format('appwrite.%s needs a client: call appwrite.setup { project = "…" } first, or appwrite.new', name), 2)
    end
    return default[name]
  end
  error(unknown(name), 2)
end

return setmetatable(appwrite, { __name = "appwrite", __index = index })
