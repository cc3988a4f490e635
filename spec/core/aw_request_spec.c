/* Starting, ending and repeating; what a server answers is in aw_request_answer_spec.c. */
#define _POSIX_C_SOURCE 200809L

#include "aw_request.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void ends_after_its_time(void **state)
{
  static const server_step steps[] = {
      HOLD, {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", SERVER_HOLD, 0, SERVER_WHOLE}};
  static const long http_statuses[] = {0, 200};
  aw_request_spec spec = spec_of("GET", "/");
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 2);
  spec.timeout = 0.05;
  for(i = 0; i < 2; i++) {
    aw_request *request = run(world.client, &spec);
    assert_failed(request, AW_TIMEOUT, "");
    assert_true(aw_request_elapsed(request) >= 0.04 && aw_request_elapsed(request) < PATIENCE / 2);
    assert_int_equal(aw_request_http_status(request), http_statuses[i]);
    aw_request_unref(request);
  }
  spec.timeout = 0.0001; /* libcurl counts milliseconds, and takes 0 for no limit */
  aw_request_unref(run(world.client, &spec));
  world_close(&world);
}

static void refuses_what_cannot_be_a_request(void **state)
{
  static const server_step steps[] = {OK};
  static const aw_field bad_field = {"A", "b\r\nc: d"};
  static const struct {
    const char *method, *target;
    const aw_field *field;
    double timeout;
  } cases[] = {
      {"GET", "", NULL, 0},
      {"GET", "x", NULL, 0},
      {"GET", "@evil.example/", NULL, 0},
      {"GET", ":8/x", NULL, 0},
      {"GET", "/a b", NULL, 0},
      {"GET", "/a\r\nX: y", NULL, 0},
      {"GET", "/a#b", NULL, 0},
      {"GET", "/\xc3\xa4", NULL, 0},
      {"GET", "/\x7f", NULL, 0},
      {"", "/", NULL, 0},
      {"GET /evil HTTP/1.1\r\nX: y\r\n\r\nGET", "/", NULL, 0},
      {"A B", "/", NULL, 0},
      {"GET", "/", &bad_field, 0},
      {"GET", "/", NULL, -1},
      {"GET", "/", NULL, (double)NAN},
  };
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(cases); i++) {
    aw_request *request = NULL;
    aw_request_spec spec = spec_of(cases[i].method, cases[i].target);
    aw_error error;
    aw_body body;
    spec.headers = cases[i].field;
    spec.headers_count = cases[i].field ? 1 : 0;
    spec.timeout = cases[i].timeout;
    set_body(&body, "x", 1);
    spec.body = &body; /* taken over all the same */
    if(aw_request_start(world.client, &spec, &request, &error) != AW_ARGUMENT)
      fail_msg("request %d is not refused as an argument", (int)i);
    assert_null(request);
    assert_int_equal(body.kind, AW_BODY_NONE);
  }
  assert_int_equal(server_connections(world.server), 0);
  world_close(&world);
}

static void limits_the_url(void **state)
{
  static const server_step steps[] = {OK};
  char *target = repeated("/?", "0123456789abcdef", AW_URL_MAX / 16, "");
  aw_request_spec spec = spec_of("GET", target);
  aw_request *request = NULL;
  aw_error error;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(aw_request_start(world.client, &spec, &request, &error), AW_ARGUMENT);
  assert_has(error.message, "2097152");
  target[400000] = '\0'; /* 100 queries of 4096 characters */
  aw_request_unref(get(world.client, target));
  assert_has(server_request(world.server, 0), target);
  free(target);
  world_close(&world);
}

static void sends_its_target_as_it_is(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const targets[] = {"/a/../b/./c", "//a", "/a?b=c&d[]=%5B?/", "/%2e%2E/%2F", "/a;b=c:d@e,f'!*()"};
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(targets); i++) {
    char line[128];
    aw_request_unref(get(world.client, targets[i]));
    snprintf(line, sizeof(line), "GET /v1%s HTTP/1.1\r\n", targets[i]);
    assert_has(server_request(world.server, i), line);
  }
  world_close(&world);
}

