#define _POSIX_C_SOURCE 200809L

#include "aw_connection.h"
#include "aw_system.h"
#include "setopt.h"
#include "suites.h"
#include "support.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static aw_connection *made(const aw_client_options *options)
{
  aw_connection *connection;
  aw_error error;
  if(aw_connection_new(options, &connection, &error) != AW_OK)
    fail_msg("%s", error.message);
  return connection;
}

/* What libcurl does not take would make every request of the client fail. */
static void assert_configurable(const aw_connection *connection)
{
  CURL *easy = curl_easy_init();
  aw_error error;
  assert_non_null(easy);
  if(aw_connection_configure(connection, easy, &error) != AW_OK)
    fail_msg("%s", error.message);
  curl_easy_cleanup(easy);
}

static void has_defaults(void **state)
{
  aw_client_options options = {0};
  aw_connection *connection;
  (void)state;
  options.endpoint = "http://h/v1/";
  connection = made(&options);
  assert_string_equal(connection->endpoint, "http://h/v1");
  assert_null(connection->ca_file);
  assert_null(connection->proxy);
  assert_false(connection->self_signed);
  assert_int_equal(connection->connect_timeout, 10000);
  assert_int_equal(connection->low_speed_limit, 1);
  assert_int_equal(connection->low_speed_time, 60);
  assert_int_equal(connection->max_response, AW_RESPONSE_MAX);
  assert_configurable(connection);
  aw_connection_unref(connection);
}

static void converts_times_and_limits(void **state)
{
  static const struct {
    double given;
    long milliseconds, whole, seconds; /* connect timeout, low-speed limit, low-speed time */
  } cases[] = {
      {2.5, 2500, 2, 2},
      {0.0001, 1, 1, 1},
      {-1, 10000, 1, 60},
      {1e6, 1000000000, 1000000, USHRT_MAX},
      {1e300, INT_MAX, INT_MAX, USHRT_MAX},
      {(double)NAN, 10000, 1, 60},
      {(double)INFINITY, INT_MAX, INT_MAX, USHRT_MAX},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_client_options options = {0};
    aw_connection *connection;
    options.endpoint = "http://h";
    options.connect_timeout = options.low_speed_limit = options.low_speed_time = cases[i].given;
    connection = made(&options);
    assert_int_equal(connection->connect_timeout, cases[i].milliseconds);
    assert_int_equal(connection->low_speed_limit, cases[i].whole);
    assert_int_equal(connection->low_speed_time, cases[i].seconds);
    assert_configurable(connection);
    aw_connection_unref(connection);
  }
}

static void limits_the_answer(void **state)
{
  static const struct {
    double given;
    size_t max; /* 0: refused */
  } cases[] = {
      {0, AW_RESPONSE_MAX},  {-5, AW_RESPONSE_MAX}, {(double)NAN, AW_RESPONSE_MAX}, {1, 1}, {1e6, 1000000}, {1e30, 0},
      {(double)INFINITY, 0},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_client_options options = {0};
    aw_connection *connection = NULL;
    aw_error error;
    aw_status status;
    options.endpoint = "http://h";
    options.max_response = cases[i].given;
    status = aw_connection_new(&options, &connection, &error);
    assert_int_equal(status, cases[i].max ? AW_OK : AW_ARGUMENT);
    if(status == AW_OK)
      assert_int_equal(connection->max_response, cases[i].max);
    else
      assert_has(error.message, "maxResponseBytes");
    aw_connection_unref(connection);
  }
}

