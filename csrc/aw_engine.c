#include "aw_engine.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_engine_state.h"
#include "aw_request_state.h"
#include "aw_socket.h"
#include "aw_system.h"

#include <limits.h>
#include <string.h>

#define SHORT_STEP 0.00025    /* seconds of one that must not wait: a game has a frame to draw */
#define LARGE_STEP 0.001      /* the same where large bodies come: at 60 frames a second some 40 MB a second */
#define CONNECTIONS_DEFAULT 6 /* to one host, as browsers do with HTTP/1.1 */

static aw_request *request_of(CURL *easy)
{
  char *request = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
  return (aw_request *)(void *)request;
}

/* Both end with the next step, or this one. */
static void on_unwatched(void *user, CURL *easy, const aw_error *error)
{
  aw_engine *engine = user;
  aw_request *request = request_of(easy);
  aw_socket *socket = request ? NULL : aw_engine_socket_of(engine, easy);
  if(request) {
    request->error = *error;
    engine->unwatched = true;
  }
  else if(socket)
    aw_socket_break(socket, error);
}

aw_status aw_engine_new(aw_engine **engine, aw_error *error)
{
  aw_engine *made;
  aw_status status;
  if(!aw_curl_ready())
    return aw_fail(error, AW_MEMORY, "libcurl could not be initialized");
  made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  made->process = aw_process();
  aw_opened_init(&made->opened);
  made->multi = curl_multi_init();
  status = made->multi ? aw_watch_new(made->multi, &made->watch, error) : aw_fail_memory(error);
  if(status != AW_OK) {
    curl_multi_cleanup(made->multi); /* takes NULL */
    aw_free(made);
    return status;
  }
  aw_watch_tell(made->watch, on_unwatched, made);
  aw_engine_limit(made, CONNECTIONS_DEFAULT);
  *engine = made;
  return AW_OK;
}

void aw_engine_unref(aw_engine *engine)
{
  if(!engine || --engine->references)
    return;
  aw_engine_leave_parent(engine);
  while(engine->idle_count)
    curl_easy_cleanup(engine->idle[--engine->idle_count]);
  curl_multi_cleanup(engine->multi);
  aw_watch_free(engine->watch);
  aw_opened_deinit(&engine->opened);
  aw_free(engine);
}

static aw_request *any_waiting(const aw_engine *engine)
{
  const aw_origin *origin = engine->origins;
  while(origin && !origin->waiting.first)
    origin = origin->next;
  return origin ? origin->waiting.first : NULL;
}

void aw_engine_close(aw_engine *engine)
{
  aw_request *request;
  aw_engine_leave_parent(engine);
  engine->closed = true;
  aw_engine_ref(engine); /* the last request may hold the last client, and that the last reference */
  aw_engine_cancel_sockets(engine);
  while((request = any_waiting(engine)) != NULL)
    aw_request_cancel(request);
  while(engine->running.first)
    aw_request_cancel(engine->running.first);
  while((request = aw_engine_take(engine)) != NULL)
    aw_request_unref(request);
  aw_engine_unref(engine);
}

/* Handles --------------------------------------------------------------------------------------------------------- */

static CURL *borrow_easy(aw_engine *engine)
{
  return engine->idle_count ? engine->idle[--engine->idle_count] : curl_easy_init();
}

/* From 7.83 on, until 8.1.0 mended it (curl's issue 11101), a handle keeps a pointer to the last header field of the
 * answer before, which is freed by then: an answer that begins with the continuation of a field has libcurl write and
 * free there. Such a libcurl gets a new handle each time. */
static bool may_use_again(void)
{
  unsigned number = aw_curl_about()->number;
  return number < 0x075300 || number >= 0x080100;
}

/* curl_easy_reset leaves the first, and loses the memory of the second. */
static bool let_go(CURL *easy)
{
  return curl_easy_setopt(easy, CURLOPT_SHARE, NULL) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_COOKIEFILE, NULL) == CURLE_OK;
}

