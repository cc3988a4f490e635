/* What the reference programs share: the library's header fields, an answer gathered in memory, clocks. */
#ifndef APPWRITE_BENCH_REFERENCE_H
#define APPWRITE_BENCH_REFERENCE_H

#include <curl/curl.h>
#include <stddef.h>
#include <time.h>

#define ANSWER_MAX ((size_t)1 << 16)

typedef struct answer {
  char bytes[ANSWER_MAX];
  size_t length;
} answer;

/* For CURLOPT_WRITEFUNCTION, with an answer. One that is longer than ANSWER_MAX ends the transfer. */
size_t answer_add(char *bytes, size_t size, size_t count, void *user);

/* The caller frees the list, with what it has added to it. */
struct curl_slist *reference_fields(void);

/* A handle that gets url into the answer, as the library would. Owned by the caller, as is all that it refers to. */
CURL *reference_get(const char *url, struct curl_slist *fields, answer *into);

/* Whether a transfer that ended with this code brought an answer of 200 to 299; what did not is told of on stderr. */
int reference_succeeded(CURL *easy, CURLcode code);

double reference_seconds(clockid_t clock);

#endif
