// What Defold's engine does with an extension and a script, without the engine: initializes the one, calls the other's
// init and update until it calls sys.exit, and finalizes.

#include <dmsdk/sdk.h>

#include <time.h>

extern "C" const ExtensionDesc appwrite;

namespace {

const long FRAME = 1000000000L / 60; // nanoseconds
const int FRAMES = 60 * 60;
int status = -1;

int sys_exit(lua_State *L)
{
  status = (int)luaL_checkinteger(L, 1);
  return 0;
}

// The script's function of that name; 0 where it has none.
int call(lua_State *L, const char *name, int self)
{
  lua_getglobal(L, name);
  lua_rawgeti(L, LUA_REGISTRYINDEX, self);
  lua_pushnumber(L, 1.0 / 60);
  if(lua_pcall(L, 2, 0, 0) == 0)
    return 1;
  fprintf(stderr, "%s: %s\n", name, lua_tostring(L, -1));
  return 0;
}

int run(lua_State *L, const char *script)
{
  if(luaL_loadfile(L, script) != 0 || lua_pcall(L, 0, 0, 0) != 0) {
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    return 1;
  }
  lua_newtable(L);
  int self = luaL_ref(L, LUA_REGISTRYINDEX);
  if(!call(L, "init", self))
    return 1;
  for(int frame = 0; status < 0 && frame < FRAMES; frame++) {
    struct timespec pause = {0, FRAME};
    nanosleep(&pause, NULL);
    if(!call(L, "update", self))
      return 1;
  }
  return status < 0 ? 1 : status;
}

} // namespace

int main(int argc, char **argv)
{
  lua_State *L = luaL_newstate();
  if(!L || argc != 2) {
    fprintf(stderr, "usage: engine SCRIPT\n");
    return 2;
  }
  luaL_openlibs(L);
  lua_newtable(L);
  lua_pushcfunction(L, sys_exit);
  lua_setfield(L, -2, "exit");
  lua_setglobal(L, "sys");
  dmExtension::Params params = {L};
  int result = appwrite.init(&params) == dmExtension::RESULT_OK ? run(L, argv[1]) : 1;
  if(appwrite.final(&params) != dmExtension::RESULT_OK)
    result = 1;
  lua_close(L);
  return result;
}
