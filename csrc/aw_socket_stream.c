/* A socket over a bare connection of libcurl's: the handshake is this library's, the frames are wslay's. */
#include "aw_socket_state.h"

#ifndef APPWRITE_WEBSOCKET_CURL

#include "aw_system.h"

#include <string.h>

#define READ_BYTES 4096

const char *aw_socket_way_missing(void)
{
  return NULL;
}

/* The request ------------------------------------------------------------------------------------------------------ */

/* The path is that of the endpoint, with the target behind. */
static aw_status write_request(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  const char *path = strchr(strstr(aw_client_endpoint(socket->client), "://") + 3, '/');
  const char *const texts[] = {"GET ",
                               path ? path : "",
                               spec->target,
                               " HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
                               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
                               socket->handshake.key,
                               "\r\n",
                               NULL};
  aw_status status = aw_socket_request_status(aw_buf_add_texts(&socket->request, texts), error);
  if(status == AW_OK)
    status = aw_socket_write_fields(socket, spec, error);
  return status == AW_OK ? aw_socket_request_status(aw_buf_add_text(&socket->request, "\r\n"), error) : status;
}

aw_status aw_socket_describe(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  aw_status status = write_request(socket, spec, error);
  CURLcode code = CURLE_OK;
  if(status == AW_OK)
    code = curl_easy_setopt(socket->easy, CURLOPT_URL, aw_client_endpoint(socket->client));
  if(status == AW_OK && code == CURLE_OK)
    code = curl_easy_setopt(socket->easy, CURLOPT_CONNECT_ONLY, 1L);
  return code == CURLE_OK ? status : aw_fail_memory(error);
}

/* The connection --------------------------------------------------------------------------------------------------- */

static long receive_bytes(void *user, void *bytes, size_t max)
{
  aw_socket *socket = user;
  size_t count = 0, left = socket->handshake.rest.length - socket->rest;
  CURLcode code;
  if(left && socket->phase == AW_PHASE_RUNNING) { /* came with the handshake */
    count = left < max ? left : max;
    memcpy(bytes, socket->handshake.rest.data + socket->rest, count);
    socket->rest += count;
    return (long)count;
  }
  code = curl_easy_recv(socket->easy, bytes, max, &count);
  if(code == CURLE_AGAIN)
    return AW_IO_AGAIN;
  if(code != CURLE_OK)
    return AW_IO_FAILED;
  if(count)
    socket->heard = aw_monotonic();
  return (long)count;
}

static long send_bytes(void *user, const void *bytes, size_t length)
{
  aw_socket *socket = user;
  size_t count = 0;
  CURLcode code = curl_easy_send(socket->easy, bytes, length, &count);
  if(code == CURLE_AGAIN || (code == CURLE_OK && !count))
    return AW_IO_AGAIN;
  return code == CURLE_OK ? (long)count : AW_IO_FAILED;
}

/* The handshake ---------------------------------------------------------------------------------------------------- */

static bool ask(aw_socket *socket)
{
  while(socket->sent < socket->request.length) {
    aw_error error;
    long count = send_bytes(socket, socket->request.data + socket->sent, socket->request.length - socket->sent);
    if(count == AW_IO_AGAIN)
      return true;
    if(count < 0) {
      aw_fail(&error, AW_NETWORK, "the connection broke while the WebSocket handshake was sent");
      aw_socket_fail(socket, &error);
      return false;
    }
    socket->sent += (size_t)count;
  }
  return true;
}

static void run(aw_socket *socket)
{
  aw_frames_io io;
  io.receive = receive_bytes;
  io.send = send_bytes;
  io.user = socket;
  aw_socket_run(socket, &io);
}

static void listen_for_answer(aw_socket *socket)
{
  char bytes[READ_BYTES];
  while(socket->phase == AW_PHASE_ASKING) {
    aw_error error = {AW_OK, ""};
    long count = receive_bytes(socket, bytes, sizeof(bytes));
    if(count == AW_IO_AGAIN)
      return;
    if(count == AW_IO_FAILED)
      count = 0;
    switch(aw_handshake_feed(&socket->handshake, bytes, (size_t)count, count == 0, &error)) {
    case AW_HANDSHAKE_DONE:
      run(socket);
      break;
    case AW_HANDSHAKE_REFUSED:
      aw_socket_refuse(socket);
      break;
    case AW_HANDSHAKE_FAILED:
      aw_socket_fail(socket, &error);
      break;
    default:
      break;
    }
  }
}

void aw_socket_ask(aw_socket *socket)
{
  if(ask(socket))
    listen_for_answer(socket);
}

void aw_socket_connected(aw_socket *socket, CURLcode code)
{
  if(code == CURLE_OK)
    code = curl_easy_getinfo(socket->easy, CURLINFO_ACTIVESOCKET, &socket->fd);
  if(code == CURLE_OK && socket->fd != CURL_SOCKET_BAD)
    socket->phase = AW_PHASE_ASKING;
  else
    aw_socket_fail_connecting(socket, code);
}

#endif
