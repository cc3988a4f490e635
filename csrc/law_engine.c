/* appwrite.core.Engine: what a Lua state's clients share. Its user value maps what is under way (light userdata) to
 * the Lua object that stands for it, so that neither is collected before its end. */
#include "law_core.h"

#define CONNECTIONS_MAX 10000
#define FDS_MAX 1024 /* as many as libcurl tells of (FD_SETSIZE) */

static law_engine *check_engine(lua_State *L)
{
  law_engine *self = luaL_checkudata(L, 1, LAW_ENGINE);
  luaL_argcheck(L, self->engine, 1, "the engine is closed");
  return self;
}

int law_engine_new(lua_State *L)
{
  aw_error error;
  law_engine *self = law_newuserdata(L, sizeof(*self));
  self->engine = NULL;
  luaL_getmetatable(L, LAW_ENGINE);
  lua_setmetatable(L, -2);
  lua_newtable(L);
  lua_setuservalue(L, -2);
  if(aw_engine_new(&self->engine, &error) != AW_OK)
    return luaL_error(L, "%s", error.message);
  return 1;
}

void law_engine_anchor(lua_State *L, int engine_index, void *object)
{
  lua_getuservalue(L, engine_index);
  lua_pushlightuserdata(L, object);
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_pop(L, 2);
}

static int engine_client(lua_State *L)
{
  static const law_option options[] = {
      {"endpoint", LAW_STRING, offsetof(aw_client_options, endpoint)},
      {"project", LAW_STRING, offsetof(aw_client_options, credentials[AW_PROJECT])},
      {"key", LAW_STRING, offsetof(aw_client_options, credentials[AW_KEY])},
      {"jwt", LAW_STRING, offsetof(aw_client_options, credentials[AW_JWT])},
      {"session", LAW_STRING, offsetof(aw_client_options, credentials[AW_SESSION])},
      {"locale", LAW_STRING, offsetof(aw_client_options, credentials[AW_LOCALE])},
      {"headers", LAW_TABLE, 0},
      {"caFile", LAW_STRING, offsetof(aw_client_options, ca_file)},
      {"proxy", LAW_STRING, offsetof(aw_client_options, proxy)},
      {"userAgent", LAW_STRING, offsetof(aw_client_options, user_agent)},
      {"selfSigned", LAW_BOOLEAN, offsetof(aw_client_options, self_signed)},
      {"verifyStatus", LAW_BOOLEAN, offsetof(aw_client_options, verify_status)},
      {"connectTimeout", LAW_NUMBER, offsetof(aw_client_options, connect_timeout)},
      {"lowSpeedLimit", LAW_NUMBER, offsetof(aw_client_options, low_speed_limit)},
      {"lowSpeedTime", LAW_NUMBER, offsetof(aw_client_options, low_speed_time)},
      {"maxResponseBytes", LAW_NUMBER, offsetof(aw_client_options, max_response)},
      {NULL, LAW_STRING, 0},
  };
  law_engine *self = check_engine(L);
  aw_client_options given = {0};
  aw_error error;
  law_client *client;
  aw_status status = law_read_options(L, 2, options, &given, &error);
  luaL_argcheck(L, given.endpoint || status != AW_OK, 2, "endpoint is missing");
  if(status == AW_OK)
    status = law_read_fields(L, 2, "headers", &given.headers, &given.headers_count, &error);
  client = law_client_push(L, 1);
  if(status == AW_OK)
    status = aw_client_new(self->engine, &given, &client->client, &error);
  if(status == AW_OK)
    return 1;
  return law_refuse(L, &error);
}

/* Not so where a memory error came between start and anchor, or where it was closed meanwhile. */
static bool is_open(lua_State *L)
{
  const law_request *handle = lua_touserdata(L, -1);
  return handle && handle->request;
}

/* An array with room for so many, or nil. */
static void push_room(lua_State *L, size_t count)
{
  if(count)
    lua_createtable(L, (int)count, 0);
  else
    lua_pushnil(L);
}

static void release_anchor(lua_State *L, int anchors, void *object)
{
  lua_pushlightuserdata(L, object);
  lua_pushnil(L);
  lua_rawset(L, anchors);
}

/* All finished requests into the array at `array`. */
static void fill_finished(lua_State *L, aw_engine *engine, int anchors, int array)
{
  aw_request *request;
  int position = 0;
  while((request = aw_engine_take(engine)) != NULL) {
    lua_pushlightuserdata(L, request);
    lua_rawget(L, anchors);
    if(is_open(L))
      lua_rawseti(L, array, ++position);
    else
      lua_pop(L, 1);
    release_anchor(L, anchors, request);
    aw_request_unref(request);
  }
}

