#include "scenario.h"

#include "aw_client.h"
#include "aw_kept.h"
#include "aw_socket.h"
#include "aw_system.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

#define LARGE (12 * 1024 * 1024) /* bytes */
#define ANSWER                                                                                                         \
  "HTTP/1.1 201 Created\r\nX-Fallback-Cookies: {\"a_session_p\":\"1\"}\r\nSet-Cookie: a=1; max-age=3600\r\n"           \
  "Content-Length: 5\r\n\r\nhello"
#define UPGRADE                                                                                                        \
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                                  \
  "Sec-WebSocket-Accept: {accept}\r\n\r\n"

spec_server *scenario_server(void)
{
  static const server_step steps[] = {{ANSWER, SERVER_CLOSE, 0, SERVER_WHOLE}};
  return server_start(steps, 1);
}

static aw_status open_clients(const spec_server *server, aw_engine *engine, aw_client **parent, aw_client **fork)
{
  static const aw_field fields[] = {{"X-Own", "1"}};
  aw_client_options options = {0};
  char endpoint[64];
  aw_error error;
  aw_status status;
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/v1", server_port(server));
  options.endpoint = endpoint;
  options.proxy = "";
  options.ca_file = "unused.pem";
  options.user_agent = "scenario";
  options.credentials[AW_PROJECT] = "p";
  options.headers = fields;
  options.headers_count = COUNT(fields);
  status = aw_client_new(engine, &options, parent, &error);
  if(status != AW_OK)
    return status;
  options.credentials[AW_SESSION] = "s";
  return aw_client_fork(*parent, &options, fork, &error);
}

static aw_status add_part(aw_body *body, const char *name, const char *filename, const char *bytes, aw_error *error)
{
  aw_source source;
  aw_status status = aw_source_init_bytes(&source, bytes, strlen(bytes), error);
  if(status == AW_OK)
    status = aw_body_add(body, name, filename, filename ? "text/plain" : NULL, &source, error);
  if(status != AW_OK)
    aw_source_deinit(&source);
  return status;
}

static aw_status start_upload(aw_client *client, aw_file *file, bool login, aw_request **request)
{
  static const aw_field fields[] = {{"X-Appwrite-ID", "id"}, {"X-Empty", ""}};
  aw_request_spec spec = {0};
  aw_error error;
  aw_body body;
  aw_status status;
  aw_body_init(&body);
  status = add_part(&body, "fileId", NULL, "f1", &error);
  if(status == AW_OK)
    status = add_part(&body, "file", "a\"b.txt", "content", &error);
  if(status != AW_OK) {
    aw_body_deinit(&body);
    return status;
  }
  spec.method = "POST";
  spec.target = "/files";
  spec.headers = fields;
  spec.headers_count = COUNT(fields);
  spec.body = &body;
  spec.file = file;
  spec.login = login;
  status = aw_request_start(client, &spec, request, &error);
  assert_int_equal(body.kind, AW_BODY_NONE); /* taken over, whatever happens */
  return status;
}

static void check_answer(const aw_client *client, const aw_request *request, bool in_file)
{
  size_t length;
  const char *body = aw_request_body(request, &length);
  assert_int_equal(aw_request_http_status(request), 201);
  assert_true(has_cookies(client));
  if(in_file)
    assert_null(body);
  else
    assert_string_equal(body, "hello");
}

static aw_status upload(aw_engine *engine, aw_client *client, aw_file *file, bool login)
{
  aw_request *request;
  aw_error error;
  aw_status status = start_upload(client, file, login, &request);
  if(status != AW_OK)
    return status;
  while(status == AW_OK && !aw_request_finished(request))
    status = aw_engine_step(engine, PATIENCE, &error);
  if(status == AW_OK)
    status = aw_request_error(request)->status;
  if(status == AW_OK)
    check_answer(client, request, file != NULL);
  aw_request_unref(request);
  return status;
}

static aw_status upload_to(aw_engine *engine, aw_client *client, const char *to, bool login)
{
  aw_file *file;
  aw_error error;
  aw_status status = aw_file_new(to, &file, &error);
  if(status != AW_OK)
    return status;
  status = upload(engine, client, file, login);
  if(status == AW_OK) {
    status = aw_file_commit(file, &error);
    assert_file(to, "hello", 5);
  }
  aw_file_unref(file);
  return status;
}

