#include "aw_request_state.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_engine.h"

#include <limits.h>
#include <string.h>

static void free_request(aw_request *request)
{
  aw_engine *engine = aw_client_engine(request->client);
  aw_body_deinit(&request->body);
  aw_sink_deinit(&request->sink);
  aw_headers_deinit(&request->headers);
  aw_fields_unref(request->fields);
  aw_engine_forget_request(engine);
  aw_client_unref(request->client);
  aw_free(request);
}

aw_request *aw_request_ref(aw_request *request)
{
  request->references++;
  return request;
}

void aw_request_unref(aw_request *request)
{
  if(request && --request->references == 0)
    free_request(request);
}

static bool is_success(const aw_request *request)
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
  curl_off_t length = -1;
  curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->http_status);
  curl_easy_getinfo(request->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  return aw_sink_expect(&request->sink, is_success(request), length, &request->error);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
  aw_request *request = user;
  size_t length = size * count;
  if(!request->http_status && begin_body(request) != AW_OK)
    return 0;
  return aw_sink_write(&request->sink, is_success(request), bytes, length, &request->error) == AW_OK ? length : 0;
}

/* Starting -------------------------------------------------------------------------------------------------------- */

static aw_status check_line(const char *method, const char *target, aw_error *error)
{
  const char *c = target;
  if(!aw_field_name_ok(method))
    return aw_fail(error, AW_ARGUMENT, "a request's method must be a word such as \"GET\"");
  if(*c != '/')
    return aw_fail(error, AW_ARGUMENT, "a request's target must begin with \"/\"");
  for(; *c; c++)
    if((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || *c == '#')
      return aw_fail(error, AW_ARGUMENT, "byte %d in a request's target must be percent-encoded", (unsigned char)*c);
  return AW_OK;
}

static aw_status set_url(aw_request *request, const char *target, aw_error *error)
{
  aw_buf url;
  aw_buf_result added;
  CURLcode code = CURLE_OK;
  aw_buf_init(&url, AW_URL_MAX);
  added = aw_buf_add_text(&url, aw_client_endpoint(request->client));
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(&url, target);
  if(added == AW_BUF_OK)
    code = curl_easy_setopt(request->easy, CURLOPT_URL, url.data);
  aw_buf_deinit(&url);
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the URL is longer than %d bytes", (int)AW_URL_MAX);
  return added == AW_BUF_OK && code == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

/* RFC 9110, section 9.2.1 */
static bool is_safe(const char *method)
{
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
}

static aw_status set_method(aw_request *request, const char *method, aw_error *error)
{
  CURL *easy = request->easy;
  aw_status status = AW_OK;
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
  return code;
}

static aw_status set_fields(aw_request *request, const aw_request_spec *spec, aw_error *error)
{
  aw_fields *own, *joined;
  aw_status status = AW_OK;
  size_t i;
  if(!spec->headers_count)
    return AW_OK;
  own = aw_fields_new();
  if(!own)
    return aw_fail_memory(error);
  for(i = 0; i < spec->headers_count && status == AW_OK; i++)
    status = aw_fields_add(own, spec->headers[i].name, spec->headers[i].value, error);
  if(status == AW_OK)
    status = aw_fields_join(request->fields, own, &joined, error);
  aw_fields_unref(own);
  if(status == AW_OK) {
    aw_fields_unref(request->fields);
    request->fields = joined;
  }
  return status;
}

static long milliseconds(double seconds)
{
  double value = seconds * 1000;
  if(value > 0 && value < 1)
    return 1;
  return value < (double)INT_MAX ? (long)value : INT_MAX;
}

static aw_status configure(aw_request *request, const aw_request_spec *spec, aw_error *error)
{
  aw_status status = check_line(spec->method, spec->target, error);
  if(status == AW_OK)
    status = aw_sink_init(&request->sink, aw_client_max_response(request->client), spec->to, error);
  if(status == AW_OK && set_callbacks(request) != CURLE_OK)
    status = aw_fail_memory(error);
  if(status == AW_OK)
    status = set_url(request, spec->target, error);
  if(status == AW_OK)
    status = aw_client_configure(request->client, request->easy, request->login, &request->fields, error);
  if(status == AW_OK)
    status = set_fields(request, spec, error);
  if(status == AW_OK)
    status = set_method(request, spec->method, error);
  if(status == AW_OK && (curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, request->fields->list) != CURLE_OK ||
                         curl_easy_setopt(request->easy, CURLOPT_TIMEOUT_MS, milliseconds(spec->timeout)) != CURLE_OK))
    status = aw_fail_memory(error);
  return status;
}

static aw_request *new_request(aw_client *client, const aw_request_spec *spec)
{
  aw_engine *engine = aw_client_engine(client);
  aw_request *request = aw_alloc_zeroed(1, sizeof(*request));
  if(!request)
    return NULL;
  request->references = 1;
  request->client = aw_client_ref(client);
  aw_engine_count_request(engine);
  aw_body_init(&request->body);
  aw_headers_init(&request->headers);
  request->login = spec->login;
  request->easy = aw_engine_borrow_easy(engine);
  if(!request->easy) {
    aw_request_unref(request);
    return NULL;
  }
  return request;
}

/* A login's handle has cookies of its own, which it must not carry into another client's request. */
static void release_easy(aw_request *request)
{
  if(request->login)
    curl_easy_cleanup(request->easy);
  else
    aw_engine_return_easy(aw_client_engine(request->client), request->easy);
  request->easy = NULL;
}

aw_status aw_request_start(aw_client *client, const aw_request_spec *spec, aw_request **request, aw_error *error)
{
  aw_request *made = new_request(client, spec);
  aw_status status = made ? AW_OK : aw_fail_memory(error);
  if(made && spec->body)
    aw_body_move(&made->body, spec->body);
  else if(spec->body)
    aw_body_deinit(spec->body);
  if(status == AW_OK)
    status = configure(made, spec, error);
  if(status == AW_OK)
    status = aw_engine_run(aw_client_engine(client), made, error);
  if(status != AW_OK) {
    if(made)
      release_easy(made);
    aw_request_unref(made);
    return status;
  }
  *request = made;
  return AW_OK;
}

/* Ending ---------------------------------------------------------------------------------------------------------- */

static aw_status status_of(CURLcode code)
{
  switch(code) {
  case CURLE_OPERATION_TIMEDOUT:
    return AW_TIMEOUT;
  case CURLE_OUT_OF_MEMORY:
    return AW_MEMORY;
  case CURLE_URL_MALFORMAT:
    return AW_ARGUMENT;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_SHUTDOWN_FAILED:
  case CURLE_USE_SSL_FAILED:
    return AW_TLS;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING:
  case CURLE_HTTP2:
    return AW_PROTOCOL;
  default:
    return AW_NETWORK;
  }
}

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
  else if(is_line_too_long(request, code))
    aw_fail(&request->error, AW_PROTOCOL,
            "the server sent a header line that is too long for libcurl, or it had no memory");
  else
    aw_fail(&request->error, status_of(code), "%s", text);
}

