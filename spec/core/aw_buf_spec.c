#include "aw_alloc.h"
#include "aw_buf.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static void begins_empty(void **state)
{
  aw_buf buf;
  (void)state;
  aw_buf_init(&buf, 10);
  assert_null(buf.data);
  assert_int_equal(aw_buf_add(&buf, NULL, 0), AW_BUF_OK);
  assert_int_equal(buf.length, 0);
  aw_buf_clear(&buf);
  aw_buf_deinit(&buf);
  assert_int_equal(buf.max, 10);
}

static void adds_bytes_with_a_nul_behind(void **state)
{
  aw_buf buf;
  (void)state;
  aw_buf_init(&buf, 100);
  assert_int_equal(aw_buf_add(&buf, "a\0b", 3), AW_BUF_OK);
  assert_int_equal(aw_buf_add_text(&buf, "cd"), AW_BUF_OK);
  assert_int_equal(buf.length, 5);
  assert_memory_equal(buf.data, "a\0bcd", 6);
  aw_buf_deinit(&buf);
}

static void takes_all_or_nothing(void **state)
{
  static const struct {
    size_t max, before, added;
    aw_buf_result result;
  } cases[] = {
      {0, 0, 0, AW_BUF_OK},        {0, 0, 1, AW_BUF_FULL},
      {5, 0, 5, AW_BUF_OK},        {5, 0, 6, AW_BUF_FULL},
      {5, 5, 0, AW_BUF_OK},        {5, 5, 1, AW_BUF_FULL},
      {256, 256, 1, AW_BUF_FULL},  {257, 256, 1, AW_BUF_OK},
      {1000, 999, 2, AW_BUF_FULL}, {1000, 1, SIZE_MAX, AW_BUF_FULL},
  };
  static const char bytes[1000];
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_buf buf;
    aw_buf_init(&buf, cases[i].max);
    assert_int_equal(aw_buf_add(&buf, bytes, cases[i].before), AW_BUF_OK);
    assert_int_equal(aw_buf_add(&buf, bytes, cases[i].added), cases[i].result);
    assert_int_equal(buf.length, cases[i].before + (cases[i].result == AW_BUF_OK ? cases[i].added : 0));
    aw_buf_deinit(&buf);
  }
}

static void keeps_what_it_has_without_memory(void **state)
{
  static const char bytes[1000];
  spec_faults faults;
  aw_buf buf;
  (void)state;
  faults_begin(&faults, 2);
  aw_buf_init(&buf, 5000);
  assert_int_equal(aw_buf_add_text(&buf, "abc"), AW_BUF_OK);
  assert_int_equal(aw_buf_add(&buf, bytes, sizeof(bytes)), AW_BUF_NO_MEMORY);
  assert_int_equal(buf.length, 3);
  assert_string_equal(buf.data, "abc");
  assert_int_equal(aw_buf_add(&buf, bytes, sizeof(bytes)), AW_BUF_OK);
  aw_buf_deinit(&buf);
  faults_end(&faults);
}

/* Else a large body that comes in small pieces is copied once a piece. */
static void grows_by_doubling(void **state)
{
  spec_faults faults;
  aw_buf buf;
  size_t i;
  (void)state;
  faults_begin(&faults, 0);
  aw_buf_init(&buf, 1000000);
  for(i = 0; i < 1000000; i++)
    assert_int_equal(aw_buf_add(&buf, "x", 1), AW_BUF_OK);
  assert_int_equal(aw_buf_add(&buf, "x", 1), AW_BUF_FULL);
  assert_in_range(faults.calls, 1, 20);
  assert_in_range(buf.capacity, 1000000, 1000000);
  aw_buf_deinit(&buf);
  faults_end(&faults);
}

static void clears_and_keeps_its_memory(void **state)
{
  spec_faults faults;
  aw_buf buf;
  (void)state;
  faults_begin(&faults, 0);
  aw_buf_init(&buf, 100);
  aw_buf_add_text(&buf, "abc");
  aw_buf_clear(&buf);
  assert_int_equal(buf.length, 0);
  assert_string_equal(buf.data, "");
  aw_buf_add_text(&buf, "d");
  assert_string_equal(buf.data, "d");
  assert_int_equal(faults.calls, 1);
  aw_buf_deinit(&buf);
  aw_buf_deinit(&buf);
  faults_end(&faults);
}

static void makes_room_for_all_at_once(void **state)
{
  spec_faults faults;
  aw_buf buf;
  size_t i;
  (void)state;
  faults_begin(&faults, 2);
  aw_buf_init(&buf, 10000);
  assert_int_equal(aw_buf_reserve(&buf), AW_BUF_OK);
  assert_int_equal(buf.length, 0);
  for(i = 0; i < 10000; i++)
    assert_int_equal(aw_buf_add(&buf, "x", 1), AW_BUF_OK);
  assert_int_equal(aw_buf_add(&buf, "x", 1), AW_BUF_FULL);
  assert_int_equal(faults.calls, 1);
  aw_buf_deinit(&buf);
  assert_int_equal(aw_buf_reserve(&buf), AW_BUF_NO_MEMORY);
  aw_buf_deinit(&buf);
  faults_end(&faults);
}

int aw_buf_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(begins_empty),
      cmocka_unit_test(adds_bytes_with_a_nul_behind),
      cmocka_unit_test(takes_all_or_nothing),
      cmocka_unit_test(keeps_what_it_has_without_memory),
      cmocka_unit_test(grows_by_doubling),
      cmocka_unit_test(clears_and_keeps_its_memory),
      cmocka_unit_test(makes_room_for_all_at_once),
  };
  return cmocka_run_group_tests_name("aw_buf", tests, NULL, NULL);
}
