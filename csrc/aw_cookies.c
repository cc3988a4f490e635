#include "aw_cookies.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_kept.h"
#include "aw_system.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_BEFORE_EXPIRY 4 /* of a line of Netscape's format */

/* A cookie that no server gets: no host has that name (RFC 6761, section 6.4). */
#define MARK_DOMAIN "appwrite.invalid\t"
#define MARK MARK_DOMAIN "FALSE\t/\tFALSE\t253402300799\tmark\t1"

enum { EXPIRY = 4, NAME = 5, VALUE = 6, FIELDS = 7 };

struct aw_old_jar {
  CURLSH *jar;
  aw_old_jar *next;
};

void aw_cookies_init(aw_cookies *cookies)
{
  cookies->jar = NULL;
  cookies->old = cookies->place = NULL;
}

/* Free those that no transfer uses any more: libcurl knows. */
static void free_old_jars(aw_cookies *cookies)
{
  aw_old_jar **place = &cookies->old;
  while(*place) {
    aw_old_jar *old = *place;
    if(curl_share_cleanup(old->jar) == CURLSHE_IN_USE) {
      place = &old->next;
      continue;
    }
    *place = old->next;
    aw_free(old);
  }
}

void aw_cookies_deinit(aw_cookies *cookies)
{
  free_old_jars(cookies);
  if(cookies->jar)
    curl_share_cleanup(cookies->jar);
  cookies->jar = NULL;
  aw_free(cookies->place);
  cookies->place = NULL;
}

static aw_status make_jar(aw_cookies *cookies, aw_error *error)
{
  if(cookies->jar)
    return AW_OK;
  if(!cookies->place)
    cookies->place = aw_alloc(sizeof(*cookies->place));
  cookies->jar = cookies->place ? curl_share_init() : NULL;
  if(!cookies->jar)
    return aw_fail_memory(error);
  if(curl_share_setopt(cookies->jar, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) != CURLSHE_OK) {
    aw_cookies_deinit(cookies);
    return aw_fail_memory(error);
  }
  return AW_OK;
}

aw_status aw_cookies_attach_empty(CURL *easy, aw_error *error)
{
  /* An empty file name switches libcurl's cookie engine on and reads nothing. */
  return curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "") == CURLE_OK ? AW_OK : aw_fail_memory(error);
}

aw_status aw_cookies_attach(aw_cookies *cookies, CURL *easy, aw_error *error)
{
  aw_status status = make_jar(cookies, error);
  if(status == AW_OK && curl_easy_setopt(easy, CURLOPT_SHARE, cookies->jar) != CURLE_OK)
    status = aw_fail_memory(error);
  return status == AW_OK ? aw_cookies_attach_empty(easy, error) : status;
}

/* libcurl reaches a jar only through a transfer. One that does not share it has no cookies, and is not to be used. */
static CURL *open_jar(const aw_cookies *cookies)
{
  CURL *easy = cookies->jar ? curl_easy_init() : NULL;
  if(!easy || curl_easy_setopt(easy, CURLOPT_SHARE, cookies->jar) == CURLE_OK)
    return easy;
  curl_easy_cleanup(easy);
  return NULL;
}

static bool is_mark(const char *line)
{
  return strncmp(line, MARK_DOMAIN, sizeof(MARK_DOMAIN) - 1) == 0;
}

/* libcurl gives the same answer, no list, where there are no cookies and where there is no memory for one. With the
 * mark among them there are always some; it comes along, and whoever walks through the list passes it. The list is the
 * caller's. */
static aw_status list_all(CURL *easy, struct curl_slist **list, aw_error *error)
{
  *list = NULL;
  if(!easy || curl_easy_setopt(easy, CURLOPT_COOKIELIST, MARK) != CURLE_OK ||
     curl_easy_getinfo(easy, CURLINFO_COOKIELIST, list) != CURLE_OK || !*list)
    return aw_fail_memory(error);
  return AW_OK;
}

/* All cookies of a client, by a handle to be cleaned up; neither where it has no jar. */
static aw_status list_jar(const aw_cookies *cookies, CURL **easy, struct curl_slist **list, aw_error *error)
{
  *easy = open_jar(cookies);
  *list = NULL;
  return cookies->jar ? list_all(*easy, list, error) : AW_OK;
}

static void drop_list(CURL *easy, struct curl_slist *list)
{
  curl_slist_free_all(list);
  curl_easy_cleanup(easy);
}

static void empty(const aw_cookies *cookies)
{
  CURL *easy = open_jar(cookies);
  if(easy)
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, "ALL");
  curl_easy_cleanup(easy);
}

/* What a transfer that is under way receives goes into the jar it began with, which is to be nobody's then. */
void aw_cookies_clear(aw_cookies *cookies)
{
  aw_old_jar *old;
  free_old_jars(cookies);
  empty(cookies);
  if(!cookies->jar || curl_share_cleanup(cookies->jar) == CURLSHE_OK) {
    cookies->jar = NULL;
    return;
  }
  old = cookies->place;
  cookies->place = NULL;
  old->jar = cookies->jar;
  old->next = cookies->old;
  cookies->old = old;
  cookies->jar = NULL;
}

