/* The header fields of one response, as libcurl hands them on line by line. */
#ifndef AW_HEADERS_H
#define AW_HEADERS_H

#include "aw_buf.h"
#include "aw_error.h"

typedef struct aw_headers {
  aw_buf text;  /* name NUL value NUL, again and again; names in lower case */
  size_t count; /* fields */
  int blocks;   /* responses begun: interim ones, a proxy's, and the one that counts */
  bool ended;   /* the block's empty line has come: what follows are trailers */
  int trailers; /* their lines */
} aw_headers;

void aw_headers_init(aw_headers *headers);
void aw_headers_deinit(aw_headers *headers);

/* Take one line, with or without its CR LF. A status line begins a new response and drops what came before, so that
 * an interim response or a proxy's answer leaves nothing behind. Trailers are not kept: nothing here reads them, and
 * one could otherwise stand for a header.
 * Fails with AW_PROTOCOL beyond AW_HEADERS_MAX, AW_HEADERS_COUNT_MAX (fields, and trailers) or AW_INTERIM_MAX and for a
 * NUL or a CR within the line. */
aw_status aw_headers_line(aw_headers *headers, const char *line, size_t length, aw_error *error);

/* The first field of that name (lower case), or NULL. Lives as long as no line is added. */
const char *aw_headers_get(const aw_headers *headers, const char *name);

/* Walk through all fields; `position` starts at 0. False after the last. */
bool aw_headers_next(const aw_headers *headers, size_t *position, const char **name, const char **value);

#endif
