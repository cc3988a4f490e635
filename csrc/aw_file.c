#define _FILE_OFFSET_BITS 64

#include "aw_file.h"

#include "aw_alloc.h"
#include "aw_system.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TAG_BYTES 8
#define BUFFER_BYTES ((size_t)256 * 1024) /* libcurl hands on 16 KiB at a time */
#define SYNC_BYTES ((int64_t)1024 * 1024) /* given to the disk at a time: all of it at the end would stop a game */

static const char beginning[] = ".appwrite-", ending[] = ".part";

struct aw_file {
  int references;
  char *path;
  char *temporary; /* NULL once committed or given up, as is the file */
  bool named;      /* the temporary name is taken; else it is to be */
  bool own;        /* secret, and for its owner only */
  FILE *file;
  char *buffer; /* the file's */
  int64_t length;
  int64_t begun; /* bytes that the system was told to write to the disk */
};

static aw_status cannot_write(const aw_file *file, const char *why, aw_error *error)
{
  return aw_fail(error, AW_FILE, "cannot write '%s': %s", file->path, why);
}

/* Where the last part of the path begins. */
static size_t name_start(const char *path)
{
  size_t i = strlen(path);
  while(i > 0 && !aw_is_separator(path[i - 1]))
    i--;
  return i;
}

/* As long as any other, so that it fits wherever the name itself does. */
static char *temporary_name(const char *path, aw_error *error)
{
  unsigned char tag[TAG_BYTES];
  size_t start = name_start(path), size = start + sizeof(beginning) + (size_t)TAG_BYTES * 2 + sizeof(ending), i;
  char *name, *end;
  if(aw_random(tag, sizeof(tag), error) != AW_OK)
    return NULL;
  name = aw_alloc(size);
  if(!name) {
    aw_fail_memory(error);
    return NULL;
  }
  memcpy(name, path, start);
  end = name + start;
  memcpy(end, beginning, sizeof(beginning));
  end += sizeof(beginning) - 1;
  for(i = 0; i < TAG_BYTES; i++, end += 2)
    snprintf(end, 3, "%02x", tag[i]);
  memcpy(end, ending, sizeof(ending));
  return name;
}

static aw_status check_target(const aw_file *file, aw_error *error)
{
  aw_file_info info;
  if(!*file->path)
    return aw_fail(error, AW_FILE, "cannot write a file without a name");
  if(aw_stat(file->path, &info) != 0)
    return AW_OK;
  if(info.is_directory)
    return cannot_write(file, "it is a directory", error);
  return info.is_regular ? AW_OK : cannot_write(file, "it is there, and no regular file", error);
}

/* In the directory of that name. */
static FILE *open_nameless(char *name, bool own)
{
  size_t start = name_start(name);
  FILE *file;
  name[start] = '\0';
  file = aw_open_nameless(start ? name : ".", own);
  name[start] = beginning[0];
  return file;
}

static aw_status open_temporary(aw_file *file, aw_error *error)
{
  char *name = temporary_name(file->path, error);
  if(!name)
    return error->status;
  file->file = open_nameless(name, file->own);
  if(!file->file) {
    file->file = aw_open_new(name, file->own);
    file->named = true;
  }
  if(!file->file) {
    cannot_write(file, strerror(errno), error);
    aw_free(name);
    return AW_FILE;
  }
  file->temporary = name;
  file->buffer = aw_alloc(BUFFER_BYTES);
  if(!file->buffer)
    return aw_fail_memory(error);
  setvbuf(file->file, file->buffer, _IOFBF, BUFFER_BYTES);
  return AW_OK;
}

static aw_status new_file(const char *path, bool own, aw_file **file, aw_error *error)
{
  aw_file *made = aw_alloc_zeroed(1, sizeof(*made));
  aw_status status;
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  made->own = own;
  made->path = aw_copy(path, strlen(path));
  if(!made->path) {
    aw_file_unref(made);
    return aw_fail_memory(error);
  }
  status = check_target(made, error);
  if(status == AW_OK)
    status = open_temporary(made, error);
  if(status != AW_OK) {
    aw_file_unref(made);
    return status;
  }
  *file = made;
  return AW_OK;
}

aw_status aw_file_new(const char *path, aw_file **file, aw_error *error)
{
  return new_file(path, false, file, error);
}

aw_status aw_file_new_own(const char *path, aw_file **file, aw_error *error)
{
  return new_file(path, true, file, error);
}

aw_file *aw_file_ref(aw_file *file)
{
  file->references++;
  return file;
}

void aw_file_unref(aw_file *file)
{
  if(!file || --file->references)
    return;
  aw_file_discard(file);
  aw_free(file->path);
  aw_free(file);
}

static int close_file(aw_file *file)
{
  int failed = file->file ? fclose(file->file) : 0;
  file->file = NULL;
  if(file->own && file->buffer)
    aw_wipe(file->buffer, BUFFER_BYTES);
  aw_free(file->buffer);
  file->buffer = NULL;
  return failed;
}

void aw_file_discard(aw_file *file)
{
  close_file(file);
  if(file->temporary && file->named)
    remove(file->temporary);
  aw_free(file->temporary);
  file->temporary = NULL;
}

/* What is in the buffer still comes with the next bytes. */
static void begin_sync(aw_file *file)
{
  int64_t flushed = file->length - (int64_t)BUFFER_BYTES;
  if(flushed - file->begun < SYNC_BYTES)
    return;
  aw_begin_sync(file->file, file->begun, flushed - file->begun);
  file->begun = flushed;
}

aw_status aw_file_write(aw_file *file, const void *bytes, size_t length, aw_error *error)
{
  if(!file->file)
    return cannot_write(file, "it was given up", error);
  if(fwrite(bytes, 1, length, file->file) != length)
    return cannot_write(file, strerror(errno), error);
  file->length += (int64_t)length;
  begin_sync(file);
  return AW_OK;
}

int64_t aw_file_length(const aw_file *file)
{
  return file->length;
}

aw_status aw_file_restart(aw_file *file, aw_error *error)
{
  if(!file->file)
    return cannot_write(file, "it was given up", error);
  file->length = file->begun = 0;
  if(fflush(file->file) != 0 || aw_seek(file->file, 0) != 0 || aw_cut(file->file) != 0)
    return cannot_write(file, strerror(errno), error);
  return AW_OK;
}

/* On the disk, and with a name; 0 when done. */
static int settle(aw_file *file)
{
  int failed = aw_sync(file->file);
  if(failed || file->named)
    return failed;
  failed = aw_name(file->file, file->temporary);
  file->named = !failed;
  return failed;
}

aw_status aw_file_commit(aw_file *file, aw_error *error)
{
  int failed, why;
  if(!file->file)
    return cannot_write(file, "it was given up", error);
  failed = settle(file);
  why = errno;
  if(close_file(file) != 0 && !failed) {
    failed = -1;
    why = errno;
  }
  if(!failed) {
    failed = aw_replace(file->temporary, file->path);
    why = errno;
  }
  if(failed) {
    aw_file_discard(file);
    return cannot_write(file, strerror(why), error);
  }
  aw_free(file->temporary);
  file->temporary = NULL;
  return AW_OK;
}

const char *aw_file_path(const aw_file *file)
{
  return file->path;
}

aw_status aw_file_keep(const char *path, const void *bytes, size_t length, aw_error *error)
{
  aw_file *file;
  aw_status status = aw_file_new_own(path, &file, error);
  if(status != AW_OK)
    return status;
  status = aw_file_write(file, bytes, length, error);
  if(status == AW_OK)
    status = aw_file_commit(file, error);
  aw_file_unref(file);
  return status;
}
