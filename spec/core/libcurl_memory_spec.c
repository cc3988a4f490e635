/* The scenario again while libcurl itself runs out of memory. libcurl does without where it can, and does not always
 * say what was missing; but nothing may crash or leak, no answer may be made up, and the caller is never blamed. */
#include "scenario.h"
#include "support.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

static struct {
  size_t calls, fail_at;
  long live;
  const char *secret; /* blocks that begin with it must be wiped before they are freed */
  size_t unwiped;
} memory;

/* Each block has its size in front. */
typedef union head {
  size_t size;
  long double align;
} head;

static bool fails(void)
{
  return ++memory.calls == memory.fail_at;
}

static void *own_malloc(size_t size)
{
  head *block = fails() ? NULL : malloc(sizeof(*block) + size);
  if(!block)
    return NULL;
  memory.live++;
  block->size = size;
  return block + 1;
}

static void *own_calloc(size_t count, size_t size)
{
  void *block = own_malloc(count * size);
  return block ? memset(block, 0, count * size) : NULL;
}

static char *own_strdup(const char *text)
{
  size_t size = strlen(text) + 1;
  char *copy = own_malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}

static void own_free(void *pointer)
{
  head *block = pointer ? (head *)pointer - 1 : NULL;
  size_t length = memory.secret ? strlen(memory.secret) : 0;
  if(!block)
    return;
  if(length && block->size >= length && memcmp(pointer, memory.secret, length) == 0)
    memory.unwiped++;
  memory.live--;
  free(block);
}

static void *own_realloc(void *pointer, size_t size)
{
  void *grown = own_malloc(size);
  size_t old = pointer ? ((head *)pointer - 1)->size : 0;
  if(grown && pointer) {
    memcpy(grown, pointer, old < size ? old : size);
    own_free(pointer);
  }
  return grown;
}

static void survives_every_failure_of_libcurl(void **state)
{
  bool at_login = *state != NULL;
  spec_server *server = scenario_server();
  size_t n;
  for(n = 1;; n++) {
    aw_status status;
    long live = memory.live;
    memory.calls = 0;
    memory.fail_at = n;
    status = scenario_run(server, NULL, at_login);
    memory.fail_at = 0;
    assert_int_equal(memory.live, live);
    if(memory.calls < n)
      break;
    if(status != AW_OK && status != AW_MEMORY && status != AW_NETWORK && status != AW_PROTOCOL)
      fail_msg("without allocation %d: %s", (int)n, aw_status_name(status));
  }
  assert_in_range(n, 100, 2000);
  server_stop(server);
}

/* What libcurl makes of them for the wire is out of reach; the list that it is given is ours. */
static void wipes_the_fields_that_it_gave_to_libcurl(void **state)
{
  spec_server *server = scenario_server();
  (void)state;
  memory.unwiped = 0;
  memory.secret = "X-Appwrite-Session: ";
  assert_int_equal(scenario_run(server, NULL, false), AW_OK);
  memory.secret = NULL;
  assert_int_equal(memory.unwiped, 0);
  server_stop(server);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(wipes_the_fields_that_it_gave_to_libcurl),
      cmocka_unit_test(survives_every_failure_of_libcurl),
      {"survives_every_failure_of_libcurl_at_login", survives_every_failure_of_libcurl, NULL, NULL, (void *)""},
  };
  if(curl_global_init_mem(CURL_GLOBAL_DEFAULT, own_malloc, own_free, own_realloc, own_strdup, own_calloc) != CURLE_OK)
    return 1;
  return cmocka_run_group_tests_name("libcurl_memory", tests, NULL, NULL);
}
