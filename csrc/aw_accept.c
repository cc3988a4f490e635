#include "aw_accept.h"

#include "aw_system.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define DIGEST_BYTES 20
#define BLOCK_BYTES 64
#define KEY_BYTES 16

static const char fixed[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/* Base64, RFC 4648 ------------------------------------------------------------------------------------------------ */

static void to_base64(const unsigned char *bytes, size_t length, char *text)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t i;
  for(i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t group = (uint32_t)bytes[i] << 16;
    if(left > 1)
      group |= (uint32_t)bytes[i + 1] << 8;
    if(left > 2)
      group |= bytes[i + 2];
    *text++ = digits[group >> 18 & 63];
    *text++ = digits[group >> 12 & 63];
    *text++ = '=';
    *text++ = '=';
    if(left > 1)
      text[-2] = digits[group >> 6 & 63];
    if(left > 2)
      text[-1] = digits[group & 63];
  }
  *text = '\0';
}

/* SHA-1, RFC 3174. Nothing secret rests on it: it shows that a server speaks WebSocket. --------------------------- */

static uint32_t rotated(uint32_t word, int bits)
{
  return word << bits | word >> (32 - bits);
}

static void expand(const unsigned char *block, uint32_t words[80])
{
  int i;
  for(i = 0; i < 16; i++, block += 4)
    words[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
  for(; i < 80; i++)
    words[i] = rotated(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
}

static uint32_t mixed(int round, uint32_t b, uint32_t c, uint32_t d)
{
  if(round < 20)
    return ((b & c) | (~b & d)) + 0x5A827999;
  if(round < 40)
    return (b ^ c ^ d) + 0x6ED9EBA1;
  if(round < 60)
    return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
  return (b ^ c ^ d) + 0xCA62C1D6;
}

static void add_block(uint32_t state[5], const unsigned char *block)
{
  uint32_t words[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  int i;
  expand(block, words);
  for(i = 0; i < 80; i++) {
    uint32_t next = rotated(a, 5) + mixed(i, b, c, d) + e + words[i];
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

/* Of a text that is shorter than two blocks with the padding. */
static void sha1(const char *text, size_t length, unsigned char digest[DIGEST_BYTES])
{
  uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  unsigned char padded[2 * BLOCK_BYTES] = {0};
  size_t bits = length * 8, i;
  memcpy(padded, text, length);
  padded[length] = 0x80;
  padded[sizeof(padded) - 2] = (unsigned char)(bits >> 8);
  padded[sizeof(padded) - 1] = (unsigned char)bits;
  add_block(state, padded);
  add_block(state, padded + BLOCK_BYTES);
  for(i = 0; i < DIGEST_BYTES; i++)
    digest[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8));
}

/* ----------------------------------------------------------------------------------------------------------------- */

aw_status aw_accept_key(char key[AW_KEY_SIZE], aw_error *error)
{
  unsigned char bytes[KEY_BYTES];
  aw_status status = aw_random(bytes, sizeof(bytes), error);
  if(status == AW_OK)
    to_base64(bytes, sizeof(bytes), key);
  return status;
}

void aw_accept_answer(const char *key, char answer[AW_ACCEPT_SIZE])
{
  unsigned char digest[DIGEST_BYTES];
  char text[AW_KEY_SIZE + sizeof(fixed)];
  snprintf(text, sizeof(text), "%s%s", key, fixed);
  sha1(text, strlen(text), digest);
  to_base64(digest, sizeof(digest), answer);
}
