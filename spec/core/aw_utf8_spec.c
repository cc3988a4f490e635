/* UTF-8: every character in every number of bytes, and what is cut off. */
#include "aw_utf8.h"
#include "suites.h"
#include "support.h"

#include <string.h>

/* The bytes of a character, however it may not be. */
static size_t encode(unsigned long character, size_t size, char *bytes)
{
  static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  size_t i;
  for(i = size - 1; i > 0; i--) {
    bytes[i] = (char)(0x80 | (character & 0x3f));
    character >>= 6;
  }
  bytes[0] = (char)(size == 1 ? character : heads[size] | character);
  return size;
}

static size_t shortest(unsigned long character)
{
  return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

static void take_each_character_in_its_shortest_form_alone(void **state)
{
  static const unsigned long ends[] = {0, 0x80, 0x800, 0x10000, 0x200000}; /* by the size: beyond what fits */
  unsigned long character;
  size_t size;
  (void)state;
  for(size = 1; size <= 4; size++)
    for(character = 0; character < ends[size]; character++) {
      char bytes[4];
      bool right =
          size == shortest(character) && !(character >= 0xd800 && character <= 0xdfff) && character <= 0x10ffff;
      size_t length = encode(character, size, bytes);
      if(aw_utf8_ok(bytes, length) != right)
        fail_msg("U+%04lX in %u bytes", character, (unsigned)size);
    }
}

static void want_whole_characters(void **state)
{
  static const struct {
    const char *bytes;
    bool right;
  } cases[] = {
      {"", true},          {"a\303\251\342\202\254\360\237\230\200!", true},
      {"\200", false},     {"a\277b", false},
      {"\303", false},     {"\303a", false},
      {"\342\202", false}, {"\342\202\303\251", false},
      {"\360\237", false}, {"\360\237\230", false},
      {"\303\303", false}, {"\370\210\200\200\200", false},
      {"\376", false},     {"\377", false},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++)
    if(aw_utf8_ok(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].right)
      fail_msg("case %u", (unsigned)i);
  assert_true(aw_utf8_ok("a\0b", 3));
  assert_true(aw_utf8_ok(NULL, 0));
}

int aw_utf8_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(take_each_character_in_its_shortest_form_alone),
      cmocka_unit_test(want_whole_characters),
  };
  return cmocka_run_group_tests_name("aw_utf8", tests, NULL, NULL);
}
