--- The reference as markdown: a page for each service, and pages of models, errors, and what is public beside them.

local describe = require "appwrite.describe"
local errorTypes = require "appwrite.error_types"
local helpers = require "appwrite.helpers"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local public = require "spec.reference.public"
local stubs = require "spec.reference.stubs"

local find, format, gsub, lower, match = string.find, string.format, string.gsub, string.lower, string.match
local concat = table.concat

local FOLDER = "lua/appwrite/reference/"
local FEW = 12 -- words of an enum that stand in a cell of a table

local markdown = {}

local HEAD = "<!-- Made by spec/generate.lua from %s: change that, not this. -->"

local function cell(text)
  return (gsub(gsub(text, "|", "\\|"), "\n", " "))
end

local function anchor(heading)
  return (gsub(gsub(lower(heading), "[^%w_%- ]", ""), " ", "-"))
end

local function link(text, page, heading)
  return format("[%s](%s#%s)", text, page, anchor(heading))
end

local function page(title, source)
  return { format(HEAD, source), "", "# " .. title, "" }
end

local function put(lines, text, ...)
  lines[#lines + 1] = select("#", ...) > 0 and format(text, ...) or text
end

local function done(lines)
  return (gsub(concat(lines, "\n"), "\n+$", "")) .. "\n"
end

local function code(names)
  return "`" .. concat(names, "`, `") .. "`"
end

local function example(lines, text)
  put(lines, "```lua")
  put(lines, text)
  put(lines, "```")
  put(lines, "")
end

---@param section reference.Section
---@return string heading
function markdown.heading(section)
  return (gsub(section.access, "[.:]$", ""))
end

-- Where a class is explained: page and anchor.
local places = {}

local function notePlaces(sections, tables)
  for _, service in ipairs(operations.SERVICES) do
    places[stubs.className(service)] = service .. ".md"
  end
  for _, name in ipairs(models.names()) do
    places["appwrite.models." .. name] = "models.md#" .. anchor(name)
  end
  for _, block in ipairs(tables) do
    places[block.class or block.alias] = "#" .. anchor(block.class or block.alias)
  end
  for _, section in ipairs(sections) do
    if section.class and not places[section.class.class] then
      places[section.class.class] = "#" .. anchor(markdown.heading(section))
    end
  end
end

-- What is a class, or several of one, leads to where that is explained.
local function typeText(text)
  local place = places[match(text, "^[%w_.]+")]
  local isOne = find(text, "^[%w_.]+%[?%]?%??$")
  return place and isOne and format("[`%s`](%s)", text, place) or format("`%s`", text)
end

-- Services ------------------------------------------------------------------------------------------------------------

-- With the values it may have, and no column for these: most would be empty, and a telephone has no room for it.
local function paramText(param)
  local texts = { param.doc }
  texts[2] = param.enum and (#param.enum <= FEW and code(param.enum) or "one of those below")
  for _, text in ipairs(describe.range(param)) do
    texts[#texts + 1] = text
  end
  local default = describe.default(param)
  texts[#texts + 1] = default and format("default `%s`", default)
  return concat(texts, "; ")
end

local function putParams(lines, row)
  if #row.params == 0 then
    return
  end
  put(lines, "| parameter | type | |")
  put(lines, "|---|---|---|")
  for _, param in ipairs(row.params) do
    put(lines, "| `%s` | %s%s | %s |", param.name, cell(param.type), param.required and "" or ", optional",
      cell(paramText(param)))
  end
  put(lines, "")
  for _, param in ipairs(row.params) do
    if param.enum and #param.enum > FEW then
      put(lines, "Values of `%s`: %s.", param.name, code(param.enum))
      put(lines, "")
    end
  end
end

local RESULTS = {
  bytes = "the bytes as a string; with `{ to = … }` behind the parameters they go to a file or a function",
  url = "the URL to open, as a string", data = "the data; beside it an error of kind `graphql` where a part failed",
  ["true"] = "`true`",
}

local function resultText(row)
  local result = describe.result(row)
  return models.find(result) and link(result, "models.md", result) or RESULTS[result]
end

local function errorText(row, note)
  local texts = {}
  for index, name in ipairs(errorTypes.of(row, note)) do
    texts[index] = link("`" .. name .. "`", "errors.md", name)
  end
  local every = note.signedIn and "[those of every call as a user](errors.md#of-every-call-as-a-user)"
    or "[those of every call](errors.md#of-every-call)"
  texts[#texts + 1] = every
  return concat(texts, ", ")
end

-- Names of other operations of the service, where a text has them, lead there.
local function linked(service, row, text)
  return (gsub(text, "%f[%w_`\"][%a][%w_]+%f[^%w_]", function(word)
    local other = service.byName[word]
    return other and other ~= row and other.name == word and find(word, "%u") and format("[%s](#%s)", word,
      anchor(word)) or nil
  end))
end

local function sentTwice(row)
  return row.verb == "GET" or row.idempotent
end

local function putOperation(lines, service, row)
  local note = notes.of(service, row.name)
  put(lines, "## %s", row.name)
  put(lines, "")
  put(lines, "`client.%s`", describe.signature(service, row))
  put(lines, "")
  put(lines, linked(operations.service(service), row, row.doc))
  put(lines, "")
  putParams(lines, row)
  put(lines, "- Result: %s", resultText(row))
  if row.list then
    put(lines, '- All pages: `client:each("%s.%s", …)`', service, row.name)
  end
  put(lines, "- Errors: %s", errorText(row, note))
  put(lines, "- Limit: %s", describe.rateLimit(row) or "none")
  put(lines, "- Who: %s", note.signedIn and "a user who is logged in, or an API key" or "anybody, as far as permissions go")
  put(lines, "- Official name: `%s`; `%s %s`; %s", row.alias, row.verb, row.path,
    sentTwice(row) and "retried after a timeout or a lost connection" or "retried only where the server did nothing")
  put(lines, "")
  example(lines, note.example)
end

local function serviceText(name)
  local service = operations.service(name)
  local lines = page(name, format("lua/appwrite/services/%s.lua and lua/appwrite/notes/%s.lua", name, name))
  put(lines, "%s [All pages](README.md).", service.doc)
  put(lines, "")
  put(lines, "| operation | official name | |")
  put(lines, "|---|---|---|")
  for _, row in ipairs(service.list) do
    put(lines, "| [%s](#%s) | %s | %s |", row.name, anchor(row.name), row.alias ~= row.name and row.alias or "",
      cell(linked(service, row, row.doc)))
  end
  put(lines, "")
  for _, helper in ipairs(helpers.names(name)) do
    put(lines, "Beside these there is [`client.%s.%s`](library.md#%s).", name, helper, anchor("client." .. name))
    put(lines, "")
  end
  for _, row in ipairs(service.list) do
    putOperation(lines, name, row)
  end
  return done(lines)
end

-- Models and errors ---------------------------------------------------------------------------------------------------

local function fieldType(text)
  local parsed = models.parse(text)
  local name = models.find(parsed.name) and link(parsed.name, "", parsed.name) or parsed.name
  return (parsed.isArray and "array of " .. name or name) .. (parsed.isOptional and ", or absent" or "")
end

-- Those by which few people look come last.
local function modelNames()
  local first, last = {}, {}
  for _, name in ipairs(models.names()) do
    local list = find(name, "^Algo") and last or first
    list[#list + 1] = name
  end
  for _, name in ipairs(last) do
    first[#first + 1] = name
  end
  return first
end

local function modelsText()
  local lines = page("Models", "lua/appwrite/models")
  put(lines, "What operations answer with: plain Lua tables. A *date* is a string that [`appwrite.time`](library.md#"
    .. "appwritetime) reads; an empty one means never. Nulls are absent, unless the client has `nulls = \"keep\"`. [All "
    .. "pages](README.md).")
  put(lines, "")
  local links = {}
  for index, name in ipairs(modelNames()) do
    links[index] = link(name, "", name)
  end
  put(lines, concat(links, ", "))
  put(lines, "")
  for _, name in ipairs(modelNames()) do
    local model = models.find(name)
    put(lines, "## %s", name)
    put(lines, "")
    put(lines, model.doc)
    put(lines, "")
    if #model.fields > 0 then
      put(lines, "| field | type | |")
      put(lines, "|---|---|---|")
      for _, field in ipairs(model.fields) do
        put(lines, "| `%s` | %s | %s |", field[1], fieldType(field[2]), cell(field[3]))
      end
      put(lines, "")
    end
    if model.open and #model.fields > 0 then
      put(lines, "And further fields.")
      put(lines, "")
    end
  end
  return done(lines)
end

local function sources()
  local found = {}
  for _, service in ipairs(operations.SERVICES) do
    for _, row in ipairs(operations.service(service).list) do
      for _, name in ipairs(errorTypes.of(row, notes.of(service, row.name))) do
        found[name] = found[name] or {}
        table.insert(found[name], link(service .. "." .. row.name, service .. ".md", row.name))
      end
    end
  end
  return found
end

local function errorLinks(names)
  local texts = {}
  for index, name in ipairs(names) do
    texts[index] = link("`" .. name .. "`", "", name)
  end
  return concat(texts, ", ")
end

local function errorsText()
  local lines, from = page("Errors of the server", "lua/appwrite/error_types.lua and lua/appwrite/notes"), sources()
  put(lines, "The words that `err.type` has where `err.kind` is `api`. A server may know more of them; those of newer "
    .. "versions are handed on as they come. For the other kinds `err.type` is the kind. [All pages](README.md).")
  put(lines, "")
  put(lines, "## Of every call")
  put(lines, "")
  put(lines, "%s; and whatever goes wrong in the server itself: %s, %s.", errorLinks(errorTypes.EVERY),
    errorLinks { "general_unknown" }, errorLinks { "general_server_error" })
  put(lines, "")
  put(lines, "## Of every call as a user")
  put(lines, "")
  put(lines, "%s.", errorLinks(errorTypes.SIGNED_IN))
  put(lines, "")
  for _, name in ipairs(errorTypes.names()) do
    local known = errorTypes.TYPES[name]
    put(lines, "## %s", name)
    put(lines, "")
    put(lines, "Status %d: %s", known[1], gsub(known[2], "^%u", lower))
    put(lines, "")
    if from[name] and name ~= "general_argument_invalid" then
      put(lines, "Of %s.", concat(from[name], ", "))
      put(lines, "")
    end
  end
  return done(lines)
end

-- What is public beside the operations --------------------------------------------------------------------------------

local function putMember(lines, one)
  put(lines, "### %s", one.fullName)
  put(lines, "")
  put(lines, "`%s`", one.call)
  put(lines, "")
  put(lines, one.doc)
  put(lines, "")
  for _, param in ipairs(one.params) do
    put(lines, "- `%s` (%s%s)%s", param.name, typeText(param.type), param.optional and ", optional" or "",
      param.doc ~= "" and ": " .. param.doc or "")
  end
  for index, result in ipairs(one.returns) do
    local words = result.name and result.doc ~= "" and result.name .. " " .. result.doc or result.name or result.doc
    words = gsub(words, "^%.%.%.%s*", "")
    put(lines, "- %s %s%s", index == 1 and "gives" or "and", typeText(result.type .. (result.optional and "?" or "")),
      words ~= "" and " " .. words or "")
  end
  put(lines, "")
end

local function putExamples(lines, section)
  for _, entry in ipairs(require "appwrite.notes.library") do
    if entry.section == section.name then
      example(lines, entry.example)
    end
  end
end

local function isFunction(type_)
  local alias = public.annotations().aliases[type_]
  return find(alias and alias.type or type_, "^fun")
end

local function putFields(lines, class, what)
  local rows = {}
  for _, field in ipairs(class and class.fields or {}) do
    if not (what == "values" and isFunction(field.type) and not field.optional) then
      rows[#rows + 1] = format("| `%s` | %s%s | %s |", field.name, cell(typeText(field.type)),
        field.optional and ", optional" or "", cell(field.doc))
    end
  end
  if #rows > 0 then
    put(lines, "| field | type | |")
    put(lines, "|---|---|---|")
    put(lines, concat(rows, "\n"))
    put(lines, "")
  end
end

-- A file's first lines have examples of code, indented by two more than the text.
local function putHeader(lines, doc)
  local isCode = false
  for line in (doc .. "\n"):gmatch "(.-)\n" do
    local code_ = match(line, "^  (.*)$")
    if code_ and not isCode then
      put(lines, "```lua")
    elseif isCode and not code_ then
      put(lines, "```")
    end
    isCode = code_ ~= nil
    put(lines, code_ or line)
  end
  if isCode then
    put(lines, "```")
  end
  put(lines, "")
end

local function libraryText(sections)
  local tables = public.tables(sections)
  notePlaces(sections, tables)
  local lines = page("The library", "the annotations in lua/appwrite")
  put(lines, "What is public beside the operations. [All pages](README.md).")
  put(lines, "")
  for _, section in ipairs(sections) do
    put(lines, "- [%s](#%s): %s", markdown.heading(section), anchor(markdown.heading(section)), section.summary)
  end
  put(lines, "- [Tables](#tables) that these take and give")
  put(lines, "")
  for _, section in ipairs(sections) do
    put(lines, "## %s", markdown.heading(section))
    put(lines, "")
    putHeader(lines, section.doc)
    putFields(lines, section.class, "values")
    putExamples(lines, section)
    for _, one in ipairs(section.members) do
      putMember(lines, one)
    end
  end
  put(lines, "## Tables")
  put(lines, "")
  for _, block in ipairs(tables) do
    put(lines, "### %s", block.class or block.alias)
    put(lines, "")
    if block.doc ~= "" then
      put(lines, block.doc)
      put(lines, "")
    end
    if block.alias then
      put(lines, "`%s`", block.type)
      put(lines, "")
    end
    putFields(lines, block)
  end
  return done(lines)
end

-- Pages ---------------------------------------------------------------------------------------------------------------

local INDEX = [[
| page | |
|---|---|
%s
| [models](models.md) | what operations answer with |
| [errors](errors.md) | the words in `err.type` |
| [library](library.md) | all else: the client, tasks, queries, permissions, files, realtime, tests of your own code |

A call takes a table of parameters, options, and a callback, each of which may be left out:

```lua
local here, err, response = client.locale.getUserLocale()
client.locale.listCountries({}, { timeout = 5 }, function(list, problem)
  print(list and list.total or problem)
end)
```

It gives `result, nil, response`, or `nil, err`; with a callback, an [`appwrite.Task`](library.md#task). Options are those
of [`appwrite.CallOptions`](library.md#appwritecalloptions). A misspelt or missing parameter, or one of the wrong type, raises
where the call is written; a value out of its range is an error of kind `argument`, and nothing is sent.

In the examples `client` is a client, with a user logged in where the operation needs one. `userId`, `secret`, `code` and
`link` stand for what a message or an answer has brought, `fileId` and its like for things that exist. A spec runs each of
them. [`appwrite.help`](library.md#help) shows the same at a prompt.]]

local function indexText()
  local lines = page("Reference", "lua/appwrite/services")
  local rows = {}
  for index, name in ipairs(operations.SERVICES) do
    rows[index] = format("| [%s](%s.md) | %s |", name, name, operations.service(name).doc)
  end
  put(lines, INDEX, concat(rows, "\n"))
  return done(lines)
end

---@return table<string, string> files path -> text
function markdown.files()
  local files = {
    [FOLDER .. "README.md"] = indexText(), [FOLDER .. "models.md"] = modelsText(), [FOLDER .. "errors.md"] = errorsText(),
    [FOLDER .. "library.md"] = libraryText(public.sections()),
  }
  for _, service in ipairs(operations.SERVICES) do
    files[format("%s%s.md", FOLDER, service)] = serviceText(service)
  end
  return files
end

return markdown
