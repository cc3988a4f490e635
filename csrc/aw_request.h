/* One request, from its start to its answer. */
#ifndef AW_REQUEST_H
#define AW_REQUEST_H

#include "aw_body.h"
#include "aw_client.h"
#include "aw_file.h"

#include <stdint.h>

typedef struct aw_request_spec {
  const char *method;
  const char *target; /* path and query behind the endpoint, encoded, beginning with "/" */
  const aw_field *headers;
  size_t headers_count;
  aw_body *body;  /* taken over, whatever happens; NULL: none */
  bool login;     /* see aw_client_configure */
  double timeout; /* seconds for all of it; 0: no limit */
  aw_file *file;  /* where the body of a 2xx answer is put; a reference is taken; NULL: memory */
  bool stream;    /* or it is to be taken bit by bit, by aw_request_taken */
  bool partial;   /* what goes there is a part (206); the whole (another 2xx) fails with AW_PROTOCOL and its status */
  size_t skip;    /* bytes of it that are left out, at its beginning */
} aw_request_spec;

typedef struct aw_progress {
  int64_t downloaded, download_size; /* bytes; size 0: not known */
  int64_t uploaded, upload_size;
} aw_progress;

/* Start it on the client's engine. One reference for the caller; the engine has its own until it hands the request
 * out as finished. Copies all texts. Fails before anything is sent; AW_ARGUMENT for what cannot be a request. */
aw_status aw_request_start(aw_client *client, const aw_request_spec *spec, aw_request **request, aw_error *error);

aw_request *aw_request_ref(aw_request *request);
void aw_request_unref(aw_request *request);

/* End it now: it then counts as finished, with AW_CANCELLED. Nothing happens to one that has finished. */
void aw_request_cancel(aw_request *request);

bool aw_request_finished(const aw_request *request);

/* Of a finished one: AW_OK and an answer, or why there is none. Lives as long as the request. */
const aw_error *aw_request_error(const aw_request *request);

/* HTTP status; 0 where none came. */
long aw_request_http_status(const aw_request *request);

/* The body in memory. NULL where the body went to a file, or was or is to be taken bit by bit. */
const char *aw_request_body(const aw_request *request, size_t *length);

/* Free the body's memory; what reads it then gets an empty one. */
void aw_request_drop_body(aw_request *request);

/* Of one that streams: what has come and was not taken; never much more than AW_STREAM_MAX. While that much waits, the
 * transfer pauses. They live until they are taken or the engine is stepped. */
const char *aw_request_waiting(const aw_request *request, size_t *length);

/* They were taken: the transfer goes on. */
void aw_request_taken(aw_request *request);

const aw_headers *aw_request_headers(const aw_request *request);

/* Seconds from start to end. */
double aw_request_elapsed(const aw_request *request);

void aw_request_progress(const aw_request *request, aw_progress *progress);

/* Of a finished one: whether anything of it may have reached a server or a proxy. Where not, nobody has acted on it. */
bool aw_request_sent(const aw_request *request);

/* Of a finished one: whether nothing but the end of a TLS connection says where its answer ends. libcurl over OpenSSL
 * takes one for an end that TLS does not vouch for, which anybody on the way can bring about: then the answer is whole
 * only where it shows that itself, as JSON does. */
bool aw_request_open_ended(const aw_request *request);

#endif
