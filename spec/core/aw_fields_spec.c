#include "aw_alloc.h"
#include "aw_fields.h"
#include "suites.h"
#include "support.h"

#include <string.h>

static void assert_list(const aw_fields *fields, const char *const *expected)
{
  const struct curl_slist *entry;
  for(entry = fields->list; entry; entry = entry->next) {
    assert_non_null(*expected);
    assert_string_equal(entry->data, *expected++);
  }
  assert_null(*expected);
}

static aw_fields *made(const aw_field *pairs, size_t count)
{
  aw_fields *fields = aw_fields_new();
  aw_error error;
  size_t i;
  assert_non_null(fields);
  for(i = 0; i < count; i++)
    assert_int_equal(aw_fields_add(fields, pairs[i].name, pairs[i].value, &error), AW_OK);
  return fields;
}

/* libcurl's spelling: "name;" is a field without a value, "name:" one that is not sent at all. */
static void writes_them_for_libcurl(void **state)
{
  static const aw_field pairs[] = {{"A", "b"}, {"X-Empty", ""}, {"!#$%&'*+-.^_`|~09azAZ", "v"}, {"C", "d: e;f"}};
  static const char *const expected[] = {"A: b", "X-Empty;", "!#$%&'*+-.^_`|~09azAZ: v", "C: d: e;f", "Expect:", NULL};
  aw_fields *fields = made(pairs, COUNT(pairs));
  aw_error error;
  (void)state;
  assert_int_equal(aw_fields_suppress(fields, "Expect", &error), AW_OK);
  assert_list(fields, expected);
  aw_fields_unref(fields);
}

static void refuses_what_cannot_be_a_field(void **state)
{
  static const struct {
    const char *name, *value, *part;
  } cases[] = {
      {"", "v", "token"},
      {"a b", "v", "token"},
      {"a:", "v", "token"},
      {"a;", "v", "token"},
      {"a\r\nb", "v", "token"},
      {"\xc3\xa4", "v", "token"},
      {"a\t", "v", "token"},
      {"(a)", "v", "token"},
      {"a", "hunter2\r", "\"a\""},
      {"a", "\nhunter2", "\"a\""},
      {"a", "hunter2\r\nb: c", "\"a\""},
  };
  aw_fields *fields = aw_fields_new();
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_error error;
    assert_int_equal(aw_fields_add(fields, cases[i].name, cases[i].value, &error), AW_ARGUMENT);
    assert_has(error.message, cases[i].part);
    assert_has_not(error.message, "hunter2");
    assert_null(fields->list);
  }
  assert_true(aw_field_value_ok("a\tb", 3));
  assert_false(aw_field_value_ok("a\0b", 3));
  aw_fields_unref(fields);
}

static void joins(void **state)
{
  static const aw_field base_pairs[] = {{"A", "base"}, {"Ab", "base"}, {"B", "base"}, {"C", ""}};
  static const aw_field own_pairs[] = {{"a", "own"}, {"b", ""}, {"D", "own"}, {"a", "again"}};
  static const char *const expected[] = {"a: own", "b;", "D: own", "a: again", "Ab: base", "C;", NULL};
  static const char *const suppressed[] = {"Expect: x", NULL};
  aw_fields *base = made(base_pairs, COUNT(base_pairs)), *own = made(own_pairs, COUNT(own_pairs)), *joined;
  aw_error error;
  (void)state;
  assert_int_equal(aw_fields_join(base, own, &joined, &error), AW_OK);
  assert_list(joined, expected);
  aw_fields_unref(joined);
  aw_fields_unref(base);
  aw_fields_unref(own);
  base = aw_fields_new();
  own = aw_fields_new();
  aw_fields_suppress(base, "Expect", &error);
  aw_fields_add(own, "Expect", "x", &error);
  assert_int_equal(aw_fields_join(base, own, &joined, &error), AW_OK);
  assert_list(joined, suppressed);
  aw_fields_unref(joined);
  aw_fields_unref(base);
  aw_fields_unref(own);
}

static void shares_the_base_where_nothing_is_added(void **state)
{
  static const aw_field pairs[] = {{"A", "b"}};
  aw_fields *base = made(pairs, 1), *own = aw_fields_new(), *joined;
  aw_error error;
  (void)state;
  assert_int_equal(aw_fields_join(base, own, &joined, &error), AW_OK);
  assert_ptr_equal(joined, base);
  aw_fields_unref(base);
  assert_string_equal(joined->list->data, "A: b");
  aw_fields_unref(joined);
  aw_fields_unref(own);
  aw_fields_unref(NULL);
}

static void reports_missing_memory(void **state)
{
  static const aw_field pairs[] = {{"A", "b"}};
  spec_faults faults;
  aw_error error;
  aw_fields *base = made(pairs, 1), *own = made(pairs, 1), *joined;
  (void)state;
  faults_begin(&faults, 1);
  faults.for_good = true;
  assert_null(aw_fields_new());
  assert_int_equal(aw_fields_add(base, "C", "d", &error), AW_MEMORY);
  assert_int_equal(aw_fields_join(base, own, &joined, &error), AW_MEMORY);
  faults_end(&faults);
  aw_fields_unref(base);
  aw_fields_unref(own);
}

int aw_fields_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_them_for_libcurl),
      cmocka_unit_test(refuses_what_cannot_be_a_field),
      cmocka_unit_test(joins),
      cmocka_unit_test(shares_the_base_where_nothing_is_added),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_fields", tests, NULL, NULL);
}