static void sends_header_fields_of_its_own(void **state)
{
  static const server_step steps[] = {OK};
  static const aw_field fields[] = {{"x-appwrite-locale", "de"}, {"X-Empty", ""}, {"content-range", "bytes 0-1/2"}};
  aw_request_spec spec = spec_of("GET", "/");
  aw_error error;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(aw_client_set(world.client, AW_LOCALE, "en", &error), AW_OK);
  spec.headers = fields;
  spec.headers_count = COUNT(fields);
  run_and_drop(world.client, &spec);
  aw_request_unref(get(world.client, "/"));
  assert_has(server_request(world.server, 0), "\r\nx-appwrite-locale: de\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Empty:\r\n");
  assert_has(server_request(world.server, 0), "\r\ncontent-range: bytes 0-1/2\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Appwrite-Project: p\r\n");
  assert_has_not(server_request(world.server, 0), "X-Appwrite-Locale");
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Locale: en\r\n");
  assert_has_not(server_request(world.server, 1), "X-Empty");
  world_close(&world);
}

static void cancels(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request_spec spec = spec_of("POST", "/");
  aw_request *request;
  spec_world world;
  int under_way;
  (void)state;
  world_open(&world, steps, 1);
  for(under_way = 0; under_way <= 1; under_way++) {
    aw_body body;
    set_body(&body, "x", 1);
    spec.body = &body;
    request = start(world.client, &spec);
    assert_false(aw_request_finished(request));
    if(under_way)
      step_until_seen(&world, 1);
    aw_request_cancel(request);
    assert_true(aw_request_finished(request));
    aw_request_cancel(request);
    assert_failed(request, AW_CANCELLED, "cancelled");
    assert_int_equal(aw_request_http_status(request), 0);
    finish(world.engine, request);
    aw_request_cancel(request);
    assert_int_equal(aw_engine_finished(world.engine), 0);
    aw_request_unref(request);
  }
  world_close(&world);
}

static void keeps_its_answer_when_cancelled_too_late(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  request = get(world.client, "/");
  aw_request_cancel(request);
  assert_body(request, "hello");
  aw_request_drop_body(request);
  assert_body(request, "");
  aw_request_drop_body(request);
  aw_request_unref(request);
  world_close(&world);
}

