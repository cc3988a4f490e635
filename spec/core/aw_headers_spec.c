#include "aw.h"
#include "aw_alloc.h"
#include "aw_headers.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static aw_status add(aw_headers *headers, const char *line)
{
  aw_error error;
  return aw_headers_line(headers, line, strlen(line), &error);
}

/* "name=value;" for each field. Reads every byte of every field, so that a sanitizer sees a wrong one. */
static char *listed(const aw_headers *headers)
{
  size_t position = 0, size = headers->text.length * 2 + 1, length = 0;
  const char *name, *value;
  char *list = malloc(size);
  assert_non_null(list);
  list[0] = '\0';
  while(aw_headers_next(headers, &position, &name, &value)) {
    int written = snprintf(list + length, size - length, "%s=%s;", name, value);
    assert_in_range(written, 2, size - length - 1);
    length += (size_t)written;
  }
  return list;
}

static void assert_listed(const aw_headers *headers, const char *expected)
{
  char *list = listed(headers);
  assert_string_equal(list, expected);
  free(list);
}

#define LINES_MAX 8

static void reads_lines(void **state)
{
  static const struct {
    const char *lines[LINES_MAX];
    const char *expected;
  } cases[] = {
      {{"HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n"}, "a=b;"},
      {{"HTTP/2 200 \r\n", "a: b\r\n"}, "a=b;"},
      {{"HTTP/1.1 200 OK", "A: b"}, "a=b;"},
      {{"X-Empty:\r\n", "X-Blank: \t \r\n"}, "x-empty=;x-blank=;"},
      {{"ÄI-İ: v\r\n"}, "Äi-İ=v;"},
      {{"A:  \t b c \t\r\n"}, "a=b c;"},
      {{"Location: http://a:8/b?c=d:e\r\n"}, "location=http://a:8/b?c=d:e;"},
      {{"Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n"}, "set-cookie=a=1;set-cookie=b=2;"},
      {{"no colon\r\n", ": no name\r\n", "A: b\r\n"}, "a=b;"},
      /* RFC 9112, section 5.2 */
      {{"A: b\r\n", "  c\r\n", "\td \r\n", "E: f\r\n"}, "a=b c d;e=f;"},
      {{" c\r\n", "A: b\r\n"}, "a=b;"},
      {{"A: b\r\n", "  \r\n", "C: d\r\n"}, "a=b ;c=d;"},
      /* interim responses, a proxy's answer */
      {{"HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n"}, "a=b;"},
      {{"HTTP/1.1 200 Connection established\r\n", "Via: x\r\n", "\r\n", "HTTP/1.1 401 No\r\n", "A: b\r\n"}, "a=b;"},
      {{"HTTP/1.1 100 Continue\r\n", "A: b\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n"}, ""},
      /* trailers */
      {{"HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n", "X-Fallback-Cookies: []\r\n", "\r\n"}, "a=b;"},
      {{"HTTP/1.1 200 OK\r\n", "A: b\r\n", "\n", "C: d\r\n", " e\r\n"}, "a=b;"},
  };
  size_t i, j;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_headers headers;
    aw_headers_init(&headers);
    for(j = 0; j < LINES_MAX && cases[i].lines[j]; j++)
      assert_int_equal(add(&headers, cases[i].lines[j]), AW_OK);
    assert_listed(&headers, cases[i].expected);
    aw_headers_deinit(&headers);
  }
}

/* Not one is kept, yet a server must not go on with them for ever; the next answer begins anew. */
static void takes_so_many_trailers_only(void **state)
{
  aw_headers headers;
  int i, round;
  (void)state;
  aw_headers_init(&headers);
  for(round = 0; round < 2; round++) {
    assert_int_equal(add(&headers, "HTTP/1.1 200 OK\r\n"), AW_OK);
    assert_int_equal(add(&headers, "\r\n"), AW_OK);
    for(i = 0; i < AW_HEADERS_COUNT_MAX; i++)
      assert_int_equal(add(&headers, "A: b\r\n"), AW_OK);
  }
  assert_int_equal(add(&headers, "A: b\r\n"), AW_PROTOCOL);
  aw_headers_deinit(&headers);
}

static void finds_the_first_of_a_name(void **state)
{
  aw_headers headers;
  (void)state;
  aw_headers_init(&headers);
  assert_null(aw_headers_get(&headers, "a"));
  add(&headers, "A: 1\r\n");
  add(&headers, "B: 2\r\n");
  add(&headers, "a: 3\r\n");
  assert_string_equal(aw_headers_get(&headers, "a"), "1");
  assert_string_equal(aw_headers_get(&headers, "b"), "2");
  assert_null(aw_headers_get(&headers, "2"));
  aw_headers_deinit(&headers);
  assert_null(aw_headers_get(&headers, "a"));
}

static void refuses_nul_and_cr(void **state)
{
  static const struct {
    const char *line;
    size_t length;
    const char *named;
  } cases[] = {
      {"A: b\0c\r\n", 8, "NUL"}, {"A\0: b\r\n", 7, "NUL"}, {"A: b\r\n\0", 7, "NUL"},
      {" \0\r\n", 4, "NUL"},     {"\0", 1, "NUL"},         {"A: b\rc\r\n", 8, "CR"},
      {"A\r: b\r\n", 7, "CR"},   {" b\rc\r\n", 6, "CR"},   {"HTTP/1.1 200\rOK", 15, "CR"},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_headers headers;
    aw_error error;
    aw_headers_init(&headers);
    add(&headers, "X: y\r\n");
    assert_int_equal(aw_headers_line(&headers, cases[i].line, cases[i].length, &error), AW_PROTOCOL);
    assert_has(error.message, cases[i].named);
    assert_listed(&headers, "x=y;");
    aw_headers_deinit(&headers);
  }
}

