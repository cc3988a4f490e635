-- The page, made for whoever is logged in.
-- luacheck: std ngx_lua

local appwrite = require "appwrite"
local clients = require "clients"
local web = require "web"

local escape = web.escape
local Query = appwrite.Query

local page = {}

local HEAD = [[
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Scores</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  form { margin: 1rem 0; } input, button { font: inherit; padding: .3rem .6rem; }
  table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; }
  .problem { color: #a00; }
</style>
]]

local GUEST = [[
<h1>Scores</h1>
<form method="post" action="/login">
  <input name="email" type="email" placeholder="e-mail" required>
  <input name="password" type="password" placeholder="password" required>
  <button>Log in</button>
</form>
<form method="post" action="/register">
  <input name="name" placeholder="name">
  <input name="email" type="email" placeholder="e-mail" required>
  <input name="password" type="password" placeholder="password, 8 characters or more" minlength="8" required>
  <button>Register</button>
</form>
]]

local TOOLS = [[
<form id="upload"><input type="file" name="file" required> <button>Upload</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
<script>
  document.getElementById("upload").onsubmit = async (event) => {
    event.preventDefault();
    const file = event.target.file.files[0];
    const answer = await fetch("/upload?name=" + encodeURIComponent(file.name), { method: "POST", body: file });
    if (answer.ok) location.href = "/";
    else location.href = "/?problem=" + encodeURIComponent((await answer.json()).message);
  };
</script>
]]

local function problem(text)
  return text and ('<p class="problem">%s</p>\n'):format(escape(text)) or ""
end

local function listScores(client)
  return client.databases.listUserDocuments {
    databaseId = "main", collectionId = "scores", queries = { Query.orderDesc "points", Query.limit(10) },
  }
end

local function listFiles(client)
  return client.storage.listFiles { bucketId = "files", queries = { Query.orderDesc "$createdAt", Query.limit(10) } }
end

local function rows(list, line)
  local lines = {}
  for index, one in ipairs(list) do
    lines[index] = line(one)
  end
  return table.concat(lines)
end

local function scoresTable(found, err)
  if not found then
    return problem(err.message)
  end
  return ("<h2>Best scores</h2>\n<table><tr><th>Player<th>Level<th>Points</tr>\n%s</table>\n"):format(
    rows(found.documents, function(score)
      return ("<tr><td>%s<td>%d<td>%d</tr>\n"):format(escape(score.player), score.level, score.points)
    end))
end

local function filesList(found, err)
  if not found then
    return problem(err.message)
  end
  return ("<h2>Your files</h2>\n<ul>\n%s</ul>\n"):format(rows(found.files, function(file)
    return ("<li>%s, %d bytes</li>\n"):format(escape(file.name), file.sizeOriginal)
  end))
end

-- Both lists at once: each light thread waits for its own.
local function lists(client)
  local scores, files = ngx.thread.spawn(listScores, client), ngx.thread.spawn(listFiles, client)
  local _, foundScores, scoresErr = ngx.thread.wait(scores)
  local _, foundFiles, filesErr = ngx.thread.wait(files)
  return scoresTable(foundScores, scoresErr) .. filesList(foundFiles, filesErr)
end

function page.serve()
  local client, user, err = clients.user(), nil, nil
  if client then
    user, err = client.account.getCurrentUser()
  end
  local body
  if user then
    body = ("<h1>Hello %s</h1>\n"):format(escape(user.name)) .. lists(client) .. TOOLS
  elseif not err or err.code == 401 then -- a session that is over is none
    body = GUEST
  else
    ngx.log(ngx.WARN, tostring(err))
    ngx.status = 502
    body = "<h1>Scores</h1>\n" .. problem(err.message)
  end
  ngx.header["content-type"] = "text/html; charset=utf-8"
  ngx.header["cache-control"] = "no-store"
  ngx.print(HEAD, problem(ngx.var.arg_problem and ngx.unescape_uri(ngx.var.arg_problem)), body)
end

return page
