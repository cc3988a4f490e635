/* One handle of libcurl's easy interface as a Lua function, for a worker that does nothing else meanwhile: what a call
 * costs that libcurl makes, and nothing is done about it. No library on libcurl can be cheaper.
 *
 *   local get = require "spec.bench.libcurl_alone" (url)
 *   local body = get() */
#include "reference.h"

#include <lauxlib.h>
#include <lua.h>

typedef struct alone {
  CURL *easy; /* owned; for as long as the process runs */
  answer into;
} alone;

static int get(lua_State *state)
{
  alone *self = lua_touserdata(state, lua_upvalueindex(1));
  self->into.length = 0;
  if(!reference_succeeded(self->easy, curl_easy_perform(self->easy)))
    return luaL_error(state, "no answer");
  lua_pushlstring(state, self->into.bytes, self->into.length);
  return 1;
}

static int make(lua_State *state)
{
  const char *url = luaL_checkstring(state, 1);
  alone *self = lua_newuserdata(state, sizeof(*self));
  self->easy = reference_get(url, reference_fields(), &self->into);
  lua_pushcclosure(state, get, 1);
  return 1;
}

int luaopen_spec_bench_libcurl_alone(lua_State *state);

int luaopen_spec_bench_libcurl_alone(lua_State *state)
{
  curl_global_init(CURL_GLOBAL_DEFAULT);
  lua_pushcfunction(state, make);
  return 1;
}
