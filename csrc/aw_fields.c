#include "aw_fields.h"

#include "aw_alloc.h"

#include <stdio.h>
#include <string.h>

aw_fields *aw_fields_new(void)
{
  aw_fields *fields = aw_alloc_zeroed(1, sizeof(*fields));
  if(fields)
    fields->references = 1;
  return fields;
}

aw_fields *aw_fields_ref(aw_fields *fields)
{
  fields->references++;
  return fields;
}

void aw_fields_unref(aw_fields *fields)
{
  struct curl_slist *entry;
  if(!fields || --fields->references)
    return;
  for(entry = fields->list; entry; entry = entry->next)
    aw_wipe(entry->data, strlen(entry->data));
  curl_slist_free_all(fields->list);
  aw_free(fields);
}

bool aw_field_name_ok(const char *name)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
  return *name && name[strspn(name, allowed)] == '\0';
}

bool aw_field_value_ok(const char *value, size_t length)
{
  return !memchr(value, '\0', length) && !memchr(value, '\r', length) && !memchr(value, '\n', length);
}

/* libcurl leaves out "name:" but sends "name;" as a field with an empty value. */
static char *field_text(const char *name, const char *value)
{
  size_t size = strlen(name) + strlen(value) + 3;
  char *text = aw_alloc(size);
  if(text)
    snprintf(text, size, *value ? "%s: %s" : "%s;%s", name, value);
  return text;
}

static aw_status append(aw_fields *fields, const char *text, aw_error *error)
{
  struct curl_slist *list = curl_slist_append(fields->list, text);
  if(!list)
    return aw_fail_memory(error);
  fields->list = list;
  return AW_OK;
}

aw_status aw_fields_add(aw_fields *fields, const char *name, const char *value, aw_error *error)
{
  char *text;
  aw_status status;
  if(!aw_field_name_ok(name))
    return aw_fail(error, AW_ARGUMENT, "header name \"%.60s\" is not a token of RFC 9110", name);
  if(!aw_field_value_ok(value, strlen(value)))
    return aw_fail(error, AW_ARGUMENT, "header \"%.60s\" must not contain CR, LF or NUL", name);
  text = field_text(name, value);
  status = text ? append(fields, text, error) : aw_fail_memory(error);
  aw_free_secret(text);
  return status;
}

aw_status aw_fields_suppress(aw_fields *fields, const char *name, aw_error *error)
{
  char text[64];
  snprintf(text, sizeof(text), "%s:", name);
  return append(fields, text, error);
}

static bool has_same_name(const aw_fields *fields, const char *text)
{
  size_t length = strcspn(text, ":;");
  const struct curl_slist *entry;
  for(entry = fields->list; entry; entry = entry->next)
    if(strcspn(entry->data, ":;") == length && curl_strnequal(entry->data, text, length))
      return true;
  return false;
}

static aw_status append_all(aw_fields *to, const aw_fields *from, const aw_fields *except, aw_error *error)
{
  const struct curl_slist *entry;
  aw_status status = AW_OK;
  for(entry = from->list; entry && status == AW_OK; entry = entry->next)
    if(!except || !has_same_name(except, entry->data))
      status = append(to, entry->data, error);
  return status;
}

aw_status aw_fields_join(aw_fields *base, aw_fields *own, aw_fields **joined, aw_error *error)
{
  aw_fields *fields;
  aw_status status;
  if(!own->list) {
    *joined = aw_fields_ref(base);
    return AW_OK;
  }
  fields = aw_fields_new();
  if(!fields)
    return aw_fail_memory(error);
  status = append_all(fields, own, NULL, error);
  if(status == AW_OK)
    status = append_all(fields, base, own, error);
  if(status != AW_OK) {
    aw_fields_unref(fields);
    return status;
  }
  *joined = fields;
  return AW_OK;
}
