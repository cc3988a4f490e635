/* One request's libcurl handle: what goes into it at the start and is read from it at the end. */
#include "aw_request_state.h"

#include "aw.h"
#include "aw_connection.h"
#include "aw_engine.h"
#include "aw_origin.h"
#include "aw_system.h"

#include <string.h>

#define RECEIVE_BYTES 131072L /* libcurl's buffer while it receives a file */

bool aw_request_succeeded(const aw_request *request)
{
  return request->http_status >= 200 && request->http_status < 300;
}

/* What libcurl calls ---------------------------------------------------------------------------------------------- */

static size_t on_header(char *line, size_t size, size_t count, void *user)
{
  aw_request *request = user;
  size_t length = size * count;
  return aw_headers_line(&request->headers, line, length, &request->error) == AW_OK ? length : 0;
}

/* An answer that says itself that it is too large is not waited for. */
static aw_status begin_body(aw_request *request)
{
  aw_sink_answer answer;
  curl_off_t length = -1;
  curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->http_status);
  curl_easy_getinfo(request->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  answer.http_status = request->http_status;
  answer.length = length;
  answer.encoding = aw_headers_get(&request->headers, "content-encoding");
  return aw_sink_begin(&request->sink, &answer, &request->error);
}

static size_t pause_transfer(aw_request *request)
{
  request->paused = true;
  aw_engine_notice(aw_client_engine(request->client));
  return CURL_WRITEFUNC_PAUSE;
}

/* A fast server could keep one step busy for ever. */
static bool must_rest(aw_request *request)
{
  request->resting = !request->resumed && aw_engine_is_late(aw_client_engine(request->client));
  return request->resting;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
  aw_request *request = user;
  size_t length = size * count;
  bool success;
  if(!request->http_status && begin_body(request) != AW_OK)
    return 0;
  success = aw_request_succeeded(request);
  if(must_rest(request))
    return CURL_WRITEFUNC_PAUSE;
  if(aw_sink_full(&request->sink, success, length))
    return pause_transfer(request);
  return aw_sink_write(&request->sink, success, bytes, length, &request->error) == AW_OK ? length : 0;
}

#if LIBCURL_VERSION_NUM >= 0x075000
/* libcurl 7.88 does not look at a connection before it uses it again. */
static int before_request(void *user, char *remote, char *local, int remote_port, int port)
{
  aw_request *request = user;
  aw_engine *engine = aw_client_engine(request->client);
  long connects = 0;
  (void)remote, (void)local;
  curl_easy_getinfo(request->easy, CURLINFO_NUM_CONNECTS, &connects);
  request->stale = !connects && !aw_engine_is_fit(engine, aw_client_origin(request->client), port, remote_port);
  if(!request->stale)
    return CURL_PREREQFUNC_OK;
  curl_easy_setopt(request->easy, CURLOPT_FORBID_REUSE, 1L); /* it is closed when nobody uses it */
  return CURL_PREREQFUNC_ABORT;
}

static CURLcode look_before_request(aw_request *request)
{
  CURLcode code = curl_easy_setopt(request->easy, CURLOPT_PREREQFUNCTION, before_request);
  return code == CURLE_OK ? curl_easy_setopt(request->easy, CURLOPT_PREREQDATA, request) : code;
}
#else /* those look themselves */
static CURLcode look_before_request(aw_request *request)
{
  (void)request;
  return CURLE_OK;
}
#endif

/* Beginning -------------------------------------------------------------------------------------------------------- */

/* RFC 9110, section 9.2.1 */
static bool is_safe(const char *method)
{
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
}

/* Where not a byte of a body is sent, nothing keeps libcurl from repeating the request (see aw_body_attach) but a
 * connection that was not used before. */
static aw_status keep_from_repeating(const aw_request *request, aw_error *error)
{
  const aw_body *body = &request->body;
  bool empty = body->kind == AW_BODY_NONE || (body->kind == AW_BODY_SOURCE && body->source.length == 0);
  if(is_safe(request->method) || !empty)
    return AW_OK;
  return curl_easy_setopt(request->easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

static aw_status set_method(aw_request *request, aw_error *error)
{
  const char *method = request->method;
  CURL *easy = request->easy;
  aw_status status = keep_from_repeating(request, error);
  if(status != AW_OK)
    return status;
  if(request->body.kind != AW_BODY_NONE)
    status = aw_body_attach(&request->body, easy, !is_safe(method), error);
  else if(strcmp(method, "GET") == 0)
    return AW_OK;
  else if(strcmp(method, "HEAD") == 0)
    return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK ? AW_OK : aw_fail_memory(error);
  if(status == AW_OK && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) != CURLE_OK)
    status = aw_fail_memory(error);
  return status;
}

static CURLcode set_callbacks(aw_request *request)
{
  CURL *easy = request->easy;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->curl_message);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
  return code == CURLE_OK ? look_before_request(request) : code;
}

static CURLcode set_rest(aw_request *request)
{
  CURL *easy = request->easy;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, request->url);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->fields->list);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, request->timeout);
  return code;
}

/* A file is wanted as it is: what was encoded could not be taken up again in its middle, and what a stream that pauses
 * has decoded grows in libcurl without limit. */
