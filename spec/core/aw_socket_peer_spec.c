/* WebSockets to a server that does not read, breaks off, or says nothing more, at moments of the test's choosing: both
 * ends are moved by one thread. */
#define _POSIX_C_SOURCE 200809L

#include "aw_accept.h"
#include "aw_socket_state.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef APPWRITE_REALTIME

#define LARGE (AW_HEADERS_MAX - 2000) /* bytes of a header field: more than the connection takes at once */
#define SMALL 2048                    /* bytes that either side buffers */

typedef struct peer {
  spec_world world; /* its own server stays unused */
  int listener, fd;
  aw_socket *socket;
  char request[AW_HEADERS_MAX + 1];
  size_t length;
} peer;

static peer at;

static int listen_somewhere(void)
{
  struct sockaddr_in address;
  int size = SMALL, fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_true(fd >= 0);
  assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
  assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
  assert_int_equal(listen(fd, 1), 0);
  assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
  return fd;
}

static void step(void)
{
  aw_socket *taken;
  aw_error error;
  assert_int_equal(aw_engine_step(at.world.engine, 0.01, &error), AW_OK);
  while((taken = aw_engine_take_news(at.world.engine)) != NULL)
    aw_socket_unref(taken);
}

static void accept_one(void)
{
  double deadline = aw_monotonic() + PATIENCE;
  while((at.fd = accept(at.listener, NULL, NULL)) < 0) {
    assert_true(errno == EAGAIN && aw_monotonic() < deadline);
    step();
  }
  assert_int_equal(fcntl(at.fd, F_SETFL, O_NONBLOCK), 0);
}

static int make_small(void *user, curl_socket_t fd, curlsocktype type)
{
  int size = SMALL;
  (void)user;
  (void)type;
  return setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

/* `large`: with a header field that long. */
static void begin(bool large)
{
  static const server_step steps[] = {HOLD};
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  aw_client_options options = {0};
  aw_socket_spec spec = {0};
  aw_field field = {"X-Long", NULL};
  char endpoint[64], *value = repeated("", "a", large ? LARGE : 1, "");
  aw_error error;
  memset(&at, 0, sizeof(at));
  at.listener = listen_somewhere();
  assert_int_equal(getsockname(at.listener, (struct sockaddr *)&address, &size), 0);
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/v1", ntohs(address.sin_port));
  options.endpoint = endpoint;
  world_open_with(&at.world, steps, 1, options);
  field.value = value;
  spec.target = "/realtime";
  spec.headers = &field;
  spec.headers_count = 1;
  assert_int_equal(aw_socket_open(at.world.client, &spec, &at.socket, &error), AW_OK);
  assert_int_equal(curl_easy_setopt(at.socket->easy, CURLOPT_SOCKOPTFUNCTION, make_small), CURLE_OK);
  free(value);
  accept_one();
}

static void end(void)
{
  aw_socket_cancel(at.socket);
  step();
  aw_socket_unref(at.socket);
  if(at.fd >= 0)
    close(at.fd);
  close(at.listener);
  world_close(&at.world);
}

/* Without a farewell: whoever reads or writes is told that the connection was reset. */
static void reset(void)
{
  struct linger none = {1, 0};
  assert_int_equal(setsockopt(at.fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none)), 0);
  close(at.fd);
  at.fd = -1;
}

static void read_request(void)
{
  double deadline = aw_monotonic() + PATIENCE;
  while(!strstr(at.request, "\r\n\r\n")) {
    ssize_t got = recv(at.fd, at.request + at.length, sizeof(at.request) - 1 - at.length, 0);
    assert_true(got > 0 || (got < 0 && errno == EAGAIN && aw_monotonic() < deadline));
    at.length += got > 0 ? (size_t)got : 0;
    at.request[at.length] = '\0';
    step();
  }
}

static void tell(const char *bytes, size_t length)
{
  assert_int_equal(send(at.fd, bytes, length, 0), length);
}

static void step_until(aw_socket_state state)
{
  double deadline = aw_monotonic() + PATIENCE;
  while(aw_socket_get_state(at.socket) != state) {
    assert_true(aw_monotonic() < deadline);
    step();
  }
}

