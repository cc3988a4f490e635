/* Answers to a WebSocket handshake, and the key. */
#include "aw_handshake.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_101 "HTTP/1.1 101 Switching Protocols\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

/* The example of RFC 6455, section 1.3. */
static void open_handshake(aw_handshake *handshake)
{
  aw_error error;
  assert_int_equal(aw_handshake_init(handshake, &error), AW_OK);
  snprintf(handshake->key, sizeof(handshake->key), "dGhlIHNhbXBsZSBub25jZQ==");
}

static void know_the_answer_to_a_key(void **state)
{
  char answer[AW_ACCEPT_SIZE], key[AW_KEY_SIZE], other[AW_KEY_SIZE];
  aw_error error;
  (void)state;
  aw_accept_answer("dGhlIHNhbXBsZSBub25jZQ==", answer);
  assert_string_equal(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  assert_int_equal(aw_accept_key(key, &error), AW_OK);
  assert_int_equal(aw_accept_key(other, &error), AW_OK);
  assert_int_equal(strlen(key), AW_KEY_SIZE - 1);
  assert_string_not_equal(key, other);
  assert_string_equal(key + AW_KEY_SIZE - 3, "==");
}

static const struct answer {
  const char *name, *text;
  aw_handshake_result result;
  const char *message; /* a part */
  bool ends;
} answers[] = {
    {"as it should be", LINE_101 UPGRADE ACCEPT "\r\n", AW_HANDSHAKE_DONE, NULL, false},
    {"in other letters", LINE_101 "upgrade: WebSocket\r\nCONNECTION: keep-alive, UPGRADE\r\n" ACCEPT "\r\n",
     AW_HANDSHAKE_DONE, NULL, false},
    {"with more fields", LINE_101 "Server: x\r\n" UPGRADE ACCEPT "Date: today\r\n\r\n", AW_HANDSHAKE_DONE, NULL, false},
    {"with lines that end in LF", "HTTP/1.1 101 Yes\nUpgrade: websocket\nConnection: Upgrade\n" ACCEPT "\n",
     AW_HANDSHAKE_DONE, NULL, false},
    {"after interim ones",
     "HTTP/1.1 100 Yes\r\n\r\nHTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" LINE_101 UPGRADE ACCEPT "\r\n",
     AW_HANDSHAKE_DONE, NULL, false},
    {"an interim one alone", "HTTP/1.1 103 Hints\r\n\r\n", AW_HANDSHAKE_MORE, NULL, false},
    {"nothing after an interim one", "HTTP/1.1 103 Hints\r\n\r\n", AW_HANDSHAKE_FAILED, "in the middle", true},
    {"not all of it", LINE_101 UPGRADE ACCEPT, AW_HANDSHAKE_MORE, NULL, false},
    {"broken off", LINE_101 UPGRADE ACCEPT, AW_HANDSHAKE_FAILED, "in the middle", true},
    {"nothing", "", AW_HANDSHAKE_FAILED, "in the middle", true},
    {"no Upgrade", LINE_101 "Connection: Upgrade\r\n" ACCEPT "\r\n", AW_HANDSHAKE_FAILED, "another protocol", false},
    {"another protocol", LINE_101 "Upgrade: h2c\r\nConnection: Upgrade\r\n" ACCEPT "\r\n", AW_HANDSHAKE_FAILED,
     "another protocol", false},
    {"no Connection", LINE_101 "Upgrade: websocket\r\n" ACCEPT "\r\n", AW_HANDSHAKE_FAILED, "another protocol", false},
    {"no accept", LINE_101 UPGRADE "\r\n", AW_HANDSHAKE_FAILED, "Sec-WebSocket-Accept", false},
    {"another's accept", LINE_101 UPGRADE "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOp=\r\n\r\n",
     AW_HANDSHAKE_FAILED, "Sec-WebSocket-Accept", false},
    {"an extension", LINE_101 UPGRADE ACCEPT "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
     AW_HANDSHAKE_FAILED, "extension", false},
    {"a protocol", LINE_101 UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat\r\n\r\n", AW_HANDSHAKE_FAILED, "protocol",
     false},
    {"no HTTP", "220 smtp.example.com ESMTP\r\n", AW_HANDSHAKE_FAILED, "no HTTP", false},
    {"HTTP/2", "HTTP/2 101\r\n\r\n", AW_HANDSHAKE_FAILED, "no HTTP", false},
    {"a status that is none", "HTTP/1.1 abc\r\n\r\n", AW_HANDSHAKE_FAILED, "no status", false},
    {"a status beyond all", "HTTP/1.1 999 x\r\n\r\n", AW_HANDSHAKE_FAILED, "no status", false},
    {"a refusal", "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno", AW_HANDSHAKE_REFUSED, NULL, false},
    {"a refusal without its text", "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nn", AW_HANDSHAKE_MORE, NULL, false},
    {"a refusal that breaks off", "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nn", AW_HANDSHAKE_REFUSED, NULL, true},
    {"a refusal of unknown length", "HTTP/1.1 502 Bad\r\n\r\n<html>", AW_HANDSHAKE_REFUSED, NULL, true},
    {"a redirect", "HTTP/1.1 301 Go\r\nLocation: wss://x\r\nContent-Length: 0\r\n\r\n", AW_HANDSHAKE_REFUSED, NULL,
     false},
    {"no WebSocket at all", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", AW_HANDSHAKE_REFUSED, NULL, false},
};

static aw_handshake_result feed(aw_handshake *handshake, const struct answer *answer, size_t step, aw_error *error)
{
  const char *text = answer->text;
  size_t left = strlen(text);
  aw_handshake_result result = AW_HANDSHAKE_MORE;
  while(left && result == AW_HANDSHAKE_MORE) {
    size_t count = left < step ? left : step;
    result = aw_handshake_feed(handshake, text, count, false, error);
    text += count;
    left -= count;
  }
  return result == AW_HANDSHAKE_MORE && answer->ends ? aw_handshake_feed(handshake, "", 0, true, error) : result;
}

static void judge_what_a_server_answers(void **state)
{
  static const size_t steps[] = {1, 3, 1000};
  size_t i, j;
  (void)state;
  for(i = 0; i < COUNT(answers); i++)
    for(j = 0; j < COUNT(steps); j++) {
      aw_handshake handshake;
      aw_error error = {AW_OK, ""};
      open_handshake(&handshake);
      if(feed(&handshake, &answers[i], steps[j], &error) != answers[i].result)
        fail_msg("%s, %u at a time: %s", answers[i].name, (unsigned)steps[j], error.message);
      if(answers[i].message)
        assert_has(error.message, answers[i].message);
      aw_handshake_deinit(&handshake);
    }
}

static void keep_what_comes_behind(void **state)
{
  aw_handshake handshake;
  aw_error error;
  (void)state;
  open_handshake(&handshake);
  assert_int_equal(aw_handshake_feed(&handshake,
                                     LINE_101 UPGRADE ACCEPT "\r\n\x81\x01"
                                                             "a",
                                     sizeof(LINE_101 UPGRADE ACCEPT) - 1 + 5, false, &error),
                   AW_HANDSHAKE_DONE);
  assert_int_equal(handshake.rest.length, 3);
  assert_memory_equal(handshake.rest.data,
                      "\x81\x01"
                      "a",
                      3);
  aw_handshake_deinit(&handshake);
}

static void bound_what_a_server_may_say(void **state)
{
  aw_handshake handshake;
  aw_error error;
  aw_handshake_result result = AW_HANDSHAKE_MORE;
  char *line = repeated("X: ", "a", 20000, "");
  int i;
  (void)state;
  open_handshake(&handshake);
  assert_int_equal(aw_handshake_feed(&handshake, LINE_101, sizeof(LINE_101) - 1, false, &error), AW_HANDSHAKE_MORE);
  assert_int_equal(aw_handshake_feed(&handshake, line, strlen(line), false, &error), AW_HANDSHAKE_FAILED);
  assert_int_equal(error.status, AW_PROTOCOL);
  aw_handshake_deinit(&handshake);
  open_handshake(&handshake);
  assert_int_equal(aw_handshake_feed(&handshake, LINE_101, sizeof(LINE_101) - 1, false, &error), AW_HANDSHAKE_MORE);
  for(i = 0; i < 2000 && result == AW_HANDSHAKE_MORE; i++)
    result = aw_handshake_feed(&handshake, "X: y\r\n", 6, false, &error);
  assert_int_equal(result, AW_HANDSHAKE_FAILED);
  assert_int_equal(error.status, AW_PROTOCOL);
  aw_handshake_deinit(&handshake);
  free(line);
}

static void report_missing_memory(void **state)
{
  aw_handshake handshake;
  aw_error error;
  spec_faults faults;
  (void)state;
  open_handshake(&handshake);
  faults_begin(&faults, 1);
  assert_int_equal(aw_handshake_feed(&handshake, LINE_101, sizeof(LINE_101) - 1, false, &error), AW_HANDSHAKE_FAILED);
  assert_int_equal(error.status, AW_MEMORY);
  faults_end(&faults);
  aw_handshake_deinit(&handshake);
}

int aw_handshake_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(know_the_answer_to_a_key), cmocka_unit_test(judge_what_a_server_answers),
      cmocka_unit_test(keep_what_comes_behind),   cmocka_unit_test(bound_what_a_server_may_say),
      cmocka_unit_test(report_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_handshake", tests, NULL, NULL);
}
