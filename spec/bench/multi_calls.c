/* The reference for spec/bench/parallel_calls.lua: the same calls, by hand on libcurl's multi interface.
 *
 *   multi_calls URL COUNT PARALLEL
 *
 * prints wall and CPU seconds. Each handle is used again for the next call, as long as there is one to make. */
#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MAX ((size_t)1 << 16)

typedef struct call {
  CURL *easy;
  char body[BODY_MAX];
  size_t length;
} call;

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
  call *self = user;
  size_t length = size * count;
  if(length > BODY_MAX - self->length)
    return 0;
  memcpy(self->body + self->length, bytes, length);
  self->length += length;
  return length;
}

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void prepare(call *self, const char *url, struct curl_slist *list)
{
  self->easy = curl_easy_init();
  curl_easy_setopt(self->easy, CURLOPT_URL, url);
  curl_easy_setopt(self->easy, CURLOPT_PRIVATE, self);
  curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(self->easy, CURLOPT_USERAGENT, "AppwriteLuaSDK/0.1.0");
  curl_easy_setopt(self->easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(self->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(self->easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(self->easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(self->easy, CURLOPT_WRITEDATA, self);
}

/* Calls that have ended; each begins anew while there are some left. -1 where one failed. */
static long collect(CURLM *multi, long *left)
{
  CURLMsg *message;
  int queued;
  long ended = 0;
  while((message = curl_multi_info_read(multi, &queued)) != NULL) {
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result;
    char *self = NULL;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if(code != CURLE_OK || status != 200) {
      fprintf(stderr, "multi_calls: %s, status %ld\n", curl_easy_strerror(code), status);
      return -1;
    }
    curl_multi_remove_handle(multi, easy);
    ended++;
    if(*left > 0) {
      (*left)--;
      ((call *)(void *)self)->length = 0;
      curl_multi_add_handle(multi, easy);
    }
  }
  return ended;
}

static int run(CURLM *multi, long count, long parallel)
{
  long left = count - parallel, done = 0;
  while(done < count) {
    int running;
    long ended;
    curl_multi_perform(multi, &running);
    ended = collect(multi, &left);
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
  long count = argc == 4 ? strtol(argv[2], NULL, 10) : 0, parallel = argc == 4 ? strtol(argv[3], NULL, 10) : 0, i;
  struct curl_slist *list = NULL;
  CURLM *multi;
  call *calls;
  double wall, cpu;
  int failed;
  if(parallel < 1 || count < parallel) {
    fprintf(stderr, "usage: multi_calls URL COUNT PARALLEL\n");
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  list = curl_slist_append(list, "X-Appwrite-Response-Format: 1.5.0");
  list = curl_slist_append(list, "X-Appwrite-Project: bench");
  list = curl_slist_append(list, "X-SDK-Name: Lua");
  multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, parallel);
  calls = calloc((size_t)parallel, sizeof(*calls));
  wall = seconds(CLOCK_MONOTONIC);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  for(i = 0; i < parallel; i++) {
    prepare(&calls[i], argv[1], list);
    curl_multi_add_handle(multi, calls[i].easy);
  }
  failed = run(multi, count, parallel);
  printf("%.6f %.6f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  for(i = 0; i < parallel; i++)
    curl_easy_cleanup(calls[i].easy);
  curl_multi_cleanup(multi);
  curl_slist_free_all(list);
  free(calls);
  return failed;
}
