#include "aw_alloc.h"
#include "aw_client.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FALLBACK(status, value)                                                                                        \
  {                                                                                                                    \
    "HTTP/1.1 " status "\r\nX-Fallback-Cookies: " value "\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP, 0, SERVER_WHOLE  \
  }
#define SESSION "{\"a_session_p\":\"c2VjcmV0\"}"

static aw_client_options everything(void)
{
  static const aw_field headers[] = {{"X-Own", "of the client"}, {"x-sdk-name", "Other"}};
  aw_client_options options = {0};
  options.credentials[AW_PROJECT] = "the-project";
  options.credentials[AW_KEY] = "the-key";
  options.credentials[AW_JWT] = "the-jwt";
  options.credentials[AW_SESSION] = "the-session";
  options.credentials[AW_LOCALE] = "the-locale";
  options.headers = headers;
  options.headers_count = COUNT(headers);
  return options;
}

static void sends_what_it_was_given(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const lines[] = {
      "GET /v1/account HTTP/1.1\r\n",
      "\r\nX-Appwrite-Project: the-project\r\n",
      "\r\nX-Appwrite-Key: the-key\r\n",
      "\r\nX-Appwrite-JWT: the-jwt\r\n",
      "\r\nX-Appwrite-Session: the-session\r\n",
      "\r\nX-Appwrite-Locale: the-locale\r\n",
      "\r\nX-Appwrite-Response-Format: " AW_RESPONSE_FORMAT "\r\n",
      "\r\nX-SDK-Platform: client\r\n",
      "\r\nX-SDK-Language: lua\r\n",
      "\r\nX-SDK-Version: " AW_VERSION "\r\n",
      "\r\nUser-Agent: AppwriteLuaSDK/" AW_VERSION " (",
      "\r\nX-Own: of the client\r\n",
      "\r\nx-sdk-name: Other\r\n",
  };
  static const char *const absent[] = {"X-SDK-Name: Lua", "Origin", "Cookie", "X-Fallback-Cookies", "Expect"};
  spec_world world;
  size_t i;
  (void)state;
  world_open_with(&world, steps, 1, everything());
  aw_request_unref(get(world.client, "/account"));
  for(i = 0; i < COUNT(lines); i++)
    assert_has(server_request(world.server, 0), lines[i]);
  for(i = 0; i < COUNT(absent); i++)
    assert_has_not(server_request(world.server, 0), absent[i]);
  world_close(&world);
}

static void sends_no_header_for_what_it_was_not_given(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const absent[] = {"X-Appwrite-Key", "X-Appwrite-JWT", "X-Appwrite-Session", "X-Appwrite-Locale"};
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/"));
  assert_has(server_request(world.server, 0), "\r\nX-SDK-Name: Lua\r\n");
  for(i = 0; i < COUNT(absent); i++)
    assert_has_not(server_request(world.server, 0), absent[i]);
  world_close(&world);
}

static void sets_and_forgets(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const names[AW_CREDENTIALS] = {"X-Appwrite-Project", "X-Appwrite-Key", "X-Appwrite-JWT",
                                                    "X-Appwrite-Session", "X-Appwrite-Locale"};
  aw_error error;
  spec_world world;
  int i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < AW_CREDENTIALS; i++) {
    size_t seen = server_requests(world.server);
    assert_int_equal(aw_client_set(world.client, (aw_credential)i, "one", &error), AW_OK);
    assert_true(aw_client_has(world.client, (aw_credential)i));
    aw_request_unref(get(world.client, "/"));
    assert_int_equal(aw_client_set(world.client, (aw_credential)i, "two", &error), AW_OK);
    aw_request_unref(get(world.client, "/"));
    assert_int_equal(aw_client_set(world.client, (aw_credential)i, NULL, &error), AW_OK);
    assert_false(aw_client_has(world.client, (aw_credential)i));
    aw_request_unref(get(world.client, "/"));
    assert_has(strstr(server_request(world.server, seen), names[i]), ": one\r\n");
    assert_has(strstr(server_request(world.server, seen + 1), names[i]), ": two\r\n");
    assert_has_not(server_request(world.server, seen + 1), "one");
    assert_has_not(server_request(world.server, seen + 2), names[i]);
  }
  assert_null(aw_client_project(world.client));
  world_close(&world);
}

