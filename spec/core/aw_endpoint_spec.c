#include "aw_alloc.h"
#include "aw_endpoint.h"
#include "suites.h"
#include "support.h"

static void takes(void **state)
{
  static const char *const cases[][2] = {
      {"https://cloud.appwrite.io/v1", "https://cloud.appwrite.io/v1"},
      {"https://cloud.appwrite.io/v1/", "https://cloud.appwrite.io/v1"},
      {"https://h///", "https://h"},
      {"http://h", "http://h"},
      {"HTTP://h/V1", "http://h/V1"},
      {"http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"},
      {"http://[::1]:8080/v1", "http://[::1]:8080/v1"},
      {"http://h/a@b/v1", "http://h/a@b/v1"},
      {"http://h/a%20b", "http://h/a%20b"},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    char *url = NULL;
    aw_error error;
    if(aw_endpoint_parse(cases[i][0], &url, &error) != AW_OK)
      fail_msg("%s: %s", cases[i][0], error.message);
    assert_string_equal(url, cases[i][1]);
    aw_free(url);
  }
}

static void refuses(void **state)
{
  static const char *const cases[][2] = {
      {"", "http://"},
      {"cloud.appwrite.io/v1", "http://"},
      {"ftp://h/v1", "http://"},
      {"file:///etc/passwd", "http://"},
      {"https:/h/v1", "http://"},
      {"http://", "not a URL"},
      {"http:///v1", "no host"},
      {"http://h:99999/v1", "not a URL"},
      {"http://h:port/v1", "not a URL"},
      {"http://[::1/v1", "not a URL"},
      {"http://h/v1?project=p", "query"},
      {"http://h/v1?", "query"},
      {"http://h/v1#a", "fragment"},
      {"http://h/v1#", "fragment"},
      {"http://h /v1", "control"},
      {"http://h/v1\r\nX: y", "control"},
      {"http://h/v1\x7f", "control"},
      {"http://user@h/v1", "user name"},
      {"http://user:hunter2@h/v1", "user name"},
      {"http://:hunter2@h/v1", "user name"},
      {"http://user:hunter2@h:99999/v1", "not a URL"},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    char *url = NULL;
    aw_error error;
    if(aw_endpoint_parse(cases[i][0], &url, &error) != AW_ARGUMENT)
      fail_msg("\"%s\" is taken", cases[i][0]);
    assert_int_equal(error.status, AW_ARGUMENT);
    assert_has(error.message, "endpoint");
    assert_has(error.message, cases[i][1]);
    assert_has_not(error.message, "hunter2");
    assert_null(url);
  }
}

static void reports_missing_memory(void **state)
{
  spec_faults faults;
  char *url;
  aw_error error;
  (void)state;
  faults_begin(&faults, 1);
  assert_int_equal(aw_endpoint_parse("http://h", &url, &error), AW_MEMORY);
  faults_end(&faults);
}

int aw_endpoint_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes),
      cmocka_unit_test(refuses),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_endpoint", tests, NULL, NULL);
}
