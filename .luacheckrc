std = "max"
max_line_length = 120
exclude_files = { "build" }
-- Tables of cases are read by line.
files["spec"] = { std = "max+busted", max_line_length = 200 }
-- nginx's Lua has this; elsewhere it is nil.
files["lua/appwrite/host.lua"] = { read_globals = { "ngx" } }
files["lua/appwrite/loop/nginx.lua"] = { read_globals = { ngx = { other_fields = true } } }
files["spec/data"] = { max_line_length = false }
files["examples/sandbox"] = { std = "ngx_lua" }
files["spec/support/*_nginx*.lua"] = { std = "ngx_lua" }
