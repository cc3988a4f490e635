#include "aw_cookies.h"

#include "aw_system.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_BEFORE_EXPIRY 4 /* of a line of Netscape's format */

void aw_cookies_init(aw_cookies *cookies)
{
  cookies->jar = NULL;
}

void aw_cookies_deinit(aw_cookies *cookies)
{
  if(cookies->jar)
    curl_share_cleanup(cookies->jar);
  cookies->jar = NULL;
}

static aw_status make_jar(aw_cookies *cookies, aw_error *error)
{
  if(cookies->jar)
    return AW_OK;
  cookies->jar = curl_share_init();
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

/* libcurl reaches a jar only through a transfer. */
static CURL *open_jar(const aw_cookies *cookies)
{
  CURL *easy = cookies->jar ? curl_easy_init() : NULL;
  if(easy)
    curl_easy_setopt(easy, CURLOPT_SHARE, cookies->jar);
  return easy;
}

static aw_status add_all(const aw_cookies *cookies, const struct curl_slist *list, aw_error *error)
{
  CURL *easy = open_jar(cookies);
  aw_status status = easy ? AW_OK : aw_fail_memory(error);
  for(; list && status == AW_OK; list = list->next)
    if(curl_easy_setopt(easy, CURLOPT_COOKIELIST, list->data) != CURLE_OK)
      status = aw_fail_memory(error);
  curl_easy_cleanup(easy);
  return status;
}

aw_status aw_cookies_adopt(aw_cookies *cookies, CURL *easy, aw_error *error)
{
  struct curl_slist *list = NULL;
  aw_status status;
  if(curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &list) != CURLE_OK)
    return aw_fail_memory(error);
  if(!list)
    return AW_OK;
  status = make_jar(cookies, error);
  if(status == AW_OK)
    status = add_all(cookies, list, error);
  curl_slist_free_all(list);
  return status;
}

void aw_cookies_clear(aw_cookies *cookies)
{
  CURL *easy = open_jar(cookies);
  if(easy)
    curl_easy_setopt(easy, CURLOPT_COOKIELIST, "ALL");
  curl_easy_cleanup(easy);
}

/* libcurl lists expired ones too, until it next looks for what to send. */
static bool is_live(const char *line)
{
  double expiry;
  int i;
  for(i = 0; i < FIELDS_BEFORE_EXPIRY && line; i++) {
    line = strchr(line, '\t');
    line = line ? line + 1 : NULL;
  }
  expiry = line ? strtod(line, NULL) : 0; /* 0: lasts as long as the client */
  return expiry <= 0 || expiry > aw_epoch();
}

bool aw_cookies_any(const aw_cookies *cookies)
{
  struct curl_slist *list = NULL, *line;
  CURL *easy = open_jar(cookies);
  bool any = false;
  if(!easy)
    return false;
  curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &list);
  for(line = list; line && !any; line = line->next)
    any = is_live(line->data);
  curl_slist_free_all(list);
  curl_easy_cleanup(easy);
  return any;
}
