/* What a forked child does with its copy of an engine, and that its parent does not notice. A program of its own, since
 * what is under way in the parent is given up in the child, which a leak check of the child would call lost. */
#define _XOPEN_SOURCE 700

#include "aw_socket.h"
#include "aw_system.h"
#include "aw_watch.h"
#include "support.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS 64

static bool child_gets(const spec_world *world)
{
  aw_request *request = begin_get(world, "/child"), *taken = NULL;
  aw_error error;
  bool good;
  while(!taken && aw_engine_step(world->engine, PATIENCE, &error) == AW_OK)
    taken = aw_engine_take(world->engine);
  good = taken == request && aw_request_http_status(request) == 200;
  aw_request_unref(taken);
  aw_request_unref(request);
  return good;
}

static void close_all(const spec_world *world)
{
  aw_client_unref(world->client);
  aw_engine_close(world->engine);
  aw_engine_unref(world->engine);
}

static void call_and_close(void *user)
{
  const spec_world *world = user;
  CHECK(child_gets(world));
  CHECK(child_gets(world));
  close_all(world);
}

static void has_connections_of_its_own(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/"));
  in_child(call_and_close, &world);
  assert_int_equal(server_connections(world.server), 2);
  aw_request_unref(get(world.client, "/"));
  assert_int_equal(server_connections(world.server), 2);
  assert_int_equal(server_requests(world.server), 4);
  world_close(&world);
}

/* Without a word of its own: the first that is asked of the engine is to go. */
static void only_close(void *user)
{
  close_all(user);
}

static void only_unref(void *user)
{
  const spec_world *world = user;
  aw_client_unref(world->client);
  aw_engine_unref(world->engine);
}

static void limit(void *user)
{
  const spec_world *world = user;
  aw_engine_limit(world->engine, 3);
  CHECK(child_gets(world));
}

static void look(void *user)
{
  const spec_world *world = user;
  aw_fd fds[1];
  aw_error error;
  CHECK(aw_engine_timeout(world->engine) == 0);
#ifdef AW_WATCH_EPOLL
  CHECK(aw_engine_fds(world->engine, fds, 1) == 1);
#else
  aw_engine_fds(world->engine, fds, 1);
#endif
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_OK);
  CHECK(aw_engine_timeout(world->engine) < 0);
}

static void does_not_end_what_is_kept(void **state)
{
  static const server_step steps[] = {HELLO};
  static void (*const ways[])(void *) = {only_close, only_unref, limit, look};
  spec_world world;
  size_t i;
  (void)state;
  world_open(&world, steps, 1);
  for(i = 0; i < COUNT(ways); i++) {
    aw_request_unref(get(world.client, "/"));
    in_child(ways[i], &world);
  }
  aw_request_unref(get(world.client, "/"));
  assert_int_equal(server_connections(world.server), 2); /* one of the child that called */
  world_close(&world);
}

/* The parent's second call waits for its turn. */
typedef struct pending {
  spec_world world;
  aw_request *calls[2];
} pending;

static void step_child(void *user)
{
  pending *self = user;
  aw_error error;
  aw_request *taken;
  size_t i;
  CHECK(aw_engine_step(self->world.engine, PATIENCE, &error) == AW_OK);
  for(i = 0; i < COUNT(self->calls); i++) {
    taken = aw_engine_take(self->world.engine);
    CHECK(taken == self->calls[i]);
    CHECK(aw_request_finished(taken) && aw_request_error(taken)->status == AW_CANCELLED);
    CHECK(strstr(aw_request_error(taken)->message, "forked"));
    CHECK(aw_request_sent(taken) == (i == 0));
  }
  CHECK(!aw_engine_take(self->world.engine));
  CHECK(aw_engine_timeout(self->world.engine) < 0);
  CHECK(child_gets(&self->world));
}

static void cancel_child(void *user)
{
  pending *self = user;
  size_t i;
  for(i = COUNT(self->calls); i > 0; i--)
    aw_request_cancel(self->calls[i - 1]);
  CHECK(strstr(aw_request_error(self->calls[1])->message, "cancelled"));
  CHECK(aw_engine_finished(self->world.engine) == COUNT(self->calls));
  for(i = 0; i < COUNT(self->calls); i++)
    aw_request_unref(aw_engine_take(self->world.engine));
  CHECK(child_gets(&self->world));
}

