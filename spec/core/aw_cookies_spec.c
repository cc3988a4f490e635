#include "aw_cookies.h"

#include "aw.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

#define SETS(cookies)                                                                                                  \
  {                                                                                                                    \
    "HTTP/1.1 200 OK\r\n" cookies "Content-Length: 0\r\n\r\n", SERVER_KEEP, 0, SERVER_WHOLE                            \
  }
#define FAILS(cookies)                                                                                                 \
  {                                                                                                                    \
    "HTTP/1.1 401 No\r\n" cookies "Content-Length: 0\r\n\r\n", SERVER_KEEP, 0, SERVER_WHOLE                            \
  }
static void visit(aw_client *client, const char *target)
{
  aw_request *request = get(client, target);
  assert_int_equal(aw_request_error(request)->status, AW_OK);
  aw_request_unref(request);
}

static aw_client *forked(aw_client *parent)
{
  aw_client_options options = {0};
  aw_client *client;
  aw_error error;
  assert_int_equal(aw_client_fork(parent, &options, &client, &error), AW_OK);
  return client;
}

/* The value of the Cookie header of one request, "" where there is none. */
static const char *cookie_of(const spec_world *world, size_t index)
{
  static char value[1024];
  const char *request = server_request(world->server, index), *line;
  assert_non_null(request);
  line = strstr(request, "\r\nCookie: ");
  value[0] = '\0';
  if(line)
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + 10, "\r"), line + 10);
  return value;
}

static void keeps_them_per_client(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=1\r\n"), OK, OK, SETS("Set-Cookie: a=2\r\n"), OK, OK};
  static const char *const expected[] = {"", "a=1", "", "", "a=2", "a=1"};
  spec_world world;
  aw_client *other;
  size_t i;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  other = forked(world.client);
  visit(world.client, "/");
  visit(world.client, "/");
  assert_true(has_cookies(world.client));
  assert_false(has_cookies(other));
  visit(other, "/");
  visit(other, "/");
  visit(other, "/");
  visit(world.client, "/");
  for(i = 0; i < COUNT(expected); i++)
    assert_string_equal(cookie_of(&world, i), expected[i]);
  aw_client_unref(other);
  world_close(&world);
}

/* One of the session, one that lasts, one for HTTP only; the old one must go. */
static void takes_those_of_a_login_over(void **state)
{
  static const server_step steps[] = {
      SETS("Set-Cookie: a_session=old\r\nSet-Cookie: other=old\r\n"),
      SETS("Set-Cookie: a_session=new; path=/; HttpOnly\r\nSet-Cookie: a_session_legacy=new2; path=/; "
           "Max-Age=31536000\r\n"),
      OK,
  };
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  visit(world.client, "/");
  login(world.client);
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 1), "");
  assert_has(cookie_of(&world, 2), "a_session=new");
  assert_has(cookie_of(&world, 2), "a_session_legacy=new2");
  assert_has_not(cookie_of(&world, 2), "old");
  world_close(&world);
}

static void leaves_nothing_of_a_login_to_others(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=secret\r\n"), OK, OK};
  aw_request_spec spec = {0};
  spec_world world;
  aw_client *other;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  other = forked(world.client);
  login(world.client);
  visit(other, "/");
  assert_string_equal(cookie_of(&world, 1), "");
  spec.method = "GET";
  spec.target = "/";
  spec.login = true;
  run_and_drop(other, &spec); /* nor to another login */
  assert_string_equal(cookie_of(&world, 2), "");
  aw_client_unref(other);
  world_close(&world);
}

static void keeps_the_old_ones_when_a_login_fails(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=old\r\n"), FAILS("Set-Cookie: a=bad\r\n"), OK};
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  visit(world.client, "/");
  login(world.client);
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 2), "a=old");
  world_close(&world);
}

