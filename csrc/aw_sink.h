/* Where the bytes of an answer go: memory up to a maximum, a file, or memory that is emptied as it fills. */
#ifndef AW_SINK_H
#define AW_SINK_H

#include "aw_buf.h"
#include "aw_error.h"
#include "aw_file.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct aw_sink {
  enum { AW_SINK_MEMORY, AW_SINK_FILE, AW_SINK_STREAM } kind;
  aw_buf memory;
  size_t max;    /* of what is kept in memory whole */
  aw_file *file; /* one reference */
  bool partial;  /* nothing but a part of the whole (206) is taken */
  size_t skip;   /* bytes of the body that are not wanted, at its beginning */
} aw_sink;

/* What is known of an answer when its body begins. */
typedef struct aw_sink_answer {
  long http_status;
  int64_t length;       /* of the body; -1: not known */
  const char *encoding; /* its Content-Encoding, or NULL */
} aw_sink_answer;

/* `file` may be NULL; a reference is taken. `stream` goes without a file. Only the body of a success goes there; an
 * error's text goes to memory. */
void aw_sink_init(aw_sink *sink, size_t max, aw_file *file, bool stream);

/* Drops what is in memory, and the reference to the file. */
void aw_sink_deinit(aw_sink *sink);

/* Whether this answer's body can be taken. AW_PROTOCOL where it is larger than memory may take, where it is the whole
 * and a part was asked for, and where it is compressed though it was asked for as it is. */
aw_status aw_sink_begin(const aw_sink *sink, const aw_sink_answer *answer, aw_error *error);

/* Whether a stream must be emptied before it takes that many bytes more. */
bool aw_sink_full(const aw_sink *sink, bool success, size_t length);

/* AW_PROTOCOL beyond the maximum, AW_FILE where the file cannot be written. */
aw_status aw_sink_write(aw_sink *sink, bool success, const void *bytes, size_t length, aw_error *error);

#endif
