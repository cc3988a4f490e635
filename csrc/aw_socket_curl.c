/* A socket by libcurl alone: its handshake, of which it does not check the answer, and its frames (aw_frames_curl.c).
 * Of a refusal it gives the status, not the text. */
#include "aw_socket_state.h"

#ifdef APPWRITE_WEBSOCKET_CURL

#include "aw_system.h"

#include <string.h>

const char *aw_socket_way_missing(void)
{
  if(aw_curl_about()->has_websocket)
    return NULL;
  return "realtime needs libcurl " AW_WEBSOCKET_VERSION " or newer with WebSocket, and the libcurl that was loaded is "
         "none: install one, or build the library with APPWRITE_WEBSOCKET=wslay";
}

/* The request ------------------------------------------------------------------------------------------------------ */

/* The endpoint's scheme is http or https: with ws before what follows "http". */
static CURLcode set_url(aw_socket *socket, const char *target)
{
  const char *const texts[] = {"ws", aw_client_endpoint(socket->client) + strlen("http"), target, NULL};
  aw_buf url;
  CURLcode code = CURLE_OUT_OF_MEMORY;
  aw_buf_init(&url, AW_URL_MAX);
  if(aw_buf_add_texts(&url, texts) == AW_BUF_OK)
    code = curl_easy_setopt(socket->easy, CURLOPT_URL, url.data);
  aw_buf_deinit(&url);
  return code;
}

/* Lines of "name: value", each with its CR LF, into a list. They are cut up where they lie. */
static aw_status add_lines(aw_fields *fields, char *line, aw_error *error)
{
  aw_status status = AW_OK;
  while(*line && status == AW_OK) {
    char *end = strstr(line, "\r\n"), *value = strchr(line, ':');
    *end = '\0';
    *value++ = '\0';
    status = aw_fields_add(fields, line, value + strspn(value, " "), error);
    line = end + 2;
  }
  return status;
}

static aw_status set_fields(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  aw_status status = aw_socket_write_fields(socket, spec, error);
  socket->fields = status == AW_OK ? aw_fields_new() : NULL;
  if(!socket->fields)
    return status == AW_OK ? aw_fail_memory(error) : status;
  status = aw_fields_add(socket->fields, "Sec-WebSocket-Key", socket->handshake.key, error);
  if(status == AW_OK)
    status = aw_fields_suppress(socket->fields, "Accept", error);
  if(status == AW_OK)
    status = add_lines(socket->fields, socket->request.data, error);
  if(status == AW_OK && curl_easy_setopt(socket->easy, CURLOPT_HTTPHEADER, socket->fields->list) != CURLE_OK)
    status = aw_fail_memory(error);
  return status;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *user)
{
  aw_socket *socket = user;
  socket->answer = aw_handshake_feed(&socket->handshake, bytes, size * count, false, &socket->error);
  return socket->answer == AW_HANDSHAKE_FAILED ? 0 : size * count;
}

static CURLcode set_options(aw_socket *socket)
{
  CURL *easy = socket->easy;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 2L);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "ws,wss");
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_WS_OPTIONS, (long)CURLWS_NOAUTOPONG);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, NULL);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's answer is not the server's */
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, socket);
  return code;
}

aw_status aw_socket_describe(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  aw_status status = set_fields(socket, spec, error);
  CURLcode code = status == AW_OK ? set_options(socket) : CURLE_OK;
  if(status == AW_OK && code == CURLE_OK)
    code = set_url(socket, spec->target);
  if(code == CURLE_OK)
    return status;
  if(code == CURLE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  return aw_fail(error, AW_ARGUMENT, "libcurl cannot open this WebSocket: %s", curl_easy_strerror(code));
}

/* The handshake ---------------------------------------------------------------------------------------------------- */

static void on_heard(void *user)
{
  aw_socket *socket = user;
  socket->heard = aw_monotonic();
}

static void run(aw_socket *socket)
{
  aw_frames_io io;
  io.easy = socket->easy;
  io.message = socket->curl_message;
  io.heard = on_heard;
  io.user = socket;
  on_heard(socket);
  aw_socket_run(socket, &io);
  socket->wanted = true; /* libcurl may have read frames together with the handshake */
}

void aw_socket_connected(aw_socket *socket, CURLcode code)
{
  bool answered = code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR;
  if(code == CURLE_OK)
    code = curl_easy_getinfo(socket->easy, CURLINFO_ACTIVESOCKET, &socket->fd);
  if(answered && socket->answer == AW_HANDSHAKE_MORE)
    socket->answer = aw_handshake_feed(&socket->handshake, "", 0, true, &socket->error);
  if(socket->answer == AW_HANDSHAKE_FAILED)
    aw_socket_fail(socket, &socket->error);
  else if(socket->answer == AW_HANDSHAKE_REFUSED)
    aw_socket_refuse(socket);
  else if(code == CURLE_OK && socket->fd != CURL_SOCKET_BAD)
    run(socket);
  else
    aw_socket_fail_connecting(socket, code);
}

/* Nothing is left to ask: with AW_PHASE_CONNECTING ends the handshake, too. */
void aw_socket_ask(aw_socket *socket)
{
  (void)socket;
}

#endif
