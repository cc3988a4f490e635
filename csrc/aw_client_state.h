/* What a client is made of, for aw_client*.c alone. */
#ifndef AW_CLIENT_STATE_H
#define AW_CLIENT_STATE_H

#include "aw_client.h"
#include "aw_connection.h"
#include "aw_cookies.h"

struct aw_client {
  int references;
  aw_engine *engine;
  aw_connection *connection;
  aw_origin *origin; /* of the connection's endpoint */
  char *credentials[AW_CREDENTIALS];
  char *fallback; /* X-Fallback-Cookies as the server sent it */
  aw_cookies cookies;
  unsigned generation; /* of the session: another one after each login and logout */
  unsigned revision;   /* of session, JWT and cookies: another one after each change */
  aw_fields *own;      /* the caller's header fields */
  aw_fields *usual;    /* made when first needed, dropped when a credential changes */
  aw_fields *login;    /* the same without what a login must not carry */
};

#endif
