/* Frames and fragments as a server may send them, by the sections of RFC 6455, and what becomes of each. */
#include "frames_world.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#ifdef APPWRITE_REALTIME

static void assert_reason(const aw_frames *frames, const char *expected)
{
  if(*expected == '*')
    assert_bytes(aw_frames_reason(frames), strlen(aw_frames_reason(frames)), "", strtoul(expected + 1, NULL, 10), true);
  else
    assert_string_equal(aw_frames_reason(frames), expected);
}

typedef struct frames_case {
  const char *section, *name;
  const char *bytes;    /* in hexadecimal; "*5" are five times the letter a */
  const char *messages; /* t: text, b: bytes, with bars between; "t*5": five times the letter a */
  size_t length;
  int code; /* that the server closes with */
  const char *reason;
  aw_status status; /* what the connection ends with */
  int told;         /* the code that the server is told; -1: a close without a code; 0: none */
  bool end;         /* the stream ends behind the bytes */
} frames_case;

#ifdef APPWRITE_WEBSOCKET_CURL

/* What libcurl lets pass, or has the server told otherwise, than wslay. */
static const struct {
  const char *name;
  frames_case outcome;
} differences[] = {
    {"a 16-bit length that needs none", {NULL, NULL, NULL, MESSAGES("t*5"), 0, "", AW_OK, 0, false}},
    {"a 64-bit length that needs 16", {NULL, NULL, NULL, MESSAGES("t*126"), 0, "", AW_OK, 0, false}},
    {"a 64-bit length with its highest bit", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a ping of 126 bytes", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a ping in fragments", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a pong in fragments", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a close in fragments", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a close of one byte", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"a close of 126 bytes", {NULL, NULL, NULL, MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false}},
    {"code 1012, registered later", {NULL, NULL, NULL, MESSAGES(""), 1012, "", AW_OK, 1012, false}},
    {"code 1014, registered later", {NULL, NULL, NULL, MESSAGES(""), 1014, "", AW_OK, 1014, false}},
};

static size_t differ(frames_case *one)
{
  size_t i;
  for(i = 0; i < COUNT(differences); i++)
    if(strcmp(differences[i].name, one->name) == 0) {
      frames_case outcome = differences[i].outcome;
      outcome.section = one->section;
      outcome.name = one->name;
      outcome.bytes = one->bytes;
      *one = outcome;
      return 1;
    }
  return 0;
}

#define DIFFERENCES COUNT(differences)

#else

static size_t differ(frames_case *one)
{
  (void)one;
  return 0;
}

#define DIFFERENCES 0

#endif

static void take_case(const frames_case *one, size_t step)
{
  aw_frames *frames = open_frames(step, WAITING_MAX);
  aw_error error;
  aw_status status;
  add(one->bytes);
  world.end = one->end;
  status = move_on(frames, &error);
  if(status != one->status || told_code() != one->told || aw_frames_code(frames) != one->code)
    fail_msg("RFC 6455, section %s, %s, %u at a time: ended with \"%s\" (%s), told %d, got %d", one->section, one->name,
             (unsigned)step, aw_status_name(status), error.message, told_code(), aw_frames_code(frames));
  assert_reason(frames, one->reason);
  assert_messages(frames, one->messages, one->length);
  assert_int_equal(aw_frames_is_closed(frames), one->code != 0);
  close_frames(frames);
}

static void take_what_a_server_sends(void **state)
{
  static const frames_case cases[] = {
      {"5.2", "a text of no bytes", "8100", MESSAGES("t:"), 0, "", AW_OK, 0, false},
      {"5.2", "a text of one byte", "810161", MESSAGES("t:a"), 0, "", AW_OK, 0, false},
      {"5.2", "a text", "810548656c6c6f", MESSAGES("t:Hello"), 0, "", AW_OK, 0, false},
      {"5.2", "125 bytes, the most of the short length", "817d *125", MESSAGES("t*125"), 0, "", AW_OK, 0, false},
      {"5.2", "126 bytes, the least of the 16-bit length", "817e007e *126", MESSAGES("t*126"), 0, "", AW_OK, 0, false},
      {"5.2", "65,535 bytes, the most of it", "817effff *65535", MESSAGES("t*65535"), 0, "", AW_OK, 0, false},
      {"5.2", "65,536 bytes, the least of the 64-bit length", "817f0000000000010000 *65536", MESSAGES("t*65536"), 0, "",
       AW_OK, 0, false},
      {"5.2", "a 16-bit length that needs none", "817e0005 *5", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.2", "a 64-bit length that needs 16", "817f000000000000007e *126", MESSAGES(""), 0, "", AW_PROTOCOL, -1,
       false},
      {"5.2", "a 64-bit length with its highest bit", "817f8000000000000000", MESSAGES(""), 0, "", AW_PROTOCOL, -1,
       false},
      {"5.2", "reserved bit 1", "c10161", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved bit 2", "a10161", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved bit 3", "910161", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 3", "8300", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 4", "8400", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 5", "8500", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 6", "8600", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 7", "8700", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 11", "8b00", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 12", "8c00", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 13", "8d00", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 14", "8e00", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.2", "reserved opcode 15", "8f00", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.1", "a masked frame from a server", "818548656c6c6f0102030405", MESSAGES(""), 0, "", AW_PROTOCOL, 1002,
       false},
      {"5.6", "bytes", "8203000102", MESSAGES("b:\0\1\2"), 0, "", AW_OK, 0, false},
      {"5.6", "no bytes", "8200", MESSAGES("b:"), 0, "", AW_OK, 0, false},
      {"5.6", "bytes that are no UTF-8", "8202ff80", MESSAGES("b:\377\200"), 0, "", AW_OK, 0, false},
      {"5.4", "a text in two fragments", "010348656c 80026c6f", MESSAGES("t:Hello"), 0, "", AW_OK, 0, false},
      {"5.4", "in three", "010148 0003656c6c 80016f", MESSAGES("t:Hello"), 0, "", AW_OK, 0, false},
      {"5.4", "an empty first fragment", "0100 80026869", MESSAGES("t:hi"), 0, "", AW_OK, 0, false},
      {"5.4", "an empty last one", "01026869 8000", MESSAGES("t:hi"), 0, "", AW_OK, 0, false},
      {"5.4", "only empty ones", "0100 0000 8000", MESSAGES("t:"), 0, "", AW_OK, 0, false},
      {"5.4", "bytes in fragments", "0201ff 8001fe", MESSAGES("b:\377\376"), 0, "", AW_OK, 0, false},
      {"5.4", "a ping between fragments", "010161 8900 800162", MESSAGES("t:ab"), 0, "", AW_OK, 0, false},
      {"5.4", "a pong between fragments", "010161 8a00 800162", MESSAGES("t:ab"), 0, "", AW_OK, 0, false},
      {"5.4", "a close between fragments", "010161 880203e8", MESSAGES(""), 1000, "", AW_OK, 1000, false},
      {"5.4", "two messages in a row", "810161 820162", MESSAGES("t:a|b:b"), 0, "", AW_OK, 0, false},
      {"5.4", "a continuation of nothing", "80026869", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.4", "a continuation of what has ended", "810161 800162", MESSAGES("t:a"), 0, "", AW_PROTOCOL, 1002, false},
      {"5.4", "a new message within another", "010161 810162", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.4", "a new one of bytes within a text", "010161 820162", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"5.5.2", "a ping", "8900", MESSAGES(""), 0, "", AW_OK, 0, false},
      {"5.5.2", "a ping with a text", "890568656c6c6f", MESSAGES(""), 0, "", AW_OK, 0, false},
      {"5.5.2", "a ping of 125 bytes", "897d *125", MESSAGES(""), 0, "", AW_OK, 0, false},
      {"5.5", "a ping of 126 bytes", "897e007e *126", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5", "a ping in fragments", "0900", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5.3", "a pong that nobody asked for", "8a0568656c6c6f", MESSAGES(""), 0, "", AW_OK, 0, false},
      {"5.5", "a close in fragments", "0800", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5", "a pong in fragments", "0a00", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5.1", "a close without a code", "8800", MESSAGES(""), 1005, "", AW_OK, -1, false},
      {"5.5.1", "a close of one byte", "880103", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5.1", "a close with a reason", "880603e862796521", MESSAGES(""), 1000, "bye!", AW_OK, 1000, false},
      {"5.5.1", "a reason of 123 bytes", "887d03e8 *123", MESSAGES(""), 1000, "*123", AW_OK, 1000, false},
      {"5.5.1", "a close of 126 bytes", "887e007e03e8 *124", MESSAGES(""), 0, "", AW_PROTOCOL, -1, false},
      {"5.5.1", "what comes behind a close", "880203e8 810161", MESSAGES(""), 1000, "", AW_OK, 1000, false},
      {"7.4", "code 1000", "880203e8", MESSAGES(""), 1000, "", AW_OK, 1000, false},
      {"7.4", "code 1001", "880203e9", MESSAGES(""), 1001, "", AW_OK, 1001, false},
      {"7.4", "code 1002", "880203ea", MESSAGES(""), 1002, "", AW_OK, 1002, false},
      {"7.4", "code 1003", "880203eb", MESSAGES(""), 1003, "", AW_OK, 1003, false},
      {"7.4", "code 1007", "880203ef", MESSAGES(""), 1007, "", AW_OK, 1007, false},
      {"7.4", "code 1008", "880203f0", MESSAGES(""), 1008, "", AW_OK, 1008, false},
      {"7.4", "code 1009", "880203f1", MESSAGES(""), 1009, "", AW_OK, 1009, false},
      {"7.4", "code 1010", "880203f2", MESSAGES(""), 1010, "", AW_OK, 1010, false},
      {"7.4", "code 1011", "880203f3", MESSAGES(""), 1011, "", AW_OK, 1011, false},
      {"7.4", "code 3000", "88020bb8", MESSAGES(""), 3000, "", AW_OK, 3000, false},
      {"7.4", "code 3999", "88020f9f", MESSAGES(""), 3999, "", AW_OK, 3999, false},
      {"7.4", "code 4000", "88020fa0", MESSAGES(""), 4000, "", AW_OK, 4000, false},
      {"7.4", "code 4999", "88021387", MESSAGES(""), 4999, "", AW_OK, 4999, false},
      {"7.4", "code 0, which nobody may send", "88020000", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 999, which nobody may send", "880203e7", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1004, which nobody may send", "880203ec", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1005, which nobody may send", "880203ed", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1006, which nobody may send", "880203ee", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1012, registered later", "880203f4", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1014, registered later", "880203f6", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1015, which nobody may send", "880203f7", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1016, which nobody may send", "880203f8", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 1100, which nobody may send", "8802044c", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 2000, which nobody may send", "880207d0", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 2999, which nobody may send", "88020bb7", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 5000, which nobody may send", "88021388", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"7.4", "code 65535, which nobody may send", "8802ffff", MESSAGES(""), 0, "", AW_PROTOCOL, 1002, false},
      {"8.1", "two, three and four bytes", "810a c3a9 e282ac f09f9880 21",
       MESSAGES("t:\303\251\342\202\254\360\237\230\200!"), 0, "", AW_OK, 0, false},
      {"8.1", "a NUL", "810100", MESSAGES("t:\0"), 0, "", AW_OK, 0, false},
      {"8.1", "a byte order mark", "8103efbbbf", MESSAGES("t:\357\273\277"), 0, "", AW_OK, 0, false},
      {"8.1", "the highest character", "8104f48fbfbf", MESSAGES("t:\364\217\277\277"), 0, "", AW_OK, 0, false},
      {"8.1", "a character split between fragments", "0102e282 8001ac", MESSAGES("t:\342\202\254"), 0, "", AW_OK, 0,
       false},
      {"8.1", "a continuation alone", "810180", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "a byte that is never there", "8101fe", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "a character without its end", "8102e282", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "half of a surrogate pair", "8103eda080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "two bytes for one", "8102c080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "three bytes for one", "8103e08080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "four bytes for one", "8104f0808080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "beyond the highest character", "8104f4908080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "five bytes", "8105f888808080", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "a bad byte in a later fragment", "010161 8001ff", MESSAGES(""), 0, "", AW_PROTOCOL, 1007, false},
      {"8.1", "a character that the next message would end", "8102e282 8101ac", MESSAGES(""), 0, "", AW_PROTOCOL, 1007,
       false},
      {"10.4", "a message of the most bytes", "817f0000000000011170 *70000", MESSAGES("t*70000"), 0, "", AW_OK, 0,
       false},
      {"10.4", "one byte more", "817f0000000000011171 *70001", MESSAGES(""), 0, "", AW_PROTOCOL, 1009, false},
      {"10.4", "more in fragments", "017effff *65535 807effff *65535", MESSAGES(""), 0, "", AW_PROTOCOL, 1009, false},
      {"10.4", "an announcement of 8 EiB", "817f7fffffffffffffff61", MESSAGES(""), 0, "", AW_PROTOCOL, 1009, false},
      {"7.1.5", "the end without a close", "", MESSAGES(""), 0, "", AW_NETWORK, 0, true},
      {"7.1.5", "the end behind a message", "810161", MESSAGES("t:a"), 0, "", AW_NETWORK, 0, true},
      {"7.1.5", "the end within a frame's head", "81", MESSAGES(""), 0, "", AW_NETWORK, 0, true},
      {"7.1.5", "the end within a message", "81056162", MESSAGES(""), 0, "", AW_NETWORK, 0, true},
      {"7.1.5", "the end between fragments", "010161", MESSAGES(""), 0, "", AW_NETWORK, 0, true},
  };
  static const size_t steps[] = {1, 2, 7, STREAM_MAX}; /* bytes that come at a time */
  size_t i, j, differing = 0;
  (void)state;
  assert_true(COUNT(cases) >= 60);
  for(i = 0; i < COUNT(cases); i++) {
    frames_case one = cases[i];
    differing += differ(&one);
    for(j = 0; j < COUNT(steps); j++)
      take_case(&one, steps[j]);
  }
  assert_int_equal(differing, DIFFERENCES);
}

int aw_frames_cases_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(take_what_a_server_sends),
  };
  return cmocka_run_group_tests_name("aw_frames_cases", tests, NULL, NULL);
}

#else

int aw_frames_cases_suite(void)
{
  return 0;
}

#endif
