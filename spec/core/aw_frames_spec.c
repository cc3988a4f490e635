/* What aw_frames does beside taking what a server sends (aw_frames_cases_spec.c). */
#include "aw_alloc.h"
#include "frames_world.h"
#include "suites.h"
#include "support.h"

#include <string.h>

#ifdef APPWRITE_REALTIME

/* Section 5.5.1. What the server is told is up to wslay, which sees it or not by how it comes. */
static void refuse_a_reason_that_is_no_utf8(void **state)
{
  static const size_t steps[] = {1, STREAM_MAX};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(steps); i++) {
    aw_frames *frames = open_frames(steps[i], WAITING_MAX);
    aw_error error;
    add("880403e8 61ff");
    assert_int_equal(move_on(frames, &error), AW_PROTOCOL);
    assert_int_equal(aw_frames_code(frames), 0);
    assert_string_equal(aw_frames_reason(frames), "");
    close_frames(frames);
  }
}

/* Section 5.5.3 */
static void answer_a_ping_with_what_it_carries(void **state)
{
  unsigned char payload[200];
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  size_t position = 0, length;
  aw_error error;
  (void)state;
  add("890568656c6c6f 8900");
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_int_equal(sent_frame(&position, payload, &length), 10);
  assert_bytes((const char *)payload, length, "hello", 5, false);
  assert_int_equal(sent_frame(&position, payload, &length), 10);
  assert_int_equal(length, 0);
  assert_int_equal(sent_frame(&position, payload, &length), 0);
  close_frames(frames);
}

static void read_no_more_than_may_wait(void **state)
{
  aw_frames *frames = open_frames(3, 2);
  aw_error error;
  (void)state;
  add("810161 810162 810163 810164");
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_false(aw_frames_wants_read(frames));
  assert_true(world.position < world.length);
  assert_messages(frames, MESSAGES("t:a|t:b"));
  assert_true(aw_frames_wants_read(frames));
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_messages(frames, MESSAGES("t:c|t:d"));
  close_frames(frames);
}

/* A server that pings and reads nothing must not fill the memory; once it reads, it gets every answer. */
static void keep_few_answers(void **state)
{
  unsigned char payload[200];
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  size_t position = 0, length;
  aw_error error;
  int i, pongs = 0;
  (void)state;
  world.blocked = true;
  for(i = 0; i < 1000; i++)
    add("8900");
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_false(aw_frames_wants_read(frames));
  assert_true(aw_frames_wants_write(frames));
  world.blocked = false;
  for(i = 0; i < 20; i++)
    assert_int_equal(move_on(frames, &error), AW_OK);
  while(sent_frame(&position, payload, &length) == 10)
    pongs++;
  assert_int_equal(pongs, 1000);
  close_frames(frames);
}

static void send_what_may_be_sent(void **state)
{
  static char large[1024 * 1024 + 1];
  unsigned char payload[200];
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  size_t position = 0, length;
  aw_error error;
  (void)state;
  assert_int_equal(aw_frames_send(frames, "hi", 2, &error), AW_OK);
  assert_true(aw_frames_wants_write(frames));
  assert_int_equal(aw_frames_ping(frames, &error), AW_OK);
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_int_equal(sent_frame(&position, payload, &length), 9); /* control frames go first */
  assert_int_equal(sent_frame(&position, payload, &length), 1);
  assert_bytes((const char *)payload, length, "hi", 2, false);
  memset(large, 'a', sizeof(large));
  assert_int_equal(aw_frames_send(frames, large, sizeof(large), &error), AW_ARGUMENT);
  assert_has(error.message, "wait to be sent");
  close_frames(frames);
}

/* What is begun is brought to its end, however little the stream takes at a time. */
static void send_a_long_text_in_parts(void **state)
{
  static char text[100000];
  static unsigned char payload[sizeof(text)];
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  size_t position = 0, length, i;
  aw_error error;
  (void)state;
  for(i = 0; i < sizeof(text); i++)
    text[i] = (char)('a' + i % 23);
  world.room = 1000;
  assert_int_equal(aw_frames_send(frames, text, sizeof(text), &error), AW_OK);
  assert_int_equal(aw_frames_send(frames, "next", 4, &error), AW_OK);
  assert_int_equal(aw_frames_move(frames, &error), AW_OK);
  assert_true(aw_frames_wants_write(frames));
  add("890161");
  assert_int_equal(aw_frames_ping(frames, &error), AW_OK);
  for(i = 0; i < 1000 && (aw_frames_wants_write(frames) || world.position < world.length); i++)
    assert_int_equal(move_on(frames, &error), AW_OK);
  assert_int_equal(sent_frame(&position, payload, &length), 1);
  assert_int_equal(length, sizeof(text));
  assert_memory_equal(payload, text, sizeof(text));
  assert_int_equal(sent_frame(&position, payload, &length), 9);
  assert_int_equal(sent_frame(&position, payload, &length), 10);
  assert_bytes((const char *)payload, length, "a", 1, false);
  assert_int_equal(sent_frame(&position, payload, &length), 1);
  assert_bytes((const char *)payload, length, "next", 4, false);
  close_frames(frames);
}

