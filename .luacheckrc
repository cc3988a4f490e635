std = "max"
max_line_length = 120
exclude_files = { "build" }
files["spec"] = { std = "max+busted" }
files["examples/sandbox"] = { std = "ngx_lua" }
files["spec/support/*_nginx*.lua"] = { std = "ngx_lua" }
