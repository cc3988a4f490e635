/* One client's cookies. libcurl keeps the rules (domain, path, expiry, Secure); this keeps them apart per client. */
#ifndef AW_COOKIES_H
#define AW_COOKIES_H

#include "aw_buf.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>

typedef struct aw_cookies {
  CURLSH *jar; /* made on first use */
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

void aw_cookies_clear(aw_cookies *cookies);

/* What a request for `path` at `host` carries ("a=1; b=2", nothing where there is none), for requests that libcurl does
 * not make. `max` of the buffer counts. */
aw_status aw_cookies_write(const aw_cookies *cookies, const char *host, const char *path, bool secure, aw_buf *line,
                           aw_error *error);

/* Whether there is any that has not expired. */
bool aw_cookies_any(const aw_cookies *cookies);

#endif
