/* appwrite.core.Session: one client's credentials and connections. Its user value is its engine. */
#include "aw_alloc.h"
#include "aw_kept.h"
#include "law_core.h"

#include <string.h>

static aw_client *check_client(lua_State *L)
{
  law_client *self = luaL_checkudata(L, 1, LAW_CLIENT);
  luaL_argcheck(L, self->client, 1, "the session is closed");
  return self->client;
}

/* 5.1 wants a table as user value, so it is one everywhere: { engine }. */
law_client *law_client_push(lua_State *L, int engine_index)
{
  law_client *self = law_newuserdata(L, sizeof(*self));
  self->client = NULL;
  luaL_getmetatable(L, LAW_CLIENT);
  lua_setmetatable(L, -2);
  lua_createtable(L, 1, 0);
  lua_pushvalue(L, engine_index);
  lua_rawseti(L, -2, 1);
  lua_setuservalue(L, -2);
  return self;
}

static void push_engine(lua_State *L)
{
  lua_getuservalue(L, 1);
  lua_rawgeti(L, -1, 1);
  lua_remove(L, -2);
}

static const law_option fork_options[] = {
    {"project", LAW_STRING, offsetof(aw_client_options, credentials[AW_PROJECT])},
    {"key", LAW_STRING, offsetof(aw_client_options, credentials[AW_KEY])},
    {"jwt", LAW_STRING, offsetof(aw_client_options, credentials[AW_JWT])},
    {"session", LAW_STRING, offsetof(aw_client_options, credentials[AW_SESSION])},
    {"locale", LAW_STRING, offsetof(aw_client_options, credentials[AW_LOCALE])},
    {"headers", LAW_TABLE, 0},
    {NULL, LAW_STRING, 0},
};

static int client_fork(lua_State *L)
{
  aw_client *parent = check_client(L);
  aw_client_options given = {0};
  aw_error error;
  law_client *made;
  aw_status status = law_read_options(L, 2, fork_options, &given, &error);
  if(status == AW_OK)
    status = law_read_fields(L, 2, "headers", &given.headers, &given.headers_count, &error);
  push_engine(L);
  made = law_client_push(L, lua_gettop(L));
  if(status == AW_OK)
    status = aw_client_fork(parent, &given, &made->client, &error);
  if(status == AW_OK)
    return 1;
  return law_refuse(L, &error);
}

static const char *const credential_names[] = {"project", "key", "jwt", "session", "locale", NULL};

static int client_set(lua_State *L)
{
  aw_client *client = check_client(L);
  int which = luaL_checkoption(L, 2, NULL, credential_names);
  size_t length = 0;
  const char *value = luaL_optlstring(L, 3, NULL, &length);
  aw_error error;
  aw_status status;
  if(value && strlen(value) != length)
    status = aw_fail(&error, AW_ARGUMENT, "%s must not contain NUL", credential_names[which]);
  else
    status = aw_client_set(client, (aw_credential)which, value, &error);
  if(status == AW_OK) {
    lua_pushboolean(L, 1);
    return 1;
  }
  return law_refuse(L, &error);
}

static int client_has(lua_State *L)
{
  static const char *const names[] = {"project", "key", "jwt", "session", "locale", "cookies", NULL};
  aw_client *client = check_client(L);
  int which = luaL_checkoption(L, 2, NULL, names);
  aw_error error;
  bool has;
  if(which != AW_CREDENTIALS)
    has = aw_client_has(client, (aw_credential)which);
  else if(aw_client_has_cookies(client, &has, &error) != AW_OK)
    return law_refuse(L, &error);
  lua_pushboolean(L, has);
  return 1;
}

static int client_clear(lua_State *L)
{
  aw_client_clear(check_client(L));
  return 0;
}

/* revision() -> a number that differs from what it was before each change of session, JWT and cookies */
static int client_revision(lua_State *L)
{
  lua_pushinteger(L, (lua_Integer)aw_client_revision(check_client(L)));
  return 1;
}

/* Lua copies it inside a protected call, since there it may have no memory, and the buffer is to be wiped then too. */
static int push_text(lua_State *L)
{
  const aw_buf *text = lua_touserdata(L, 1);
  lua_pushlstring(L, text->data, text->length);
  return 1;
}

/* export() -> the session as text, for a store alone; nil where there is none; nil and why not */
static int client_export(lua_State *L)
{
  aw_client *client = check_client(L);
  aw_buf text;
  aw_error error;
  aw_status status;
  int failed = 0;
  lua_settop(L, 1);
  lua_pushcfunction(L, push_text);
  aw_buf_init(&text, AW_KEPT_MAX);
  status = aw_client_export(client, &text, &error);
  lua_pushlightuserdata(L, &text);
  if(status == AW_OK && text.length)
    failed = lua_pcall(L, 1, 1, 0);
  else
    lua_pushnil(L);
  if(text.data)
    aw_wipe(text.data, text.capacity);
  aw_buf_deinit(&text);
  if(failed)
    return lua_error(L);
  return status == AW_OK ? 1 : law_refuse(L, &error);
}

/* import(text) -> true, or nil and what is wrong with it */
static int client_import(lua_State *L)
{
  aw_client *client = check_client(L);
  size_t length;
  const char *text = luaL_checklstring(L, 2, &length);
  aw_error error;
  if(aw_client_import(client, text, length, &error) != AW_OK)
    return law_refuse(L, &error);
  lua_pushboolean(L, 1);
  return 1;
}

