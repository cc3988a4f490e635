#include "aw_buf.h"

#include "aw_alloc.h"

#include <string.h>

#define FIRST_CAPACITY 1000

void aw_buf_init(aw_buf *buf, size_t max)
{
  memset(buf, 0, sizeof(*buf));
  buf->max = max;
}

void aw_buf_deinit(aw_buf *buf)
{
  aw_free(buf->data);
  aw_buf_init(buf, buf->max);
}

static aw_buf_result reserve(aw_buf *buf, size_t length)
{
  size_t capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY;
  char *data;
  if(length <= buf->capacity)
    return AW_BUF_OK;
  while(capacity < length)
    capacity = capacity > buf->max / 2 ? buf->max : capacity * 2;
  data = aw_realloc(buf->data, capacity + 1);
  if(!data)
    return AW_BUF_NO_MEMORY;
  buf->data = data;
  buf->capacity = capacity;
  return AW_BUF_OK;
}

aw_buf_result aw_buf_reserve(aw_buf *buf)
{
  return reserve(buf, buf->max);
}

aw_buf_result aw_buf_add(aw_buf *buf, const void *bytes, size_t length)
{
  if(length > buf->max - buf->length)
    return AW_BUF_FULL;
  if(reserve(buf, buf->length + length) != AW_BUF_OK)
    return AW_BUF_NO_MEMORY;
  if(length)
    memcpy(buf->data + buf->length, bytes, length);
  buf->length += length;
  if(buf->data)
    buf->data[buf->length] = '\0';
  return AW_BUF_OK;
}

aw_buf_result aw_buf_add_text(aw_buf *buf, const char *text)
{
  return aw_buf_add(buf, text, strlen(text));
}

void aw_buf_cut(aw_buf *buf, size_t length)
{
  buf->length = length;
  if(buf->data)
    buf->data[length] = '\0';
}

void aw_buf_clear(aw_buf *buf)
{
  aw_buf_cut(buf, 0);
}

aw_buf_result aw_buf_add_texts(aw_buf *buf, const char *const *texts)
{
  aw_buf_result added = AW_BUF_OK;
  for(; *texts && added == AW_BUF_OK; texts++)
    added = aw_buf_add_text(buf, *texts);
  return added;
}
