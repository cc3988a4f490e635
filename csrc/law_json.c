/* What appwrite.json.reader does before and after lua-cjson parses a text: as its Lua does it, several times faster. */
#include "law_core.h"

#include <string.h>

#define EXACT 9007199254740992.0 /* 2^53: beyond it a float skips whole numbers */
#define SLOTS 6                  /* of the stack, for one level */

typedef struct settle_job {
  int array;        /* index of the metatable of arrays */
  bool keep;        /* nulls in objects */
  bool has_empty;   /* whether there are markers of empty arrays */
  lua_Number empty; /* the marker */
  lua_Integer met;  /* how many there were */
  bool again;       /* a number was met that may be a rounded integer, or is too large for a float */
} settle_job;

/* Put another number in the place of the one on top of the stack, where it needs that. Whether it did. */
static bool settle_number(lua_State *L, settle_job *job)
{
  lua_Number value = lua_tonumber(L, -1);
#if LUA_VERSION_NUM >= 503
  lua_Integer whole;
#endif
  if(value >= EXACT || value <= -EXACT) {
    job->again = true;
    return false;
  }
#if LUA_VERSION_NUM >= 503
  whole = (lua_Integer)value; /* not floor(): a program with the static library would have to be linked with libm */
  if(lua_isinteger(L, -1) || value < (lua_Number)whole || value > (lua_Number)whole)
    return false;
  lua_pushinteger(L, whole);
#else
  if(value < 0 || value > 0)
    return false;
  lua_pushinteger(L, 0); /* never -0 */
#endif
  lua_replace(L, -2);
  return true;
}

static void settle(lua_State *L, int container, settle_job *job);

static bool is_marker(lua_State *L, int array, const settle_job *job)
{
  bool is = false;
  if(!job->has_empty || lua_rawlen(L, array) != 1)
    return false;
  lua_rawgeti(L, array, 1);
  if(lua_type(L, -1) == LUA_TNUMBER) {
    lua_Number value = lua_tonumber(L, -1);
    is = !(value < job->empty || value > job->empty);
  }
  lua_pop(L, 1);
  return is;
}

static void settle_items(lua_State *L, int array, settle_job *job)
{
  size_t count = lua_rawlen(L, array), i;
  for(i = 1; i <= count; i++) {
    lua_rawgeti(L, array, (int)i);
    switch(lua_type(L, -1)) {
    case LUA_TTABLE:
      settle(L, lua_gettop(L), job);
      break;
    case LUA_TNUMBER:
      if(settle_number(L, job)) {
        lua_rawseti(L, array, (int)i);
        continue;
      }
    }
    lua_pop(L, 1);
  }
}

static void settle_array(lua_State *L, int array, settle_job *job)
{
  if(is_marker(L, array, job)) {
    job->met++;
    lua_pushnil(L);
    lua_rawseti(L, array, 1);
  }
  else
    settle_items(L, array, job);
  lua_pushvalue(L, job->array);
  lua_setmetatable(L, array);
}

/* Give the value on top of the stack to the key below it, which stays. */
static void set_field(lua_State *L, int object)
{
  lua_pushvalue(L, -2);
  lua_insert(L, -2);
  lua_rawset(L, object);
}

static void settle_object(lua_State *L, int object, settle_job *job)
{
  lua_pushnil(L);
  while(lua_next(L, object)) {
    switch(lua_type(L, -1)) {
    case LUA_TTABLE:
      settle(L, lua_gettop(L), job);
      break;
    case LUA_TNUMBER:
      if(settle_number(L, job)) {
        set_field(L, object);
        continue;
      }
      break;
    case LUA_TLIGHTUSERDATA: /* null */
      if(!job->keep) {
        lua_pop(L, 1);
        lua_pushnil(L);
        set_field(L, object);
        continue;
      }
    }
    lua_pop(L, 1);
  }
}

/* `container` is absolute. The parser has seen to it that none is too deep. */
static void settle(lua_State *L, int container, settle_job *job)
{
  bool is_array;
  luaL_checkstack(L, SLOTS, "JSON is nested too deep");
  lua_rawgeti(L, container, 1);
  is_array = !lua_isnil(L, -1);
  lua_pop(L, 1);
  if(is_array)
    settle_array(L, container, job);
  else
    settle_object(L, container, job);
}

int law_json_settle(lua_State *L)
{
  settle_job job = {2, false, false, 0, 0, false};
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  job.keep = lua_toboolean(L, 3);
  job.has_empty = !lua_isnoneornil(L, 4);
  job.empty = luaL_optnumber(L, 4, 0);
  lua_settop(L, 4);
  settle(L, 1, &job);
  lua_pushinteger(L, job.met);
  lua_pushboolean(L, job.again);
  return 2;
}

/* Before the parser ----------------------------------------------------------------------------------------------- */

typedef struct scan {
  lua_State *L;
  luaL_Buffer out;        /* once there was an empty array */
  const char *kept, *end; /* what is still to be copied */
  const char *marker;
  lua_Integer count;
} scan;

static bool contains(const char *text, size_t length, const char *part, size_t part_length)
{
  const char *end = text + length;
  while((text = memchr(text, part[0], (size_t)(end - text))) != NULL && (size_t)(end - text) >= part_length) {
    if(memcmp(text, part, part_length) == 0)
      return true;
    text++;
  }
  return false;
}

/* Behind the string that begins at `at`; the end where it has none. */
static const char *skip_string(const char *at, const char *end)
{
  for(at++; at < end; at++) {
    if(*at == '"')
      return at + 1;
    if(*at == '\\')
      at++;
  }
  return end;
}

/* At the bracket that closes an empty array, or NULL. */
static const char *closing(const char *opening, const char *end)
{
  const char *at = opening + 1;
  while(at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
    at++;
  return at < end && *at == ']' ? at : NULL;
}

static void put_marker(scan *self, const char *at)
{
  if(!self->count++)
    luaL_buffinit(self->L, &self->out);
  luaL_addlstring(&self->out, self->kept, (size_t)(at - self->kept));
  luaL_addstring(&self->out, self->marker);
  self->kept = at;
}

/* False where there is a number that begins with "-.". */
static bool scan_text(scan *self)
{
  const char *at = self->kept, *close;
  while(at < self->end) {
    switch(*at) {
    case '"':
      at = skip_string(at, self->end);
      continue;
    case '[':
      close = closing(at, self->end);
      if(close)
        put_marker(self, at = close);
      break;
    case '-':
      if(at + 1 < self->end && at[1] == '.')
        return false;
    }
    at++;
  }
  return true;
}

int law_json_exchange(lua_State *L)
{
  size_t length, marker_length;
  scan self;
  const char *text = luaL_checklstring(L, 1, &length);
  self.marker = luaL_checklstring(L, 2, &marker_length);
  luaL_argcheck(L, marker_length > 0, 2, "must not be empty");
  lua_settop(L, 2);
  self.L = L;
  self.kept = text;
  self.end = text + length;
  self.count = 0;
  if(memchr(text, '\0', length) || contains(text, length, self.marker, marker_length) || !scan_text(&self))
    return 0;
  if(self.count) {
    luaL_addlstring(&self.out, self.kept, (size_t)(self.end - self.kept));
    luaL_pushresult(&self.out);
  }
  else
    lua_pushvalue(L, 1);
  lua_pushinteger(L, self.count);
  return 2;
}