/* Other ones with each answer: the client keeps AW_COOKIES_MAX of them, the newest. */
static void keeps_so_many_only(void **state)
{
  enum { ANSWERS = 4, EACH = 30 };
  static char replies[ANSWERS][2048];
  server_step steps[ANSWERS + 1] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  const server_step last = OK;
  spec_world world;
  const char *cookie;
  size_t i, count = 0;
  int j, length;
  (void)state;
  for(i = 0; i < ANSWERS; i++) {
    length = snprintf(replies[i], sizeof(replies[i]), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
    for(j = 0; j < EACH; j++)
      length += snprintf(replies[i] + length, sizeof(replies[i]) - (size_t)length, "Set-Cookie: c%zu_%d=1%s\r\n", i, j,
                         j % 2 ? "; HttpOnly" : "; Max-Age=60");
    snprintf(replies[i] + length, sizeof(replies[i]) - (size_t)length, "\r\n");
    steps[i] = last;
    steps[i].reply = replies[i];
  }
  steps[ANSWERS] = last;
  world_open(&world, steps, COUNT(steps));
  for(i = 0; i <= ANSWERS; i++)
    visit(world.client, "/");
  for(cookie = cookie_of(&world, ANSWERS); *cookie; cookie += strcspn(cookie, "c"), count++)
    cookie++;
  assert_int_equal(count, AW_COOKIES_MAX);
  for(j = 0; j < EACH; j++) {
    char name[16];
    snprintf(name, sizeof(name), "c%d_%d=1", ANSWERS - 1, j);
    assert_has(cookie_of(&world, ANSWERS), name);
  }
  assert_has_not(cookie_of(&world, ANSWERS), "c0_");
  world_close(&world);
}

static void forgets_them(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=1\r\n"), OK, SETS("Set-Cookie: a=2\r\n"),
                                      SETS("Set-Cookie: a=deleted; Max-Age=0\r\n"), OK};
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  visit(world.client, "/");
  aw_client_clear(world.client);
  assert_false(has_cookies(world.client));
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 1), "");
  visit(world.client, "/");
  assert_true(has_cookies(world.client));
  visit(world.client, "/");
  assert_false(has_cookies(world.client));
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 4), "");
  world_close(&world);
}

static void forgets_them_while_a_request_runs(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=1\r\n"), {NULL, SERVER_HOLD, 0, SERVER_WHOLE}, OK};
  aw_request_spec spec = {0};
  aw_request *running;
  spec_world world;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  visit(world.client, "/");
  spec.method = "GET";
  spec.target = "/running";
  running = start(world.client, &spec);
  step_until_seen(&world, 2);
  aw_client_clear(world.client);
  aw_client_clear(world.client); /* while the first ones are still in use */
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 1), "a=1");
  assert_string_equal(cookie_of(&world, 2), "");
  aw_request_cancel(running);
  finish(world.engine, running);
  aw_request_unref(running);
  world_close(&world);
}

/* Through a proxy, so that the server has a name: libcurl trusts the loopback with Secure cookies. */
static void leaves_the_rules_to_libcurl(void **state)
{
  static const struct {
    const char *attributes, *sent;
  } cases[] = {
      {"", "a=1"},
      {"; Domain=appwrite.example", "a=1"},
      {"; Domain=other.example", ""},
      {"; Domain=example", ""},
      {"; Secure", ""},
      {"; Path=/v1", "a=1"},
      {"; Path=/v1/else", ""},
      {"; Path=/", "a=1"},
      {"; Expires=Thu, 01 Jan 1970 00:00:00 GMT", ""},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    char reply[256];
    server_step steps[2] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}, OK};
    spec_world world;
    snprintf(reply, sizeof(reply), "HTTP/1.1 200 OK\r\nSet-Cookie: a=1%s\r\nContent-Length: 0\r\n\r\n",
             cases[i].attributes);
    steps[0].reply = reply;
    world_open_proxied(&world, steps, 2, "http://appwrite.example/v1");
    visit(world.client, "/x/y");
    visit(world.client, "/x/y");
    assert_string_equal(cookie_of(&world, 1), cases[i].sent);
    world_close(&world);
  }
}

