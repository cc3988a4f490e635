-- OAuth2 in the real LÖVE: its own LuaSocket, its own way to open a browser, its own loop.

local browser = require "spec.support.browser"
local love = require "spec.support.love"
local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local GAME = "spec/support/oauth2_game"
local LONGEST = 0.25 -- seconds that a poll may take; generous, for machines that do other things too

describe("client.oauth2 in LÖVE", function()
  local server, directory, opener

  setup(function()
    love.build()
    server = sandbox.start {}
    directory = process.directory()
    opener = browser.install()
  end)

  teardown(function()
    server.stop()
    process.removeDirectory(directory)
    process.removeDirectory(opener)
  end)

  it("signs in, and no frame waits for it", function()
    local environment = love.checkout()
    environment.APPWRITE_ENDPOINT, environment.APPWRITE_PROJECT = server.endpoint, server.project
    environment.PATH = opener .. ":" .. os.getenv "PATH"
    local report = love.play(love.ROOT .. "/" .. GAME, "none", directory, environment)
    assert.same({ "oauth2", "useroauth@localhost.test" }, { report.provider, report.email })
    assert.matches("^LuaSocket", report.sockets)
    assert.is_true(report.frames > 1)
    assert.is_true(report.longest < LONGEST, "a poll took " .. report.longest .. " s")
  end)
end)
