/* What becomes of an engine in a child that was forked from its process, and the sockets that it must know for that. */
#include "aw_engine_state.h"
#include "aw_request_state.h"
#include "aw_socket.h"
#include "aw_system.h"

/* libcurl's handle of something that is under way in the parent: to end it would end the parent's connection, or wait
 * for a thread of the parent's that looks a name up. So it stays as it is, but for its hold on the client's cookies. */
static void abandon(CURL *easy)
{
  curl_easy_setopt(easy, CURLOPT_SHARE, NULL);
}

static void end_request(aw_engine *engine, aw_request *request)
{
  if(request->error.status == AW_OK)
    aw_fail(&request->error, AW_CANCELLED,
            "the call was under way when this process was forked; only the parent gets its answer");
  if(request->easy) {
    aw_transfer_end(request, CURLE_ABORTED_BY_CALLBACK);
    abandon(request->easy);
    request->easy = NULL;
  }
  aw_engine_add_finished(engine, request);
}

static void end_all(aw_engine *engine)
{
  aw_origin *origin;
  aw_socket *socket;
  aw_request *request;
  while((request = engine->running.first) != NULL) {
    aw_request_list_remove(&engine->running, request);
    end_request(engine, request);
  }
  for(origin = engine->origins; origin; origin = origin->next) {
    origin->running = 0;
    while((request = origin->waiting.first) != NULL) {
      aw_request_list_remove(&origin->waiting, request);
      end_request(engine, request);
    }
  }
  for(socket = engine->sockets; socket; socket = aw_socket_next(socket)) {
    CURL *easy = aw_socket_leave(socket);
    if(easy)
      abandon(easy);
  }
  engine->sockets_open = 0;
}

/* A CURLM with connections says goodbye on them when it is freed. That is the parent's to do, and this copy is given up
 * as a whole. */
static void drop_multi(aw_engine *engine, bool is_idle)
{
  if(is_idle && !engine->opened.count)
    curl_multi_cleanup(engine->multi);
  engine->multi = NULL;
}

void aw_engine_leave_parent(aw_engine *engine)
{
  long process = aw_process();
  bool is_idle = !engine->running.first && !engine->sockets_open;
  if(process == engine->process)
    return;
  engine->process = process;
  engine->noticed = engine->resting = false;
  end_all(engine);
  while(engine->idle_count)
    curl_easy_cleanup(engine->idle[--engine->idle_count]);
  drop_multi(engine, is_idle);
  aw_opened_drop(&engine->opened);
}

static aw_status renew(aw_engine *engine, aw_error *error)
{
  CURLM *multi = curl_multi_init();
  aw_status status = multi ? aw_watch_renew(engine->watch, multi, error) : aw_fail_memory(error);
  if(status != AW_OK) {
    curl_multi_cleanup(multi); /* takes NULL */
    return status;
  }
  engine->multi = multi;
  aw_engine_limit_libcurl(engine);
  return AW_OK;
}

aw_status aw_engine_enter(aw_engine *engine, aw_error *error)
{
  aw_engine_leave_parent(engine);
  return engine->multi ? AW_OK : renew(engine, error);
}

bool aw_engine_starved(const aw_engine *engine, CURLcode code, aw_error *error)
{
  if(code != CURLE_COULDNT_CONNECT || engine->opened.lack == AW_LACKS_NOTHING)
    return false;
  if(engine->opened.lack == AW_LACKS_MEMORY)
    aw_fail_memory(error);
  else
    aw_fail(error, AW_NETWORK,
            "no socket for one more connection: too many files are open (ulimit -n says how many may be)");
  return true;
}
