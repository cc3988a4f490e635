/* The lines of an answer's header, as libcurl hands them on. What they give may be sent back (X-Fallback-Cookies). */
#include "aw.h"
#include "aw_fields.h"
#include "aw_headers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *line = (const char *)data, *end = line + size, *name, *value;
  size_t position = 0, count = 0;
  aw_headers headers;
  aw_error error;
  aw_headers_init(&headers);
  while(line < end) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    stop = stop ? stop + 1 : end;
    if(aw_headers_line(&headers, line, (size_t)(stop - line), &error) != AW_OK)
      break;
    line = stop;
  }
  while(aw_headers_next(&headers, &position, &name, &value)) {
    if(!aw_field_value_ok(value, strlen(value)))
      abort();
    count += strlen(name) + strlen(value) > AW_HEADERS_MAX ? (size_t)AW_HEADERS_COUNT_MAX + 1 : 1;
  }
  if(count > AW_HEADERS_COUNT_MAX)
    abort();
  aw_headers_get(&headers, "x-fallback-cookies");
  aw_headers_deinit(&headers);
  return 0;
}
