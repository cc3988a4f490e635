/* The module appwrite.core. */
#include "aw.h"
#include "aw_browser.h"
#include "aw_system.h"
#include "aw_watch.h"
#include "law_core.h"

#include <errno.h>
#include <string.h>

#define RANDOM_MAX 1024 /* bytes in one call */

/* random(count) -> that many bytes of the system's randomness */
static int core_random(lua_State *L)
{
  unsigned char bytes[RANDOM_MAX];
  lua_Integer count = luaL_checkinteger(L, 1);
  aw_error error;
  luaL_argcheck(L, count >= 0 && count <= RANDOM_MAX, 1, "must be from 0 to 1024");
  if(aw_random(bytes, (size_t)count, &error) != AW_OK)
    return luaL_error(L, "%s", error.message);
  lua_pushlstring(L, (const char *)bytes, (size_t)count);
  return 1;
}

/* stat(path) -> { size, mtime, directory, regular }, or nil and why not */
static int core_stat(lua_State *L)
{
  aw_file_info info;
  size_t length;
  const char *path = luaL_checklstring(L, 1, &length);
  luaL_argcheck(L, strlen(path) == length, 1, "must not contain NUL");
  if(aw_stat(path, &info) != 0) {
    lua_pushnil(L);
    lua_pushstring(L, strerror(errno));
    return 2;
  }
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, (lua_Integer)info.size);
  lua_setfield(L, -2, "size");
  lua_pushnumber(L, info.mtime);
  lua_setfield(L, -2, "mtime");
  lua_pushboolean(L, info.is_directory);
  lua_setfield(L, -2, "directory");
  lua_pushboolean(L, info.is_regular);
  lua_setfield(L, -2, "regular");
  return 1;
}

/* time() -> seconds since 1970, with a fraction */
static int core_time(lua_State *L)
{
  lua_pushnumber(L, aw_epoch());
  return 1;
}

/* monotonic() -> seconds of a clock that is never set back */
static int core_monotonic(lua_State *L)
{
  lua_pushnumber(L, aw_monotonic());
  return 1;
}

/* sleep(seconds) */
static int core_sleep(lua_State *L)
{
  lua_Number seconds = luaL_checknumber(L, 1);
  luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "must be seconds, 0 or more");
  aw_sleep(seconds);
  return 0;
}

/* await(fd, seconds) -> whether the descriptor can be read. For a thread of a host's own. */
static int core_await(lua_State *L)
{
  int fd = (int)luaL_checkinteger(L, 1);
  lua_Number seconds = luaL_checknumber(L, 2);
  luaL_argcheck(L, seconds >= 0 && seconds <= 3600, 2, "must be from 0 to 3600 seconds");
  lua_pushboolean(L, aw_watch_await(fd, seconds));
  return 1;
}

/* keepFromChildren(fd) -> whether programs that this one starts will not inherit it */
static int core_keep_from_children(lua_State *L)
{
  lua_pushboolean(L, aw_keep_from_children((intptr_t)luaL_checkinteger(L, 1)) == 0);
  return 1;
}

/* browse(url) -> true, or nil and why not */
static int core_browse(lua_State *L)
{
  aw_error error;
  size_t length;
  const char *url = luaL_checklstring(L, 1, &length);
  luaL_argcheck(L, strlen(url) == length, 1, "must not contain NUL");
  if(aw_browser_open(url, &error) != AW_OK) {
    lua_pushnil(L);
    lua_pushstring(L, error.message);
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

#if defined(_WIN32)
#define LAW_EXPORT __declspec(dllexport)
#else
#define LAW_EXPORT __attribute__((visibility("default")))
#endif

LAW_EXPORT int luaopen_appwrite_core(lua_State *L);

int luaopen_appwrite_core(lua_State *L)
{
  static const luaL_Reg functions[] = {
      {"engine", law_engine_new},
      {"random", core_random},
      {"time", core_time},
      {"monotonic", core_monotonic},
      {"sleep", core_sleep},
      {"await", core_await},
      {"file", law_file_new},
      {"keep", law_file_keep},
      {"tidy", law_file_tidy},
      {"buffer", law_buffer_new},
      {"stat", core_stat},
      {"browse", core_browse},
      {"keepFromChildren", core_keep_from_children},
      {"settle", law_json_settle},
      {"exchange", law_json_exchange},
      {NULL, NULL},
  };
  law_engine_class(L);
  law_client_class(L);
  law_request_class(L);
  law_socket_class(L);
  law_file_class(L);
  law_buffer_class(L);
  lua_newtable(L);
  law_setfuncs(L, functions);
  lua_pushliteral(L, AW_VERSION);
  lua_setfield(L, -2, "VERSION");
  lua_pushstring(L, aw_curl_about()->text);
  lua_setfield(L, -2, "LIBCURL");
  lua_pushstring(L, aw_socket_way());
  lua_setfield(L, -2, "WEBSOCKET"); /* "wslay", "libcurl" or nil */
  if(aw_socket_missing())
    lua_pushstring(L, aw_socket_missing());
  else
    lua_pushboolean(L, 1);
  lua_setfield(L, -2, "REALTIME"); /* true, or why it is missing */
  return 1;
}
