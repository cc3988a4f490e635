/* appwrite.core.Request: one request under way, and then its answer. */
#include "law_core.h"

#include <string.h>

#define COPIED_MAX 4096 /* bytes; longer strings are lent */

static law_request *check_request(lua_State *L)
{
  law_request *self = luaL_checkudata(L, 1, LAW_REQUEST);
  luaL_argcheck(L, self->request, 1, "the request is closed");
  return self;
}

law_request *law_request_push(lua_State *L)
{
  law_request *self = law_newuserdata(L, sizeof(*self));
  memset(self, 0, sizeof(*self));
  aw_body_init(&self->body);
  luaL_getmetatable(L, LAW_REQUEST);
  lua_setmetatable(L, -2);
  return self;
}

typedef struct part_options {
  const char *name;
  const char *filename;
  const char *type;
  const char *path;
  double offset, length, file_size;
} part_options;

/* Keep the value on top of the stack for as long as the request. In 5.1 a userdata has an environment from the start,
 * which is not its own. */
static void keep(lua_State *L, int request_index)
{
  lua_createtable(L, 1, 0);
  lua_getuservalue(L, request_index);
  lua_rawseti(L, -2, 1);
  lua_pushvalue(L, -2);
  lua_rawseti(L, -2, 2);
  lua_setuservalue(L, request_index);
}

/* The slice of the string on top of the stack. */
static aw_status read_bytes(lua_State *L, const part_options *given, int request_index, aw_source *source,
                            aw_error *error)
{
  size_t all;
  const char *bytes = lua_tolstring(L, -1, &all);
  double length;
  luaL_argcheck(L, bytes, 2, "a part has neither data nor a path");
  length = given->length < 0 ? (double)all - given->offset : given->length;
  luaL_argcheck(L, given->offset >= 0 && length >= 0 && given->offset + length <= (double)all, 2,
                "a part is no slice of its data");
  bytes += (size_t)given->offset;
  if(length < COPIED_MAX)
    return aw_source_init_bytes(source, bytes, (size_t)length, error);
  keep(L, request_index);
  aw_source_init_borrowed(source, bytes, (size_t)length);
  return AW_OK;
}

/* The buffer on top of the stack. */
static void read_buffer(lua_State *L, int request_index, aw_source *source)
{
  size_t length;
  const char *bytes = law_buffer_read(L, lua_gettop(L), &length);
  keep(L, request_index);
  aw_source_init_borrowed(source, bytes, length);
}

static aw_status read_source(lua_State *L, int index, int request_index, const part_options *given, aw_source *source,
                             aw_error *error)
{
  aw_status status;
  if(given->path)
    return aw_source_init_file(source, given->path, (int64_t)given->offset, (int64_t)given->length,
                               (int64_t)given->file_size, error);
  lua_getfield(L, index, "buffer");
  if(!lua_isnil(L, -1)) {
    read_buffer(L, request_index, source);
    lua_pop(L, 1);
    return AW_OK;
  }
  lua_pop(L, 1);
  lua_getfield(L, index, "data");
  status = read_bytes(L, given, request_index, source, error);
  lua_pop(L, 1);
  return status;
}

aw_status law_request_read_part(lua_State *L, int index, int request_index, aw_body *body, aw_error *error)
{
  static const law_option options[] = {
      {"name", LAW_STRING, offsetof(part_options, name)},
      {"filename", LAW_STRING, offsetof(part_options, filename)},
      {"type", LAW_STRING, offsetof(part_options, type)},
      {"path", LAW_STRING, offsetof(part_options, path)},
      {"offset", LAW_NUMBER, offsetof(part_options, offset)},
      {"length", LAW_NUMBER, offsetof(part_options, length)},
      {"fileSize", LAW_NUMBER, offsetof(part_options, file_size)},
      {"data", LAW_BYTES, 0},
      {"buffer", LAW_USERDATA, 0},
      {NULL, LAW_STRING, 0},
  };
  part_options given = {NULL, NULL, NULL, NULL, 0, -1, -1};
  aw_source source;
  aw_status status = law_read_options(L, index, options, &given, error);
  if(status != AW_OK)
    return status;
  luaL_argcheck(L, given.name, 2, "a part has no name");
  status = read_source(L, index, request_index, &given, &source, error);
  if(status != AW_OK)
    return status;
  status = aw_body_add(body, given.name, given.filename, given.type, &source, error);
  if(status != AW_OK)
    aw_source_deinit(&source);
  return status;
}

