/* Where a client's server is: checked once, so that every request can put its path behind it. */
#ifndef AW_ENDPOINT_H
#define AW_ENDPOINT_H

#include "aw_error.h"

/* An http or https URL without user, query or fragment, as libcurl understands it. `*url` is owned by the caller
 * (aw_free) and has no slash at its end. AW_ARGUMENT says what is wrong and repeats nothing that may be a password. */
aw_status aw_endpoint_parse(const char *text, char **url, aw_error *error);

#endif