/* 0: lasts as long as the client. */
static double expiry_of(const char *line)
{
  int i;
  for(i = 0; i < FIELDS_BEFORE_EXPIRY && line; i++) {
    line = strchr(line, '\t');
    line = line ? line + 1 : NULL;
  }
  return line ? strtod(line, NULL) : 0;
}

/* libcurl lists expired ones too, until it next looks for what to send. */
static bool is_live(const char *line)
{
  double expiry = expiry_of(line);
  return expiry <= 0 || expiry > aw_epoch();
}

/* The fields of a line of Netscape's format: domain, whether its subdomains too, path, whether by TLS only, expiry,
 * name, value. The lengths are those of the text up to the next tab. */
typedef struct cookie {
  const char *field[FIELDS];
  size_t length[FIELDS];
} cookie;

static bool split(const char *line, cookie *parts)
{
  static const char http_only[] = "#HttpOnly_";
  int i;
  if(strncmp(line, http_only, sizeof(http_only) - 1) == 0)
    line += sizeof(http_only) - 1;
  for(i = 0; i < FIELDS; i++) {
    parts->field[i] = line;
    parts->length[i] = strcspn(line, "\t");
    line += parts->length[i];
    if(i < FIELDS - 1 && !*line++)
      return false;
  }
  return true;
}

static bool is_same(const cookie *one, const cookie *other, int field)
{
  return one->length[field] == other->length[field] &&
         strncmp(one->field[field], other->field[field], one->length[field]) == 0;
}

static aw_status has(CURL *easy, const cookie *wanted, bool *has, aw_error *error)
{
  struct curl_slist *list, *line;
  cookie parts;
  aw_status status = list_all(easy, &list, error);
  *has = false;
  for(line = list; line && !*has; line = line->next)
    *has = split(line->data, &parts) && is_same(&parts, wanted, NAME) && is_same(&parts, wanted, VALUE);
  curl_slist_free_all(list);
  return status;
}

/* libcurl does not say where it had no memory to keep one. Nor does it where its rules refuse one, as another version's
 * may, so one that is missing is given once more, and no failure the second time. */
static aw_status add(CURL *easy, const char *line, aw_error *error)
{
  cookie parts;
  aw_status status = AW_OK;
  bool is_in = !split(line, &parts);
  int times;
  for(times = 0; times < 2 && status == AW_OK && !is_in; times++) {
    if(curl_easy_setopt(easy, CURLOPT_COOKIELIST, line) != CURLE_OK)
      return aw_fail_memory(error);
    status = has(easy, &parts, &is_in, error);
  }
  return status;
}

static aw_status add_all(const aw_cookies *cookies, const struct curl_slist *list, aw_error *error)
{
  CURL *easy = open_jar(cookies);
  aw_status status = easy ? AW_OK : aw_fail_memory(error);
  for(; list && status == AW_OK; list = list->next)
    if(!is_mark(list->data) && is_live(list->data))
      status = add(easy, list->data, error);
  curl_easy_cleanup(easy);
  return status;
}

aw_status aw_cookies_adopt(aw_cookies *cookies, CURL *easy, aw_error *error)
{
  struct curl_slist *list;
  aw_status status = list_all(easy, &list, error);
  bool any = list && list->next; /* more than the mark */
  if(any)
    status = make_jar(cookies, error);
  if(any && status == AW_OK)
    status = add_all(cookies, list, error);
  curl_slist_free_all(list);
  return status;
}

/* libcurl forgets a cookie when it is told anew with an expiry that is over. */
static void expire(CURL *easy, const char *line)
{
  cookie parts;
  aw_buf told;
  aw_buf_result added;
  if(!split(line, &parts))
    return; /* libcurl lists no such line */
  aw_buf_init(&told, strlen(line) + 2);
  added = aw_buf_add(&told, line, (size_t)(parts.field[EXPIRY] - line));
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(&told, "1");
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(&told, parts.field[EXPIRY] + parts.length[EXPIRY]);
  if(added == AW_BUF_OK)
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, told.data);
  if(told.data)
    aw_wipe(told.data, told.length);
  aw_buf_deinit(&told);
}

void aw_cookies_trim(aw_cookies *cookies)
{
  struct curl_slist *list, *line;
  CURL *easy;
  aw_error ignored; /* they are trimmed the next time */
  size_t count = 0;
  list_jar(cookies, &easy, &list, &ignored);
  for(line = list; line; line = line->next)
    count += !is_mark(line->data);
  for(line = list; line && count > AW_COOKIES_MAX; line = line->next)
    if(!is_mark(line->data)) {
      expire(easy, line->data);
      count--;
    }
  drop_list(easy, list);
}

