/* One client's cookies. libcurl keeps the rules (domain, path, expiry, Secure); this keeps them apart per client. Where
 * libcurl lacks the memory to tell or to keep one, all here fail with AW_MEMORY, rather than go on without. */
#ifndef AW_COOKIES_H
#define AW_COOKIES_H

#include "aw_buf.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>

/* One that was put aside while transfers still used it. */
typedef struct aw_old_jar aw_old_jar;

typedef struct aw_cookies {
  CURLSH *jar; /* made on first use */
  aw_old_jar *old;
  aw_old_jar *place; /* for it among those, so that no lack of memory keeps it in use */
} aw_cookies;

void aw_cookies_init(aw_cookies *cookies);

/* Only when no transfer is attached any more. */
void aw_cookies_deinit(aw_cookies *cookies);

/* Let a transfer send and receive them. */
aw_status aw_cookies_attach(aw_cookies *cookies, CURL *easy, aw_error *error);

/* Let a transfer that shall send none receive some, for aw_cookies_adopt. */
aw_status aw_cookies_attach_empty(CURL *easy, aw_error *error);

/* Take over what such a transfer received. */
aw_status aw_cookies_adopt(aw_cookies *cookies, CURL *easy, aw_error *error);

/* An answer has set some: beyond AW_COOKIES_MAX those go that were there first. Where there is no memory for that, all
 * stay until the next time. */
void aw_cookies_trim(aw_cookies *cookies);

/* What transfers that are under way still receive is lost with the rest. */
void aw_cookies_clear(aw_cookies *cookies);

/* Write those that outlast the program into `text`, by aw_kept_add. */
aw_status aw_cookies_export(const aw_cookies *cookies, aw_buf *text, aw_error *error);

/* AW_ARGUMENT where one of the lines is no such cookie. */
aw_status aw_cookies_check(const char *const *lines, size_t count, aw_error *error);

/* Put those back, which were checked. */
aw_status aw_cookies_import(aw_cookies *cookies, const char *const *lines, size_t count, aw_error *error);

/* What a request for `path` at `host` carries ("a=1; b=2", nothing where there is none), for requests that libcurl does
 * not make. `max` of the buffer counts. */
aw_status aw_cookies_write(const aw_cookies *cookies, const char *host, const char *path, bool secure, aw_buf *line,
                           aw_error *error);

/* Whether there is any that has not expired. Fails for want of memory alone. */
aw_status aw_cookies_any(const aw_cookies *cookies, bool *any, aw_error *error);

#endif
