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

#endif
