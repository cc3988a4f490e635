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

static aw_status call(const spec_server *server)
{
  return scenario_run(server, NULL, false);
}

static aw_status log_in(const spec_server *server)
{
  return scenario_run(server, NULL, true);
}

typedef struct scenario {
  spec_server *(*start)(void);
  aw_status (*run)(const spec_server *server);
} scenario;

static void survives_every_failure_of_libcurl(void **state)
{
  const scenario *chosen = *state;
  spec_server *server = chosen->start();
  size_t n;
  for(n = 1;; n++) {
    aw_status status;
    long live = memory.live;
    memory.calls = 0;
    memory.fail_at = n;
    status = chosen->run(server);
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

#define SURVIVES(name, chosen)                                                                                         \
  {                                                                                                                    \
    "survives_every_failure_of_libcurl_" name, survives_every_failure_of_libcurl, NULL, NULL, &(chosen)                \
  }

int main(void)
{
  static scenario calls = {scenario_server, call}, logins = {scenario_server, log_in};
  static scenario turns = {scenario_server, scenario_turns};
  static scenario sessions = {scenario_server, scenario_kept}, sockets = {scenario_socket_server, scenario_socket};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wipes_the_fields_that_it_gave_to_libcurl),
      SURVIVES("in_a_call", calls),
      SURVIVES("at_login", logins),
      SURVIVES("with_turns", turns),
      SURVIVES("with_a_session", sessions),
#ifdef APPWRITE_REALTIME
      SURVIVES("with_a_socket", sockets),
#endif
  };
  (void)sockets;
  if(curl_global_init_mem(CURL_GLOBAL_DEFAULT, own_malloc, own_free, own_realloc, own_strdup, own_calloc) != CURLE_OK)
    return 1;
  return cmocka_run_group_tests_name("libcurl_memory", tests, NULL, NULL);
}