static void refuses_values_that_cannot_stand_in_a_header(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const bad[] = {"hunter2\r\nX-Evil: 1", "hunter2\n", "\rhunter2"};
  static const char *const names[AW_CREDENTIALS] = {"project", "key", "jwt", "session", "locale"};
  spec_world world;
  size_t i;
  int which;
  (void)state;
  world_open(&world, steps, 1);
  for(which = 0; which < AW_CREDENTIALS; which++) {
    for(i = 0; i < COUNT(bad); i++) {
      aw_client_options options = {0};
      aw_client *client = NULL;
      aw_error error;
      assert_int_equal(aw_client_set(world.client, (aw_credential)which, bad[i], &error), AW_ARGUMENT);
      assert_has_not(error.message, "hunter2");
      options.endpoint = world.endpoint;
      options.credentials[which] = bad[i];
      assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_ARGUMENT);
      assert_int_equal(aw_client_fork(world.client, &options, &client, &error), AW_ARGUMENT);
      assert_has(error.message, names[which]);
      assert_has_not(error.message, "hunter2");
      assert_null(client);
    }
  }
  assert_string_equal(aw_client_project(world.client), "p"); /* the old value stays */
  world_close(&world);
}

static void refuses_fields_of_its_own_that_cannot_be(void **state)
{
  static const aw_field bad[] = {{"a b", "c"}, {"", "c"}, {"a", "b\r\nc: d"}};
  aw_engine *engine;
  aw_error error;
  aw_stats stats;
  size_t i;
  (void)state;
  assert_int_equal(aw_engine_new(&engine, &error), AW_OK);
  for(i = 0; i < COUNT(bad); i++) {
    aw_client_options options = {0};
    aw_client *client;
    options.endpoint = "http://h";
    options.headers = &bad[i];
    options.headers_count = 1;
    assert_int_equal(aw_client_new(engine, &options, &client, &error), AW_ARGUMENT);
  }
  aw_engine_stats(engine, &stats);
  assert_int_equal(stats.clients, 0);
  aw_engine_unref(engine);
}

static void goes_to_a_login_without_the_user(void **state)
{
  static const server_step steps[] = {FALLBACK("200 OK", SESSION), FALLBACK("201 Created", "{\"new\":1}"), OK};
  static const char *const absent[] = {"X-Appwrite-JWT", "X-Appwrite-Session", "X-Fallback-Cookies", "Cookie"};
  spec_world world;
  size_t i;
  (void)state;
  world_open_with(&world, steps, COUNT(steps), everything());
  aw_request_unref(get(world.client, "/"));
  login(world.client);
  for(i = 0; i < COUNT(absent); i++)
    assert_has_not(server_request(world.server, 1), absent[i]);
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Key: the-key\r\n");
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Project: the-project\r\n");
  assert_has(server_request(world.server, 1), "\r\nX-Own: of the client\r\n");
  /* The old user is gone for good, the new one known. */
  assert_false(aw_client_has(world.client, AW_SESSION));
  assert_false(aw_client_has(world.client, AW_JWT));
  aw_request_unref(get(world.client, "/"));
  assert_has(server_request(world.server, 2), "\r\nX-Fallback-Cookies: {\"new\":1}\r\n");
  assert_has_not(server_request(world.server, 2), "the-session");
  world_close(&world);
}

static void keeps_the_user_when_a_login_fails(void **state)
{
  static const server_step steps[] = {FALLBACK("401 No", "{\"bad\":1}"), OK};
  spec_world world;
  (void)state;
  world_open_with(&world, steps, COUNT(steps), everything());
  login(world.client);
  aw_request_unref(get(world.client, "/"));
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Session: the-session\r\n");
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-JWT: the-jwt\r\n");
  assert_has_not(server_request(world.server, 1), "X-Fallback-Cookies");
  world_close(&world);
}

