/* A Lua state whose memory ends at the n-th allocation, for every n that a script asks for.
 *
 *   starved SCRIPT: run starved.lua against the server of APPWRITE_ENDPOINT
 *
 * The script gets one function: starve(whose, n, for_good, fn) calls fn, of whose memory ("lua" or "core") the n-th
 * allocation fails, with all that come after it or with the next one (which is Lua's second attempt, after a
 * collection). It returns whether any failed, and what pcall returns. At the end no byte may be left. */
#include "appwrite_lua.h"
#include "aw_alloc.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int luaopen_cjson(lua_State *L);

/* One kind of memory: the Lua state's, or the core's. */
typedef struct memory {
  long calls, first, last; /* the allocations that fail, by their number; none while `first` is 0 */
  long failed, total;      /* failures since it was armed, and in all */
  long bytes, blocks;      /* held now, of Lua's and of the core's respectively */
} memory;

typedef struct starved {
  memory lua, core;
} starved;

static bool fails(memory *self)
{
  if(!self->first || ++self->calls < self->first || self->calls > self->last)
    return false;
  self->failed++;
  self->total++;
  return true;
}

static void arm(memory *self, long n, bool for_good)
{
  self->calls = self->failed = 0;
  self->first = n;
  self->last = for_good ? INT32_MAX : n + 1;
}

/* Lua never expects that making a block smaller fails. For a new block the old size is a type. */
static void *lua_memory(void *user, void *block, size_t old, size_t size)
{
  memory *self = &((starved *)user)->lua;
  void *given;
  if(!block)
    old = 0;
  if(size > old && fails(self))
    return NULL;
  if(size == 0) {
    self->bytes -= (long)old;
    free(block);
    return NULL;
  }
  given = realloc(block, size);
  if(given)
    self->bytes += (long)size - (long)old;
  return given;
}

static void *core_memory(void *user, void *block, size_t size)
{
  memory *self = &((starved *)user)->core;
  void *given;
  if(size == 0) {
    self->blocks -= block != NULL;
    free(block);
    return NULL;
  }
  if(fails(self))
    return NULL;
  given = realloc(block, size);
  self->blocks += given && !block;
  return given;
}

static int starve(lua_State *L)
{
  static const char *const names[] = {"lua", "core", NULL};
  starved *self = lua_touserdata(L, lua_upvalueindex(1));
  memory *chosen = luaL_checkoption(L, 1, NULL, names) == 0 ? &self->lua : &self->core;
  lua_Integer n = luaL_checkinteger(L, 2);
  bool for_good = lua_toboolean(L, 3);
  int status;
  luaL_checktype(L, 4, LUA_TFUNCTION);
  lua_settop(L, 4);
  luaL_checkstack(L, 16, NULL); /* before it is too late */
  arm(chosen, (long)n, for_good);
  status = lua_pcall(L, 0, 2, 0);
  chosen->first = 0;
  lua_pushboolean(L, chosen->failed > 0);
  lua_insert(L, 4);
  lua_pushboolean(L, status == LUA_OK);
  lua_insert(L, 5);
  return lua_gettop(L) - 3;
}

static int run(lua_State *L)
{
  luaL_openlibs(L);
  appwrite_preload(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_cjson);
  lua_setfield(L, -2, "cjson");
  if(luaL_loadfile(L, lua_touserdata(L, 1)) != LUA_OK)
    return lua_error(L);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, starve, 1);
  lua_call(L, 1, 0);
  return 0;
}

static int live(starved *self, char *script)
{
  lua_State *L = lua_newstate(lua_memory, self);
  int status;
  if(!L)
    return 0;
  lua_pushcfunction(L, run);
  lua_pushlightuserdata(L, script);
  lua_pushlightuserdata(L, self);
  status = lua_pcall(L, 2, 0, 0);
  if(status != LUA_OK)
    fprintf(stderr, "starved: %s\n", luaL_tolstring(L, -1, NULL));
  lua_close(L);
  return status == LUA_OK;
}

int main(int count, char **arguments)
{
  starved self;
  int ok;
  if(count != 2) {
    fprintf(stderr, "usage: starved SCRIPT\n");
    return 2;
  }
  memset(&self, 0, sizeof(self));
  aw_alloc_replace(core_memory, &self);
  ok = live(&self, arguments[1]);
  printf("%ld allocations of Lua's and %ld of the core's failed; %ld bytes and %ld blocks are left\n", self.lua.total,
         self.core.total, self.lua.bytes, self.core.blocks);
  return ok && !self.lua.bytes && !self.core.blocks ? 0 : 1;
}
