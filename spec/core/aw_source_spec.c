#define _POSIX_C_SOURCE 200809L

#include "aw_source.h"
#include "suites.h"
#include "support.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Read to the end in pieces of `piece` bytes; returns how many came, or -1 where a read failed. */
static int read_all(aw_source *source, char *to, size_t size, size_t piece)
{
  size_t length = 0;
  for(;;) {
    size_t got = aw_source_read(to + length, 1, piece, source);
    if(got == CURL_READFUNC_ABORT)
      return -1;
    if(got == 0)
      return (int)length;
    assert_in_range(got, 1, piece);
    length += got;
    assert_in_range(length + piece, 0, size);
  }
}

static void reads_bytes(void **state)
{
  static const size_t pieces[] = {1, 2, 3, 5, 100};
  char got[256];
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(pieces); i++) {
    aw_source source;
    aw_error error;
    assert_int_equal(aw_source_init_bytes(&source, "ab\0de", 5, &error), AW_OK);
    assert_int_equal(read_all(&source, got, sizeof(got), pieces[i]), 5);
    assert_memory_equal(got, "ab\0de", 5);
    aw_source_deinit(&source);
  }
}

static void reads_bytes_that_were_lent(void **state)
{
  char lent[] = "0123456789", got[64];
  spec_faults faults;
  aw_source source;
  (void)state;
  faults_begin(&faults, 0);
  aw_source_init_borrowed(&source, lent, 10);
  assert_int_equal(read_all(&source, got, sizeof(got), 3), 10);
  assert_memory_equal(got, lent, 10);
  assert_int_equal(aw_source_seek(&source, 7, SEEK_SET), CURL_SEEKFUNC_OK);
  assert_int_equal(read_all(&source, got, sizeof(got), 3), 3);
  aw_source_deinit(&source);
  assert_string_equal(lent, "0123456789"); /* neither wiped nor freed */
  assert_int_equal(faults.calls, 0);
  faults_end(&faults);
}

static void reads_slices_of_files(void **state)
{
  static const struct {
    int64_t offset, length, file_size;
    const char *expected;
  } cases[] = {
      {0, 10, 10, "0123456789"}, {0, 10, -1, "0123456789"}, {3, 4, 10, "3456"}, {9, 1, 10, "9"}, {0, 0, 10, ""},
  };
  static const size_t pieces[] = {1, 3, 100};
  const char *path = path_in(*state, "slice");
  char got[256];
  size_t i, j;
  write_file(path, "0123456789", 10);
  for(i = 0; i < COUNT(cases); i++) {
    for(j = 0; j < COUNT(pieces); j++) {
      aw_source source;
      aw_error error;
      int length = (int)strlen(cases[i].expected);
      assert_int_equal(aw_source_init_file(&source, path, cases[i].offset, cases[i].length, cases[i].file_size, &error),
                       AW_OK);
      assert_null(source.file); /* what waits holds no descriptor */
      assert_int_equal(read_all(&source, got, sizeof(got), pieces[j]), length);
      assert_memory_equal(got, cases[i].expected, (size_t)length);
      assert_null(source.file);
      aw_source_deinit(&source);
    }
  }
}

static void assert_unreadable(const char *path, int64_t offset, int64_t length, int64_t file_size, const char *part)
{
  aw_source source;
  aw_error error;
  char got[256];
  assert_int_equal(aw_source_init_file(&source, path, offset, length, file_size, &error), AW_OK);
  assert_int_equal(read_all(&source, got, sizeof(got), 100), -1);
  assert_int_equal(source.error.status, AW_FILE);
  assert_has(source.error.message, path);
  assert_has(source.error.message, part);
  aw_source_deinit(&source);
}

static void refuses_files_that_are_not_as_they_should_be(void **state)
{
  const char *path = path_in(*state, "other");
  write_file(path, "0123456789", 10);
  assert_unreadable(path_in(*state, "missing"), 0, 10, 10, "cannot open");
  assert_unreadable(*state, 0, 10, -1, "directory");
  assert_unreadable(path, 0, 10, 9, "had 9 bytes and now has 10");
  assert_unreadable(path, 0, 10, 11, "had 11 bytes and now has 10");
  assert_unreadable(path, 5, 6, -1, "shorter");
  assert_unreadable(path, 11, 1, 10, "shorter");
#ifdef __linux__
  assert_unreadable("/proc/self/mem", 0, 10, -1, "cannot read"); /* nothing is mapped there */
#endif
}

/* It has a name, but no place in it can be gone to. */
static void refuses_a_pipe(void **state)
{
  char path[32];
  int ends[2];
  (void)state;
  assert_int_equal(pipe(ends), 0);
  snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
  assert_unreadable(path, 5, 10, -1, "cannot read");
  close(ends[0]);
  close(ends[1]);
}