static CURLcode prepare_for_file(const aw_request *request)
{
  CURL *easy = request->easy;
  CURLcode code = CURLE_OK;
  if(request->sink.kind == AW_SINK_MEMORY)
    return CURLE_OK;
  code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, NULL);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, RECEIVE_BYTES); /* no harm where it stays smaller */
  return code;
}

aw_status aw_transfer_begin(aw_request *request, aw_error *error)
{
  aw_status status;
  request->begun = aw_monotonic();
  /* One that waited for its turn may be of a user who has gone meanwhile. */
  request->apart = request->login || request->generation != aw_client_generation(request->client);
  status = aw_client_configure(request->client, request->easy, request->apart, error);
  if(status == AW_OK && prepare_for_file(request) != CURLE_OK)
    status = aw_fail_memory(error);
  if(status == AW_OK && (set_callbacks(request) != CURLE_OK || set_rest(request) != CURLE_OK))
    status = aw_fail_memory(error);
  return status == AW_OK ? set_method(request, error) : status;
}

aw_status aw_transfer_begin_anew(aw_request *request, aw_error *error)
{
  request->stale = false;
  request->curl_message[0] = '\0';
  curl_easy_setopt(request->easy, CURLOPT_FORBID_REUSE, 0L);
  return curl_easy_setopt(request->easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

/* Ending ---------------------------------------------------------------------------------------------------------- */

/* What libcurl calls no memory in the middle of an answer is a header line longer than it takes (100 KiB). */
static bool is_line_too_long(const aw_request *request, CURLcode code)
{
  long sent = 0;
  curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &sent);
  return code == CURLE_OUT_OF_MEMORY && sent > 0;
}

static void explain(aw_request *request, CURLcode code)
{
  const aw_error *of_body = aw_body_error(&request->body);
  const char *text = request->curl_message[0] ? request->curl_message : curl_easy_strerror(code);
  if(request->error.status != AW_OK)
    return;
  if(of_body)
    request->error = *of_body;
  else if(aw_engine_starved(aw_client_engine(request->client), code, &request->error))
    return;
  else if(is_line_too_long(request, code))
    aw_fail(&request->error, AW_PROTOCOL,
            "the server sent a header line that is too long for libcurl, or it had no memory");
  else if(code == CURLE_BAD_FUNCTION_ARGUMENT) /* what libcurl calls it from 7.83 on */
    aw_fail(&request->error, AW_PROTOCOL, "the server sent a header field or trailer that cannot be read");
  else if(code == CURLE_WRITE_ERROR) /* of libcurl's own: what fails here has said why */
    aw_fail(&request->error, AW_PROTOCOL, "the server's answer cannot be decoded: its encoding is broken");
  else
    aw_connection_fail(code, text, &request->error);
}

void aw_transfer_progress(CURL *easy, aw_progress *progress)
{
  curl_off_t down = 0, down_size = 0, up = 0, up_size = 0;
  curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &down);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &down_size);
  curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &up);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_UPLOAD_T, &up_size);
  progress->downloaded = down;
  progress->download_size = down_size > 0 ? down_size : 0;
  progress->uploaded = up;
  progress->upload_size = up_size > 0 ? up_size : 0;
}

static bool is_chunked(const aw_headers *headers)
{
  static const char chunked[] = "chunked";
  const char *coding = aw_headers_get(headers, "transfer-encoding");
  size_t length = coding ? strlen(coding) : 0, own = sizeof(chunked) - 1;
  return length >= own && curl_strnequal(coding + length - own, chunked, own);
}

/* HTTP/2 says where an answer ends. Some have no body (RFC 9112, section 6.3). */
static bool is_open_ended(const aw_request *request)
{
  curl_off_t length = -1;
  long version = CURL_HTTP_VERSION_NONE;
  if(strcmp(request->method, "HEAD") == 0 || request->http_status == 204)
    return false;
  curl_easy_getinfo(request->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  curl_easy_getinfo(request->easy, CURLINFO_HTTP_VERSION, &version);
  return curl_strnequal(request->url, "https:", 6) && version <= CURL_HTTP_VERSION_1_1 && length < 0 &&
         !is_chunked(&request->headers);
}

static void read_info(aw_request *request)
{
  curl_off_t microseconds = 0;
  long request_size = 0;
  curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &request_size);
  request->sent = request_size > 0;
  curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->http_status);
  curl_easy_getinfo(request->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
  request->elapsed = (double)microseconds / 1e6;
  aw_transfer_progress(request->easy, &request->progress);
  request->open_ended = is_open_ended(request);
}

void aw_transfer_end(aw_request *request, CURLcode code)
{
  bool success;
  read_info(request);
  success = aw_request_succeeded(request);
  if(!request->apart && aw_headers_get(&request->headers, "set-cookie"))
    aw_client_touch(request->client);
  if(code != CURLE_OK || request->error.status != AW_OK)
    explain(request, code);
  else if(!request->headers.ended) /* libcurl lets that pass */
    aw_fail(&request->error, AW_NETWORK, "the connection broke in the middle of the answer's header");
  else if(success)
    aw_client_learn(request->client, request->easy, request->login, request->generation, &request->headers,
                    &request->error);
}
