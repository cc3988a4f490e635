/* Waits for an engine's sockets and moves on what is ready. On Linux an epoll set that libcurl's socket callbacks keep:
 * a host's loop has one descriptor to wait for, a step costs what is ready and not what is under way, and it may end
 * before all is done. Elsewhere libcurl waits for itself (aw_watch_portable.c). */
#ifndef AW_WATCH_H
#define AW_WATCH_H

#include "aw.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__linux__) && !defined(AW_WATCH_PORTABLE)
#define AW_WATCH_EPOLL
#endif

typedef struct aw_fd {
  curl_socket_t fd;
  bool read, write; /* what to wait for */
} aw_fd;

typedef struct aw_watch aw_watch;

/* A descriptor of `easy` cannot be watched, as `error` says, so that it must be ended: after the call of libcurl in
 * which this is called, and not within. */
typedef void (*aw_unwatched_fn)(void *user, CURL *easy, const aw_error *error);

/* From now on the CURLM must be moved by aw_watch_perform alone. No transfer may have been added to it yet. */
aw_status aw_watch_new(CURLM *multi, aw_watch **watch, aw_error *error);

/* Whom to tell; nobody to begin with. */
void aw_watch_tell(aw_watch *watch, aw_unwatched_fn tell, void *user);

/* In a forked child: watch for another CURLM, with nothing of what the parent watches, whose set stays as it is. */
aw_status aw_watch_renew(aw_watch *watch, CURLM *multi, aw_error *error);

/* After the CURLM, which calls it until its own end; NULL is allowed. */
void aw_watch_free(aw_watch *watch);

/* Move on what is ready and what is due; never waits. What is ready when `seconds` are over is left to the next time.
 */
CURLMcode aw_watch_perform(aw_watch *watch, double seconds);

/* Watch a descriptor that is not libcurl's, too; with neither, only for its end. */
aw_status aw_watch_set(aw_watch *watch, curl_socket_t fd, bool read, bool write, aw_error *error);
void aw_watch_remove(aw_watch *watch, curl_socket_t fd);

/* Whether one of those may be ready since this was last asked. */
bool aw_watch_take_ready(aw_watch *watch);

/* Wait that long (milliseconds) at the most for something to be ready or due. */
CURLMcode aw_watch_wait(aw_watch *watch, int milliseconds);

/* Wait up to that many seconds (an hour at the most) until a descriptor (Windows: a socket) can be read or has come to
 * its end, from any thread; whether it has. A signal may end it before. */
int aw_watch_await(int fd, double seconds);

/* What to wait for; writes up to `max`, returns how many there are. With epoll it is one that stays. They are the
 * watch's own. */
size_t aw_watch_fds(aw_watch *watch, aw_fd *fds, size_t max);

/* Seconds until something is due; -1: nothing is. */
double aw_watch_timeout(const aw_watch *watch);

#endif
