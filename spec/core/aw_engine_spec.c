#define _POSIX_C_SOURCE 200809L

#include "aw_engine.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void counts_what_is_alive(void **state)
{
  static const server_step steps[] = {OK};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  assert_stats(&world, 0, 0, 0);
  request = begin_get(&world, "/");
  assert_stats(&world, 1, 1, 0);
  finish(world.engine, request);
  assert_stats(&world, 1, 0, 0);
  aw_request_unref(request);
  assert_stats(&world, 0, 0, 0);
  world_close(&world);
}

static void does_not_wait_for_nothing(void **state)
{
  aw_engine *engine;
  aw_error error;
  double before = aw_monotonic();
  (void)state;
  assert_int_equal(aw_engine_new(&engine, &error), AW_OK);
  assert_int_equal(aw_engine_step(engine, PATIENCE, &error), AW_OK);
  assert_true(aw_monotonic() - before < PATIENCE / 2);
  assert_null(aw_engine_take(engine));
  assert_true(aw_engine_timeout(engine) < 0);
  aw_engine_unref(engine);
  aw_engine_unref(NULL);
}

static void waits_as_long_as_it_was_told(void **state)
{
  static const server_step steps[] = {HOLD};
  static const double times[] = {0, -1, 0.05};
  aw_request *request;
  aw_error error;
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  request = begin_get(&world, "/");
  step_until_seen(&world, 1);
  for(i = 0; i < COUNT(times); i++) {
    double before = aw_monotonic(), passed;
    assert_int_equal(aw_engine_step(world.engine, times[i], &error), AW_OK);
    passed = aw_monotonic() - before;
    assert_true(passed >= times[i] && passed < PATIENCE / 2);
    assert_stats(&world, 1, 1, 0);
  }
  aw_request_cancel(request);
  finish(world.engine, request);
  aw_request_unref(request);
  world_close(&world);
}

