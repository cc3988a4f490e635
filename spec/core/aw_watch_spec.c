/* An engine in the hands of another's loop: by libcurl's own descriptors, and by the one of aw_watch. */
#define _POSIX_C_SOURCE 200809L

#include "aw_system.h"
#include "aw_watch.h"
#include "suites.h"
#include "support.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

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

static void is_driven_by_a_loop_of_another(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  int i;
  (void)state;
  world_open(&world, steps, 1);
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

static void awaits_a_descriptor(void **state)
{
  int ends[2];
  char byte;
  double before = aw_monotonic();
  (void)state;
  assert_int_equal(pipe(ends), 0);
  assert_false(aw_watch_await(ends[0], 0));
  assert_false(aw_watch_await(ends[0], 0.05));
  assert_true(aw_monotonic() - before >= 0.04);
  assert_int_equal(write(ends[1], "a", 1), 1);
  before = aw_monotonic();
  assert_true(aw_watch_await(ends[0], PATIENCE));
  assert_true(aw_watch_await(ends[0], PATIENCE)); /* what is there stays */
  assert_int_equal(read(ends[0], &byte, 1), 1);
  close(ends[1]);
  assert_true(aw_watch_await(ends[0], PATIENCE)); /* the end */
  assert_true(aw_monotonic() - before < PATIENCE / 2);
  close(ends[0]);
}

#ifdef AW_WATCH_EPOLL

static void says_what_cannot_be_watched(void **state)
{
  CURLM *multi = curl_multi_init();
  aw_watch *watch;
  aw_error error;
  (void)state;
  assert_int_equal(aw_watch_new(multi, &watch, &error), AW_OK);
  assert_int_equal(aw_watch_set(watch, -1, true, false, &error), AW_MEMORY);
  assert_has(error.message, "cannot be watched");
  curl_multi_cleanup(multi);
  aw_watch_free(watch);
}

static void names_one_descriptor_that_stays(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *requests[3];
  spec_world world;
  aw_fd first, again;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(aw_engine_fds(world.engine, &first, 1), 1);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = start_get(&world, 0);
  step_until_seen(&world, COUNT(requests));
  assert_int_equal(aw_engine_fds(world.engine, &again, 1), 1);
  assert_int_equal(first.fd, again.fd);
  assert_true(again.read);
  assert_false(again.write);
  for(i = 0; i < COUNT(requests); i++) {
    aw_request_cancel(requests[i]);
    finish(world.engine, requests[i]);
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

static size_t collect(CURLM *multi)
{
  size_t count = 0;
  int left;
  while(curl_multi_info_read(multi, &left) != NULL)
    count++;
  return count;
}

static size_t drop_bytes(char *bytes, size_t size, size_t count, void *user)
{
  (void)bytes;
  (void)user;
  return size * count;
}

/* Without time it moves one at a time, and what is left stays ready. */
static void leaves_what_it_has_no_time_for(void **state)
{
  enum { TRANSFERS = 12 };
  static const server_step steps[] = {HELLO};
  CURLM *multi = curl_multi_init();
  CURL *easy[TRANSFERS];
  aw_watch *watch;
  aw_error error;
  size_t i, done = 0, now;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(aw_watch_new(multi, &watch, &error), AW_OK);
  for(i = 0; i < TRANSFERS; i++) {
    easy[i] = curl_easy_init();
    curl_easy_setopt(easy[i], CURLOPT_URL, world.endpoint);
    curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, drop_bytes);
    curl_multi_add_handle(multi, easy[i]);
  }
  while(done < TRANSFERS) {
    assert_int_equal(aw_watch_wait(watch, (int)(PATIENCE * 1000)), CURLM_OK);
    assert_int_equal(aw_watch_perform(watch, 0), CURLM_OK);
    now = collect(multi);
    assert_in_range(now, 0, 1);
    done += now;
  }
  for(i = 0; i < TRANSFERS; i++) {
    curl_multi_remove_handle(multi, easy[i]);
    curl_easy_cleanup(easy[i]);
  }
  curl_multi_cleanup(multi);
  aw_watch_free(watch);
  world_close(&world);
}

#else

static void counts_descriptors_beyond_the_room(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *requests[3];
  aw_fd fds[2];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(requests); i++)
    requests[i] = start_get(&world, 0);
  step_until_seen(&world, COUNT(requests));
  memset(fds, 0x7f, sizeof(fds));
  assert_int_equal(aw_engine_fds(world.engine, fds, 1), COUNT(requests));
  assert_in_range(fds[0].fd, 0, 1024);
  assert_int_equal(fds[1].fd, 0x7f7f7f7f);
  assert_int_equal(aw_engine_fds(world.engine, NULL, 0), COUNT(requests));
  for(i = 0; i < COUNT(requests); i++) {
    aw_request_cancel(requests[i]);
    finish(world.engine, requests[i]);
    aw_request_unref(requests[i]);
  }
  world_close(&world);
}

#endif

static void keeps_the_time_of_requests(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  request = start_get(&world, 0.05);
  loop_until_finished(&world, request);
  finish(world.engine, request);
  assert_failed(request, AW_TIMEOUT, "");
  aw_request_unref(request);
  world_close(&world);
}

/* More than an engine gives to libcurl at once, over a few connections. */
static void moves_many(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request *requests[140];
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
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
  world_open(&world, steps, 2);
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
  assert_int_equal(aw_watch_new(multi, &watch, &error), AW_MEMORY);
  assert_null(watch);
  faults_end(&faults);
  aw_watch_free(NULL);
  curl_multi_cleanup(multi);
}

int aw_watch_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(awaits_a_descriptor),
#ifdef AW_WATCH_EPOLL
      cmocka_unit_test(says_what_cannot_be_watched),
      cmocka_unit_test(names_one_descriptor_that_stays),
      cmocka_unit_test(leaves_what_it_has_no_time_for),
#else
      cmocka_unit_test(counts_descriptors_beyond_the_room),
#endif
      cmocka_unit_test(is_driven_by_a_loop_of_another),
      cmocka_unit_test(keeps_the_time_of_requests),
      cmocka_unit_test(moves_many),
      cmocka_unit_test(waits_itself_as_well),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_watch", tests, NULL, NULL);
}
