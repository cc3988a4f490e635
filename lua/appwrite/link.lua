--- The links of Appwrite's mails and redirects, which carry what a call confirms with.

local argument = require "appwrite.argument"
local uri = require "appwrite.uri"

local error, format, gsub, match, type = error, string.format, string.gsub, string.match, type

---@class appwrite.Link
local Link = {}

---@class appwrite.LinkFields the fields of the link's query, decoded; such as these
---@field userId string?
---@field secret string?
---@field teamId string?       of invitations
---@field membershipId string? of invitations
---@field expire string?       when it ends, ISO 8601

---Read a link, as it was pasted or as the system handed it to the program: of any scheme, blanks around it or not.
---@param text string
---@return appwrite.LinkFields? fields nil where there is no secret in it
---@return string? problem which does not repeat the text
function Link.parse(text)
  if type(text) ~= "string" then
    error(format("Link.parse: the link must be a string, got %s", type(text)), 2)
  end
  -- Mail programs break long lines, and put links into angle brackets.
  local query = match(gsub(text, "[%s<>]", ""), "^%a[%w+.-]*:[^?#]*%?([^#]*)")
  if not query then
    return nil, "this is no link with something behind a question mark, such as https://example.com/?userId=…&secret=…"
  end
  local fields = uri.fields(query)
  if (fields.secret or "") == "" then
    return nil, "there is no secret in this link; copy all of it"
  end
  return fields
end

return argument.closed("Link", Link)