/* Three at a time: the second is answered first, since the others' answers never come. */
static void hands_out_what_finished_in_the_order_of_finishing(void **state)
{
  static const server_step steps[] = {HOLD, HOLD, {OK_HELLO, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request *first, *second, *third;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  first = begin_get(&world, "/1");
  step_until_seen(&world, 1);
  second = begin_get(&world, "/2");
  step_until_seen(&world, 2);
  third = begin_get(&world, "/3");
  finish(world.engine, third);
  assert_body(third, "hello");
  assert_int_equal(server_connections(world.server), 3);
  aw_request_cancel(second);
  aw_request_cancel(first);
  assert_stats(&world, 3, 0, 2);
  finish(world.engine, second);
  finish(world.engine, first);
  assert_null(aw_engine_take(world.engine));
  aw_request_unref(first);
  aw_request_unref(second);
  aw_request_unref(third);
  world_close(&world);
}

static void takes_from_the_middle_of_what_runs(void **state)
{
  static const server_step steps[] = {HOLD};
  static const size_t order[] = {1, 3, 0, 2};
  aw_request *requests[4];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = begin_get(&world, "/");
  step_until_seen(&world, COUNT(requests));
  for(i = 0; i < COUNT(order); i++) {
    aw_request_cancel(requests[order[i]]);
    finish(world.engine, requests[order[i]]);
    aw_request_unref(requests[order[i]]);
    assert_stats(&world, COUNT(order) - i - 1, COUNT(order) - i - 1, 0);
  }
  world_close(&world);
}

static void reuses_connections_and_handles(void **state)
{
  static const server_step steps[] = {OK};
  aw_client_options options = {0};
  aw_client *fork;
  aw_error error;
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(aw_client_fork(world.client, &options, &fork, &error), AW_OK);
  for(i = 0; i < 5; i++) {
    aw_request_unref(get(world.client, "/"));
    aw_request_unref(get(fork, "/"));
  }
  assert_int_equal(server_connections(world.server), 1);
  aw_client_unref(fork);
  world_close(&world);
}

/* More at once than the engine keeps handles for. */
static void runs_many_side_by_side(void **state)
{
  static const server_step steps[] = {{OK_HELLO, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request *requests[24], *taken;
  aw_error error;
  spec_world world;
  size_t i, done;
  int round;
  (void)state;
  world_open(&world, steps, 1);
  for(round = 0; round < 2; round++) {
    for(i = 0; i < COUNT(requests); i++)
      requests[i] = begin_get(&world, "/");
    for(done = 0; done < COUNT(requests);) {
      assert_int_equal(aw_engine_step(world.engine, PATIENCE, &error), AW_OK);
      assert_in_range(aw_engine_finished(world.engine), 1, COUNT(requests) - done);
      for(; (taken = aw_engine_take(world.engine)) != NULL; done++)
        aw_request_unref(taken);
    }
    for(i = 0; i < COUNT(requests); i++) {
      assert_body(requests[i], "hello");
      aw_request_unref(requests[i]);
    }
  }
  assert_stats(&world, 0, 0, 0);
  world_close(&world);
}

/* A large answer from a fast server takes more than one step that must not wait, and none of it is lost. */
static void lets_a_large_answer_rest(void **state)
{
  enum { LARGE = 24 * 1024 * 1024 };
  static char length_line[80];
  server_step steps[1] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request *request;
  aw_error error;
  spec_world world;
  char *reply;
  const char *body;
  size_t length, i, count = 0;
  (void)state;
  snprintf(length_line, sizeof(length_line), "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", (int)LARGE);
  reply = repeated(length_line, "0123456789abcdef", LARGE / 16, "");
  steps[0].reply = reply;
  world_open(&world, steps, 1);
  request = begin_get(&world, "/");
  while(!aw_request_finished(request)) {
    double timeout = aw_engine_timeout(world.engine);
    assert_int_equal(aw_engine_step(world.engine, 0, &error), AW_OK);
    if(timeout == 0)
      count++; /* a loop of another is told to come again at once */
  }
  assert_true(count > 2);
  finish(world.engine, request);
  body = aw_request_body(request, &length);
  assert_int_equal(length, LARGE);
  for(i = 0; i < LARGE; i++)
    if(body[i] != "0123456789abcdef"[i % 16])
      fail_msg("byte %u is another", (unsigned)i);
  aw_request_unref(request);
  world_close(&world);
  free(reply);
}

static void close_cancels_what_runs_and_refuses_more(void **state)
{
  static const server_step steps[] = {HOLD, HOLD, {OK_EMPTY, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request *first, *second, *done, *never = NULL;
  aw_request_spec spec = {0};
  aw_error error;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  first = begin_get(&world, "/");
  second = begin_get(&world, "/");
  step_until_seen(&world, 2);
  done = begin_get(&world, "/");
  assert_int_equal(aw_engine_step(world.engine, PATIENCE, &error), AW_OK);
  assert_stats(&world, 3, 2, 1);
  aw_engine_close(world.engine);
  assert_stats(&world, 3, 0, 0); /* none is left to be taken */
  assert_failed(first, AW_CANCELLED, "cancelled");
  assert_failed(second, AW_CANCELLED, "cancelled");
  assert_int_equal(aw_request_error(done)->status, AW_OK);
  spec.method = "GET";
  spec.target = "/";
  assert_int_equal(aw_request_start(world.client, &spec, &never, &error), AW_CANCELLED);
  assert_null(never);
  aw_engine_close(world.engine);
  assert_int_equal(aw_engine_step(world.engine, PATIENCE, &error), AW_OK);
  aw_request_unref(first);
  aw_request_unref(second);
  aw_request_unref(done);
  world_close(&world);
}

/* The engine's references are the only ones left: closing it must free all of them, and itself, once. */
static void close_ends_what_nobody_else_holds(void **state)
{
  static const server_step steps[] = {HOLD, HOLD, {OK_EMPTY, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_error error;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  aw_request_unref(begin_get(&world, "/"));
  aw_request_unref(begin_get(&world, "/"));
  step_until_seen(&world, 2);
  aw_request_unref(begin_get(&world, "/"));
  assert_int_equal(aw_engine_step(world.engine, PATIENCE, &error), AW_OK);
  aw_client_unref(world.client);
  world.client = NULL;
  aw_engine_close(world.engine);
  world_close(&world);
}

/* One that is held keeps its client and its engine alive. */
static void a_request_outlives_its_client_and_its_engine(void **state)
{
  static const server_step steps[] = {{OK_HELLO, SERVER_KEEP, 0, SERVER_WHOLE}, HOLD};
  aw_request *done, *cut;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  done = get(world.client, "/");
  cut = begin_get(&world, "/");
  step_until_seen(&world, 2);
  aw_client_unref(world.client);
  aw_engine_close(world.engine);
  aw_engine_unref(world.engine);
  assert_body(done, "hello");
  assert_string_equal(aw_headers_get(aw_request_headers(done), "content-length"), "5");
  assert_failed(cut, AW_CANCELLED, "");
  aw_request_cancel(cut);
  aw_request_unref(cut);
  aw_request_unref(done);
  server_stop(world.server);
}

/* Else a loop of another would sleep on an answer that is there. */
static void is_due_at_once_while_something_waits_to_be_taken(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  request = begin_get(&world, "/");
  step_until_seen(&world, 1);
  aw_request_cancel(request);
  assert_true(aw_engine_timeout(world.engine) == 0);
  finish(world.engine, request);
  assert_true(aw_engine_timeout(world.engine) < 0);
  aw_request_unref(request);
  world_close(&world);
}

int aw_engine_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_what_is_alive),
      cmocka_unit_test(does_not_wait_for_nothing),
      cmocka_unit_test(waits_as_long_as_it_was_told),
      cmocka_unit_test(hands_out_what_finished_in_the_order_of_finishing),
      cmocka_unit_test(takes_from_the_middle_of_what_runs),
      cmocka_unit_test(reuses_connections_and_handles),
      cmocka_unit_test(runs_many_side_by_side),
      cmocka_unit_test(lets_a_large_answer_rest),
      cmocka_unit_test(close_cancels_what_runs_and_refuses_more),
      cmocka_unit_test(close_ends_what_nobody_else_holds),
      cmocka_unit_test(a_request_outlives_its_client_and_its_engine),
      cmocka_unit_test(is_due_at_once_while_something_waits_to_be_taken),
  };
  return cmocka_run_group_tests_name("aw_engine", tests, NULL, NULL);
}
