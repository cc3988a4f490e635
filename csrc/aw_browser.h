/* Opens a web page in the user's own browser, without a shell between. */
#ifndef AW_BROWSER_H
#define AW_BROWSER_H

#include "aw_error.h"

/* Have the system's own program for web pages (xdg-open, open, on Windows what ShellExecute finds) open `url`, and
 * return at once. Nothing is written to the caller's terminal, and the program inherits none of its descriptors.
 * Fails with AW_ARGUMENT for what is no http or https URL, with AW_FILE where no such program can be started; whether
 * a page then appears cannot be known. The URL may carry a secret, so it is never part of the message. */
aw_status aw_browser_open(const char *url, aw_error *error);

#endif
