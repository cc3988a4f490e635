/* Runs the Lua script named on the command line with the library linked in. */
#include <appwrite_lua.h>

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  lua_State *L = luaL_newstate();
  int status = 1;
  if(!L || argc != 2) {
    fprintf(stderr, "usage: consumer SCRIPT\n");
    return 2;
  }
  luaL_openlibs(L);
  appwrite_preload(L);
  if(luaL_loadfile(L, argv[1]) == 0 && lua_pcall(L, 0, 0, 0) == 0)
    status = 0;
  else
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
  lua_close(L);
  return status;
}