static void learns_fallback_cookies_and_forgets_them_at_logout(void **state)
{
  static const server_step steps[] = {
      FALLBACK("200 OK", SESSION),      OK, FALLBACK("200 OK", "{\"b\":2}"), FALLBACK("500 No", "[]"), OK,
      FALLBACK("204 No Content", "[]"), OK};
  static const char *const sent[] = {NULL, SESSION, SESSION, "{\"b\":2}", "{\"b\":2}", "{\"b\":2}", NULL};
  spec_world world;
  size_t i;
  (void)state;
  world_open_with(&world, steps, COUNT(steps), everything());
  for(i = 0; i < COUNT(sent); i++) {
    aw_request_unref(get(world.client, "/"));
    if(sent[i])
      assert_has(strstr(server_request(world.server, i), "\r\nX-Fallback-Cookies: "), sent[i]);
    else
      assert_has_not(server_request(world.server, i), "X-Fallback-Cookies");
    assert_int_equal(has_cookies(world.client), i < 5);
    assert_int_equal(aw_client_has(world.client, AW_SESSION), i < 5);
    assert_int_equal(aw_client_has(world.client, AW_JWT), i < 5);
  }
  assert_true(aw_client_has(world.client, AW_KEY));
  world_close(&world);
}

static void takes_no_session_from_a_trailer_or_an_interim_answer(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Fallback-Cookies\r\n\r\n0\r\n"
       "X-Fallback-Cookies: " SESSION "\r\n\r\n",
       SERVER_KEEP, 0, SERVER_WHOLE},
      {"HTTP/1.1 103 Early Hints\r\nX-Fallback-Cookies: " SESSION "\r\n\r\n" OK_EMPTY, SERVER_KEEP, 0, SERVER_WHOLE},
  };
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  for(i = 0; i < COUNT(steps); i++) {
    aw_request *request = get(world.client, "/");
    assert_int_equal(aw_request_error(request)->status, AW_OK);
    assert_false(has_cookies(world.client));
    aw_request_unref(request);
  }
  world_close(&world);
}

/* It would be refused in every request to come. */
static void learns_nothing_that_cannot_be_sent_back(void **state)
{
  static const server_step steps[] = {FALLBACK("200 OK", "{\"a\":\r1}"), OK};
  spec_world world;
  aw_request *request;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  request = get(world.client, "/");
  assert_int_equal(aw_request_error(request)->status, AW_PROTOCOL);
  aw_request_unref(request);
  assert_false(has_cookies(world.client));
  request = get(world.client, "/");
  assert_int_equal(aw_request_error(request)->status, AW_OK);
  aw_request_unref(request);
  world_close(&world);
}

/* NULL: there is none to be written. */
static void assert_authentication(const aw_client *client, const char *session)
{
  char expected[200];
  aw_buf message;
  aw_error error;
  aw_buf_init(&message, 1000);
  if(session) {
    snprintf(expected, sizeof(expected), "{\"type\":\"authentication\",\"data\":{\"session\":\"%s\"}}", session);
    assert_int_equal(aw_client_write_authentication(client, &message, &error), AW_OK);
    assert_string_equal(message.data, expected);
  }
  else {
    assert_int_equal(aw_client_write_authentication(client, &message, &error), AW_ARGUMENT);
    assert_int_equal(message.length, 0);
  }
  aw_buf_deinit(&message);
}

/* The session as the server gave it, and what became of it: JSON's escapes are the server's. */
static void writes_the_session_for_realtime(void **state)
{
  static const struct {
    const char *fallback, *session;
  } cases[] = {
      {SESSION, "c2VjcmV0"},
      {"{\"a_session_p\": \"c2Vj\\/\\\"cmV0==\"}", "c2Vj\\/\\\"cmV0=="},
      {"{\"a_session_other\":\"c2VjcmV0\"}", NULL},
      {"{\"a_session_p2\":\"c2VjcmV0\"}", NULL},
      {"{\"a_session_p\":7}", NULL},
      {"{\"a_session_p\":\"unfinished\\", NULL},
      {"{\"a_session_p\"", NULL},
      {"{\"a_session_p", NULL},
      {"{\"a_session_", NULL},
      {"{}", NULL},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    char answer[300];
    server_step step = {NULL, SERVER_KEEP, 0, SERVER_WHOLE};
    aw_client_options options = {0};
    spec_world world;
    aw_error error;
    aw_buf small;
    snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nX-Fallback-Cookies: %s\r\nContent-Length: 0\r\n\r\n",
             cases[i].fallback);
    step.reply = answer;
    options.credentials[AW_PROJECT] = "p";
    world_open_with(&world, &step, 1, options);
    assert_authentication(world.client, NULL);
    aw_request_unref(get(world.client, "/"));
    assert_authentication(world.client, cases[i].session);
    assert_int_equal(aw_client_set(world.client, AW_SESSION, "by-hand", &error), AW_OK);
    assert_authentication(world.client, "by-hand");
    aw_buf_init(&small, 44);
    assert_int_equal(aw_client_write_authentication(world.client, &small, &error), AW_ARGUMENT);
    assert_has(error.message, "too long for a message");
    aw_buf_deinit(&small);
    assert_int_equal(aw_client_set(world.client, AW_SESSION, "a\"b", &error), AW_OK);
    assert_authentication(world.client, NULL);
    world_close(&world);
  }
}

