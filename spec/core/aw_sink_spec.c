#define _POSIX_C_SOURCE 200809L

#include "aw_sink.h"

#include "aw.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static aw_file *begin_file(const char *path)
{
  aw_file *file;
  aw_error error;
  assert_int_equal(aw_file_new(path, &file, &error), AW_OK);
  return file;
}

static void keeps_bytes_in_memory_up_to_the_maximum(void **state)
{
  aw_sink sink;
  aw_error error;
  (void)state;
  aw_sink_init(&sink, 6, NULL, false);
  assert_int_equal(aw_sink_write(&sink, true, "ab\0", 3, &error), AW_OK);
  assert_false(aw_sink_full(&sink, true, 100));
  assert_int_equal(aw_sink_write(&sink, false, "def", 3, &error), AW_OK);
  assert_memory_equal(sink.memory.data, "ab\0def", 7);
  assert_int_equal(aw_sink_write(&sink, true, "g", 1, &error), AW_PROTOCOL);
  assert_has(error.message, "6 bytes");
  aw_sink_deinit(&sink);
  aw_sink_deinit(&sink);
}

static void looks_at_an_answer_before_its_body(void **state)
{
  static const struct {
    bool file, stream, partial;
    aw_sink_answer answer;
    const char *problem; /* NULL: none */
  } cases[] = {
      {false, false, false, {200, -1, NULL}, NULL},     {false, false, false, {200, 0, "gzip"}, NULL},
      {false, false, false, {200, 6, NULL}, NULL},      {false, false, false, {200, 7, NULL}, "6 bytes"},
      {false, false, false, {500, 7, NULL}, "6 bytes"}, {false, false, false, {200, INT64_MAX, NULL}, "6 bytes"},
      {true, false, false, {200, 7, NULL}, NULL},       {true, false, false, {206, 7, "Identity"}, NULL},
      {true, false, false, {200, 7, "gzip"}, "gzip"},   {true, false, false, {500, 7, NULL}, "6 bytes"},
      {true, false, false, {500, 6, "gzip"}, NULL},     {true, false, true, {206, 7, NULL}, NULL},
      {true, false, true, {200, 7, NULL}, "all"},       {true, false, true, {416, 6, NULL}, NULL},
      {false, true, false, {200, 7, NULL}, NULL},       {false, true, false, {200, 7, "br"}, "br"},
      {false, true, true, {201, 7, NULL}, "all"},       {false, true, true, {500, 7, NULL}, "6 bytes"},
  };
  size_t i;
  for(i = 0; i < COUNT(cases); i++) {
    aw_file *file = cases[i].file ? begin_file(path_in(*state, "answer")) : NULL;
    aw_sink sink;
    aw_error error;
    aw_status status;
    aw_sink_init(&sink, 6, file, cases[i].stream);
    sink.partial = cases[i].partial;
    status = aw_sink_begin(&sink, &cases[i].answer, &error);
    if(status != (cases[i].problem ? AW_PROTOCOL : AW_OK))
      fail_msg("case %d: %s", (int)i, aw_status_name(status));
    if(cases[i].problem)
      assert_has(error.message, cases[i].problem);
    aw_sink_deinit(&sink);
    aw_file_unref(file);
  }
}

static void writes_a_success_to_the_file_and_an_error_to_memory(void **state)
{
  const char *path = path_in(*state, "answer");
  aw_file *file = begin_file(path);
  aw_sink sink;
  aw_error error;
  aw_sink_init(&sink, 20, file, false);
  assert_int_equal(aw_sink_write(&sink, true, "hello", 5, &error), AW_OK);
  assert_int_equal(sink.memory.length, 0);
  aw_sink_deinit(&sink);
  aw_sink_init(&sink, 20, file, false); /* the next request goes on */
  assert_int_equal(aw_sink_write(&sink, false, "no such file", 12, &error), AW_OK);
  assert_string_equal(sink.memory.data, "no such file");
  assert_int_equal(aw_sink_write(&sink, false, "and some more", 13, &error), AW_PROTOCOL);
  assert_int_equal(aw_sink_write(&sink, true, " world", 6, &error), AW_OK);
  aw_sink_deinit(&sink);
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  aw_file_unref(file);
  assert_file(path, "hello world", 11);
  remove(path);
}

