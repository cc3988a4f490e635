/* WebSockets from the handshake to the close, and each way in which they fail. */
#include "aw_socket.h"

#include "aw_alloc.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef APPWRITE_REALTIME

#define UPGRADE                                                                                                        \
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                                  \
  "Sec-WebSocket-Accept: {accept}\r\n\r\n"
#define UPGRADED                                                                                                       \
  {                                                                                                                    \
    UPGRADE, SERVER_KEEP, 0, SERVER_WHOLE                                                                              \
  }
#define TARGET "/realtime?project=p"

static aw_socket *open_with(const spec_world *world, const aw_socket_spec *spec)
{
  aw_socket *socket = NULL;
  aw_error error;
  if(aw_socket_open(world->client, spec, &socket, &error) != AW_OK)
    fail_msg("no socket: %s", error.message);
  return socket;
}

static aw_socket *open_socket(const spec_world *world)
{
  aw_socket_spec spec = {0};
  spec.target = TARGET;
  return open_with(world, &spec);
}

/* The one socket there is. */
static void await_news(const spec_world *world, const aw_socket *socket)
{
  aw_socket *taken;
  aw_error error;
  assert_int_equal(aw_engine_step(world->engine, PATIENCE, &error), AW_OK);
  taken = aw_engine_take_news(world->engine);
  assert_ptr_equal(taken, socket);
  aw_socket_unref(taken);
}

static void await_state(const spec_world *world, const aw_socket *socket, aw_socket_state state)
{
  while(aw_socket_get_state(socket) != state)
    await_news(world, socket);
}

static void await_text(const spec_world *world, aw_socket *socket, const char *expected, bool is_binary)
{
  const char *bytes;
  size_t length;
  bool binary;
  while((bytes = aw_socket_message(socket, &length, &binary)) == NULL)
    await_news(world, socket);
  assert_int_equal(length, strlen(expected));
  assert_memory_equal(bytes, expected, length);
  assert_int_equal(binary, is_binary);
  assert_ptr_equal(aw_socket_message(socket, &length, &binary), bytes);
  aw_socket_drop(socket);
}

static void await_failure(const spec_world *world, aw_socket *socket, aw_status status, const char *part)
{
  const aw_error *error = aw_socket_error(socket);
  await_state(world, socket, AW_SOCKET_CLOSED);
  if(error->status != status)
    fail_msg("%s, not %s: %s", aw_status_name(error->status), aw_status_name(status), error->message);
  assert_has(error->message, part);
}

/* It is closed, and its end was told of. */
static void let_go(const spec_world *world, aw_socket *socket)
{
  aw_socket *taken;
  assert_int_equal(aw_socket_get_state(socket), AW_SOCKET_CLOSED);
  while((taken = aw_engine_take_news(world->engine)) != NULL)
    aw_socket_unref(taken);
  aw_socket_unref(socket);
}

static void speaks_and_is_closed_by_the_server(void **state)
{
  static const server_step steps[] = {
      {UPGRADE "\x81\x05"
               "hello"
               "\x82\x01"
               "b",
       SERVER_KEEP, 0, SERVER_WHOLE},
      {"\x81\x02"
       "ho"
       "\x88\x05\x03\xe8"
       "bye",
       SERVER_KEEP, 0, SERVER_BYTES},
      {NULL, SERVER_CLOSE, 0, SERVER_BYTES},
  };
  static const aw_field headers[] = {{"X-Own", "of the socket"}};
  aw_socket_spec spec = {0};
  aw_socket *socket;
  spec_world world;
  aw_error error;
  (void)state;
  spec.target = TARGET;
  spec.headers = headers;
  spec.headers_count = COUNT(headers);
  world_open(&world, steps, COUNT(steps));
  socket = open_with(&world, &spec);
  assert_int_equal(aw_socket_get_state(socket), AW_SOCKET_CONNECTING);
  assert_int_equal(aw_socket_send(socket, "x", 1, &error), AW_ARGUMENT);
  assert_has(error.message, "not open");
  assert_int_equal(aw_socket_ping(socket, &error), AW_ARGUMENT);
  assert_int_equal(aw_socket_code(socket), 0);
  assert_string_equal(aw_socket_reason(socket), "");
  await_state(&world, socket, AW_SOCKET_OPEN);
  assert_has(server_request(world.server, 0), "GET /v1" TARGET " HTTP/1.1\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Own: of the socket\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Appwrite-Project: p\r\n");
  await_text(&world, socket, "hello", false);
  await_text(&world, socket, "b", true);
  assert_int_equal(aw_socket_send(socket, "hi", 2, &error), AW_OK);
  await_text(&world, socket, "ho", false);
  assert_true(aw_socket_heard(socket) < PATIENCE);
  await_state(&world, socket, AW_SOCKET_CLOSED);
  assert_int_equal(aw_socket_error(socket)->status, AW_OK);
  assert_int_equal(aw_socket_code(socket), 1000);
  assert_string_equal(aw_socket_reason(socket), "bye");
  let_go(&world, socket);
  world_close(&world);
}

