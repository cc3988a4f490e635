-- Registering, logging in and out. The browser keeps Appwrite's session in a cookie that scripts cannot read.
-- luacheck: std ngx_lua

local appwrite = require "appwrite"
local clients = require "clients"
local web = require "web"

local session = {}

-- SameSite: no other site's form can act for the user. Over https, add "; Secure".
local COOKIE = "session=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d"
local YEAR = 365 * 24 * 3600 -- seconds; Appwrite ends the session before that, if so configured

local function setCookie(value, age)
  ngx.header["set-cookie"] = COOKIE:format(value, age)
end

-- Only a call with the key is told the secret of the session that it makes.
local function enter(form)
  local made, err = clients.server().account.createEmailPasswordSession {
    email = form.email or "", password = form.password or "",
  }
  if not made then
    return web.home(err.message)
  end
  setCookie(made.secret, YEAR)
  return web.home()
end

function session.logIn()
  local form = web.form()
  if form then
    enter(form)
  end
end

function session.register()
  local form = web.form()
  if not form then
    return
  end
  local user, err = clients.guest().account.registerUser {
    userId = appwrite.ID.unique(), email = form.email or "", password = form.password or "",
    name = form.name ~= "" and form.name or nil,
  }
  if not user then
    return web.home(err.message)
  end
  enter(form)
end

function session.logOut()
  if not web.form() then
    return
  end
  local client = clients.user()
  local _, err
  if client then
    _, err = client.account.logoutSessionById { sessionId = "current" }
  end
  setCookie("", 0)
  return web.home(err and err.code ~= 401 and err.message or nil) -- 401: it was over already
end

return session
