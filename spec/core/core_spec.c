/* Tests of the core: all suites, or those named on the command line. */
#define _POSIX_C_SOURCE 200809L

#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  int (*run)(void);
} suites[] = {
    {"aw_alloc", aw_alloc_suite},
    {"aw_browser", aw_browser_suite},
    {"aw_buf", aw_buf_suite},
    {"aw_error", aw_error_suite},
    {"aw_headers", aw_headers_suite},
    {"aw_endpoint", aw_endpoint_suite},
    {"aw_fields", aw_fields_suite},
    {"aw_source", aw_source_suite},
    {"aw_body", aw_body_suite},
    {"aw_file", aw_file_suite},
    {"aw_frames", aw_frames_suite},
    {"aw_frames_cases", aw_frames_cases_suite},
    {"aw_handshake", aw_handshake_suite},
    {"aw_sink", aw_sink_suite},
    {"aw_cookies", aw_cookies_suite},
    {"aw_connection", aw_connection_suite},
    {"aw_kept", aw_kept_suite},
    {"aw_messages", aw_messages_suite},
    {"aw_client", aw_client_suite},
    {"aw_client_kept", aw_client_kept_suite},
    {"aw_engine", aw_engine_suite},
    {"aw_opened", aw_opened_suite},
    {"aw_origin", aw_origin_suite},
    {"aw_request", aw_request_suite},
    {"aw_request_answer", aw_request_answer_suite},
    {"aw_request_file", aw_request_file_suite},
    {"aw_socket", aw_socket_suite},
    {"aw_socket_peer", aw_socket_peer_suite},
    {"aw_system", aw_system_suite},
    {"aw_utf8", aw_utf8_suite},
    {"aw_watch", aw_watch_suite},
    {"descriptors", descriptors_suite},
    {"exhaustion", exhaustion_suite},
    {"thread", thread_suite},
};

#define SUITES (sizeof(suites) / sizeof(suites[0]))

static int run_named(const char *name)
{
  size_t i;
  for(i = 0; i < SUITES; i++)
    if(strcmp(suites[i].name, name) == 0)
      return suites[i].run();
  fprintf(stderr, "there is no suite \"%s\"\n", name);
  return 1;
}

/* libcurl reads these, also where a proxy is given. */
static void forget_proxies(void)
{
  static const char *const names[] = {"no_proxy",    "NO_PROXY",  "http_proxy", "https_proxy",
                                      "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  size_t i;
  for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    unsetenv(names[i]);
}

int main(int count, char **names)
{
  int failed = 0, i;
  size_t j;
  forget_proxies();
  for(i = 1; i < count; i++)
    failed += run_named(names[i]);
  for(j = 0; count < 2 && j < SUITES; j++)
    failed += suites[j].run();
  return failed ? 1 : 0;
}
