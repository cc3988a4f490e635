#include "aw_socket.h"

#include "aw_alloc.h"
#include "aw_connection.h"
#include "aw_engine.h"
#include "aw_socket_state.h"
#include "aw_system.h"

#include <string.h>

#define CLOSING_SECONDS 1.0 /* it is a courtesy, and a program that has nothing else to do waits for it at its end */
#define AUTHENTICATION_MAX ((size_t)64000) /* bytes: what Appwrite takes for a message */

/* Its life -------------------------------------------------------------------------------------------------------- */

aw_socket *aw_socket_ref(aw_socket *socket)
{
  socket->references++;
  return socket;
}

static void forget_request(aw_socket *socket)
{
  if(socket->easy && socket->fields)
    curl_easy_setopt(socket->easy, CURLOPT_HTTPHEADER, NULL);
  aw_fields_unref(socket->fields);
  socket->fields = NULL;
  if(socket->request.data)
    aw_wipe(socket->request.data, socket->request.length);
  aw_buf_deinit(&socket->request);
}

void aw_socket_unref(aw_socket *socket)
{
  if(!socket || --socket->references)
    return;
  forget_request(socket);
  aw_handshake_deinit(&socket->handshake);
  aw_frames_free(socket->frames);
  aw_free(socket->message);
  aw_client_unref(socket->client);
  aw_free(socket);
}

/* What it ended with is in its error; messages that came before can still be taken. */
static void settle(aw_socket *socket)
{
  socket->phase = AW_PHASE_CLOSED;
  socket->news = true;
  socket->deadline = -1;
  forget_request(socket);
}

static void end(aw_socket *socket)
{
  aw_engine_leave_parent(aw_client_engine(socket->client));
  if(socket->phase == AW_PHASE_CLOSED)
    return;
  settle(socket);
  aw_engine_release_socket(aw_client_engine(socket->client), socket->easy,
                           socket->watched ? socket->fd : CURL_SOCKET_BAD);
  curl_easy_cleanup(socket->easy);
  socket->easy = NULL;
}

CURL *aw_socket_leave(aw_socket *socket)
{
  CURL *easy = socket->easy;
  if(socket->phase == AW_PHASE_CLOSED)
    return NULL;
  if(socket->error.status == AW_OK)
    aw_fail(&socket->error, AW_CANCELLED, "the WebSocket was open when this process was forked, and is the parent's");
  settle(socket);
  socket->easy = NULL;
  return easy;
}

void aw_socket_fail(aw_socket *socket, const aw_error *error)
{
  if(socket->phase != AW_PHASE_CLOSED && error->status != AW_OK)
    socket->error = *error;
  end(socket);
}

/* The handshake --------------------------------------------------------------------------------------------------- */

void aw_socket_run(aw_socket *socket, const aw_frames_io *io)
{
  aw_error error;
  if(aw_frames_new(io, socket->max_message, socket->max_waiting, &socket->frames, &error) != AW_OK) {
    aw_socket_fail(socket, &error);
    return;
  }
  socket->phase = AW_PHASE_RUNNING;
  socket->news = true;
  socket->deadline = -1;
  forget_request(socket);
}

void aw_socket_refuse(aw_socket *socket)
{
  aw_fail(&socket->error, AW_PROTOCOL, "the server refused the WebSocket with status %ld",
          socket->handshake.http_status);
  end(socket);
}

void aw_socket_fail_connecting(aw_socket *socket, CURLcode code)
{
  if(!aw_engine_starved(aw_client_engine(socket->client), code, &socket->error))
    aw_connection_fail(code, socket->curl_message[0] ? socket->curl_message : curl_easy_strerror(code), &socket->error);
  end(socket);
}

void aw_socket_break(aw_socket *socket, const aw_error *error)
{
  socket->error = *error;
  socket->wanted = true;
}

/* Moving on ------------------------------------------------------------------------------------------------------- */

static void exchange(aw_socket *socket)
{
  aw_error error = {AW_OK, ""};
  aw_status status = aw_frames_move(socket->frames, &error);
  if(aw_frames_has_message(socket->frames))
    socket->news = true;
  if(status != AW_OK)
    aw_socket_fail(socket, &error);
  else if(aw_frames_is_closed(socket->frames))
    end(socket);
  else if(aw_frames_code(socket->frames) && !socket->closing) {
    socket->closing = true;
    socket->news = true;
    socket->deadline = aw_monotonic() + CLOSING_SECONDS;
  }
}

static void watch(aw_socket *socket)
{
  bool reading = socket->phase == AW_PHASE_ASKING || aw_frames_wants_read(socket->frames);
  bool writing =
      socket->phase == AW_PHASE_ASKING ? socket->sent < socket->request.length : aw_frames_wants_write(socket->frames);
  aw_error error;
  if(socket->watched && socket->reading == reading && socket->writing == writing)
    return;
  if(aw_engine_watch_socket(aw_client_engine(socket->client), socket->fd, reading, writing, &error) != AW_OK) {
    aw_socket_fail(socket, &error);
    return;
  }
  socket->watched = true;
  socket->reading = reading;
  socket->writing = writing;
}

static void expire(aw_socket *socket)
{
  if(socket->closing)
    aw_fail(&socket->error, AW_TIMEOUT, "the server did not close the WebSocket in time");
  else
    aw_fail(&socket->error, AW_TIMEOUT, "the server did not answer the WebSocket handshake in time");
  end(socket);
}

