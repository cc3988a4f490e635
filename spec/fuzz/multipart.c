/* The names of a multipart body's parts, as they come out of libcurl: whatever a user calls a file, the body has the
 * parts that were put in, each with its own header and no other. The input: name, file name and type, by lines whose
 * ends are bytes 0, so that CR and LF may be in them. */
#include "aw_body.h"
#include "exchange.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 8
#define CONTENT "content"
#define ANSWER "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct text {
  const char *bytes; /* NUL-terminated */
  size_t length;
} text;

typedef struct part {
  text name, filename, type;
} part;

static void request_of(aw_body *body, char *request)
{
  CURL *easy = must(curl_easy_init());
  aw_error error;
  curl_easy_setopt(easy, CURLOPT_URL, "http://fuzz/");
  if(aw_body_attach(body, easy, false, &error) != AW_OK ||
     exchange(easy, "--\r\n", ANSWER, sizeof(ANSWER) - 1, request) != CURLE_OK)
    abort();
  curl_easy_cleanup(easy);
}

/* A text as it must stand between quotes. */
static void add_quoted(char *line, const text *what)
{
  size_t i;
  for(i = 0, line += strlen(line); i < what->length; i++) {
    const char *escaped = what->bytes[i] == '"' ? "%22" : what->bytes[i] == '\r' ? "%0D" : "%0A";
    if(strchr("\"\r\n", what->bytes[i]))
      line += sprintf(line, "%s", escaped);
    else
      *line++ = what->bytes[i];
  }
  *line++ = '"';
  *line = '\0';
}

/* One part's header and content must come next. */
static const char *expect_part(const char *at, const char *end, const text *boundary, const part *expected)
{
  static char wanted[EXCHANGE_MAX];
  size_t length;
  sprintf(wanted, "--%.*s\r\nContent-Disposition: form-data; name=\"", (int)boundary->length, boundary->bytes);
  add_quoted(wanted, &expected->name);
  if(expected->filename.length) {
    strcat(wanted, "; filename=\"");
    add_quoted(wanted, &expected->filename);
  }
  if(expected->type.length)
    sprintf(wanted + strlen(wanted), "\r\nContent-Type: %s", expected->type.bytes);
  strcat(wanted, "\r\n");
  length = strlen(wanted);
  if((size_t)(end - at) < length || memcmp(at, wanted, length) != 0)
    abort();
  at += length;
  /* A file without a type gets one from libcurl, which writes no other line. */
  if(!expected->type.length && strncmp(at, "Content-Type: ", 14) == 0)
    at = (char *)must(strstr(at, "\r\n")) + 2;
  if(strncmp(at, "\r\n" CONTENT "\r\n", sizeof(CONTENT) + 3) != 0)
    abort();
  return at + sizeof(CONTENT) + 3;
}

static void check(aw_body *body, const part *parts, size_t count)
{
  static char request[EXCHANGE_MAX + 1];
  const char *end, *at;
  text boundary;
  size_t i;
  request_of(body, request);
  end = request + strlen(request);
  boundary.bytes = (char *)must(strstr(request, "boundary=")) + 9;
  boundary.length = strcspn(boundary.bytes, "\r");
  at = (char *)must(strstr(boundary.bytes, "\r\n\r\n")) + 4;
  for(i = 0; i < count; i++)
    at = expect_part(at, end, &boundary, &parts[i]);
  if((size_t)(end - at) != boundary.length + 6 || strncmp(at + 2, boundary.bytes, boundary.length) != 0)
    abort();
}

static text take(const char **at, const char *end)
{
  text taken = {*at, strlen(*at)};
  *at += taken.length + (*at + taken.length < end ? 1 : 0);
  return taken;
}

static bool add(aw_body *body, const part *given)
{
  aw_source source;
  aw_error error;
  if(aw_source_init_bytes(&source, CONTENT, sizeof(CONTENT) - 1, &error) != AW_OK)
    abort();
  if(aw_body_add(body, given->name.bytes, given->filename.length ? given->filename.bytes : NULL,
                 given->type.length ? given->type.bytes : NULL, &source, &error) == AW_OK)
    return true;
  aw_source_deinit(&source);
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  part parts[PARTS_MAX];
  size_t count = 0;
  char *copy = must(malloc(size + 1));
  const char *at = copy, *end = copy + size;
  aw_body body;
  memcpy(copy, data, size);
  copy[size] = '\0';
  aw_body_init(&body);
  while(at < end && count < PARTS_MAX) {
    parts[count].name = take(&at, end);
    parts[count].filename = take(&at, end);
    parts[count].type = take(&at, end);
    count += add(&body, &parts[count]);
  }
  if(count)
    check(&body, parts, count);
  aw_body_deinit(&body);
  free(copy);
  return 0;
}