static void is_closed_by_this_side(void **state)
{
  static const server_step steps[] = {UPGRADED, {"\x88\x02\x03\xe8", SERVER_CLOSE, 0, SERVER_BYTES}};
  aw_socket *socket;
  spec_world world;
  aw_error error;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  socket = open_socket(&world);
  await_state(&world, socket, AW_SOCKET_OPEN);
  assert_int_equal(aw_socket_close(socket, 999, "", 0, &error), AW_ARGUMENT);
  assert_int_equal(aw_socket_close(socket, 1000, "done", 4, &error), AW_OK);
  assert_int_equal(aw_socket_close(socket, 1000, "done", 4, &error), AW_OK); /* twice is as good as once */
  assert_int_equal(aw_socket_get_state(socket), AW_SOCKET_CLOSING);
  assert_int_equal(aw_socket_send(socket, "late", 4, &error), AW_ARGUMENT);
  await_state(&world, socket, AW_SOCKET_CLOSED);
  assert_int_equal(aw_socket_error(socket)->status, AW_OK);
  aw_socket_cancel(socket); /* changes nothing any more */
  assert_int_equal(aw_socket_error(socket)->status, AW_OK);
  let_go(&world, socket);
  world_close(&world);
}

/* How it goes wrong, by what the server does. */
static const struct failing {
  const char *name;
  server_step steps[2];
  aw_status status;
  const char *message;
  double timeout;
} failing[] = {
    {"refused",
     {{"HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno", SERVER_KEEP, 0, SERVER_WHOLE}, HOLD},
     AW_PROTOCOL,
     "status 401",
     0},
    {"gone before it answers", {{NULL, SERVER_CLOSE, 0, SERVER_WHOLE}, HOLD}, AW_NETWORK, "in the middle", 0},
    {"gone in the middle of the answer",
     {{"HTTP/1.1 101 Sw", SERVER_CLOSE, 0, SERVER_WHOLE}, HOLD},
     AW_NETWORK,
     "in the middle",
     0},
    {"another protocol", {{"220 smtp\r\n", SERVER_KEEP, 0, SERVER_WHOLE}, HOLD}, AW_PROTOCOL, "no HTTP", 0},
    {"silent", {HOLD, HOLD}, AW_TIMEOUT, "did not answer the WebSocket handshake in time", 0.05},
    {"gone once it is open", {{UPGRADE, SERVER_CLOSE, 0, SERVER_WHOLE}, HOLD}, AW_NETWORK, "broke", 0},
    {"a frame that is none",
     {{UPGRADE "\x83\x01"
               "x",
       SERVER_KEEP, 0, SERVER_WHOLE},
      HOLD},
     AW_PROTOCOL,
     "broke the rules",
     0},
};

static void says_what_went_wrong(void **state)
{
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(failing); i++) {
    aw_socket_spec spec = {0};
    aw_socket *socket;
    spec_world world;
    spec.target = TARGET;
    spec.timeout = failing[i].timeout;
    world_open(&world, failing[i].steps, COUNT(failing[i].steps));
    socket = open_with(&world, &spec);
    await_failure(&world, socket, failing[i].status, failing[i].message);
    let_go(&world, socket);
    world_close(&world);
  }
}

static void keeps_what_a_refusal_says(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\nnever", SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_socket *socket;
  spec_world world;
  size_t length;
  (void)state;
  world_open(&world, steps, 1);
  socket = open_socket(&world);
  assert_string_equal(aw_socket_refusal(socket, &length), "");
  await_state(&world, socket, AW_SOCKET_CLOSED);
  assert_int_equal(aw_socket_http_status(socket), 403);
  assert_string_equal(aw_socket_refusal(socket, &length), "never");
  assert_int_equal(length, 5);
  let_go(&world, socket);
  world_close(&world);
}

/* Places where nobody speaks WebSocket. */
static const struct place {
  const char *endpoint, *proxy; /* "%d" is the port of a server that says what is no HTTP, and closes */
  aw_status status;
} places[] = {
    {"http://127.0.0.1:1/v1", "", AW_NETWORK},
    {"http://a.invalid/v1", "http://127.0.0.1:%d", AW_NETWORK},
    {"https://127.0.0.1:%d/v1", "", AW_TLS},
};

