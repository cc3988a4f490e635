/* What a server answers. */
#define _POSIX_C_SOURCE 200809L

#include "aw_request.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void gives_the_answer(void **state)
{
  static const struct {
    const char *method, *reply;
    long http_status;
    const char *body, *name, *value;
  } cases[] = {
      {"GET", OK_HELLO, 200, "hello", "content-length", "5"},
      {"GET", "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n", 204, "", "a", "b"},
      {"GET", "HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone", 404, "gone", "content-length", "4"},
      {"GET", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 500, "", "content-length", "0"},
      {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "", "content-length", "5"},
      {"DELETE", OK_HELLO, 200, "hello", "content-length", "5"},
      {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, "hello",
       "transfer-encoding", "chunked"},
      {"GET",
       "HTTP/1.1 103 Early\r\nA: early\r\n\r\nHTTP/1.1 100 Continue\r\nA: go on\r\n\r\n"
       "HTTP/1.1 201 Created\r\nA: last\r\nContent-Length: 0\r\n\r\n",
       201, "", "a", "last"},
      /* never followed: the Location is the answer, and the credentials stay here */
      {"GET", "HTTP/1.1 301 Moved\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n", 301, "", "location",
       "http://evil.example/"},
      {"GET", "HTTP/1.1 307 Moved\r\nLocation: /v1/else\r\nContent-Length: 0\r\n\r\n", 307, "", "location", "/v1/else"},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    server_step steps[] = {OK};
    aw_request_spec spec = spec_of(cases[i].method, "/x");
    aw_request *request;
    spec_world world;
    steps[0].reply = cases[i].reply;
    world_open(&world, steps, 1);
    request = run(world.client, &spec);
    assert_body(request, cases[i].body);
    assert_int_equal(aw_request_http_status(request), cases[i].http_status);
    assert_string_equal(aw_headers_get(aw_request_headers(request), cases[i].name), cases[i].value);
    assert_true(aw_request_elapsed(request) > 0 && aw_request_elapsed(request) < PATIENCE);
    assert_int_equal(server_requests(world.server), 1);
    aw_request_unref(request);
    world_close(&world);
  }
}

