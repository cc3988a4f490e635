/* One HTTP exchange of a libcurl handle with this program itself, so that a fuzzer sees what libcurl makes of an answer
 * and of a request. All in one thread, over a socket without a name in the file system (Linux). */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <curl/curl.h>
#include <stddef.h>

#define EXCHANGE_MAX 131072 /* bytes of a request */

/* Performs the transfer, whose URL is set already: `answer` is sent once the request is whole, which it is when it ends
 * in `ending`. The request is written into `request`, which has EXCHANGE_MAX + 1 bytes, with a NUL behind it.
 * Returns libcurl's code. */
CURLcode exchange(CURL *easy, const char *ending, const char *answer, size_t length, char *request);

/* Ends the program where there is no pointer. */
void *must(void *pointer);

#endif
