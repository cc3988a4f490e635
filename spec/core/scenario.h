/* One pass through all of the core, for tests that make something fail on the way. */
#ifndef SPEC_SCENARIO_H
#define SPEC_SCENARIO_H

#include "aw_error.h"
#include "server.h"

#include <stdbool.h>

spec_server *scenario_server(void);

/* Make an engine, a client and a fork; send an upload with header fields; read the answer; free everything. Returns
 * the first failure. What was answered is checked. `to` may be NULL. */
aw_status scenario_run(const spec_server *server, const char *to, bool login);

/* Log in; write what is kept of the session; take it up as another client; write what it says of itself in a
 * WebSocket's handshake and behind it. Returns the first failure. */
aw_status scenario_kept(const spec_server *server);

/* Two calls, of which one waits for the other's connection. Returns the first failure. */
aw_status scenario_turns(const spec_server *server);

/* Take an answer that is too large for one step that must not wait, in whole or bit by bit. Returns the first failure.
 * The server is one of its own. */
spec_server *scenario_large_server(void);
aw_status scenario_large(const spec_server *server);
aw_status scenario_large_stream(const spec_server *server);

/* Open a WebSocket, take the message that comes, and let the server close it. Returns the first failure. The server is
 * one of its own. */
spec_server *scenario_socket_server(void);
aw_status scenario_socket(const spec_server *server);

#endif
