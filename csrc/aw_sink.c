#define _FILE_OFFSET_BITS 64

#include "aw_sink.h"

#include "aw_alloc.h"
#include "aw_system.h"

#include <errno.h>
#include <string.h>

#define TAG_BYTES 8

aw_status aw_sink_init(aw_sink *sink, size_t max, const char *path, aw_error *error)
{
  memset(sink, 0, sizeof(*sink));
  aw_buf_init(&sink->memory, max);
  if(path) {
    sink->path = aw_copy(path, strlen(path));
    if(!sink->path)
      return aw_fail_memory(error);
  }
  return AW_OK;
}

static void discard_file(aw_sink *sink)
{
  if(sink->file)
    fclose(sink->file);
  sink->file = NULL;
  if(sink->temporary)
    remove(sink->temporary);
  aw_free(sink->temporary);
  sink->temporary = NULL;
}

void aw_sink_deinit(aw_sink *sink)
{
  discard_file(sink);
  aw_buf_deinit(&sink->memory);
  aw_free(sink->path);
  sink->path = NULL;
}

static char *temporary_name(const char *path, aw_error *error)
{
  static const char ending[] = ".part-";
  unsigned char tag[TAG_BYTES];
  size_t length = strlen(path), size = length + sizeof(ending) + (size_t)TAG_BYTES * 2, i;
  char *name;
  if(aw_random(tag, sizeof(tag), error) != AW_OK)
    return NULL;
  name = aw_alloc(size);
  if(!name) {
    aw_fail_memory(error);
    return NULL;
  }
  snprintf(name, size, "%s%s", path, ending);
  length += sizeof(ending) - 1;
  for(i = 0; i < TAG_BYTES; i++)
    snprintf(name + length + 2 * i, 3, "%02x", tag[i]);
  return name;
}

/* A name that nobody can have guessed, and "x": never through somebody else's link. */
static aw_status open_file(aw_sink *sink, aw_error *error)
{
  char *name = temporary_name(sink->path, error);
  if(!name)
    return error->status;
  sink->file = fopen(name, "wbx");
  if(!sink->file) {
    aw_free(name);
    return aw_fail(error, AW_FILE, "cannot write '%s': %s", sink->path, strerror(errno));
  }
  sink->temporary = name;
  return AW_OK;
}

static aw_status too_large(const aw_sink *sink, aw_error *error)
{
  return aw_fail(error, AW_PROTOCOL, "the answer is larger than %lu bytes (maxResponseBytes)",
                 (unsigned long)sink->memory.max);
}

aw_status aw_sink_expect(aw_sink *sink, bool success, int64_t length, aw_error *error)
{
  bool to_memory = !sink->path || !success;
  return to_memory && length > 0 && (uint64_t)length > sink->memory.max ? too_large(sink, error) : AW_OK;
}

static aw_status write_memory(aw_sink *sink, const void *bytes, size_t length, aw_error *error)
{
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
  if(!sink->path || !success)
    return write_memory(sink, bytes, length, error);
  if(!sink->file && open_file(sink, error) != AW_OK)
    return error->status;
  if(fwrite(bytes, 1, length, sink->file) != length)
    return aw_fail(error, AW_FILE, "cannot write '%s': %s", sink->path, strerror(errno));
  return AW_OK;
}

aw_status aw_sink_finish(aw_sink *sink, bool success, aw_error *error)
{
  int failed;
  if(!sink->path || !success)
    return AW_OK;
  if(!sink->file && open_file(sink, error) != AW_OK)
    return error->status;
  failed = aw_sync(sink->file) != 0;
  failed = fclose(sink->file) != 0 || failed;
  sink->file = NULL;
  if(failed || aw_replace(sink->temporary, sink->path) != 0) {
    aw_fail(error, AW_FILE, "cannot write '%s': %s", sink->path, strerror(errno));
    discard_file(sink);
    return error->status;
  }
  aw_free(sink->temporary);
  sink->temporary = NULL;
  return AW_OK;
}
