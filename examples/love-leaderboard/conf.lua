-- luacheck: std max+love

function love.conf(t)
  t.identity = "falling-stars" -- the folder for saved files
  t.version = "11.4"
  t.window.title = "Falling Stars"
  t.window.width = 800
  t.window.height = 600
  for _, unused in ipairs { "audio", "joystick", "physics", "sound", "touch", "video" } do
    t.modules[unused] = false
  end
end
