/* An engine's WebSockets. */
#include "aw_engine_state.h"
#include "aw_socket.h"
#include "aw_system.h"

aw_socket *aw_engine_socket_of(const aw_engine *engine, const CURL *easy)
{
  aw_socket *socket = engine->sockets;
  while(socket && aw_socket_easy(socket) != easy)
    socket = aw_socket_next(socket);
  return socket;
}

aw_status aw_engine_add_socket(aw_engine *engine, aw_socket *socket, aw_error *error)
{
  if(engine->closed)
    return aw_fail(error, AW_CANCELLED, "the engine was closed");
  if(aw_engine_enter(engine, error) != AW_OK)
    return error->status;
  engine->sockets_open++;
  aw_engine_limit_libcurl(engine);
  if(curl_multi_add_handle(engine->multi, aw_socket_easy(socket)) != CURLM_OK) {
    engine->sockets_open--;
    return aw_fail_memory(error);
  }
  aw_socket_link(&engine->sockets, aw_socket_ref(socket));
  return AW_OK;
}

aw_status aw_engine_watch_socket(aw_engine *engine, curl_socket_t fd, bool read, bool write, aw_error *error)
{
  return aw_watch_set(engine->watch, fd, read, write, error);
}

void aw_engine_release_socket(aw_engine *engine, CURL *easy, curl_socket_t fd)
{
  if(fd != CURL_SOCKET_BAD)
    aw_watch_remove(engine->watch, fd);
  curl_multi_remove_handle(engine->multi, easy);
  engine->sockets_open--;
  aw_engine_limit_libcurl(engine);
}

aw_socket *aw_engine_take_news(aw_engine *engine)
{
  aw_socket *socket = engine->sockets;
  while(socket && !aw_socket_take_news(socket))
    socket = aw_socket_next(socket);
  if(!socket)
    return NULL;
  if(aw_socket_get_state(socket) == AW_SOCKET_CLOSED)
    aw_socket_unlink(&engine->sockets, socket); /* its reference goes to the caller */
  else
    aw_socket_ref(socket);
  return socket;
}

size_t aw_engine_news(const aw_engine *engine)
{
  const aw_socket *socket;
  size_t count = 0;
  for(socket = engine->sockets; socket; socket = aw_socket_next(socket))
    count += aw_socket_has_news(socket);
  return count;
}

void aw_engine_step_sockets(aw_engine *engine)
{
  aw_socket *socket;
  bool ready = engine->sockets && aw_watch_take_ready(engine->watch);
  for(socket = engine->sockets; socket; socket = aw_socket_next(socket))
    aw_socket_step(socket, ready);
}

double aw_engine_sockets_due(const aw_engine *engine)
{
  const aw_socket *socket;
  double soonest = -1, now = engine->sockets ? aw_monotonic() : 0;
  for(socket = engine->sockets; socket; socket = aw_socket_next(socket)) {
    double due = aw_socket_due(socket), left = due > now ? due - now : 0;
    if(due >= 0 && (soonest < 0 || left < soonest))
      soonest = left;
  }
  return soonest;
}

void aw_engine_cancel_sockets(aw_engine *engine)
{
  aw_socket *socket;
  for(socket = engine->sockets; socket; socket = aw_socket_next(socket))
    aw_socket_cancel(socket);
  while((socket = aw_engine_take_news(engine)) != NULL)
    aw_socket_unref(socket);
}
