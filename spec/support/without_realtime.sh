#!/bin/sh
# A build of the library where there is no libwslay: it loads, and says what is missing when realtime is used.
set -eu
cmake -S . -B build/without-realtime -DLUA=5.4 -DAPPWRITE_REALTIME=OFF -DAPPWRITE_WERROR=ON
cmake --build build/without-realtime --target appwrite-lua
LUA_PATH="lua/?.lua;;" LUA_CPATH="build/without-realtime/?.so;;" lua5.4 - <<'LUA'
local appwrite = require "appwrite"
local client = appwrite.new { project = "test" }
local ok, message = pcall(function() return client.realtime end)
assert(not ok and message:find("without realtime: build it where libwslay is installed", 1, true), message)
assert(client:url("avatars.getUserInitials", { name = "Ada" }))
print(message)
LUA
