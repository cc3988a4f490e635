/* The sockets that libcurl has open for an engine. A forked child has copies of them, which keep its parent's
 * connections open as long as it lives, and libcurl tells of none of them. */
#ifndef AW_OPENED_H
#define AW_OPENED_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#define AW_OPENED_MAX ((size_t)65536) /* libcurl gets no further socket then */

typedef struct aw_opened_socket aw_opened_socket;

typedef struct aw_opened {
  aw_opened_socket *items;
  size_t count, room;
  bool starved; /* there was no memory to know one more by, which libcurl calls no connection */
} aw_opened;

void aw_opened_init(aw_opened *opened);

/* After the CURLM and all its handles, since these close sockets. */
void aw_opened_deinit(aw_opened *opened);

/* Have all that a transfer opens counted, from before it begins until it was closed. `opened` must stay where it is. No
 * program that is started meanwhile inherits it. */
CURLcode aw_opened_attach(aw_opened *opened, CURL *easy);

/* In a forked child, where libcurl will not use them any more: close them, without a word to the other side. A number
 * that was closed and means something else by now is let alone. */
void aw_opened_drop(aw_opened *opened);

#endif