static void reads_a_body_that_ends_with_the_connection(void **state)
{
  static const server_step steps[] = {{"HTTP/1.1 200 OK\r\n\r\nhello", SERVER_CLOSE, 0, SERVER_WHOLE}};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  request = get(world.client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  world_close(&world);
}

static void assert_reply_fails(const char *reply, size_t length, aw_status status, long http_status, const char *part)
{
  server_step steps[] = {{NULL, SERVER_CLOSE, 0, SERVER_WHOLE}};
  aw_client_options options = {0};
  aw_request *request;
  spec_world world;
  steps[0].reply = reply;
  steps[0].length = length;
  options.max_response = 1000;
  world_open_with(&world, steps, 1, options);
  request = get(world.client, "/");
  assert_failed(request, status, part);
  assert_int_equal(aw_request_http_status(request), http_status);
  aw_request_unref(request);
  world_close(&world);
}

static void says_what_was_wrong_with_the_answer(void **state)
{
  static const struct {
    const char *reply;
    size_t length;
    aw_status status;
    long http_status;
    const char *part;
  } cases[] = {
      {"", 0, AW_NETWORK, 0, ""},
      {"HTTP/1.1 200 OK\r\nContent-Le", 0, AW_NETWORK, 200, ""},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", 0, AW_NETWORK, 200, ""},
      {"HTTP/1.1 404 No\r\nContent-Length: 10\r\n\r\nhello", 0, AW_NETWORK, 404, ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 0, AW_NETWORK, 200, ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhel", 0, AW_NETWORK, 200, ""},
      {"hello\r\n\r\n", 0, AW_PROTOCOL, 0, ""},
      {"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", 28, AW_PROTOCOL, 200, ""},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", 0, AW_PROTOCOL, 200, ""},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: unknown\r\nContent-Length: 5\r\n\r\nhello", 0, AW_PROTOCOL, 200, ""},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++)
    assert_reply_fails(cases[i].reply, cases[i].length, cases[i].status, cases[i].http_status, cases[i].part);
}

static void limits_what_a_server_may_say(void **state)
{
  char *reply = repeated("HTTP/1.1 200 OK\r\n", "A: b\r\n", AW_HEADERS_COUNT_MAX + 1, "\r\n");
  char *line = repeated("A: ", "0123456789", 8 * 1024, "\r\n"); /* 80 KiB, twice: libcurl takes 100 KB a line */
  (void)state;
  assert_reply_fails(reply, 0, AW_PROTOCOL, 200, "1000 header fields");
  free(reply);
  reply = repeated("HTTP/1.1 200 OK\r\n", line, 2, "\r\n");
  assert_reply_fails(reply, 0, AW_PROTOCOL, 200, "131072 bytes");
  free(reply);
  free(line);
  reply = repeated("HTTP/1.1 200 OK\r\nA: ", "0123456789", 11 * 1024, "\r\n\r\n");
  assert_reply_fails(reply, 0, AW_PROTOCOL, 200, "header line");
  free(reply);
  reply = repeated("", "HTTP/1.1 103 Early Hints\r\n\r\n", AW_INTERIM_MAX + 3, OK_HELLO);
  assert_reply_fails(reply, 0, AW_PROTOCOL, 103, "interim");
  free(reply);
  reply = repeated("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "x", 1001, "");
  assert_reply_fails(reply, 0, AW_PROTOCOL, 200, "1000 bytes");
  free(reply);
  reply = repeated("HTTP/1.1 500 No\r\nContent-Length: 1001\r\n\r\n", "x", 1001, "");
  assert_reply_fails(reply, 0, AW_PROTOCOL, 500, "1000 bytes");
  free(reply);
}

/* 100,000 times the letter a in 133 bytes of gzip: what counts is what it becomes. */
static void limits_what_a_compressed_body_becomes(void **state)
{
  static const unsigned char gzip[133] = {
      0x1f, 0x8b, 8,    0,    0,    0,    0,    0,    2,    3,    0xed, 0xc1, 0x31, 1,
      0,    0,    0,    0xc2, 0xa0, 0xac, 0xeb, 0x5f, 0xc2, 0x1a, 0x1e, 0x40, 1,    [123] = 0xaf,
      6,    0x87, 0xfa, 0xe2, 0x1b, 0xa0, 0x86, 1};
  static const double limits[] = {99999, 100000};
  char reply[256] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 133\r\n\r\n";
  server_step steps[] = {{reply, SERVER_KEEP, 0, SERVER_WHOLE}};
  size_t head = strlen(reply), i, length;
  (void)state;
  memcpy(reply + head, gzip, sizeof(gzip));
  steps[0].length = head + sizeof(gzip);
  for(i = 0; i < COUNT(limits); i++) {
    aw_client_options options = {0};
    aw_request *request;
    spec_world world;
    options.max_response = limits[i];
    world_open_with(&world, steps, 1, options);
    request = get(world.client, "/");
    assert_has(server_request(world.server, 0), "gzip");
    if(limits[i] < 100000)
      assert_failed(request, AW_PROTOCOL, "99999 bytes");
    else
      assert_int_equal((aw_request_body(request, &length), length), 100000);
    aw_request_unref(request);
    world_close(&world);
  }
}

static void reports_that_nobody_listens(void **state)
{
  static const server_step steps[] = {OK};
  spec_server *server = server_start(steps, 1);
  aw_client_options options = {0};
  char endpoint[64];
  aw_request *request;
  aw_client *client;
  aw_error error;
  spec_world world;
  (void)state;
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server_port(server));
  world_open(&world, steps, 1); /* has another port, since that one is taken */
  server_stop(server);
  options.endpoint = endpoint;
  options.proxy = "";
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  request = get(client, "/");
  assert_failed(request, AW_NETWORK, "");
  assert_int_equal(aw_request_http_status(request), 0);
  aw_request_unref(request);
  aw_client_unref(client);
  world_close(&world);
}

/* An answer that comes before the body was sent: a proxy that finds it too large. */
static void takes_an_answer_before_it_has_sent_all(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig", SERVER_HOLD, 0, SERVER_FIELDS}};
  const size_t size = 8 * 1024 * 1024;
  char *bytes = calloc(1, size);
  aw_request_spec spec = spec_of("POST", "/");
  aw_request *request;
  aw_body body;
  spec_world world;
  (void)state;
  assert_non_null(bytes);
  world_open(&world, steps, 1);
  set_body(&body, bytes, size);
  free(bytes);
  spec.body = &body;
  request = run(world.client, &spec);
  assert_body(request, "big");
  assert_int_equal(aw_request_http_status(request), 413);
  aw_request_unref(request);
  world_close(&world);
}

int aw_request_answer_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(gives_the_answer),
      cmocka_unit_test(reads_a_body_that_ends_with_the_connection),
      cmocka_unit_test(says_what_was_wrong_with_the_answer),
      cmocka_unit_test(limits_what_a_server_may_say),
      cmocka_unit_test(limits_what_a_compressed_body_becomes),
      cmocka_unit_test(reports_that_nobody_listens),
      cmocka_unit_test(takes_an_answer_before_it_has_sent_all),
  };
  return cmocka_run_group_tests_name("aw_request_answer", tests, NULL, NULL);
}
