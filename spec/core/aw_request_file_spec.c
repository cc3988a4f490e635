/* Answers that are too large for memory: into a file, or taken bit by bit. */
#define _POSIX_C_SOURCE 200809L

#include "aw.h"
#include "aw_request_state.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGE ((size_t)8 * 1024 * 1024) /* more than pauses and buffers of the system hold back */

static aw_file *begin_file(const char *path)
{
  aw_file *file;
  aw_error error;
  assert_int_equal(aw_file_new(path, &file, &error), AW_OK);
  return file;
}

static void commit(aw_file *file)
{
  aw_error error;
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  aw_file_unref(file);
}

static void writes_the_answer_to_a_file(void **state)
{
  static const server_step steps[] = {HELLO};
  const char *path = path_in(*state, "answer");
  aw_request_spec spec = spec_of("GET", "/");
  aw_client_options options = {0};
  aw_request *request;
  spec_world world;
  size_t length = 1;
  options.max_response = 2; /* is of memory alone */
  world_open_with(&world, steps, 1, options);
  spec.file = begin_file(path);
  request = run(world.client, &spec);
  assert_int_equal(aw_request_error(request)->status, AW_OK);
  assert_null(aw_request_body(request, &length));
  assert_int_equal(length, 0);
  assert_has_not(server_request(world.server, 0), "gzip"); /* nor anything else that could not be taken up again */
  aw_request_unref(request);
  world_close(&world);
  assert_int_equal(aw_file_length(spec.file), 5);
  commit(spec.file);
  assert_file(path, "hello", 5);
  remove(path);
}

static void keeps_an_errors_text_out_of_the_file(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone", SERVER_KEEP, 0, SERVER_WHOLE}};
  const char *path = path_in(*state, "answer");
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  world_open(&world, steps, 1);
  spec.file = begin_file(path);
  request = run(world.client, &spec);
  assert_body(request, "gone");
  assert_int_equal(aw_file_length(spec.file), 0);
  aw_request_unref(request);
  aw_file_unref(spec.file);
  assert_int_equal(entries_in(*state), 0);
  world_close(&world);
}

static void goes_on_where_it_broke_off(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", SERVER_CLOSE, 0, SERVER_WHOLE},
      {"HTTP/1.1 206 Part\r\nContent-Length: 3\r\n\r\nlo ", SERVER_KEEP, 0, SERVER_WHOLE},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsomething", SERVER_KEEP, 0, SERVER_WHOLE},
      {"HTTP/1.1 206 Part\r\nContent-Length: 4\r\n\r\n you", SERVER_KEEP, 0, SERVER_WHOLE},
  };
  const char *path = path_in(*state, "answer");
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  world_open(&world, steps, COUNT(steps));
  spec.file = begin_file(path);
  request = run(world.client, &spec);
  assert_failed(request, AW_NETWORK, "");
  aw_request_unref(request);
  assert_int_equal(aw_file_length(spec.file), 3);
  spec.partial = true;
  run_and_drop(world.client, &spec);
  request = run(world.client, &spec); /* the whole is not put behind a part */
  assert_failed(request, AW_PROTOCOL, "all");
  assert_int_equal(aw_request_http_status(request), 200);
  aw_request_unref(request);
  assert_int_equal(aw_file_length(spec.file), 6);
  spec.skip = 1;
  run_and_drop(world.client, &spec);
  commit(spec.file);
  assert_file(path, "hello you", 9);
  world_close(&world);
  remove(path);
}

static void reports_a_file_that_was_given_up(void **state)
{
  static const server_step steps[] = {HELLO};
  const char *path = path_in(*state, "answer");
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  world_open(&world, steps, 1);
  spec.file = begin_file(path);
  request = start(world.client, &spec);
  aw_file_discard(spec.file);
  aw_file_unref(spec.file); /* the request has one of its own */
  finish(world.engine, request);
  assert_failed(request, AW_FILE, path);
  aw_request_unref(request);
  assert_int_equal(entries_in(*state), 0);
  world_close(&world);
}

/* Streams --------------------------------------------------------------------------------------------------------- */

/* Whether the byte at a place of the large answer is what it must be: no two neighbouring blocks look alike. */
static char byte_at(size_t position)
{
  return (char)((position / 251 + position) % 127 + 1);
}

static char *large_answer(const char *status, size_t announced, size_t sent)
{
  char *reply = malloc(LARGE + 200);
  size_t head, i;
  assert_non_null(reply);
  head = (size_t)snprintf(reply, 200, "HTTP/1.1 %s\r\nContent-Length: %lu\r\n\r\n", status, (unsigned long)announced);
  for(i = 0; i < sent; i++)
    reply[head + i] = byte_at(i);
  reply[head + sent] = '\0';
  return reply;
}

static void step(const spec_world *world, double timeout)
{
  aw_error error;
  assert_int_equal(aw_engine_step(world->engine, timeout, &error), AW_OK);
}

/* Take what waits; how much has come by then. */
static size_t take(aw_request *request, size_t position)
{
  size_t length, i;
  const char *bytes = aw_request_waiting(request, &length);
  assert_in_range(length, 0, AW_STREAM_MAX + CURL_MAX_WRITE_SIZE);
  for(i = 0; i < length; i++)
    if(bytes[i] != byte_at(position + i))
      fail_msg("byte %lu is wrong", (unsigned long)(position + i));
  aw_request_taken(request);
  return position + length;
}

static size_t take_all(const spec_world *world, aw_request *request, size_t position)
{
  double deadline = aw_monotonic() + PATIENCE;
  while(!aw_request_finished(request)) {
    assert_true(aw_monotonic() < deadline);
    step(world, 1);
    position = take(request, position);
  }
  position = take(request, position);
  aw_request_unref(aw_engine_take(world->engine));
  return position;
}

