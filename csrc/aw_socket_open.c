/* How a socket begins: its request, and libcurl's handle that connects. */
#include "aw_alloc.h"
#include "aw_engine.h"
#include "aw_socket_state.h"
#include "aw_system.h"

#include <string.h>

aw_status aw_socket_request_status(aw_buf_result added, aw_error *error)
{
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the WebSocket's request is too long");
  return added == AW_BUF_OK ? AW_OK : aw_fail_memory(error);
}

static aw_status write_field(aw_buf *request, const aw_field *field, aw_error *error)
{
  const char *const texts[] = {field->name, ": ", field->value, "\r\n", NULL};
  if(!aw_field_value_ok(field->value, strlen(field->value)))
    return aw_fail(error, AW_ARGUMENT, "header %s must not contain CR, LF or NUL", field->name);
  return aw_socket_request_status(aw_buf_add_texts(request, texts), error);
}

aw_status aw_socket_write_fields(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  const char *path = strchr(strstr(aw_client_endpoint(socket->client), "://") + 3, '/');
  aw_status status = aw_client_write_head(socket->client, path ? path : "/", &socket->request, error);
  size_t i;
  for(i = 0; i < spec->headers_count && status == AW_OK; i++)
    status = write_field(&socket->request, &spec->headers[i], error);
  return status;
}

#ifdef APPWRITE_REALTIME

#define HANDSHAKE_SECONDS 30.0
#define MESSAGE_MAX (1024.0 * 1024)
#define WAITING_MAX 1000.0

const char *aw_socket_missing(void)
{
  return aw_socket_way_missing();
}

const char *aw_socket_way(void)
{
#ifdef APPWRITE_WEBSOCKET_CURL
  return "libcurl";
#else
  return "wslay";
#endif
}

static CURLcode set_options(aw_socket *socket)
{
  CURL *easy = socket->easy;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 0L); /* it may be silent */
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, socket->curl_message);
  return code;
}

static double or_else(double value, double otherwise)
{
  return value > 0 ? value : otherwise;
}

static aw_status check_target(const char *target, aw_error *error)
{
  const char *c;
  if(*target != '/')
    return aw_fail(error, AW_ARGUMENT, "a WebSocket's target must begin with a slash");
  for(c = target; *c; c++)
    if((unsigned char)*c <= ' ' || *c == 0x7f || *c == '#')
      return aw_fail(error, AW_ARGUMENT, "a WebSocket's target must not contain spaces, control characters or #");
  return AW_OK;
}

static aw_status prepare(aw_socket *socket, const aw_socket_spec *spec, aw_error *error)
{
  aw_status status = check_target(spec->target, error);
  if(status == AW_OK)
    status = aw_handshake_init(&socket->handshake, error);
  if(status != AW_OK)
    return status;
  socket->easy = curl_easy_init();
  if(!socket->easy)
    return aw_fail_memory(error);
  /* As a login, so that libcurl takes no part in the cookies. */
  status = aw_client_configure(socket->client, socket->easy, true, error);
  if(status == AW_OK && set_options(socket) != CURLE_OK)
    status = aw_fail_memory(error);
  return status == AW_OK ? aw_socket_describe(socket, spec, error) : status;
}

aw_status aw_socket_open(aw_client *client, const aw_socket_spec *spec, aw_socket **socket, aw_error *error)
{
  aw_socket *made;
  aw_status status;
  if(aw_socket_missing())
    return aw_fail(error, AW_ARGUMENT, "%s", aw_socket_missing());
  made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  made->client = aw_client_ref(client);
  made->fd = CURL_SOCKET_BAD;
  made->heard = aw_monotonic();
  made->deadline = made->heard + or_else(spec->timeout, HANDSHAKE_SECONDS);
  made->max_message = (size_t)or_else(spec->max_message, MESSAGE_MAX);
  made->max_waiting = (size_t)or_else(spec->max_waiting, WAITING_MAX);
  aw_buf_init(&made->request, AW_HEADERS_MAX);
  status = prepare(made, spec, error);
  if(status == AW_OK)
    status = aw_engine_add_socket(aw_client_engine(client), made, error);
  if(status != AW_OK) {
    curl_easy_cleanup(made->easy);
    made->easy = NULL;
    aw_socket_unref(made);
    return status;
  }
  *socket = made;
  return AW_OK;
}

#else /* then nothing can be opened, and so nothing else is called with a socket */

const char *aw_socket_missing(void)
{
  return "this build of the library is without realtime: build it where libwslay is installed, or with "
         "APPWRITE_WEBSOCKET=libcurl";
}

const char *aw_socket_way(void)
{
  return NULL;
}

aw_status aw_socket_open(aw_client *client, const aw_socket_spec *spec, aw_socket **socket, aw_error *error)
{
  (void)client;
  (void)spec;
  (void)socket;
  return aw_fail(error, AW_ARGUMENT, "%s", aw_socket_missing());
}

#endif
