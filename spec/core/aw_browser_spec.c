/* The browser is a script of the spec's own, in a directory that PATH names, which writes down what it was given. */
#define _POSIX_C_SOURCE 200809L

#include "aw_browser.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __APPLE__
#define OPENER "open"
#else
#define OPENER "xdg-open"
#endif
#define TEXT_SIZE 512
#define PATH_SIZE 4096
#define HELD_FD 200 /* a descriptor that the script must not get */

typedef struct place {
  char directory[64], script[96], told[96];
  char path[PATH_SIZE]; /* as it was in the environment */
} place;

static void write_script(const place *at, const char *text, mode_t mode)
{
  FILE *file = fopen(at->script, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(chmod(at->script, mode), 0);
}

static void open_place(place *at)
{
  const char *path = getenv("PATH");
  snprintf(at->directory, sizeof(at->directory), "/tmp/aw_browser.XXXXXX");
  assert_non_null(mkdtemp(at->directory));
  snprintf(at->script, sizeof(at->script), "%s/" OPENER, at->directory);
  snprintf(at->told, sizeof(at->told), "%s/told", at->directory);
  assert_in_range(snprintf(at->path, sizeof(at->path), "%s", path ? path : ""), 0, sizeof(at->path) - 1);
}

static void set_path(const place *at, const char *before)
{
  char path[2 * TEXT_SIZE];
  snprintf(path, sizeof(path), "%s%s:/usr/bin:/bin", before, at->directory);
  assert_int_equal(setenv("PATH", path, 1), 0);
}

static void close_place(place *at)
{
  setenv("PATH", at->path, 1);
  unlink(at->script);
  unlink(at->told);
  assert_int_equal(rmdir(at->directory), 0);
}

/* The script opens the pipe to tell, so reading it waits for the script. */
static void read_told(const place *at, char *text, size_t size)
{
  FILE *told = fopen(at->told, "r");
  size_t length;
  assert_non_null(told);
  length = fread(text, 1, size - 1, told);
  text[length] = '\0';
  fclose(told);
}

static void starts_the_opener_with_the_url_alone(void **state)
{
  static const char url[] = "https://example.com/a?b=$(touch%20/tmp/x)&c=;d";
  char script[TEXT_SIZE], text[TEXT_SIZE];
  aw_error error;
  place at;
  int held;
  (void)state;
  open_place(&at);
  assert_int_equal(mkfifo(at.told, 0600), 0);
  snprintf(script, sizeof(script),
           "#!/bin/sh\n[ -e /dev/fd/%d ] && held=held || held=closed\necho \"$# $1 $held\" >'%s'\n", HELD_FD, at.told);
  write_script(&at, script, 0700);
  set_path(&at, "::/nowhere:");
  held = dup2(STDERR_FILENO, HELD_FD);
  assert_int_equal(held, HELD_FD);
  assert_int_equal(aw_browser_open(url, &error), AW_OK);
  read_told(&at, text, sizeof(text));
  close(held);
  assert_string_equal(text, "1 https://example.com/a?b=$(touch%20/tmp/x)&c=;d closed\n");
  close_place(&at);
}

static void says_why_it_cannot(void **state)
{
  aw_error error;
  place at;
  (void)state;
  open_place(&at);
  assert_int_equal(setenv("PATH", at.directory, 1), 0);
  assert_int_equal(aw_browser_open("https://example.com/?secret=1", &error), AW_FILE);
  assert_string_equal(error.message, "there is no program " OPENER ", by which browsers are opened");
  write_script(&at, "no program", 0700);
  assert_int_equal(aw_browser_open("https://example.com/?secret=1", &error), AW_FILE);
  assert_non_null(strstr(error.message, "cannot start " OPENER ": "));
  assert_null(strstr(error.message, "secret"));
  close_place(&at);
}

static void refuses_what_is_no_web_page(void **state)
{
  static const char *const refused[] = {
      "",
      "file:///etc/passwd",
      "--help",
      "HTTP://example.com/",
      "javascript:alert(1)",
      "https://example.com/a b",
      "https://example.com/\"&calc",
      "https://example.com/'",
      "https://example.com/\n",
      "https://example.com/\xc3\xa4",
      "http://example.com/\\",
  };
  aw_error error;
  size_t i;
  (void)state;
  for(i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
    assert_int_equal(aw_browser_open(refused[i], &error), AW_ARGUMENT);
}

int aw_browser_suite(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(starts_the_opener_with_the_url_alone),
      cmocka_unit_test(says_why_it_cannot),
      cmocka_unit_test(refuses_what_is_no_web_page),
  };
  return cmocka_run_group_tests_name("aw_browser", tests, NULL, NULL);
}
