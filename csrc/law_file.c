/* appwrite.core.File: a file that answers are written into, and that gets its name when it is whole. */
#include "law_core.h"

#include <string.h>

static aw_file *check_file(lua_State *L)
{
  law_file *self = luaL_checkudata(L, 1, LAW_FILE);
  luaL_argcheck(L, self->file, 1, "the file is closed");
  return self->file;
}

int law_file_new(lua_State *L)
{
  size_t length;
  const char *path = luaL_checklstring(L, 1, &length);
  aw_error error;
  law_file *self;
  luaL_argcheck(L, strlen(path) == length, 1, "must not contain NUL");
  self = law_newuserdata(L, sizeof(*self));
  self->file = NULL;
  luaL_getmetatable(L, LAW_FILE);
  lua_setmetatable(L, -2);
  if(aw_file_new(path, &self->file, &error) == AW_OK)
    return 1;
  law_raise_memory(L, &error);
  return law_push_error(L, &error);
}

aw_file *law_file_read(lua_State *L, int index, const char *name)
{
  aw_file *file = NULL;
  lua_getfield(L, index, name);
  if(!lua_isnil(L, -1)) {
    law_file *self = luaL_checkudata(L, -1, LAW_FILE);
    luaL_argcheck(L, self->file, index, "the file is closed");
    file = self->file;
  }
  lua_pop(L, 1);
  return file;
}

/* size() -> bytes so far */
static int file_size(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)aw_file_length(check_file(L)));
  return 1;
}

static int push_outcome(lua_State *L, aw_status status, const aw_error *error)
{
  if(status != AW_OK)
    return law_push_error(L, error);
  lua_pushboolean(L, 1);
  return 1;
}

int law_file_keep(lua_State *L)
{
  size_t path_length, length;
  const char *path = luaL_checklstring(L, 1, &path_length);
  const char *bytes = luaL_checklstring(L, 2, &length);
  aw_error error;
  luaL_argcheck(L, strlen(path) == path_length, 1, "must not contain NUL");
  return push_outcome(L, aw_file_keep(path, bytes, length, &error), &error);
}

int law_file_tidy(lua_State *L)
{
  size_t length;
  const char *path = luaL_checklstring(L, 1, &length);
  luaL_argcheck(L, strlen(path) == length, 1, "must not contain NUL");
  aw_file_tidy(path);
  return 0;
}

/* restart() -> true, or nil, kind, message */
static int file_restart(lua_State *L)
{
  aw_error error;
  return push_outcome(L, aw_file_restart(check_file(L), &error), &error);
}

/* commit() -> true, or nil, kind, message */
static int file_commit(lua_State *L)
{
  aw_error error;
  return push_outcome(L, aw_file_commit(check_file(L), &error), &error);
}

static int file_discard(lua_State *L)
{
  law_file *self = luaL_checkudata(L, 1, LAW_FILE);
  if(self->file)
    aw_file_discard(self->file);
  return 0;
}

static int file_close(lua_State *L)
{
  law_file *self = luaL_checkudata(L, 1, LAW_FILE);
  aw_file_unref(self->file);
  self->file = NULL;
  return 0;
}

static int file_tostring(lua_State *L)
{
  law_file *self = luaL_checkudata(L, 1, LAW_FILE);
  lua_pushfstring(L, LAW_FILE " (%s)", self->file ? aw_file_path(self->file) : "closed");
  return 1;
}

void law_file_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", file_close},
      {"__close", file_close},
      {"__tostring", file_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"size", file_size},       {"restart", file_restart}, {"commit", file_commit},
      {"discard", file_discard}, {"close", file_close},     {NULL, NULL},
  };
  law_class(L, LAW_FILE, metamethods, methods);
}
