/* What becomes of the core when a function of the system fails that, where the tests run, does not fail of itself; or
 * one of wslay's. */
#define _POSIX_C_SOURCE 200809L

#include "refusals.h"

#include "aw_accept.h"
#include "aw_browser.h"
#include "aw_file.h"
#include "aw_frames.h"
#include "aw_source.h"
#include "aw_system.h"
#include "support.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#ifdef REFUSE_WSLAY
#include <wslay/wslay.h>
#endif

/* Randomness ------------------------------------------------------------------------------------------------------- */

#if defined(__linux__) && !defined(AW_FILE_PORTABLE)
static void finds_randomness_elsewhere(void **state)
{
  unsigned char bytes[2][16] = {{0}};
  aw_error error;
  size_t i;
  (void)state;
  refuse("getentropy", 0, ENOSYS);
  for(i = 0; i < COUNT(bytes); i++)
    assert_int_equal(aw_random(bytes[i], sizeof(bytes[i]), &error), AW_OK);
  assert_int_equal(refuse_end(), COUNT(bytes));
  assert_memory_not_equal(bytes[0], bytes[1], sizeof(bytes[0]));
}
#endif

/* Where it comes from then. */
static const struct {
  const char *function, *message;
} sources[] = {{"fopen64", "cannot open /dev/urandom"}, {"fread", "/dev/urandom gave too few bytes"}};

static void says_that_there_is_no_randomness(void **state)
{
  size_t i;
  for(i = 0; i < COUNT(sources); i++) {
    const char *path = path_in(*state, "file");
    char bytes[4], key[AW_KEY_SIZE];
    aw_file *file;
    aw_error error;
    refuse(sources[i].function, 0, EIO);
    refuse_too("getentropy", ENOSYS);
    assert_int_equal(aw_random(bytes, sizeof(bytes), &error), AW_FILE);
    assert_has(error.message, sources[i].message);
    assert_int_equal(aw_accept_key(key, &error), AW_FILE);
    assert_int_equal(aw_file_new(path, &file, &error), AW_FILE);
    assert_int_equal(aw_file_keep(path, "kept", 4, &error), AW_FILE);
    assert_has(error.message, sources[i].message);
    assert_int_equal(refuse_end(), 4);
    assert_int_equal(entries_in(*state), 0);
  }
}

/* Files ------------------------------------------------------------------------------------------------------------ */

#if defined(__linux__) && !defined(AW_FILE_PORTABLE)
static void writes_a_file_where_nameless_ones_cannot_be_named(void **state)
{
  const char *path = path_in(*state, "file");
  aw_file *file;
  aw_error error;
  refuse("access", 0, ENOENT); /* as where nothing is mounted on /proc */
  assert_int_equal(aw_file_new(path, &file, &error), AW_OK);
  refuse_end();
  assert_int_equal(entries_in(*state), 1);
  assert_int_equal(aw_file_write(file, "whole", 5, &error), AW_OK);
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  aw_file_unref(file);
  assert_file(path, "whole", 5);
  assert_int_equal(entries_in(*state), 1);
  remove(path);
}
#endif

static void says_that_a_file_cannot_be_begun_anew(void **state)
{
  const char *path = path_in(*state, "file");
  aw_file *file;
  aw_error error;
  assert_int_equal(aw_file_new(path, &file, &error), AW_OK);
  assert_int_equal(aw_file_write(file, "half", 4, &error), AW_OK);
  refuse("ftruncate64", 0, EIO);
  assert_int_equal(aw_file_restart(file, &error), AW_FILE);
  assert_int_equal(refuse_end(), 1);
  assert_has(error.message, strerror(EIO));
  aw_file_discard(file);
  aw_file_unref(file);
  assert_int_equal(entries_in(*state), 0);
}

static void says_that_a_file_changed_whose_size_is_not_to_be_had(void **state)
{
  const char *path = path_in(*state, "file");
  char bytes[4];
  aw_source source;
  aw_error error;
  write_file(path, "abcd", 4);
  assert_int_equal(aw_source_init_file(&source, path, 0, 4, 4, &error), AW_OK);
  refuse("fstat64", 0, EIO);
  assert_int_equal(aw_source_read(bytes, 1, sizeof(bytes), &source), CURL_READFUNC_ABORT);
  assert_int_equal(refuse_end(), 1);
  assert_int_equal(source.error.status, AW_FILE);
  aw_source_deinit(&source);
  remove(path);
}

/* Others ----------------------------------------------------------------------------------------------------------- */

