/* The reference for spec/bench/small_calls.lua: the same calls, by hand on libcurl's easy interface.
 *
 *   easy_calls URL COUNT
 *
 * prints wall and CPU seconds. One handle, the header fields of the library, the body gathered in memory. */
#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_MAX ((size_t)1 << 20)

typedef struct answer {
  char bytes[BODY_MAX];
  size_t length;
} answer;

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
  answer *into = user;
  size_t length = size * count;
  if(length > BODY_MAX - into->length)
    return 0;
  memcpy(into->bytes + into->length, bytes, length);
  into->length += length;
  return length;
}

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct curl_slist *fields(void)
{
  static const char *const all[] = {
      "X-Appwrite-Response-Format: 1.5.0",
      "X-SDK-Name: Lua",
      "X-SDK-Platform: client",
      "X-SDK-Language: lua",
      "X-SDK-Version: 0.1.0",
      "X-Appwrite-Project: bench",
  };
  struct curl_slist *list = NULL;
  size_t i;
  for(i = 0; i < sizeof(all) / sizeof(all[0]); i++)
    list = curl_slist_append(list, all[i]);
  return list;
}

static int calls(CURL *easy, answer *into, long count)
{
  while(count--) {
    long status = 0;
    CURLcode code;
    into->length = 0;
    code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if(code != CURLE_OK || status != 200 || into->length == 0) {
      fprintf(stderr, "easy_calls: %s, status %ld\n", curl_easy_strerror(code), status);
      return 1;
    }
  }
  return 0;
}

int main(int argc, char **argv)
{
  static answer into;
  struct curl_slist *list;
  CURL *easy;
  double wall, cpu;
  int failed;
  if(argc != 3) {
    fprintf(stderr, "usage: easy_calls URL COUNT\n");
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  easy = curl_easy_init();
  list = fields();
  curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "AppwriteLuaSDK/0.1.0");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &into);
  wall = seconds(CLOCK_MONOTONIC);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  failed = calls(easy, &into, strtol(argv[2], NULL, 10));
  printf("%.6f %.6f\n", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  curl_slist_free_all(list);
  curl_easy_cleanup(easy);
  return failed;
}