static void upgrade(void)
{
  static const char field[] = "Sec-WebSocket-Key: ";
  char text[300], key[AW_KEY_SIZE], accept[AW_ACCEPT_SIZE];
  read_request();
  snprintf(key, sizeof(key), "%s", strstr(at.request, field) + sizeof(field) - 1);
  aw_accept_answer(key, accept);
  snprintf(text, sizeof(text),
           "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
  tell(text, strlen(text));
  step_until(AW_SOCKET_OPEN);
}

static void assert_ended(aw_status status, const char *part)
{
  step_until(AW_SOCKET_CLOSED);
  assert_int_equal(aw_socket_error(at.socket)->status, status);
  assert_has(aw_socket_error(at.socket)->message, part);
}

/* Until the connection takes no more. */
static void fill_with_the_request(void)
{
  double deadline = aw_monotonic() + PATIENCE;
  begin(true);
  while(!at.socket->writing) {
    assert_true(aw_monotonic() < deadline);
    step();
  }
  assert_in_range(at.socket->sent, 1, at.socket->request.length - 1);
}

static void asks_in_pieces(void **state)
{
  (void)state;
  fill_with_the_request();
  upgrade();
  assert_int_equal(at.length, (size_t)(strstr(at.request, "X-Long: ") - at.request) + LARGE + 12);
  end();
}

static void says_that_the_connection_broke_while_it_asked(void **state)
{
  (void)state;
  fill_with_the_request();
  reset();
  assert_ended(AW_NETWORK, "while the WebSocket handshake was sent");
  end();
}

static void says_that_the_connection_broke_before_the_answer(void **state)
{
  (void)state;
  begin(false);
  read_request();
  reset();
  assert_ended(AW_NETWORK, "in the middle");
  end();
}

static void says_that_the_connection_broke(void **state)
{
  (void)state;
  begin(false);
  upgrade();
  reset();
  assert_ended(AW_NETWORK, "broke");
  end();
}

/* More than the connection and the queue take. The deadlines are set nearer, since nobody is to wait for them. */
static void fill_with_messages(void)
{
  char *text = repeated("", "a", 60000, "");
  double deadline = aw_monotonic() + PATIENCE;
  aw_error error;
  begin(false);
  upgrade();
  while(aw_socket_send(at.socket, text, 60000, &error) == AW_OK) {
    assert_true(aw_monotonic() < deadline);
    step();
  }
  free(text);
  assert_int_equal(error.status, AW_ARGUMENT);
  assert_has(error.message, "wait to be sent");
  assert_true(at.socket->writing);
}

static void takes_a_close_while_it_cannot_write(void **state)
{
  char bytes[65536];
  double deadline = aw_monotonic() + PATIENCE;
  (void)state;
  fill_with_messages();
  tell("\x88\x02\x03\xe9", 4);
  step_until(AW_SOCKET_CLOSING);
  while(aw_socket_get_state(at.socket) != AW_SOCKET_CLOSED) {
    assert_true(aw_monotonic() < deadline);
    recv(at.fd, bytes, sizeof(bytes), 0);
    step();
  }
  assert_int_equal(aw_socket_error(at.socket)->status, AW_OK);
  assert_int_equal(aw_socket_code(at.socket), 1001);
  end();
}

static void gives_up_a_server_that_reads_nothing(void **state)
{
  (void)state;
  fill_with_messages();
  tell("\x88\x02\x03\xe9", 4);
  step_until(AW_SOCKET_CLOSING);
  at.socket->deadline = aw_monotonic();
  assert_ended(AW_TIMEOUT, "did not close the WebSocket in time");
  end();
}

static void gives_up_a_server_that_does_not_close(void **state)
{
  aw_error error;
  (void)state;
  begin(false);
  upgrade();
  assert_int_equal(aw_socket_close(at.socket, 1000, "", 0, &error), AW_OK);
  step();
  assert_int_equal(aw_socket_get_state(at.socket), AW_SOCKET_CLOSING);
  at.socket->deadline = aw_monotonic();
  assert_ended(AW_TIMEOUT, "did not close the WebSocket in time");
  end();
}

int aw_socket_peer_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(asks_in_pieces),
      cmocka_unit_test(says_that_the_connection_broke_while_it_asked),
      cmocka_unit_test(says_that_the_connection_broke_before_the_answer),
      cmocka_unit_test(says_that_the_connection_broke),
      cmocka_unit_test(takes_a_close_while_it_cannot_write),
      cmocka_unit_test(gives_up_a_server_that_reads_nothing),
      cmocka_unit_test(gives_up_a_server_that_does_not_close),
  };
  return cmocka_run_group_tests_name("aw_socket_peer", tests, NULL, NULL);
}

#else

int aw_socket_peer_suite(void)
{
  return 0;
}

#endif
