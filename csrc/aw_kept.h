/* A session as text, to be kept until the program runs again: what it belongs to, then what the server gave. A line of
 * each, "name value". All of it is secret. */
#ifndef AW_KEPT_H
#define AW_KEPT_H

#include "aw_buf.h"
#include "aw_error.h"

#include <stddef.h>

#define AW_KEPT_VERSION 1
#define AW_KEPT_MAX ((size_t)64 * 1024) /* bytes of a whole text */
#define AW_KEPT_COOKIES_MAX 64

#define AW_KEPT_ENDPOINT "endpoint"
#define AW_KEPT_PROJECT "project"
#define AW_KEPT_SESSION "session"
#define AW_KEPT_FALLBACK "fallback"
#define AW_KEPT_COOKIE "cookie"

/* Begin, add a line, end: into a buffer whose `max` counts. A value has no line break. AW_ARGUMENT where it gets too
 * long. All of the buffer is made at once, so that it can be wiped: by its owner, whatever came of it. */
aw_status aw_kept_begin(aw_buf *text, aw_error *error);
aw_status aw_kept_add(aw_buf *text, const char *name, const char *value, aw_error *error);
aw_status aw_kept_end(aw_buf *text, aw_error *error);

/* What was read. Values are NULL where there is none, and live as long as it. */
typedef struct aw_kept {
  char *text;
  size_t length;
  const char *endpoint, *project, *session, *fallback;
  const char *cookies[AW_KEPT_COOKIES_MAX];
  size_t cookies_count;
} aw_kept;

/* Copies; to be ended by aw_kept_deinit, also on failure. AW_ARGUMENT says what is wrong with the text, as the rest of
 * a sentence about it ("it …"), and repeats nothing of it but its version. */
aw_status aw_kept_read(aw_kept *kept, const char *text, size_t length, aw_error *error);

/* Wipes it. */
void aw_kept_deinit(aw_kept *kept);

#endif
