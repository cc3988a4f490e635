/* The reference for spec/bench/parallel_calls.lua: the same calls, by hand on libcurl's multi interface.
 *
 *   multi_calls URL COUNT PARALLEL [decoded]
 *
 * prints wall and CPU seconds. Each handle is used again for the next call, as long as there is one to make; the body
 * is gathered in memory; decoded, also read by lua-cjson. */
#define _POSIX_C_SOURCE 200809L

#include "decoder.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct call {
  CURL *easy;
  answer into;
} call;

/* Calls that have ended; each begins anew while there are some left. -1 where one failed. */
static long collect(CURLM *multi, long *left, lua_State *decoder)
{
  CURLMsg *message;
  int queued;
  long ended = 0;
  while((message = curl_multi_info_read(multi, &queued)) != NULL) {
    CURL *easy = message->easy_handle;
    char *user = NULL;
    call *self;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    self = (call *)(void *)user;
    if(!reference_succeeded(easy, message->data.result) || (decoder && !decoder_read(decoder, &self->into)))
      return -1;
    curl_multi_remove_handle(multi, easy);
    ended++;
    if(*left > 0) {
      (*left)--;
      self->into.length = 0;
      curl_multi_add_handle(multi, easy);
    }
  }
  return ended;
}

static int run(CURLM *multi, long count, long parallel, lua_State *decoder)
{
  long left = count - parallel, done = 0;
  while(done < count) {
    int running;
    long ended;
    curl_multi_perform(multi, &running);
    ended = collect(multi, &left, decoder);
    if(ended < 0)
      return 1;
    done += ended;
    if(ended == 0)
      curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
  return 0;
}

int main(int argc, char **argv)
{
  long count = argc > 3 ? strtol(argv[2], NULL, 10) : 0, parallel = argc > 3 ? strtol(argv[3], NULL, 10) : 0, i;
  struct curl_slist *fields;
  lua_State *decoder = NULL;
  CURLM *multi;
  call *calls;
  double wall, cpu;
  int failed;
  if(parallel < 1 || count < parallel || argc > 5) {
    fprintf(stderr, "usage: multi_calls URL COUNT PARALLEL [decoded]\n");
    return 2;
  }
  if(argc == 5 && !(decoder = decoder_new()))
    return 1;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  fields = reference_fields();
  multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, parallel);
  calls = calloc((size_t)parallel, sizeof(*calls));
  wall = reference_seconds(CLOCK_MONOTONIC);
  cpu = reference_seconds(CLOCK_PROCESS_CPUTIME_ID);
  for(i = 0; i < parallel; i++) {
    calls[i].easy = reference_get(argv[1], fields, &calls[i].into);
    curl_easy_setopt(calls[i].easy, CURLOPT_PRIVATE, &calls[i]);
    curl_multi_add_handle(multi, calls[i].easy);
  }
  failed = run(multi, count, parallel, decoder);
  printf("%.6f %.6f\n", reference_seconds(CLOCK_MONOTONIC) - wall, reference_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  for(i = 0; i < parallel; i++)
    curl_easy_cleanup(calls[i].easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(fields);
  free(calls);
  if(decoder)
    lua_close(decoder);
  return failed;
}
