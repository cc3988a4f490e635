/* Whether bytes are UTF-8 (RFC 3629), for what libcurl hands on unseen. */
#ifndef AW_UTF8_H
#define AW_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Without overlong forms, surrogates and what is beyond U+10FFFF. */
bool aw_utf8_ok(const char *bytes, size_t length);

#endif
