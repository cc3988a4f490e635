#define _FILE_OFFSET_BITS 64

#include "aw_file.h"

#include "aw_alloc.h"
#include "aw_system.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TAG_BYTES 8
#define KEEP_TRIES 50 /* of several that keep the same at the same time, one comes through each time */
#define BUFFER_BYTES ((size_t)256 * 1024) /* libcurl hands on 16 KiB at a time */
#define SYNC_BYTES ((int64_t)1024 * 1024) /* given to the disk at a time: all of it at the end would stop a game */

static const char beginning[] = ".appwrite-", ending[] = ".part";

struct aw_file {
  int references;
  char *path;
  char *temporary; /* NULL once committed or given up, as is the file */
  bool named;      /* the temporary name is taken; else it is to be */
  bool own;        /* secret, and for its owner only */
  bool beaten;     /* another one has taken its temporary name away */
  long process;    /* that it is of: what a forked child did to it would befall its parent's */
  FILE *file;
  char *buffer; /* what stdio buffers would be written by a forked child's exit, too */
  size_t filled;
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

/* FNV-1a, 64 bits: the same for the same name, and else hardly ever. */
static void tag_of(const char *name, unsigned char tag[TAG_BYTES])
{
  uint64_t hash = 0xcbf29ce484222325u;
  size_t i;
  for(; *name; name++)
    hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
  for(i = 0; i < TAG_BYTES; i++)
    tag[i] = (unsigned char)(hash >> (8 * i));
}

/* As long as any other, so that it fits wherever the name itself does. NULL without memory. */
static char *temporary_name(const char *path, const unsigned char tag[TAG_BYTES])
{
  size_t start = name_start(path), size = start + sizeof(beginning) + (size_t)TAG_BYTES * 2 + sizeof(ending), i;
  char *name = aw_alloc(size), *end;
  if(!name)
    return NULL;
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

/* The file, and the name that it has or will have. */
static aw_status open_either(aw_file *file, aw_error *error)
{
  unsigned char tag[TAG_BYTES];
  char *name;
  aw_status status = aw_random(tag, sizeof(tag), error);
  if(status != AW_OK)
    return status;
  name = temporary_name(file->path, tag);
  if(!name)
    return aw_fail_memory(error);
  file->file = open_nameless(name, file->own);
  if(!file->file) {
    file->file = aw_open_new(name, file->own);
    file->named = true;
  }
  if(file->file) {
    file->temporary = name;
    return AW_OK;
  }
  cannot_write(file, strerror(errno), error);
  aw_free(name);
  return AW_FILE;
}

/* A name that is taken once the file is whole can always be the same: nobody's is half. */
static aw_status settle_name(aw_file *file, aw_error *error)
{
  unsigned char tag[TAG_BYTES];
  char *name;
  if(!file->own || file->named)
    return AW_OK;
  tag_of(file->path + name_start(file->path), tag);
  name = temporary_name(file->path, tag);
  if(!name)
    return aw_fail_memory(error);
  aw_free(file->temporary);
  file->temporary = name;
  return AW_OK;
}

static aw_status open_temporary(aw_file *file, aw_error *error)
{
  aw_status status = open_either(file, error);
  if(status == AW_OK)
    status = settle_name(file, error);
  if(status != AW_OK)
    return status;
  file->buffer = aw_alloc(BUFFER_BYTES);
  if(!file->buffer)
    return aw_fail_memory(error);
  setvbuf(file->file, NULL, _IONBF, 0);
  return AW_OK;
}

static aw_status new_file(const char *path, bool own, aw_file **file, aw_error *error)
{
  aw_file *made = aw_alloc_zeroed(1, sizeof(*made));
  aw_status status;
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  made->process = aw_process();
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

static bool is_inherited(const aw_file *file)
{
  return file->process != aw_process();
}

void aw_file_discard(aw_file *file)
{
  close_file(file);
  if(file->temporary && file->named && !file->beaten && !is_inherited(file))
    remove(file->temporary);
  aw_free(file->temporary);
  file->temporary = NULL;
}

static aw_status check_usable(const aw_file *file, aw_error *error)
{
  if(!file->file)
    return cannot_write(file, "it was given up", error);
  if(is_inherited(file))
    return cannot_write(file, "it was begun by the process that this one was forked from", error);
  return AW_OK;
}

/* What is in the buffer still comes with the next bytes. */
static void begin_sync(aw_file *file)
{
  int64_t flushed = file->length - (int64_t)file->filled;
  if(flushed - file->begun < SYNC_BYTES)
    return;
  aw_begin_sync(file->file, file->begun, flushed - file->begun);
  file->begun = flushed;
}

/* 0 when done; else errno says why not. */
static int flush(aw_file *file)
{
  size_t length = file->filled;
  file->filled = 0;
  return fwrite(file->buffer, 1, length, file->file) == length ? 0 : -1;
}

aw_status aw_file_write(aw_file *file, const void *bytes, size_t length, aw_error *error)
{
  const char *next = bytes;
  aw_status status = check_usable(file, error);
  while(length && status == AW_OK) {
    size_t room = BUFFER_BYTES - file->filled, count = length < room ? length : room;
    memcpy(file->buffer + file->filled, next, count);
    file->filled += count;
    file->length += (int64_t)count;
    next += count;
    length -= count;
    if(file->filled == BUFFER_BYTES && flush(file) != 0)
      status = cannot_write(file, strerror(errno), error);
  }
  if(status != AW_OK)
    return status;
  begin_sync(file);
  return AW_OK;
}

int64_t aw_file_length(const aw_file *file)
{
  return file->length;
}

aw_status aw_file_restart(aw_file *file, aw_error *error)
{
  if(check_usable(file, error) != AW_OK)
    return error->status;
  file->length = file->begun = 0;
  file->filled = 0;
  if(aw_seek(file->file, 0) != 0 || aw_cut(file->file) != 0)
    return cannot_write(file, strerror(errno), error);
  return AW_OK;
}

/* What has the name of a file that is kept was left by a process that was killed, or is of one that is just about to
 * rename it, which then begins anew. */
static int give_name(aw_file *file)
{
  int failed = aw_name(file->file, file->temporary);
  if(failed && errno == EEXIST && file->own) {
    remove(file->temporary);
    failed = aw_name(file->file, file->temporary);
    file->beaten = failed && errno == EEXIST;
  }
  file->named = !failed;
  return failed;
}

/* On the disk, and with a name; 0 when done. */
static int settle(aw_file *file)
{
  int failed = flush(file);
  if(!failed)
    failed = aw_sync(file->file);
  return failed || file->named ? failed : give_name(file);
}

aw_status aw_file_commit(aw_file *file, aw_error *error)
{
  int failed, why;
  if(check_usable(file, error) != AW_OK)
    return error->status;
  failed = settle(file);
  why = errno;
  if(close_file(file) != 0 && !failed) {
    failed = -1;
    why = errno;
  }
  if(!failed) {
    failed = aw_replace(file->temporary, file->path);
    why = errno;
    file->beaten = failed && why == ENOENT && file->own;
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

/* `beaten`: another one was quicker, and it may be tried again. */
static aw_status keep(const char *path, const void *bytes, size_t length, bool *beaten, aw_error *error)
{
  aw_file *file = NULL;
  aw_status status = new_file(path, true, &file, error);
  *beaten = false;
  if(!file)
    return status;
  status = aw_file_write(file, bytes, length, error);
  if(status == AW_OK)
    status = aw_file_commit(file, error);
  *beaten = file->beaten;
  aw_file_unref(file);
  return status;
}

aw_status aw_file_keep(const char *path, const void *bytes, size_t length, aw_error *error)
{
  int tries;
  bool beaten = true;
  aw_status status = AW_OK;
  for(tries = 0; tries < KEEP_TRIES && beaten; tries++)
    status = keep(path, bytes, length, &beaten, error);
  return status;
}

void aw_file_tidy(const char *path)
{
  unsigned char tag[TAG_BYTES];
  char *name;
  tag_of(path + name_start(path), tag);
  name = temporary_name(path, tag);
  if(name)
    remove(name);
  aw_free(name);
}
