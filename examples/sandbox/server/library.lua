--- Loads C libraries of Debian's packages; a missing one ends the start with the name of its package.

local ffi = require "ffi"

local format = string.format

local library = {}

---@param file string such as "libgd.so.3"
---@param package string Debian's
---@return ffi.namespace*
function library.load(file, package)
  local ok, loaded = pcall(ffi.load, file)
  if not ok then
    error(format("the library %s is missing: install Debian's package %s", file, package), 0)
  end
  return loaded
end

return library
