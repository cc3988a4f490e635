/* What a forked child does with them is in fork_spec.c. */
#include "aw_opened.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>

#define MANY 20 /* more than there is room for at first */

static CURL *connect_to(spec_server *server, aw_opened *opened, CURLcode expected)
{
  char url[64];
  CURL *easy = curl_easy_init();
  assert_non_null(easy);
  snprintf(url, sizeof(url), "http://127.0.0.1:%d", server_port(server));
  assert_int_equal(aw_opened_attach(opened, easy), CURLE_OK);
  assert_int_equal(curl_easy_setopt(easy, CURLOPT_URL, url), CURLE_OK);
  assert_int_equal(curl_easy_setopt(easy, CURLOPT_PROXY, ""), CURLE_OK);
  assert_int_equal(curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L), CURLE_OK);
  assert_int_equal(curl_easy_perform(easy), expected);
  return easy;
}

static void knows_each_socket_until_it_is_closed(void **state)
{
  static const server_step steps[] = {HOLD};
  spec_server *server = server_start(steps, 1);
  aw_opened opened;
  CURL *easy[MANY];
  size_t i;
  (void)state;
  aw_opened_init(&opened);
  for(i = 0; i < MANY; i++) {
    easy[i] = connect_to(server, &opened, CURLE_OK);
    assert_int_equal(opened.count, i + 1);
  }
  for(i = 0; i < MANY; i++) {
    curl_easy_cleanup(easy[i * 7 % MANY]); /* the first, the last and some between, each once */
    assert_int_equal(opened.count, MANY - i - 1);
  }
  aw_opened_deinit(&opened);
  server_stop(server);
}

static void finds_a_connection_by_its_ports(void **state)
{
  static const server_step steps[] = {HOLD};
  spec_server *server = server_start(steps, 1);
  aw_opened opened;
  CURL *easy[MANY];
  size_t i;
  (void)state;
  aw_opened_init(&opened);
  for(i = 0; i < MANY; i++)
    easy[i] = connect_to(server, &opened, CURLE_OK);
  for(i = 0; i < MANY; i++) {
    curl_socket_t fd;
    long port;
    const aw_opened_socket *found;
    assert_int_equal(curl_easy_getinfo(easy[i], CURLINFO_ACTIVESOCKET, &fd), CURLE_OK);
    assert_int_equal(curl_easy_getinfo(easy[i], CURLINFO_LOCAL_PORT, &port), CURLE_OK);
    found = aw_opened_find(&opened, (int)port, server_port(server));
    assert_non_null(found);
    assert_int_equal(found->fd, fd);
    assert_ptr_equal(aw_opened_find(&opened, (int)port, 1), found); /* by way of a proxy */
    curl_easy_cleanup(easy[i]);
    assert_null(aw_opened_find(&opened, (int)port, server_port(server)));
  }
  aw_opened_deinit(&opened);
  server_stop(server);
}

static void opens_none_that_it_could_not_know(void **state)
{
  static const server_step steps[] = {HOLD};
  spec_server *server = server_start(steps, 1);
  spec_faults faults;
  aw_opened opened;
  (void)state;
  aw_opened_init(&opened);
  faults_begin(&faults, 1);
  curl_easy_cleanup(connect_to(server, &opened, CURLE_COULDNT_CONNECT));
  assert_int_equal(opened.lack, AW_LACKS_MEMORY);
  assert_int_equal(opened.count, 0);
  curl_easy_cleanup(connect_to(server, &opened, CURLE_OK));
  assert_int_equal(opened.lack, AW_LACKS_NOTHING);
  aw_opened_deinit(&opened);
  faults_end(&faults);
  server_stop(server);
}

int aw_opened_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_each_socket_until_it_is_closed),
      cmocka_unit_test(finds_a_connection_by_its_ports),
      cmocka_unit_test(opens_none_that_it_could_not_know),
  };
  return cmocka_run_group_tests_name("aw_opened", tests, NULL, NULL);
}
