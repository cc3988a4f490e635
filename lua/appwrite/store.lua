--- Where a session is kept until the program runs again: in a file, or by functions of the program's own. Either keeps
-- one text, which is secret and which the core alone reads and writes.

local mask = require "appwrite.mask"
local options = require "appwrite.options"

local find, format, gsub, open, pcall, remove, rename, setmetatable, tostring, type =
  string.find, string.format, string.gsub, io.open, pcall, os.remove, os.rename, setmetatable, tostring, type

local MAX = 64 * 1024 -- bytes; of no session more are written
local NO_ENTRY = 2 -- ENOENT, the same on all systems
local NOTHING = "" -- what is saved by a program that has no `clear`, and what a new file holds

local RULES = {
  load = { type = "function" },
  save = { type = "function" },
  clear = { type = "function" },
}

---@class appwrite.StoreFunctions for save games, keyrings, Redis. They are called without a self, and may wait where
---  the call that caused it may (on Lua 5.1 not in a task). Each says by nil or false and a message that it failed.
---  That, and what one raises, is told; it does not make a call fail.
---@field load fun(): string?, string?     the text that was saved; nil: none
---@field save fun(text: string): any, any keeps it, so that nobody but the user may read it
---@field clear (fun(): any, any)?         forgets it; without one, an empty text is saved

---@class appwrite.Store
---@field load fun(self): string?, string?           the text; nil where there is none; nil and a problem
---@field reject fun(self, reason: string): string   what was loaded is not to be used; gives the problem as a sentence
---@field save fun(self, text: string): true?, string?
---@field clear fun(self, last: string?): true?, string? `last`: what this program saved or loaded last, if it knows

local store = {}

-- Files ---------------------------------------------------------------------------------------------------------------

local File = { __name = "appwrite.FileStore" }
local fileMethods = {}
File.__index = fileMethods

function File.__tostring(self)
  return format("appwrite.FileStore (%s)", self.path)
end

local function core()
  return require "appwrite.core"
end

local function isRegular(path)
  local info = core().stat(path)
  return info ~= nil and info.regular
end

local function read(path)
  local file, why, code = open(path, "rb")
  if not file then
    return nil, why, code
  end
  local text
  text, why = file:read(MAX + 1)
  file:close()
  return text or "", why
end

-- It is not this library's, so it is not replaced either.
local function leave(self, why)
  self.off = format("no session is kept in '%s': %s", self.path, why)
  return self.off
end

function fileMethods:load()
  local info = core().stat(self.path)
  if info and not info.regular then -- a pipe would be waited for
    return nil, leave(self, info.directory and "it is a directory" or "it is no regular file")
  end
  core().tidy(self.path)
  local text, why, code = read(self.path)
  if text and not why then
    return text ~= NOTHING and text or nil
  elseif code == NO_ENTRY then
    return nil
  end
  -- Messages of io.open begin with the path.
  return nil, self:reject("cannot be read: " .. gsub(why, "^.*: ", ""))
end

-- rename() replaces nothing on Windows.
local function move(from, to)
  local done, why = rename(from, to)
  if not done and isRegular(to) then
    remove(to)
    done, why = rename(from, to)
  end
  return done, why
end

function fileMethods:reject(reason)
  local bad = self.path .. ".bad"
  local what = format("what is kept in '%s' %s", self.path, reason)
  local done, why = move(self.path, bad)
  if done or not isRegular(self.path) then -- another program that uses it may have been quicker
    return format("%s; it was set aside as '%s'", what, bad)
  end
  leave(self, "what is there cannot be set aside")
  return format("%s, and cannot be set aside as '%s': %s; nothing is kept", what, bad, tostring(why))
end

function fileMethods:save(text)
  if self.off then
    return nil, self.off
  end
  local done, _, message = core().keep(self.path, text)
  return done, message
end

-- What another program has put there meanwhile is that one's session.
function fileMethods:clear(last)
  if self.off then
    return true
  end
  local text, why, code = read(self.path)
  if code == NO_ENTRY or last and text and not why and text ~= last then
    return true
  end
  local done
  done, why, code = remove(self.path)
  if done or code == NO_ENTRY then
    return true
  end
  return nil, format("the session that is over stays in its file: %s", tostring(why))
end

-- Functions -----------------------------------------------------------------------------------------------------------

local Functions = { __name = "appwrite.FunctionStore" }
local functionMethods = {}
Functions.__index = functionMethods

function Functions.__tostring()
  return "appwrite.FunctionStore"
end

-- A program's message may repeat what it was to save.
local function withoutSecrets(message, text)
  message = tostring(message)
  if text and text ~= NOTHING then
    local from, to = find(message, text, 1, true)
    while from do
      message = message:sub(1, from - 1) .. mask.HIDDEN .. message:sub(to + 1)
      from, to = find(message, text, 1, true)
    end
  end
  return mask.pairs(message)
end

local function attempt(name, fn, text)
  local ok, result, problem = pcall(fn, text)
  if not ok then
    return nil, format("the store's %s raised an error: %s", name, withoutSecrets(result, text))
  elseif result == false or result == nil and problem ~= nil then
    return nil, format("the store's %s failed: %s", name, withoutSecrets(problem or "it returned false", text))
  end
  return result == nil and NOTHING or result
end

function functionMethods:load()
  local text, problem = attempt("load", self.given.load)
  if problem then
    return nil, problem
  elseif type(text) ~= "string" then
    return nil, format("the store's load must return a text, or nil where there is none; got a %s", type(text))
  end
  return text ~= NOTHING and text or nil
end

function functionMethods:reject(reason) -- luacheck: no self
  return format("what the store's load gave %s; it is not used", reason)
end

function functionMethods:save(text)
  local done, problem = attempt("save", self.given.save, text)
  return done and true, problem
end

function functionMethods:clear()
  if not self.given.clear then
    return self:save(NOTHING)
  end
  local done, problem = attempt("clear", self.given.clear)
  return done and true, problem
end

-- Both ----------------------------------------------------------------------------------------------------------------

---@param given any the option `store`, a string or a table
---@return string? problem
function store.check(given)
  if type(given) == "string" then
    return find(given, "%z") and 'option "store" must not contain NUL' or nil
  end
  local problem = options.check(given, RULES)
  if problem then
    return (gsub(problem, 'option "', 'option "store.', 1))
  elseif not (given.load and given.save) then
    return format('option "store" needs a function "%s": it takes a path, or functions load, save and clear',
      given.load and "save" or "load")
  end
  return nil
end

---@param given string|appwrite.StoreFunctions checked
---@return appwrite.Store
function store.new(given)
  if type(given) == "string" then
    return setmetatable({ path = given }, File)
  end
  return setmetatable({ given = { load = given.load, save = given.save, clear = given.clear } }, Functions)
end

return store