/* The WebSockets with news into the array at `array`. One that has closed is anchored no more. */
static void fill_news(lua_State *L, aw_engine *engine, int anchors, int array)
{
  aw_socket *socket;
  int position = 0;
  while((socket = aw_engine_take_news(engine)) != NULL) {
    bool ended = aw_socket_get_state(socket) == AW_SOCKET_CLOSED;
    void *key = socket;
    aw_socket_unref(socket); /* what stands for it keeps it */
    lua_pushlightuserdata(L, key);
    lua_rawget(L, anchors);
    if(lua_isuserdata(L, -1))
      lua_rawseti(L, array, ++position);
    else
      lua_pop(L, 1);
    if(ended)
      release_anchor(L, anchors, key);
  }
}

/* step(seconds) -> transfers, finished requests or nil, sockets with news or nil. The arrays have their room before
 * anything leaves the engine, so that a memory error loses none. */
static int engine_step(lua_State *L)
{
  law_engine *self = check_engine(L);
  double timeout = luaL_optnumber(L, 2, 0);
  aw_stats stats;
  aw_error error;
  if(aw_engine_step(self->engine, timeout, &error) != AW_OK)
    return luaL_error(L, "%s", error.message);
  aw_engine_stats(self->engine, &stats);
  lua_settop(L, 1);
  lua_getuservalue(L, 1);
  lua_pushinteger(L, (lua_Integer)stats.transfers);
  push_room(L, aw_engine_finished(self->engine));
  push_room(L, aw_engine_news(self->engine));
  if(lua_istable(L, 4))
    fill_finished(L, self->engine, 2, 4);
  if(lua_istable(L, 5))
    fill_news(L, self->engine, 2, 5);
  return 3;
}

/* limit(connections): to one host, for all clients of this engine */
static int engine_limit(lua_State *L)
{
  law_engine *self = check_engine(L);
  lua_Integer connections = luaL_checkinteger(L, 2);
  luaL_argcheck(L, connections >= 1 && connections <= CONNECTIONS_MAX, 2, "must be from 1 to 10000");
  aw_engine_limit(self->engine, (long)connections);
  return 0;
}

static int engine_timeout(lua_State *L)
{
  double seconds = aw_engine_timeout(check_engine(L)->engine);
  if(seconds < 0)
    return 0;
  lua_pushnumber(L, seconds);
  return 1;
}

/* fds() -> { { fd, read, write }, … } */
static int engine_fds(lua_State *L)
{
  aw_fd fds[FDS_MAX];
  size_t count = aw_engine_fds(check_engine(L)->engine, fds, FDS_MAX), i;
  lua_createtable(L, (int)count, 0);
  for(i = 0; i < count && i < FDS_MAX; i++) {
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, (lua_Integer)fds[i].fd);
    lua_setfield(L, -2, "fd");
    lua_pushboolean(L, fds[i].read);
    lua_setfield(L, -2, "read");
    lua_pushboolean(L, fds[i].write);
    lua_setfield(L, -2, "write");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

static int engine_stats(lua_State *L)
{
  aw_stats stats;
  aw_engine_stats(check_engine(L)->engine, &stats);
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, (lua_Integer)stats.clients);
  lua_setfield(L, -2, "clients");
  lua_pushinteger(L, (lua_Integer)stats.requests);
  lua_setfield(L, -2, "requests");
  lua_pushinteger(L, (lua_Integer)stats.transfers);
  lua_setfield(L, -2, "transfers");
  return 1;
}

static int engine_close(lua_State *L)
{
  law_engine *self = luaL_checkudata(L, 1, LAW_ENGINE);
  if(self->engine) {
    aw_engine_close(self->engine);
    aw_engine_unref(self->engine);
    self->engine = NULL;
  }
  return 0;
}

static int engine_tostring(lua_State *L)
{
  law_engine *self = luaL_checkudata(L, 1, LAW_ENGINE);
  lua_pushfstring(L, LAW_ENGINE " (%s)", self->engine ? "open" : "closed");
  return 1;
}

void law_engine_class(lua_State *L)
{
  static const luaL_Reg metamethods[] = {
      {"__gc", engine_close},
      {"__close", engine_close},
      {"__tostring", engine_tostring},
      {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"client", engine_client}, {"step", engine_step},   {"timeout", engine_timeout}, {"fds", engine_fds},
      {"limit", engine_limit},   {"stats", engine_stats}, {"close", engine_close},     {NULL, NULL},
  };
  law_class(L, LAW_ENGINE, metamethods, methods);
}