static void refuses_too_many(void **state)
{
  aw_headers headers;
  aw_error error;
  size_t i;
  (void)state;
  aw_headers_init(&headers);
  for(i = 0; i < AW_HEADERS_COUNT_MAX; i++)
    assert_int_equal(add(&headers, "a: b\r\n"), AW_OK);
  assert_int_equal(aw_headers_line(&headers, "a: b\r\n", 6, &error), AW_PROTOCOL);
  assert_has(error.message, "1000");
  assert_int_equal(add(&headers, "HTTP/1.1 200 OK\r\n"), AW_OK);
  assert_int_equal(add(&headers, "a: b\r\n"), AW_OK);
  assert_listed(&headers, "a=b;");
  aw_headers_deinit(&headers);
}

/* One more is the answer that counts, and one a proxy's. */
static void refuses_endless_interim_answers(void **state)
{
  aw_headers headers;
  aw_error error;
  int i;
  (void)state;
  aw_headers_init(&headers);
  for(i = 0; i < AW_INTERIM_MAX + 2; i++) {
    assert_int_equal(add(&headers, "HTTP/1.1 103 Early Hints\r\n"), AW_OK);
    assert_int_equal(add(&headers, "\r\n"), AW_OK);
  }
  assert_int_equal(aw_headers_line(&headers, "HTTP/1.1 103 Early Hints\r\n", 26, &error), AW_PROTOCOL);
  assert_has(error.message, "interim");
  aw_headers_deinit(&headers);
  assert_int_equal(add(&headers, "HTTP/1.1 200 OK\r\n"), AW_OK);
  aw_headers_deinit(&headers);
}

/* `room` bytes below the maximum, "a: b" does or does not fit: 4 bytes with its NULs. What did not is not there. */
static void refuses_too_large(void **state)
{
  char *line = malloc(AW_HEADERS_MAX);
  size_t room;
  (void)state;
  assert_non_null(line);
  for(room = 0; room <= 5; room++) {
    aw_headers headers;
    aw_error error;
    size_t filled = AW_HEADERS_MAX - room;
    aw_headers_init(&headers);
    memset(line, 'v', filled);
    memcpy(line, "f:", 2);
    assert_int_equal(aw_headers_line(&headers, line, filled - 1, &error), AW_OK); /* the colon goes, two NULs come */
    assert_int_equal(headers.text.length, filled);
    assert_int_equal(aw_headers_line(&headers, "a: b\r\n", 6, &error), room < 4 ? AW_PROTOCOL : AW_OK);
    if(room < 4) {
      size_t position = 0;
      const char *name, *value;
      assert_has(error.message, "131072");
      assert_true(aw_headers_next(&headers, &position, &name, &value));
      assert_false(aw_headers_next(&headers, &position, &name, &value));
      assert_null(aw_headers_get(&headers, "a"));
    }
    free(listed(&headers));
    aw_headers_deinit(&headers);
  }
  free(line);
}

static void refuses_too_large_a_fold(void **state)
{
  char *line = malloc(AW_HEADERS_MAX);
  size_t room;
  (void)state;
  assert_non_null(line);
  memset(line, 'v', AW_HEADERS_MAX);
  memcpy(line, "f:", 2);
  for(room = 0; room <= 3; room++) {
    aw_headers headers;
    aw_headers_init(&headers);
    aw_error error;
    assert_int_equal(aw_headers_line(&headers, line, AW_HEADERS_MAX - 1 - room, &error), AW_OK);
    assert_int_equal(add(&headers, " cd"), room < 3 ? AW_PROTOCOL : AW_OK);
    assert_int_equal(headers.text.length, AW_HEADERS_MAX - room + (room < 3 ? 0 : 3)); /* all or nothing */
    free(listed(&headers));
    aw_headers_deinit(&headers);
  }
  free(line);
}

/* Names and values of such sizes that every step of adding one needs memory in its turn. */
static void stays_whole_without_memory(void **state)
{
  static const size_t names[] = {1, 254, 255, 256, 300};
  char line[1000];
  size_t i, n;
  (void)state;
  memset(line, 'v', sizeof(line));
  for(i = 0; i < COUNT(names); i++) {
    for(n = 1; n <= 3; n++) {
      spec_faults faults;
      aw_headers headers;
      aw_error error;
      faults_begin(&faults, n);
      aw_headers_init(&headers);
      line[names[i]] = ':';
      if(aw_headers_line(&headers, line, sizeof(line), &error) == AW_OK)
        assert_in_range(faults.calls, 1, n - 1);
      else
        assert_int_equal(error.status, AW_MEMORY);
      free(listed(&headers));
      line[names[i]] = 'v';
      aw_headers_deinit(&headers);
      faults_end(&faults);
    }
  }
}

int aw_headers_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_lines),
      cmocka_unit_test(takes_so_many_trailers_only),
      cmocka_unit_test(finds_the_first_of_a_name),
      cmocka_unit_test(refuses_nul_and_cr),
      cmocka_unit_test(refuses_too_many),
      cmocka_unit_test(refuses_endless_interim_answers),
      cmocka_unit_test(refuses_too_large),
      cmocka_unit_test(refuses_too_large_a_fold),
      cmocka_unit_test(stays_whole_without_memory),
  };
  return cmocka_run_group_tests_name("aw_headers", tests, NULL, NULL);
}