static int client_endpoint(lua_State *L)
{
  lua_pushstring(L, aw_client_endpoint(check_client(L)));
  return 1;
}

static int client_project(lua_State *L)
{
  lua_pushstring(L, aw_client_project(check_client(L)));
  return 1;
}

typedef struct start_options {
  aw_request_spec spec;
  const char *auth;
  double skip;
} start_options;

/* For the request on top of the stack. */
static aw_status read_body(lua_State *L, aw_body *body, aw_error *error)
{
  int request_index = lua_gettop(L);
  aw_status status = AW_OK;
  aw_source source;
  const char *bytes;
  size_t length, i;
  lua_getfield(L, 2, "body");
  bytes = lua_tolstring(L, -1, &length);
  if(bytes) {
    status = aw_source_init_bytes(&source, bytes, length, error);
    if(status == AW_OK)
      aw_body_set(body, &source);
  }
  lua_pop(L, 1);
  lua_getfield(L, 2, "multipart");
  for(i = 1; status == AW_OK && lua_istable(L, -1) && i <= lua_rawlen(L, -1); i++) {
    lua_rawgeti(L, -1, (int)i);
    status = law_request_read_part(L, lua_gettop(L), request_index, body, error);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return status;
}

static aw_status read_start(lua_State *L, start_options *given, aw_error *error)
{
  /* "body" may hold any bytes, so it is read by read_body. */
  static const law_option options[] = {
      {"method", LAW_STRING, offsetof(start_options, spec.method)},
      {"target", LAW_STRING, offsetof(start_options, spec.target)},
      {"timeout", LAW_NUMBER, offsetof(start_options, spec.timeout)},
      {"file", LAW_USERDATA, 0},
      {"stream", LAW_BOOLEAN, offsetof(start_options, spec.stream)},
      {"partial", LAW_BOOLEAN, offsetof(start_options, spec.partial)},
      {"skip", LAW_NUMBER, offsetof(start_options, skip)},
      {"auth", LAW_STRING, offsetof(start_options, auth)},
      {"headers", LAW_TABLE, 0},
      {"multipart", LAW_TABLE, 0},
      {"body", LAW_BYTES, 0},
      {NULL, LAW_STRING, 0},
  };
  aw_status status = law_read_options(L, 2, options, given, error);
  luaL_argcheck(L, (given->spec.method && given->spec.target) || status != AW_OK, 2, "method or target is missing");
  luaL_argcheck(L, given->skip >= 0 && given->skip <= (double)AW_STREAM_MAX, 2, "skip must be from 0 to a mebibyte");
  given->spec.file = law_file_read(L, 2, "file");
  given->spec.skip = (size_t)given->skip;
  given->spec.login = given->auth && strcmp(given->auth, "login") == 0;
  return status;
}

static int client_start(lua_State *L)
{
  aw_client *client = check_client(L);
  start_options given = {{0}, NULL, 0};
  law_request *made;
  aw_error error;
  aw_status status;
  lua_settop(L, 2);
  status = read_start(L, &given, &error);
  if(status == AW_OK)
    status = law_read_fields(L, 2, "headers", &given.spec.headers, &given.spec.headers_count, &error);
  push_engine(L);
  made = law_request_push(L);
  if(status == AW_OK)
    status = read_body(L, &made->body, &error);
  if(status == AW_OK) {
    given.spec.body = &made->body;
    status = aw_request_start(client, &given.spec, &made->request, &error);
  }
  if(status != AW_OK) {
    law_raise_memory(L, &error);
    return law_push_error(L, &error);
  }
  lua_pushvalue(L, -1);
  law_engine_anchor(L, lua_gettop(L) - 2, made->request);
  return 1;
}

static int client_close(lua_State *L)
{
  law_client *self = luaL_checkudata(L, 1, LAW_CLIENT);
  aw_client_unref(self->client);
  self->client = NULL;
  return 0;
}

static int client_tostring(lua_State *L)
{
  law_client *self = luaL_checkudata(L, 1, LAW_CLIENT);
  lua_pushfstring(L, LAW_CLIENT " (%s)", self->client ? aw_client_endpoint(self->client) : "closed");
  return 1;
}

/* connect { target, … } -> socket, or nil, kind, message */
static int client_connect(lua_State *L)
{
  aw_client *client = check_client(L);
  aw_socket_spec spec = {NULL, NULL, 0, 0, 0, 0};
  law_socket *made;
  aw_error error;
  aw_status status;
  lua_settop(L, 2);
  luaL_checktype(L, 2, LUA_TTABLE);
  status = law_socket_read(L, 2, &spec, &error);
  push_engine(L);
  made = law_socket_push(L);
  if(status == AW_OK)
    status = aw_socket_open(client, &spec, &made->socket, &error);
  if(status != AW_OK) {
    law_raise_memory(L, &error);
    return law_push_error(L, &error);
  }
  lua_pushvalue(L, -1);
  law_engine_anchor(L, lua_gettop(L) - 2, made->socket);
  return 1;
}

void law_client_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", client_close},
      {"__close", client_close},
      {"__tostring", client_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"start", client_start},
      {"connect", client_connect},
      {"fork", client_fork},
      {"set", client_set},
      {"has", client_has},
      {"clear", client_clear},
      {"endpoint", client_endpoint},
      {"project", client_project},
      {"revision", client_revision},
      {"export", client_export},
      {"import", client_import},
      {"close", client_close},
      {NULL, NULL},
  };
  law_class(L, LAW_CLIENT, metamethods, methods);
}
