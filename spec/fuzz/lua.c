/* Parsers that are Lua: the one of targets.lua that FUZZ_TARGET names is given each input. Which lines of the library
 * run is what guides the fuzzer, beside the branches of the core and of the binding. */
#include <lauxlib.h>
#include <lualib.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define LINES 65536 /* counters: more than the library has lines, so that few share one */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int luaopen_appwrite_core(lua_State *L);

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[LINES];

static void on_line(lua_State *L, lua_Debug *about)
{
  lua_getinfo(L, "S", about);
  counters[((uintptr_t)about->source / 16 * 31 + (uintptr_t)about->currentline) % LINES]++;
}

static void fail(lua_State *L, const char *what)
{
  fprintf(stderr, "%s: %s\n", what, lua_tostring(L, -1));
  abort();
}

/* With the target's function on its stack. */
static lua_State *open_state(void)
{
  lua_State *L = luaL_newstate();
  if(!L)
    abort();
  luaL_openlibs(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_appwrite_core);
  lua_setfield(L, -2, "appwrite.core");
  lua_settop(L, 0);
  if(luaL_dofile(L, "spec/fuzz/targets.lua"))
    fail(L, "spec/fuzz/targets.lua");
  if(lua_getfield(L, -1, getenv("FUZZ_TARGET")) != LUA_TFUNCTION) {
    lua_pushstring(L, "it has no function of that name");
    fail(L, "spec/fuzz/targets.lua");
  }
  lua_sethook(L, on_line, LUA_MASKLINE, 0);
  return L;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static lua_State *L;
  if(!L)
    L = open_state();
  lua_pushvalue(L, -1);
  lua_pushlstring(L, (const char *)data, size);
  if(lua_pcall(L, 1, 0, 0))
    fail(L, "raised");
  return 0;
}
