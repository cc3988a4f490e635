/* What an engine is made of, for aw_engine*.c alone. */
#ifndef AW_ENGINE_STATE_H
#define AW_ENGINE_STATE_H

#include "aw_engine.h"
#include "aw_opened.h"
#include "aw_origin.h"

#define AW_IDLE_MAX 16 /* handles kept for the next request */

struct aw_engine {
  int references;
  long process; /* that uses it: see aw_process */
  CURLM *multi; /* NULL after a fork, until there is a new one */
  aw_watch *watch;
  aw_opened opened;
  bool closed;
  bool noticed;    /* see aw_engine_notice */
  bool resting;    /* a request waits for the next step */
  bool unwatched;  /* see on_unwatched */
  double step_end; /* when the step that is under way is to end, by aw_monotonic; 0: it may wait */
  aw_request_list running, finished;
  aw_origin *origins;
  size_t connections; /* to one origin */
  aw_socket *sockets; /* those that live, and those whose end was not told of yet */
  size_t sockets_open;
  CURL *idle[AW_IDLE_MAX];
  size_t idle_count;
  aw_stats stats;
};

/* A forked child has copies of all that its parent's engine has, which lead to the same connections and the same epoll
 * set. Whatever it did with them would harm the parent, so nothing of them is used: aw_engine_leave_parent, which takes
 * no memory, ends what was under way and closes the copies without a word to any server. This does the same, and sees
 * to it that there is something to go on with. */
aw_status aw_engine_enter(aw_engine *engine, aw_error *error);

/* How many connections libcurl is to keep. */
void aw_engine_limit_libcurl(aw_engine *engine);

/* A request has ended, is in no list any more and has no handle: it counts as finished. */
void aw_engine_add_finished(aw_engine *engine, aw_request *request);

/* The WebSocket of a handle that is no request's; NULL where there is none. */
aw_socket *aw_engine_socket_of(const aw_engine *engine, const CURL *easy);

/* Move them on. */
void aw_engine_step_sockets(aw_engine *engine);

/* Seconds until one of them must be moved on; -1: none must. */
double aw_engine_sockets_due(const aw_engine *engine);

/* End them all, and give up the engine's references to them. */
void aw_engine_cancel_sockets(aw_engine *engine);

#endif
