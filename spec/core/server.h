/* A scripted HTTP server on the loopback: reads requests, keeps them, and plays back fixed bytes. A thread of its own,
 * so that the test steps the core meanwhile. */
#ifndef SPEC_SERVER_H
#define SPEC_SERVER_H

#include <stddef.h>

typedef enum server_then {
  SERVER_KEEP, /* the connection goes on with the next step */
  SERVER_CLOSE,
  SERVER_HOLD /* nothing more is read or written until the other side goes or the server stops */
} server_then;

typedef enum server_when {
  SERVER_WHOLE,  /* once the whole request is there */
  SERVER_FIELDS, /* once its header fields are */
  SERVER_BYTES   /* once anything is, a request or not */
} server_when;

/* What one request gets. */
typedef struct server_step {
  const char *reply; /* NULL: nothing; "{accept}" in it is what a WebSocket's handshake wants there */
  server_then then;
  size_t length; /* of the reply; 0: its strlen */
  server_when when;
} server_step;

typedef struct spec_server spec_server;

/* Requests get the steps in the order in which they arrive, on whatever connection; the last step again and again
 * once all were played. `steps` must live as long as the server. Ends the test when there is no socket. */
spec_server *server_start(const server_step *steps, size_t count);
void server_stop(spec_server *self);

int server_port(const spec_server *self);

/* Whole requests read so far. */
size_t server_requests(spec_server *self);

/* Connections accepted so far. */
size_t server_connections(spec_server *self);

/* Those of them that are open, as far as the server knows by now. */
size_t server_open(spec_server *self);

/* The bytes of one request, headers and body, with a NUL behind them; NULL where it has not come. Lives as long as
 * the server. */
const char *server_request(spec_server *self, size_t index);
size_t server_request_length(spec_server *self, size_t index);

#endif