/* A handle with cookies of its own must not carry them into another client's request. */
static void return_easy(aw_engine *engine, aw_request *request)
{
  CURL *easy = request->easy;
  request->easy = NULL;
  if(request->apart || engine->idle_count == AW_IDLE_MAX || !may_use_again() || !let_go(easy)) {
    curl_easy_cleanup(easy);
    return;
  }
  curl_easy_reset(easy);
  engine->idle[engine->idle_count++] = easy;
}

/* Requests -------------------------------------------------------------------------------------------------------- */

static aw_status launch(aw_engine *engine, aw_request *request, aw_error *error)
{
  aw_status status;
  request->easy = borrow_easy(engine);
  if(!request->easy)
    return aw_fail_memory(error);
  status = aw_transfer_begin(request, error);
  if(status == AW_OK && curl_multi_add_handle(engine->multi, request->easy) != CURLM_OK)
    status = aw_fail_memory(error);
  if(status != AW_OK) {
    return_easy(engine, request);
    return status;
  }
  aw_request_list_append(&engine->running, request);
  aw_client_origin(request->client)->running++;
  return AW_OK;
}

aw_status aw_engine_submit(aw_engine *engine, aw_request *request, aw_error *error)
{
  aw_origin *origin = aw_client_origin(request->client);
  if(engine->closed)
    return aw_fail(error, AW_CANCELLED, "the engine was closed");
  if(aw_engine_enter(engine, error) != AW_OK)
    return error->status;
  if(origin->waiting.first || !aw_origin_has_room(origin, engine->connections))
    aw_request_list_append(&origin->waiting, request);
  else if(launch(engine, request, error) != AW_OK)
    return error->status;
  aw_request_ref(request);
  engine->stats.transfers++;
  return AW_OK;
}

/* What came of a stream before it broke is as good as the rest. */
static bool has_good_bytes(const aw_request *request)
{
  return request->sink.kind == AW_SINK_STREAM && request->error.status != AW_CANCELLED;
}

void aw_engine_add_finished(aw_engine *engine, aw_request *request)
{
  aw_body_deinit(&request->body);
  if(request->error.status != AW_OK && !has_good_bytes(request))
    aw_sink_deinit(&request->sink);
  request->paused = false;
  request->finished = true;
  engine->stats.transfers--;
  aw_request_list_append(&engine->finished, request);
}

static void launch_waiting(aw_engine *engine, aw_origin *origin)
{
  while(origin->waiting.first && aw_origin_has_room(origin, engine->connections)) {
    aw_request *request = origin->waiting.first;
    aw_request_list_remove(&origin->waiting, request);
    if(launch(engine, request, &request->error) != AW_OK)
      aw_engine_add_finished(engine, request);
  }
}

/* A WebSocket's connection counts too, and is to take none from the requests. How many libcurl keeps open is four times
 * what is under way at the moment unless it is told, so that it would close some whenever many calls end together, and
 * none where fewer are allowed than before. */
void aw_engine_limit_libcurl(aw_engine *engine)
{
  const aw_origin *origin;
  size_t kept = engine->connections;
  for(origin = engine->origins; origin && origin->next; origin = origin->next)
    kept += engine->connections;
  curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, (long)(kept + engine->sockets_open));
  curl_multi_setopt(engine->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)(engine->connections + engine->sockets_open));
}

void aw_engine_limit(aw_engine *engine, long connections)
{
  aw_origin *origin;
  aw_engine_leave_parent(engine);
  engine->connections = (size_t)connections;
  aw_engine_limit_libcurl(engine);
  for(origin = engine->origins; origin; origin = origin->next)
    launch_waiting(engine, origin);
}

aw_engine *aw_engine_ref(aw_engine *engine)
{
  engine->references++;
  return engine;
}

static void learn(aw_engine *engine, const aw_request *request)
{
  aw_origin *origin = aw_client_origin(request->client);
  bool answered = request->headers.ended;
  aw_opened_socket *connection;
  long local = 0, remote = 0;
  aw_origin_learn(origin, request->easy, answered);
  curl_easy_getinfo(request->easy, CURLINFO_LOCAL_PORT, &local);
  curl_easy_getinfo(request->easy, CURLINFO_PRIMARY_PORT, &remote);
  connection = aw_opened_find(&engine->opened, (int)local, (int)remote);
  if(connection)
    connection->dumb = !answered && request->begun > origin->heard;
}

