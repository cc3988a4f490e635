#define _POSIX_C_SOURCE 200809L

#include "aw_origin.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>

/* What would need one connection more waits for its turn. */
static void limits_the_connections_to_a_host(void **state)
{
  static const server_step steps[] = {HOLD};
  static const struct {
    long limit; /* 0: as it is */
    size_t started, seen;
  } cases[] = {{0, 8, 6}, {1, 3, 1}, {8, 8, 8}};
  size_t i, j;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_request *requests[8];
    aw_error error;
    spec_world world;
    world_open(&world, steps, 1);
    if(cases[i].limit)
      aw_engine_limit(world.engine, cases[i].limit);
    for(j = 0; j < cases[i].started; j++)
      requests[j] = begin_get(&world, "/");
    step_until_seen(&world, cases[i].seen);
    assert_int_equal(aw_engine_step(world.engine, 0.02, &error), AW_OK);
    assert_int_equal(server_connections(world.server), cases[i].seen);
    assert_stats(&world, cases[i].started, cases[i].started, 0);
    for(j = 0; j < cases[i].started; j++) { /* in their order, so that each makes room for one that waits */
      step_until_seen(&world, cases[i].seen + j < cases[i].started ? cases[i].seen + j : cases[i].started);
      aw_request_cancel(requests[j]);
      finish(world.engine, requests[j]);
      aw_request_unref(requests[j]);
    }
    assert_int_equal(server_requests(world.server), cases[i].started);
    world_close(&world);
  }
}

/* More than the connections that there may be: the rest waits in the engine, and may be cancelled there. */
static void queues_what_is_too_much_at_once(void **state)
{
  static const server_step steps[] = {HELLO};
  static const size_t cancelled[] = {0, 5, 6, 80, 149}; /* under way, and waiting: first, middle, last */
  aw_request *requests[150];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = begin_get(&world, "/");
  assert_stats(&world, 150, 150, 0);
  for(i = COUNT(cancelled); i-- > 0;)
    aw_request_cancel(requests[cancelled[i]]);
  assert_stats(&world, 150, 145, 5);
  step_until_all_ended(&world, COUNT(requests));
  for(i = 0; i < COUNT(cancelled); i++)
    assert_failed(requests[cancelled[i]], AW_CANCELLED, "");
  for(i = 0; i < COUNT(requests); i++) {
    if(aw_request_error(requests[i])->status != AW_CANCELLED)
      assert_body(requests[i], "hello");
    aw_request_unref(requests[i]);
  }
  assert_int_equal(server_requests(world.server), 145);
  world_close(&world);
}

