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
  aw_free(request->method);
  aw_free_secret(request->url); /* its query may hold a secret */
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

static aw_status make_url(aw_request *request, const char *target, aw_error *error)
{
  aw_buf url;
  aw_buf_result added;
  aw_buf_init(&url, AW_URL_MAX);
  added = aw_buf_add_text(&url, aw_client_endpoint(request->client));
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(&url, target);
  request->url = url.data;
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the URL is longer than %d bytes", (int)AW_URL_MAX);
  return added == AW_BUF_OK ? AW_OK : aw_fail_memory(error);
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

static aw_status describe(aw_request *request, const aw_request_spec *spec, aw_error *error)
{
  aw_status status = check_line(spec->method, spec->target, error);
  if(status == AW_OK && !(spec->timeout >= 0)) /* also what is no number */
    status = aw_fail(error, AW_ARGUMENT, "a request's timeout must be 0 or more seconds");
  request->timeout = status == AW_OK ? milliseconds(spec->timeout) : 0;
  aw_sink_init(&request->sink, aw_client_max_response(request->client), spec->file, spec->stream);
  request->sink.partial = spec->partial;
  request->sink.skip = spec->skip;
  if(status == AW_OK)
    status = make_url(request, spec->target, error);
  if(status == AW_OK) {
    request->method = aw_copy(spec->method, strlen(spec->method));
    status = request->method ? aw_client_fields(request->client, spec->login, &request->fields, error)
                             : aw_fail_memory(error);
  }
  return status == AW_OK ? set_fields(request, spec, error) : status;
}

static aw_request *new_request(aw_client *client, const aw_request_spec *spec)
{
  aw_request *request = aw_alloc_zeroed(1, sizeof(*request));
  if(!request)
    return NULL;
  request->references = 1;
  request->client = aw_client_ref(client);
  request->login = spec->login;
  request->generation = aw_client_generation(client);
  aw_engine_count_request(aw_client_engine(client));
  aw_body_init(&request->body);
  aw_headers_init(&request->headers);
  return request;
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
    status = describe(made, spec, error);
  if(status == AW_OK)
    status = aw_engine_submit(aw_client_engine(client), made, error);
  if(status != AW_OK) {
    aw_request_unref(made);
    return status;
  }
  *request = made;
  return AW_OK;
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
  if(request->sink.kind != AW_SINK_MEMORY && aw_request_succeeded(request))
    return NULL;
  return request->sink.memory.data ? request->sink.memory.data : "";
}

void aw_request_drop_body(aw_request *request)
{
  aw_buf_deinit(&request->sink.memory);
}

const char *aw_request_waiting(const aw_request *request, size_t *length)
{
  const aw_sink *sink = &request->sink;
  bool streams = sink->kind == AW_SINK_STREAM && aw_request_succeeded(request);
  *length = streams ? sink->memory.length : 0;
  return streams && sink->memory.data ? sink->memory.data : "";
}

void aw_request_taken(aw_request *request)
{
  CURLcode code;
  aw_buf_clear(&request->sink.memory);
  aw_engine_leave_parent(aw_client_engine(request->client));
  if(!request->paused)
    return;
  request->paused = false;
  code = curl_easy_pause(request->easy, CURLPAUSE_CONT); /* may fill the memory anew at once */
  if(code != CURLE_OK)
    aw_engine_finish(aw_client_engine(request->client), request, code);
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
    aw_transfer_progress(request->easy, progress);
  else
    *progress = request->progress;
}

bool aw_request_sent(const aw_request *request)
{
  return request->sent;
}

bool aw_request_open_ended(const aw_request *request)
{
  return request->open_ended;
}
