/* WebSocket messages (RFC 6455, sections 5 to 7), with bounded queues both ways: by wslay over a stream of bytes, or
 * with APPWRITE_WEBSOCKET_CURL by libcurl (aw_frames_curl.c). Without APPWRITE_REALTIME there is none to be had. */
#ifndef AW_FRAMES_H
#define AW_FRAMES_H

#include "aw_error.h"
#include "aw_messages.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aw_frames aw_frames;

#ifdef APPWRITE_WEBSOCKET_CURL

/* A WebSocket that libcurl has opened, with CURLOPT_CONNECT_ONLY 2 and CURLWS_NOAUTOPONG. */
typedef struct aw_frames_io {
  CURL *easy;
  const char *message;       /* its CURLOPT_ERRORBUFFER */
  void (*heard)(void *user); /* something came */
  void *user;
} aw_frames_io;

#else

/* The stream. Both give how many bytes there were, AW_IO_AGAIN where it would have to wait, or AW_IO_FAILED; receiving
 * gives 0 at its end. */
#define AW_IO_AGAIN (-1)
#define AW_IO_FAILED (-2)

typedef struct aw_frames_io {
  long (*receive)(void *user, void *bytes, size_t max);
  long (*send)(void *user, const void *bytes, size_t length);
  void *user;
} aw_frames_io;

#endif

/* `max_message`: bytes of one. `max_waiting`: messages that wait to be taken, beyond which nothing is read (what one
 * read has brought already comes on top). */
aw_status aw_frames_new(const aw_frames_io *io, size_t max_message, size_t max_waiting, aw_frames **frames,
                        aw_error *error);
void aw_frames_free(aw_frames *frames);

/* Send what is queued, receive what is there. AW_NETWORK where the stream ended or broke; AW_PROTOCOL where the server
 * breaks the rules, after it was told so. */
aw_status aw_frames_move(aw_frames *frames, aw_error *error);

/* The first message that waits, for the caller to aw_free, or NULL. */
aw_message *aw_frames_take(aw_frames *frames);
bool aw_frames_has_message(const aw_frames *frames);

/* What the stream is to be watched for. */
bool aw_frames_wants_read(const aw_frames *frames);
bool aw_frames_wants_write(const aw_frames *frames);

/* Queue a text. AW_ARGUMENT once it closes, where too much waits to be sent, or the text is no UTF-8. */
aw_status aw_frames_send(aw_frames *frames, const char *text, size_t length, aw_error *error);
aw_status aw_frames_ping(aw_frames *frames, aw_error *error);

/* Begin the closing handshake. `reason`: 123 bytes at the most. Nothing happens where it closes already. */
aw_status aw_frames_close(aw_frames *frames, int code, const char *reason, size_t length, aw_error *error);

/* Whether both sides have said that they close. */
bool aw_frames_is_closed(const aw_frames *frames);

/* What the server closed with: 0 while it has not, 1005 where it gave none; the reason ends with NUL. */
int aw_frames_code(const aw_frames *frames);
const char *aw_frames_reason(const aw_frames *frames);

#endif
