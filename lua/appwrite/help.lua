--- `appwrite.help "account.registerUser"`: what the reference says, at a prompt.

local argument = require "appwrite.argument"
local describe = require "appwrite.describe"
local errorTypes = require "appwrite.error_types"
local helpers = require "appwrite.helpers"
local library = require "appwrite.reference.library"
local models = require "appwrite.models"
local notes = require "appwrite.notes"
local operations = require "appwrite.operations"
local suggest = require "appwrite.suggest"

local error, format, ipairs, pairs, type = error, string.format, ipairs, pairs, type
local concat, find, gmatch, gsub, lower, match, rep, sort, sub = table.concat, string.find, string.gmatch, string.gsub,
  string.lower, string.match, string.rep, table.sort, string.sub

local WIDTH = 80 -- characters of a line, as terminals have them
local WIDEST = 30 -- characters of a column of names; a longer name has a line of its own

-- Text ----------------------------------------------------------------------------------------------------------------

-- Broken into lines; every line but the first begins with the margin.
local function wrapped(text, margin)
  local lines, line = {}, nil
  local width = WIDTH - #margin
  for word in gmatch(text, "%S+") do
    if line and #line + 1 + #word > width then
      lines[#lines + 1], line = line, word
    else
      line = line and line .. " " .. word or word
    end
  end
  lines[#lines + 1] = line
  return concat(lines, "\n" .. margin)
end

-- The same for paragraphs, but for those that are indented: code, and lists.
local function prose(text)
  local paragraphs = {}
  for paragraph in gmatch(text .. "\n\n", "(.-)\n\n") do
    paragraphs[#paragraphs + 1] = find("\n" .. paragraph, "\n[%s-]") and paragraph or wrapped(paragraph, "")
  end
  return concat(paragraphs, "\n\n")
end

local function indented(text)
  return sub(gsub("\n" .. text, "\n([^\n])", "\n  %1"), 2)
end

-- Rows of { name, text }, the texts one below another.
local function columns(rows)
  local widest, lines = 0, {}
  for _, row in ipairs(rows) do
    widest = #row[1] > widest and #row[1] or widest
  end
  widest = widest < WIDEST and widest or WIDEST
  local margin = rep(" ", widest + 4)
  for index, row in ipairs(rows) do
    local name = #row[1] > widest and wrapped(row[1], "    ") .. "\n" .. margin
      or row[1] .. rep(" ", widest + 2 - #row[1])
    lines[index] = gsub("  " .. name .. wrapped(row[2], margin), "%s+$", "")
  end
  return concat(lines, "\n")
end

local function part(parts, title, text)
  if text ~= "" then
    parts[#parts + 1] = title and format("%s\n%s", title, text) or text
  end
end

local function finished(parts)
  return concat(parts, "\n\n")
end

-- Topics --------------------------------------------------------------------------------------------------------------

local function paramRows(row)
  local rows = {}
  for index, param in ipairs(row.params) do
    local texts = { (param.required and "" or "optional ") .. param.type .. ": " .. param.doc }
    for _, text in ipairs(describe.range(param)) do
      texts[#texts + 1] = text
    end
    if param.enum then
      texts[#texts + 1] = "one of " .. concat(param.enum, ", ")
    end
    local default = describe.default(param)
    texts[#texts + 1] = default and "default " .. default
    rows[index] = { param.name, concat(texts, "; ") }
  end
  return rows
end

local RESULTS = {
  bytes = "the bytes, as a string", url = "the URL to open, as a string", data = "the data",
  ["true"] = "true: there is nothing to tell",
}

local function resultText(row)
  local result = describe.result(row)
  local model = models.find(result)
  return "  " .. wrapped(model and format('%s: %s appwrite.help "%s" has its fields.', result, model.doc, result)
    or RESULTS[result], "  ")
end

local function errorRows(names)
  local rows = {}
  for index, name in ipairs(names) do
    local known = errorTypes.TYPES[name]
    rows[index] = { format("%s (%d)", name, known[1]), known[2] }
  end
  return rows
end

local function whoText(row, note)
  local limit = describe.rateLimit(row)
  local texts = {
    note.signedIn and "Somebody must be logged in, or an API key must allow it." or "Nobody needs to be logged in.",
  }
  texts[#texts + 1] = limit and format("At most %s.", gsub(limit, "`", ""))
  return concat(texts, " ")
end

local function operationText(operation)
  local row = operation.row
  local service = match(operation.fullName, "^%a+")
  local note, parts = notes.of(service, row.name), {}
  part(parts, nil, wrapped("client." .. describe.signature(service, row), "  ")
    .. (row.alias ~= row.name and format("\nIn the official SDKs: %s.%s", service, row.alias) or ""))
  part(parts, nil, wrapped(row.doc, "") .. "\n" .. wrapped(whoText(row, note), ""))
  part(parts, "Parameters", columns(paramRows(row)))
  part(parts, "Result", resultText(row))
  part(parts, "Errors", columns(errorRows(errorTypes.of(row, note))))
  part(parts, "Example", indented(note.example))
  return finished(parts)
end

local function serviceText(name)
  local service, rows, parts = operations.service(name), {}, {}
  for _, row in ipairs(service.list) do
    rows[#rows + 1] = { row.name, row.doc }
  end
  for _, helper in ipairs(helpers.names(name)) do
    rows[#rows + 1] = { helper, library.functions[name .. "." .. helper].doc }
  end
  part(parts, nil, format("client.%s\n%s", name, wrapped(service.doc, "")))
  part(parts, nil, columns(rows))
  return finished(parts)
end

local function functionText(fullName)
  local one, parts = library.functions[fullName], {}
  local rows = {}
  for _, param in ipairs(one.params) do
    rows[#rows + 1] = { param[1], param[2] .. (param[3] ~= "" and ": " .. param[3] or "") }
  end
  part(parts, nil, wrapped(one.call, "  "))
  part(parts, nil, prose(one.doc))
  part(parts, "Parameters", columns(rows))
  rows = {}
  for _, result in ipairs(one.returns) do
    rows[#rows + 1] = { result[1], result[2] }
  end
  part(parts, "Result", columns(rows))
  part(parts, "Example", indented(notes.example(one.section, one.name)))
  return finished(parts)
end

local function sectionText(name)
  local section, rows, parts = library.sections[name], {}, {}
  for _, fullName in ipairs(section.functions) do
    rows[#rows + 1] = { library.functions[fullName].call, library.functions[fullName].doc }
  end
  part(parts, nil, prose(section.doc))
  part(parts, nil, columns(rows))
  return finished(parts)
end

local function modelText(name)
  local model, rows, parts = models.find(name), {}, {}
  for _, field in ipairs(model.fields) do
    rows[#rows + 1] = { field[1], field[2] .. ": " .. field[3] }
  end
  if model.open then
    rows[#rows + 1] = { "…", "further fields" }
  end
  part(parts, nil, format("%s\n%s", name, wrapped(model.doc, "")))
  part(parts, "Fields", columns(rows))
  return finished(parts)
end

local function tableText(name)
  local one, rows, parts = library.tables[name], {}, {}
  for _, field in ipairs(one.params) do
    rows[#rows + 1] = { field[1], field[2] .. (field[3] ~= "" and ": " .. field[3] or "") }
  end
  part(parts, nil, name .. (one.doc ~= "" and "\n" .. wrapped(one.doc, "") or ""))
  part(parts, "Type", one.type and "  " .. wrapped(one.type, "  ") or "")
  part(parts, "Fields", columns(rows))
  return finished(parts)
end

local function errorText(name)
  local known = errorTypes.TYPES[name]
  return format("%s (%d)\n%s", name, known[1], wrapped(known[2], ""))
end

local function overview()
  local services, sections, parts = {}, {}, {}
  for _, name in ipairs(operations.SERVICES) do
    services[#services + 1] = { name, operations.service(name).doc }
  end
  for name, section in pairs(library.sections) do
    sections[#sections + 1] = { name, section.summary }
  end
  sort(sections, function(a, b) return a[1] < b[1] end)
  part(parts, nil,
    wrapped('appwrite.help "account" tells of a service, appwrite.help "account.registerUser" of an operation.', ""))
  part(parts, "Services", columns(services))
  part(parts, "Beside them", columns(sections))
  part(parts, "What operations answer with", "  " .. wrapped(concat(models.names(), ", "), "  "))
  part(parts, "Words of errors", "  " .. wrapped(concat(errorTypes.names(), ", "), "  "))
  return finished(parts)
end

-- Finding them --------------------------------------------------------------------------------------------------------

local function operationOf(topic)
  if not find(topic, ".", 1, true) or not operations.isService(match(topic, "^%a+")) then
    return nil
  end
  local operation = operations.find(topic)
  return operation and operationText(operation)
end

local function allTopics()
  local all = {}
  for _, name in ipairs(operations.SERVICES) do
    all[#all + 1] = name
    for _, own in ipairs(operations.service(name).names) do
      all[#all + 1] = name .. "." .. own
    end
  end
  for _, list in ipairs { models.names(), errorTypes.names() } do
    for _, name in ipairs(list) do
      all[#all + 1] = name
    end
  end
  for _, known in ipairs { library.functions, library.sections, library.tables } do
    for name in pairs(known) do
      all[#all + 1] = gsub(name, "^appwrite%.", "")
    end
  end
  return all
end

-- Whoever leaves out what it is of (`registerUser`) has spelt it rightly.
local function nearestTo(wanted, short)
  local all, ending = allTopics(), "." .. lower(short)
  sort(all)
  for _, name in ipairs(all) do
    if sub(lower(name), -#ending) == ending then
      return name
    end
  end
  return suggest.nearest(short, all) or suggest.nearest(wanted, all)
end

local help = {}

---@param topic string
---@return string? text nil where there is nothing of that name
---@return string? nearest topic that there is
function help.text(topic)
  if topic == "" then
    return overview()
  end
  local wanted = gsub(topic, ":", ".")
  wanted = gsub(wanted, "%(.*$", "")
  wanted = wanted ~= "appwrite" and gsub(wanted, "^appwrite%.", "") or wanted
  local short = gsub(wanted, "^client%.", "")
  for _, name in ipairs { wanted, short } do
    local text = library.functions[name] and functionText(name) or operationOf(name)
      or operations.isService(name) and serviceText(name) or library.sections[name] and sectionText(name)
      or models.find(name) and modelText(name) or errorTypes.TYPES[name] and errorText(name)
      or library.tables["appwrite." .. name] and tableText("appwrite." .. name)
    if text then
      return text
    end
  end
  return nil, nearestTo(wanted, short)
end

---Prints what the reference says of something: a service ("account"), an operation ("account.registerUser", by either
---name), a function ("Query.equal"), a model ("User"), a table of options ("ClientOptions"), a word of `err.type`;
---without a topic, what there is.
---@param topic string?
function help.show(topic)
  if topic ~= nil and type(topic) ~= "string" then
    error(argument.wrong("help", "topic", 'a string such as "account.registerUser"', topic), 2)
  end
  local text, near = help.text(topic or "")
  if not text then
    error(format('help: there is nothing called "%s"%s', topic, near and format('; did you mean "%s"?', near)
      or "; appwrite.help() tells what there is"), 2)
  end
  print(text) -- whatever the host has made of it
end

return help
