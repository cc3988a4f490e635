/* What a socket is made of, and what its files have for one another: aw_socket.c, aw_socket_open.c, and the way to a
 * WebSocket, which is either aw_socket_stream.c or aw_socket_curl.c. */
#ifndef AW_SOCKET_STATE_H
#define AW_SOCKET_STATE_H

#include "aw_buf.h"
#include "aw_frames.h"
#include "aw_handshake.h"
#include "aw_socket.h"

typedef enum aw_socket_phase {
  AW_PHASE_CONNECTING, /* libcurl is at it */
  AW_PHASE_ASKING,     /* the handshake */
  AW_PHASE_RUNNING,
  AW_PHASE_CLOSED
} aw_socket_phase;

struct aw_socket {
  int references;
  aw_client *client;
  aw_socket *next;
  CURL *easy; /* stays in the CURLM as long as there is a connection */
  curl_socket_t fd;
  aw_socket_phase phase;
  bool watched, reading, writing; /* as the engine's watch has it */
  bool closing, news;
  bool wanted;    /* the next step has something to do for it, whatever its descriptor says */
  aw_buf request; /* of the handshake; secret */
  size_t sent;
  aw_handshake handshake;
  aw_handshake_result answer; /* where libcurl asks: what came of it so far */
  aw_fields *fields;          /* and with these; secret */
  size_t rest;                /* bytes of the handshake's that were read as frames */
  aw_frames *frames;
  aw_message *message; /* that was handed out */
  size_t max_message, max_waiting;
  double deadline; /* of handshake or close; -1: none */
  double heard;
  aw_error error;
  char curl_message[CURL_ERROR_SIZE];
};

/* The way to a WebSocket ------------------------------------------------------------------------------------------ */

/* Why it cannot be gone here; NULL where it can. Lives as long as the program. */
const char *aw_socket_way_missing(void);

/* Tell libcurl's handle, which has the client's options already, what to connect to and what to ask there. */
aw_status aw_socket_describe(aw_socket *socket, const aw_socket_spec *spec, aw_error *error);

/* Move the handshake on: in AW_PHASE_ASKING alone. */
void aw_socket_ask(aw_socket *socket);

/* What it calls --------------------------------------------------------------------------------------------------- */

/* Add the client's and the caller's header lines to the request. */
aw_status aw_socket_write_fields(aw_socket *socket, const aw_socket_spec *spec, aw_error *error);
aw_status aw_socket_request_status(aw_buf_result added, aw_error *error);

/* The handshake is done, or ends the socket: refused by the server, by libcurl, or by `error`. */
void aw_socket_run(aw_socket *socket, const aw_frames_io *io);
void aw_socket_refuse(aw_socket *socket);
void aw_socket_fail_connecting(aw_socket *socket, CURLcode code);
void aw_socket_fail(aw_socket *socket, const aw_error *error);

#endif
