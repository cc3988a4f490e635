/* Cookies as a server may set them. What the core would send for requests that libcurl does not make is what libcurl
 * itself sends; a login's cookies are taken over without loss; none is sent to a host that it is not for. The input:
 * one byte that chooses the server's name, and header lines of its answer. */
#include "aw_buf.h"
#include "aw_cookies.h"
#include "aw_fields.h"
#include "exchange.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_BYTES 65536
#define COOKIES_MAX 100 /* libcurl sends 150 at the most, and up to 8 KiB of them */
#define BEGINNING "HTTP/1.1 204 No Content\r\nConnection: close\r\n"
#define PATH "/v1/files"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const hosts[] = {"b.a.example", "localhost"}; /* the second is as good as TLS to libcurl */

static CURL *visitor(const char *host)
{
  char url[64];
  CURL *easy = must(curl_easy_init());
  snprintf(url, sizeof(url), "http://%s" PATH, host);
  curl_easy_setopt(easy, CURLOPT_URL, url);
  return easy;
}

static int by_text(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Splits "a=1; b=2" and puts it in order: libcurl sends the longest paths first. */
static size_t split(char *line, char **cookies)
{
  size_t count = 0;
  while(line && *line) {
    char *end = strstr(line, "; ");
    if(count == COOKIES_MAX)
      return COOKIES_MAX + 1;
    cookies[count++] = line;
    if(end)
      *end = '\0';
    line = end ? end + 2 : NULL;
  }
  qsort(cookies, count, sizeof(*cookies), by_text);
  return count;
}

static void assert_same(char *sent, char *written)
{
  char *a[COOKIES_MAX], *b[COOKIES_MAX];
  size_t length = strlen(written), count = split(sent, a), i;
  if(count > COOKIES_MAX || length > 4096)
    return;
  if(split(written, b) != count)
    abort();
  for(i = 0; i < count; i++)
    if(strcmp(a[i], b[i]) != 0)
      abort();
}

static char *written(const aw_cookies *cookies, const char *host)
{
  aw_buf line;
  aw_error error;
  char *text;
  aw_buf_init(&line, LINE_MAX_BYTES);
  if(aw_cookies_write(cookies, host, PATH, strcmp(host, "localhost") == 0, &line, &error) != AW_OK)
    abort();
  if(line.length && !aw_field_value_ok(line.data, line.length))
    abort();
  text = must(calloc(1, line.length + 1));
  if(line.length)
    memcpy(text, line.data, line.length);
  aw_buf_deinit(&line);
  return text;
}

/* Not where a second has begun since `begun`, in which one may have expired. */
static void compare(const aw_cookies *cookies, const char *host, char *sent, time_t begun)
{
  char *own = written(cookies, host), *foreign = written(cookies, "b.a.example.org");
  if(*foreign)
    abort();
  if(time(NULL) == begun)
    assert_same(sent, own);
  free(own);
  free(foreign);
}

/* What libcurl sends in a second request. */
static void send_again(CURL *easy, char *sent)
{
  static char request[EXCHANGE_MAX + 1];
  char *line;
  *sent = '\0';
  if(exchange(easy, "\r\n\r\n", BEGINNING "\r\n", sizeof(BEGINNING) + 1, request) != CURLE_OK)
    abort();
  line = strstr(request, "\r\nCookie: ");
  if(line)
    sprintf(sent, "%.*s", (int)strcspn(line + 10, "\r"), line + 10);
}

static void run(const char *host, const char *answer, size_t length)
{
  static char request[EXCHANGE_MAX + 1], sent[EXCHANGE_MAX], copy[EXCHANGE_MAX];
  CURL *usual = visitor(host), *login = visitor(host);
  aw_cookies kept, adopted;
  aw_error error;
  bool any;
  time_t begun = time(NULL);
  aw_cookies_init(&kept);
  aw_cookies_init(&adopted);
  if(aw_cookies_attach(&kept, usual, &error) != AW_OK || aw_cookies_attach_empty(login, &error) != AW_OK)
    abort();
  if(exchange(usual, "\r\n\r\n", answer, length, request) == exchange(login, "\r\n\r\n", answer, length, request) &&
     aw_cookies_adopt(&adopted, login, &error) == AW_OK) {
    send_again(usual, sent);
    strcpy(copy, sent);
    compare(&kept, host, sent, begun);
    if(!strstr(answer, "TRUE") && !strstr(answer, "FALSE")) /* libcurl's own list of cookies loses a path called so */
      compare(&adopted, host, copy, begun);
  }
  curl_easy_cleanup(usual);
  curl_easy_cleanup(login);
  aw_cookies_clear(&kept);
  if(aw_cookies_any(&kept, &any, &error) != AW_OK || any)
    abort();
  aw_cookies_deinit(&kept);
  aw_cookies_deinit(&adopted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *answer;
  size_t length;
  if(!size)
    return 0;
  answer = must(calloc(1, sizeof(BEGINNING) + size + 4));
  memcpy(answer, BEGINNING, sizeof(BEGINNING) - 1);
  memcpy(answer + sizeof(BEGINNING) - 1, data + 1, size - 1);
  length = sizeof(BEGINNING) - 1 + size - 1;
  memcpy(answer + length, "\r\n\r\n", 4);
  run(hosts[data[0] % 2], answer, length + 4);
  free(answer);
  return 0;
}
