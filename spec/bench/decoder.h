/* The least that a Lua library has to do with an answer: lua-cjson makes a table of it, in Lua 5.4. What the reference
 * programs take with it is what no library of libcurl and lua-cjson can be cheaper than. */
#ifndef APPWRITE_BENCH_DECODER_H
#define APPWRITE_BENCH_DECODER_H

#include "reference.h"

#include <lua.h>

/* Owned by the caller (lua_close). NULL, told of on stderr, where there is no lua-cjson. */
lua_State *decoder_new(void);

/* Whether it was JSON; what was not is told of on stderr. */
int decoder_read(lua_State *decoder, const answer *from);

#endif
