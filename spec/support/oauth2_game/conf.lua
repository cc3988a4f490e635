-- luacheck: std max+love
function love.conf(t)
  t.identity = "oauth2-spec"
  t.window.width, t.window.height = 64, 64
end
