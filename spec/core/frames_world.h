/* The server's side of aw_frames, for its specs: what it sends comes a few bytes at a time, and what it is sent is
 * kept. For wslay it is a stream in memory; libcurl gets a socket, over which it has made its handshake. One at a time.
 */
#ifndef SPEC_FRAMES_WORLD_H
#define SPEC_FRAMES_WORLD_H

#include "aw_frames.h"

#define MESSAGE_MAX 70000
#define WAITING_MAX 8
#define STREAM_MAX ((size_t)3 * 65536)
#define SENT_MAX 131072

typedef struct frames_world {
  char in[STREAM_MAX];
  size_t length, position, step;
  bool end;     /* the stream ends behind the bytes */
  bool broken;  /* it fails */
  bool blocked; /* the server reads nothing */
  size_t room;  /* it reads so many bytes at a time; 0: all */
  size_t taken; /* of them */
  unsigned char out[SENT_MAX];
  size_t sent;
} frames_world;

extern frames_world world;

aw_frames *open_frames(size_t step, size_t max_waiting);
void close_frames(aw_frames *frames);

/* The server sends these: in hexadecimal; "*5" are five times the letter a. */
void add(const char *text);

/* Move them on until all that it sends has come, or may come by now. */
aw_status move_on(aw_frames *frames, aw_error *error);

/* The next frame that the server was sent, which must be masked (section 5.1). Gives the opcode, and the payload
 * unmasked; 0 at the end. `payload` has room for it. */
int sent_frame(size_t *position, unsigned char *payload, size_t *length);

/* The code of the close that it was sent: -1 where it has none, 0 where there was no close. */
int told_code(void);

void assert_bytes(const char *bytes, size_t length, const char *expected, size_t expected_length, bool repeats);

/* Just these wait to be taken, and are taken: t: text, b: bytes, with bars between; "t*5": five times the letter a. */
void assert_messages(aw_frames *frames, const char *expected, size_t length);

#define MESSAGES(text) text, sizeof(text) - 1

#endif