/* RFC 6265, section 5.1.3 */
static bool domain_matches(const cookie *parts, const char *host)
{
  const char *domain = parts->field[0];
  size_t length = parts->length[0], host_length = strlen(host);
  if(length && *domain == '.') {
    domain++;
    length--;
  }
  if(host_length == length)
    return curl_strnequal(host, domain, length);
  return *parts->field[1] == 'T' && host_length > length && host[host_length - length - 1] == '.' &&
         curl_strnequal(host + host_length - length, domain, length);
}

/* Section 5.1.4. libcurl lists a path as it was sent, and reads it without quotes and without a slash at its end; one
 * that begins with no slash is "/". */
static bool path_matches(const cookie *parts, const char *path)
{
  const char *own = parts->field[2];
  size_t length = parts->length[2];
  if(length && *own == '"') {
    own++;
    length--;
  }
  if(length && own[length - 1] == '"')
    length--;
  if(!length || *own != '/')
    return true;
  if(own[length - 1] == '/')
    length--;
  if(length <= 1) /* also of "//" */
    return true;
  return strncmp(path, own, length) == 0 && (path[length] == '\0' || path[length] == '/' || path[length] == '?');
}

static aw_buf_result write_cookie(const cookie *parts, aw_buf *line)
{
  aw_buf_result added = line->length ? aw_buf_add_text(line, "; ") : AW_BUF_OK;
  if(added == AW_BUF_OK)
    added = aw_buf_add(line, parts->field[NAME], parts->length[NAME]);
  if(added == AW_BUF_OK)
    added = aw_buf_add_text(line, "=");
  return added == AW_BUF_OK ? aw_buf_add(line, parts->field[VALUE], parts->length[VALUE]) : added;
}

aw_status aw_cookies_write(const aw_cookies *cookies, const char *host, const char *path, bool secure, aw_buf *line,
                           aw_error *error)
{
  struct curl_slist *list, *entry;
  CURL *easy;
  aw_buf_result added = AW_BUF_OK;
  cookie parts;
  aw_status status = list_jar(cookies, &easy, &list, error);
  for(entry = list; entry && added == AW_BUF_OK; entry = entry->next)
    if(is_live(entry->data) && split(entry->data, &parts) && domain_matches(&parts, host) &&
       path_matches(&parts, path) && (secure || *parts.field[3] != 'T'))
      added = write_cookie(&parts, line);
  drop_list(easy, list);
  if(added == AW_BUF_FULL)
    return aw_fail(error, AW_PROTOCOL, "the server's cookies are too long for a request");
  return added == AW_BUF_OK ? status : aw_fail_memory(error);
}

aw_status aw_cookies_any(const aw_cookies *cookies, bool *any, aw_error *error)
{
  struct curl_slist *list, *line;
  CURL *easy;
  aw_status status = list_jar(cookies, &easy, &list, error);
  *any = false;
  for(line = list; line && !*any; line = line->next)
    *any = !is_mark(line->data) && is_live(line->data);
  drop_list(easy, list);
  return status;
}

/* libcurl leaves out one dot that it begins with, and takes a line that begins with a # for a comment. */
static bool has_domain(const cookie *parts)
{
  static const char chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]%";
  const char *domain = parts->field[0];
  size_t length = parts->length[0];
  if(*domain == '.') {
    domain++;
    length--;
  }
  return length > 0 && *domain != '.' && strspn(domain, chars) == length;
}

/* libcurl takes commands in place of a line, such as ALL. */
static bool is_cookie(const char *line)
{
  cookie parts;
  const char *c;
  for(c = line; *c; c++)
    if(((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f)
      return false;
  return split(line, &parts) && has_domain(&parts) && parts.length[NAME] > 0 && expiry_of(line) > 0;
}

aw_status aw_cookies_export(const aw_cookies *cookies, aw_buf *text, aw_error *error)
{
  struct curl_slist *list, *line;
  CURL *easy;
  aw_status status = list_jar(cookies, &easy, &list, error);
  for(line = list; line && status == AW_OK; line = line->next)
    if(!is_mark(line->data) && is_cookie(line->data) && is_live(line->data))
      status = aw_kept_add(text, AW_KEPT_COOKIE, line->data, error);
  drop_list(easy, list);
  return status;
}

aw_status aw_cookies_check(const char *const *lines, size_t count, aw_error *error)
{
  size_t i;
  for(i = 0; i < count; i++)
    if(!is_cookie(lines[i]))
      return aw_fail(error, AW_ARGUMENT, "is damaged: a cookie cannot be read");
  return AW_OK;
}

aw_status aw_cookies_import(aw_cookies *cookies, const char *const *lines, size_t count, aw_error *error)
{
  CURL *easy;
  size_t i;
  aw_status status = count ? make_jar(cookies, error) : AW_OK;
  if(status != AW_OK || !count)
    return status;
  easy = open_jar(cookies);
  if(!easy)
    return aw_fail_memory(error);
  for(i = 0; i < count && status == AW_OK; i++)
    status = add(easy, lines[i], error);
  curl_easy_cleanup(easy);
  return status;
}