aw_status scenario_run(const spec_server *server, const char *to, bool login)
{
  aw_engine *engine;
  aw_client *parent = NULL, *fork = NULL;
  aw_error error;
  aw_status status = aw_engine_new(&engine, &error);
  if(status != AW_OK)
    return status;
  status = open_clients(server, engine, &parent, &fork);
  if(status == AW_OK)
    status = to ? upload_to(engine, fork, to, login) : upload(engine, fork, NULL, login);
  aw_client_unref(parent);
  aw_client_unref(fork);
  aw_engine_close(engine);
  aw_engine_unref(engine);
  return status;
}

/* Sessions that are kept ------------------------------------------------------------------------------------------ */

static aw_status take_up(const spec_server *server, aw_engine *engine, const aw_buf *text, aw_client **client)
{
  aw_client_options options = {0};
  char endpoint[64];
  aw_error error;
  aw_status status;
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/v1", server_port(server));
  options.endpoint = endpoint;
  options.proxy = "";
  options.credentials[AW_PROJECT] = "p";
  status = aw_client_new(engine, &options, client, &error);
  return status == AW_OK ? aw_client_import(*client, text->data, text->length, &error) : status;
}

/* What a transfer of libcurl's had no memory to keep is in none of them. */
static aw_status say_who(aw_client *client, const char *kept)
{
  aw_error error;
  aw_buf head, message;
  aw_status status;
  aw_buf_init(&head, AW_HEADERS_MAX);
  aw_buf_init(&message, 1000);
  status = aw_client_write_head(client, "/v1", &head, &error);
  if(status == AW_OK)
    status = aw_client_write_authentication(client, &message, &error);
  if(status == AW_OK) {
    assert_has(message.data, "\"session\":\"1\"");
    assert_int_equal(strstr(head.data, "\r\nCookie: a=1\r\n") != NULL, strstr(kept, "\ncookie ") != NULL);
  }
  aw_buf_deinit(&head);
  aw_buf_deinit(&message);
  return status;
}

/* An export says all, or that it cannot: one without the cookies would log its user out. */
static aw_status export_again(const aw_client *client, const char *kept)
{
  aw_error error;
  aw_buf text;
  aw_status status;
  aw_buf_init(&text, AW_KEPT_MAX);
  status = aw_client_export(client, &text, &error);
  if(status == AW_OK)
    assert_string_equal(text.data, kept);
  aw_buf_deinit(&text);
  return status;
}

static aw_status keep_and_take_up(const spec_server *server, aw_engine *engine, aw_client *client, aw_client **other)
{
  aw_error error;
  aw_buf text;
  aw_status status = upload(engine, client, NULL, true);
  aw_buf_init(&text, AW_KEPT_MAX);
  if(status == AW_OK)
    status = aw_client_export(client, &text, &error);
  if(status == AW_OK)
    status = export_again(client, text.data);
  if(status == AW_OK)
    status = take_up(server, engine, &text, other);
  if(status == AW_OK)
    status = export_again(*other, text.data);
  if(status == AW_OK)
    status = say_who(*other, text.data);
  aw_buf_deinit(&text);
  return status;
}

aw_status scenario_kept(const spec_server *server)
{
  aw_engine *engine;
  aw_client *parent = NULL, *fork = NULL, *other = NULL;
  aw_error error;
  aw_status status = aw_engine_new(&engine, &error);
  if(status != AW_OK)
    return status;
  status = open_clients(server, engine, &parent, &fork);
  if(status == AW_OK)
    status = keep_and_take_up(server, engine, parent, &other);
  aw_client_unref(parent);
  aw_client_unref(fork);
  aw_client_unref(other);
  aw_engine_close(engine);
  aw_engine_unref(engine);
  return status;
}

/* Turns ----------------------------------------------------------------------------------------------------------- */

static aw_status run_all(aw_engine *engine, aw_request *const *requests, size_t count)
{
  aw_status status = AW_OK;
  aw_error error;
  size_t i;
  for(i = 0; i < count; i++) {
    while(status == AW_OK && !aw_request_finished(requests[i]))
      status = aw_engine_step(engine, PATIENCE, &error);
    if(status == AW_OK)
      status = aw_request_error(requests[i])->status;
  }
  return status;
}

static aw_status take_turns(aw_engine *engine, aw_client *client)
{
  aw_request *requests[2] = {NULL, NULL};
  aw_request_spec spec = {0};
  aw_error error;
  aw_status status;
  spec.method = "GET";
  spec.target = "/";
  aw_engine_limit(engine, 1);
  status = aw_request_start(client, &spec, &requests[0], &error);
  if(status == AW_OK)
    status = aw_request_start(client, &spec, &requests[1], &error);
  if(status == AW_OK)
    status = run_all(engine, requests, COUNT(requests));
  aw_request_unref(requests[0]);
  aw_request_unref(requests[1]);
  return status;
}

