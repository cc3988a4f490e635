#include "aw_kept.h"

#include "aw_alloc.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE "appwrite-session "
#define END "end" /* without it the text is cut off */

/* Writing --------------------------------------------------------------------------------------------------------- */

static aw_status written(aw_buf_result added, aw_error *error)
{
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_ARGUMENT, "the session is too long to be kept");
  return added == AW_BUF_OK ? AW_OK : aw_fail_memory(error);
}

aw_status aw_kept_begin(aw_buf *text, aw_error *error)
{
  char line[64];
  snprintf(line, sizeof(line), TITLE "%d\n", AW_KEPT_VERSION);
  if(aw_buf_reserve(text) != AW_BUF_OK)
    return aw_fail_memory(error);
  return written(aw_buf_add_text(text, line), error);
}

aw_status aw_kept_add(aw_buf *text, const char *name, const char *value, aw_error *error)
{
  aw_buf_result added = aw_buf_add_text(text, name);
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(text, " ");
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(text, value);
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(text, "\n");
  return written(added, error);
}

aw_status aw_kept_end(aw_buf *text, aw_error *error)
{
  return written(aw_buf_add_text(text, END "\n"), error);
}

/* Reading --------------------------------------------------------------------------------------------------------- */

/* The next line, cut out of the text; NULL where there is no whole one. A CR is of a store that keeps lines its way. */
static char *take_line(char **rest)
{
  char *line = *rest, *end = strchr(line, '\n');
  if(!end)
    return NULL;
  *rest = end + 1;
  if(end > line && end[-1] == '\r')
    end[-1] = '\0';
  *end = '\0';
  return line;
}

static aw_status check_title(const char *line, aw_error *error)
{
  size_t length = sizeof(TITLE) - 1;
  char *end;
  long version;
  if(!line || strncmp(line, TITLE, length) != 0)
    return aw_fail(error, AW_ARGUMENT, "is none that this library kept");
  version = strtol(line + length, &end, 10);
  if(*end || end == line + length)
    return aw_fail(error, AW_ARGUMENT, "is none that this library kept");
  if(version != AW_KEPT_VERSION)
    return aw_fail(error, AW_ARGUMENT, "is of version %ld, and this library reads version %d", version,
                   AW_KEPT_VERSION);
  return AW_OK;
}

static bool take_value(aw_kept *kept, const char *name, const char *value)
{
  const struct {
    const char *name, **value;
  } known[] = {
      {AW_KEPT_ENDPOINT, &kept->endpoint},
      {AW_KEPT_PROJECT, &kept->project},
      {AW_KEPT_SESSION, &kept->session},
      {AW_KEPT_FALLBACK, &kept->fallback},
  };
  size_t i;
  if(strcmp(name, AW_KEPT_COOKIE) == 0) {
    if(kept->cookies_count == AW_KEPT_COOKIES_MAX)
      return false;
    kept->cookies[kept->cookies_count++] = value;
    return true;
  }
  for(i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    if(strcmp(name, known[i].name) == 0 && !*known[i].value) {
      *known[i].value = value;
      return true;
    }
  return false;
}

static aw_status take_lines(aw_kept *kept, char *rest, aw_error *error)
{
  int number = 1;
  char *line = take_line(&rest);
  aw_status status = check_title(line, error);
  if(status != AW_OK)
    return status;
  while((line = take_line(&rest)) != NULL && strcmp(line, END) != 0) {
    char *space = strchr(line, ' ');
    number++;
    if(space)
      *space = '\0';
    if(!space || strchr(space + 1, '\r') || !take_value(kept, line, space + 1))
      return aw_fail(error, AW_ARGUMENT, "is damaged: line %d cannot be read", number);
  }
  if(!line)
    return aw_fail(error, AW_ARGUMENT, "is damaged: it is cut off");
  if(*rest)
    return aw_fail(error, AW_ARGUMENT, "is damaged: there is something behind its end");
  if(!kept->endpoint || !kept->project)
    return aw_fail(error, AW_ARGUMENT, "is damaged: it does not say what it belongs to");
  return AW_OK;
}

aw_status aw_kept_read(aw_kept *kept, const char *text, size_t length, aw_error *error)
{
  memset(kept, 0, sizeof(*kept));
  if(length > AW_KEPT_MAX)
    return aw_fail(error, AW_ARGUMENT, "is none that this library kept: it has more than %d bytes", (int)AW_KEPT_MAX);
  if(memchr(text, '\0', length))
    return aw_fail(error, AW_ARGUMENT, "is none that this library kept");
  kept->length = length;
  kept->text = aw_copy(text, length);
  return kept->text ? take_lines(kept, kept->text, error) : aw_fail_memory(error);
}

/* Lines were cut out of it, so its length is no more to be seen. */
void aw_kept_deinit(aw_kept *kept)
{
  if(kept->text)
    aw_wipe(kept->text, kept->length);
  aw_free(kept->text);
  memset(kept, 0, sizeof(*kept));
}