static void close_child(void *user)
{
  pending *self = user;
  aw_engine_close(self->world.engine);
  aw_request_unref(self->calls[0]);
  aw_request_unref(self->calls[1]);
  close_all(&self->world);
}

static void leaves_calls_under_way_to_the_parent(void **state)
{
  static const server_step steps[] = {HOLD, HELLO};
  static void (*const ways[])(void *) = {step_child, cancel_child, close_child};
  pending self;
  size_t i;
  (void)state;
  world_open(&self.world, steps, COUNT(steps));
  aw_engine_limit(self.world.engine, 1);
  self.calls[0] = begin_get(&self.world, "/1");
  step_until_seen(&self.world, 1);
  self.calls[1] = begin_get(&self.world, "/2");
  for(i = 0; i < COUNT(ways); i++) {
    aw_error error;
    in_child(ways[i], &self);
    assert_int_equal(aw_engine_step(self.world.engine, 0.01, &error), AW_OK);
    assert_stats(&self.world, 2, 2, 0);
  }
  assert_int_equal(server_connections(self.world.server), 3); /* the parent's, and that of two of the children */
  aw_request_cancel(self.calls[0]);
  finish(self.world.engine, self.calls[0]);
  finish(self.world.engine, self.calls[1]);
  assert_body(self.calls[1], "hello");
  aw_request_unref(self.calls[0]);
  aw_request_unref(self.calls[1]);
  world_close(&self.world);
}

static void step_first(void *user)
{
  pending *self = user;
  aw_error error;
  CHECK(aw_engine_step(self->world.engine, 0, &error) == AW_OK);
  CHECK(aw_request_error(self->calls[0])->status == AW_CANCELLED);
}

/* Its socket is in the set that both processes share. */
static void leaves_the_parents_download_under_way(void **state)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 16777216\r\n\r\n";
  char *reply = repeated(head, "0123456789abcdef", 1048576, "");
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_progress progress = {0, 0, 0, 0};
  aw_error error;
  pending self;
  (void)state;
  steps[0].reply = reply;
  world_open(&self.world, steps, 1);
  self.calls[0] = begin_get(&self.world, "/");
  while(!progress.downloaded) {
    assert_int_equal(aw_engine_step(self.world.engine, 0.00001, &error), AW_OK);
    aw_request_progress(self.calls[0], &progress);
  }
  assert_false(aw_request_finished(self.calls[0]));
  in_child(step_first, &self);
  finish(self.world.engine, self.calls[0]);
  assert_body(self.calls[0], reply + strlen(head));
  aw_request_unref(self.calls[0]);
  world_close(&self.world);
  free(reply);
}

/* What waits in libcurl would be given to it at once, by a step's help or without. */
static void take_what_streams(void *user)
{
  pending *self = user;
  size_t length;
  aw_request_waiting(self->calls[0], &length);
  CHECK(length > 0);
  aw_request_taken(self->calls[0]);
  aw_request_waiting(self->calls[0], &length);
  CHECK(length == 0 && aw_request_finished(self->calls[0]));
}

static size_t take_all(const spec_world *world, aw_request *request)
{
  size_t all = 0, length;
  aw_error error;
  while(!aw_request_finished(request)) {
    aw_request_waiting(request, &length);
    all += length;
    aw_request_taken(request);
    assert_int_equal(aw_engine_step(world->engine, PATIENCE, &error), AW_OK);
  }
  aw_request_waiting(request, &length);
  return all + length;
}

static void takes_nothing_of_what_pauses(void **state)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 4194304\r\n\r\n";
  char *reply = repeated(head, "0123456789abcdef", 262144, "");
  server_step steps[] = {{NULL, SERVER_KEEP, 0, SERVER_WHOLE}};
  aw_request_spec spec = {0};
  aw_error error;
  pending self;
  (void)state;
  steps[0].reply = reply;
  world_open(&self.world, steps, 1);
  spec.method = "GET";
  spec.target = "/";
  spec.stream = true;
  self.calls[0] = start(self.world.client, &spec);
  for(;;) {
    size_t length;
    assert_int_equal(aw_engine_step(self.world.engine, 0.05, &error), AW_OK);
    aw_request_waiting(self.calls[0], &length);
    if(length > AW_STREAM_MAX / 2)
      break;
  }
  in_child(take_what_streams, &self);
  assert_int_equal(take_all(&self.world, self.calls[0]), 4194304);
  assert_int_equal(aw_request_error(self.calls[0])->status, AW_OK);
  aw_request_unref(aw_engine_take(self.world.engine));
  aw_request_unref(self.calls[0]);
  world_close(&self.world);
  free(reply);
}