static void rules_hold_for_those_of_a_login(void **state)
{
  static const server_step steps[] = {
      SETS("Set-Cookie: a=1; Path=/v1\r\nSet-Cookie: b=2; Secure\r\nSet-Cookie: c=3; Domain=other.example\r\n"
           "Set-Cookie: d=4; Path=/else\r\n"),
      OK,
  };
  spec_world world;
  (void)state;
  world_open_proxied(&world, steps, COUNT(steps), "http://appwrite.example/v1");
  login(world.client);
  visit(world.client, "/x");
  assert_string_equal(cookie_of(&world, 1), "a=1");
  world_close(&world);
}

static void is_empty_at_first(void **state)
{
  aw_cookies cookies;
  aw_error error;
  bool any;
  (void)state;
  aw_cookies_init(&cookies);
  assert_int_equal(aw_cookies_any(&cookies, &any, &error), AW_OK);
  assert_false(any);
  aw_cookies_clear(&cookies);
  assert_null(cookies.jar);
  aw_cookies_deinit(&cookies);
  aw_cookies_deinit(&cookies);
}

/* Each path as a server may write it, and whether "/v1/files" is below it, as libcurl has it. */
static void reads_paths_as_libcurl_does(void **state)
{
  static const struct {
    const char *path;
    bool matches;
  } cases[] = {
      {"/", true},    {"/v1", true},          {"/v1/", true},    {"/v1/files", true}, {"/v1/files/", true},
      {"/v", false},  {"/v1/files/x", false}, {"/other", false}, {"\"/v1/\"", true},  {"\"/v2\"", false},
      {"v1/x", true}, {"//", true},           {"\"", true},
  };
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    CURL *easy = curl_easy_init();
    aw_cookies cookies;
    aw_error error;
    aw_buf line;
    char set[128];
    aw_cookies_init(&cookies);
    aw_buf_init(&line, 1024);
    assert_int_equal(aw_cookies_attach(&cookies, easy, &error), AW_OK);
    snprintf(set, sizeof(set), "Set-Cookie: a=1; domain=a.example; path=%s", cases[i].path);
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_COOKIELIST, set), CURLE_OK);
    curl_easy_cleanup(easy);
    assert_int_equal(aw_cookies_write(&cookies, "a.example", "/v1/files", true, &line, &error), AW_OK);
    assert_int_equal(line.length, cases[i].matches ? 3 : 0);
    aw_buf_deinit(&line);
    aw_cookies_deinit(&cookies);
  }
}

/* As libcurl would send them, for requests that are not its own. */
static void writes_those_that_belong_to_a_request(void **state)
{
  static const char *const jar[] = {
      "example.com\tFALSE\t/\tFALSE\t0\thost\t1",
      ".example.com\tTRUE\t/\tFALSE\t0\twide\t2",
      "#HttpOnly_example.com\tFALSE\t/\tTRUE\t0\tsecure\t3",
      "example.com\tFALSE\t/v1\tFALSE\t0\tdeep\t4",
      "example.com\tFALSE\t/\tFALSE\t1\texpired\t5",
      "example.com\tFALSE\t/\tFALSE\t4102444800\tlasting\t6",
      "other.org\tFALSE\t/\tFALSE\t0\tforeign\t7",
  };
  static const struct {
    const char *host, *path;
    bool secure;
    const char *line;
  } cases[] = {
      {"example.com", "/v1/realtime", true, "host=1 wide=2 secure=3 deep=4 lasting=6"},
      {"EXAMPLE.com", "/v1", true, "host=1 wide=2 secure=3 deep=4 lasting=6"},
      {"example.com", "/v1?a", false, "host=1 wide=2 deep=4 lasting=6"},
      {"example.com", "/v12", false, "host=1 wide=2 lasting=6"},
      {"example.com", "/", false, "host=1 wide=2 lasting=6"},
      {"sub.example.com", "/", false, "wide=2"},
      {"badexample.com", "/", true, ""},
      {"other.org", "/", false, "foreign=7"},
      {"example.org", "/", true, ""},
  };
  aw_cookies cookies;
  aw_error error;
  CURL *easy = curl_easy_init();
  size_t i;
  (void)state;
  aw_cookies_init(&cookies);
  assert_int_equal(aw_cookies_attach(&cookies, easy, &error), AW_OK);
  for(i = 0; i < COUNT(jar); i++)
    assert_int_equal(curl_easy_setopt(easy, CURLOPT_COOKIELIST, jar[i]), CURLE_OK);
  for(i = 0; i < COUNT(cases); i++) {
    const char *wanted = cases[i].line;
    size_t count = 0;
    aw_buf line;
    aw_buf_init(&line, 1000);
    assert_int_equal(aw_cookies_write(&cookies, cases[i].host, cases[i].path, cases[i].secure, &line, &error), AW_OK);
    while(*wanted) { /* in any order */
      char one[32];
      size_t length = strcspn(wanted, " ");
      snprintf(one, sizeof(one), "%.*s", (int)length, wanted);
      assert_has(line.data, one);
      wanted += length + (wanted[length] == ' ');
      count += length + 2;
    }
    assert_int_equal(line.length, count ? count - 2 : 0);
    aw_buf_deinit(&line);
  }
  curl_easy_cleanup(easy);
  aw_cookies_deinit(&cookies);
}

