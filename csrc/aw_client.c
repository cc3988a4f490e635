#include "aw_client_state.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_engine.h"
#include "aw_kept.h"

#include <string.h>

static const char *const credential_headers[AW_CREDENTIALS] = {
    "X-Appwrite-Project", "X-Appwrite-Key", "X-Appwrite-JWT", "X-Appwrite-Session", "X-Appwrite-Locale",
};

/* What a login goes without. */
static bool is_users(aw_credential which)
{
  return which == AW_JWT || which == AW_SESSION;
}

static void drop_fields(aw_client *client)
{
  aw_fields_unref(client->usual);
  aw_fields_unref(client->login);
  client->usual = client->login = NULL;
}

static void free_client(aw_client *client)
{
  int i;
  drop_fields(client);
  aw_fields_unref(client->own);
  for(i = 0; i < AW_CREDENTIALS; i++)
    aw_free_secret(client->credentials[i]);
  aw_free_secret(client->fallback);
  aw_cookies_deinit(&client->cookies);
  aw_connection_unref(client->connection);
  aw_origin_unref(client->origin);
  aw_engine_forget_client(client->engine);
  aw_engine_unref(client->engine);
  aw_free(client);
}

aw_client *aw_client_ref(aw_client *client)
{
  client->references++;
  return client;
}

void aw_client_unref(aw_client *client)
{
  if(client && --client->references == 0)
    free_client(client);
}

static aw_status take_options(aw_client *client, const aw_client_options *options, aw_error *error)
{
  aw_status status = AW_OK;
  size_t i;
  for(i = 0; i < AW_CREDENTIALS && status == AW_OK; i++)
    if(options->credentials[i])
      status = aw_client_set(client, (aw_credential)i, options->credentials[i], error);
  if(status != AW_OK || (client->own && !options->headers))
    return status;
  aw_fields_unref(client->own);
  client->own = aw_fields_new();
  if(!client->own)
    return aw_fail_memory(error);
  for(i = 0; i < options->headers_count && status == AW_OK; i++)
    status = aw_fields_add(client->own, options->headers[i].name, options->headers[i].value, error);
  return status;
}

/* Takes the references to the connection and its origin over. */
static aw_client *new_client(aw_engine *engine, aw_connection *connection, aw_origin *origin)
{
  aw_client *client = aw_alloc_zeroed(1, sizeof(*client));
  if(!client) {
    aw_connection_unref(connection);
    aw_origin_unref(origin);
    return NULL;
  }
  client->references = 1;
  client->engine = aw_engine_ref(engine);
  aw_engine_count_client(engine);
  client->connection = connection;
  client->origin = origin;
  aw_cookies_init(&client->cookies);
  return client;
}

aw_status aw_client_new(aw_engine *engine, const aw_client_options *options, aw_client **client, aw_error *error)
{
  aw_connection *connection;
  aw_origin *origin;
  aw_client *made;
  aw_status status = aw_connection_new(options, &connection, error);
  if(status != AW_OK)
    return status;
  status = aw_engine_origin(engine, connection->endpoint, &origin, error);
  if(status != AW_OK) {
    aw_connection_unref(connection);
    return status;
  }
  made = new_client(engine, connection, origin);
  status = made ? take_options(made, options, error) : aw_fail_memory(error);
  if(status != AW_OK) {
    aw_client_unref(made);
    return status;
  }
  *client = made;
  return AW_OK;
}

aw_status aw_client_fork(aw_client *parent, const aw_client_options *options, aw_client **client, aw_error *error)
{
  aw_client_options all = *options;
  aw_client *made = new_client(parent->engine, aw_connection_ref(parent->connection), aw_origin_ref(parent->origin));
  aw_status status;
  if(!made)
    return aw_fail_memory(error);
  made->own = aw_fields_ref(parent->own);
  if(!all.credentials[AW_PROJECT])
    all.credentials[AW_PROJECT] = parent->credentials[AW_PROJECT];
  if(!all.credentials[AW_LOCALE])
    all.credentials[AW_LOCALE] = parent->credentials[AW_LOCALE];
  status = take_options(made, &all, error);
  if(status != AW_OK) {
    aw_client_unref(made);
    return status;
  }
  *client = made;
  return AW_OK;
}

static void forget(aw_client *client, char **secret)
{
  aw_free_secret(*secret);
  *secret = NULL;
  drop_fields(client);
}

