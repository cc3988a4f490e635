/* What a client's WebSocket says of it, which libcurl only connects for: the lines of its handshake, credentials and
 * cookies included, and who the user is. All of it is secret. */
#include "aw_client_state.h"

#include "aw_alloc.h"

#include <stdio.h>
#include <string.h>

#define ORIGIN_SIZE 300 /* a name has 253 bytes at the most */

static aw_status head_status(aw_buf_result added, aw_error *error)
{
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the request's header fields are too long");
  return added == AW_BUF_OK ? AW_OK : aw_fail_memory(error);
}

/* Without what tells libcurl to send none ("Name:"); "Name;" is its word for an empty value. */
static aw_buf_result write_field(const char *line, aw_buf *head)
{
  size_t length = strlen(line);
  const char *colon = strchr(line, ':');
  aw_buf_result added;
  if(!length || (colon && !colon[1]))
    return AW_BUF_OK;
  added = aw_buf_add(head, line, colon ? length : length - 1);
  return added == AW_BUF_OK ? aw_buf_add_text(head, colon ? "\r\n" : ":\r\n") : added;
}

static aw_status write_cookies(aw_client *client, const char *host, const char *path, aw_buf *head, aw_error *error)
{
  bool secure = curl_strnequal(client->connection->endpoint, "https:", 6) != 0;
  aw_buf line;
  aw_status status;
  aw_buf_init(&line, head->max);
  status = aw_cookies_write(&client->cookies, host, path, secure, &line, error);
  if(status == AW_OK && line.length) {
    const char *const texts[] = {"Cookie: ", line.data, "\r\n", NULL};
    status = head_status(aw_buf_add_texts(head, texts), error);
  }
  if(line.data)
    aw_wipe(line.data, line.length);
  aw_buf_deinit(&line);
  return status;
}

/* "name:port", and the name alone. */
static bool split_origin(const char *endpoint, char *origin, char *host, size_t size)
{
  const char *start = strstr(endpoint, "://") + 3;
  size_t length = strcspn(start, "/"), name = *start == '[' ? strcspn(start, "]") + 1 : strcspn(start, ":/");
  if(length >= size)
    return false;
  snprintf(origin, size, "%.*s", (int)length, start);
  snprintf(host, size, "%.*s", (int)name, start);
  return true;
}

aw_status aw_client_write_head(aw_client *client, const char *path, aw_buf *head, aw_error *error)
{
  char origin[ORIGIN_SIZE], host[ORIGIN_SIZE];
  const char *const texts[] = {"Host: ", origin, "\r\nUser-Agent: ", client->connection->user_agent, "\r\n", NULL};
  const struct curl_slist *line;
  aw_fields *fields;
  aw_buf_result added;
  aw_status status;
  if(!split_origin(client->connection->endpoint, origin, host, sizeof(origin)))
    return aw_fail(error, AW_ARGUMENT, "the endpoint's host is too long");
  status = aw_client_fields(client, false, &fields, error);
  if(status != AW_OK)
    return status;
  added = aw_buf_add_texts(head, texts);
  for(line = fields->list; line && added == AW_BUF_OK; line = line->next)
    added = write_field(line->data, head);
  aw_fields_unref(fields);
  status = head_status(added, error);
  return status == AW_OK ? write_cookies(client, host, path, head, error) : status;
}

/* The session in the server's X-Fallback-Cookies, {"a_session_<project>":"…"}, as JSON has it; NULL where it is none.
 */
static const char *find_session(const aw_client *client, size_t *length)
{
  static const char prefix[] = "\"a_session_";
  const char *project = aw_client_project(client);
  const char *at = client->fallback && project ? strstr(client->fallback, prefix) : NULL;
  size_t name = at ? strlen(project) : 0;
  if(!at || strncmp(at + sizeof(prefix) - 1, project, name) != 0)
    return NULL;
  at += sizeof(prefix) - 1 + name;
  if(*at++ != '"')
    return NULL;
  at += strspn(at, " :");
  if(*at++ != '"')
    return NULL;
  for(*length = 0; at[*length] && at[*length] != '"';)
    *length += at[*length] == '\\' && at[*length + 1] ? 2 : 1;
  return at[*length] ? at : NULL;
}

aw_status aw_client_write_authentication(const aw_client *client, aw_buf *message, aw_error *error)
{
  static const char beyond_json[] = "\"\\\b\f\n\r\t";
  const char *session = client->credentials[AW_SESSION];
  size_t length = session ? strlen(session) : 0;
  aw_buf_result added;
  if(session && strcspn(session, beyond_json) != length)
    return aw_fail(error, AW_ARGUMENT, "the session is none that a server gives: it has quotes or control characters");
  if(!session)
    session = find_session(client, &length);
  if(!session)
    return aw_fail(error, AW_ARGUMENT, "the client has no session");
  added = aw_buf_add_text(message, "{\"type\":\"authentication\",\"data\":{\"session\":\"");
  if(added == AW_BUF_OK)
    added = aw_buf_add(message, session, length);
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(message, "\"}}");
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the session is too long for a message");
  return added == AW_BUF_OK ? AW_OK : aw_fail_memory(error);
}