/* What libcurl kept while the answer rested is written when it goes on. */
static void reports_a_file_that_was_given_up_meanwhile(void **state)
{
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  char *reply = large_answer("200 OK", LARGE, LARGE);
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  steps[0].reply = reply;
  world_open(&world, steps, COUNT(steps));
  spec.file = begin_file(path_in(*state, "answer"));
  request = start(world.client, &spec);
  while(!request->resting) {
    assert_false(aw_request_finished(request));
    step(&world, 0);
  }
  aw_file_discard(spec.file);
  finish(world.engine, request);
  assert_failed(request, AW_FILE, "given up");
  aw_request_unref(request);
  aw_file_unref(spec.file);
  world_close(&world);
  free(reply);
}

static void hands_out_bit_by_bit_what_comes(void **state)
{
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  char *reply = large_answer("200 OK", LARGE, LARGE);
  aw_request_spec spec = spec_of("GET", "/");
  aw_client_options options = {0};
  aw_request *request;
  spec_world world;
  size_t length;
  (void)state;
  steps[0].reply = reply;
  options.max_response = 100; /* is of what stays */
  spec.stream = true;
  world_open_with(&world, steps, 1, options);
  request = start(world.client, &spec);
  assert_int_equal(take_all(&world, request, 0), LARGE);
  assert_int_equal(aw_request_error(request)->status, AW_OK);
  assert_null(aw_request_body(request, &length));
  aw_request_unref(request);
  world_close(&world);
  free(reply);
}

/* A request to a server of its own, since the scripted one serves one at a time. */
static void get_from_another(aw_engine *engine)
{
  static const server_step steps[] = {HELLO};
  spec_server *server = server_start(steps, 1);
  aw_client_options options = {0};
  aw_client *client;
  aw_request *request;
  aw_error error;
  char endpoint[64];
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server_port(server));
  options.endpoint = endpoint;
  options.proxy = "";
  assert_int_equal(aw_client_new(engine, &options, &client, &error), AW_OK);
  request = get(client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  aw_client_unref(client);
  server_stop(server);
}

/* While nobody takes anything it waits, and is no hindrance to others. */
static void pauses_while_nothing_is_taken(void **state)
{
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  char *reply = large_answer("200 OK", LARGE, LARGE);
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  size_t before, after;
  double deadline = aw_monotonic() + PATIENCE;
  (void)state;
  steps[0].reply = reply;
  spec.stream = true;
  world_open(&world, steps, COUNT(steps));
  request = start(world.client, &spec);
  do {
    assert_true(aw_monotonic() < deadline);
    step(&world, 1);
    aw_request_waiting(request, &before);
  } while(before + CURL_MAX_WRITE_SIZE <= AW_STREAM_MAX);
  step(&world, 0);
  aw_request_waiting(request, &before);
  step(&world, 0.02);
  aw_request_waiting(request, &after);
  assert_int_equal(before, after);
  assert_false(aw_request_finished(request));
  get_from_another(world.engine);
  assert_int_equal(take_all(&world, request, 0), LARGE);
  aw_request_unref(request);
  world_close(&world);
  free(reply);
}

static void keeps_what_came_before_a_stream_broke(void **state)
{
  server_step steps[] = {{NULL, SERVER_CLOSE, 0, SERVER_WHOLE}};
  char *reply = large_answer("200 OK", LARGE, LARGE / 2);
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  (void)state;
  steps[0].reply = reply;
  spec.stream = true;
  world_open(&world, steps, COUNT(steps));
  request = start(world.client, &spec);
  assert_int_equal(take_all(&world, request, 0), LARGE / 2);
  assert_int_equal(aw_request_error(request)->status, AW_NETWORK);
  aw_request_unref(request);
  world_close(&world);
  free(reply);
}

static void cancels_a_stream_that_pauses(void **state)
{
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  char *reply = large_answer("200 OK", LARGE, LARGE);
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  size_t length;
  (void)state;
  steps[0].reply = reply;
  spec.stream = true;
  world_open(&world, steps, COUNT(steps));
  request = start(world.client, &spec);
  step(&world, PATIENCE); /* until it pauses */
  aw_request_cancel(request);
  finish(world.engine, request);
  assert_failed(request, AW_CANCELLED, "");
  aw_request_waiting(request, &length);
  assert_int_equal(length, 0);
  aw_request_taken(request); /* does no harm */
  aw_request_unref(request);
  world_close(&world);
  free(reply);
}

static void does_not_stream_an_errors_text(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone", SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  size_t length;
  (void)state;
  spec.stream = true;
  world_open(&world, steps, COUNT(steps));
  request = run(world.client, &spec);
  aw_request_waiting(request, &length);
  assert_int_equal(length, 0);
  assert_body(request, "gone");
  aw_request_unref(request);
  world_close(&world);
}

int aw_request_file_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_the_answer_to_a_file),
      cmocka_unit_test(keeps_an_errors_text_out_of_the_file),
      cmocka_unit_test(goes_on_where_it_broke_off),
      cmocka_unit_test(reports_a_file_that_was_given_up),
      cmocka_unit_test(reports_a_file_that_was_given_up_meanwhile),
      cmocka_unit_test(hands_out_bit_by_bit_what_comes),
      cmocka_unit_test(pauses_while_nothing_is_taken),
      cmocka_unit_test(keeps_what_came_before_a_stream_broke),
      cmocka_unit_test(cancels_a_stream_that_pauses),
      cmocka_unit_test(does_not_stream_an_errors_text),
  };
  return cmocka_run_group_tests_name("aw_request_file", tests, scratch_make, scratch_remove);
}
