/* Stands before libcurl's curl_easy_setopt, for all of the program: what is set can be seen, and an option refused as
 * by a libcurl that was built without it. */
#ifndef SPEC_SETOPT_H
#define SPEC_SETOPT_H

#include <curl/curl.h>

/* From now on note what is set; `refused` (0: none) is answered with `code`. */
void setopt_begin(CURLoption refused, CURLcode code);

/* The number that an option was last set to; -1: it was not. */
long setopt_value(CURLoption option);

void setopt_end(void);

#endif
