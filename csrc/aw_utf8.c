#include "aw_utf8.h"

/* By the first byte of a character: how many follow, and what the first of those may be (RFC 3629, section 4). */
static size_t follow(unsigned char first, unsigned char *low, unsigned char *high)
{
  *low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  *high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if(first >= 0xc2 && first <= 0xdf)
    return 1;
  if(first >= 0xe0 && first <= 0xef)
    return 2;
  return first >= 0xf0 && first <= 0xf4 ? 3 : 0;
}

bool aw_utf8_ok(const char *bytes, size_t length)
{
  const unsigned char *at = (const unsigned char *)bytes;
  size_t i = 0;
  while(i < length) {
    unsigned char first = at[i++], low, high;
    size_t more = follow(first, &low, &high);
    if(first < 0x80)
      continue;
    if(!more || more > length - i)
      return false;
    for(; more; more--, i++, low = 0x80, high = 0xbf)
      if(at[i] < low || at[i] > high)
        return false;
  }
  return true;
}
