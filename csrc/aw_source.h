/* Where the bytes of a request body, or of one part of it, come from: memory, or a slice of a file. */
#ifndef AW_SOURCE_H
#define AW_SOURCE_H

#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct aw_source {
  const char *bytes; /* NULL for a file */
  char *owned;       /* the same, where they are not somebody else's */
  char *path;        /* owned; NULL for bytes */
  FILE *file;        /* open from the first read to the end */
  int64_t offset;    /* of the slice in the file */
  int64_t length;    /* of the slice, or of the bytes */
  int64_t file_size; /* the file is refused when its size is another; -1: any */
  int64_t position;  /* read so far */
  bool once;         /* libcurl may not read it again to repeat the request by itself */
  aw_error error;    /* why a read failed: libcurl only passes on that one did */
} aw_source;

/* Copies the bytes. */
aw_status aw_source_init_bytes(aw_source *source, const void *bytes, size_t length, aw_error *error);

/* The same without a copy: the bytes must stay until aw_source_deinit. */
void aw_source_init_borrowed(aw_source *source, const void *bytes, size_t length);

/* Copies the path; the file is opened when it is first read, so that what waits holds no descriptor. AW_ARGUMENT for a
 * slice that no file can have. */
aw_status aw_source_init_file(aw_source *source, const char *path, int64_t offset, int64_t length, int64_t file_size,
                              aw_error *error);

void aw_source_deinit(aw_source *source);

/* libcurl's read and seek callbacks (CURLOPT_READFUNCTION, curl_mime_data_cb); `user` is an aw_source. A file that
 * cannot be read, is no file, or is not as large as it should be ends the transfer with source->error set. */
size_t aw_source_read(char *buffer, size_t size, size_t count, void *user);
int aw_source_seek(void *user, curl_off_t offset, int origin);

#endif
