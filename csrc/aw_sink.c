#include "aw_sink.h"

#include "aw.h"

#include <string.h>

#define PARTIAL_CONTENT 206

void aw_sink_init(aw_sink *sink, size_t max, aw_file *file, bool stream)
{
  size_t stream_max = AW_STREAM_MAX + CURL_MAX_WRITE_SIZE;
  memset(sink, 0, sizeof(*sink));
  sink->max = max;
  aw_buf_init(&sink->memory, stream && max < stream_max ? stream_max : max);
  if(file) {
    sink->kind = AW_SINK_FILE;
    sink->file = aw_file_ref(file);
  }
  else if(stream)
    sink->kind = AW_SINK_STREAM;
}

void aw_sink_deinit(aw_sink *sink)
{
  aw_buf_deinit(&sink->memory);
  aw_file_unref(sink->file);
  sink->file = NULL;
}

static bool keeps_whole(const aw_sink *sink, bool success)
{
  return sink->kind == AW_SINK_MEMORY || !success;
}

static aw_status too_large(const aw_sink *sink, aw_error *error)
{
  return aw_fail(error, AW_PROTOCOL, "the answer is larger than %lu bytes (maxResponseBytes)",
                 (unsigned long)sink->max);
}

aw_status aw_sink_begin(const aw_sink *sink, const aw_sink_answer *answer, aw_error *error)
{
  bool success = answer->http_status >= 200 && answer->http_status < 300;
  if(keeps_whole(sink, success))
    return answer->length > 0 && (uint64_t)answer->length > sink->max ? too_large(sink, error) : AW_OK;
  if(sink->partial && answer->http_status != PARTIAL_CONTENT)
    return aw_fail(error, AW_PROTOCOL, "the server sent another version, or all, of what the rest was asked of");
  if(answer->encoding && *answer->encoding && !curl_strequal(answer->encoding, "identity"))
    return aw_fail(error, AW_PROTOCOL, "the server sent the file encoded as \"%.40s\", which nobody asked for",
                   answer->encoding);
  return AW_OK;
}

bool aw_sink_full(const aw_sink *sink, bool success, size_t length)
{
  return !keeps_whole(sink, success) && sink->kind == AW_SINK_STREAM && sink->memory.length > 0 &&
         sink->memory.length + length > AW_STREAM_MAX;
}

static aw_status write_memory(aw_sink *sink, bool whole, const void *bytes, size_t length, aw_error *error)
{
  if(whole && (length > sink->max || sink->memory.length > sink->max - length))
    return too_large(sink, error);
  switch(aw_buf_add(&sink->memory, bytes, length)) {
  case AW_BUF_OK:
    return AW_OK;
  case AW_BUF_FULL:
    return too_large(sink, error);
  default:
    return aw_fail_memory(error);
  }
}

aw_status aw_sink_write(aw_sink *sink, bool success, const void *bytes, size_t length, aw_error *error)
{
  const char *wanted = bytes;
  if(keeps_whole(sink, success))
    return write_memory(sink, true, bytes, length, error);
  if(sink->skip) {
    size_t skipped = sink->skip < length ? sink->skip : length;
    sink->skip -= skipped;
    wanted += skipped;
    length -= skipped;
  }
  if(!length)
    return AW_OK;
  if(sink->kind == AW_SINK_STREAM)
    return write_memory(sink, false, wanted, length, error);
  return aw_file_write(sink->file, wanted, length, error);
}
