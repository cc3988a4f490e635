--- What a browser does with the URL of a sign-in, done by curl: it goes from redirect to redirect, and shows a page.

local process = require "spec.support.process"

local format = string.format
local quote = process.quote

local browser = {}

---Open a URL, and return at once. `-g`: brackets mean themselves.
---@param url string
---@param page string? file for the last page
function browser.start(url, page)
  local ok = os.execute(format("curl -gsSL --max-time 30 -o %s %s 2>/dev/null </dev/null &", quote(page or "/dev/null"),
    quote(url)))
  assert(ok == true or ok == 0)
end

---Open a URL, and wait for the last page.
---@param url string
---@return string page
function browser.get(url)
  local page, status = process.run("curl -gsSL --max-time 30 " .. quote(url))
  assert(status == 0, page)
  return page
end

---A program by which the system opens browsers, to be put in front of PATH.
---@return string directory to be removed
function browser.install()
  local directory = process.directory()
  local file = assert(io.open(directory .. "/xdg-open", "w"))
  assert(file:write('#!/bin/sh\nexec curl -gsSL --max-time 30 -o "$0.page" "$1"\n'))
  assert(file:close())
  local output, status = process.run("chmod +x " .. quote(directory .. "/xdg-open"))
  assert(status == 0, output)
  return directory
end

return browser
