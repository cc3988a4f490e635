/* Whatever a server answers to a WebSocket handshake. The first byte says how many bytes come at a time. */
#include "aw_handshake.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *bytes = (const char *)data + 1;
  size_t left = size - 1, step;
  aw_handshake_result result = AW_HANDSHAKE_MORE;
  aw_handshake handshake;
  aw_error error;
  if(size < 2 || aw_handshake_init(&handshake, &error) != AW_OK)
    return 0;
  snprintf(handshake.key, sizeof(handshake.key), "dGhlIHNhbXBsZSBub25jZQ==");
  step = (size_t)data[0] + 1;
  while(left && result == AW_HANDSHAKE_MORE) {
    size_t count = left < step ? left : step;
    result = aw_handshake_feed(&handshake, bytes, count, left == count, &error);
    bytes += count;
    left -= count;
  }
  aw_handshake_deinit(&handshake);
  return 0;
}
