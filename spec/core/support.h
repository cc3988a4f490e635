/* What the suites share: cmocka, an engine with a client on a scripted server, an allocator that fails on demand, and a
 * directory to write in. */
#ifndef SPEC_SUPPORT_H
#define SPEC_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after what it needs */
#include <cmocka.h>

#include "aw_engine.h"
#include "aw_request.h"
#include "server.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PATIENCE 20.0 /* seconds after which something that should have happened has not */

#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

/* Steps of a server. */
#define OK                                                                                                             \
  {                                                                                                                    \
    OK_EMPTY, SERVER_KEEP, 0, SERVER_WHOLE                                                                             \
  }
#define HELLO                                                                                                          \
  {                                                                                                                    \
    OK_HELLO, SERVER_KEEP, 0, SERVER_WHOLE                                                                             \
  }
#define HOLD                                                                                                           \
  {                                                                                                                    \
    NULL, SERVER_HOLD, 0, SERVER_WHOLE                                                                                 \
  }

void assert_has(const char *text, const char *part);
void assert_has_not(const char *text, const char *part);

/* World ----------------------------------------------------------------------------------------------------------- */

typedef struct spec_world {
  spec_server *server;
  aw_engine *engine;
  aw_client *client;
  char endpoint[64];
  char proxy[64];
} spec_world;

/* A server that plays `steps`, and a client of the project "p" on it. */
void world_open(spec_world *self, const server_step *steps, size_t count);

/* The same with other options: the endpoint is filled in where it is NULL. */
void world_open_with(spec_world *self, const server_step *steps, size_t count, aw_client_options options);

/* The same with the server as a proxy, so that the endpoint may be any name without a look-up. */
void world_open_proxied(spec_world *self, const server_step *steps, size_t count, const char *endpoint);

/* Everything must be gone by then: checked. */
void world_close(spec_world *self);

aw_request_spec spec_of(const char *method, const char *target);

/* A body of those bytes, copied. */
void set_body(aw_body *body, const void *bytes, size_t length);

/* `count` times `unit` between `head` and `tail`; the caller frees it. */
char *repeated(const char *head, const char *unit, size_t count, const char *tail);

/* Start, and run to the end. One reference for the caller. */
aw_request *run(aw_client *client, const aw_request_spec *spec);
aw_request *start(aw_client *client, const aw_request_spec *spec);
aw_request *get(aw_client *client, const char *target);

/* As the client says; its memory must not fail meanwhile. */
bool has_cookies(const aw_client *client);

aw_request *begin_get(const spec_world *world, const char *target);

/* Step until the next one has finished: it must be `request`. The engine's reference goes, the caller's stays. */
void finish(aw_engine *engine, aw_request *request);

/* Step until that many have finished. The engine's references go. */
void step_until_all_ended(const spec_world *world, size_t count);

/* What the engine says is alive, besides one client. */
void assert_stats(const spec_world *world, size_t requests, size_t transfers, size_t finished);

/* Start, end, and forget: for the sake of what it does to the client. */
void run_and_drop(aw_client *client, const aw_request_spec *spec);
void login(aw_client *client);

/* Step until the server has read that many requests. */
void step_until_seen(const spec_world *self, size_t count);

void assert_body(const aw_request *request, const char *body);
void assert_failed(const aw_request *request, aw_status status, const char *part);

/* Memory ---------------------------------------------------------------------------------------------------------- */

typedef struct spec_faults {
  size_t calls;   /* allocations asked for */
  size_t fail_at; /* that one fails, counted from 1; 0: none */
  bool for_good;  /* and all after it */
  size_t live;    /* blocks not freed */
} spec_faults;

/* From here to faults_end the core allocates through `self`. */
void faults_begin(spec_faults *self, size_t fail_at);

/* All must have been freed: checked. */
void faults_end(spec_faults *self);

/* From here to secrets_end, how many blocks of the core were freed with `secret` still in them. */
void secrets_begin(const char *secret);
size_t secrets_end(void);

/* Processes ------------------------------------------------------------------------------------------------------ */

/* A check in a child ends it with the number of its line. */
#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if(!(condition))                                                                                                   \
      end_child(__LINE__, #condition);                                                                                 \
  } while(0)

void end_child(int line, const char *condition);

/* Run it in a child, to its end, with no assertions but CHECK. Nothing of what stdio keeps is written twice. */
void in_child(void (*run_it)(void *user), void *user);

/* Files ----------------------------------------------------------------------------------------------------------- */

/* Make and remove a fresh directory: cmocka's setup and teardown. The state is its path. */
int scratch_make(void **state);
int scratch_remove(void **state);

/* "directory/name", in one of a few static buffers. */
const char *path_in(const char *directory, const char *name);

void write_file(const char *path, const void *bytes, size_t length);
void assert_file(const char *path, const void *bytes, size_t length);

/* How many entries, "." and ".." not counted. */
size_t entries_in(const char *directory);

#endif
