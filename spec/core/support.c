#define _XOPEN_SOURCE 700

#include "support.h"

#include "aw_alloc.h"
#include "aw_system.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_SIZE 4096

void assert_has(const char *text, const char *part)
{
  if(!text || !strstr(text, part))
    fail_msg("\"%s\" is not in \"%s\"", part, text ? text : "(nothing)");
}

void assert_has_not(const char *text, const char *part)
{
  assert_non_null(text);
  if(strstr(text, part))
    fail_msg("\"%s\" is in \"%s\"", part, text);
}

/* World ----------------------------------------------------------------------------------------------------------- */

static void open_client(spec_world *self, const aw_client_options *options)
{
  aw_error error;
  assert_int_equal(aw_engine_new(&self->engine, &error), AW_OK);
  if(aw_client_new(self->engine, options, &self->client, &error) != AW_OK)
    fail_msg("no client: %s", error.message);
}

static void open_server(spec_world *self, const server_step *steps, size_t count)
{
  memset(self, 0, sizeof(*self));
  self->server = server_start(steps, count);
  snprintf(self->endpoint, sizeof(self->endpoint), "http://127.0.0.1:%d/v1", server_port(self->server));
  snprintf(self->proxy, sizeof(self->proxy), "http://127.0.0.1:%d", server_port(self->server));
}

void world_open_with(spec_world *self, const server_step *steps, size_t count, aw_client_options options)
{
  open_server(self, steps, count);
  if(!options.endpoint)
    options.endpoint = self->endpoint;
  if(!options.proxy)
    options.proxy = ""; /* nothing of the environment of whoever runs the tests */
  open_client(self, &options);
}

void world_open(spec_world *self, const server_step *steps, size_t count)
{
  aw_client_options options = {0};
  options.credentials[AW_PROJECT] = "p";
  world_open_with(self, steps, count, options);
}

void world_open_proxied(spec_world *self, const server_step *steps, size_t count, const char *endpoint)
{
  aw_client_options options = {0};
  open_server(self, steps, count);
  options.endpoint = endpoint;
  options.proxy = self->proxy;
  open_client(self, &options);
}

void world_close(spec_world *self)
{
  aw_stats stats;
  aw_client_unref(self->client);
  aw_engine_stats(self->engine, &stats);
  assert_int_equal(stats.requests, 0);
  assert_int_equal(stats.transfers, 0);
  assert_int_equal(stats.clients, 0);
  aw_engine_unref(self->engine);
  server_stop(self->server);
}

aw_request *start(aw_client *client, const aw_request_spec *spec)
{
  aw_request *request = NULL;
  aw_error error;
  if(aw_request_start(client, spec, &request, &error) != AW_OK)
    fail_msg("%s %s did not start: %s", spec->method, spec->target, error.message);
  return request;
}

void finish(aw_engine *engine, aw_request *request)
{
  aw_error error;
  aw_request *taken;
  assert_int_equal(aw_engine_step(engine, PATIENCE, &error), AW_OK);
  taken = aw_engine_take(engine);
  assert_ptr_equal(taken, request);
  assert_true(aw_request_finished(request));
  aw_request_unref(taken);
}

aw_request *run(aw_client *client, const aw_request_spec *spec)
{
  aw_request *request = start(client, spec);
  finish(aw_client_engine(client), request);
  return request;
}

aw_request *get(aw_client *client, const char *target)
{
  aw_request_spec spec = {0};
  spec.method = "GET";
  spec.target = target;
  return run(client, &spec);
}

bool has_cookies(const aw_client *client)
{
  aw_error error;
  bool has = false;
  assert_int_equal(aw_client_has_cookies(client, &has, &error), AW_OK);
  return has;
}

aw_request *begin_get(const spec_world *world, const char *target)
{
  aw_request_spec spec = {0};
  spec.method = "GET";
  spec.target = target;
  return start(world->client, &spec);
}

