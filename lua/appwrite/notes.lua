--- What the reference says beside the data and the annotations: which errors an operation gives, who may call it, and
-- examples. A spec runs them all.

local error, format, ipairs, require = error, string.format, ipairs, require

---@class appwrite.Note
---@field example string a piece of a program that has `appwrite` and `client`
---@field signedIn true? somebody must be logged in (or an API key must allow it)
---@field errors string[]? words of appwrite.error_types, beside those that every call may give

local notes = {}

---@param service string
---@param operation string
---@return appwrite.Note
function notes.of(service, operation)
  local note = require("appwrite.notes." .. service)[operation]
  return note or error(format("appwrite.notes.%s says nothing of %s", service, operation), 2)
end

---The example for a function that is no operation.
---@param section string such as "Query"
---@param name string the function
---@return string? example
function notes.example(section, name)
  for _, entry in ipairs(require "appwrite.notes.library") do
    if entry.section == section then
      if not entry.names then
        return entry.example
      end
      for _, one in ipairs(entry.names) do
        if one == name then
          return entry.example
        end
      end
    end
  end
  return nil
end

return notes
