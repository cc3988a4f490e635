/* A growing run of bytes that never grows beyond a maximum. */
#ifndef AW_BUF_H
#define AW_BUF_H

#include <stdbool.h>
#include <stddef.h>

typedef struct aw_buf {
  char *data; /* NULL while nothing was added; else with a NUL behind the last byte */
  size_t length;
  size_t capacity;
  size_t max; /* bytes, the NUL not counted */
} aw_buf;

typedef enum aw_buf_result { AW_BUF_OK, AW_BUF_FULL, AW_BUF_NO_MEMORY } aw_buf_result;

void aw_buf_init(aw_buf *buf, size_t max);
void aw_buf_deinit(aw_buf *buf);

/* Makes room for all that it may hold, so that it never moves: a buffer for secrets is wiped where it lies. */
aw_buf_result aw_buf_reserve(aw_buf *buf);

/* Adds all bytes or, on failure, none. */
aw_buf_result aw_buf_add(aw_buf *buf, const void *bytes, size_t length);
aw_buf_result aw_buf_add_text(aw_buf *buf, const char *text);

/* One behind the other, up to a NULL; on failure some of them may be there. */
aw_buf_result aw_buf_add_texts(aw_buf *buf, const char *const *texts);

/* Drops what is beyond the first `length` bytes, of which there are as many. */
void aw_buf_cut(aw_buf *buf, size_t length);

/* Empties it and keeps the memory for what comes next. */
void aw_buf_clear(aw_buf *buf);

#endif
