#include "aw_body.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_buf.h"
#include "aw_fields.h"

#include <string.h>

#define FILENAME_MAX_BYTES ((size_t)4096)

struct aw_part {
  aw_part *next;
  char *name;
  char *filename;
  char *type;
  aw_source source;
};

void aw_body_init(aw_body *body)
{
  memset(body, 0, sizeof(*body));
  body->end = &body->parts;
}

static void free_part(aw_part *part)
{
  aw_source_deinit(&part->source);
  aw_free(part->name);
  aw_free(part->filename);
  aw_free(part->type);
  aw_free(part);
}

void aw_body_deinit(aw_body *body)
{
  aw_part *part = body->parts;
  curl_mime_free(body->mime);
  while(part) {
    aw_part *next = part->next;
    free_part(part);
    part = next;
  }
  aw_source_deinit(&body->source);
  aw_body_init(body);
}

void aw_body_move(aw_body *to, aw_body *from)
{
  *to = *from;
  if(!to->parts)
    to->end = &to->parts;
  aw_body_init(from);
}

void aw_body_set(aw_body *body, const aw_source *source)
{
  aw_body_deinit(body);
  body->kind = AW_BODY_SOURCE;
  body->source = *source;
}

static char *escaped_filename(const char *filename)
{
  aw_buf text;
  char *escaped = NULL;
  aw_buf_result added = AW_BUF_OK;
  aw_buf_init(&text, FILENAME_MAX_BYTES * 3);
  for(; *filename && added == AW_BUF_OK; filename++) {
    switch(*filename) {
    case '"':
      added = aw_buf_add_text(&text, "%22");
      break;
    case '\r':
      added = aw_buf_add_text(&text, "%0D");
      break;
    case '\n':
      added = aw_buf_add_text(&text, "%0A");
      break;
    default:
      added = aw_buf_add(&text, filename, 1);
    }
  }
  if(added == AW_BUF_OK)
    escaped = aw_copy(text.data, text.length);
  aw_buf_deinit(&text);
  return escaped;
}

aw_status aw_body_add(aw_body *body, const char *name, const char *filename, const char *type, const aw_source *source,
                      aw_error *error)
{
  aw_part *part;
  if(filename && strlen(filename) > FILENAME_MAX_BYTES)
    return aw_fail(error, AW_ARGUMENT, "the file name is longer than %d bytes", (int)FILENAME_MAX_BYTES);
  if(!aw_field_value_ok(name, strlen(name)) || (type && !aw_field_value_ok(type, strlen(type))))
    return aw_fail(error, AW_ARGUMENT, "name and type of a body's part must not contain CR or LF");
  part = aw_alloc_zeroed(1, sizeof(*part));
  if(!part)
    return aw_fail_memory(error);
  part->name = aw_copy(name, strlen(name));
  part->filename = filename ? escaped_filename(filename) : NULL;
  part->type = type ? aw_copy(type, strlen(type)) : NULL;
  if(!part->name || (filename && !part->filename) || (type && !part->type)) {
    free_part(part);
    return aw_fail_memory(error);
  }
  part->source = *source;
  aw_source_deinit(&body->source);
  body->kind = AW_BODY_MULTIPART;
  *body->end = part;
  body->end = &part->next;
  return AW_OK;
}

static CURLcode add_mime_part(curl_mime *mime, aw_part *part, bool once)
{
  curl_mimepart *added = curl_mime_addpart(mime);
  CURLcode code = added ? curl_mime_name(added, part->name) : CURLE_OUT_OF_MEMORY;
  if(code == CURLE_OK && part->filename)
    code = curl_mime_filename(added, part->filename);
  if(code == CURLE_OK && part->type)
    code = curl_mime_type(added, part->type);
  part->source.once = once;
  if(code == CURLE_OK)
    code = curl_mime_data_cb(added, part->source.length, aw_source_read, aw_source_seek, NULL, &part->source);
  return code;
}

static CURLcode attach_multipart(aw_body *body, CURL *easy, bool once)
{
  aw_part *part;
  CURLcode code = CURLE_OK;
  body->mime = curl_mime_init(easy);
  if(!body->mime)
    return CURLE_OUT_OF_MEMORY;
  for(part = body->parts; part && code == CURLE_OK; part = part->next)
    code = add_mime_part(body->mime, part, once);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_MIMEPOST, body->mime);
  return code;
}

static CURLcode attach_source(aw_source *source, CURL *easy)
{
  CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)source->length);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, aw_source_read);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_READDATA, source);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, aw_source_seek);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_SEEKDATA, source);
  return code;
}

aw_status aw_body_attach(aw_body *body, CURL *easy, bool once, aw_error *error)
{
  CURLcode code = CURLE_OK;
  body->source.once = once;
  if(body->kind == AW_BODY_MULTIPART)
    code = attach_multipart(body, easy, once);
  else if(body->kind == AW_BODY_SOURCE)
    code = attach_source(&body->source, easy);
  return code == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

const aw_error *aw_body_error(const aw_body *body)
{
  const aw_part *part;
  if(body->kind == AW_BODY_SOURCE)
    return body->source.error.status != AW_OK ? &body->source.error : NULL;
  for(part = body->parts; part; part = part->next)
    if(part->source.error.status != AW_OK)
      return &part->source.error;
  return NULL;
}
