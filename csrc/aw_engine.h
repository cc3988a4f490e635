/* Moves all requests of its clients on, over one pool of connections (a CURLM).
 *
 * After a fork() the parent's engine goes on as if nothing had happened. The child's is like a new one, from the first
 * call of any function here on: what was under way has ended with AW_CANCELLED, connections are its own. */
#ifndef AW_ENGINE_H
#define AW_ENGINE_H

#include "aw.h"
#include "aw_error.h"
#include "aw_origin.h"
#include "aw_watch.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/* What is alive, for leak checks. */
typedef struct aw_stats {
  size_t clients;
  size_t requests;
  size_t transfers; /* requests that have not ended */
} aw_stats;

/* One reference, for the caller. What is under way, and what waits to be taken, keeps the engine too: close it before
 * giving up the last reference of one's own, or all of it stays. */
aw_status aw_engine_new(aw_engine **engine, aw_error *error);
aw_engine *aw_engine_ref(aw_engine *engine);
void aw_engine_unref(aw_engine *engine);

/* Cancel all that is under way and refuse what would start. May be called twice. */
void aw_engine_close(aw_engine *engine);

/* Move everything on. Waits `timeout` seconds at most and no longer than until a request finishes or
 * pauses, or a WebSocket has news. With 0 it never waits, and leaves to the next step what would take it long. */
aw_status aw_engine_step(aw_engine *engine, double timeout, aw_error *error);

/* The next finished request, in the order of finishing, or NULL. The caller gets the engine's reference. */
aw_request *aw_engine_take(aw_engine *engine);

/* How many wait to be taken. */
size_t aw_engine_finished(const aw_engine *engine);

/* How many connections to one server, at the most; 6 unless told otherwise. What is beyond waits for its turn, in the
 * order in which it was started. Over HTTP/2 a connection carries many requests, so more are under way. Where there
 * are more than are allowed now, one is closed with each request that ends. */
void aw_engine_limit(aw_engine *engine, long connections);

/* For loops of others: wait until one of these descriptors is ready or the time is over, then step with 0. On Linux it
 * is one that stays the same. Writes up to `max`, returns how many there are. */
size_t aw_engine_fds(aw_engine *engine, aw_fd *fds, size_t max);

/* Seconds until a step is due even if no descriptor is ready; -1: none is. 0 while a finished request waits to be
 * taken, or one has paused or rests: that may happen outside of a step, by aw_request_cancel and aw_request_taken. */
double aw_engine_timeout(aw_engine *engine);

/* The next WebSocket with a message or another state since it was last given, or NULL. One reference for the caller. */
aw_socket *aw_engine_take_news(aw_engine *engine);

/* How many wait to be taken. */
size_t aw_engine_news(const aw_engine *engine);

void aw_engine_stats(const aw_engine *engine, aw_stats *stats);

/* For aw_client.c, aw_request.c and aw_socket.c
 * -------------------------------------------------------------------------------- */

/* The origin of a URL, for clients of this engine. One reference for the caller. */
aw_status aw_engine_origin(aw_engine *engine, const char *url, aw_origin **origin, aw_error *error);

void aw_engine_count_client(aw_engine *engine);
void aw_engine_forget_client(aw_engine *engine);
void aw_engine_count_request(aw_engine *engine);
void aw_engine_forget_request(aw_engine *engine);

/* Put a described request under way, now or when its turn comes. Keeps a reference to it. */
aw_status aw_engine_submit(aw_engine *engine, aw_request *request, aw_error *error);

/* Whether the step that is under way has taken as long as it may. What calls this and gets true must let its request
 * rest until the next step: it is resumed there. */
bool aw_engine_is_late(aw_engine *engine);

/* A request pauses: the next step returns at once, that once. */
void aw_engine_notice(aw_engine *engine);

/* Whether that `code` says there is no connection comes from want of memory or of descriptors: then it is in *error. */
bool aw_engine_starved(const aw_engine *engine, CURLcode code, aw_error *error);

/* Have a transfer's sockets opened and closed in the engine's name, so that it knows them. */
aw_status aw_engine_own_sockets(aw_engine *engine, CURL *easy, aw_error *error);

/* To be called before libcurl is told anything of what is under way, other than by a step: in a forked child that has
 * ended then. */
void aw_engine_leave_parent(aw_engine *engine);

/* Let a WebSocket connect, and move on with each step. Keeps a reference until its end was told of. */
aw_status aw_engine_add_socket(aw_engine *engine, aw_socket *socket, aw_error *error);

/* What a socket's descriptor is waited for. */
aw_status aw_engine_watch_socket(aw_engine *engine, curl_socket_t fd, bool read, bool write, aw_error *error);

/* It has ended: its handle, and its descriptor (CURL_SOCKET_BAD where it was not watched), are the engine's no more. */
void aw_engine_release_socket(aw_engine *engine, CURL *easy, curl_socket_t fd);

/* Whether a connection that was used before, found by its ports, is fit for a request. Over HTTP/1 nothing may come
 * while nothing is asked for: a second answer, a complaint that the client was silent for too long, or the end would be
 * taken for the answer to the next request. Over HTTP/2 libcurl keeps a connection that has died without a word, or
 * whose server it does not understand any more, and every request would go there to wait in vain. */
bool aw_engine_is_fit(aw_engine *engine, const aw_origin *origin, int local_port, int remote_port);

/* End a request with `code`, whether it is under way or waits for its turn. */
void aw_engine_finish(aw_engine *engine, aw_request *request, CURLcode code);

#endif
