/* Whatever a server sends as WebSocket frames: no crash, no leak, no message beyond the maximum, no queue beyond its.
 * The first byte says how many bytes come at a time. */
#include "aw_alloc.h"
#include "aw_frames.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 1024
#define WAITING_MAX 4

typedef struct stream {
  const uint8_t *bytes;
  size_t left, step;
} stream;

static long receive_bytes(void *user, void *bytes, size_t max)
{
  stream *self = user;
  size_t count = self->left < max ? self->left : max;
  if(count > self->step)
    count = self->step;
  memcpy(bytes, self->bytes, count);
  self->bytes += count;
  self->left -= count;
  return (long)count; /* 0: its end */
}

static long send_bytes(void *user, const void *bytes, size_t length)
{
  (void)user;
  (void)bytes;
  return (long)length;
}

static void take_all(aw_frames *frames)
{
  aw_message *message;
  while((message = aw_frames_take(frames)) != NULL) {
    if(message->length > MESSAGE_MAX)
      abort();
    aw_free(message);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  stream bytes = {data + 1, size - 1, 0};
  aw_frames_io io = {receive_bytes, send_bytes, &bytes};
  aw_frames *frames;
  aw_error error;
  if(size < 2)
    return 0;
  bytes.step = (size_t)data[0] + 1;
  if(aw_frames_new(&io, MESSAGE_MAX, WAITING_MAX, &frames, &error) != AW_OK)
    return 0;
  while(aw_frames_move(frames, &error) == AW_OK && !aw_frames_is_closed(frames))
    take_all(frames);
  if(strlen(aw_frames_reason(frames)) > 123)
    abort();
  aw_frames_free(frames);
  return 0;
}
