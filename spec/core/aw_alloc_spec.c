#include "aw_alloc.h"
#include "suites.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

typedef struct watch {
  size_t calls;
  size_t size; /* of the last call that was no free */
  bool wiped;  /* what was last freed held only zeros in its first `watched` bytes */
  size_t watched;
} watch;

static void *watching(void *user, void *pointer, size_t size)
{
  static const char zeros[64];
  watch *self = user;
  self->calls++;
  if(size) {
    self->size = size;
    return realloc(pointer, size);
  }
  self->wiped = memcmp(pointer, zeros, self->watched) == 0;
  free(pointer);
  return NULL;
}

static void refuses_products_that_overflow(void **state)
{
  static const size_t products[][2] = {
      {SIZE_MAX, 2}, {2, SIZE_MAX}, {SIZE_MAX / 2 + 1, 2}, {SIZE_MAX / 16 + 1, 16}, {SIZE_MAX, SIZE_MAX},
  };
  watch seen = {0};
  size_t i;
  (void)state;
  aw_alloc_replace(watching, &seen);
  for(i = 0; i < COUNT(products); i++)
    assert_null(aw_alloc_zeroed(products[i][0], products[i][1]));
  assert_null(aw_copy("", SIZE_MAX));
  assert_int_equal(seen.calls, 0);
  aw_alloc_replace(NULL, NULL);
}

static void zeroes(void **state)
{
  static const size_t products[][2] = {{1, 1}, {3, 16}, {0, 8}, {8, 0}};
  static const char zeros[64];
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(products); i++) {
    void *block = aw_alloc_zeroed(products[i][0], products[i][1]);
    assert_non_null(block);
    assert_memory_equal(block, zeros, products[i][0] * products[i][1]);
    aw_free(block);
  }
}

static void never_asks_for_nothing(void **state)
{
  watch seen = {0};
  void *block;
  (void)state;
  aw_alloc_replace(watching, &seen);
  block = aw_alloc(0);
  assert_non_null(block);
  assert_int_equal(seen.size, 1);
  block = aw_realloc(block, 0); /* a free would return NULL and look like a failure */
  assert_non_null(block);
  assert_int_equal(seen.size, 1);
  aw_free(block);
  assert_int_equal(seen.calls, 3);
  aw_free(NULL);
  aw_free_secret(NULL);
  assert_int_equal(seen.calls, 3);
  aw_alloc_replace(NULL, NULL);
}

static void copies(void **state)
{
  char *copy = aw_copy("a\0b", 3);
  (void)state;
  assert_memory_equal(copy, "a\0b", 4);
  aw_free(copy);
  copy = aw_copy(NULL, 0);
  assert_string_equal(copy, "");
  aw_free(copy);
}

static void reports_failure(void **state)
{
  spec_faults faults;
  char *block;
  (void)state;
  faults_begin(&faults, 1);
  faults.for_good = true;
  assert_null(aw_alloc(1));
  assert_null(aw_alloc_zeroed(1, 1));
  assert_null(aw_copy("a", 1));
  faults_end(&faults);
  faults_begin(&faults, 2);
  block = aw_copy("abc", 3);
  assert_null(aw_realloc(block, 100));
  assert_string_equal(block, "abc");
  aw_free(block);
  faults_end(&faults);
}

static void wipes_secrets_before_they_are_freed(void **state)
{
  watch seen = {0};
  char text[] = "hunter2";
  (void)state;
  aw_wipe(text, sizeof(text) - 1);
  assert_memory_equal(text, "\0\0\0\0\0\0\0", sizeof(text));
  aw_alloc_replace(watching, &seen);
  seen.watched = 7;
  aw_free_secret(aw_copy("hunter2", 7));
  assert_true(seen.wiped);
  aw_free(aw_copy("hunter2", 7));
  assert_false(seen.wiped);
  aw_alloc_replace(NULL, NULL);
}

static void restores_the_usual_allocator(void **state)
{
  watch seen = {0};
  (void)state;
  aw_alloc_replace(watching, &seen);
  aw_alloc_replace(NULL, NULL);
  aw_free(aw_alloc(8));
  assert_int_equal(seen.calls, 0);
}

int aw_alloc_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuses_products_that_overflow),
      cmocka_unit_test(zeroes),
      cmocka_unit_test(never_asks_for_nothing),
      cmocka_unit_test(copies),
      cmocka_unit_test(reports_failure),
      cmocka_unit_test(wipes_secrets_before_they_are_freed),
      cmocka_unit_test(restores_the_usual_allocator),
  };
  return cmocka_run_group_tests_name("aw_alloc", tests, NULL, NULL);
}
