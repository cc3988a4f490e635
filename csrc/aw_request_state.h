/* What a request is made of, for aw_request.c, aw_transfer.c and aw_engine.c alone. */
#ifndef AW_REQUEST_STATE_H
#define AW_REQUEST_STATE_H

#include "aw_headers.h"
#include "aw_request.h"
#include "aw_sink.h"

struct aw_request {
  int references;
  aw_client *client;
  CURL *easy; /* while it is under way: not before its turn, nor after its end */
  char *method;
  char *url;
  long timeout; /* milliseconds; 0: none */
  aw_body body;
  aw_sink sink;
  aw_headers headers;
  aw_fields *fields;
  bool login;
  bool apart;          /* its cookies are not the client's: of a login, or of a session that is over */
  unsigned generation; /* of the client's session when it was started */
  bool paused;         /* until what it streams is taken */
  bool resting;        /* until the next step, because this one took long enough */
  bool resumed;        /* by a step: what libcurl kept meanwhile is taken in any case */
  double begun;        /* when it left the waiting list, by aw_monotonic */
  bool stale;          /* nothing was sent, since something was wrong with the connection that it was to go over */
  bool finished;
  long http_status;
  double elapsed;
  aw_progress progress;
  bool sent;
  bool open_ended; /* see aw_request_open_ended */
  aw_error error;
  aw_request *previous, *next; /* in one of the engine's two lists */
  char curl_message[CURL_ERROR_SIZE];
};

/* Whether the answer's status is 2xx. */
bool aw_request_succeeded(const aw_request *request);

/* All of the request into its fresh handle. */
aw_status aw_transfer_begin(aw_request *request, aw_error *error);

/* Once more, over a connection of its own: of a request that is stale, whose handle has left the CURLM. */
aw_status aw_transfer_begin_anew(aw_request *request, aw_error *error);

/* The transfer has ended and its handle has left the CURLM: read what it says into the request. */
void aw_transfer_end(aw_request *request, CURLcode code);

void aw_transfer_progress(CURL *easy, aw_progress *progress);

#endif
