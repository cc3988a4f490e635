/* What becomes of the core when a function of libcurl fails that, where the tests run, does not fail of itself. A
 * program of its own, which takes its libcurl for one that may use a handle again. */
#define _POSIX_C_SOURCE 200809L

#include "refusals.h"

#include "aw_socket.h"
#include "aw_system.h"
#include "aw_watch.h"
#include "scenario.h"
#include "support.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
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

/* A libcurl that is new enough for it need not have been built with it. */
static void look_for_websocket(void *user)
{
  const char *const *one = curl_version_info(CURLVERSION_NOW)->protocols;
  (void)user;
  pretend_libcurl(AW_WEBSOCKET_SINCE);
  while(*one && strcmp(*one, "ws") != 0)
    one++;
  CHECK(aw_curl_about()->has_websocket == (*one != NULL));
}

static void looks_for_websocket_in_libcurl(void **state)
{
  (void)state;
  in_child(look_for_websocket, NULL);
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

/* What is done, which server it needs, and the only function that fails in it where it takes long. */
static const struct {
  const char *name;
  spec_server *(*start)(void);
  aw_status (*run)(const spec_server *server);
  const char *only;
} scenarios[] = {
    {"a call", scenario_server, call, NULL},
    {"a login", scenario_server, log_in, NULL},
    {"turns", scenario_server, scenario_turns, NULL},
    {"a kept session", scenario_server, scenario_kept, NULL},
    {"a large answer", scenario_large_server, scenario_large, "curl_easy_pause"},
    {"a stream", scenario_large_server, scenario_large_stream, "curl_easy_pause"},
#ifdef APPWRITE_REALTIME
    {"a socket", scenario_socket_server, scenario_socket, NULL},
#endif
};

static const struct {
  const char *name;
  long result;
  aw_status statuses[2];
} refusals[] = {
    {"curl_easy_init", 0, {AW_MEMORY, AW_OK}}, /* cookies are counted another time */
    {"curl_easy_pause", CURLE_RECV_ERROR, {AW_NETWORK, AW_NETWORK}},
    {"curl_easy_setopt", CURLE_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_easy_setopt", CURLE_NOT_BUILT_IN, {AW_MEMORY, AW_ARGUMENT}},
    {"curl_mime_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_add_handle", CURLM_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_init", 0, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_setopt", CURLM_UNKNOWN_OPTION, {AW_MEMORY, AW_MEMORY}},
#ifdef AW_WATCH_EPOLL
    {"curl_multi_socket_action", CURLM_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
    {"curl_multi_socket_action", CURLM_INTERNAL_ERROR, {AW_NETWORK, AW_NETWORK}},
    {"epoll_wait", EINTR, {AW_OK, AW_OK}},
#else
    {"curl_multi_perform", CURLM_INTERNAL_ERROR, {AW_NETWORK, AW_NETWORK}},
    {"curl_multi_poll", CURLM_OUT_OF_MEMORY, {AW_MEMORY, AW_MEMORY}},
#endif
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
      if(!scenarios[i].only || strcmp(scenarios[i].only, refusals[k].name) == 0)
        refused[k] += survive(i, k, server);
    server_stop(server);
  }
  for(k = 0; k < COUNT(refusals); k++)
    if(!refused[k])
      fail_msg("%s is never called", refusals[k].name);
}

/* Requests --------------------------------------------------------------------------------------------------------- */

static size_t made_by_a_get(const spec_world *world)
{
  aw_request *request;
  refuse("curl_easy_init", SIZE_MAX, 0);
  request = get(world->client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  return refuse_end();
}

static void uses_a_handle_again(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  assert_int_equal(made_by_a_get(&world), 1);
  assert_int_equal(made_by_a_get(&world), 0);
  world_close(&world);
}

static void takes_a_new_connection_where_the_old_one_is_not_known(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  refuse("getsockname", 0, ENOBUFS);
  aw_request_unref(get(world.client, "/"));
  request = get(world.client, "/");
  assert_true(refuse_end() > 0);
  assert_body(request, "hello");
  assert_int_equal(server_connections(world.server), 2);
  aw_request_unref(request);
  world_close(&world);
}

static void says_that_there_was_no_memory_for_a_new_connection(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request *request;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  refuse("curl_multi_add_handle", 3, CURLM_OUT_OF_MEMORY);
  refuse_too("getsockname", ENOBUFS);
  aw_request_unref(get(world.client, "/"));
  request = get(world.client, "/");
  assert_int_equal(refuse_end(), 3);
  assert_failed(request, AW_MEMORY, "");
  aw_request_unref(request);
  request = get(world.client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  world_close(&world);
}

static void says_that_it_cannot_take_over_a_logins_cookies(void **state)
{
  spec_server *server = scenario_server();
  (void)state;
  refuse_option("curl_easy_getinfo", CURLINFO_COOKIELIST, 0, CURLE_OUT_OF_MEMORY);
  assert_int_equal(log_in(server), AW_MEMORY);
  assert_true(refuse_end() > 0);
  server_stop(server);
}

/* Such a request is safe on a new connection alone. */
static void sends_nothing_that_could_be_sent_twice(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request_spec spec = spec_of("POST", "/");
  aw_request *request;
  spec_world world;
  aw_error error;
  (void)state;
  world_open(&world, steps, 1);
  refuse_option("curl_easy_setopt", CURLOPT_FRESH_CONNECT, 0, CURLE_OUT_OF_MEMORY);
  assert_int_equal(aw_request_start(world.client, &spec, &request, &error), AW_MEMORY);
  assert_int_equal(refuse_end(), 1);
  assert_int_equal(server_requests(world.server), 0);
  world_close(&world);
}

/* The first time is that of any request. */
static void asks_for_no_stream_that_may_come_encoded(void **state)
{
  static const server_step steps[] = {HELLO};
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  spec_world world;
  aw_error error;
  (void)state;
  world_open(&world, steps, 1);
  spec.stream = true;
  refuse_option("curl_easy_setopt", CURLOPT_ACCEPT_ENCODING, 2, CURLE_OUT_OF_MEMORY);
  assert_int_equal(aw_request_start(world.client, &spec, &request, &error), AW_MEMORY);
  assert_int_equal(refuse_end(), 2);
  assert_int_equal(server_requests(world.server), 0);
  world_close(&world);
}

static void says_that_an_endpoint_has_no_host(void **state)
{
  static const server_step steps[] = {HOLD};
  aw_client_options options = {0};
  aw_client *client;
  spec_world world;
  aw_error error;
  (void)state;
  world_open(&world, steps, 1);
  options.endpoint = world.endpoint;
  refuse("curl_url_get", 0, CURLUE_NO_HOST);
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_ARGUMENT);
  refuse_end();
  assert_has(error.message, "endpoint has no host");
  world_close(&world);
}

/* Children --------------------------------------------------------------------------------------------------------- */

#ifdef APPWRITE_REALTIME
static aw_status open_socket(const spec_world *world, aw_error *error)
{
  aw_socket_spec spec = {0};
  aw_socket *socket;
  spec.target = "/realtime";
  return aw_socket_open(world->client, &spec, &socket, error);
}
#endif

static void begin_anew(void *user)
{
  const spec_world *world = user;
  aw_error error;
  refuse("curl_multi_init", 0, 0);
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_MEMORY);
#ifdef APPWRITE_REALTIME
  CHECK(open_socket(world, &error) == AW_MEMORY);
#endif
#ifdef AW_WATCH_EPOLL
  refuse("curl_multi_setopt", 1, CURLM_UNKNOWN_OPTION);
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_MEMORY);
#endif
  refuse_end();
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_OK);
}

static void says_that_a_child_cannot_begin_anew(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/")); /* its handle is to go in the child */
  in_child(begin_anew, &world);
  world_close(&world);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      /* those that come first have libcurl as new */
      cmocka_unit_test(says_that_libcurl_could_not_be_initialized),
      cmocka_unit_test(tells_processes_apart_without_a_page_for_that),
      cmocka_unit_test(looks_for_websocket_in_libcurl),
      cmocka_unit_test(survives_whatever_fails),
      cmocka_unit_test(uses_a_handle_again),
      cmocka_unit_test(takes_a_new_connection_where_the_old_one_is_not_known),
      cmocka_unit_test(says_that_there_was_no_memory_for_a_new_connection),
      cmocka_unit_test(says_that_it_cannot_take_over_a_logins_cookies),
      cmocka_unit_test(sends_nothing_that_could_be_sent_twice),
      cmocka_unit_test(asks_for_no_stream_that_may_come_encoded),
      cmocka_unit_test(says_that_an_endpoint_has_no_host),
      cmocka_unit_test(says_that_a_child_cannot_begin_anew),
  };
  pretend_libcurl(USES_HANDLES_AGAIN);
  return cmocka_run_group_tests_name("refusals", tests, NULL, NULL) + refusals_system_suite();
}
