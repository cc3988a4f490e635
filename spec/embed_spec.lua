-- The library inside a C program: examples/embed is built, run against the sandbox, and asked what it needs.

local process = require "spec.support.process"
local sandbox = require "spec.support.sandbox"

local quote = process.quote

local BUILD = "build/embed"
local PROGRAM = BUILD .. "/embed"

local function must(command)
  local output, status = process.run(command)
  assert(status == 0, output)
  return output
end

describe("examples/embed", function()
  local server

  setup(function()
    must(("cmake -S examples/embed -B %s && cmake --build %s"):format(BUILD, BUILD))
    server = sandbox.start()
  end)

  teardown(function()
    server.stop()
  end)

  local function embed(arguments)
    return process.run(("APPWRITE_ENDPOINT=%s APPWRITE_PROJECT=%s LUA_PATH= LUA_CPATH= %s %s"):format(
      quote(server.endpoint), quote(server.project), PROGRAM, arguments))
  end

  it("plays its game while frames go by", function()
    local output, status = embed "examples/embed/game.lua"
    assert.equal(0, status, output)
    local said, frames = {}, {}
    for frame, text in output:gmatch "frame +(%d+)  ([^\n]*)" do
      said[#said + 1], frames[#frames + 1] = text, tonumber(frame)
    end
    assert.same({
      "logged in", "saved 1000 points", "saved 2000 points", "saved 3000 points",
      "1. level 3, 3000 points", "2. level 2, 2000 points", "3. level 1, 1000 points",
    }, said)
    -- Three pauses of 0.1 s are some 18 frames, which went on.
    assert.is_true(frames[5] - frames[2] >= 15, output)
    local count, seconds = output:match "(%d+) frames in ([%d.]+) s"
    assert.is_true(count / seconds > 40 and count / seconds < 65, output)
  end)

  it("keeps to its frames", function()
    local output, status = embed "examples/embed/game.lua 3"
    assert.equal(1, status)
    assert.truthy(output:find("3 frames in", 1, true), output)
    assert.truthy(output:find("the game was not over after 3 frames", 1, true), output)
  end)

  it("has all of the library linked in, and loads no Lua from elsewhere", function()
    local script = process.directory() .. "/all.lua"
    local file = assert(io.open(script, "w"))
    file:write [[
      assert(package.path == "" and package.cpath == "")
      local names = {}
      for name in pairs(package.preload) do names[#names + 1] = name end
      table.sort(names)
      for _, name in ipairs(names) do
        local needs = name:match "^appwrite%.loop%.(%w+)$"
        if not needs then
          assert(require(name), name)
        end
      end
      print("modules: " .. table.concat(names, " "))
      local _, problem = pcall(require("appwrite").new, { project = "p", endpoint = "ftp://x" })
      print("said: " .. problem)
      local info = debug.getinfo(require("appwrite").new, "S")
      print("chunk: " .. info.source)
      return function() return false end
    ]]
    file:close()
    local output, status = embed(quote(script))
    process.removeDirectory((script:gsub("/[^/]*$", "")))
    assert.equal(0, status, output)

    local embedded = {}
    for name in output:match("modules: ([^\n]*)"):gmatch "%S+" do
      embedded[name] = true
    end
    local expected = { ["appwrite.core"] = true, cjson = true }
    for path in must("cd lua && find . -name '*.lua' ! -path '*/types/*'"):gmatch "%./(%S+)%.lua" do
      expected[path:gsub("/", ".")] = true
    end
    assert.same(expected, embedded)
    assert.truthy(output:find("chunk: @appwrite.lua", 1, true), output)
    assert.truthy(output:find "said: [^\n]*http", output)

    for library in must("ldd " .. PROGRAM):gmatch "%S+" do
      assert.is_nil(library:lower():find("lua", 1, true), library)
    end
  end)

  it("names the script that cannot be run, with its error", function()
    local output, status = embed "no/such/game.lua"
    assert.equal(1, status)
    assert.truthy(output:find("no/such/game.lua", 1, true), output)
  end)
end)

describe("the static library", function()
  it("is installed with its header, and serves a program that has only these", function()
    local prefix = process.directory()
    local main = prefix .. "/main.c"
    local file = assert(io.open(main, "w"))
    file:write [[
      #include <appwrite_lua.h>
      #include <lauxlib.h>
      #include <lualib.h>
      #include <stdio.h>
      static int preload(lua_State *L) { appwrite_preload(L); return 0; }
      int main(void)
      {
        lua_State *L = luaL_newstate();
        lua_pushcfunction(L, preload);
        if(lua_pcall(L, 0, 0, 0) == 0)
          return 1;
        printf("without the package library: %s\n", lua_tostring(L, -1));
        luaL_openlibs(L);
        appwrite_preload(L);
        if(luaL_dostring(L, "print('version ' .. require('appwrite.core').VERSION)") != 0) {
          printf("%s\n", lua_tostring(L, -1));
          return 1;
        }
        lua_close(L);
        return 0;
      }
    ]]
    file:close()
    local output, status = process.run(table.concat({
      ("cmake --install %s/appwrite --prefix %s"):format(BUILD, quote(prefix)),
      ("library=$(dirname \"$(find %s -name libappwrite-lua.a)\")"):format(quote(prefix)),
      ("cc -std=c99 -Wall -Wextra -Werror -o %s/main %s -I%s/include $(pkg-config --cflags lua5.4) -L$library"
        .. " -lappwrite-lua -lcurl -lwslay -pthread -l:liblua5.4.a -lm -ldl"):format(prefix, main, prefix),
      "LUA_PATH= LUA_CPATH= " .. prefix .. "/main",
    }, " && "))
    process.removeDirectory(prefix)
    assert.equal(0, status, output)
    assert.truthy(output:find("without the package library: appwrite_preload: open Lua's package library first", 1, true),
      output)
    assert.truthy(output:find "version %d+%.%d+%.%d+", output)
  end)
end)