static void notices_a_file_that_changes_on_the_way(void **state)
{
  const char *path = path_in(*state, "changing");
  aw_source source;
  aw_error error;
  char got[16];
  write_file(path, "0123456789", 10);
  assert_int_equal(aw_source_init_file(&source, path, 0, 10, 10, &error), AW_OK);
  assert_int_equal(aw_source_read(got, 1, 4, &source), 4);
  write_file(path, "0123456789+", 11);
  assert_int_equal(aw_source_read(got, 1, 16, &source), CURL_READFUNC_ABORT);
  assert_has(source.error.message, "changed");
  aw_source_deinit(&source);
  write_file(path, "0123456789", 10);
  assert_int_equal(aw_source_init_file(&source, path, 0, 10, 10, &error), AW_OK);
  assert_int_equal(aw_source_read(got, 1, 4, &source), 4);
  write_file(path, "01234", 5);
  assert_int_equal(aw_source_read(got, 1, 16, &source), CURL_READFUNC_ABORT);
  assert_has(source.error.message, "shorter");
  aw_source_deinit(&source);
}

static void seeks(void **state)
{
  static const struct {
    curl_off_t offset;
    int origin, result;
    const char *then;
  } cases[] = {
      {0, SEEK_SET, CURL_SEEKFUNC_OK, "0123456789"}, {10, SEEK_SET, CURL_SEEKFUNC_OK, ""},
      {7, SEEK_SET, CURL_SEEKFUNC_OK, "789"},        {11, SEEK_SET, CURL_SEEKFUNC_FAIL, "456789"},
      {-1, SEEK_SET, CURL_SEEKFUNC_FAIL, "456789"},  {0, SEEK_CUR, CURL_SEEKFUNC_FAIL, "456789"},
      {0, SEEK_END, CURL_SEEKFUNC_FAIL, "456789"},
  };
  const char *path = path_in(*state, "seek");
  size_t i;
  int file;
  write_file(path, "xx0123456789xx", 14);
  for(i = 0; i < COUNT(cases); i++) {
    for(file = 0; file <= 1; file++) {
      aw_source source;
      aw_error error;
      char got[64];
      if(file)
        assert_int_equal(aw_source_init_file(&source, path, 2, 10, 14, &error), AW_OK);
      else
        assert_int_equal(aw_source_init_bytes(&source, "0123456789", 10, &error), AW_OK);
      assert_int_equal(aw_source_read(got, 2, 2, &source), 4);
      assert_int_equal(aw_source_seek(&source, cases[i].offset, cases[i].origin), cases[i].result);
      assert_int_equal(read_all(&source, got, sizeof(got), 3), strlen(cases[i].then));
      assert_memory_equal(got, cases[i].then, strlen(cases[i].then));
      aw_source_deinit(&source);
    }
  }
}

/* What may not be sent again may still be rewound while nothing of it was read. */
static void is_read_once_where_it_must(void **state)
{
  aw_source source;
  aw_error error;
  char got[16];
  (void)state;
  assert_int_equal(aw_source_init_bytes(&source, "0123456789", 10, &error), AW_OK);
  source.once = true;
  assert_int_equal(aw_source_seek(&source, 0, SEEK_SET), CURL_SEEKFUNC_OK);
  assert_int_equal(aw_source_read(got, 1, 4, &source), 4);
  assert_int_equal(aw_source_seek(&source, 4, SEEK_SET), CURL_SEEKFUNC_OK);
  assert_int_equal(source.error.status, AW_OK);
  assert_int_equal(aw_source_seek(&source, 0, SEEK_SET), CURL_SEEKFUNC_FAIL);
  assert_int_equal(source.error.status, AW_NETWORK);
  assert_has(source.error.message, "not sent again");
  aw_source_deinit(&source);
}

/* A negative length would read beyond libcurl's buffer. */
static void refuses_slices_that_cannot_be(void **state)
{
  static const int64_t slices[][3] = {
      {-1, 1, -1}, {0, -1, -1}, {0, INT64_MIN, -1}, {INT64_MAX, 1, -1}, {1, INT64_MAX, -1}, {0, 1, -2},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(slices); i++) {
    aw_source source;
    aw_error error;
    if(aw_source_init_file(&source, "a", slices[i][0], slices[i][1], slices[i][2], &error) != AW_ARGUMENT)
      fail_msg("slice %" PRId64 "+%" PRId64 " of %" PRId64 " is taken", slices[i][0], slices[i][1], slices[i][2]);
    aw_source_deinit(&source); /* nothing to free, and no harm */
  }
}

static void reports_missing_memory(void **state)
{
  spec_faults faults;
  aw_source source;
  aw_error error;
  (void)state;
  faults_begin(&faults, 1);
  faults.for_good = true;
  assert_int_equal(aw_source_init_bytes(&source, "a", 1, &error), AW_MEMORY);
  aw_source_deinit(&source);
  assert_int_equal(aw_source_init_file(&source, "a", 0, 1, -1, &error), AW_MEMORY);
  aw_source_deinit(&source);
  faults_end(&faults);
}

int aw_source_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_bytes),
      cmocka_unit_test(reads_bytes_that_were_lent),
      cmocka_unit_test(reads_slices_of_files),
      cmocka_unit_test(refuses_files_that_are_not_as_they_should_be),
      cmocka_unit_test(refuses_a_pipe),
      cmocka_unit_test(notices_a_file_that_changes_on_the_way),
      cmocka_unit_test(seeks),
      cmocka_unit_test(is_read_once_where_it_must),
      cmocka_unit_test(refuses_slices_that_cannot_be),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_source", tests, scratch_make, scratch_remove);
}
