#include "aw_origin.h"

#include "aw_alloc.h"
#include "aw_request_state.h"
#include "aw_system.h"

#include <curl/curl.h>
#include <string.h>

#define STREAMS 100 /* of one server under way at once, over HTTP/2: what RFC 9113 (6.5.2) advises servers to admit */

void aw_request_list_append(aw_request_list *list, aw_request *request)
{
  request->next = NULL;
  request->previous = list->last;
  if(list->last)
    list->last->next = request;
  else
    list->first = request;
  list->last = request;
}

void aw_request_list_remove(aw_request_list *list, aw_request *request)
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

/* "https://host:port" of "https://host:port/path". */
static size_t origin_length(const char *url)
{
  const char *host = strstr(url, "://");
  host = host ? host + 3 : url;
  return (size_t)(host - url) + strcspn(host, "/");
}

static aw_origin *find(aw_origin *list, const char *name, size_t length)
{
  while(list && (strlen(list->name) != length || !curl_strnequal(list->name, name, length)))
    list = list->next;
  return list;
}

aw_status aw_origin_get(aw_origin **list, const char *url, aw_origin **origin, aw_error *error)
{
  size_t length = origin_length(url);
  aw_origin *made = find(*list, url, length);
  if(made) {
    *origin = aw_origin_ref(made);
    return AW_OK;
  }
  made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->name = aw_copy(url, length);
  if(!made->name) {
    aw_free(made);
    return aw_fail_memory(error);
  }
  made->references = 1;
  made->list = list;
  made->next = *list;
  *list = made;
  *origin = made;
  return AW_OK;
}

aw_origin *aw_origin_ref(aw_origin *origin)
{
  origin->references++;
  return origin;
}

void aw_origin_unref(aw_origin *origin)
{
  aw_origin **place;
  if(!origin || --origin->references)
    return;
  for(place = origin->list; *place != origin;)
    place = &(*place)->next;
  *place = origin->next;
  aw_free(origin->name);
  aw_free(origin);
}

bool aw_origin_has_room(const aw_origin *origin, size_t connections)
{
  size_t most = origin->multiplexes && connections < STREAMS ? STREAMS : connections;
  return origin->running < most;
}

void aw_origin_learn(aw_origin *origin, CURL *easy, bool answered)
{
  long version = 0;
  curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
  if(version) /* 0: there was no answer */
    origin->multiplexes = version >= CURL_HTTP_VERSION_2_0;
  if(answered)
    origin->heard = aw_monotonic();
}
