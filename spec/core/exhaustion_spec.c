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
  };
  return cmocka_run_group_tests_name("exhaustion", tests, scratch_make, scratch_remove);
}