/* What the server gave: a session that came with a login, or by other means. */
static void forget_kept(aw_client *client)
{
  client->generation++;
  client->revision++;
  forget(client, &client->fallback);
  aw_cookies_clear(&client->cookies);
}

aw_status aw_client_set(aw_client *client, aw_credential which, const char *value, aw_error *error)
{
  static const char *const names[AW_CREDENTIALS] = {"project", "key", "jwt", "session", "locale"};
  char *copy = NULL;
  if(value) {
    if(!aw_field_value_ok(value, strlen(value)))
      return aw_fail(error, AW_ARGUMENT, "%s must not contain CR, LF or NUL", names[which]);
    copy = aw_copy(value, strlen(value));
    if(!copy)
      return aw_fail_memory(error);
  }
  aw_free_secret(client->credentials[which]);
  client->credentials[which] = copy;
  drop_fields(client);
  if(is_users(which))
    client->revision++;
  if(value && which == AW_SESSION)
    forget_kept(client); /* else the old user's cookie would win */
  return AW_OK;
}

bool aw_client_has(const aw_client *client, aw_credential which)
{
  return client->credentials[which] != NULL;
}

aw_status aw_client_has_cookies(const aw_client *client, bool *has, aw_error *error)
{
  *has = client->fallback != NULL;
  return *has ? AW_OK : aw_cookies_any(&client->cookies, has, error);
}

void aw_client_clear(aw_client *client)
{
  forget(client, &client->credentials[AW_SESSION]);
  forget(client, &client->credentials[AW_JWT]);
  forget_kept(client);
}

const char *aw_client_endpoint(const aw_client *client)
{
  return client->connection->endpoint;
}

const char *aw_client_project(const aw_client *client)
{
  return client->credentials[AW_PROJECT];
}

aw_engine *aw_client_engine(const aw_client *client)
{
  return client->engine;
}

aw_origin *aw_client_origin(const aw_client *client)
{
  return client->origin;
}

size_t aw_client_max_response(const aw_client *client)
{
  return client->connection->max_response;
}

static aw_status add_usual(const aw_client *client, bool login, aw_fields *fields, aw_error *error)
{
  static const aw_field always[] = {
      {"X-Appwrite-Response-Format", AW_RESPONSE_FORMAT},
      {"X-SDK-Name", "Lua"},
      {"X-SDK-Platform", "client"},
      {"X-SDK-Language", "lua"},
      {"X-SDK-Version", AW_VERSION},
  };
  aw_status status = AW_OK;
  size_t i;
  for(i = 0; i < sizeof(always) / sizeof(always[0]) && status == AW_OK; i++)
    status = aw_fields_add(fields, always[i].name, always[i].value, error);
  for(i = 0; i < AW_CREDENTIALS && status == AW_OK; i++)
    if(client->credentials[i] && !(login && is_users((aw_credential)i)))
      status = aw_fields_add(fields, credential_headers[i], client->credentials[i], error);
  if(client->fallback && !login && status == AW_OK)
    status = aw_fields_add(fields, "X-Fallback-Cookies", client->fallback, error);
  if(status == AW_OK)
    status = aw_fields_suppress(fields, "Expect", error); /* else libcurl waits a second before a large body */
  return status;
}

static aw_status make_fields(const aw_client *client, bool login, aw_fields **made, aw_error *error)
{
  aw_fields *usual = aw_fields_new();
  aw_status status = usual ? add_usual(client, login, usual, error) : aw_fail_memory(error);
  if(status == AW_OK)
    status = aw_fields_join(usual, client->own, made, error);
  aw_fields_unref(usual);
  return status;
}

aw_status aw_client_fields(aw_client *client, bool login, aw_fields **fields, aw_error *error)
{
  aw_fields **kept = login ? &client->login : &client->usual;
  aw_status status = *kept ? AW_OK : make_fields(client, login, kept, error);
  if(status == AW_OK)
    *fields = aw_fields_ref(*kept);
  return status;
}

aw_status aw_client_configure(aw_client *client, CURL *easy, bool without, aw_error *error)
{
  aw_status status = aw_connection_configure(client->connection, easy, error);
  if(status == AW_OK)
    status = aw_engine_own_sockets(client->engine, easy, error);
  if(status != AW_OK)
    return status;
  return without ? aw_cookies_attach_empty(easy, error) : aw_cookies_attach(&client->cookies, easy, error);
}

