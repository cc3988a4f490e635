/* Lua 5.1, 5.2, 5.3, 5.4 and LuaJIT as one: what the binding uses of 5.4's API, where an older Lua lacks it. */
#ifndef LAW_COMPAT_H
#define LAW_COMPAT_H

#include <lauxlib.h>
#include <lua.h>

#if LUA_VERSION_NUM < 502

#define lua_rawlen lua_objlen

/* In 5.1 a userdata's environment is what a user value became; it is always a table. */
#define lua_setuservalue lua_setfenv
#define lua_getuservalue lua_getfenv

/* LuaJIT has luaL_setfuncs, 5.1 has not. */
static inline void law_setfuncs(lua_State *L, const luaL_Reg *functions)
{
  for(; functions->name; functions++) {
    lua_pushcfunction(L, functions->func);
    lua_setfield(L, -2, functions->name);
  }
}

#else
#define law_setfuncs(L, functions) luaL_setfuncs(L, functions, 0)
#endif

#if LUA_VERSION_NUM >= 504
#define law_newuserdata(L, size) lua_newuserdatauv(L, size, 1)
#else
#define law_newuserdata(L, size) lua_newuserdata(L, size)
#endif

#endif
