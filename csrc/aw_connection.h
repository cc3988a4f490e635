/* How a server is reached, shared by the clients that reach it the same way. */
#ifndef AW_CONNECTION_H
#define AW_CONNECTION_H

#include "aw_client.h"

typedef struct aw_connection {
  int references;
  char *endpoint;
  char *ca_file;
  char *proxy;
  char *user_agent;
  bool self_signed;
  bool verify_status;
  long connect_timeout; /* milliseconds */
  long low_speed_limit; /* bytes a second */
  long low_speed_time;  /* seconds */
  size_t max_response;  /* bytes */
} aw_connection;

/* AW_ARGUMENT names the option, also where this libcurl has not what it needs. */
aw_status aw_connection_new(const aw_client_options *options, aw_connection **connection, aw_error *error);
aw_connection *aw_connection_ref(aw_connection *connection);
void aw_connection_unref(aw_connection *connection);

/* The options into a transfer: only http and https, no redirect followed, certificates verified. */
aw_status aw_connection_configure(const aw_connection *connection, CURL *easy, aw_error *error);

/* What a failure of libcurl's comes to: a status, and `text` (its message), with what it does not say. */
aw_status aw_connection_fail(CURLcode code, const char *text, aw_error *error);

#endif
