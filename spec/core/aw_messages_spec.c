/* The queue of messages. */
#include "aw_messages.h"

#include "aw_alloc.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static void take_next(aw_messages *messages, const char *text, bool is_binary)
{
  aw_message *message = aw_messages_take(messages);
  assert_non_null(message);
  assert_int_equal(message->length, strlen(text));
  assert_memory_equal(message->bytes, text, message->length);
  assert_int_equal(message->is_binary, is_binary);
  aw_free(message);
}

static void give_in_the_order_of_adding(void **state)
{
  aw_messages messages = {NULL, NULL, 0, 3};
  (void)state;
  assert_null(aw_messages_take(&messages));
  assert_true(aw_messages_add(&messages, "one", 3, false));
  assert_true(aw_messages_add(&messages, NULL, 0, true));
  take_next(&messages, "one", false);
  assert_false(aw_messages_are_full(&messages));
  assert_true(aw_messages_add(&messages, "two", 3, true));
  assert_true(aw_messages_add(&messages, "three", 5, false));
  assert_true(aw_messages_are_full(&messages));
  take_next(&messages, "", true);
  assert_false(aw_messages_are_full(&messages));
  take_next(&messages, "two", true);
  take_next(&messages, "three", false);
  assert_null(aw_messages_take(&messages));
  assert_true(aw_messages_add(&messages, "four", 4, false));
  aw_messages_deinit(&messages);
  assert_null(messages.first);
}

static void keep_what_there_was_without_memory(void **state)
{
  aw_messages messages = {NULL, NULL, 0, 3};
  spec_faults faults;
  (void)state;
  faults_begin(&faults, 2);
  assert_true(aw_messages_add(&messages, "one", 3, false));
  assert_false(aw_messages_add(&messages, "two", 3, false));
  take_next(&messages, "one", false);
  assert_null(aw_messages_take(&messages));
  faults_end(&faults);
}

int aw_messages_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(give_in_the_order_of_adding),
      cmocka_unit_test(keep_what_there_was_without_memory),
  };
  return cmocka_run_group_tests_name("aw_messages", tests, NULL, NULL);
}