static void clears_the_user_only(void **state)
{
  static const server_step steps[] = {FALLBACK("200 OK", SESSION), OK};
  spec_world world;
  (void)state;
  world_open_with(&world, steps, COUNT(steps), everything());
  aw_request_unref(get(world.client, "/"));
  aw_client_clear(world.client);
  aw_client_clear(world.client);
  assert_false(has_cookies(world.client));
  assert_false(aw_client_has(world.client, AW_SESSION));
  assert_false(aw_client_has(world.client, AW_JWT));
  assert_true(aw_client_has(world.client, AW_KEY));
  assert_true(aw_client_has(world.client, AW_LOCALE));
  assert_string_equal(aw_client_project(world.client), "the-project");
  aw_request_unref(get(world.client, "/"));
  assert_has_not(server_request(world.server, 1), "X-Fallback-Cookies");
  world_close(&world);
}

/* Whatever way they go, and whatever happens to them. */
static void wipes_secrets_before_they_are_freed(void **state)
{
  static const server_step steps[] = {FALLBACK("200 OK", "{\"a\":1}"), OK};
  aw_client_options options = {0};
  aw_request_spec spec = spec_of("POST", "/");
  aw_client *client;
  aw_error error;
  aw_body body;
  spec_world world;
  int i;
  (void)state;
  secrets_begin("hunter2");
  world_open(&world, steps, COUNT(steps));
  options.endpoint = world.endpoint;
  options.proxy = "http://user:hunter2@proxy.example";
  for(i = 0; i < AW_CREDENTIALS; i++)
    options.credentials[i] = "my hunter2";
  assert_int_equal(aw_client_new(world.engine, &options, &client, &error), AW_OK);
  aw_client_unref(client);
  assert_int_equal(aw_client_set(world.client, AW_SESSION, "hunter2", &error), AW_OK);
  assert_int_equal(aw_client_set(world.client, AW_SESSION, "hunter2 too", &error), AW_OK);
  assert_int_equal(aw_client_set(world.client, AW_KEY, "hunter2", &error), AW_OK);
  assert_int_equal(aw_client_set(world.client, AW_KEY, NULL, &error), AW_OK);
  set_body(&body, "{\"password\":\"hunter2\"}", 22);
  spec.body = &body;
  run_and_drop(world.client, &spec);
  aw_client_clear(world.client);
  world_close(&world);
  assert_int_equal(secrets_end(), 0);
}

static aw_client *forked(aw_client *parent, const aw_client_options *options)
{
  aw_client *client;
  aw_error error;
  assert_int_equal(aw_client_fork(parent, options, &client, &error), AW_OK);
  return client;
}

