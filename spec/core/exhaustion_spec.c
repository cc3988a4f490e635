/* Every allocation of the core fails once: nothing may crash, leak or be passed over in silence. */
#include "scenario.h"
#include "suites.h"
#include "support.h"

static void survives_the_failure_of(const char *to, bool for_good, bool login)
{
  spec_server *server = scenario_server();
  size_t n;
  for(n = 1;; n++) {
    spec_faults faults;
    aw_status status;
    faults_begin(&faults, n);
    faults.for_good = for_good;
    status = scenario_run(server, to, login);
    faults_end(&faults);
    if(faults.calls < n) {
      assert_int_equal(status, AW_OK);
      break;
    }
    assert_int_equal(status, AW_MEMORY);
  }
  assert_in_range(n, 20, 500);
  server_stop(server);
}

static void survives_in(spec_server *server, aw_status (*scenario)(const spec_server *), bool for_good)
{
  size_t n;
  for(n = 1;; n++) {
    spec_faults faults;
    aw_status status;
    faults_begin(&faults, n);
    faults.for_good = for_good;
    status = scenario(server);
    faults_end(&faults);
    assert_int_equal(status, faults.calls < n ? AW_OK : AW_MEMORY);
    if(status == AW_OK)
      break;
  }
  assert_in_range(n, 20, 500);
  server_stop(server);
}

static void survives_either_with_turns(void **state)
{
  (void)state;
  survives_in(scenario_server(), scenario_turns, false);
  survives_in(scenario_server(), scenario_turns, true);
}

static void survives_either_with_large_answers(void **state)
{
  (void)state;
  survives_in(scenario_large_server(), scenario_large, false);
  survives_in(scenario_large_server(), scenario_large, true);
  survives_in(scenario_large_server(), scenario_large_stream, false);
  survives_in(scenario_large_server(), scenario_large_stream, true);
}

static void survives_either_with_a_session(void **state)
{
  (void)state;
  survives_in(scenario_server(), scenario_kept, false);
  survives_in(scenario_server(), scenario_kept, true);
}

#ifdef APPWRITE_REALTIME
static void survives_either_with_a_socket(void **state)
{
  (void)state;
  survives_in(scenario_socket_server(), scenario_socket, false);
  survives_in(scenario_socket_server(), scenario_socket, true);
}
#endif

static void survives_one_failure(void **state)
{
  (void)state;
  survives_the_failure_of(NULL, false, false);
  survives_the_failure_of(NULL, false, true);
}

static void survives_the_end_of_memory(void **state)
{
  (void)state;
  survives_the_failure_of(NULL, true, false);
  survives_the_failure_of(NULL, true, true);
}

static void survives_either_with_a_file(void **state)
{
  const char *path = path_in(*state, "answer");
  survives_the_failure_of(path, false, false);
  survives_the_failure_of(path, true, false);
  assert_int_equal(entries_in(*state), 1); /* of the run that passed */
}

int exhaustion_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(survives_one_failure),
      cmocka_unit_test(survives_the_end_of_memory),
      cmocka_unit_test(survives_either_with_a_file),
      cmocka_unit_test(survives_either_with_turns),
      cmocka_unit_test(survives_either_with_large_answers),
      cmocka_unit_test(survives_either_with_a_session),
#ifdef APPWRITE_REALTIME
      cmocka_unit_test(survives_either_with_a_socket),
#endif
  };
  return cmocka_run_group_tests_name("exhaustion", tests, scratch_make, scratch_remove);
}
