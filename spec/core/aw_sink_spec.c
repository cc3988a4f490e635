#define _POSIX_C_SOURCE 200809L

#include "aw_sink.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void open_sink(aw_sink *sink, size_t max, const char *path)
{
  aw_error error;
  assert_int_equal(aw_sink_init(sink, max, path, &error), AW_OK);
}

static void keeps_bytes_in_memory_up_to_the_maximum(void **state)
{
  aw_sink sink;
  aw_error error;
  (void)state;
  open_sink(&sink, 6, NULL);
  assert_int_equal(aw_sink_write(&sink, true, "ab\0", 3, &error), AW_OK);
  assert_int_equal(aw_sink_write(&sink, false, "def", 3, &error), AW_OK);
  assert_memory_equal(sink.memory.data, "ab\0def", 7);
  assert_int_equal(aw_sink_write(&sink, true, "g", 1, &error), AW_PROTOCOL);
  assert_has(error.message, "6 bytes");
  assert_int_equal(aw_sink_finish(&sink, true, &error), AW_OK);
  aw_sink_deinit(&sink);
  aw_sink_deinit(&sink);
}

static void refuses_what_is_announced_as_too_large(void **state)
{
  static const struct {
    bool file, success;
    int64_t length;
    aw_status status;
  } cases[] = {
      {false, true, -1, AW_OK},      {false, true, 0, AW_OK},        {false, true, 6, AW_OK},
      {false, true, 7, AW_PROTOCOL}, {true, true, 7, AW_OK},         {true, false, 7, AW_PROTOCOL},
      {true, false, 6, AW_OK},       {false, false, 7, AW_PROTOCOL}, {false, true, INT64_MAX, AW_PROTOCOL},
  };
  size_t i;
  for(i = 0; i < COUNT(cases); i++) {
    aw_sink sink;
    aw_error error;
    open_sink(&sink, 6, cases[i].file ? path_in(*state, "announced") : NULL);
    assert_int_equal(aw_sink_expect(&sink, cases[i].success, cases[i].length, &error), cases[i].status);
    aw_sink_deinit(&sink);
  }
}

static void writes_a_file_beside_and_renames_it(void **state)
{
  const char *path = path_in(*state, "answer");
  aw_sink sink;
  aw_error error;
  write_file(path, "old", 3);
  open_sink(&sink, 2, path); /* the maximum is of memory alone */
  assert_int_equal(aw_sink_write(&sink, true, "hello ", 6, &error), AW_OK);
  assert_int_equal(aw_sink_write(&sink, true, "w\0rld", 5, &error), AW_OK);
  assert_file(path, "old", 3);
  assert_int_equal(entries_in(*state), 2);
  assert_int_equal(aw_sink_finish(&sink, true, &error), AW_OK);
  assert_file(path, "hello w\0rld", 11);
  assert_int_equal(entries_in(*state), 1);
  assert_int_equal(sink.memory.length, 0);
  aw_sink_deinit(&sink);
  assert_file(path, "hello w\0rld", 11);
  remove(path);
}

static void makes_an_empty_file_of_an_empty_answer(void **state)
{
  const char *path = path_in(*state, "empty");
  aw_sink sink;
  aw_error error;
  open_sink(&sink, 2, path);
  assert_int_equal(entries_in(*state), 0);
  assert_int_equal(aw_sink_finish(&sink, true, &error), AW_OK);
  assert_file(path, "", 0);
  assert_int_equal(entries_in(*state), 1);
  aw_sink_deinit(&sink);
  remove(path);
}

static void leaves_no_half_file(void **state)
{
  const char *path = path_in(*state, "half");
  aw_sink sink;
  aw_error error;
  write_file(path, "old", 3);
  open_sink(&sink, 2, path);
  assert_int_equal(aw_sink_write(&sink, true, "new", 3, &error), AW_OK);
  assert_int_equal(entries_in(*state), 2);
  aw_sink_deinit(&sink);
  assert_int_equal(entries_in(*state), 1);
  assert_file(path, "old", 3);
  remove(path);
}

static void puts_an_errors_text_into_memory(void **state)
{
  const char *path = path_in(*state, "error");
  aw_sink sink;
  aw_error error;
  open_sink(&sink, 100, path);
  assert_int_equal(aw_sink_write(&sink, false, "no such file", 12, &error), AW_OK);
  assert_int_equal(aw_sink_finish(&sink, false, &error), AW_OK);
  assert_string_equal(sink.memory.data, "no such file");
  assert_int_equal(entries_in(*state), 0);
  aw_sink_deinit(&sink);
}

static void assert_unwritable(const char *path)
{
  aw_sink sink;
  aw_error error;
  aw_status status;
  open_sink(&sink, 100, path);
  status = aw_sink_write(&sink, true, "a", 1, &error);
  if(status == AW_OK)
    status = aw_sink_finish(&sink, true, &error);
  assert_int_equal(status, AW_FILE);
  assert_has(error.message, path);
  aw_sink_deinit(&sink);
}

static void reports_what_cannot_be_written(void **state)
{
  const char *directory = path_in(*state, "directory");
  assert_unwritable(path_in(*state, "missing/answer"));
  assert_int_equal(mkdir(directory, 0700), 0);
  assert_unwritable(directory);
  assert_int_equal(entries_in(directory), 0);
  assert_int_equal(rmdir(directory), 0);
  assert_int_equal(entries_in(*state), 0);
}

/* Nobody gets to see half of an answer that is meant for one name only: two sinks of one path do not meet. */
static void does_not_share_the_file_beside(void **state)
{
  const char *path = path_in(*state, "twice");
  aw_sink first, second;
  aw_error error;
  open_sink(&first, 100, path);
  open_sink(&second, 100, path);
  assert_int_equal(aw_sink_write(&first, true, "first", 5, &error), AW_OK);
  assert_int_equal(aw_sink_write(&second, true, "second", 6, &error), AW_OK);
  assert_string_not_equal(first.temporary, second.temporary);
  assert_int_equal(aw_sink_finish(&second, true, &error), AW_OK);
  assert_file(path, "second", 6);
  assert_int_equal(aw_sink_finish(&first, true, &error), AW_OK);
  assert_file(path, "first", 5);
  aw_sink_deinit(&first);
  aw_sink_deinit(&second);
  remove(path);
  assert_int_equal(entries_in(*state), 0);
}

static void reports_missing_memory(void **state)
{
  const char *path = path_in(*state, "memory");
  size_t n;
  for(n = 1; n <= 2; n++) {
    spec_faults faults;
    aw_sink sink;
    aw_error error;
    aw_status status;
    faults_begin(&faults, n);
    status = aw_sink_init(&sink, 100, path, &error);
    if(status == AW_OK)
      status = aw_sink_write(&sink, true, "a", 1, &error);
    assert_int_equal(status, AW_MEMORY);
    aw_sink_deinit(&sink);
    faults_end(&faults);
    assert_int_equal(entries_in(*state), 0);
  }
}

int aw_sink_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_bytes_in_memory_up_to_the_maximum),
      cmocka_unit_test(refuses_what_is_announced_as_too_large),
      cmocka_unit_test(writes_a_file_beside_and_renames_it),
      cmocka_unit_test(makes_an_empty_file_of_an_empty_answer),
      cmocka_unit_test(leaves_no_half_file),
      cmocka_unit_test(puts_an_errors_text_into_memory),
      cmocka_unit_test(reports_what_cannot_be_written),
      cmocka_unit_test(does_not_share_the_file_beside),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_sink", tests, scratch_make, scratch_remove);
}
