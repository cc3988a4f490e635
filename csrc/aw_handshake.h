/* The answer to a WebSocket handshake (RFC 6455, section 4.1): collects it and judges it. */
#ifndef AW_HANDSHAKE_H
#define AW_HANDSHAKE_H

#include "aw_accept.h"
#include "aw_buf.h"
#include "aw_error.h"
#include "aw_headers.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct aw_handshake {
  char key[AW_KEY_SIZE];
  aw_buf line; /* that has not come to its end */
  aw_headers headers;
  long http_status; /* 0: not known yet */
  bool has_headers;
  aw_buf rest; /* what came behind the header: the first frames, or the text of a refusal */
} aw_handshake;

typedef enum aw_handshake_result {
  AW_HANDSHAKE_MORE,    /* it has not all come yet */
  AW_HANDSHAKE_DONE,    /* the connection is a WebSocket; `rest` belongs to it */
  AW_HANDSHAKE_REFUSED, /* another status than 101; `rest` is the beginning of its text */
  AW_HANDSHAKE_FAILED   /* what came is no answer to this handshake */
} aw_handshake_result;

/* With a fresh key. */
aw_status aw_handshake_init(aw_handshake *handshake, aw_error *error);
void aw_handshake_deinit(aw_handshake *handshake);

/* Take what came. `ended`: nothing more will come. */
aw_handshake_result aw_handshake_feed(aw_handshake *handshake, const char *bytes, size_t length, bool ended,
                                      aw_error *error);

#endif
