/* appwrite.core.Buffer: a place of fixed size for one piece of a body that Lua code puts together: used again and
 * again, where strings of several megabytes would pile up until they are collected. */
#include "aw_alloc.h"
#include "law_core.h"

#include <string.h>

#define BUFFER_MAX ((lua_Integer)64 * 1024 * 1024) /* bytes */

typedef struct law_buffer {
  char *data;
  size_t length, max;
} law_buffer;

static law_buffer *check_buffer(lua_State *L)
{
  return luaL_checkudata(L, 1, LAW_BUFFER);
}

int law_buffer_new(lua_State *L)
{
  lua_Integer max = luaL_checkinteger(L, 1);
  law_buffer *self;
  luaL_argcheck(L, max >= 0 && max <= BUFFER_MAX, 1, "must be from 0 to 64 MiB");
  self = law_newuserdata(L, sizeof(*self));
  memset(self, 0, sizeof(*self));
  luaL_getmetatable(L, LAW_BUFFER);
  lua_setmetatable(L, -2);
  self->data = aw_alloc((size_t)max + 1); /* never moves: requests read it where it is */
  if(!self->data)
    return luaL_error(L, "not enough memory");
  self->max = (size_t)max;
  return 1;
}

const char *law_buffer_read(lua_State *L, int index, size_t *length)
{
  law_buffer *self = luaL_checkudata(L, index, LAW_BUFFER);
  *length = self->length;
  return self->data;
}

/* add(bytes) */
static int buffer_add(lua_State *L)
{
  law_buffer *self = check_buffer(L);
  size_t length;
  const char *bytes = luaL_checklstring(L, 2, &length);
  luaL_argcheck(L, length <= self->max - self->length, 2, "is more than the buffer has room for");
  memcpy(self->data + self->length, bytes, length);
  self->length += length;
  return 0;
}

static int buffer_clear(lua_State *L)
{
  check_buffer(L)->length = 0;
  return 0;
}

static int buffer_size(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)check_buffer(L)->length);
  return 1;
}

static int buffer_bytes(lua_State *L)
{
  law_buffer *self = check_buffer(L);
  lua_pushlstring(L, self->data, self->length);
  return 1;
}

static int buffer_free(lua_State *L)
{
  law_buffer *self = check_buffer(L);
  aw_free(self->data);
  memset(self, 0, sizeof(*self));
  return 0;
}

static int buffer_tostring(lua_State *L)
{
  law_buffer *self = check_buffer(L);
  lua_pushfstring(L, LAW_BUFFER " (%d of %d bytes)", (int)self->length, (int)self->max);
  return 1;
}

void law_buffer_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", buffer_free},
      {"__tostring", buffer_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"add", buffer_add}, {"clear", buffer_clear}, {"size", buffer_size}, {"bytes", buffer_bytes}, {NULL, NULL},
  };
  law_class(L, LAW_BUFFER, metamethods, methods);
}