static int request_done(lua_State *L)
{
  lua_pushboolean(L, aw_request_finished(check_request(L)->request));
  return 1;
}

/* nil, kind, message, seconds, status */
static int push_failure(lua_State *L, const aw_request *request)
{
  law_push_error(L, aw_request_error(request));
  lua_pushnumber(L, aw_request_elapsed(request));
  lua_pushinteger(L, aw_request_http_status(request));
  return 5;
}

static int request_result(lua_State *L)
{
  law_request *self = check_request(L);
  aw_request *request = self->request;
  const char *body;
  size_t length;
  luaL_argcheck(L, aw_request_finished(request), 1, "the request has not ended yet");
  luaL_argcheck(L, !self->taken, 1, "the request's result was taken before");
  if(aw_request_error(request)->status != AW_OK)
    return push_failure(L, request);
  lua_pushinteger(L, aw_request_http_status(request));
  body = aw_request_body(request, &length);
  if(body) {
    lua_pushlstring(L, body, length);
    aw_request_drop_body(request);
  }
  else
    lua_pushnil(L); /* what streams is still to be read */
  self->taken = true;
  lua_pushnumber(L, aw_request_elapsed(request));
  return 3;
}

/* A name that comes again: its values joined by ", " (RFC 9110, section 5.3), as one string. */
static int request_headers(lua_State *L)
{
  const aw_headers *headers = aw_request_headers(check_request(L)->request);
  const char *name, *value;
  size_t position = 0;
  lua_newtable(L);
  while(aw_headers_next(headers, &position, &name, &value)) {
    lua_pushstring(L, value);
    lua_getfield(L, -2, name);
    if(lua_isnil(L, -1)) {
      lua_pop(L, 1);
    }
    else {
      lua_pushfstring(L, "%s, %s", lua_tostring(L, -1), value);
      lua_replace(L, -3);
      lua_pop(L, 1);
    }
    lua_setfield(L, -2, name);
  }
  return 1;
}

static int request_progress(lua_State *L)
{
  aw_progress progress;
  aw_request_progress(check_request(L)->request, &progress);
  lua_pushinteger(L, (lua_Integer)progress.downloaded);
  lua_pushinteger(L, (lua_Integer)progress.download_size);
  lua_pushinteger(L, (lua_Integer)progress.uploaded);
  lua_pushinteger(L, (lua_Integer)progress.upload_size);
  return 4;
}

static int request_sent(lua_State *L)
{
  lua_pushboolean(L, aw_request_sent(check_request(L)->request));
  return 1;
}

static int request_open_ended(lua_State *L)
{
  lua_pushboolean(L, aw_request_open_ended(check_request(L)->request));
  return 1;
}

static int request_waiting(lua_State *L)
{
  size_t length;
  aw_request_waiting(check_request(L)->request, &length);
  lua_pushinteger(L, (lua_Integer)length);
  return 1;
}

static int request_read(lua_State *L)
{
  aw_request *request = check_request(L)->request;
  size_t length;
  const char *bytes = aw_request_waiting(request, &length);
  if(length)
    lua_pushlstring(L, bytes, length);
  else
    lua_pushnil(L);
  aw_request_taken(request);
  return 1;
}

static int request_cancel(lua_State *L)
{
  aw_request_cancel(check_request(L)->request);
  return 0;
}

/* What is under way is anchored in its engine, so a collected one has ended, or its engine goes with it. */
static int request_close(lua_State *L)
{
  law_request *self = luaL_checkudata(L, 1, LAW_REQUEST);
  aw_request *request = self->request;
  self->request = NULL;
  aw_body_deinit(&self->body);
  if(request) {
    aw_request_cancel(request);
    aw_request_unref(request);
  }
  return 0;
}

static int request_tostring(lua_State *L)
{
  law_request *self = luaL_checkudata(L, 1, LAW_REQUEST);
  const char *state = "closed";
  if(self->request)
    state = aw_request_finished(self->request) ? "ended" : "under way";
  lua_pushfstring(L, LAW_REQUEST " (%s)", state);
  return 1;
}

void law_request_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", request_close},
      {"__close", request_close},
      {"__tostring", request_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"done", request_done},
      {"result", request_result},
      {"headers", request_headers},
      {"progress", request_progress},
      {"openEnded", request_open_ended},
      {"sent", request_sent},
      {"waiting", request_waiting},
      {"read", request_read},
      {"cancel", request_cancel},
      {"close", request_close},
      {NULL, NULL},
  };
  law_class(L, LAW_REQUEST, metamethods, methods);
}
