/* The body of one request: nothing, one source, or several as multipart/form-data. */
#ifndef AW_BODY_H
#define AW_BODY_H

#include "aw_source.h"

#include <curl/curl.h>

typedef struct aw_part aw_part;

typedef struct aw_body {
  enum { AW_BODY_NONE, AW_BODY_SOURCE, AW_BODY_MULTIPART } kind;
  aw_source source;
  aw_part *parts, **end;
  curl_mime *mime; /* from attach to deinit */
} aw_body;

void aw_body_init(aw_body *body);

/* Only after the transfer that it was attached to has ended. */
void aw_body_deinit(aw_body *body);

/* Leaves `from` empty. Not after it was attached. */
void aw_body_move(aw_body *to, aw_body *from);

/* One source as the whole body, instead of what there was. Takes `source` over. */
void aw_body_set(aw_body *body, const aw_source *source);

/* One more part, a plain field where `filename` is NULL. Copies the texts; takes `source` over on success only.
 * CR, LF and the quote of a file name are percent-encoded, as browsers do (WHATWG HTML, multipart/form-data);
 * libcurl does so itself from 7.81 on, and before that doubles backslashes. AW_ARGUMENT for CR or LF in the other
 * texts, which libcurl would write as they are. Takes the place of a whole body that was set before. */
aw_status aw_body_add(aw_body *body, const char *name, const char *filename, const char *type, const aw_source *source,
                      aw_error *error);

/* Tell a transfer to send this body; it must stay where it is until the transfer has ended. With `once`, it is not sent
 * again when a connection that was kept alive breaks: libcurl would repeat any request that had no answer yet, also one
 * that the server has carried out. */
aw_status aw_body_attach(aw_body *body, CURL *easy, bool once, aw_error *error);

/* Why reading a source failed, or NULL. */
const aw_error *aw_body_error(const aw_body *body);

#endif
