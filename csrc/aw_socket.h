/* A WebSocket to a client's server: libcurl connects (same TLS rules, proxy, timeouts), the handshake and the messages
 * are our own. All its sockets move on when their engine steps. */
#ifndef AW_SOCKET_H
#define AW_SOCKET_H

#include "aw.h"
#include "aw_client.h"
#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum aw_socket_state {
  AW_SOCKET_CONNECTING, /* until the handshake is done */
  AW_SOCKET_OPEN,
  AW_SOCKET_CLOSING,
  AW_SOCKET_CLOSED
} aw_socket_state;

typedef struct aw_socket_spec {
  const char *target;      /* behind the endpoint: "/realtime?…" */
  const aw_field *headers; /* besides the client's own */
  size_t headers_count;
  double timeout;     /* seconds for connection and handshake; 0: 30 */
  double max_message; /* bytes of one; 0: 1 MiB */
  double max_waiting; /* messages that wait to be taken; 0: 1000 */
} aw_socket_spec;

/* Why there is none in this build; NULL where there is. */
const char *aw_socket_missing(void);

/* What speaks WebSocket in this build, "wslay" or "libcurl"; NULL where nothing does. */
const char *aw_socket_way(void);

/* Begin to connect. One reference for the caller, one for the engine until it is closed. */
aw_status aw_socket_open(aw_client *client, const aw_socket_spec *spec, aw_socket **socket, aw_error *error);

aw_socket *aw_socket_ref(aw_socket *socket);
void aw_socket_unref(aw_socket *socket);

aw_socket_state aw_socket_get_state(const aw_socket *socket);

/* The first message that waits: it lives until aw_socket_drop, which takes it away. NULL where none waits. */
const char *aw_socket_message(aw_socket *socket, size_t *length, bool *is_binary);
void aw_socket_drop(aw_socket *socket);

/* AW_ARGUMENT where it is not open, or too much waits to be sent. */
aw_status aw_socket_send(aw_socket *socket, const char *text, size_t length, aw_error *error);
aw_status aw_socket_ping(aw_socket *socket, aw_error *error);

/* Send the client's session in realtime's message for that. AW_ARGUMENT also where it has none. */
aw_status aw_socket_authenticate(aw_socket *socket, aw_error *error);

/* Seconds since anything came from the server. */
double aw_socket_heard(const aw_socket *socket);

/* Begin the closing handshake, for which the server has a second. Before the handshake, or after it was closed, the
 * same as aw_socket_cancel. */
aw_status aw_socket_close(aw_socket *socket, int code, const char *reason, size_t length, aw_error *error);

/* End it at once. May be called twice. */
void aw_socket_cancel(aw_socket *socket);

/* Once closed: AW_OK where both sides closed it, or why it ended otherwise. */
const aw_error *aw_socket_error(const aw_socket *socket);

/* What the server closed it with; 0 and "" where it did not. */
int aw_socket_code(const aw_socket *socket);
const char *aw_socket_reason(const aw_socket *socket);

/* Where the handshake was refused: the HTTP status and the beginning of the text. */
long aw_socket_http_status(const aw_socket *socket);
const char *aw_socket_refusal(const aw_socket *socket, size_t *length);

/* For aw_engine.c ------------------------------------------------------------------------------------------------- */

/* libcurl's handle of a socket that connects. */
CURL *aw_socket_easy(const aw_socket *socket);

/* In a forked child: it has ended. Gives the handle, which is under way in the parent, or NULL where it had ended. */
CURL *aw_socket_leave(aw_socket *socket);

/* libcurl has connected, or says why it could not. */
void aw_socket_connected(aw_socket *socket, CURLcode code);

/* Its descriptor cannot be watched, as `error` says: it ends with its next step. */
void aw_socket_break(aw_socket *socket, const aw_error *error);

/* Move it on: `ready` says that its descriptor may be. */
void aw_socket_step(aw_socket *socket, bool ready);

/* When it must be moved on even if nothing is ready, by aw_monotonic; -1: never. */
double aw_socket_due(const aw_socket *socket);

/* Whether there is a message or another state since this was last asked. */
bool aw_socket_take_news(aw_socket *socket);
bool aw_socket_has_news(const aw_socket *socket);

/* The engine's list. */
aw_socket *aw_socket_next(const aw_socket *socket);
void aw_socket_link(aw_socket **list, aw_socket *socket);
void aw_socket_unlink(aw_socket **list, aw_socket *socket);

#endif
