/* One user of one server: where it is, how to reach it, and who asks. Credentials go in and do not come out. */
#ifndef AW_CLIENT_H
#define AW_CLIENT_H

#include "aw.h"
#include "aw_fields.h"
#include "aw_headers.h"
#include "aw_origin.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum aw_credential { AW_PROJECT, AW_KEY, AW_JWT, AW_SESSION, AW_LOCALE, AW_CREDENTIALS } aw_credential;

typedef struct aw_client_options {
  const char *endpoint;
  const char *credentials[AW_CREDENTIALS]; /* NULL: none */
  const aw_field *headers;                 /* sent with every request */
  size_t headers_count;
  /* The rest is of the connection, which clients made by aw_client_fork share. */
  const char *ca_file;    /* NULL: the system's */
  const char *proxy;      /* NULL: as the environment says (http_proxy, …) */
  const char *user_agent; /* put behind the library's own; may be NULL */
  bool self_signed;       /* accept any certificate */
  bool verify_status;     /* only one with an OCSP answer, stapled to it, that it was not revoked */
  double connect_timeout; /* seconds; 0: 10 */
  double low_speed_limit; /* bytes a second; 0: 1 */
  double low_speed_time;  /* seconds slower than that before it is a timeout; 0: 60 */
  double max_response;    /* bytes kept in memory; 0: AW_RESPONSE_MAX */
} aw_client_options;

/* One reference, for the caller. Copies everything. Keeps the engine. AW_ARGUMENT names the option. */
aw_status aw_client_new(aw_engine *engine, const aw_client_options *options, aw_client **client, aw_error *error);

/* A client with its own cookies and the given credentials over the same connections. What `options` leaves NULL of
 * project, locale and headers is as in `parent`; no other credential is passed on. */
aw_status aw_client_fork(aw_client *parent, const aw_client_options *options, aw_client **client, aw_error *error);

aw_client *aw_client_ref(aw_client *client);
void aw_client_unref(aw_client *client);

/* Copies; NULL forgets. AW_ARGUMENT for what cannot stand in a header; the old value then stays. */
aw_status aw_client_set(aw_client *client, aw_credential which, const char *value, aw_error *error);
bool aw_client_has(const aw_client *client, aw_credential which);

/* Fails for want of memory alone. */
aw_status aw_client_has_cookies(const aw_client *client, bool *has, aw_error *error);

/* Forget the user: session, JWT, cookies. */
void aw_client_clear(aw_client *client);

/* Differs from what it was before each change of session, JWT and cookies. It may also differ where nothing changed. */
unsigned aw_client_revision(const aw_client *client);

/* Write session and cookies, and what they belong to, into `text`, whose `max` counts; nothing where there are none
 * that outlast the program. It is secret: the caller wipes it. */
aw_status aw_client_export(const aw_client *client, aw_buf *text, aw_error *error);

/* Be the user that such a text is of. AW_ARGUMENT for one that is no such text, or is of another endpoint or project:
 * the rest of a sentence about it; nothing changes then. */
aw_status aw_client_import(aw_client *client, const char *text, size_t length, aw_error *error);

/* Live as long as the client, the project until it is set anew. */
const char *aw_client_endpoint(const aw_client *client);
const char *aw_client_project(const aw_client *client);
aw_engine *aw_client_engine(const aw_client *client);
size_t aw_client_max_response(const aw_client *client);

/* For aw_request.c and aw_engine.c --------------------------------------------------------------------------------- */

/* Lives as long as the client. */
aw_origin *aw_client_origin(const aw_client *client);

/* The header fields to send, one reference for the caller. A login goes without session and JWT: the server refuses it
 * otherwise. */
aw_status aw_client_fields(aw_client *client, bool login, aw_fields **fields, aw_error *error);

/* The header lines of a request that libcurl only connects for, credentials and cookies included: all but the request
 * line and the empty line. They are secret. `path` begins with "/". */
aw_status aw_client_write_head(aw_client *client, const char *path, aw_buf *head, aw_error *error);

/* Realtime's message that says who the user is: the session that was set, or else the one that a login gave. It is
 * secret. AW_ARGUMENT where there is none. */
aw_status aw_client_write_authentication(const aw_client *client, aw_buf *message, aw_error *error);

/* Connection options into a transfer, and cookies, unless it is to go without: then it keeps what it receives. */
aw_status aw_client_configure(aw_client *client, CURL *easy, bool without, aw_error *error);

/* An answer set cookies. */
void aw_client_touch(aw_client *client);

/* Differs from what it was before each login and logout. */
unsigned aw_client_generation(const aw_client *client);

/* Learn from an answer: the session that it brought, or that it ended. One that was asked for in an earlier generation
 * says nothing of the present session. */
aw_status aw_client_learn(aw_client *client, CURL *easy, bool login, unsigned generation, const aw_headers *headers,
                          aw_error *error);

#endif