/* Whatever memory there is. */
static void forgets_them_without_an_allocation(void **state)
{
  static const server_step steps[] = {SETS("Set-Cookie: a=1\r\n"), {NULL, SERVER_HOLD, 0, SERVER_WHOLE}, OK};
  aw_request *running;
  spec_world world;
  spec_faults faults;
  (void)state;
  world_open(&world, steps, COUNT(steps));
  visit(world.client, "/");
  running = begin_get(&world, "/running");
  step_until_seen(&world, 2);
  faults_begin(&faults, 1);
  aw_client_clear(world.client);
  assert_int_equal(faults.calls, 0);
  faults_end(&faults);
  assert_false(has_cookies(world.client));
  visit(world.client, "/");
  assert_string_equal(cookie_of(&world, 2), "");
  aw_request_cancel(running);
  finish(world.engine, running);
  aw_request_unref(running);
  world_close(&world);
}

static void refuses_to_write_too_many(void **state)
{
  aw_cookies cookies;
  aw_error error;
  aw_buf line;
  CURL *easy = curl_easy_init();
  (void)state;
  aw_cookies_init(&cookies);
  assert_int_equal(aw_cookies_attach(&cookies, easy, &error), AW_OK);
  assert_int_equal(curl_easy_setopt(easy, CURLOPT_COOKIELIST, "a.example\tFALSE\t/\tFALSE\t0\tname\tvalue"), CURLE_OK);
  aw_buf_init(&line, 9);
  assert_int_equal(aw_cookies_write(&cookies, "a.example", "/", true, &line, &error), AW_PROTOCOL);
  assert_has(error.message, "too long");
  assert_has_not(error.message, "value");
  aw_buf_deinit(&line);
  curl_easy_cleanup(easy);
  aw_cookies_deinit(&cookies);
}

int aw_cookies_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(is_empty_at_first),
      cmocka_unit_test(keeps_them_per_client),
      cmocka_unit_test(takes_those_of_a_login_over),
      cmocka_unit_test(leaves_nothing_of_a_login_to_others),
      cmocka_unit_test(keeps_the_old_ones_when_a_login_fails),
      cmocka_unit_test(keeps_so_many_only),
      cmocka_unit_test(forgets_them),
      cmocka_unit_test(forgets_them_while_a_request_runs),
      cmocka_unit_test(forgets_them_without_an_allocation),
      cmocka_unit_test(refuses_to_write_too_many),
      cmocka_unit_test(leaves_the_rules_to_libcurl),
      cmocka_unit_test(rules_hold_for_those_of_a_login),
      cmocka_unit_test(writes_those_that_belong_to_a_request),
      cmocka_unit_test(reads_paths_as_libcurl_does),
  };
  return cmocka_run_group_tests_name("aw_cookies", tests, NULL, NULL);
}
