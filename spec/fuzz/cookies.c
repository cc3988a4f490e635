/* Cookies as servers set them: what a login takes over is what a client keeps, and neither splits a request's header.
 * The input: a host, a path, and lines as libcurl takes them into a jar ("Set-Cookie: a=1", or Netscape's). */
#define _POSIX_C_SOURCE 200809L

#include "aw_buf.h"
#include "aw_cookies.h"
#include "aw_fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 16384

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the text, which loses it. */
static char *take_line(char **text)
{
  char *line = *text, *end = strchr(line, '\n');
  *text = end ? end + 1 : line + strlen(line);
  if(end)
    *end = '\0';
  return line;
}

static void receive(CURL *easy, char *lines)
{
  while(*lines)
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, take_line(&lines));
}

static void check(const aw_cookies *kept, const aw_cookies *adopted, const char *host, const char *path)
{
  aw_buf line, other;
  aw_error error;
  aw_status status;
  aw_buf_init(&line, LINE_MAX_BYTES);
  aw_buf_init(&other, LINE_MAX_BYTES);
  status = aw_cookies_write(kept, host, path, true, &line, &error);
  if(aw_cookies_write(adopted, host, path, true, &other, &error) != status)
    abort();
  if(status == AW_OK && line.length) {
    if(!aw_field_value_ok(line.data, line.length) || !aw_cookies_any(kept))
      abort();
    if(line.length != other.length || memcmp(line.data, other.data, line.length) != 0)
      abort();
  }
  aw_buf_deinit(&line);
  aw_buf_deinit(&other);
}

static void run(char *text)
{
  const char *host = take_line(&text), *path = take_line(&text);
  CURL *usual = curl_easy_init(), *login = curl_easy_init();
  aw_cookies kept, adopted;
  aw_error error;
  aw_cookies_init(&kept);
  aw_cookies_init(&adopted);
  if(usual && login && aw_cookies_attach(&kept, usual, &error) == AW_OK &&
     aw_cookies_attach_empty(login, &error) == AW_OK) {
    char *again = strdup(text);
    receive(usual, text);
    if(again)
      receive(login, again);
    if(again && aw_cookies_adopt(&adopted, login, &error) == AW_OK)
      check(&kept, &adopted, host, path);
    free(again);
  }
  curl_easy_cleanup(usual);
  curl_easy_cleanup(login);
  aw_cookies_clear(&kept);
  if(aw_cookies_any(&kept))
    abort();
  aw_cookies_deinit(&kept);
  aw_cookies_deinit(&adopted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = malloc(size + 1);
  if(!text)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  run(text);
  free(text);
  return 0;
}
