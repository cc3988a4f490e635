// What Defold calls: puts the library's modules where `require` finds them, and the library into the global "appwrite".

#include <dmsdk/sdk.h>

#include "../include/appwrite_lua.h"

namespace {

// Defold looks for required files when it builds a game, and does not find what is linked in: hence a global.
dmExtension::Result initialize(dmExtension::Params *params)
{
  lua_State *L = params->m_L;
  appwrite_preload(L);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "appwrite");
  if(lua_pcall(L, 1, 1, 0) != 0) {
    dmLogError("appwrite: %s", lua_tostring(L, -1));
    lua_pop(L, 1);
    return dmExtension::RESULT_INIT_ERROR;
  }
  lua_setglobal(L, "appwrite");
  return dmExtension::RESULT_OK;
}

// What is under way ends with its Lua state.
dmExtension::Result finalize(dmExtension::Params *)
{
  return dmExtension::RESULT_OK;
}

} // namespace

DM_DECLARE_EXTENSION(appwrite, "appwrite", 0, 0, initialize, 0, 0, finalize)
