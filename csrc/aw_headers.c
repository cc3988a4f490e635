#include "aw_headers.h"

#include "aw.h"

#include <string.h>

void aw_headers_init(aw_headers *headers)
{
  aw_buf_init(&headers->text, AW_HEADERS_MAX);
  headers->count = 0;
  headers->blocks = 0;
  headers->ended = false;
  headers->trailers = 0;
}

void aw_headers_deinit(aw_headers *headers)
{
  aw_buf_deinit(&headers->text);
  aw_headers_init(headers);
}

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static aw_status result(aw_buf_result added, aw_error *error)
{
  switch(added) {
  case AW_BUF_OK:
    return AW_OK;
  case AW_BUF_FULL:
    return aw_fail(error, AW_PROTOCOL, "the server's header fields are larger than %d bytes", (int)AW_HEADERS_MAX);
  default:
    return aw_fail_memory(error);
  }
}

/* Lower case without regard to the locale: a Turkish one knows another small I. */
static void lower(char *text, size_t length)
{
  for(; length--; text++)
    if(*text >= 'A' && *text <= 'Z')
      *text = (char)(*text + ('a' - 'A'));
}

static aw_status add_field(aw_headers *headers, const char *line, size_t name_length, size_t length, aw_error *error)
{
  const char *value = line + name_length + 1;
  size_t value_length = length - name_length - 1;
  size_t start = headers->text.length;
  aw_buf_result added;
  if(headers->count >= AW_HEADERS_COUNT_MAX)
    return aw_fail(error, AW_PROTOCOL, "the server sent more than %d header fields", AW_HEADERS_COUNT_MAX);
  while(value_length && is_blank(*value)) {
    value++;
    value_length--;
  }
  added = aw_buf_add(&headers->text, line, name_length);
  if(added == AW_BUF_OK)
    added = aw_buf_add(&headers->text, "", 1);
  if(added == AW_BUF_OK)
    added = aw_buf_add(&headers->text, value, value_length);
  if(added == AW_BUF_OK)
    added = aw_buf_add(&headers->text, "", 1);
  if(added != AW_BUF_OK) {
    aw_buf_cut(&headers->text, start); /* half a field would be read beyond its end */
    return result(added, error);
  }
  lower(headers->text.data + start, name_length);
  headers->count++;
  return AW_OK;
}

/* RFC 9112, section 5.2: a line that begins with white space goes on with the value before. */
static aw_status continue_field(aw_headers *headers, const char *line, size_t length, aw_error *error)
{
  size_t end = headers->text.length;
  aw_buf_result added;
  if(!headers->count)
    return AW_OK;
  while(length && is_blank(*line)) {
    line++;
    length--;
  }
  headers->text.data[end - 1] = ' ';
  added = aw_buf_add(&headers->text, line, length);
  if(added == AW_BUF_OK)
    added = aw_buf_add(&headers->text, "", 1);
  if(added != AW_BUF_OK) {
    headers->text.data[end - 1] = '\0';
    aw_buf_cut(&headers->text, end);
  }
  return result(added, error);
}

static aw_status begin_block(aw_headers *headers, aw_error *error)
{
  if(++headers->blocks > AW_INTERIM_MAX + 2)
    return aw_fail(error, AW_PROTOCOL, "the server sent more than %d interim answers", AW_INTERIM_MAX);
  aw_buf_clear(&headers->text);
  headers->count = 0;
  headers->ended = false;
  headers->trailers = 0;
  return AW_OK;
}

/* None is kept, but a server that never ends would keep a transfer as long as its time lasts. */
static aw_status pass_trailer(aw_headers *headers, aw_error *error)
{
  if(++headers->trailers > AW_HEADERS_COUNT_MAX)
    return aw_fail(error, AW_PROTOCOL, "the server sent more than %d lines behind the body", AW_HEADERS_COUNT_MAX);
  return AW_OK;
}

aw_status aw_headers_line(aw_headers *headers, const char *line, size_t length, aw_error *error)
{
  const char *colon;
  bool folded = length && (*line == ' ' || *line == '\t');
  while(length && is_blank(line[length - 1]))
    length--;
  if(memchr(line, '\0', length))
    return aw_fail(error, AW_PROTOCOL, "the server sent a header field with a NUL in it");
  if(memchr(line, '\r', length)) /* RFC 9112, section 2.2; none could be sent back */
    return aw_fail(error, AW_PROTOCOL, "the server sent a header field with a CR in it");
  if(length >= 5 && memcmp(line, "HTTP/", 5) == 0)
    return begin_block(headers, error);
  if(headers->ended)
    return pass_trailer(headers, error);
  headers->ended = length == 0 && !folded;
  if(headers->ended)
    return AW_OK;
  if(folded)
    return continue_field(headers, line, length, error);
  colon = memchr(line, ':', length);
  return colon && colon > line ? add_field(headers, line, (size_t)(colon - line), length, error) : AW_OK;
}

bool aw_headers_next(const aw_headers *headers, size_t *position, const char **name, const char **value)
{
  if(*position >= headers->text.length)
    return false;
  *name = headers->text.data + *position;
  *value = *name + strlen(*name) + 1;
  *position = (size_t)(*value + strlen(*value) + 1 - headers->text.data);
  return true;
}

const char *aw_headers_get(const aw_headers *headers, const char *name)
{
  size_t position = 0;
  const char *found, *value;
  while(aw_headers_next(headers, &position, &found, &value))
    if(strcmp(found, name) == 0)
      return value;
  return NULL;
}