static void knows_no_system_that_says_nothing(void **state)
{
  char name[64];
  (void)state;
  refuse("uname", 0, EFAULT);
  aw_system_name(name, sizeof(name));
  assert_int_equal(refuse_end(), 1);
  assert_string_equal(name, "unknown");
}

/* The opener is one that could be started. */
static void says_that_no_browser_was_started(void **state)
{
  char *search = getenv("PATH"), *kept = search ? strdup(search) : NULL;
  const char *opener = path_in(*state, "xdg-open");
  aw_error error;
  write_file(opener, "#!/bin/sh\n", 10);
  assert_int_equal(chmod(opener, 0700), 0);
  assert_int_equal(setenv("PATH", *state, 1), 0);
  refuse("fork", 0, EAGAIN);
  assert_int_equal(aw_browser_open("https://example.com/", &error), AW_FILE);
  assert_int_equal(refuse_end(), 1);
  assert_has(error.message, strerror(EAGAIN));
  unsetenv("PATH");
  refuse("access", 0, ENOENT); /* else there may be one where programs usually are */
  assert_int_equal(aw_browser_open("https://example.com/", &error), AW_FILE);
  assert_true(refuse_end() > 1);
  assert_has(error.message, "there is no program");
  if(kept)
    setenv("PATH", kept, 1);
  free(kept);
  remove(opener);
}

#ifdef REFUSE_WSLAY

static long receive_nothing(void *user, void *bytes, size_t max)
{
  (void)user;
  (void)bytes;
  (void)max;
  return AW_IO_AGAIN;
}

static long send_all(void *user, const void *bytes, size_t length)
{
  (void)user;
  (void)bytes;
  return (long)length;
}

static aw_status send_text(aw_frames *frames, aw_error *error)
{
  return aw_frames_send(frames, "a", 1, error);
}

static aw_status send_close(aw_frames *frames, aw_error *error)
{
  return aw_frames_close(frames, 1000, "", 0, error);
}

/* A frame is masked by random bytes. One that cannot be must not be lost in silence. */
static aw_status send_masked(aw_frames *frames, aw_error *error)
{
  assert_int_equal(send_text(frames, error), AW_OK);
  return aw_frames_move(frames, error);
}

static const struct {
  const char *function, *other;
  long result;
  aw_status (*attempt)(aw_frames *frames, aw_error *error);
  aw_status status;
} frames_cases[] = {
    {"wslay_event_queue_msg", "", WSLAY_ERR_NOMEM, send_text, AW_MEMORY},
    {"wslay_event_queue_msg", "", WSLAY_ERR_INVALID_ARGUMENT, send_text, AW_ARGUMENT},
    {"wslay_event_queue_close", "", WSLAY_ERR_NOMEM, send_close, AW_MEMORY},
    {"wslay_event_queue_close", "", WSLAY_ERR_INVALID_ARGUMENT, send_close, AW_ARGUMENT},
    {"fopen64", "getentropy", EMFILE, send_masked, AW_FILE},
};

static void says_what_cannot_be_sent(void **state)
{
  static const aw_frames_io io = {receive_nothing, send_all, NULL};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(frames_cases); i++) {
    aw_frames *frames;
    aw_error error;
    assert_int_equal(aw_frames_new(&io, 100, 1, &frames, &error), AW_OK);
    refuse(frames_cases[i].function, 0, frames_cases[i].result);
    refuse_too(frames_cases[i].other, ENOSYS);
    assert_int_equal(frames_cases[i].attempt(frames, &error), frames_cases[i].status);
    assert_int_equal(refuse_end(), 1);
    aw_frames_free(frames);
  }
}

#endif

int refusals_system_suite(void)
{
  static const struct CMUnitTest tests[] = {
#if defined(__linux__) && !defined(AW_FILE_PORTABLE)
    cmocka_unit_test(finds_randomness_elsewhere),
    cmocka_unit_test(writes_a_file_where_nameless_ones_cannot_be_named),
#endif
    cmocka_unit_test(says_that_there_is_no_randomness),
    cmocka_unit_test(says_that_a_file_cannot_be_begun_anew),
    cmocka_unit_test(says_that_a_file_changed_whose_size_is_not_to_be_had),
    cmocka_unit_test(knows_no_system_that_says_nothing),
    cmocka_unit_test(says_that_no_browser_was_started),
#ifdef REFUSE_WSLAY
    cmocka_unit_test(says_what_cannot_be_sent),
#endif
  };
  return cmocka_run_group_tests_name("refusals of the system", tests, scratch_make, scratch_remove);
}
