/* appwrite.core.Socket: a WebSocket. While it lives it is anchored in its engine. */
#include "law_core.h"

#include "aw_socket.h"

#include <string.h>

#define SWITCHING_PROTOCOLS 101

static law_socket *check_socket(lua_State *L)
{
  law_socket *self = luaL_checkudata(L, 1, LAW_SOCKET);
  luaL_argcheck(L, self->socket, 1, "the socket is closed");
  return self;
}

law_socket *law_socket_push(lua_State *L)
{
  law_socket *self = law_newuserdata(L, sizeof(*self));
  self->socket = NULL;
  luaL_getmetatable(L, LAW_SOCKET);
  lua_setmetatable(L, -2);
  return self;
}

aw_status law_socket_read(lua_State *L, int index, aw_socket_spec *spec, aw_error *error)
{
  static const law_option options[] = {
      {"target", LAW_STRING, offsetof(aw_socket_spec, target)},
      {"headers", LAW_TABLE, 0},
      {"timeout", LAW_NUMBER, offsetof(aw_socket_spec, timeout)},
      {"maxMessageBytes", LAW_NUMBER, offsetof(aw_socket_spec, max_message)},
      {"queueMessages", LAW_NUMBER, offsetof(aw_socket_spec, max_waiting)},
      {NULL, LAW_STRING, 0},
  };
  aw_status status = law_read_options(L, index, options, spec, error);
  if(status == AW_OK && !spec->target)
    status = aw_fail(error, AW_ARGUMENT, "a socket needs a target");
  return status == AW_OK ? law_read_fields(L, index, "headers", &spec->headers, &spec->headers_count, error) : status;
}

static int socket_state(lua_State *L)
{
  static const char *const names[] = {"connecting", "open", "closing", "closed"};
  lua_pushstring(L, names[aw_socket_get_state(check_socket(L)->socket)]);
  return 1;
}

/* next() -> message, whether it is binary; nil where none waits */
static int socket_next(lua_State *L)
{
  aw_socket *socket = check_socket(L)->socket;
  size_t length;
  bool is_binary;
  const char *bytes = aw_socket_message(socket, &length, &is_binary);
  if(!bytes)
    return 0;
  lua_pushlstring(L, bytes, length); /* where it raises, the message is there still */
  lua_pushboolean(L, is_binary);
  aw_socket_drop(socket);
  return 2;
}

static int finish(lua_State *L, aw_status status, const aw_error *error)
{
  if(status != AW_OK)
    return law_push_error(L, error);
  lua_pushboolean(L, 1);
  return 1;
}

static int socket_send(lua_State *L)
{
  aw_socket *socket = check_socket(L)->socket;
  size_t length;
  const char *text = luaL_checklstring(L, 2, &length);
  aw_error error;
  return finish(L, aw_socket_send(socket, text, length, &error), &error);
}

static int socket_authenticate(lua_State *L)
{
  aw_error error;
  return finish(L, aw_socket_authenticate(check_socket(L)->socket, &error), &error);
}

static int socket_ping(lua_State *L)
{
  aw_error error;
  return finish(L, aw_socket_ping(check_socket(L)->socket, &error), &error);
}

static int socket_heard(lua_State *L)
{
  lua_pushnumber(L, aw_socket_heard(check_socket(L)->socket));
  return 1;
}

/* close(code, reason) */
static int socket_close(lua_State *L)
{
  aw_socket *socket = check_socket(L)->socket;
  int code = (int)luaL_optinteger(L, 2, 1000);
  size_t length;
  const char *reason = luaL_optlstring(L, 3, "", &length);
  aw_error error;
  return finish(L, aw_socket_close(socket, code, reason, length, &error), &error);
}

static int socket_cancel(lua_State *L)
{
  aw_socket_cancel(check_socket(L)->socket);
  return 0;
}

static void set_text(lua_State *L, const char *name, const char *bytes, size_t length)
{
  lua_pushlstring(L, bytes, length);
  lua_setfield(L, -2, name);
}

/* A refusal is an answer of the API like any other. */
static void set_failure(lua_State *L, const aw_socket *socket)
{
  const aw_error *error = aw_socket_error(socket);
  long status = aw_socket_http_status(socket);
  const char *kind =
      status && status != SWITCHING_PROTOCOLS && error->status == AW_PROTOCOL ? "api" : aw_status_name(error->status);
  size_t length;
  const char *body = aw_socket_refusal(socket, &length);
  if(error->status != AW_OK) {
    set_text(L, "kind", kind, strlen(kind));
    set_text(L, "message", error->message, strlen(error->message));
  }
  if(status && status != SWITCHING_PROTOCOLS) {
    set_text(L, "body", body, length);
    lua_pushinteger(L, (lua_Integer)status);
    lua_setfield(L, -2, "status");
  }
}

/* result() -> { kind, message, code, reason, status, body } */
static int socket_result(lua_State *L)
{
  aw_socket *socket = check_socket(L)->socket;
  const char *reason = aw_socket_reason(socket);
  luaL_argcheck(L, aw_socket_get_state(socket) == AW_SOCKET_CLOSED, 1, "the socket has not closed yet");
  lua_createtable(L, 0, 6);
  set_failure(L, socket);
  if(aw_socket_code(socket)) {
    lua_pushinteger(L, aw_socket_code(socket));
    lua_setfield(L, -2, "code");
    set_text(L, "reason", reason, strlen(reason));
  }
  return 1;
}

static int socket_gc(lua_State *L)
{
  law_socket *self = luaL_checkudata(L, 1, LAW_SOCKET);
  aw_socket *socket = self->socket;
  self->socket = NULL;
  if(socket) {
    aw_socket_cancel(socket);
    aw_socket_unref(socket);
  }
  return 0;
}

static int socket_tostring(lua_State *L)
{
  law_socket *self = luaL_checkudata(L, 1, LAW_SOCKET);
  if(self->socket) {
    lua_settop(L, 1);
    socket_state(L);
  }
  else
    lua_pushliteral(L, "closed");
  lua_pushfstring(L, LAW_SOCKET " (%s)", lua_tostring(L, -1));
  return 1;
}

void law_socket_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", socket_gc},
      {"__close", socket_gc},
      {"__tostring", socket_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"state", socket_state},   {"next", socket_next},
      {"send", socket_send},     {"authenticate", socket_authenticate},
      {"ping", socket_ping},     {"heard", socket_heard},
      {"close", socket_close},   {"cancel", socket_cancel},
      {"result", socket_result}, {NULL, NULL},
  };
  law_class(L, LAW_SOCKET, metamethods, methods);
}