void assert_stats(const spec_world *world, size_t requests, size_t transfers, size_t finished)
{
  aw_stats stats;
  aw_engine_stats(world->engine, &stats);
  assert_int_equal(stats.clients, 1);
  assert_int_equal(stats.requests, requests);
  assert_int_equal(stats.transfers, transfers);
  assert_int_equal(aw_engine_finished(world->engine), finished);
}

void step_until_all_ended(const spec_world *world, size_t count)
{
  aw_request *taken;
  aw_error error;
  size_t done = 0;
  while(done < count) {
    assert_int_equal(aw_engine_step(world->engine, PATIENCE, &error), AW_OK);
    assert_in_range(aw_engine_finished(world->engine), 1, count - done);
    for(; (taken = aw_engine_take(world->engine)) != NULL; done++)
      aw_request_unref(taken);
  }
}

void run_and_drop(aw_client *client, const aw_request_spec *spec)
{
  aw_request *request = run(client, spec);
  if(aw_request_error(request)->status != AW_OK)
    fail_msg("%s %s: %s", spec->method, spec->target, aw_request_error(request)->message);
  aw_request_unref(request);
}

void login(aw_client *client)
{
  aw_request_spec spec = {0};
  spec.method = "POST";
  spec.target = "/account/sessions/email";
  spec.login = true;
  run_and_drop(client, &spec);
}

void step_until_seen(const spec_world *self, size_t count)
{
  double deadline = aw_monotonic() + PATIENCE;
  aw_error error;
  while(server_requests(self->server) < count) {
    if(aw_monotonic() > deadline)
      fail_msg("the server saw %d requests, not %d", (int)server_requests(self->server), (int)count);
    assert_int_equal(aw_engine_step(self->engine, 0.01, &error), AW_OK);
    assert_int_equal(aw_engine_finished(self->engine), 0);
  }
}

void assert_body(const aw_request *request, const char *body)
{
  size_t length;
  const char *got = aw_request_body(request, &length);
  if(aw_request_error(request)->status != AW_OK)
    fail_msg("no body: %s", aw_request_error(request)->message);
  assert_string_equal(got, body);
  assert_int_equal(length, strlen(body));
}

void assert_failed(const aw_request *request, aw_status status, const char *part)
{
  const aw_error *error = aw_request_error(request);
  size_t length;
  if(error->status != status)
    fail_msg("%s, not %s: %s", aw_status_name(error->status), aw_status_name(status), error->message);
  assert_has(error->message, part);
  aw_request_body(request, &length);
  assert_int_equal(length, 0);
}

aw_request_spec spec_of(const char *method, const char *target)
{
  aw_request_spec spec = {0};
  spec.method = method;
  spec.target = target;
  return spec;
}

void set_body(aw_body *body, const void *bytes, size_t length)
{
  aw_source source;
  aw_error error;
  aw_body_init(body);
  assert_int_equal(aw_source_init_bytes(&source, bytes, length, &error), AW_OK);
  aw_body_set(body, &source);
}

char *repeated(const char *head, const char *unit, size_t count, const char *tail)
{
  size_t size = strlen(head) + strlen(unit) * count + strlen(tail) + 1, length = strlen(head), i;
  char *text = malloc(size);
  assert_non_null(text);
  memcpy(text, head, length);
  for(i = 0; i < count; i++, length += strlen(unit))
    memcpy(text + length, unit, strlen(unit));
  memcpy(text + length, tail, strlen(tail) + 1);
  return text;
}

/* Memory ---------------------------------------------------------------------------------------------------------- */

static void *faulty(void *user, void *pointer, size_t size)
{
  spec_faults *self = user;
  void *result;
  if(!size) {
    self->live--;
    free(pointer);
    return NULL;
  }
  self->calls++;
  if(self->fail_at && (self->for_good ? self->calls >= self->fail_at : self->calls == self->fail_at))
    return NULL;
  result = realloc(pointer, size);
  assert_non_null(result);
  if(!pointer)
    self->live++;
  return result;
}

