#define _POSIX_C_SOURCE 200809L

#include "reference.h"

#include <stdio.h>
#include <string.h>

size_t answer_add(char *bytes, size_t size, size_t count, void *user)
{
  answer *into = user;
  size_t length = size * count;
  if(length > ANSWER_MAX - into->length)
    return 0;
  memcpy(into->bytes + into->length, bytes, length);
  into->length += length;
  return length;
}

struct curl_slist *reference_fields(void)
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

CURL *reference_get(const char *url, struct curl_slist *fields, answer *into)
{
  CURL *easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "AppwriteLuaSDK/0.1.0");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_add);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, into);
  return easy;
}

int reference_succeeded(CURL *easy, CURLcode code)
{
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if(code == CURLE_OK && status >= 200 && status < 300)
    return 1;
  fprintf(stderr, "%s, status %ld\n", curl_easy_strerror(code), status);
  return 0;
}

double reference_seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
