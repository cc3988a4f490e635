/* One descriptor that stands for all of an engine's sockets, so that a host's loop has one thing to wait for: an epoll
 * set that libcurl's socket callbacks keep. Linux only; elsewhere aw_watch_new fails and hosts use aw_engine_fds. */
#ifndef AW_WATCH_H
#define AW_WATCH_H

#include "aw.h"
#include "aw_error.h"

#include <curl/curl.h>

typedef struct aw_watch aw_watch;

/* From now on the CURLM must be moved by aw_watch_perform alone. No transfer may have been added to it yet. */
aw_status aw_watch_new(CURLM *multi, aw_watch **watch, aw_error *error);

/* After the CURLM, which calls it until its own end; NULL is allowed. */
void aw_watch_free(aw_watch *watch);

/* Move on what is ready and what is due; never waits. */
CURLMcode aw_watch_perform(aw_watch *watch);

/* Wait that long (milliseconds) at the most for something to be ready or due. */
CURLMcode aw_watch_wait(aw_watch *watch, int milliseconds);

/* Wait up to that many seconds until a descriptor can be read, from any thread; whether it can. */
int aw_watch_await(int fd, double seconds);

/* It can be read when something is ready. Owned by the watch. */
int aw_watch_fd(const aw_watch *watch);

/* Seconds until something is due; -1: nothing is. */
double aw_watch_timeout(const aw_watch *watch);

#endif