aw_status scenario_turns(const spec_server *server)
{
  aw_engine *engine;
  aw_client *parent = NULL, *fork = NULL;
  aw_error error;
  aw_status status = aw_engine_new(&engine, &error);
  if(status != AW_OK)
    return status;
  status = open_clients(server, engine, &parent, &fork);
  if(status == AW_OK)
    status = take_turns(engine, fork);
  aw_engine_close(engine);
  aw_client_unref(parent);
  aw_client_unref(fork);
  aw_engine_unref(engine);
  return status;
}

/* Large answers --------------------------------------------------------------------------------------------------- */

spec_server *scenario_large_server(void)
{
  static char reply[LARGE + 100];
  static const server_step steps[] = {{reply, SERVER_KEEP, 0, SERVER_WHOLE}};
  int length = snprintf(reply, sizeof(reply), "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", LARGE);
  memset(reply + length, 'a', LARGE);
  return server_start(steps, 1);
}

static aw_status take_large(aw_engine *engine, aw_client *client, bool stream)
{
  double deadline = aw_monotonic() + PATIENCE;
  aw_request_spec spec = {0};
  aw_request *request;
  aw_error error;
  aw_status status;
  size_t length, total = 0;
  spec.method = "GET";
  spec.target = "/";
  spec.stream = stream;
  status = aw_request_start(client, &spec, &request, &error);
  if(status != AW_OK)
    return status;
  while(status == AW_OK && !aw_request_finished(request)) {
    assert_true(aw_monotonic() < deadline);
    status = aw_engine_step(engine, 0, &error);
    if(stream && aw_request_waiting(request, &length)) {
      total += length;
      aw_request_taken(request);
    }
  }
  if(status == AW_OK)
    status = aw_request_error(request)->status;
  if(status == AW_OK && !stream)
    aw_request_body(request, &total);
  if(status == AW_OK)
    assert_int_equal(total, LARGE);
  aw_request_unref(request);
  return status;
}

static aw_status large(const spec_server *server, bool stream)
{
  aw_engine *engine;
  aw_client *parent = NULL, *fork = NULL;
  aw_error error;
  aw_status status = aw_engine_new(&engine, &error);
  if(status != AW_OK)
    return status;
  status = open_clients(server, engine, &parent, &fork);
  if(status == AW_OK)
    status = take_large(engine, fork, stream);
  aw_engine_close(engine);
  aw_client_unref(parent);
  aw_client_unref(fork);
  aw_engine_unref(engine);
  return status;
}

aw_status scenario_large(const spec_server *server)
{
  return large(server, false);
}

aw_status scenario_large_stream(const spec_server *server)
{
  return large(server, true);
}

/* WebSockets ------------------------------------------------------------------------------------------------------ */

spec_server *scenario_socket_server(void)
{
  static const server_step steps[] = {{UPGRADE "\x81\x05"
                                               "hello"
                                               "\x88\x02\x03\xe8",
                                       SERVER_HOLD, 0, SERVER_WHOLE}};
  return server_start(steps, 1);
}

static aw_status listen_to(aw_engine *engine, aw_client *client)
{
  static const aw_field field = {"X-Own", "1"};
  aw_socket_spec spec = {0};
  aw_socket *socket, *taken;
  const char *text;
  size_t length;
  bool is_binary;
  aw_error error;
  aw_status status;
  spec.target = "/realtime";
  spec.headers = &field;
  spec.headers_count = 1;
  status = aw_socket_open(client, &spec, &socket, &error);
  if(status != AW_OK)
    return status;
  while(status == AW_OK && aw_socket_get_state(socket) != AW_SOCKET_CLOSED) {
    status = aw_engine_step(engine, PATIENCE, &error);
    while((taken = aw_engine_take_news(engine)) != NULL)
      aw_socket_unref(taken);
  }
  if(status == AW_OK)
    status = aw_socket_error(socket)->status;
  text = aw_socket_message(socket, &length, &is_binary);
  if(status == AW_OK)
    assert_memory_equal(text, "hello", length);
  aw_socket_unref(socket);
  return status;
}

aw_status scenario_socket(const spec_server *server)
{
  aw_engine *engine;
  aw_client *parent = NULL, *fork = NULL;
  aw_error error;
  aw_status status = aw_engine_new(&engine, &error);
  if(status != AW_OK)
    return status;
  status = open_clients(server, engine, &parent, &fork);
  if(status == AW_OK)
    status = listen_to(engine, fork);
  aw_engine_close(engine);
  aw_client_unref(parent);
  aw_client_unref(fork);
  aw_engine_unref(engine);
  return status;
}