/* As a daemon does: the numbers are those of other files then. */
static void reuse_descriptors(void *user)
{
  const spec_world *world = user;
  struct stat files[DESCRIPTORS], after;
  int fd;
  for(fd = 3; fd < DESCRIPTORS; fd++)
    close(fd);
  for(fd = 3; fd < DESCRIPTORS; fd++) {
    CHECK(open("/dev/null", O_RDWR) == fd);
    CHECK(fstat(fd, &files[fd]) == 0);
  }
  CHECK(child_gets(world));
  close_all(world);
  for(fd = 3; fd < DESCRIPTORS; fd++)
    CHECK(fstat(fd, &after) == 0 && after.st_ino == files[fd].st_ino && after.st_mode == files[fd].st_mode);
}

static void leaves_descriptors_alone_that_are_not_its_own(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/"));
  in_child(reuse_descriptors, &world);
  aw_request_unref(get(world.client, "/"));
  assert_int_equal(server_connections(world.server), 2);
  world_close(&world);
}

static int descriptors(void)
{
  int count = 0, fd;
  for(fd = 0; fd < 1024; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static void count_descriptors(void *user)
{
  const spec_world *world = user;
  aw_error error;
  int before = descriptors();
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_OK);
#ifdef AW_WATCH_EPOLL
  CHECK(descriptors() <= before + 1); /* without the connection, with what libcurl wakes a CURLM by */
#else
  CHECK(descriptors() <= before + 2);
#endif
}

static void holds_none_of_the_parents_connections(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/"));
  in_child(count_descriptors, &world);
  world_close(&world);
}

/* Whether `fd` leads to the server, and would be there in a program that is started now. */
static bool is_inherited(int fd, int port)
{
  struct sockaddr_in peer;
  socklen_t length = sizeof(peer);
  memset(&peer, 0, sizeof(peer));
  if(getpeername(fd, (struct sockaddr *)&peer, &length) != 0 || ntohs(peer.sin_port) != port)
    return false;
  return (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
}

static void gives_no_connection_to_other_programs(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  int fd;
  (void)state;
  world_open(&world, steps, 1);
  aw_request_unref(get(world.client, "/"));
  for(fd = 0; fd < 1024; fd++)
    assert_false(is_inherited(fd, server_port(world.server)));
  world_close(&world);
}

#ifdef AW_WATCH_EPOLL

static void run_out_of_descriptors(void *user)
{
  const spec_world *world = user;
  struct rlimit few, usual;
  aw_request_spec spec = spec_of("GET", "/");
  aw_request *request;
  aw_fd fds[1];
  aw_error error;
  CHECK(getrlimit(RLIMIT_NOFILE, &usual) == 0);
  few = usual;
  few.rlim_cur = 0;
  CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
  CHECK(aw_engine_step(world->engine, 0, &error) == AW_FILE);
  CHECK(strstr(error.message, "epoll"));
  CHECK(aw_request_start(world->client, &spec, &request, &error) == AW_FILE);
  CHECK(aw_engine_fds(world->engine, fds, 1) == 0);
  CHECK(aw_engine_timeout(world->engine) == 0);
  CHECK(setrlimit(RLIMIT_NOFILE, &usual) == 0);
  CHECK(child_gets(world));
}

static void says_when_it_cannot_begin_anew(void **state)
{
  static const server_step steps[] = {HELLO};
  spec_world world;
  (void)state;
  world_open(&world, steps, 1);
  in_child(run_out_of_descriptors, &world);
  world_close(&world);
}

#endif

/* A WebSocket that the parent has open ---------------------------------------------------------------------------- */

#ifdef APPWRITE_REALTIME

typedef struct listening {
  spec_world world;
  aw_socket *socket;
} listening;

static void step_with_socket(void *user)
{
  listening *self = user;
  aw_error error;
  aw_socket *taken;
  CHECK(aw_engine_step(self->world.engine, 0, &error) == AW_OK);
  CHECK(aw_socket_get_state(self->socket) == AW_SOCKET_CLOSED);
  CHECK(aw_socket_error(self->socket)->status == AW_CANCELLED);
  CHECK(strstr(aw_socket_error(self->socket)->message, "forked"));
  taken = aw_engine_take_news(self->world.engine);
  CHECK(taken == self->socket);
  aw_socket_unref(taken);
  aw_socket_cancel(self->socket); /* has ended by now */
  CHECK(!aw_engine_take_news(self->world.engine));
}

static void step_with_ended_socket(void *user)
{
  listening *self = user;
  aw_error error;
  CHECK(aw_engine_step(self->world.engine, 0, &error) == AW_OK);
  CHECK(!strstr(aw_socket_error(self->socket)->message, "forked"));
  CHECK(aw_engine_take_news(self->world.engine) == self->socket);
}

/* The first word of the child. */
static void cancel_socket(void *user)
{
  listening *self = user;
  aw_socket_cancel(self->socket);
  CHECK(aw_socket_error(self->socket)->status == AW_CANCELLED);
  aw_socket_unref(aw_engine_take_news(self->world.engine));
  aw_socket_unref(self->socket);
  close_all(&self->world);
}

static void await_socket(const listening *self, aw_socket_state state)
{
  aw_error error;
  while(aw_socket_get_state(self->socket) != state) {
    assert_int_equal(aw_engine_step(self->world.engine, PATIENCE, &error), AW_OK);
    aw_socket_unref(aw_engine_take_news(self->world.engine));
  }
}

static void leaves_the_parents_socket_open(void **state)
{
  static const server_step steps[] = {
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Accept: {accept}\r\n\r\n",
       SERVER_HOLD, 0, SERVER_WHOLE}};
  static void (*const ways[])(void *) = {step_with_socket, cancel_socket};
  aw_socket_spec spec = {0};
  aw_error error;
  listening self;
  size_t i;
  (void)state;
  world_open(&self.world, steps, 1);
  spec.target = "/realtime";
  assert_int_equal(aw_socket_open(self.world.client, &spec, &self.socket, &error), AW_OK);
  await_socket(&self, AW_SOCKET_OPEN);
  for(i = 0; i < COUNT(ways); i++) {
    in_child(ways[i], &self);
    assert_int_equal(aw_engine_step(self.world.engine, 0.01, &error), AW_OK);
    assert_int_equal(aw_socket_get_state(self.socket), AW_SOCKET_OPEN);
    assert_int_equal(aw_socket_send(self.socket, "still there", 11, &error), AW_OK);
  }
  aw_socket_cancel(self.socket);
  in_child(step_with_ended_socket, &self);
  aw_socket_unref(aw_engine_take_news(self.world.engine));
  aw_socket_unref(self.socket);
  world_close(&self.world);
}

#endif

/* A file that the parent has begun ------------------------------------------------------------------------------- */

static void touch_file(void *user)
{
  aw_file *file = user;
  aw_error error;
  CHECK(aw_file_write(file, "child", 5, &error) == AW_FILE);
  CHECK(strstr(error.message, "forked"));
  CHECK(aw_file_restart(file, &error) == AW_FILE);
  CHECK(aw_file_commit(file, &error) == AW_FILE);
  aw_file_discard(file);
  aw_file_unref(file);
}

static void does_nothing(void *user)
{
  (void)user;
}

static void leaves_the_parents_file_as_it_is(void **state)
{
  static void (*const ways[])(void *) = {touch_file, does_nothing};
  const char *path = path_in(*state, "file");
  aw_file *file;
  aw_error error;
  size_t i;
  assert_int_equal(aw_file_new(path, &file, &error), AW_OK);
  for(i = 0; i < COUNT(ways); i++) {
    assert_int_equal(aw_file_write(file, "parent", 6, &error), AW_OK);
    in_child(ways[i], file);
  }
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  assert_file(path, "parentparent", 12);
  aw_file_unref(file);
}

int main(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_connections_of_its_own),
      cmocka_unit_test(does_not_end_what_is_kept),
      cmocka_unit_test(leaves_calls_under_way_to_the_parent),
      cmocka_unit_test(leaves_the_parents_download_under_way),
      cmocka_unit_test(takes_nothing_of_what_pauses),
      cmocka_unit_test(leaves_descriptors_alone_that_are_not_its_own),
      cmocka_unit_test(holds_none_of_the_parents_connections),
      cmocka_unit_test(gives_no_connection_to_other_programs),
#ifdef AW_WATCH_EPOLL
      cmocka_unit_test(says_when_it_cannot_begin_anew),
#endif
#ifdef APPWRITE_REALTIME
      cmocka_unit_test(leaves_the_parents_socket_open),
#endif
      cmocka_unit_test_setup_teardown(leaves_the_parents_file_as_it_is, scratch_make, scratch_remove),
  };
  return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
