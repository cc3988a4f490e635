#include "aw_endpoint.h"

#include "aw.h"
#include "aw_alloc.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HINT "such as \"https://cloud.appwrite.io/v1\""

static aw_status check_text(const char *text, aw_error *error)
{
  const char *c;
  if(!curl_strnequal(text, "http://", 7) && !curl_strnequal(text, "https://", 8))
    return aw_fail(error, AW_ARGUMENT, "endpoint must begin with http:// or https://, " HINT);
  if(strstr(text, ":///"))
    return aw_fail(error, AW_ARGUMENT, "endpoint has no host, " HINT);
  for(c = text; *c; c++)
    if((unsigned char)*c <= ' ' || *c == 0x7f)
      return aw_fail(error, AW_ARGUMENT, "endpoint must not contain spaces or control characters");
  if(strchr(text, '?'))
    return aw_fail(error, AW_ARGUMENT, "endpoint must not have a query (?…), " HINT);
  if(strchr(text, '#'))
    return aw_fail(error, AW_ARGUMENT, "endpoint must not have a fragment (#…), " HINT);
  return AW_OK;
}

static CURLUcode read_part(CURLU *handle, CURLUPart part, bool *there)
{
  char *value = NULL;
  CURLUcode code = curl_url_get(handle, part, &value, 0);
  *there = *there || code == CURLUE_OK;
  if(value)
    aw_wipe(value, strlen(value));
  curl_free(value);
  return code;
}

static aw_status check_parts(CURLU *handle, const char *text, aw_error *error)
{
  CURLUcode code = curl_url_set(handle, CURLUPART_URL, text, 0);
  bool secret = false;
  if(code == CURLUE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  /* "@" in a part that libcurl cannot read may follow a password, so nothing of the text is repeated. */
  if(code != CURLUE_OK)
    return aw_fail(error, AW_ARGUMENT, "endpoint is not a URL, " HINT);
  if(read_part(handle, CURLUPART_USER, &secret) == CURLUE_OUT_OF_MEMORY ||
     read_part(handle, CURLUPART_PASSWORD, &secret) == CURLUE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  if(secret)
    return aw_fail(error, AW_ARGUMENT,
                   "endpoint must not carry a user name or password; use `key`, `jwt` or `session`");
  return AW_OK;
}

static aw_status normalized(CURLU *handle, char **url, aw_error *error)
{
  char *text = NULL;
  size_t length;
  CURLUcode code = curl_url_get(handle, CURLUPART_URL, &text, 0);
  if(code == CURLUE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  if(code != CURLUE_OK)
    return aw_fail(error, AW_ARGUMENT, "endpoint has no host, " HINT);
  length = strlen(text);
  while(length && text[length - 1] == '/')
    length--;
  *url = aw_copy(text, length);
  curl_free(text);
  return *url ? AW_OK : aw_fail_memory(error);
}

aw_status aw_endpoint_parse(const char *text, char **url, aw_error *error)
{
  CURLU *handle;
  aw_status status = check_text(text, error);
  if(status != AW_OK)
    return status;
  handle = curl_url();
  if(!handle)
    return aw_fail_memory(error);
  status = check_parts(handle, text, error);
  if(status == AW_OK)
    status = normalized(handle, url, error);
  curl_url_cleanup(handle);
  return status;
}