static void forks_with_credentials_of_its_own(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const absent[] = {"the-key", "the-jwt", "the-session"};
  static const aw_field field = {"X-Other", "of the fork"};
  aw_client_options options = {0};
  aw_client *fork;
  spec_world world;
  size_t i;
  (void)state;
  world_open_with(&world, steps, 1, everything());
  fork = forked(world.client, &options);
  aw_request_unref(get(fork, "/"));
  aw_client_unref(fork);
  assert_has(server_request(world.server, 0), "\r\nX-Appwrite-Project: the-project\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Appwrite-Locale: the-locale\r\n");
  assert_has(server_request(world.server, 0), "\r\nX-Own: of the client\r\n");
  for(i = 0; i < COUNT(absent); i++)
    assert_has_not(server_request(world.server, 0), absent[i]);
  options.credentials[AW_PROJECT] = "another";
  options.credentials[AW_SESSION] = "of the fork";
  options.headers = &field;
  options.headers_count = 1;
  fork = forked(world.client, &options);
  aw_request_unref(get(fork, "/"));
  aw_client_unref(fork);
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Project: another\r\n");
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Session: of the fork\r\n");
  assert_has(server_request(world.server, 1), "\r\nX-Other: of the fork\r\n");
  assert_has_not(server_request(world.server, 1), "X-Own");
  assert_string_equal(aw_client_project(world.client), "the-project");
  assert_int_equal(server_connections(world.server), 1);
  world_close(&world);
}

static void outlives_its_parent_and_its_engines_owner(void **state)
{
  static const server_step steps[] = {OK};
  aw_client_options options = {0};
  aw_client *fork;
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  fork = forked(world.client, &options);
  aw_client_unref(world.client);
  aw_engine_unref(aw_engine_ref(world.engine));
  assert_string_equal(aw_client_endpoint(fork), world.endpoint);
  assert_ptr_equal(aw_client_engine(fork), world.engine);
  assert_int_equal(aw_client_max_response(fork), AW_RESPONSE_MAX);
  aw_request_unref(get(fork, "/"));
  world.client = aw_client_ref(fork);
  aw_client_unref(fork);
  aw_client_unref(NULL);
  world_close(&world);
}

/* What is behind "https://", longer than any name. */
static void writes_no_head_for_a_name_that_is_too_long(void **state)
{
  static const server_step steps[] = {OK};
  char *endpoint = repeated("http://", "a", 310, "/v1");
  aw_client_options options = {0};
  spec_world world;
  aw_error error;
  aw_buf head;
  (void)state;
  options.endpoint = endpoint;
  world_open_with(&world, steps, 1, options);
  aw_buf_init(&head, AW_HEADERS_MAX);
  assert_int_equal(aw_client_write_head(world.client, "/v1", &head, &error), AW_ARGUMENT);
  assert_has(error.message, "host is too long");
  aw_buf_deinit(&head);
  free(endpoint);
  world_close(&world);
}

/* A session that comes again is none that is new: late answers of before are as good as they were. */
static void learns_the_same_session_once(void **state)
{
  static const server_step steps[] = {FALLBACK("200 OK", SESSION), FALLBACK("200 OK", SESSION)};
  spec_world world;
  unsigned generation, revision;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  aw_request_unref(get(world.client, "/"));
  generation = aw_client_generation(world.client);
  revision = aw_client_revision(world.client);
  aw_request_unref(get(world.client, "/"));
  assert_int_equal(aw_client_generation(world.client), generation);
  assert_int_equal(aw_client_revision(world.client), revision);
  world_close(&world);
}

int aw_client_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(sends_what_it_was_given),
      cmocka_unit_test(sends_no_header_for_what_it_was_not_given),
      cmocka_unit_test(sets_and_forgets),
      cmocka_unit_test(refuses_values_that_cannot_stand_in_a_header),
      cmocka_unit_test(refuses_fields_of_its_own_that_cannot_be),
      cmocka_unit_test(goes_to_a_login_without_the_user),
      cmocka_unit_test(keeps_the_user_when_a_login_fails),
      cmocka_unit_test(learns_fallback_cookies_and_forgets_them_at_logout),
      cmocka_unit_test(takes_no_session_from_a_trailer_or_an_interim_answer),
      cmocka_unit_test(learns_nothing_that_cannot_be_sent_back),
      cmocka_unit_test(wipes_secrets_before_they_are_freed),
      cmocka_unit_test(clears_the_user_only),
      cmocka_unit_test(writes_the_session_for_realtime),
      cmocka_unit_test(writes_no_head_for_a_name_that_is_too_long),
      cmocka_unit_test(learns_the_same_session_once),
      cmocka_unit_test(forks_with_credentials_of_its_own),
      cmocka_unit_test(outlives_its_parent_and_its_engines_owner),
  };
  return cmocka_run_group_tests_name("aw_client", tests, NULL, NULL);
}
