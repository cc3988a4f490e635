/* An interpreter of Lua that collects all garbage before each allocation that the binding makes.
 *
 *   eager_gc [-e CHUNK]... [SCRIPT [ARGUMENT...]]
 *
 * The library is linked in, and with it the linker's --wrap has each of these functions called in place of Lua's. What
 * the binding did not anchor, or anchored too late, is gone, and its finalizer has run, before Lua gives what was asked
 * for. How often that was is told at the end where EAGER_GC_TELL is set, but not by the children of such a process. */
#define _POSIX_C_SOURCE 200112L /* unsetenv */

#include "appwrite_lua.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long collections;

static void collect(lua_State *L)
{
  collections++;
  lua_gc(L, LUA_GCCOLLECT);
}

/* What the linker makes of a name: the function of that name, and what is called in its place. */
#define REAL(name) __real_##name
#define WRAPPED(name) __wrap_##name

void *REAL(lua_newuserdatauv)(lua_State *L, size_t size, int values);
void *WRAPPED(lua_newuserdatauv)(lua_State *L, size_t size, int values);
void REAL(lua_createtable)(lua_State *L, int array, int hash);
void WRAPPED(lua_createtable)(lua_State *L, int array, int hash);
const char *REAL(lua_pushlstring)(lua_State *L, const char *bytes, size_t length);
const char *WRAPPED(lua_pushlstring)(lua_State *L, const char *bytes, size_t length);
const char *REAL(lua_pushstring)(lua_State *L, const char *text);
const char *WRAPPED(lua_pushstring)(lua_State *L, const char *text);
const char *WRAPPED(lua_pushfstring)(lua_State *L, const char *format, ...);
void REAL(lua_pushcclosure)(lua_State *L, lua_CFunction function, int values);
void WRAPPED(lua_pushcclosure)(lua_State *L, lua_CFunction function, int values);
const char *REAL(lua_tolstring)(lua_State *L, int index, size_t *length);
const char *WRAPPED(lua_tolstring)(lua_State *L, int index, size_t *length);
void REAL(luaL_addlstring)(luaL_Buffer *buffer, const char *bytes, size_t length);
void WRAPPED(luaL_addlstring)(luaL_Buffer *buffer, const char *bytes, size_t length);
void REAL(luaL_pushresult)(luaL_Buffer *buffer);
void WRAPPED(luaL_pushresult)(luaL_Buffer *buffer);
int REAL(luaL_newmetatable)(lua_State *L, const char *name);
int WRAPPED(luaL_newmetatable)(lua_State *L, const char *name);
void REAL(luaL_setfuncs)(lua_State *L, const luaL_Reg *functions, int values);
void WRAPPED(luaL_setfuncs)(lua_State *L, const luaL_Reg *functions, int values);

void *WRAPPED(lua_newuserdatauv)(lua_State *L, size_t size, int values)
{
  collect(L);
  return REAL(lua_newuserdatauv)(L, size, values);
}

void WRAPPED(lua_createtable)(lua_State *L, int array, int hash)
{
  collect(L);
  REAL(lua_createtable)(L, array, hash);
}

const char *WRAPPED(lua_pushlstring)(lua_State *L, const char *bytes, size_t length)
{
  collect(L);
  return REAL(lua_pushlstring)(L, bytes, length);
}

const char *WRAPPED(lua_pushstring)(lua_State *L, const char *text)
{
  collect(L);
  return REAL(lua_pushstring)(L, text);
}

const char *WRAPPED(lua_pushfstring)(lua_State *L, const char *format, ...)
{
  va_list values;
  const char *text;
  collect(L);
  va_start(values, format);
  text = lua_pushvfstring(L, format, values);
  va_end(values);
  return text;
}

void WRAPPED(lua_pushcclosure)(lua_State *L, lua_CFunction function, int values)
{
  collect(L);
  REAL(lua_pushcclosure)(L, function, values);
}

/* Which makes a string of a number. */
const char *WRAPPED(lua_tolstring)(lua_State *L, int index, size_t *length)
{
  if(lua_type(L, index) == LUA_TNUMBER)
    collect(L);
  return REAL(lua_tolstring)(L, index, length);
}

void WRAPPED(luaL_addlstring)(luaL_Buffer *buffer, const char *bytes, size_t length)
{
  collect(buffer->L);
  REAL(luaL_addlstring)(buffer, bytes, length);
}

void WRAPPED(luaL_pushresult)(luaL_Buffer *buffer)
{
  collect(buffer->L);
  REAL(luaL_pushresult)(buffer);
}

int WRAPPED(luaL_newmetatable)(lua_State *L, const char *name)
{
  collect(L);
  return REAL(luaL_newmetatable)(L, name);
}

void WRAPPED(luaL_setfuncs)(lua_State *L, const luaL_Reg *functions, int values)
{
  collect(L);
  REAL(luaL_setfuncs)(L, functions, values);
}

/* At the end, which a script may bring about by os.exit. */
static void tell(void)
{
  printf("%ld collections before allocations of the binding\n", collections);
}

/* As lua(1) has them: the script at 0, and what is before it below. */
static void set_arguments(lua_State *L, int count, int script, char **arguments)
{
  int i;
  lua_createtable(L, count, 1);
  for(i = 0; i < count; i++) {
    lua_pushstring(L, arguments[i]);
    lua_rawseti(L, -2, i - script);
  }
  lua_setglobal(L, "arg");
}

static int with_traceback(lua_State *L)
{
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}

static void load(lua_State *L, int status)
{
  if(status != LUA_OK)
    lua_error(L);
}

static int run(lua_State *L)
{
  int count = (int)lua_tointeger(L, 1), script = 1, i;
  char **arguments = lua_touserdata(L, 2);
  luaL_openlibs(L);
  appwrite_preload(L);
  for(; script + 1 < count && strcmp(arguments[script], "-e") == 0; script += 2) {
    load(L, luaL_loadstring(L, arguments[script + 1]));
    lua_call(L, 0, 0);
  }
  set_arguments(L, count, script, arguments);
  if(script == count)
    return 0;
  load(L, luaL_loadfile(L, arguments[script]));
  luaL_checkstack(L, count, NULL);
  for(i = script + 1; i < count; i++)
    lua_pushstring(L, arguments[i]);
  lua_call(L, count - script - 1, 0);
  return 0;
}

int main(int count, char **arguments)
{
  lua_State *L;
  int status;
  if(count < 2) {
    fprintf(stderr, "usage: eager_gc [-e CHUNK]... [SCRIPT [ARGUMENT...]]\n");
    return 2;
  }
  L = luaL_newstate();
  if(!L || (getenv("EAGER_GC_TELL") && (atexit(tell) != 0 || unsetenv("EAGER_GC_TELL") != 0)))
    return 1;
  lua_pushcfunction(L, with_traceback);
  lua_pushcfunction(L, run);
  lua_pushinteger(L, count);
  lua_pushlightuserdata(L, arguments);
  status = lua_pcall(L, 2, 0, 1);
  if(status != LUA_OK)
    fprintf(stderr, "eager_gc: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return status == LUA_OK ? 0 : 1;
}
