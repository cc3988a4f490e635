#include "aw_alloc.h"
#include "aw_client.h"
#include "aw_kept.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOGIN                                                                                                          \
  {                                                                                                                    \
    "HTTP/1.1 201 Created\r\nX-Fallback-Cookies: {\"a_session_p\":\"hunter2\"}\r\n"                                    \
    "Set-Cookie: a_session_p=hunter2; path=/; max-age=3600; httponly\r\nSet-Cookie: once=1; path=/\r\n"                \
    "Content-Length: 0\r\n\r\n",                                                                                       \
        SERVER_KEEP, 0, SERVER_WHOLE                                                                                   \
  }

/* The caller frees it. NULL where there is nothing to keep. */
static char *exported(const aw_client *client)
{
  char *copy = NULL;
  aw_error error;
  aw_buf text;
  aw_buf_init(&text, AW_KEPT_MAX);
  assert_int_equal(aw_client_export(client, &text, &error), AW_OK);
  if(text.length) {
    copy = malloc(text.length + 1);
    assert_non_null(copy);
    memcpy(copy, text.data, text.length + 1);
  }
  aw_buf_deinit(&text);
  return copy;
}

static aw_client *another(const spec_world *world, const char *project)
{
  aw_client_options options = {0};
  aw_client *client;
  aw_error error;
  options.endpoint = world->endpoint;
  options.proxy = "";
  options.credentials[AW_PROJECT] = project;
  assert_int_equal(aw_client_new(world->engine, &options, &client, &error), AW_OK);
  return client;
}

static void goes_on_as_the_same_user(void **state)
{
  static const server_step steps[] = {LOGIN, OK};
  spec_world world;
  aw_client *client;
  aw_error error;
  unsigned before;
  char *text, *again;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  assert_null(exported(world.client));
  before = aw_client_revision(world.client);
  login(world.client);
  assert_int_not_equal(aw_client_revision(world.client), before);
  text = exported(world.client);
  assert_has(text, world.endpoint);
  assert_has_not(text, "once");
  client = another(&world, "p");
  assert_int_equal(aw_client_import(client, text, strlen(text), &error), AW_OK);
  again = exported(client);
  assert_string_equal(again, text);
  aw_request_unref(get(client, "/"));
  assert_has(server_request(world.server, 1), "\r\nX-Fallback-Cookies: {\"a_session_p\":\"hunter2\"}\r\n");
  assert_has(server_request(world.server, 1), "\r\nCookie: a_session_p=hunter2\r\n");
  aw_client_clear(client);
  assert_null(exported(client));
  free(text);
  free(again);
  aw_client_unref(client);
  world_close(&world);
}

static void replaces_the_user_it_had(void **state)
{
  static const server_step steps[] = {LOGIN, OK};
  spec_world world;
  aw_client *client;
  aw_error error;
  char *text;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  client = another(&world, "p");
  assert_int_equal(aw_client_set(client, AW_SESSION, "token", &error), AW_OK);
  text = exported(client);
  login(world.client);
  assert_int_equal(aw_client_import(world.client, text, strlen(text), &error), AW_OK);
  aw_request_unref(get(world.client, "/"));
  assert_has(server_request(world.server, 1), "\r\nX-Appwrite-Session: token\r\n");
  assert_has_not(server_request(world.server, 1), "hunter2");
  free(text);
  aw_client_unref(client);
  world_close(&world);
}

static void takes_none_of_another_place(void **state)
{
  static const server_step steps[] = {LOGIN, OK};
  spec_world world, elsewhere;
  aw_client *client;
  aw_error error;
  char *text;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  world_open(&elsewhere, steps, COUNT(steps));
  login(world.client);
  text = exported(world.client);
  client = another(&world, "q");
  assert_int_equal(aw_client_set(client, AW_SESSION, "own", &error), AW_OK);
  assert_int_equal(aw_client_import(client, text, strlen(text), &error), AW_ARGUMENT);
  assert_has(error.message, "project \"p\"");
  assert_has_not(error.message, "hunter2");
  assert_true(aw_client_has(client, AW_SESSION));
  assert_false(has_cookies(client));
  aw_client_unref(client);
  assert_int_equal(aw_client_import(elsewhere.client, text, strlen(text), &error), AW_ARGUMENT);
  assert_has(error.message, world.endpoint);
  assert_false(has_cookies(elsewhere.client));
  free(text);
  world_close(&elsewhere);
  world_close(&world);
}

