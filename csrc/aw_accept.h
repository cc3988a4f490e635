/* The key of a WebSocket handshake, and what a server must make of it (RFC 6455, section 4.2.2). */
#ifndef AW_ACCEPT_H
#define AW_ACCEPT_H

#include "aw_error.h"

#define AW_KEY_SIZE 25    /* 16 bytes in base64, and NUL */
#define AW_ACCEPT_SIZE 29 /* 20 bytes in base64, and NUL */

/* A key of the system's randomness. */
aw_status aw_accept_key(char key[AW_KEY_SIZE], aw_error *error);

/* The answer to a key: base64 of the SHA-1 of the key and a fixed text. */
void aw_accept_answer(const char *key, char answer[AW_ACCEPT_SIZE]);

#endif
