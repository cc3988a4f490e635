/* Header fields to send, as libcurl's lists, shared by the requests that send the same ones. */
#ifndef AW_FIELDS_H
#define AW_FIELDS_H

#include "aw_error.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aw_field {
  const char *name;
  const char *value;
} aw_field;

/* A counted list. Its texts are wiped when the last reference goes: some of them are credentials. */
typedef struct aw_fields {
  int references;
  struct curl_slist *list;
} aw_fields;

/* An empty list with one reference, or NULL without memory. */
aw_fields *aw_fields_new(void);
aw_fields *aw_fields_ref(aw_fields *fields);
void aw_fields_unref(aw_fields *fields);

/* Copies. AW_ARGUMENT for a name that is no token (RFC 9110, section 5.1) or a value with CR, LF or NUL, naming the
 * field but never the value. A list is only added to before it is shared. */
aw_status aw_fields_add(aw_fields *fields, const char *name, const char *value, aw_error *error);

/* Whether it is a token (RFC 9110, section 5.6.2), as names and methods must be. */
bool aw_field_name_ok(const char *name);

/* Whether a value of that many bytes may stand in a header. */
bool aw_field_value_ok(const char *value, size_t length);

/* Keep libcurl from sending a field of its own accord. */
aw_status aw_fields_suppress(aw_fields *fields, const char *name, aw_error *error);

/* A new list of all of `own` and those of `base` that it does not replace; one reference for the caller. */
aw_status aw_fields_join(aw_fields *base, aw_fields *own, aw_fields **joined, aw_error *error);

#endif
