/* What C99 does not have and every system does in its own way: clocks, randomness, syncing a file. */
#ifndef AW_SYSTEM_H
#define AW_SYSTEM_H

#include "aw_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Seconds of a clock that is never set back, for measuring. */
double aw_monotonic(void);

/* The process that this runs in: another number in one that was forked. 0 where nothing forks. */
long aw_process(void);

/* Let the thread sleep for that many seconds, or until a signal comes. */
void aw_sleep(double seconds);

/* Seconds since 1970, UTC. */
double aw_epoch(void);

/* Fill `bytes` from the system's source of randomness for keys. Fails with AW_FILE where there is none. */
aw_status aw_random(void *bytes, size_t length, aw_error *error);

typedef struct aw_file_info {
  int64_t size; /* bytes */
  double mtime; /* seconds since 1970 at which it was last changed, cut to milliseconds */
  bool is_directory, is_regular;
} aw_file_info;

/* What is there under a path, links followed; 0 when done, else errno says why not. */
int aw_stat(const char *path, aw_file_info *info);

/* Have programs that this one starts not inherit a descriptor, on Windows a socket's handle; 0 when done. */
int aw_keep_from_children(intptr_t descriptor);

/* The ports of both ends of a connection over TCP; 0 when done, else it is none. */
int aw_ports(intptr_t descriptor, int *local, int *remote);

/* Whether something has come, or the end has, and waits to be read from a socket that does not block. */
bool aw_has_input(intptr_t descriptor);

bool aw_is_separator(char c);

/* A new file for writing that has no name yet: whatever ends the process, nothing of it stays. NULL where the system,
 * or that directory's, has no such files. The caller closes it. With `own` nobody but its owner can ever open it; on
 * Windows who may is up to the directory. */
FILE *aw_open_nameless(const char *directory, bool own);

/* A new file for writing under a name that nothing has yet, not even as a link; NULL, and errno says why not. */
FILE *aw_open_new(const char *name, bool own);

/* Give it a name, which nothing may have yet; 0 when done, else errno says why not. */
int aw_name(FILE *file, const char *name);

/* 64-bit seek from the start; 0 when done. */
int aw_seek(FILE *file, int64_t offset);

/* Size in bytes of an open file, -1 where it is no regular file or cannot be asked; `is_directory` tells which. */
int64_t aw_file_size(FILE *file, int *is_directory);

/* Cut an open file, all of which was flushed, to nothing; 0 when done. */
int aw_cut(FILE *file);

/* Have the system begin to write these bytes to the disk, without waiting, so that aw_sync has less to wait for. Does
 * nothing where that is not to be had. */
void aw_begin_sync(FILE *file, int64_t offset, int64_t length);

/* Flush, and have the system write it to the disk; 0 when done. */
int aw_sync(FILE *file);

/* rename() that replaces an existing file on every system; 0 when done. */
int aw_replace(const char *from, const char *to);

/* "Linux x86_64": for the user agent. Always NUL-terminated. */
void aw_system_name(char *name, size_t size);

/* curl_global_init, once for the whole process and safe against other threads; false when it failed. */
int aw_curl_ready(void);

/* What libcurl says of itself, asked once, with curl_global_init: its own functions for that write to memory that all
 * threads share. Empty where it could not be initialized. */
typedef struct aw_curl_info {
  char text[256];      /* curl_version() */
  const char *version; /* "7.88.1" */
  unsigned int number; /* 0x075801 */
  int features;        /* CURL_VERSION_… bits */
  bool has_websocket;  /* and is new enough for it: AW_WEBSOCKET_SINCE */
} aw_curl_info;

const aw_curl_info *aw_curl_about(void);

#endif
