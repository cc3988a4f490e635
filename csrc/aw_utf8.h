/* Whether bytes are UTF-8 (RFC 3629), for what of a WebSocket nobody else looks at. */
#ifndef AW_UTF8_H
#define AW_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Without overlong forms, surrogates and what is beyond U+10FFFF. */
bool aw_utf8_ok(const char *bytes, size_t length);

#endif
