/* The sockets that libcurl has open for an engine: it says of a connection nothing but its ports before it sends a
 * request over it, and a forked child has copies of them, which keep its parent's connections open as long as it lives.
 */
#ifndef AW_OPENED_H
#define AW_OPENED_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AW_OPENED_MAX ((size_t)65536) /* libcurl gets no further socket then */

typedef struct aw_opened_socket {
  curl_socket_t fd;
  int local_port, remote_port; /* 0: not asked yet */
  bool dumb;                   /* a request failed there, and none had an answer meanwhile */
  uintmax_t device, inode;     /* they tell it from whatever else has its number later */
} aw_opened_socket;

/* For what the last socket could not be opened: libcurl says of any cause that there is no connection. */
typedef enum aw_lack {
  AW_LACKS_NOTHING,
  AW_LACKS_MEMORY,     /* to know one more by */
  AW_LACKS_DESCRIPTORS /* the process or the system has as many open as it may */
} aw_lack;

typedef struct aw_opened {
  aw_opened_socket *items;
  size_t count, room;
  aw_lack lack;
} aw_opened;

void aw_opened_init(aw_opened *opened);

/* After the CURLM and all its handles, since these close sockets. */
void aw_opened_deinit(aw_opened *opened);

/* Have all that a transfer opens counted, from before it begins until it was closed. `opened` must stay where it is. No
 * program that is started meanwhile inherits it. */
CURLcode aw_opened_attach(aw_opened *opened, CURL *easy);

/* The one of a connection, by its own port, and where several have that, by the other side's, which may not be known
 * where there is a proxy. NULL where it is none of these. Good until the next is opened or closed. */
aw_opened_socket *aw_opened_find(aw_opened *opened, int local_port, int remote_port);

/* In a forked child, where libcurl will not use them any more: close them, without a word to the other side. A number
 * that was closed and means something else by now is let alone. */
void aw_opened_drop(aw_opened *opened);

#endif
