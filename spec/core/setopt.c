#define _GNU_SOURCE /* RTLD_NEXT */

#include "setopt.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#undef curl_easy_setopt

#define NUMBERS 1000 /* options of that kind */

static struct {
  bool on;
  CURLoption refused;
  CURLcode code;
  long values[NUMBERS];
} notes;

void setopt_begin(CURLoption refused, CURLcode code)
{
  size_t i;
  for(i = 0; i < NUMBERS; i++)
    notes.values[i] = -1;
  notes.refused = refused;
  notes.code = code;
  notes.on = true;
}

long setopt_value(CURLoption option)
{
  return notes.values[option - CURLOPTTYPE_LONG];
}

void setopt_end(void)
{
  notes.on = false;
}

/* A long, a pointer and a curl_off_t are alike where the specs run. */
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
  CURLcode (*real)(CURL *, CURLoption, ...);
  va_list list;
  void *value;
  va_start(list, option);
  value = va_arg(list, void *);
  va_end(list);
  *(void **)&real = dlsym(RTLD_NEXT, "curl_easy_setopt");
  if(!real)
    abort();
  if(notes.on && notes.refused && option == notes.refused)
    return notes.code;
  if(notes.on && option < CURLOPTTYPE_LONG + NUMBERS)
    notes.values[option - CURLOPTTYPE_LONG] = (long)value;
  return real(easy, option, value);
}