void faults_begin(spec_faults *self, size_t fail_at)
{
  memset(self, 0, sizeof(*self));
  self->fail_at = fail_at;
  aw_alloc_replace(faulty, self);
}

void faults_end(spec_faults *self)
{
  aw_alloc_replace(NULL, NULL);
  assert_int_equal(self->live, 0);
}

/* Each block has its size in front. */
typedef union head {
  size_t size;
  long double align;
} head;

static struct {
  const char *secret;
  size_t found;
} search;

static bool holds_secret(const char *bytes, size_t size)
{
  size_t length = strlen(search.secret), i;
  for(i = 0; i + length <= size; i++)
    if(memcmp(bytes + i, search.secret, length) == 0)
      return true;
  return false;
}

/* Never in place, so that what a block leaves behind when it grows is looked at too. */
static void *searching(void *user, void *pointer, size_t size)
{
  head *old = pointer ? (head *)pointer - 1 : NULL, *block = NULL;
  (void)user;
  if(size) {
    block = calloc(1, sizeof(*block) + size);
    assert_non_null(block);
    block->size = size;
    if(old)
      memcpy(block + 1, old + 1, old->size < size ? old->size : size);
  }
  if(old && holds_secret(pointer, old->size))
    search.found++;
  free(old);
  return block ? block + 1 : NULL;
}

void secrets_begin(const char *secret)
{
  search.secret = secret;
  search.found = 0;
  aw_alloc_replace(searching, NULL);
}

size_t secrets_end(void)
{
  aw_alloc_replace(NULL, NULL);
  return search.found;
}

/* Processes ------------------------------------------------------------------------------------------------------- */

void end_child(int line, const char *condition)
{
  fprintf(stderr, "line %d, in the child: %s\n", line, condition);
  _exit(1);
}

void in_child(void (*run_it)(void *user), void *user)
{
  pid_t child;
  int status;
  fflush(NULL);
  child = fork();
  assert_int_not_equal(child, -1);
  if(child == 0) {
    run_it(user);
    fflush(NULL); /* as exit does, with the parent's copies too */
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

/* Files ----------------------------------------------------------------------------------------------------------- */

int scratch_make(void **state)
{
  const char *parent = getenv("TMPDIR");
  char *path = malloc(PATH_SIZE);
  if(!path)
    return -1;
  snprintf(path, PATH_SIZE, "%s/aw-spec-XXXXXX", parent && *parent ? parent : P_tmpdir);
  *state = mkdtemp(path);
  return *state ? 0 : -1;
}

/* Calls `each` for every entry, and returns how many there are. */
static size_t walk(const char *directory, int (*each)(const char *))
{
  DIR *entries = opendir(directory);
  struct dirent *entry;
  size_t count = 0;
  assert_non_null(entries);
  while((entry = readdir(entries)) != NULL) {
    if(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    count++;
    if(each)
      assert_int_equal(each(path_in(directory, entry->d_name)), 0);
  }
  closedir(entries);
  return count;
}

size_t entries_in(const char *directory)
{
  return walk(directory, NULL);
}

int scratch_remove(void **state)
{
  walk(*state, remove);
  assert_int_equal(rmdir(*state), 0);
  free(*state);
  return 0;
}

const char *path_in(const char *directory, const char *name)
{
  static char buffers[4][PATH_SIZE];
  static size_t turn;
  char *buffer = buffers[turn++ % COUNT(buffers)];
  snprintf(buffer, PATH_SIZE, "%s/%s", directory, name);
  return buffer;
}

void write_file(const char *path, const void *bytes, size_t length)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

void assert_file(const char *path, const void *bytes, size_t length)
{
  FILE *file = fopen(path, "rb");
  char *got = malloc(length + 2);
  size_t size;
  if(!file)
    fail_msg("%s is missing", path);
  assert_non_null(got);
  size = fread(got, 1, length + 1, file);
  fclose(file);
  assert_int_equal(size, length);
  assert_memory_equal(got, bytes, length);
  free(got);
}
