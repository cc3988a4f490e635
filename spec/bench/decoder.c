#include "decoder.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>

#define DECODE 1 /* where the function stays on the stack */

lua_State *decoder_new(void)
{
  lua_State *decoder = luaL_newstate();
  if(!decoder)
    return NULL;
  luaL_openlibs(decoder);
  if(!luaL_dostring(decoder, "return require('cjson').new().decode"))
    return decoder;
  fprintf(stderr, "%s\n", lua_tostring(decoder, -1));
  lua_close(decoder);
  return NULL;
}

int decoder_read(lua_State *decoder, const answer *from)
{
  int read;
  lua_pushvalue(decoder, DECODE);
  lua_pushlstring(decoder, from->bytes, from->length);
  read = lua_pcall(decoder, 1, 1, 0) == 0 && lua_istable(decoder, -1);
  if(!read)
    fprintf(stderr, "%s\n", lua_tostring(decoder, -1));
  lua_settop(decoder, DECODE);
  return read;
}