void aw_socket_step(aw_socket *socket, bool ready)
{
  bool is_new = socket->phase == AW_PHASE_ASKING && !socket->watched;
  if(socket->phase == AW_PHASE_CLOSED)
    return;
  if(socket->error.status != AW_OK) {
    end(socket);
    return;
  }
  if(socket->deadline >= 0 && aw_monotonic() >= socket->deadline) {
    expire(socket);
    return;
  }
  if(socket->phase == AW_PHASE_CONNECTING || !(ready || is_new || socket->wanted))
    return;
  socket->wanted = false;
  if(socket->phase == AW_PHASE_ASKING)
    aw_socket_ask(socket);
  if(socket->phase == AW_PHASE_RUNNING)
    exchange(socket);
  if(socket->phase == AW_PHASE_ASKING || socket->phase == AW_PHASE_RUNNING)
    watch(socket);
}

/* Others' doing --------------------------------------------------------------------------------------------------- */

/* The next step has something to do for it, whatever its descriptor says. */
static void want(aw_socket *socket)
{
  socket->wanted = true;
}

double aw_socket_due(const aw_socket *socket)
{
  if(socket->wanted || (socket->phase == AW_PHASE_ASKING && !socket->watched))
    return 0;
  return socket->deadline;
}

aw_socket_state aw_socket_get_state(const aw_socket *socket)
{
  if(socket->phase == AW_PHASE_CLOSED)
    return AW_SOCKET_CLOSED;
  if(socket->closing)
    return AW_SOCKET_CLOSING;
  return socket->phase == AW_PHASE_RUNNING ? AW_SOCKET_OPEN : AW_SOCKET_CONNECTING;
}

const char *aw_socket_message(aw_socket *socket, size_t *length, bool *is_binary)
{
  if(!socket->message && socket->frames)
    socket->message = aw_frames_take(socket->frames);
  if(!socket->message)
    return NULL;
  *length = socket->message->length;
  *is_binary = socket->message->is_binary;
  return socket->message->bytes;
}

void aw_socket_drop(aw_socket *socket)
{
  aw_free(socket->message);
  socket->message = NULL;
  if(socket->phase == AW_PHASE_RUNNING && !socket->reading)
    want(socket); /* there is room again */
}

static aw_status check_open(const aw_socket *socket, aw_error *error)
{
  if(socket->phase == AW_PHASE_RUNNING && !socket->closing)
    return AW_OK;
  return aw_fail(error, AW_ARGUMENT, "the WebSocket is not open");
}

aw_status aw_socket_send(aw_socket *socket, const char *text, size_t length, aw_error *error)
{
  aw_status status = check_open(socket, error);
  if(status == AW_OK)
    status = aw_frames_send(socket->frames, text, length, error);
  if(status == AW_OK)
    want(socket);
  return status;
}

aw_status aw_socket_authenticate(aw_socket *socket, aw_error *error)
{
  aw_buf message;
  aw_status status;
  aw_buf_init(&message, AUTHENTICATION_MAX);
  status = aw_client_write_authentication(socket->client, &message, error);
  if(status == AW_OK)
    status = aw_socket_send(socket, message.data, message.length, error);
  if(message.data)
    aw_wipe(message.data, message.length);
  aw_buf_deinit(&message);
  return status;
}

aw_status aw_socket_ping(aw_socket *socket, aw_error *error)
{
  aw_status status = check_open(socket, error);
  if(status == AW_OK)
    status = aw_frames_ping(socket->frames, error);
  if(status == AW_OK)
    want(socket);
  return status;
}

double aw_socket_heard(const aw_socket *socket)
{
  return aw_monotonic() - socket->heard;
}

aw_status aw_socket_close(aw_socket *socket, int code, const char *reason, size_t length, aw_error *error)
{
  aw_status status;
  if(socket->phase != AW_PHASE_RUNNING) {
    aw_socket_cancel(socket);
    return AW_OK;
  }
  if(socket->closing)
    return AW_OK;
  status = aw_frames_close(socket->frames, code, reason, length, error);
  if(status != AW_OK)
    return status;
  socket->closing = true;
  socket->deadline = aw_monotonic() + CLOSING_SECONDS;
  want(socket);
  return AW_OK;
}

void aw_socket_cancel(aw_socket *socket)
{
  if(socket->phase == AW_PHASE_CLOSED)
    return;
  aw_fail(&socket->error, AW_CANCELLED, "the WebSocket was ended");
  end(socket);
}

/* Asking ---------------------------------------------------------------------------------------------------------- */

const aw_error *aw_socket_error(const aw_socket *socket)
{
  return &socket->error;
}

int aw_socket_code(const aw_socket *socket)
{
  return socket->frames ? aw_frames_code(socket->frames) : 0;
}

const char *aw_socket_reason(const aw_socket *socket)
{
  return socket->frames ? aw_frames_reason(socket->frames) : "";
}

long aw_socket_http_status(const aw_socket *socket)
{
  return socket->handshake.http_status;
}

const char *aw_socket_refusal(const aw_socket *socket, size_t *length)
{
  *length = socket->frames ? 0 : socket->handshake.rest.length;
  return *length ? socket->handshake.rest.data : "";
}

CURL *aw_socket_easy(const aw_socket *socket)
{
  return socket->easy;
}

bool aw_socket_take_news(aw_socket *socket)
{
  bool news = socket->news;
  socket->news = false;
  return news;
}

bool aw_socket_has_news(const aw_socket *socket)
{
  return socket->news;
}

aw_socket *aw_socket_next(const aw_socket *socket)
{
  return socket->next;
}

void aw_socket_link(aw_socket **list, aw_socket *socket)
{
  while(*list)
    list = &(*list)->next;
  socket->next = NULL;
  *list = socket;
}

void aw_socket_unlink(aw_socket **list, aw_socket *socket)
{
  while(*list && *list != socket)
    list = &(*list)->next;
  if(*list)
    *list = socket->next;
}