/* libcurl would take a command for a cookie. */
static void takes_no_line_that_is_no_cookie(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const lines[] = {"ALL",
                                      "FLUSH",
                                      "Set-Cookie: a=hunter2",
                                      "a\tb",
                                      "host\tFALSE\t/\tFALSE\tsoon\ta\thunter2",
                                      "\tFALSE\t/\tFALSE\t1900000000\ta\thunter2",
                                      ".\tTRUE\t/\tFALSE\t1900000000\ta\thunter2",
                                      ".#host\tTRUE\t/\tFALSE\t1900000000\ta\thunter2",
                                      "a host\tFALSE\t/\tFALSE\t1900000000\ta\thunter2",
                                      "..host\tTRUE\t/\tFALSE\t1900000000\ta\thunter2",
                                      "host\tFALSE\t/\tFALSE\t1900000000\t\thunter2",
                                      "host\tFALSE\t/\tFALSE\t1900000000\ta\thunter2\x01"};
  spec_world world;
  aw_error error;
  size_t i;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  assert_int_equal(aw_client_set(world.client, AW_SESSION, "own", &error), AW_OK);
  for(i = 0; i < COUNT(lines); i++) {
    char text[512];
    snprintf(text, sizeof(text), "appwrite-session 1\nendpoint %s\nproject p\ncookie %s\nend\n", world.endpoint,
             lines[i]);
    assert_int_equal(aw_client_import(world.client, text, strlen(text), &error), AW_ARGUMENT);
    assert_has(error.message, "cookie cannot be read");
    assert_has_not(error.message, "hunter2");
    assert_false(has_cookies(world.client));
    assert_true(aw_client_has(world.client, AW_SESSION));
  }
  world_close(&world);
}

static void leaves_no_user_without_memory(void **state)
{
  static const server_step steps[] = {LOGIN};
  spec_world world;
  aw_error error;
  char *text;
  size_t n;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  login(world.client);
  assert_int_equal(aw_client_set(world.client, AW_JWT, "jwt", &error), AW_OK);
  text = exported(world.client);
  world_close(&world);
  for(n = 1;; n++) {
    aw_client_options options = {0};
    aw_engine *engine;
    aw_client *client;
    spec_faults faults;
    aw_status status;
    options.endpoint = world.endpoint;
    options.credentials[AW_PROJECT] = "p";
    faults_begin(&faults, 0);
    assert_int_equal(aw_engine_new(&engine, &error), AW_OK);
    assert_int_equal(aw_client_new(engine, &options, &client, &error), AW_OK);
    faults.fail_at = faults.calls + n;
    status = aw_client_import(client, text, strlen(text), &error);
    assert_int_equal(has_cookies(client), status == AW_OK);
    if(status != AW_OK)
      assert_int_equal(status, AW_MEMORY);
    aw_client_unref(client);
    aw_engine_close(engine);
    aw_engine_unref(engine);
    faults_end(&faults);
    if(status == AW_OK)
      break;
  }
  free(text);
}

static void wipes_what_it_read(void **state)
{
  static const server_step steps[] = {OK};
  char text[512];
  spec_world world;
  aw_error error;
  aw_buf buf;
  (void)state;
  secrets_begin("hunter2");
  world_open(&world, steps, COUNT(steps));
  snprintf(text, sizeof(text), "appwrite-session 1\nendpoint %s\nproject p\nsession hunter2\nfallback hunter2\nend\n",
           world.endpoint);
  assert_int_equal(aw_client_import(world.client, text, strlen(text), &error), AW_OK);
  aw_request_unref(get(world.client, "/"));
  aw_buf_init(&buf, AW_KEPT_MAX);
  assert_int_equal(aw_client_export(world.client, &buf, &error), AW_OK);
  aw_wipe(buf.data, buf.capacity);
  aw_buf_deinit(&buf);
  world_close(&world);
  assert_int_equal(secrets_end(), 0);
}

static void tells_of_every_change(void **state)
{
  static const server_step steps[] = {
      OK,
      {"HTTP/1.1 200 OK\r\nX-Fallback-Cookies: {\"a\":1}\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP, 0, SERVER_WHOLE},
      {"HTTP/1.1 404 No\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n", SERVER_KEEP, 0, SERVER_WHOLE},
      OK};
  static const bool changes[] = {false, true, true, false};
  spec_world world;
  aw_error error;
  unsigned before;
  size_t i;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  for(i = 0; i < COUNT(steps); i++) {
    before = aw_client_revision(world.client);
    aw_request_unref(get(world.client, "/"));
    assert_int_equal(aw_client_revision(world.client) != before, changes[i]);
  }
  for(i = 0; i < AW_CREDENTIALS; i++) {
    before = aw_client_revision(world.client);
    assert_int_equal(aw_client_set(world.client, (aw_credential)i, "x", &error), AW_OK);
    assert_int_equal(aw_client_revision(world.client) != before, i == AW_JWT || i == AW_SESSION);
  }
  world_close(&world);
}

int aw_client_kept_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(goes_on_as_the_same_user),      cmocka_unit_test(replaces_the_user_it_had),
      cmocka_unit_test(takes_none_of_another_place),   cmocka_unit_test(takes_no_line_that_is_no_cookie),
      cmocka_unit_test(leaves_no_user_without_memory), cmocka_unit_test(wipes_what_it_read),
      cmocka_unit_test(tells_of_every_change),
  };
  return cmocka_run_group_tests_name("aw_client_kept", tests, NULL, NULL);
}
