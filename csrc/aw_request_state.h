/* What a request is made of, for aw_request.c and aw_engine.c alone. */
#ifndef AW_REQUEST_STATE_H
#define AW_REQUEST_STATE_H

#include "aw_headers.h"
#include "aw_request.h"
#include "aw_sink.h"

struct aw_request {
  int references;
  aw_client *client;
  CURL *easy; /* NULL once it has finished */
  aw_body body;
  aw_sink sink;
  aw_headers headers;
  aw_fields *fields;
  bool login;
  bool finished;
  long http_status;
  double elapsed;
  aw_progress progress;
  aw_error error;
  aw_request *previous, *next; /* in one of the engine's two lists */
  char curl_message[CURL_ERROR_SIZE];
};

/* The transfer has ended and its handle has left the CURLM: read what it says, and give the handle back. */
void aw_request_end(aw_request *request, CURLcode code);

#endif