static void leaves_out_the_beginning(void **state)
{
  const char *path = path_in(*state, "skip");
  size_t skip;
  for(skip = 0; skip <= 7; skip++) {
    aw_file *file = begin_file(path);
    aw_sink sink;
    aw_error error;
    const char *expected = "abcdef" + (skip < 6 ? skip : 6);
    aw_sink_init(&sink, 100, file, false);
    sink.skip = skip;
    assert_int_equal(aw_sink_write(&sink, true, "ab", 2, &error), AW_OK);
    assert_int_equal(aw_sink_write(&sink, true, "cdef", 4, &error), AW_OK);
    aw_sink_deinit(&sink);
    assert_int_equal(aw_file_commit(file, &error), AW_OK);
    aw_file_unref(file);
    assert_file(path, expected, strlen(expected));
  }
  remove(path);
}

static void is_full_when_a_stream_holds_enough(void **state)
{
  char *block = calloc(1, AW_STREAM_MAX);
  aw_sink sink;
  aw_error error;
  (void)state;
  assert_non_null(block);
  aw_sink_init(&sink, 6, NULL, true);
  assert_false(aw_sink_full(&sink, true, AW_STREAM_MAX + 1)); /* an empty one takes what libcurl hands on */
  assert_int_equal(aw_sink_write(&sink, true, block, AW_STREAM_MAX, &error), AW_OK);
  assert_true(aw_sink_full(&sink, true, 1));
  assert_false(aw_sink_full(&sink, false, 1)); /* an error's text does not stream */
  aw_buf_clear(&sink.memory);
  assert_false(aw_sink_full(&sink, true, 1));
  assert_int_equal(aw_sink_write(&sink, true, "0123456789", 10, &error), AW_OK); /* the maximum is for the rest */
  aw_sink_deinit(&sink);
  aw_sink_init(&sink, 6, NULL, true);
  assert_int_equal(aw_sink_write(&sink, false, "0123456789", 10, &error), AW_PROTOCOL);
  aw_sink_deinit(&sink);
  free(block);
}

/* libcurl gives no piece as large as that. */
static void takes_no_piece_that_a_stream_has_no_room_for(void **state)
{
  size_t room = AW_STREAM_MAX + CURL_MAX_WRITE_SIZE;
  char *piece = repeated("", "0123456789abcdef", room / 16, "!");
  aw_sink sink;
  aw_error error;
  (void)state;
  aw_sink_init(&sink, 0, NULL, true);
  assert_int_equal(aw_sink_write(&sink, true, piece, room + 1, &error), AW_PROTOCOL);
  assert_int_equal(aw_sink_write(&sink, true, piece, room, &error), AW_OK);
  aw_sink_deinit(&sink);
  free(piece);
}

static void reports_missing_memory(void **state)
{
  int stream;
  (void)state;
  for(stream = 0; stream <= 1; stream++) {
    spec_faults faults;
    aw_sink sink;
    aw_error error;
    faults_begin(&faults, 1);
    aw_sink_init(&sink, 100, NULL, stream == 1);
    assert_int_equal(aw_sink_write(&sink, true, "a", 1, &error), AW_MEMORY);
    aw_sink_deinit(&sink);
    faults_end(&faults);
  }
}

int aw_sink_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_bytes_in_memory_up_to_the_maximum),
      cmocka_unit_test(looks_at_an_answer_before_its_body),
      cmocka_unit_test(writes_a_success_to_the_file_and_an_error_to_memory),
      cmocka_unit_test(leaves_out_the_beginning),
      cmocka_unit_test(is_full_when_a_stream_holds_enough),
      cmocka_unit_test(takes_no_piece_that_a_stream_has_no_room_for),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_sink", tests, scratch_make, scratch_remove);
}
