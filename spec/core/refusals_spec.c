/* What becomes of the core when a function fails that, where the tests run, does not fail of itself: of the system, of
 * libcurl, or of wslay. A program of its own, which takes its libcurl for one that may use a handle again. */
#define _POSIX_C_SOURCE 200809L

#include "refusals.h"

#include "aw_accept.h"
#include "aw_browser.h"
#include "aw_file.h"
#include "aw_frames.h"
#include "aw_socket.h"
#include "aw_source.h"
#include "aw_system.h"
#include "aw_watch.h"
#include "scenario.h"
#include "support.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef REFUSE_WSLAY
#include <wslay/wslay.h>
#endif

#define USES_HANDLES_AGAIN 0x074f00 /* libcurl 7.79: see may_use_again in aw_engine.c */

/* Before anything else --------------------------------------------------------------------------------------------- */

static void begin_without_libcurl(void *user)
{
  aw_engine *engine;
  aw_error error;
  (void)user;
  refuse("curl_global_init", 0, CURLE_FAILED_INIT);
  CHECK(aw_engine_new(&engine, &error) == AW_MEMORY);
  CHECK(strstr(error.message, "libcurl could not be initialized"));
  CHECK(aw_process() == (long)getpid());
  CHECK(aw_curl_about()->number == 0 && !*aw_curl_about()->text);
  CHECK(refuse_end() == 1); /* it is tried once in a process */
}

static void says_that_libcurl_could_not_be_initialized(void **state)
{
  (void)state;
  in_child(begin_without_libcurl, NULL);
}

/* The number is asked for in each process, and so never the parent's. */
static void tell_processes_apart(void *user)
{
  pid_t child;
  int status;
  refuse(user, 0, ENOMEM);
  CHECK(aw_process() == (long)getpid());
  child = fork();
  if(child == 0)
    _exit(aw_process() == (long)getpid() ? 0 : 1);
  CHECK(waitpid(child, &status, 0) == child && status == 0);
#if !defined(AW_PROCESS_PORTABLE)
  CHECK(refuse_end() == 1);
#endif
}

static void tells_processes_apart_without_a_page_for_that(void **state)
{
  (void)state;
  in_child(tell_processes_apart, "mmap64");
  in_child(tell_processes_apart, "madvise");
}

/* Whatever fails ------------------------------------------------------------------------------------------------- */

static aw_status call(const spec_server *server)
{
  return scenario_run(server, NULL, false);
}

static aw_status log_in(const spec_server *server)
{
  return scenario_run(server, NULL, true);
}

/* What is done, and which server it needs. */
static const struct {
  const char *name;
  spec_server *(*start)(void);
  aw_status (*run)(const spec_server *server);
} scenarios[] = {
    {"a call", scenario_server, call},
    {"a login", scenario_server, log_in},
    {"turns", scenario_server, scenario_turns},
    {"a kept session", scenario_server, scenario_kept},
    {"a large answer", scenario_large_server, scenario_large},
    {"a stream", scenario_large_server, scenario_large_stream},
#ifdef APPWRITE_REALTIME
    {"a socket", scenario_socket_server, scenario_socket},
#endif
};

static const struct {
  const char *name;
  long result;
  aw_status statuses[2];
} refusals[] = {
    {"curl_easy_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_easy_pause", CURLE_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_easy_setopt", CURLE_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_easy_setopt", CURLE_NOT_BUILT_IN, {AW_MEMORY, AW_ARGUMENT}},
    {"curl_mime_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_add_handle", CURLM_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_setopt", CURLM_UNKNOWN_OPTION, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_socket_action", CURLM_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_socket_action", CURLM_INTERNAL_ERROR, {AW_NETWORK, AW_NETWORK}},
    {"curl_share_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_share_setopt", CURLSHE_NOMEM, {AW_MEMORY, AW_MEMORY}},
    {"curl_url", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_url_get", CURLUE_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_url_set", CURLUE_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"fstat", ENOMEM, {AW_NETWORK, AW_NETWORK}},
#ifdef REFUSE_WSLAY
    {"wslay_event_context_client_init", WSLAY_ERR_NOMEM, {AW_MEMORY, AW_MEMORY}},
    {"wslay_event_recv", WSLAY_ERR_NOMEM, {AW_MEMORY, AW_MEMORY}},
    {"wslay_event_send", WSLAY_ERR_NOMEM, {AW_MEMORY, AW_MEMORY}},
#endif
};

/* Without these all goes well, if in another way. */
static bool does_without(const char *name, long option)
{
  static const long easy[] = {CURLOPT_BUFFERSIZE, CURLOPT_COOKIEFILE, CURLOPT_COOKIELIST, CURLOPT_HTTP_VERSION,
                              CURLOPT_SHARE};
  size_t i;
  if(strcmp(name, "curl_multi_setopt") == 0)
    return option == CURLMOPT_MAXCONNECTS || option == CURLMOPT_MAX_HOST_CONNECTIONS;
  for(i = 0; i < COUNT(easy); i++)
    if(strcmp(name, "curl_easy_setopt") == 0 && option == easy[i])
      return true;
  return false;
}

static size_t survive(size_t scenario, size_t refusal, const spec_server *server)
{
  const char *name = refusals[refusal].name;
  const aw_status *statuses = refusals[refusal].statuses;
  size_t n;
  for(n = 1;; n++) {
    aw_status status;
    refuse(name, n, refusals[refusal].result);
    status = scenarios[scenario].run(server);
    if(refuse_end() < n) {
      assert_int_equal(status, AW_OK);
      return n - 1;
    }
    if(status != statuses[0] && status != statuses[1] && (status != AW_OK || !does_without(name, refused_option())))
      fail_msg("%s, without call %d of %s, option %ld: %s", scenarios[scenario].name, (int)n, name, refused_option(),
               aw_status_name(status));
  }
}

static void survives_whatever_fails(void **state)
{
  size_t refused[COUNT(refusals)] = {0}, i, k;
  (void)state;
  for(i = 0; i < COUNT(scenarios); i++) {
    spec_server *server = scenarios[i].start();
    for(k = 0; k < COUNT(refusals); k++)
      refused[k] += survive(i, k, server);
    server_stop(server);
  }
  for(k = 0; k < COUNT(refusals); k++)
    if(!refused[k])
      fail_msg("%s is never called", refusals[k].name);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(says_that_libcurl_could_not_be_initialized),
      cmocka_unit_test(tells_processes_apart_without_a_page_for_that),
      cmocka_unit_test(survives_whatever_fails),
  };
  pretend_libcurl(USES_HANDLES_AGAIN);
  return cmocka_run_group_tests_name("refusals", tests, NULL, NULL);
}
