#define _FILE_OFFSET_BITS 64

#include "aw_source.h"

#include "aw_alloc.h"
#include "aw_system.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

aw_status aw_source_init_bytes(aw_source *source, const void *bytes, size_t length, aw_error *error)
{
  memset(source, 0, sizeof(*source));
  source->owned = aw_copy(bytes, length);
  if(!source->owned)
    return aw_fail_memory(error);
  source->bytes = source->owned;
  source->length = (int64_t)length;
  return AW_OK;
}

void aw_source_init_borrowed(aw_source *source, const void *bytes, size_t length)
{
  memset(source, 0, sizeof(*source));
  source->bytes = bytes;
  source->length = (int64_t)length;
}

aw_status aw_source_init_file(aw_source *source, const char *path, int64_t offset, int64_t length, int64_t file_size,
                              aw_error *error)
{
  memset(source, 0, sizeof(*source));
  if(offset < 0 || length < 0 || length > INT64_MAX - offset || file_size < -1)
    return aw_fail(error, AW_ARGUMENT, "%" PRId64 " bytes from %" PRId64 " on are no slice of a file", length, offset);
  source->path = aw_copy(path, strlen(path));
  if(!source->path)
    return aw_fail_memory(error);
  source->offset = offset;
  source->length = length;
  source->file_size = file_size;
  return AW_OK;
}

static void close_file(aw_source *source)
{
  if(source->file)
    fclose(source->file);
  source->file = NULL;
}

/* They may hold a password. */
static void free_bytes(aw_source *source)
{
  if(source->owned)
    aw_wipe(source->owned, (size_t)source->length);
  aw_free(source->owned);
}

void aw_source_deinit(aw_source *source)
{
  close_file(source);
  aw_free(source->path);
  free_bytes(source);
  memset(source, 0, sizeof(*source));
}

static aw_status check_size(aw_source *source)
{
  int is_directory;
  int64_t size = aw_file_size(source->file, &is_directory);
  if(is_directory)
    return aw_fail(&source->error, AW_FILE, "cannot read '%s': it is a directory", source->path);
  if(source->file_size >= 0 && size != source->file_size)
    return aw_fail(&source->error, AW_FILE,
                   "'%s' changed while it was sent: it had %" PRId64 " bytes and now has %" PRId64, source->path,
                   source->file_size, size);
  return AW_OK;
}

static aw_status open_file(aw_source *source)
{
  source->file = fopen(source->path, "rb");
  if(!source->file)
    return aw_fail(&source->error, AW_FILE, "cannot open '%s': %s", source->path, strerror(errno));
  setvbuf(source->file, NULL, _IONBF, 0); /* libcurl reads large blocks into its own buffer */
  if(check_size(source) != AW_OK)
    return AW_FILE;
  if(aw_seek(source->file, source->offset + source->position) != 0)
    return aw_fail(&source->error, AW_FILE, "cannot read '%s': %s", source->path, strerror(errno));
  return AW_OK;
}

static size_t read_file(aw_source *source, char *buffer, size_t size)
{
  size_t got;
  if(!source->file && open_file(source) != AW_OK)
    return CURL_READFUNC_ABORT;
  got = fread(buffer, 1, size, source->file);
  if(got < size) {
    if(ferror(source->file))
      aw_fail(&source->error, AW_FILE, "cannot read '%s': %s", source->path, strerror(errno));
    else
      aw_fail(&source->error, AW_FILE, "'%s' became shorter while it was sent", source->path);
    return CURL_READFUNC_ABORT;
  }
  if(source->position + (int64_t)got == source->length) {
    if(check_size(source) != AW_OK)
      return CURL_READFUNC_ABORT;
    close_file(source);
  }
  return got;
}

size_t aw_source_read(char *buffer, size_t size, size_t count, void *user)
{
  aw_source *source = user;
  size_t wanted = size * count;
  int64_t left = source->length - source->position;
  if((int64_t)wanted > left)
    wanted = (size_t)left;
  if(wanted == 0)
    return 0;
  if(source->bytes)
    memcpy(buffer, source->bytes + source->position, wanted);
  else
    wanted = read_file(source, buffer, wanted);
  if(wanted != CURL_READFUNC_ABORT)
    source->position += (int64_t)wanted;
  return wanted;
}

int aw_source_seek(void *user, curl_off_t offset, int origin)
{
  aw_source *source = user;
  if(origin != SEEK_SET || offset < 0 || offset > source->length)
    return CURL_SEEKFUNC_FAIL;
  if(source->once && source->position != offset) {
    aw_fail(
        &source->error, AW_NETWORK,
        "the connection broke after the request had been sent, which may have been carried out: it is not sent again");
    return CURL_SEEKFUNC_FAIL;
  }
  close_file(source);
  source->position = offset;
  return CURL_SEEKFUNC_OK;
}
