#include "aw_kept.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "appwrite-session 1\nendpoint https://a.example/v1\nproject p\n"
#define COOKIE_LINE "cookie a.example\tFALSE\t/\tTRUE\t1900000000\ta\t1\n"

static void reads_what_it_wrote(void **state)
{
  static const char expected[] = HEAD "session s\nfallback {\"a\":1}\ncookie one\ncookie two words\nend\n";
  aw_error error;
  aw_kept kept;
  aw_buf text;
  (void)state;
  aw_buf_init(&text, AW_KEPT_MAX);
  assert_int_equal(aw_kept_begin(&text, &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_ENDPOINT, "https://a.example/v1", &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_PROJECT, "p", &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_SESSION, "s", &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_FALLBACK, "{\"a\":1}", &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_COOKIE, "one", &error), AW_OK);
  assert_int_equal(aw_kept_add(&text, AW_KEPT_COOKIE, "two words", &error), AW_OK);
  assert_int_equal(aw_kept_end(&text, &error), AW_OK);
  assert_string_equal(text.data, expected);
  assert_int_equal(aw_kept_read(&kept, text.data, text.length, &error), AW_OK);
  assert_string_equal(kept.endpoint, "https://a.example/v1");
  assert_string_equal(kept.project, "p");
  assert_string_equal(kept.session, "s");
  assert_string_equal(kept.fallback, "{\"a\":1}");
  assert_int_equal(kept.cookies_count, 2);
  assert_string_equal(kept.cookies[0], "one");
  assert_string_equal(kept.cookies[1], "two words");
  aw_kept_deinit(&kept);
  aw_buf_deinit(&text);
}

static void takes_what_kept_its_lines_otherwise(void **state)
{
  static const char text[] = "appwrite-session 1\r\nendpoint e\r\nproject \r\nend\r\n";
  aw_error error;
  aw_kept kept;
  (void)state;
  assert_int_equal(aw_kept_read(&kept, text, sizeof(text) - 1, &error), AW_OK);
  assert_string_equal(kept.endpoint, "e");
  assert_string_equal(kept.project, "");
  assert_null(kept.session);
  assert_null(kept.fallback);
  assert_int_equal(kept.cookies_count, 0);
  aw_kept_deinit(&kept);
  aw_kept_deinit(&kept);
}

static void refuses_anything_else(void **state)
{
  static const struct {
    const char *text, *problem;
  } cases[] = {
      {"", "is none"},
      {"{\"json\":true}\n", "is none"},
      {"appwrite-session 1", "is none"},
      {"appwrite-session \n", "is none"},
      {"appwrite-session 1x\n", "is none"},
      {"appwrite-session 2\nend\n", "version 2, and this library reads version 1"},
      {"appwrite-session 1\nend\n", "does not say what it belongs to"},
      {HEAD, "cut off"},
      {HEAD "session hunter2", "cut off"},
      {HEAD "session hunter2\nen", "cut off"},
      {HEAD "hunter2\nend\n", "line 4"},
      {HEAD "hunter2 is here\nend\n", "line 4"},
      {HEAD "session a\nsession hunter2\nend\n", "line 5"},
      {HEAD "session a\rhunter2\nend\n", "line 4"},
      {HEAD "end\nsession hunter2\n", "behind its end"},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_error error;
    aw_kept kept;
    assert_int_equal(aw_kept_read(&kept, cases[i].text, strlen(cases[i].text), &error), AW_ARGUMENT);
    assert_has(error.message, cases[i].problem);
    assert_has_not(error.message, "hunter2");
    aw_kept_deinit(&kept);
  }
}

/* Every cut through a good one. */
static void refuses_a_part(void **state)
{
  static const char text[] = HEAD "session s\nfallback f\n" COOKIE_LINE "end\n";
  size_t length;
  (void)state;
  for(length = 0; length < sizeof(text) - 1; length++) {
    aw_error error;
    aw_kept kept;
    assert_int_equal(aw_kept_read(&kept, text, length, &error), AW_ARGUMENT);
    aw_kept_deinit(&kept);
  }
}

static void refuses_a_nul(void **state)
{
  static const char text[] = HEAD "session a\0b\nend\n";
  aw_error error;
  aw_kept kept;
  (void)state;
  assert_int_equal(aw_kept_read(&kept, text, sizeof(text) - 1, &error), AW_ARGUMENT);
  aw_kept_deinit(&kept);
}

static void keeps_within_its_limits(void **state)
{
  char *text = repeated(HEAD, COOKIE_LINE, AW_KEPT_COOKIES_MAX + 1, "end\n");
  char *value = repeated("", "x", AW_KEPT_MAX, "");
  aw_error error;
  aw_kept kept;
  aw_buf buf;
  (void)state;
  assert_int_equal(aw_kept_read(&kept, text, strlen(text), &error), AW_ARGUMENT);
  assert_has(error.message, "cannot be read");
  aw_kept_deinit(&kept);
  assert_int_equal(aw_kept_read(&kept, value, AW_KEPT_MAX + 1, &error), AW_ARGUMENT);
  assert_has(error.message, "65536 bytes");
  aw_kept_deinit(&kept);
  aw_buf_init(&buf, AW_KEPT_MAX);
  assert_int_equal(aw_kept_begin(&buf, &error), AW_OK);
  assert_int_equal(aw_kept_add(&buf, AW_KEPT_SESSION, value, &error), AW_ARGUMENT);
  assert_has(error.message, "too long");
  aw_buf_deinit(&buf);
  free(text);
  free(value);
}

static void wipes_its_copy_and_moves_no_secret(void **state)
{
  static const char text[] = HEAD "session hunter2\nend\n";
  char *padding = repeated("", "x", 5000, "");
  aw_error error;
  aw_kept kept;
  aw_buf buf;
  (void)state;
  secrets_begin("hunter2");
  assert_int_equal(aw_kept_read(&kept, text, sizeof(text) - 1, &error), AW_OK);
  aw_kept_deinit(&kept);
  aw_buf_init(&buf, AW_KEPT_MAX);
  assert_int_equal(aw_kept_begin(&buf, &error), AW_OK);
  assert_int_equal(aw_kept_add(&buf, AW_KEPT_SESSION, "hunter2", &error), AW_OK);
  assert_int_equal(aw_kept_add(&buf, AW_KEPT_FALLBACK, padding, &error), AW_OK);
  memset(buf.data, 0, buf.capacity);
  aw_buf_deinit(&buf);
  assert_int_equal(secrets_end(), 0);
  free(padding);
}

static void reports_missing_memory(void **state)
{
  static const char text[] = HEAD "end\n";
  spec_faults faults;
  aw_error error;
  aw_kept kept;
  aw_buf buf;
  (void)state;
  faults_begin(&faults, 1);
  assert_int_equal(aw_kept_read(&kept, text, sizeof(text) - 1, &error), AW_MEMORY);
  aw_kept_deinit(&kept);
  faults_end(&faults);
  faults_begin(&faults, 1);
  aw_buf_init(&buf, AW_KEPT_MAX);
  assert_int_equal(aw_kept_begin(&buf, &error), AW_MEMORY);
  aw_buf_deinit(&buf);
  faults_end(&faults);
}

int aw_kept_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_it_wrote),
      cmocka_unit_test(takes_what_kept_its_lines_otherwise),
      cmocka_unit_test(refuses_anything_else),
      cmocka_unit_test(refuses_a_part),
      cmocka_unit_test(refuses_a_nul),
      cmocka_unit_test(keeps_within_its_limits),
      cmocka_unit_test(wipes_its_copy_and_moves_no_secret),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_kept", tests, NULL, NULL);
}