static void says_why_there_is_no_connection(void **state)
{
  static const server_step steps[] = {{"no TLS here", SERVER_CLOSE, 0, SERVER_BYTES}};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(places); i++) {
    spec_server *server = server_start(steps, 1);
    aw_client_options options = {0};
    char endpoint[64], proxy[64];
    aw_socket *socket;
    spec_world world;
    snprintf(endpoint, sizeof(endpoint), places[i].endpoint, server_port(server));
    snprintf(proxy, sizeof(proxy), places[i].proxy, server_port(server));
    options.endpoint = endpoint;
    options.proxy = proxy;
    world_open_with(&world, steps, 1, options);
    socket = open_socket(&world);
    await_failure(&world, socket, places[i].status, "");
    assert_true(strlen(aw_socket_error(socket)->message) > 0);
    let_go(&world, socket);
    world_close(&world);
    server_stop(server);
  }
}

/* Connecting has a time of its own. */
static void gives_up_a_connection_that_is_not_made(void **state)
{
  static const server_step steps[] = {HOLD};
  spec_server *proxy = server_start(steps, 1);
  aw_client_options options = {0};
  char address[64];
  aw_socket *socket;
  spec_world world;
  (void)state;
  snprintf(address, sizeof(address), "http://127.0.0.1:%d", server_port(proxy));
  options.endpoint = "http://a.invalid/v1";
  options.proxy = address;
  options.connect_timeout = 0.05;
  world_open_with(&world, steps, 1, options);
  socket = open_socket(&world);
  await_failure(&world, socket, AW_TIMEOUT, "");
  let_go(&world, socket);
  world_close(&world);
  server_stop(proxy);
}

static const struct wrong {
  const char *target;
  aw_field header;
  const char *message;
} wrong[] = {
    {"realtime", {"X-A", "a"}, "slash"},
    {"/real time", {"X-A", "a"}, "spaces"},
    {"/realtime#a", {"X-A", "a"}, "#"},
    {"/realtime\x7f", {"X-A", "a"}, "control"},
    {TARGET, {"X-A", "a\r\nX-B: b"}, "header X-A must not"},
};

static void refuses_what_would_change_the_request(void **state)
{
  static const server_step steps[] = {OK};
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(wrong); i++) {
    aw_socket_spec spec = {0};
    aw_socket *socket;
    aw_error error;
    spec.target = wrong[i].target;
    spec.headers = &wrong[i].header;
    spec.headers_count = 1;
    assert_int_equal(aw_socket_open(world.client, &spec, &socket, &error), AW_ARGUMENT);
    assert_has(error.message, wrong[i].message);
  }
  assert_int_equal(server_connections(world.server), 0);
  world_close(&world);
}

static void refuses_a_request_that_is_too_long(void **state)
{
  static const server_step steps[] = {OK};
  char *value = repeated("", "a", AW_HEADERS_MAX - 200, "");
  const char *const parts[] = {"target", "client", "header"};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(parts); i++) {
    aw_field header = {"X-Long", i == 0 ? "a" : value};
    aw_client_options options = {0};
    aw_socket_spec spec = {0};
    char *target = repeated("/", "a", i == 0 ? AW_HEADERS_MAX : 1, "");
    aw_socket *socket;
    spec_world world;
    aw_error error;
    if(i == 1) {
      options.headers = &header;
      options.headers_count = 1;
    }
    world_open_with(&world, steps, 1, options);
    spec.target = target;
    spec.headers = &header;
    spec.headers_count = i == 2;
    if(aw_socket_open(world.client, &spec, &socket, &error) != AW_ARGUMENT)
      fail_msg("a long %s was taken", parts[i]);
    assert_has(error.message, "too long");
    world_close(&world);
    free(target);
  }
  free(value);
}

static void is_ended_at_any_time(void **state)
{
  static const server_step steps[] = {UPGRADED, HOLD};
  static const aw_socket_state states[] = {AW_SOCKET_CONNECTING, AW_SOCKET_OPEN};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(states); i++) {
    aw_socket *socket;
    spec_world world;
    aw_error error;
    world_open(&world, steps, COUNT(steps));
    socket = open_socket(&world);
    await_state(&world, socket, states[i]);
    if(states[i] == AW_SOCKET_CONNECTING)
      assert_int_equal(aw_socket_close(socket, 1000, "", 0, &error), AW_OK); /* nobody to say it to */
    else
      aw_socket_cancel(socket);
    assert_int_equal(aw_socket_error(socket)->status, AW_CANCELLED);
    assert_int_equal(aw_socket_close(socket, 1000, "", 0, &error), AW_OK);
    assert_int_equal(aw_socket_ping(socket, &error), AW_ARGUMENT);
    let_go(&world, socket);
    world_close(&world);
  }
}