bool aw_engine_is_fit(aw_engine *engine, const aw_origin *origin, int local_port, int remote_port)
{
  const aw_opened_socket *connection = aw_opened_find(&engine->opened, local_port, remote_port);
  return connection && !connection->dumb && (origin->multiplexes || !aw_has_input((intptr_t)connection->fd));
}

void aw_engine_finish(aw_engine *engine, aw_request *request, CURLcode code)
{
  aw_origin *origin = aw_client_origin(request->client);
  aw_engine_leave_parent(engine);
  if(request->finished)
    return;
  if(request->easy) {
    if(request->error.status != AW_CANCELLED)
      learn(engine, request);
    curl_multi_remove_handle(engine->multi, request->easy);
    aw_request_list_remove(&engine->running, request);
    origin->running--;
    aw_transfer_end(request, code);
    return_easy(engine, request);
  }
  else
    aw_request_list_remove(&origin->waiting, request);
  aw_engine_add_finished(engine, request);
  if(!engine->closed)
    launch_waiting(engine, origin);
}

aw_request *aw_engine_take(aw_engine *engine)
{
  aw_request *request = engine->finished.first;
  if(request)
    aw_request_list_remove(&engine->finished, request);
  return request;
}

size_t aw_engine_finished(const aw_engine *engine)
{
  const aw_request *request;
  size_t count = 0;
  for(request = engine->finished.first; request; request = request->next)
    count++;
  return count;
}

/* Nothing of it was sent: see aw_transfer.c. Whether it goes on. */
static bool begin_anew(aw_engine *engine, aw_request *request)
{
  aw_error *error = &request->error;
  curl_multi_remove_handle(engine->multi, request->easy);
  if(aw_transfer_begin_anew(request, error) == AW_OK && curl_multi_add_handle(engine->multi, request->easy) != CURLM_OK)
    aw_fail_memory(error);
  return error->status == AW_OK;
}

static void request_ended(aw_engine *engine, aw_request *request, CURLcode code)
{
  if(code == CURLE_ABORTED_BY_CALLBACK && request->stale && begin_anew(engine, request))
    return;
  aw_engine_finish(engine, request, code);
}

/* The message is gone once its handle is removed, so what it says is copied first. */
static void collect(aw_engine *engine)
{
  CURLMsg *message;
  int left;
  while((message = curl_multi_info_read(engine->multi, &left)) != NULL) {
    CURLcode code = message->data.result;
    aw_request *request = request_of(message->easy_handle);
    aw_socket *socket = request ? NULL : aw_engine_socket_of(engine, message->easy_handle);
    if(message->msg != CURLMSG_DONE)
      continue; /* libcurl has no others by now */
    if(request)
      request_ended(engine, request, code);
    else if(socket)
      aw_socket_connected(socket, code);
  }
}

static void end_unwatched(aw_engine *engine)
{
  aw_request *request = engine->running.first, *next;
  if(!engine->unwatched)
    return;
  engine->unwatched = false;
  for(; request; request = next) {
    next = request->next;
    if(request->error.status != AW_OK)
      aw_engine_finish(engine, request, CURLE_OK);
  }
}

static int wait_milliseconds(double seconds)
{
  double value = seconds * 1000;
  if(value < 1)
    return 1;
  return value < (double)INT_MAX ? (int)value : INT_MAX;
}