static void counts_bytes_on_the_way(void **state)
{
  static const server_step steps[] = {
      HELLO, {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", SERVER_HOLD, 0, SERVER_WHOLE}};
  aw_request_spec spec = spec_of("POST", "/");
  double deadline = aw_monotonic() + PATIENCE;
  aw_progress progress;
  aw_request *request;
  aw_error error;
  aw_body body;
  spec_world world;
  (void)state;
  world_open(&world, steps, 2);
  request = get(world.client, "/");
  aw_request_progress(request, &progress);
  assert_int_equal(progress.downloaded, 5);
  assert_int_equal(progress.download_size, 5);
  assert_int_equal(progress.uploaded, 0);
  aw_request_unref(request);
  set_body(&body, "1234567", 7);
  spec.body = &body;
  request = start(world.client, &spec);
  aw_request_progress(request, &progress); /* nothing of the request before, whose handle it has */
  assert_int_equal(progress.downloaded, 0);
  assert_int_equal(progress.download_size, 0);
  while(progress.downloaded < 3) {
    assert_true(aw_monotonic() < deadline);
    assert_int_equal(aw_engine_step(world.engine, 0.01, &error), AW_OK);
    aw_request_progress(request, &progress);
  }
  assert_int_equal(progress.downloaded, 3);
  assert_int_equal(progress.download_size, 100);
  assert_int_equal(progress.uploaded, 7);
  assert_int_equal(progress.upload_size, 7);
  aw_request_cancel(request);
  aw_request_progress(request, &progress);
  assert_int_equal(progress.downloaded, 3);
  assert_int_equal(aw_request_http_status(request), 200);
  finish(world.engine, request);
  aw_request_unref(request);
  world_close(&world);
}

static void assert_sent(aw_request *request, bool sent)
{
  assert_true(aw_request_finished(request));
  assert_int_equal(aw_request_sent(request), sent);
  aw_request_unref(request);
}

static void knows_whether_anything_was_sent(void **state)
{
  static const server_step steps[] = {HELLO, {NULL, SERVER_CLOSE, 0, SERVER_WHOLE}, HOLD};
  aw_request_spec spec = spec_of("POST", "/");
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 3);
  assert_sent(run(world.client, &spec), true);
  assert_sent(run(world.client, &spec), true);
  spec.timeout = 0.05;
  assert_sent(run(world.client, &spec), true);
  spec.timeout = 0;
  request = start(world.client, &spec);
  aw_request_cancel(request);
  finish(world.engine, request);
  assert_sent(request, false);
  world_close(&world);
}

/* libcurl sends again, by itself, what a reused connection swallowed. What the server may have acted on must not be
 * sent twice: a chunk counted twice breaks the file. */
static void sends_once_what_must_not_be_repeated(void **state)
{
  static const server_step steps[] = {OK, {NULL, SERVER_CLOSE, 0, SERVER_WHOLE}, HELLO};
  static const char *const methods[] = {"POST", "PATCH", "PUT", "DELETE"};
  const char *path = path_in(*state, "chunk");
  size_t i, kind;
  write_file(path, "0123456789", 10);
  for(i = 0; i < COUNT(methods); i++) {
    for(kind = 0; kind < 4; kind++) {
      aw_request_spec spec = spec_of(methods[i], "/");
      aw_request *request;
      aw_source source;
      aw_error error;
      aw_body body;
      spec_world world;
      aw_body_init(&body);
      if(kind == 1)
        set_body(&body, "{}", 2);
      if(kind == 2)
        set_body(&body, "", 0);
      if(kind == 3) {
        assert_int_equal(aw_source_init_file(&source, path, 0, 10, 10, &error), AW_OK);
        assert_int_equal(aw_body_add(&body, "file", "a", NULL, &source, &error), AW_OK);
      }
      spec.body = &body;
      world_open(&world, steps, COUNT(steps));
      aw_request_unref(get(world.client, "/"));
      request = run(world.client, &spec);
      assert_int_equal(server_requests(world.server), 2);
      assert_failed(request, AW_NETWORK, "");
      aw_request_unref(request);
      world_close(&world);
    }
  }
  remove(path);
}

static void repeats_what_may_be_repeated(void **state)
{
  static const server_step steps[] = {OK, {NULL, SERVER_CLOSE, 0, SERVER_WHOLE}, HELLO};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  aw_request_unref(get(world.client, "/"));
  request = get(world.client, "/");
  assert_body(request, "hello");
  assert_int_equal(server_requests(world.server), 3);
  aw_request_unref(request);
  world_close(&world);
}

int aw_request_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(ends_after_its_time),
      cmocka_unit_test(refuses_what_cannot_be_a_request),
      cmocka_unit_test(limits_the_url),
      cmocka_unit_test(sends_its_target_as_it_is),
      cmocka_unit_test(sends_header_fields_of_its_own),
      cmocka_unit_test(cancels),
      cmocka_unit_test(keeps_its_answer_when_cancelled_too_late),
      cmocka_unit_test(counts_bytes_on_the_way),
      cmocka_unit_test(knows_whether_anything_was_sent),
      cmocka_unit_test(sends_once_what_must_not_be_repeated),
      cmocka_unit_test(repeats_what_may_be_repeated),
  };
  return cmocka_run_group_tests_name("aw_request", tests, scratch_make, scratch_remove);
}
