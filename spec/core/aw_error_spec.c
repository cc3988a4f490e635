#include "aw_error.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static void names_every_status(void **state)
{
  static const char *const names[] = {"ok",  "memory",   "argument",  "network", "timeout",
                                      "tls", "protocol", "cancelled", "file"};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(names); i++)
    assert_string_equal(aw_status_name((aw_status)i), names[i]);
  assert_string_equal(aw_status_name((aw_status)COUNT(names)), "unknown");
}

static void formats_and_returns_the_status(void **state)
{
  aw_error error;
  (void)state;
  assert_int_equal(aw_fail(&error, AW_FILE, "%s: %d", "a", 7), AW_FILE);
  assert_int_equal(error.status, AW_FILE);
  assert_string_equal(error.message, "a: 7");
  assert_int_equal(aw_fail_memory(&error), AW_MEMORY);
  assert_int_equal(error.status, AW_MEMORY);
  assert_string_equal(error.message, "not enough memory");
}

static void keeps_to_one_line(void **state)
{
  aw_error error;
  (void)state;
  aw_fail(&error, AW_PROTOCOL, "%s",
          "a\r\nb\x1b[2Jc\td\x7f"
          "e \xc3\xa4");
  assert_string_equal(error.message, "a  b [2Jc d e \xc3\xa4");
}

static void cuts_what_is_too_long(void **state)
{
  char text[2 * AW_ERROR_SIZE];
  aw_error error;
  (void)state;
  memset(text, 'x', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  aw_fail(&error, AW_NETWORK, "%s", text);
  assert_int_equal(strlen(error.message), AW_ERROR_SIZE - 1);
}

int aw_error_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_every_status),
      cmocka_unit_test(formats_and_returns_the_status),
      cmocka_unit_test(keeps_to_one_line),
      cmocka_unit_test(cuts_what_is_too_long),
  };
  return cmocka_run_group_tests_name("aw_error", tests, NULL, NULL);
}
