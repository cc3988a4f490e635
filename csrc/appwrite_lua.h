/* For programs with Lua inside: link libappwrite-lua.a and libcurl, and ship none of the library's Lua files.
 *
 *   luaL_openlibs(L);
 *   appwrite_preload(L);
 *
 * and `require "appwrite"` finds what is linked in, whatever package.path says. The library also needs the module
 * "cjson" (lua-cjson), which is the program's to bring: linked in and put into package.preload too, or on
 * package.cpath. All must be built for the same Lua. In C++, include <lua.hpp> first.
 * All of Lua's own libraries must be open, but for utf8: a module takes what it needs of them when it is first used. */
#ifndef APPWRITE_LUA_H
#define APPWRITE_LUA_H

#include <lua.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Put all of the library's modules into package.preload; nothing is loaded yet. Once for each Lua state, which may be
 * used in a thread of its own. Raises a Lua error where the package library is not open or memory is short. */
void appwrite_preload(lua_State *L);

/* The module "appwrite.core" alone; appwrite_preload takes care of it. */
int luaopen_appwrite_core(lua_State *L);

#ifdef __cplusplus
}
#endif

#endif
