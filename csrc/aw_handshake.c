#include "aw_handshake.h"

#include "aw.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_LINE_MAX ((size_t)16 * 1024) /* bytes of one line of the header */
#define REST_MAX ((size_t)64 * 1024)        /* more than one read brings */
#define TEXT_ENOUGH 4096                    /* bytes of a refusal's text */

#define SWITCHING_PROTOCOLS 101

aw_status aw_handshake_init(aw_handshake *handshake, aw_error *error)
{
  memset(handshake, 0, sizeof(*handshake));
  aw_buf_init(&handshake->line, HEADER_LINE_MAX);
  aw_headers_init(&handshake->headers);
  aw_buf_init(&handshake->rest, REST_MAX);
  return aw_accept_key(handshake->key, error);
}

void aw_handshake_deinit(aw_handshake *handshake)
{
  aw_buf_deinit(&handshake->line);
  aw_headers_deinit(&handshake->headers);
  aw_buf_deinit(&handshake->rest);
}

static aw_status full(aw_buf_result added, const char *what, aw_error *error)
{
  if(added == AW_BUF_OK)
    return AW_OK;
  if(added == AW_BUF_NO_MEMORY)
    return aw_fail_memory(error);
  return aw_fail(error, AW_PROTOCOL, "%s of the server's answer is too long", what);
}

/* "HTTP/1.1 101 …": three digits, and what follows does not matter. */
static aw_status take_status(aw_handshake *handshake, const char *line, size_t length, aw_error *error)
{
  if(length < 12 || memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ')
    return aw_fail(error, AW_PROTOCOL, "the server's answer to the WebSocket handshake is no HTTP/1.1");
  handshake->http_status = strtol(line + 9, NULL, 10);
  if(handshake->http_status < 100 || handshake->http_status > 599)
    return aw_fail(error, AW_PROTOCOL, "the server's answer to the WebSocket handshake has no status");
  return AW_OK;
}

/* An answer that is followed by the one that counts. */
static bool is_interim(long http_status)
{
  return http_status < 200 && http_status != SWITCHING_PROTOCOLS;
}

static aw_status take_line(aw_handshake *handshake, aw_error *error)
{
  const char *line = handshake->line.data ? handshake->line.data : "";
  size_t length = handshake->line.length;
  aw_status status = AW_OK;
  if(!handshake->http_status)
    status = take_status(handshake, line, length, error);
  if(status == AW_OK)
    status = aw_headers_line(&handshake->headers, line, length, error);
  handshake->has_headers = status == AW_OK && handshake->headers.ended;
  if(handshake->has_headers && is_interim(handshake->http_status)) {
    handshake->has_headers = false;
    handshake->http_status = 0;
  }
  aw_buf_clear(&handshake->line);
  return status;
}

/* Whether a list of tokens has this one. */
static bool has_token(const char *list, const char *token)
{
  size_t length = strlen(token);
  while(list && *list) {
    size_t item;
    list += strspn(list, ", \t");
    item = strcspn(list, ", \t");
    if(item == length && curl_strnequal(list, token, length))
      return true;
    list += item;
  }
  return false;
}

static aw_status judge(const aw_handshake *handshake, aw_error *error)
{
  const aw_headers *headers = &handshake->headers;
  const char *accept = aw_headers_get(headers, "sec-websocket-accept");
  char wanted[AW_ACCEPT_SIZE];
  aw_accept_answer(handshake->key, wanted);
  if(!has_token(aw_headers_get(headers, "upgrade"), "websocket") ||
     !has_token(aw_headers_get(headers, "connection"), "upgrade"))
    return aw_fail(error, AW_PROTOCOL, "the server changes to another protocol than WebSocket");
  if(!accept || strcmp(accept, wanted) != 0)
    return aw_fail(error, AW_PROTOCOL, "the server's Sec-WebSocket-Accept is not the answer to this handshake");
  if(aw_headers_get(headers, "sec-websocket-extensions") || aw_headers_get(headers, "sec-websocket-protocol"))
    return aw_fail(error, AW_PROTOCOL, "the server uses a WebSocket extension or protocol that was not asked for");
  return AW_OK;
}

/* Of a refusal's text the beginning is enough. */
static bool has_text(const aw_handshake *handshake, bool ended)
{
  const char *length = aw_headers_get(&handshake->headers, "content-length");
  size_t wanted = length ? (size_t)strtoul(length, NULL, 10) : TEXT_ENOUGH;
  return ended || handshake->rest.length >= (wanted < TEXT_ENOUGH ? wanted : TEXT_ENOUGH);
}

static aw_status feed_header(aw_handshake *handshake, const char **bytes, size_t *length, aw_error *error)
{
  aw_status status = AW_OK;
  while(status == AW_OK && *length && !handshake->has_headers) {
    const char *end = memchr(*bytes, '\n', *length);
    size_t count = end ? (size_t)(end + 1 - *bytes) : *length;
    status = full(aw_buf_add(&handshake->line, *bytes, count), "a line", error);
    *bytes += count;
    *length -= count;
    if(status == AW_OK && end)
      status = take_line(handshake, error);
  }
  return status;
}

aw_handshake_result aw_handshake_feed(aw_handshake *handshake, const char *bytes, size_t length, bool ended,
                                      aw_error *error)
{
  aw_status status = feed_header(handshake, &bytes, &length, error);
  if(status == AW_OK && length)
    status = full(aw_buf_add(&handshake->rest, bytes, length), "the text", error);
  if(status != AW_OK)
    return AW_HANDSHAKE_FAILED;
  if(!handshake->has_headers) {
    if(!ended)
      return AW_HANDSHAKE_MORE;
    aw_fail(error, AW_NETWORK, "the server closed the connection in the middle of the WebSocket handshake");
    return AW_HANDSHAKE_FAILED;
  }
  if(handshake->http_status == SWITCHING_PROTOCOLS)
    return judge(handshake, error) == AW_OK ? AW_HANDSHAKE_DONE : AW_HANDSHAKE_FAILED;
  return has_text(handshake, ended) ? AW_HANDSHAKE_REFUSED : AW_HANDSHAKE_MORE;
}
