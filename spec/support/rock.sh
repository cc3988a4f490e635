#!/bin/sh
# rock.sh TREE : `luarocks make` into an empty tree, then a client from there. Run in the checkout.
set -eu
tree=$1
copy=$tree-sources
rm -rf "$tree" "$copy"
mkdir -p "$tree" "$copy"
# LuaRocks compiles in place, and this folder is not its own.
cp -R appwrite-scm-1.rockspec csrc lua "$copy"
tree=$(CDPATH='' cd -- "$tree" && pwd)
cd "$copy"
luarocks --lua-version 5.4 make --deps-mode=none --tree "$tree" appwrite-scm-1.rockspec
LUA_PATH="$tree/share/lua/5.4/?.lua;;" LUA_CPATH="$tree/lib/lua/5.4/?.so;;" lua5.4 -e '
  local appwrite = require "appwrite"
  local client = appwrite.new { project = "rock", endpoint = "http://127.0.0.1:1/v1" }
  local _, err = client.account.getCurrentUser()
  assert(err.kind == "network", tostring(err))
  assert(package.searchpath("appwrite.core", package.cpath):find("'"$tree"'", 1, true))'