static void names_itself(void **state)
{
  static const char *const refused[] = {"a\r\nX: y", "a\n"};
  char more[258];
  aw_client_options options = {0};
  aw_connection *connection;
  aw_error error;
  size_t i;
  (void)state;
  memset(more, 'm', sizeof(more));
  more[256] = '\0';
  options.endpoint = "http://h";
  options.user_agent = more;
  connection = made(&options);
  assert_ptr_equal(strstr(connection->user_agent, "AppwriteLuaSDK/" AW_VERSION " ("), connection->user_agent);
  assert_has(connection->user_agent, "; libcurl/");
  assert_has(connection->user_agent, more);
  assert_configurable(connection);
  aw_connection_unref(connection);
  more[256] = 'm';
  more[257] = '\0';
  assert_int_equal(aw_connection_new(&options, &connection, &error), AW_ARGUMENT);
  for(i = 0; i < COUNT(refused); i++) {
    options.user_agent = refused[i];
    assert_int_equal(aw_connection_new(&options, &connection, &error), AW_ARGUMENT);
    assert_has(error.message, "userAgent");
  }
}

static void is_counted(void **state)
{
  spec_faults faults;
  aw_client_options options = {0};
  aw_connection *connection;
  (void)state;
  faults_begin(&faults, 0);
  options.endpoint = "http://h";
  options.ca_file = "a.pem";
  options.proxy = "http://user:hunter2@proxy";
  connection = made(&options);
  aw_connection_unref(aw_connection_ref(connection));
  assert_string_equal(connection->ca_file, "a.pem");
  assert_string_equal(connection->proxy, options.proxy);
  aw_connection_unref(connection);
  aw_connection_unref(NULL);
  faults_end(&faults);
}

static void assert_tls_failure(aw_client_options options, const char *part)
{
  static const server_step steps[] = {{"HTTP/1.1 400 Bad Request\r\n\r\n", SERVER_CLOSE, 0, SERVER_BYTES}};
  char endpoint[64];
  aw_request *request;
  aw_client *client;
  aw_error error;
  spec_world world;
  world_open(&world, steps, 1);
  snprintf(endpoint, sizeof(endpoint), "https://127.0.0.1:%d/v1", server_port(world.server));
  options.endpoint = endpoint;
  options.proxy = "";
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  request = get(client, "/");
  assert_int_equal(aw_request_http_status(request), 0);
  assert_failed(request, AW_TLS, part);
  aw_request_unref(request);
  aw_client_unref(client);
  world_close(&world);
}

static void reaches_https_over_tls_alone(void **state)
{
  aw_client_options options = {0};
  (void)state;
  assert_tls_failure(options, "");
  options.self_signed = true;
  assert_tls_failure(options, "");
  options.self_signed = false;
  options.ca_file = "/missing/ca.pem";
  assert_tls_failure(options, "/missing/ca.pem");
}

static void has_a_certificates_status_verified(void **state)
{
  aw_client_options options = {0};
  aw_connection *connection;
  (void)state;
  options.endpoint = "https://h";
  connection = made(&options);
  setopt_begin(0, CURLE_OK);
  assert_configurable(connection);
  assert_int_equal(setopt_value(CURLOPT_SSL_VERIFYSTATUS), -1);
  assert_int_equal(setopt_value(CURLOPT_SSL_SESSIONID_CACHE), -1);
  setopt_end();
  aw_connection_unref(connection);
  options.verify_status = true;
  connection = made(&options);
  setopt_begin(0, CURLE_OK);
  assert_configurable(connection);
  assert_int_equal(setopt_value(CURLOPT_SSL_VERIFYSTATUS), 1);
  assert_int_equal(setopt_value(CURLOPT_SSL_SESSIONID_CACHE), 0);
  setopt_end();
  aw_connection_unref(connection);
}

static void verifies_no_status_where_it_cannot(void **state)
{
  aw_client_options options = {0};
  aw_connection *connection;
  aw_error error;
  (void)state;
  options.endpoint = "https://h";
  options.verify_status = true;
  setopt_begin(CURLOPT_SSL_VERIFYSTATUS, CURLE_NOT_BUILT_IN);
  assert_int_equal(aw_connection_new(&options, &connection, &error), AW_ARGUMENT);
  assert_has(error.message, "verifyStatus needs a libcurl whose TLS library");
  assert_has(error.message, "libcurl/");
  setopt_begin(CURLOPT_SSL_VERIFYSTATUS, CURLE_UNKNOWN_OPTION); /* before 7.41 */
  assert_int_equal(aw_connection_new(&options, &connection, &error), AW_ARGUMENT);
  setopt_end();
  options.self_signed = true;
  assert_int_equal(aw_connection_new(&options, &connection, &error), AW_ARGUMENT);
  assert_has(error.message, "verifyStatus and selfSigned");
}

