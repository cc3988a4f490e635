-- luacheck: std max+love

function love.conf(t)
  t.identity = "appwrite-bench"
  t.window.title = "Frame times"
  t.window.vsync = 0 -- a display that nobody sees has none; main.lua keeps the pace
  for _, unused in ipairs { "audio", "joystick", "physics", "sound", "touch", "video" } do
    t.modules[unused] = false
  end
end
