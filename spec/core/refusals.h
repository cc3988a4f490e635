/* Functions of the system, of libcurl and of wslay that fail when a test says so. The linker's --wrap has each called
 * by way of refusals.c. */
#ifndef SPEC_REFUSALS_H
#define SPEC_REFUSALS_H

#include <stdbool.h>
#include <stddef.h>

/* From here to refuse_end the `nth` call of that function fails, counted from 1; 0: every one. `result` is what it
 * returns then, where that is a code of libcurl's or wslay's, or else the number of the error. */
void refuse(const char *name, size_t nth, long result);

/* The same of the calls with that option, of curl_easy_setopt and its like. */
void refuse_option(const char *name, long option, size_t nth, long result);

/* Besides what is refused by now, every call of that function fails. */
void refuse_too(const char *name, long result);

/* How often the function that was named first was called. */
size_t refuse_end(void);

/* The option of the call that was refused last; 0 where none was. */
long refused_option(void);

/* The release of libcurl that curl_version_info speaks of; 0: the true one. */
void pretend_libcurl(unsigned number);

/* The tests of functions of the system; cmocka's result. */
int refusals_system_suite(void);

#endif