static void ends_with_its_engine(void **state)
{
  static const server_step steps[] = {UPGRADED, HOLD};
  aw_socket_spec spec = {0};
  aw_socket *socket, *none;
  spec_world world;
  aw_error error;
  (void)state;
  spec.target = TARGET;
  world_open(&world, steps, COUNT(steps));
  socket = open_socket(&world);
  await_state(&world, socket, AW_SOCKET_OPEN);
  aw_engine_close(world.engine);
  assert_int_equal(aw_socket_error(socket)->status, AW_CANCELLED);
  assert_null(aw_engine_take_news(world.engine));
  aw_socket_unref(socket);
  assert_int_equal(aw_socket_open(world.client, &spec, &none, &error), AW_CANCELLED);
  world_close(&world);
}

/* Two at once, beside a request: each has its own connection, and the request's end is told of as well. */
static void leaves_others_alone(void **state)
{
  static const server_step steps[] = {UPGRADED, UPGRADED, HELLO};
  aw_socket *first, *second;
  spec_world world;
  aw_request *request;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  first = open_socket(&world);
  await_state(&world, first, AW_SOCKET_OPEN);
  second = open_socket(&world);
  await_state(&world, second, AW_SOCKET_OPEN);
  request = get(world.client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  assert_int_equal(server_connections(world.server), 3);
  aw_socket_cancel(second);
  assert_int_equal(aw_socket_get_state(first), AW_SOCKET_OPEN);
  let_go(&world, second);
  aw_socket_cancel(first);
  let_go(&world, first);
  world_close(&world);
}

static void authenticates_by_a_message(void **state)
{
  static const server_step steps[] = {UPGRADED,
                                      {"\x81\x01"
                                       "k",
                                       SERVER_KEEP, 0, SERVER_BYTES},
                                      HOLD};
  aw_socket *socket;
  spec_world world;
  aw_error error;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  socket = open_socket(&world);
  await_state(&world, socket, AW_SOCKET_OPEN);
  assert_int_equal(aw_socket_authenticate(socket, &error), AW_ARGUMENT);
  assert_has(error.message, "no session");
  assert_int_equal(aw_client_set(world.client, AW_SESSION, "s3cret", &error), AW_OK);
  secrets_begin("s3cret");
  assert_int_equal(aw_socket_authenticate(socket, &error), AW_OK);
  assert_int_equal(secrets_end(), 0);
  await_text(&world, socket, "k", false);
  aw_socket_cancel(socket);
  let_go(&world, socket);
  world_close(&world);
}

/* Where one message may wait, the next is read once that was taken. */
static void reads_on_when_there_is_room(void **state)
{
  static const server_step steps[] = {{UPGRADE "\x81\x01"
                                               "a"
                                               "\x81\x01"
                                               "b"
                                               "\x81\x01"
                                               "c",
                                       SERVER_KEEP, 0, SERVER_WHOLE},
                                      HOLD};
  aw_socket_spec spec = {0};
  aw_socket *socket;
  spec_world world;
  (void)state;
  spec.target = TARGET;
  spec.max_waiting = 1;
  world_open(&world, steps, COUNT(steps));
  socket = open_with(&world, &spec);
  await_text(&world, socket, "a", false);
  await_text(&world, socket, "b", false);
  await_text(&world, socket, "c", false);
  aw_socket_cancel(socket);
  let_go(&world, socket);
  world_close(&world);
}

int aw_socket_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(speaks_and_is_closed_by_the_server),
      cmocka_unit_test(is_closed_by_this_side),
      cmocka_unit_test(says_what_went_wrong),
      cmocka_unit_test(keeps_what_a_refusal_says),
      cmocka_unit_test(says_why_there_is_no_connection),
      cmocka_unit_test(gives_up_a_connection_that_is_not_made),
      cmocka_unit_test(refuses_what_would_change_the_request),
      cmocka_unit_test(refuses_a_request_that_is_too_long),
      cmocka_unit_test(is_ended_at_any_time),
      cmocka_unit_test(ends_with_its_engine),
      cmocka_unit_test(leaves_others_alone),
      cmocka_unit_test(authenticates_by_a_message),
      cmocka_unit_test(reads_on_when_there_is_room),
  };
  return cmocka_run_group_tests_name("aw_socket", tests, NULL, NULL);
}

#else

int aw_socket_suite(void)
{
  return 0; /* of what is not in this build */
}

#endif