static void close_by_a_handshake(void **state)
{
  static char reason[124];
  static const int refused[] = {0, 999, 5000};
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  aw_error error;
  size_t i;
  (void)state;
  memset(reason, 'a', sizeof(reason));
  for(i = 0; i < COUNT(refused); i++)
    assert_int_equal(aw_frames_close(frames, refused[i], "", 0, &error), AW_ARGUMENT);
  assert_int_equal(aw_frames_close(frames, 1000, reason, sizeof(reason), &error), AW_ARGUMENT);
  assert_int_equal(aw_frames_close(frames, 1000, "bye", 3, &error), AW_OK);
  assert_int_equal(aw_frames_send(frames, "late", 4, &error), AW_ARGUMENT);
  assert_has(error.message, "closing");
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_int_equal(told_code(), 1000);
  assert_false(aw_frames_is_closed(frames));
  add("810161 880203e8"); /* what was under way still arrives */
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_messages(frames, MESSAGES("t:a"));
  assert_true(aw_frames_is_closed(frames));
  assert_int_equal(aw_frames_code(frames), 1000);
  close_frames(frames);
}

static void report_a_stream_that_breaks(void **state)
{
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  aw_error error;
  (void)state;
  world.broken = true;
  assert_int_equal(move_on(frames, &error), AW_NETWORK);
  close_frames(frames);
  frames = open_frames(STREAM_MAX, WAITING_MAX);
  assert_int_equal(aw_frames_send(frames, "hi", 2, &error), AW_OK);
  world.broken = true;
  assert_int_equal(move_on(frames, &error), AW_NETWORK);
  close_frames(frames);
}

static void report_missing_memory(void **state)
{
  aw_frames_io io;
  aw_frames *frames;
  aw_error error;
  spec_faults faults;
  (void)state;
  memset(&io, 0, sizeof(io));
  faults_begin(&faults, 1);
  assert_int_equal(aw_frames_new(&io, MESSAGE_MAX, WAITING_MAX, &frames, &error), AW_MEMORY);
  faults_end(&faults);
  frames = open_frames(STREAM_MAX, WAITING_MAX);
  add("810161");
  faults_begin(&faults, 1);
  assert_int_equal(move_on(frames, &error), AW_MEMORY);
  faults_end(&faults);
  close_frames(frames);
  aw_frames_free(NULL);
}

static aw_status talk(aw_frames *frames, aw_error *error)
{
  aw_status status = aw_frames_send(frames, "hi", 2, error);
  add("890170 010161 800162");
  if(status == AW_OK)
    status = move_on(frames, error);
  if(status == AW_OK)
    assert_messages(frames, MESSAGES("t:ab"));
  if(status == AW_OK)
    status = aw_frames_close(frames, 1000, "bye", 3, error);
  add("880203e8");
  return status == AW_OK ? move_on(frames, error) : status;
}

static void leave_nothing_behind_without_memory(void **state)
{
  size_t fail_at, failed = 0;
  aw_status status = AW_MEMORY;
  (void)state;
  for(fail_at = 2; status != AW_OK; fail_at++) { /* the first is the opening's */
    spec_faults faults;
    aw_frames *frames;
    aw_error error;
    faults_begin(&faults, fail_at);
    frames = open_frames(STREAM_MAX, WAITING_MAX);
    status = talk(frames, &error);
    assert_true(status == AW_OK || status == AW_MEMORY);
    failed += status == AW_MEMORY;
    close_frames(frames);
    faults_end(&faults);
  }
  assert_true(failed > 0);
}

/* Nobody took them. */
static void free_messages_that_wait(void **state)
{
  aw_frames *frames = open_frames(STREAM_MAX, WAITING_MAX);
  aw_error error;
  (void)state;
  add("810161 810162");
  assert_int_equal(move_on(frames, &error), AW_OK);
  assert_true(aw_frames_has_message(frames));
  close_frames(frames);
}

int aw_frames_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuse_a_reason_that_is_no_utf8),
      cmocka_unit_test(answer_a_ping_with_what_it_carries),
      cmocka_unit_test(read_no_more_than_may_wait),
      cmocka_unit_test(keep_few_answers),
      cmocka_unit_test(send_what_may_be_sent),
      cmocka_unit_test(send_a_long_text_in_parts),
      cmocka_unit_test(close_by_a_handshake),
      cmocka_unit_test(report_a_stream_that_breaks),
      cmocka_unit_test(report_missing_memory),
      cmocka_unit_test(leave_nothing_behind_without_memory),
      cmocka_unit_test(free_messages_that_wait),
  };
  return cmocka_run_group_tests_name("aw_frames", tests, NULL, NULL);
}

#else

int aw_frames_suite(void)
{
  return 0;
}

#endif
