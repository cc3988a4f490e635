#define _POSIX_C_SOURCE 200809L

#include "refusals.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef REFUSE_WSLAY
#include <wslay/wslay.h>
#endif

typedef struct refusal {
  const char *name; /* NULL: none is refused */
  size_t nth, calls;
  long result, option;
} refusal;

static refusal refused[2];
static long last_result, last_option;
static unsigned pretended;

static void set(refusal *self, const char *name, size_t nth, long option, long result)
{
  self->name = name;
  self->nth = nth;
  self->calls = 0;
  self->result = result;
  self->option = option;
}

void refuse(const char *name, size_t nth, long result)
{
  refuse_option(name, 0, nth, result);
}

void refuse_option(const char *name, long option, size_t nth, long result)
{
  set(&refused[0], name, nth, option, result);
  refused[1].name = NULL;
  last_option = 0;
}

void refuse_too(const char *name, long result)
{
  set(&refused[1], name, 0, 0, result);
}

size_t refuse_end(void)
{
  refused[0].name = refused[1].name = NULL;
  return refused[0].calls;
}

long refused_option(void)
{
  return last_option;
}

void pretend_libcurl(unsigned number)
{
  pretended = number;
}

static bool refuses_option(const char *name, long option)
{
  size_t i;
  for(i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
    refusal *self = &refused[i];
    if(!self->name || strcmp(self->name, name) != 0 || (self->option && self->option != option))
      continue;
    self->calls++;
    if(self->nth && self->calls != self->nth)
      continue;
    last_result = self->result;
    last_option = option;
    errno = (int)self->result;
    return true;
  }
  return false;
}

static bool refuses(const char *name)
{
  return refuses_option(name, 0);
}

/* What the linker makes of a name: the function of that name, and what is called in its place. */
#define WRAP(type, name, failure, parameters, arguments)                                                               \
  type __real_##name parameters;                                                                                       \
  type __wrap_##name parameters;                                                                                       \
  type __wrap_##name parameters                                                                                        \
  {                                                                                                                    \
    return refuses(#name) ? (failure) : __real_##name arguments;                                                       \
  }

/* The same where there is a code to return. */
#define WRAP_CODE(type, name, parameters, arguments) WRAP(type, name, (type)last_result, parameters, arguments)

struct stat64;

WRAP(int, access, -1, (const char *name, int mode), (name, mode))
WRAP(int, epoll_wait, -1, (int fd, struct epoll_event *events, int max, int time), (fd, events, max, time))
WRAP(FILE *, fopen64, NULL, (const char *name, const char *mode), (name, mode))
WRAP(pid_t, fork, -1, (void), ())
WRAP(size_t, fread, 0, (void *bytes, size_t size, size_t count, FILE *file), (bytes, size, count, file))
WRAP(int, fstat, -1, (int fd, struct stat *info), (fd, info))
WRAP(int, fstat64, -1, (int fd, struct stat64 *info), (fd, info))
WRAP(int, ftruncate64, -1, (int fd, int64_t length), (fd, length))
WRAP(int, getentropy, -1, (void *bytes, size_t length), (bytes, length))
WRAP(int, getsockname, -1, (int fd, struct sockaddr *name, socklen_t *length), (fd, name, length))
WRAP(int, madvise, -1, (void *page, size_t length, int advice), (page, length, advice))
WRAP(void *, mmap64, MAP_FAILED, (void *at, size_t length, int protection, int flags, int fd, long offset),
     (at, length, protection, flags, fd, offset))
WRAP(int, uname, -1, (struct utsname * info), (info))

WRAP(CURL *, curl_easy_init, NULL, (void), ())
WRAP_CODE(CURLcode, curl_easy_pause, (CURL * easy, int bits), (easy, bits))
WRAP_CODE(CURLcode, curl_global_init, (long flags), (flags))
WRAP(curl_mime *, curl_mime_init, NULL, (CURL * easy), (easy))
WRAP(CURLM *, curl_multi_init, NULL, (void), ())
WRAP_CODE(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL *easy), (multi, easy))
WRAP_CODE(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running))
WRAP_CODE(CURLMcode, curl_multi_poll, (CURLM * multi, struct curl_waitfd fds[], unsigned count, int time, int *ready),
          (multi, fds, count, time, ready))
WRAP_CODE(CURLMcode, curl_multi_socket_action, (CURLM * multi, curl_socket_t fd, int bits, int *running),
          (multi, fd, bits, running))
WRAP(CURLSH *, curl_share_init, NULL, (void), ())
WRAP(CURLU *, curl_url, NULL, (void), ())
WRAP_CODE(CURLUcode, curl_url_get, (const CURLU *url, CURLUPart part, char **text, unsigned flags),
          (url, part, text, flags))
WRAP_CODE(CURLUcode, curl_url_set, (CURLU * url, CURLUPart part, const char *text, unsigned flags),
          (url, part, text, flags))

#ifdef REFUSE_WSLAY
WRAP_CODE(int, wslay_event_context_client_init,
          (wslay_event_context_ptr * context, const struct wslay_event_callbacks *callbacks, void *user),
          (context, callbacks, user))
WRAP_CODE(int, wslay_event_queue_close,
          (wslay_event_context_ptr context, uint16_t code, const uint8_t *reason, size_t length),
          (context, code, reason, length))
WRAP_CODE(int, wslay_event_queue_msg, (wslay_event_context_ptr context, const struct wslay_event_msg *message),
          (context, message))
WRAP_CODE(int, wslay_event_recv, (wslay_event_context_ptr context), (context))
WRAP_CODE(int, wslay_event_send, (wslay_event_context_ptr context), (context))
#endif

/* Those that take one value of whatever type, which is passed as a pointer is on every system these tests run on. */
#define WRAP_OPTION(type, name, handle, what)                                                                          \
  type __real_##name(handle *of, what option, ...);                                                                    \
  type __wrap_##name(handle *of, what option, ...);                                                                    \
  type __wrap_##name(handle *of, what option, ...)                                                                     \
  {                                                                                                                    \
    va_list more;                                                                                                      \
    void *value;                                                                                                       \
    va_start(more, option);                                                                                            \
    value = va_arg(more, void *);                                                                                      \
    va_end(more);                                                                                                      \
    return refuses_option(#name, (long)option) ? (type)last_result : __real_##name(of, option, value);                 \
  }

WRAP_OPTION(CURLcode, curl_easy_getinfo, CURL, CURLINFO)
WRAP_OPTION(CURLcode, curl_easy_setopt, CURL, CURLoption)
WRAP_OPTION(CURLMcode, curl_multi_setopt, CURLM, CURLMoption)
WRAP_OPTION(CURLSHcode, curl_share_setopt, CURLSH, CURLSHoption)

curl_version_info_data *__real_curl_version_info(CURLversion age);
curl_version_info_data *__wrap_curl_version_info(CURLversion age);

curl_version_info_data *__wrap_curl_version_info(CURLversion age)
{
  static curl_version_info_data told;
  told = *__real_curl_version_info(age);
  if(pretended)
    told.version_num = pretended;
  return &told;
}