static aw_status keep_fallback(aw_client *client, const char *value, aw_error *error)
{
  char *copy;
  if(client->fallback && strcmp(client->fallback, value) == 0)
    return AW_OK;
  copy = aw_copy(value, strlen(value));
  if(!copy)
    return aw_fail_memory(error);
  forget(client, &client->fallback);
  client->fallback = copy;
  client->generation++; /* some calls log in that are no logins, such as accepting an invitation */
  client->revision++;
  return AW_OK;
}

unsigned aw_client_generation(const aw_client *client)
{
  return client->generation;
}

unsigned aw_client_revision(const aw_client *client)
{
  return client->revision;
}

void aw_client_touch(aw_client *client)
{
  client->revision++;
  aw_cookies_trim(&client->cookies);
}

aw_status aw_client_learn(aw_client *client, CURL *easy, bool login, unsigned generation, const aw_headers *headers,
                          aw_error *error)
{
  const char *fallback =
      login || generation == client->generation ? aw_headers_get(headers, "x-fallback-cookies") : NULL;
  bool logged_out = fallback && strcmp(fallback, "[]") == 0;
  aw_status status = AW_OK;
  if(login || logged_out)
    aw_client_clear(client);
  if(login)
    status = aw_cookies_adopt(&client->cookies, easy, error);
  if(status == AW_OK && fallback && !logged_out)
    status = keep_fallback(client, fallback, error);
  return status;
}

static aw_status write_kept(const aw_client *client, aw_buf *text, aw_error *error)
{
  const char *session = client->credentials[AW_SESSION];
  aw_status status = AW_OK;
  if(session)
    status = aw_kept_add(text, AW_KEPT_SESSION, session, error);
  if(status == AW_OK && client->fallback)
    status = aw_kept_add(text, AW_KEPT_FALLBACK, client->fallback, error);
  return status == AW_OK ? aw_cookies_export(&client->cookies, text, error) : status;
}

aw_status aw_client_export(const aw_client *client, aw_buf *text, aw_error *error)
{
  const char *project = client->credentials[AW_PROJECT];
  size_t begun = 0;
  aw_status status = aw_kept_begin(text, error);
  if(status == AW_OK)
    status = aw_kept_add(text, AW_KEPT_ENDPOINT, client->connection->endpoint, error);
  if(status == AW_OK)
    status = aw_kept_add(text, AW_KEPT_PROJECT, project ? project : "", error);
  if(status == AW_OK) {
    begun = text->length;
    status = write_kept(client, text, error);
  }
  if(status == AW_OK && text->length == begun) {
    aw_buf_clear(text);
    return AW_OK;
  }
  return status == AW_OK ? aw_kept_end(text, error) : status;
}

static aw_status check_owner(const aw_client *client, const aw_kept *kept, aw_error *error)
{
  const char *project = client->credentials[AW_PROJECT];
  if(strcmp(kept->endpoint, client->connection->endpoint) == 0 && strcmp(kept->project, project ? project : "") == 0)
    return AW_OK;
  return aw_fail(error, AW_ARGUMENT, "is of the project \"%.60s\" at %.150s", kept->project, kept->endpoint);
}

/* A client that has nothing yet, but for what of it came to be before a failure. */
static aw_status take_kept(aw_client *client, const aw_kept *kept, aw_error *error)
{
  aw_status status = aw_cookies_import(&client->cookies, kept->cookies, kept->cookies_count, error);
  if(status == AW_OK && kept->fallback)
    status = keep_fallback(client, kept->fallback, error);
  if(status == AW_OK && kept->session) {
    client->credentials[AW_SESSION] = aw_copy(kept->session, strlen(kept->session));
    status = client->credentials[AW_SESSION] ? AW_OK : aw_fail_memory(error);
  }
  if(status != AW_OK)
    aw_client_clear(client);
  return status;
}

aw_status aw_client_import(aw_client *client, const char *text, size_t length, aw_error *error)
{
  aw_kept kept;
  aw_status status = aw_kept_read(&kept, text, length, error);
  if(status == AW_OK)
    status = check_owner(client, &kept, error);
  if(status == AW_OK)
    status = aw_cookies_check(kept.cookies, kept.cookies_count, error);
  if(status == AW_OK) {
    aw_client_clear(client);
    status = take_kept(client, &kept, error);
  }
  aw_kept_deinit(&kept);
  return status;
}
