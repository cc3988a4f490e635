/* One server as an engine sees it: how many of its requests are under way, and which wait for their turn, first come
 * first served. libcurl has a waiting list too, which keeps no order and runs a request's timeout. */
#ifndef AW_ORIGIN_H
#define AW_ORIGIN_H

#include "aw.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aw_request_list {
  aw_request *first, *last;
} aw_request_list;

/* A request is in one list at a time, which holds no reference. */
void aw_request_list_append(aw_request_list *list, aw_request *request);
void aw_request_list_remove(aw_request_list *list, aw_request *request);

typedef struct aw_origin aw_origin;

struct aw_origin {
  int references;
  char *name; /* scheme, host and port */
  size_t running;
  bool multiplexes; /* its last answer came over HTTP/2 or newer: one connection carries many requests */
  double heard;     /* when the last answer had come, by aw_monotonic */
  aw_request_list waiting;
  aw_origin **list, *next; /* the engine's */
};

/* The origin of a URL in the list, or a new one that is put into it. One reference for the caller. */
aw_status aw_origin_get(aw_origin **list, const char *url, aw_origin **origin, aw_error *error);

aw_origin *aw_origin_ref(aw_origin *origin);

/* The last reference takes it out of its list. NULL is allowed. */
void aw_origin_unref(aw_origin *origin);

/* Of a transfer that has ended and still has its connection, and whether it had an answer. */
void aw_origin_learn(aw_origin *origin, CURL *easy, bool answered);

/* Whether one more request may be under way, where `connections` may be open. */
bool aw_origin_has_room(const aw_origin *origin, size_t connections);

#endif
