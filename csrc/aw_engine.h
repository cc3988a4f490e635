/* Moves all requests of its clients on, over one pool of connections (a CURLM). */
#ifndef AW_ENGINE_H
#define AW_ENGINE_H

#include "aw.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/* What is alive, for leak checks. */
typedef struct aw_stats {
  size_t clients;
  size_t requests;
  size_t transfers; /* requests under way */
} aw_stats;

typedef struct aw_fd {
  curl_socket_t fd;
  bool read, write; /* what to wait for */
} aw_fd;

/* One reference, for the caller. */
aw_status aw_engine_new(aw_engine **engine, aw_error *error);
aw_engine *aw_engine_ref(aw_engine *engine);
void aw_engine_unref(aw_engine *engine);

/* Cancel all that is under way and refuse what would start. May be called twice. */
void aw_engine_close(aw_engine *engine);

/* Move everything on. Waits `timeout` seconds at most (0: not at all) and no longer than until a request finishes. */
aw_status aw_engine_step(aw_engine *engine, double timeout, aw_error *error);

/* The next finished request, in the order of finishing, or NULL. The caller gets the engine's reference. */
aw_request *aw_engine_take(aw_engine *engine);

/* How many wait to be taken. */
size_t aw_engine_finished(const aw_engine *engine);

/* For loops of others: wait until one of these descriptors is ready or the time is over, then step with 0.
 * Writes up to `max` and returns how many there are. */
size_t aw_engine_fds(aw_engine *engine, aw_fd *fds, size_t max);

/* Seconds until a step is due even if no descriptor is ready; -1: none is. */
double aw_engine_timeout(aw_engine *engine);

void aw_engine_stats(const aw_engine *engine, aw_stats *stats);

/* For aw_client.c and aw_request.c -------------------------------------------------------------------------------- */

void aw_engine_count_client(aw_engine *engine);
void aw_engine_forget_client(aw_engine *engine);
void aw_engine_count_request(aw_engine *engine);
void aw_engine_forget_request(aw_engine *engine);

/* A handle with no options set, from those used before or a new one; NULL without memory. */
CURL *aw_engine_borrow_easy(aw_engine *engine);

/* Give one back. It must have left the CURLM, and hold no cookies of its own. */
void aw_engine_return_easy(aw_engine *engine, CURL *easy);

/* Put a configured request under way. Keeps a reference to it. */
aw_status aw_engine_run(aw_engine *engine, aw_request *request, aw_error *error);

/* Take a request out that is under way, and end it with `code`. */
void aw_engine_finish(aw_engine *engine, aw_request *request, CURLcode code);

#endif
