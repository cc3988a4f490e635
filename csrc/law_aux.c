#include "law_aux.h"

#include <stdbool.h>
#include <string.h>

void law_class(lua_State *L, const char *name, const luaL_Reg *metamethods, const luaL_Reg *methods)
{
  luaL_newmetatable(L, name);
  law_setfuncs(L, metamethods);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_newtable(L);
  law_setfuncs(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}

int law_push_error(lua_State *L, const aw_error *error)
{
  lua_pushnil(L);
  lua_pushstring(L, aw_status_name(error->status));
  lua_pushstring(L, error->message);
  return 3;
}

void law_raise_memory(lua_State *L, const aw_error *error)
{
  if(error->status == AW_MEMORY)
    luaL_error(L, "%s", error->message);
}

int law_refuse(lua_State *L, const aw_error *error)
{
  law_raise_memory(L, error);
  lua_pushnil(L);
  lua_pushstring(L, error->message);
  return 2;
}

static const law_option *find_option(const law_option *options, const char *name)
{
  for(; options->name; options++)
    if(strcmp(options->name, name) == 0)
      return options;
  return NULL;
}

static aw_status check_nul(lua_State *L, int index, const char *name, aw_error *error)
{
  size_t length;
  const char *text = lua_tolstring(L, index, &length);
  return strlen(text) == length ? AW_OK : aw_fail(error, AW_ARGUMENT, "%s must not contain NUL", name);
}

/* The value on top of the stack. */
static aw_status store(lua_State *L, const law_option *option, void *target, aw_error *error)
{
  static const int lua_types[] = {LUA_TSTRING, LUA_TNUMBER, LUA_TBOOLEAN, LUA_TTABLE, LUA_TSTRING, LUA_TUSERDATA};
  char *place = (char *)target + option->offset;
  if(lua_type(L, -1) != lua_types[option->type])
    luaL_error(L, "option '%s' is a %s", option->name, luaL_typename(L, -1));
  switch(option->type) {
  case LAW_STRING:
    *(const char **)(void *)place = lua_tostring(L, -1);
    return check_nul(L, -1, option->name, error);
  case LAW_NUMBER:
    *(double *)(void *)place = lua_tonumber(L, -1);
    break;
  case LAW_BOOLEAN:
    *(bool *)(void *)place = lua_toboolean(L, -1);
    break;
  case LAW_TABLE:
  case LAW_BYTES:
  case LAW_USERDATA:
    break;
  }
  return AW_OK;
}

aw_status law_read_options(lua_State *L, int index, const law_option *options, void *target, aw_error *error)
{
  aw_status status = AW_OK;
  luaL_checktype(L, index, LUA_TTABLE);
  lua_pushnil(L);
  while(lua_next(L, index)) {
    const law_option *option = lua_type(L, -2) == LUA_TSTRING ? find_option(options, lua_tostring(L, -2)) : NULL;
    if(!option)
      luaL_error(L, "unknown option '%s'", lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?");
    else if(status == AW_OK)
      status = store(L, option, target, error);
    lua_pop(L, 1);
  }
  return status;
}

static size_t count_entries(lua_State *L, int index)
{
  size_t count = 0;
  lua_pushnil(L);
  while(lua_next(L, index)) {
    count++;
    lua_pop(L, 1);
  }
  return count;
}

static aw_status fill_fields(lua_State *L, int index, aw_field *fields, aw_error *error)
{
  aw_status status = AW_OK;
  lua_pushnil(L);
  while(lua_next(L, index)) {
    if(lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "header names and values must be strings");
    if(status == AW_OK)
      status = check_nul(L, -2, "a header name", error);
    if(status == AW_OK)
      status = check_nul(L, -1, lua_tostring(L, -2), error);
    fields->name = lua_tostring(L, -2);
    fields->value = lua_tostring(L, -1);
    fields++;
    lua_pop(L, 1);
  }
  return status;
}

aw_status law_read_fields(lua_State *L, int index, const char *name, const aw_field **fields, size_t *count,
                          aw_error *error)
{
  aw_field *array;
  aw_status status;
  *fields = NULL;
  *count = 0;
  lua_getfield(L, index, name);
  if(lua_isnil(L, -1))
    return AW_OK;
  luaL_checktype(L, -1, LUA_TTABLE);
  *count = count_entries(L, lua_gettop(L));
  array = law_newuserdata(L, (*count + 1) * sizeof(*array));
  status = fill_fields(L, lua_gettop(L) - 1, array, error);
  *fields = array;
  lua_remove(L, -2);
  return status;
}