static void read_progress(CURL *easy, aw_progress *progress)
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

static void read_info(aw_request *request)
{
  curl_off_t microseconds = 0;
  curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &request->http_status);
  curl_easy_getinfo(request->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
  request->elapsed = (double)microseconds / 1e6;
  read_progress(request->easy, &request->progress);
}

void aw_request_end(aw_request *request, CURLcode code)
{
  read_info(request);
  if(code != CURLE_OK || request->error.status != AW_OK)
    explain(request, code);
  else if(!request->headers.ended) /* libcurl lets that pass */
    aw_fail(&request->error, AW_NETWORK, "the connection broke in the middle of the answer's header");
  else if(aw_sink_finish(&request->sink, is_success(request), &request->error) == AW_OK && is_success(request))
    aw_client_learn(request->client, request->easy, request->login, &request->headers, &request->error);
  release_easy(request);
  aw_body_deinit(&request->body);
  if(request->error.status != AW_OK)
    aw_sink_deinit(&request->sink);
  request->finished = true;
}

void aw_request_cancel(aw_request *request)
{
  if(request->finished)
    return;
  aw_fail(&request->error, AW_CANCELLED, "the call was cancelled");
  aw_engine_finish(aw_client_engine(request->client), request, CURLE_ABORTED_BY_CALLBACK);
}

/* Asking ---------------------------------------------------------------------------------------------------------- */

bool aw_request_finished(const aw_request *request)
{
  return request->finished;
}

const aw_error *aw_request_error(const aw_request *request)
{
  return &request->error;
}

long aw_request_http_status(const aw_request *request)
{
  return request->http_status;
}

const char *aw_request_body(const aw_request *request, size_t *length)
{
  *length = request->sink.memory.length;
  if(request->sink.path && is_success(request))
    return NULL;
  return request->sink.memory.data ? request->sink.memory.data : "";
}

void aw_request_drop_body(aw_request *request)
{
  aw_buf_deinit(&request->sink.memory);
}

const aw_headers *aw_request_headers(const aw_request *request)
{
  return &request->headers;
}

double aw_request_elapsed(const aw_request *request)
{
  return request->elapsed;
}

void aw_request_progress(const aw_request *request, aw_progress *progress)
{
  if(request->easy)
    read_progress(request->easy, progress);
  else
    *progress = request->progress;
}