/* Each is seen by the server before those that were started as many later as there are connections. */
static void starts_them_in_order(void **state)
{
  enum { STARTED = 1000, CONNECTIONS = 6 };
  static const server_step steps[] = {HELLO};
  static aw_request *requests[STARTED];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < STARTED; i++) {
    char target[32];
    snprintf(target, sizeof(target), "/%u/", (unsigned)i);
    requests[i] = begin_get(&world, target);
  }
  step_until_all_ended(&world, STARTED);
  for(i = 0; i < STARTED; i++) {
    unsigned number = 0;
    assert_int_equal(sscanf(server_request(world.server, i), "GET /v1/%u/", &number), 1);
    assert_in_range(number, i < CONNECTIONS ? 0 : i - CONNECTIONS, i + CONNECTIONS);
    assert_body(requests[i], "hello");
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

/* Those of one server do not wait for those of another. */
static void keeps_a_queue_for_each_server(void **state)
{
  static const server_step hold[] = {HOLD}, hello[] = {HELLO};
  aw_request *held[20], *other;
  aw_client_options options = {0};
  aw_client *client;
  aw_error error;
  spec_world world;
  spec_server *second = server_start(hello, 1);
  char endpoint[64];
  size_t i;
  (void)state;
  world_open(&world, hold, 1);
  snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d/v1", server_port(second));
  options.endpoint = endpoint;
  options.credentials[AW_PROJECT] = "p";
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  for(i = 0; i < COUNT(held); i++)
    held[i] = begin_get(&world, "/");
  other = get(client, "/");
  assert_body(other, "hello");
  aw_request_unref(other);
  aw_client_unref(client);
  for(i = COUNT(held); i-- > 0;) {
    aw_request_cancel(held[i]);
    finish(world.engine, held[i]);
    aw_request_unref(held[i]);
  }
  server_stop(second);
  world_close(&world);
}

/* A limit that is raised lets those that wait begin at once. */
static void more_connections_begin_at_once(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *requests[10];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  aw_engine_limit(world.engine, 2);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = begin_get(&world, "/");
  step_until_seen(&world, 2);
  aw_engine_limit(world.engine, 10);
  step_until_seen(&world, 10);
  for(i = 0; i < COUNT(requests); i++) {
    aw_request_cancel(requests[i]);
    finish(world.engine, requests[i]);
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

static void run_side_by_side(const spec_world *world, size_t count)
{
  aw_request *requests[8];
  size_t i;
  for(i = 0; i < count; i++)
    requests[i] = begin_get(world, "/");
  step_until_all_ended(world, count);
  for(i = 0; i < count; i++)
    aw_request_unref(requests[i]);
}

/* The server sees the end of one a little later. */
static void assert_open(const spec_world *world, size_t count)
{
  double deadline = aw_monotonic() + PATIENCE;
  while(server_open(world->server) != count && aw_monotonic() < deadline)
    aw_sleep(0.001);
  assert_int_equal(server_open(world->server), count);
}

/* Those that were opened are kept for what comes next, and closed where fewer are allowed. */
static void fewer_connections_are_kept_than_before(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  aw_engine_limit(world.engine, 8);
  run_side_by_side(&world, 8);
  run_side_by_side(&world, 1);
  assert_open(&world, 8);
  aw_engine_limit(world.engine, 2);
  run_side_by_side(&world, 6);
  assert_open(&world, 2);
  run_side_by_side(&world, 6);
  assert_open(&world, 2);
  assert_int_equal(server_connections(world.server), 8);
  world_close(&world);
}

static void close_cancels_what_waits_for_its_turn(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *requests[150];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = begin_get(&world, "/");
  step_until_seen(&world, 6);
  aw_engine_close(world.engine);
  assert_stats(&world, 150, 0, 0);
  for(i = 0; i < COUNT(requests); i++) {
    assert_failed(requests[i], AW_CANCELLED, "cancelled");
    aw_request_unref(requests[i]);
  }
  assert_int_equal(server_requests(world.server), 6);
  world_close(&world);
}

/* In any order. */
static void is_forgotten_with_its_last_client(void **state)
{
  static const char *const endpoints[] = {"http://a.example/v1", "http://b.example/v1", "http://c.example/v1"};
  aw_client *clients[COUNT(endpoints)];
  aw_engine *engine;
  aw_error error;
  size_t i;
  (void)state;
  assert_int_equal(aw_engine_new(&engine, &error), AW_OK);
  for(i = 0; i < COUNT(endpoints); i++) {
    aw_client_options options = {0};
    options.endpoint = endpoints[i];
    assert_int_equal(aw_client_new(engine, &options, &clients[i], &error), AW_OK);
  }
  aw_client_unref(clients[1]);
  aw_client_unref(clients[0]);
  aw_client_unref(clients[2]);
  aw_engine_unref(engine);
}

int aw_origin_suite(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(limits_the_connections_to_a_host),
      cmocka_unit_test(queues_what_is_too_much_at_once),
      cmocka_unit_test(starts_them_in_order),
      cmocka_unit_test(is_forgotten_with_its_last_client),
      cmocka_unit_test(keeps_a_queue_for_each_server),
      cmocka_unit_test(more_connections_begin_at_once),
      cmocka_unit_test(fewer_connections_are_kept_than_before),
      cmocka_unit_test(close_cancels_what_waits_for_its_turn),
  };
  return cmocka_run_group_tests_name("aw_origin", tests, NULL, NULL);
}
