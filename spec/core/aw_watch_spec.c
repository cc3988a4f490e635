/* An engine in the hands of another's loop: by libcurl's own descriptors, and by the one of aw_watch. */
#define _POSIX_C_SOURCE 200809L

#include "aw_system.h"
#include "aw_watch.h"
#include "suites.h"
#include "support.h"

#include <poll.h>

/* Asked for while nothing is under way, it is one descriptor for all; elsewhere than on Linux it is libcurl's. */
#ifdef __linux__
#define ONE_FOR_ALL 1
#else
#define ONE_FOR_ALL 0
#endif

#define FDS_MAX 16

/* As a host's loop does it: poll() on what the engine names, for as long as it names, then a step that waits not. */
static void turn(aw_engine *engine)
{
  struct pollfd ready[FDS_MAX];
  aw_fd fds[FDS_MAX];
  size_t count = aw_engine_fds(engine, fds, FDS_MAX), i;
  double timeout = aw_engine_timeout(engine);
  aw_error error;
  int result;
  assert_in_range(count, 0, FDS_MAX);
  assert_true(count > 0 || timeout >= 0); /* else nobody would ever wake it */
  for(i = 0; i < count; i++) {
    assert_true(fds[i].read || fds[i].write);
    ready[i].fd = fds[i].fd;
    ready[i].events = (short)((fds[i].read ? POLLIN : 0) | (fds[i].write ? POLLOUT : 0));
  }
  result = poll(ready, (nfds_t)count, timeout < 0 ? (int)(PATIENCE * 1000) : (int)(timeout * 1000) + 1);
  assert_true(result > 0 || (result == 0 && timeout >= 0)); /* it does not sleep on what is there */
  assert_int_equal(aw_engine_step(engine, 0, &error), AW_OK);
}

static void loop_until_finished(const spec_world *world, const aw_request *request)
{
  double deadline = aw_monotonic() + PATIENCE;
  while(!aw_request_finished(request)) {
    assert_true(aw_monotonic() < deadline);
    turn(world->engine);
  }
}

static aw_request *start_get(const spec_world *world, double timeout)
{
  aw_request_spec spec = spec_of("GET", "/");
  spec.timeout = timeout;
  return start(world->client, &spec);
}

/* `watched`: the descriptors are asked for before anything is under way. */
static void open_watched(spec_world *world, const server_step *steps, size_t count, bool watched)
{
  world_open(world, steps, count);
  if(watched)
    assert_int_equal(aw_engine_fds(world->engine, NULL, 0), ONE_FOR_ALL);
}

static void is_driven_by_a_loop_of_another(void **state)
{
  static const server_step steps[] = {HELLO};
  int watched, i;
  (void)state;
  for(watched = 0; watched <= 1; watched++) {
    spec_world world;
    open_watched(&world, steps, 1, watched == 1);
    for(i = 0; i < 3; i++) {
      aw_request *request = start_get(&world, 0);
      assert_true(aw_engine_timeout(world.engine) >= 0); /* the first step is due without any descriptor */
      loop_until_finished(&world, request);
      finish(world.engine, request);
      assert_body(request, "hello");
      aw_request_unref(request);
    }
    assert_int_equal(server_connections(world.server), 1);
    world_close(&world);
  }
}

static void names_one_descriptor_that_stays(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *requests[3];
  spec_world world;
  size_t i;
  (void)state;
  open_watched(&world, steps, 1, true);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = start_get(&world, 0);
  step_until_seen(&world, COUNT(requests));
  if(ONE_FOR_ALL) {
    aw_fd first, again;
    assert_int_equal(aw_engine_fds(world.engine, &first, 1), 1);
    assert_int_equal(aw_engine_fds(world.engine, &again, 1), 1);
    assert_int_equal(first.fd, again.fd);
    assert_true(first.read);
    assert_false(first.write);
  }
  for(i = 0; i < COUNT(requests); i++) {
    aw_request_cancel(requests[i]);
    finish(world.engine, requests[i]);
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

static void keeps_the_time_of_requests(void **state)
{
  static const server_step steps[] = {HOLD};
  int watched;
  (void)state;
  for(watched = 0; watched <= 1; watched++) {
    aw_request *request;
    spec_world world;
    open_watched(&world, steps, 1, watched == 1);
    request = start_get(&world, 0.05);
    loop_until_finished(&world, request);
    finish(world.engine, request);
    assert_failed(request, AW_TIMEOUT, "");
    aw_request_unref(request);
    world_close(&world);
  }
}

/* More than an engine gives to libcurl at once, over a few connections. */
static void moves_many(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request *requests[140];
  spec_world world;
  size_t i;
  (void)state;
  open_watched(&world, steps, 1, true);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = start_get(&world, 0);
  for(i = 0; i < COUNT(requests); i++)
    loop_until_finished(&world, requests[i]);
  assert_int_equal(aw_engine_finished(world.engine), COUNT(requests));
  for(i = 0; i < COUNT(requests); i++) {
    aw_request_unref(aw_engine_take(world.engine));
    assert_body(requests[i], "hello");
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

/* Steps that wait do so as without it. */
static void waits_itself_as_well(void **state)
{
  static const server_step steps[] = {HELLO, HOLD};
  aw_request *request;
  aw_error error;
  spec_world world;
  double before;
  (void)state;
  open_watched(&world, steps, 2, true);
  request = start_get(&world, 0);
  finish(world.engine, request);
  assert_body(request, "hello");
  aw_request_unref(request);
  request = start_get(&world, 0);
  step_until_seen(&world, 2);
  before = aw_monotonic();
  assert_int_equal(aw_engine_step(world.engine, 0.05, &error), AW_OK);
  assert_true(aw_monotonic() - before >= 0.05);
  aw_engine_close(world.engine); /* with one under way */
  assert_failed(request, AW_CANCELLED, "");
  aw_request_unref(request);
  world_close(&world);
}

static void reports_missing_memory(void **state)
{
  CURLM *multi = curl_multi_init();
  aw_watch *watch = NULL;
  aw_error error;
  spec_faults faults;
  (void)state;
  faults_begin(&faults, 1);
  assert_int_equal(aw_watch_new(multi, &watch, &error), ONE_FOR_ALL ? AW_MEMORY : AW_ARGUMENT);
  assert_null(watch);
  faults_end(&faults);
  aw_watch_free(NULL);
  curl_multi_cleanup(multi);
}

int aw_watch_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_driven_by_a_loop_of_another), cmocka_unit_test(names_one_descriptor_that_stays),
      cmocka_unit_test(keeps_the_time_of_requests),     cmocka_unit_test(moves_many),
      cmocka_unit_test(waits_itself_as_well),           cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_watch", tests, NULL, NULL);
}