static void says_what_demands_a_status(void **state)
{
  static const struct {
    CURLcode code;
    aw_status status;
  } cases[] = {
      {CURLE_SSL_INVALIDCERTSTATUS, AW_TLS},   {CURLE_PEER_FAILED_VERIFICATION, AW_TLS},
      {CURLE_SSL_CONNECT_ERROR, AW_TLS},       {CURLE_SSL_CIPHER, AW_TLS},
      {CURLE_OPERATION_TIMEDOUT, AW_TIMEOUT},  {CURLE_OUT_OF_MEMORY, AW_MEMORY},
      {CURLE_WEIRD_SERVER_REPLY, AW_PROTOCOL}, {CURLE_COULDNT_CONNECT, AW_NETWORK},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    aw_error error;
    assert_int_equal(aw_connection_fail(cases[i].code, "as libcurl says", &error), cases[i].status);
    assert_int_equal(error.status, cases[i].status);
    assert_has(error.message, "as libcurl says");
    if(cases[i].code == CURLE_SSL_INVALIDCERTSTATUS)
      assert_has(error.message, "verifyStatus");
    else
      assert_has_not(error.message, "verifyStatus");
  }
}

static void uses_a_proxy_and_the_environments(void **state)
{
  static const server_step steps[] = {OK};
  aw_client_options options = {0};
  aw_client *client;
  aw_error error;
  spec_world world;
  (void)state;
  world_open_proxied(&world, steps, 1, "http://appwrite.example/v1");
  aw_request_unref(get(world.client, "/a"));
  assert_has(server_request(world.server, 0),
             "GET http://appwrite.example/v1/a HTTP/1.1\r\nHost: appwrite.example\r\n");
  setenv("http_proxy", world.proxy, 1);
  options.endpoint = "http://other.example";
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  aw_request_unref(get(client, "/b"));
  assert_has(server_request(world.server, 1), "GET http://other.example/b HTTP/1.1\r\n");
  aw_client_unref(client);
  options.endpoint = world.endpoint;
  options.proxy = ""; /* none, whatever the environment says */
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  aw_request_unref(get(client, "/c"));
  assert_has(server_request(world.server, 2), "GET /v1/c HTTP/1.1\r\n");
  unsetenv("http_proxy");
  aw_client_unref(client);
  world_close(&world);
}

static void gives_up_a_connection_that_is_too_slow(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", SERVER_HOLD, 0, SERVER_WHOLE}};
  aw_client_options options = {0};
  aw_request *request;
  spec_world world;
  double before = aw_monotonic();
  (void)state;
  options.low_speed_limit = 1000;
  options.low_speed_time = 1;
  world_open_with(&world, steps, 1, options);
  request = get(world.client, "/");
  assert_failed(request, AW_TIMEOUT, "");
  assert_int_equal(aw_request_http_status(request), 200);
  assert_true(aw_monotonic() - before < PATIENCE / 2);
  aw_request_unref(request);
  world_close(&world);
}

int aw_connection_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_defaults),
      cmocka_unit_test(converts_times_and_limits),
      cmocka_unit_test(limits_the_answer),
      cmocka_unit_test(names_itself),
      cmocka_unit_test(is_counted),
      cmocka_unit_test(reaches_https_over_tls_alone),
      cmocka_unit_test(has_a_certificates_status_verified),
      cmocka_unit_test(verifies_no_status_where_it_cannot),
      cmocka_unit_test(says_what_demands_a_status),
      cmocka_unit_test(uses_a_proxy_and_the_environments),
      cmocka_unit_test(gives_up_a_connection_that_is_too_slow),
  };
  return cmocka_run_group_tests_name("aw_connection", tests, NULL, NULL);
}