static aw_status failed(CURLMcode code, aw_error *error)
{
  if(code == CURLM_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  return aw_fail(error, AW_NETWORK, "libcurl cannot go on: %s", curl_multi_strerror(code));
}

void aw_engine_notice(aw_engine *engine)
{
  engine->noticed = true;
}

/* Told once. */
static bool take_notice(aw_engine *engine)
{
  bool noticed = engine->noticed;
  engine->noticed = false;
  return noticed;
}

bool aw_engine_is_late(aw_engine *engine)
{
  bool late = engine->step_end > 0 && aw_monotonic() >= engine->step_end;
  engine->resting = engine->resting || late;
  return late;
}

static void resume(aw_engine *engine, aw_request *request)
{
  CURLcode code;
  request->resting = false;
  request->resumed = true;
  code = curl_easy_pause(request->easy, CURLPAUSE_CONT);
  request->resumed = false;
  if(code != CURLE_OK)
    aw_engine_finish(engine, request, code);
}

static void resume_all(aw_engine *engine)
{
  aw_request *request = engine->running.first, *next;
  engine->resting = false;
  for(; request; request = next) {
    next = request->next;
    if(request->resting)
      resume(engine, request);
  }
}

/* Stepping -------------------------------------------------------------------------------------------------------- */

static double sooner(double one, double other)
{
  if(one < 0 || other < 0)
    return one < 0 ? other : one;
  return one < other ? one : other;
}

static aw_status move_on(aw_engine *engine, double timeout, aw_error *error)
{
  double deadline = timeout > 0 ? aw_monotonic() + timeout : 0;
  for(;;) {
    double left;
    CURLMcode code = aw_watch_perform(engine->watch, timeout > 0 ? timeout : SHORT_STEP);
    if(code != CURLM_OK)
      return failed(code, error);
    collect(engine);
    end_unwatched(engine);
    aw_engine_step_sockets(engine);
    if(take_notice(engine) || engine->finished.first || aw_engine_news(engine) || timeout <= 0)
      return AW_OK;
    if(!engine->running.first && !engine->sockets)
      return AW_OK;
    left = deadline - aw_monotonic();
    if(left <= 0)
      return AW_OK;
    left = sooner(left, aw_engine_sockets_due(engine));
    code = aw_watch_wait(engine->watch, wait_milliseconds(left));
    if(code != CURLM_OK)
      return failed(code, error);
  }
}

aw_status aw_engine_step(aw_engine *engine, double timeout, aw_error *error)
{
  aw_status status = aw_engine_enter(engine, error);
  if(status != AW_OK)
    return status;
  engine->step_end = timeout > 0 ? 0 : aw_monotonic() + LARGE_STEP;
  if(engine->resting)
    resume_all(engine);
  status = move_on(engine, timeout, error);
  engine->step_end = 0;
  return status;
}

/* Others' loops --------------------------------------------------------------------------------------------------- */

size_t aw_engine_fds(aw_engine *engine, aw_fd *fds, size_t max)
{
  aw_error error;
  if(aw_engine_enter(engine, &error) != AW_OK)
    return 0; /* the next step says why */
  return aw_watch_fds(engine->watch, fds, max);
}

double aw_engine_timeout(aw_engine *engine)
{
  aw_engine_leave_parent(engine);
  if(!engine->multi || engine->finished.first || engine->noticed || engine->resting || engine->unwatched ||
     aw_engine_news(engine))
    return 0;
  return sooner(aw_watch_timeout(engine->watch), aw_engine_sockets_due(engine));
}

void aw_engine_stats(const aw_engine *engine, aw_stats *stats)
{
  *stats = engine->stats;
}

aw_status aw_engine_origin(aw_engine *engine, const char *url, aw_origin **origin, aw_error *error)
{
  aw_status status = aw_origin_get(&engine->origins, url, origin, error);
  if(status == AW_OK)
    aw_engine_limit_libcurl(engine);
  return status;
}

aw_status aw_engine_own_sockets(aw_engine *engine, CURL *easy, aw_error *error)
{
  return aw_opened_attach(&engine->opened, easy) == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

void aw_engine_count_client(aw_engine *engine)
{
  engine->stats.clients++;
}

void aw_engine_forget_client(aw_engine *engine)
{
  engine->stats.clients--;
}

void aw_engine_count_request(aw_engine *engine)
{
  engine->stats.requests++;
}

void aw_engine_forget_request(aw_engine *engine)
{
  engine->stats.requests--;
}
