/* A process that may open no further descriptor: each thing that needs one says so, and works once there are some. */
#define _POSIX_C_SOURCE 200809L

#include "aw_accept.h"
#include "aw_browser.h"
#include "aw_file.h"
#include "aw_frames.h"
#include "aw_socket.h"
#include "aw_system.h"
#include "aw_watch.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* As aw_system.c has it, but for a libc that is not glibc. */
#if !defined(__linux__) || defined(AW_FILE_PORTABLE)
#define RANDOM_NEEDS_ONE
#endif

#define MOST 256 /* more than poll() is given here, which takes no more than may be open */

static struct rlimit usual;
static int held[MOST];
static size_t held_count;

static void allow_none(void)
{
  struct rlimit few;
  int fd;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
  few = usual;
  few.rlim_cur = MOST;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  while((fd = dup(STDERR_FILENO)) >= 0)
    held[held_count++] = fd;
}

static void allow_some(void)
{
  while(held_count)
    close(held[--held_count]);
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
}

#ifdef RANDOM_NEEDS_ONE
static aw_status try_random(const spec_world *world, const char *path, aw_error *error)
{
  char bytes[4];
  (void)world;
  (void)path;
  return aw_random(bytes, sizeof(bytes), error);
}

static aw_status try_key(const spec_world *world, const char *path, aw_error *error)
{
  char key[AW_KEY_SIZE];
  (void)world;
  (void)path;
  return aw_accept_key(key, error);
}
#endif

static aw_status try_file(const spec_world *world, const char *path, aw_error *error)
{
  aw_file *file;
  aw_status status = aw_file_new(path, &file, error);
  (void)world;
  if(status == AW_OK)
    aw_file_unref(file);
  return status;
}

static aw_status try_keep(const spec_world *world, const char *path, aw_error *error)
{
  aw_status status = aw_file_keep(path, "kept", 4, error);
  (void)world;
  if(status == AW_OK)
    remove(path);
  return status;
}

#ifdef AW_WATCH_EPOLL
static aw_status try_engine(const spec_world *world, const char *path, aw_error *error)
{
  aw_engine *engine;
  aw_status status = aw_engine_new(&engine, error);
  (void)world;
  (void)path;
  if(status == AW_OK)
    aw_engine_unref(engine);
  return status;
}
#endif

#if defined(APPWRITE_REALTIME) && defined(RANDOM_NEEDS_ONE)
static aw_status try_socket(const spec_world *world, const char *path, aw_error *error)
{
  aw_socket_spec spec = {0};
  aw_socket *socket;
  aw_status status;
  (void)path;
  spec.target = "/realtime";
  status = aw_socket_open(world->client, &spec, &socket, error);
  if(status == AW_OK) {
    aw_socket_cancel(socket);
    aw_socket_unref(aw_engine_take_news(world->engine));
    aw_socket_unref(socket);
  }
  return status;
}
#endif

/* The opener is one that can be started and does nothing. */
static aw_status try_browser(const spec_world *world, const char *path, aw_error *error)
{
  (void)world;
  (void)path;
  return aw_browser_open("https://example.com/", error);
}

static const struct need {
  aw_status (*attempt)(const spec_world *world, const char *path, aw_error *error);
  const char *message;
} needs[] = {
    {try_browser, "cannot start"},
#ifdef AW_WATCH_EPOLL
    {try_engine, "epoll"},
#endif
#ifdef RANDOM_NEEDS_ONE
    {try_random, "/dev/urandom"},  {try_key, "/dev/urandom"}, {try_file, "/dev/urandom"}, {try_keep, "/dev/urandom"},
#ifdef APPWRITE_REALTIME
    {try_socket, "/dev/urandom"},
#endif
#else
    {try_file, "Too many open files"},
    {try_keep, "Too many open files"},
#endif
};

static void make_opener(const char *directory)
{
  const char *script = path_in(directory, "xdg-open");
  write_file(script, "#!/bin/sh\n", 10);
  assert_int_equal(chmod(script, 0700), 0);
  assert_int_equal(setenv("PATH", directory, 1), 0);
}

static void says_what_has_none(void **state)
{
  static const server_step steps[] = {HOLD};
  char *search = getenv("PATH"), *kept = search ? strdup(search) : NULL;
  spec_world world;
  size_t i;
  world_open(&world, steps, 1);
  make_opener(*state);
  for(i = 0; i < COUNT(needs); i++) {
    const char *path = path_in(*state, "kept");
    aw_error error;
    aw_status status;
    allow_none();
    status = needs[i].attempt(&world, path, &error);
    allow_some();
    if(status != AW_FILE)
      fail_msg("need %d: %s", (int)i, aw_status_name(status));
    assert_has(error.message, needs[i].message);
    assert_int_equal(needs[i].attempt(&world, path, &error), AW_OK);
  }
  if(kept)
    setenv("PATH", kept, 1);
  free(kept);
  remove(path_in(*state, "xdg-open"));
  world_close(&world);
}

static void a_request_says_that_it_has_none(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  aw_request *request;
  (void)state;
  world_open(&world, steps, 1);
  allow_none();
  request = get(world.client, "/");
  allow_some();
  assert_failed(request, AW_NETWORK, "too many files are open");
  aw_request_unref(request);
  request = get(world.client, "/");
  assert_body(request, "hello");
  aw_request_unref(request);
  world_close(&world);
}

#if defined(RANDOM_NEEDS_ONE) && defined(APPWRITE_REALTIME) && !defined(APPWRITE_WEBSOCKET_CURL)
/* libcurl masks by itself */
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

/* A frame is masked by random bytes. One that cannot be must not be lost in silence. */
static void a_frame_that_cannot_be_masked_ends_the_connection(void **state)
{
  static const aw_frames_io io = {receive_nothing, send_all, NULL};
  aw_frames *frames;
  aw_error error;
  (void)state;
  assert_int_equal(aw_frames_new(&io, 100, 1, &frames, &error), AW_OK);
  assert_int_equal(aw_frames_send(frames, "a", 1, &error), AW_OK);
  allow_none();
  assert_int_equal(aw_frames_move(frames, &error), AW_FILE);
  allow_some();
  assert_has(error.message, "/dev/urandom");
  aw_frames_free(frames);
}
#endif

int descriptors_suite(void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test(says_what_has_none),
    cmocka_unit_test(a_request_says_that_it_has_none),
#if defined(RANDOM_NEEDS_ONE) && defined(APPWRITE_REALTIME) && !defined(APPWRITE_WEBSOCKET_CURL)
    cmocka_unit_test(a_frame_that_cannot_be_masked_ends_the_connection),
#endif
  };
  return cmocka_run_group_tests_name("descriptors", tests, scratch_make, scratch_remove);
}
