--- The few pages for people with a browser.

local response = require "server.response"

local format, gsub = string.format, string.gsub

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local PAGE = [[
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title></head>
<body style="font-family: sans-serif; max-width: 32em; margin: 4em auto">
<h1>%s</h1>
%s
<p><small>This is the sandbox, a stand-in for an Appwrite server.</small></p>
</body>
</html>
]]

local pages = {}

---@param text string
---@return string
function pages.escape(text)
  return (gsub(text, "[&<>\"']", ENTITIES))
end

local escape = pages.escape

---@param status integer
---@param page { title: string, heading?: string, body: string } body: HTML
---@return sandbox.Response
function pages.page(status, page)
  local title = escape(page.title)
  return {
    status = status, contentType = "text/html; charset=UTF-8",
    body = format(PAGE, title, page.heading and escape(page.heading) or title, page.body),
  }
end

---The page that some operations answer with where another would answer with an error in JSON.
---@param project? sandbox.Project
---@param problem sandbox.Error
---@return sandbox.Response
function pages.error(project, problem)
  local answer = pages.page(problem.code, {
    title = (project and project.name or "Sandbox") .. " - Error", heading = "Error " .. problem.code,
    body = format("<p>%s</p>\n<p>Type: <code>%s</code></p>", escape(problem.message), escape(problem.type)),
  })
  answer.headers = response.error(problem).headers
  return answer
end

-- A field of the form that the browser sends back as it came.
local function hidden(name, value)
  return format('<input type="hidden" name="%s" value="%s">\n', escape(name), escape(value))
end

---Where somebody signs in with the mock provider, or refuses to.
---@param kept table<string, string> what the form sends along
---@return sandbox.Response
function pages.provider(kept)
  local fields = {}
  for _, name in ipairs { "client_id", "redirect_uri", "scope", "state" } do
    fields[#fields + 1] = hidden(name, kept[name] or "")
  end
  return pages.page(200, {
    title = "Mock provider", heading = "Sign in with the mock provider",
    body = format([[
<form method="get">
%s<p><label>E-mail address <input type="email" name="email" required value="useroauth@localhost.test"></label></p>
<p><label>Name <input name="name" value="User Name"></label></p>
<p><button name="choice" value="allow">Sign in</button>
<button name="choice" value="refuse" formnovalidate>Refuse</button></p>
</form>]], table.concat(fields)),
  })
end

local LANDINGS = {
  ["auth/oauth2/success"] = { "Signed in", "You have signed in. Go back to the program that sent you here." },
  ["auth/oauth2/failure"] = { "Not signed in", "Signing in did not work. Go back to the program that sent you here." },
  ["auth/magic-url"] = { "Your link", "The link works: your program confirms with its <code>userId</code> and "
    .. "<code>secret</code>, which are in the address of this page." },
}

---The pages where links end that no page of one's own was named for.
---@param request sandbox.Request
---@return sandbox.Response? nil for any other address
function pages.landing(request)
  local words = request.method == "GET" and LANDINGS[table.concat(request.segments, "/")]
  return words and pages.page(200, { title = words[1], body = "<p>" .. words[2] .. "</p>" })
end

return pages
