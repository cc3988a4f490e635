/* Engines of different threads share nothing: run many at once, for a thread sanitizer to watch. */
#define _POSIX_C_SOURCE 200809L

#include "scenario.h"
#include "suites.h"
#include "support.h"

#include <pthread.h>

#define THREADS 4
#define ROUNDS 10

static void *work(void *user)
{
  const spec_server *server = user;
  aw_status status = AW_OK;
  size_t i;
  for(i = 0; i < ROUNDS && status == AW_OK; i++)
    status = scenario_run(server, NULL, i % 2 == 1);
  return status == AW_OK ? user : NULL;
}

static void engines_of_different_threads_do_not_meet(void **state)
{
  spec_server *server = scenario_server();
  pthread_t threads[THREADS];
  size_t i;
  (void)state;
  for(i = 0; i < THREADS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, work, server), 0);
  for(i = 0; i < THREADS; i++) {
    void *result;
    assert_int_equal(pthread_join(threads[i], &result), 0);
    assert_ptr_equal(result, server);
  }
  assert_int_equal(server_requests(server), THREADS * ROUNDS);
  server_stop(server);
}

int thread_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(engines_of_different_threads_do_not_meet),
  };
  return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
