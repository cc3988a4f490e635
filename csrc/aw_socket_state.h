/* What a socket is made of, for aw_socket.c and aw_socket_open.c alone. */
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
  size_t rest; /* bytes of the handshake's that were read as frames */
  aw_frames *frames;
  aw_message *message; /* that was handed out */
  size_t max_message, max_waiting;
  double deadline; /* of handshake or close; -1: none */
  double heard;
  aw_error error;
  char curl_message[CURL_ERROR_SIZE];
};

#endif
