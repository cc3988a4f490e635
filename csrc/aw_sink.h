/* Where the bytes of an answer go: memory up to a maximum, or a file. */
#ifndef AW_SINK_H
#define AW_SINK_H

#include "aw_buf.h"
#include "aw_error.h"

#include <stdint.h>
#include <stdio.h>

typedef struct aw_sink {
  aw_buf memory;
  char *path;      /* of the file; NULL: memory only */
  char *temporary; /* beside it, from the first byte until the end */
  FILE *file;
} aw_sink;

/* `path` may be NULL. Copies it. */
aw_status aw_sink_init(aw_sink *sink, size_t max, const char *path, aw_error *error);

/* What was not finished is removed: no half file stays. */
void aw_sink_deinit(aw_sink *sink);

/* How long the body will be, where that is known; -1: not. AW_PROTOCOL where that is more than memory may take. */
aw_status aw_sink_expect(aw_sink *sink, bool success, int64_t length, aw_error *error);

/* The file takes the body of a success only; an error's text goes to memory.
 * AW_PROTOCOL beyond the maximum, AW_FILE where the file cannot be written. */
aw_status aw_sink_write(aw_sink *sink, bool success, const void *bytes, size_t length, aw_error *error);

/* The whole body has come. The file gets its name only now, replacing what had it. */
aw_status aw_sink_finish(aw_sink *sink, bool success, aw_error *error);

#endif
