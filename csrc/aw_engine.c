#include "aw_engine.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_request_state.h"
#include "aw_system.h"

#include <limits.h>
#include <string.h>

#define IDLE_MAX 16 /* handles kept for the next request */

typedef struct request_list {
  aw_request *first, *last;
} request_list;

struct aw_engine {
  int references;
  CURLM *multi;
  bool closed;
  request_list running, finished;
  CURL *idle[IDLE_MAX];
  size_t idle_count;
  aw_stats stats;
};

static void append(request_list *list, aw_request *request)
{
  request->next = NULL;
  request->previous = list->last;
  if(list->last)
    list->last->next = request;
  else
    list->first = request;
  list->last = request;
}

static void take_out(request_list *list, aw_request *request)
{
  if(request->previous)
    request->previous->next = request->next;
  else
    list->first = request->next;
  if(request->next)
    request->next->previous = request->previous;
  else
    list->last = request->previous;
  request->previous = request->next = NULL;
}

aw_status aw_engine_new(aw_engine **engine, aw_error *error)
{
  aw_engine *made;
  if(!aw_curl_ready())
    return aw_fail(error, AW_MEMORY, "libcurl could not be initialized");
  made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  made->multi = curl_multi_init();
  if(!made->multi) {
    aw_free(made);
    return aw_fail_memory(error);
  }
  *engine = made;
  return AW_OK;
}

aw_engine *aw_engine_ref(aw_engine *engine)
{
  engine->references++;
  return engine;
}

void aw_engine_unref(aw_engine *engine)
{
  if(!engine || --engine->references)
    return;
  while(engine->idle_count)
    curl_easy_cleanup(engine->idle[--engine->idle_count]);
  curl_multi_cleanup(engine->multi);
  aw_free(engine);
}

void aw_engine_close(aw_engine *engine)
{
  aw_request *request;
  engine->closed = true;
  aw_engine_ref(engine); /* the last request may hold the last client, and that the last reference */
  while(engine->running.first)
    aw_request_cancel(engine->running.first);
  while((request = aw_engine_take(engine)) != NULL)
    aw_request_unref(request);
  aw_engine_unref(engine);
}

/* Handles --------------------------------------------------------------------------------------------------------- */

CURL *aw_engine_borrow_easy(aw_engine *engine)
{
  return engine->idle_count ? engine->idle[--engine->idle_count] : curl_easy_init();
}

void aw_engine_return_easy(aw_engine *engine, CURL *easy)
{
  if(engine->idle_count == IDLE_MAX) {
    curl_easy_cleanup(easy);
    return;
  }
  curl_easy_setopt(easy, CURLOPT_SHARE, NULL); /* curl_easy_reset leaves it */
  curl_easy_reset(easy);
  engine->idle[engine->idle_count++] = easy;
}

/* Requests -------------------------------------------------------------------------------------------------------- */

aw_status aw_engine_run(aw_engine *engine, aw_request *request, aw_error *error)
{
  if(engine->closed)
    return aw_fail(error, AW_CANCELLED, "the engine was closed");
  if(curl_multi_add_handle(engine->multi, request->easy) != CURLM_OK)
    return aw_fail_memory(error);
  append(&engine->running, aw_request_ref(request));
  engine->stats.transfers++;
  return AW_OK;
}

void aw_engine_finish(aw_engine *engine, aw_request *request, CURLcode code)
{
  curl_multi_remove_handle(engine->multi, request->easy);
  take_out(&engine->running, request);
  engine->stats.transfers--;
  aw_request_end(request, code);
  append(&engine->finished, request);
}

aw_request *aw_engine_take(aw_engine *engine)
{
  aw_request *request = engine->finished.first;
  if(request)
    take_out(&engine->finished, request);
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

/* The message is gone once its handle is removed, so what it says is copied first. */
static void collect(aw_engine *engine)
{
  CURLMsg *message;
  int left;
  while((message = curl_multi_info_read(engine->multi, &left)) != NULL) {
    CURLcode code = message->data.result;
    char *request = NULL;
    if(message->msg != CURLMSG_DONE)
      continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
    aw_engine_finish(engine, (aw_request *)(void *)request, code);
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

aw_status aw_engine_step(aw_engine *engine, double timeout, aw_error *error)
{
  double deadline = timeout > 0 ? aw_monotonic() + timeout : 0;
  for(;;) {
    int running;
    double left;
    CURLMcode code = curl_multi_perform(engine->multi, &running);
    if(code != CURLM_OK)
      return failed(code, error);
    collect(engine);
    if(engine->finished.first || !engine->running.first || timeout <= 0)
      return AW_OK;
    left = deadline - aw_monotonic();
    if(left <= 0)
      return AW_OK;
    code = curl_multi_poll(engine->multi, NULL, 0, wait_milliseconds(left), NULL);
    if(code != CURLM_OK)
      return failed(code, error);
  }
}

/* Others' loops --------------------------------------------------------------------------------------------------- */

size_t aw_engine_fds(aw_engine *engine, aw_fd *fds, size_t max)
{
  fd_set read, write, except;
  int highest = -1;
  size_t count = 0;
  curl_socket_t fd;
  FD_ZERO(&read);
  FD_ZERO(&write);
  FD_ZERO(&except);
  if(curl_multi_fdset(engine->multi, &read, &write, &except, &highest) != CURLM_OK)
    return 0;
  for(fd = 0; fd <= highest; fd++) {
    bool reads = FD_ISSET(fd, &read), writes = FD_ISSET(fd, &write);
    if(!reads && !writes)
      continue;
    if(count < max) {
      fds[count].fd = fd;
      fds[count].read = reads;
      fds[count].write = writes;
    }
    count++;
  }
  return count;
}

double aw_engine_timeout(aw_engine *engine)
{
  long milliseconds = -1;
  curl_multi_timeout(engine->multi, &milliseconds);
  return milliseconds < 0 ? -1 : (double)milliseconds / 1000;
}

void aw_engine_stats(const aw_engine *engine, aw_stats *stats)
{
  *stats = engine->stats;
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
