/* Writes down what libcurl sends and receives, in the clear, whoever uses it: preloaded into every process of the
 * specs.
 *
 * A record is a line and the bytes it tells of:  what pid transfer verified length url\n<bytes>\n
 * what: hout, dout (sent), hin, din (received), sout, sin (on a raw connection); verified: what
 * CURLINFO_SSL_VERIFYRESULT says. The folder is APPWRITE_WIRE's; each process has a file of its own in it. */

#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

enum { MOST_RECEIVED = 64 * 1024 }; /* bytes of one piece that are kept: files are no secrets */

static struct {
  pthread_mutex_t lock;
  int fd;
  pid_t pid;
  unsigned long transfers;
  CURLMcode (*add)(CURLM *, CURL *);
  CURLcode (*send)(CURL *, const void *, size_t, size_t *);
  CURLcode (*recv)(CURL *, void *, size_t, size_t *);
  CURLcode (*setopt)(CURL *, CURLoption, ...);
  CURLcode (*getinfo)(CURL *, CURLINFO, ...);
} wire = {.lock = PTHREAD_MUTEX_INITIALIZER, .fd = -1};

static void *symbol(const char *name)
{
  /* The module that was linked with libcurl may have been loaded for itself alone: RTLD_NEXT would not find it. */
  void *library = dlopen("libcurl.so.4", RTLD_NOW);
  void *found = library ? dlsym(library, name) : NULL;
  if(!found) {
    fprintf(stderr, "wire: libcurl has no %s\n", name);
    abort();
  }
  return found;
}

static void ready(void)
{
  char path[4096];
  if(!wire.add) {
    *(void **)&wire.send = symbol("curl_easy_send");
    *(void **)&wire.recv = symbol("curl_easy_recv");
    *(void **)&wire.setopt = symbol("curl_easy_setopt");
    *(void **)&wire.getinfo = symbol("curl_easy_getinfo");
    *(void **)&wire.add = symbol("curl_multi_add_handle");
  }
  if(wire.pid == getpid())
    return;
  if(wire.fd >= 0)
    close(wire.fd);
  wire.pid = getpid();
  snprintf(path, sizeof(path), "%s/%ld", getenv("APPWRITE_WIRE"), (long)wire.pid);
  wire.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if(wire.fd < 0) {
    perror(path);
    abort();
  }
}

static void record(const char *what, CURL *easy, unsigned long transfer, const void *bytes, size_t length)
{
  char *url = NULL, head[256];
  long verified = 0;
  wire.getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
  wire.getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verified);
  int count = snprintf(head, sizeof(head), "%s %ld %lu %ld %zu ", what, (long)wire.pid, transfer, verified, length);
  struct iovec pieces[] = {
      {head, (size_t)count}, {url, strlen(url)}, {"\n", 1}, {(void *)bytes, length}, {"\n", 1},
  };
  size_t whole = (size_t)count + strlen(url) + length + 2;
  if(writev(wire.fd, pieces, 5) != (ssize_t)whole) {
    perror("wire");
    abort();
  }
}

static int told(CURL *easy, curl_infotype type, char *bytes, size_t length, void *data)
{
  static const char *const NAMES[] = {"", "hin", "hout", "din", "dout"};
  if(type < CURLINFO_HEADER_IN || type > CURLINFO_DATA_OUT)
    return 0;
  if(type == CURLINFO_DATA_IN && length > MOST_RECEIVED)
    length = MOST_RECEIVED;
  pthread_mutex_lock(&wire.lock);
  ready();
  record(NAMES[type], easy, (unsigned long)(size_t)data, bytes, length);
  pthread_mutex_unlock(&wire.lock);
  return 0;
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
  if(getenv("APPWRITE_WIRE")) {
    pthread_mutex_lock(&wire.lock);
    ready();
    wire.setopt(easy, CURLOPT_DEBUGFUNCTION, told);
    wire.setopt(easy, CURLOPT_DEBUGDATA, (void *)(size_t)++wire.transfers);
    wire.setopt(easy, CURLOPT_VERBOSE, 1L);
    pthread_mutex_unlock(&wire.lock);
  }
  else if(!wire.add)
    *(void **)&wire.add = symbol("curl_multi_add_handle");
  return wire.add(multi, easy);
}

static CURLcode raw(const char *what, CURLcode code, CURL *easy, const void *bytes, size_t length)
{
  if(!code && length > 0 && getenv("APPWRITE_WIRE")) {
    pthread_mutex_lock(&wire.lock);
    ready();
    record(what, easy, 0, bytes, length);
    pthread_mutex_unlock(&wire.lock);
  }
  return code;
}

CURLcode curl_easy_send(CURL *easy, const void *bytes, size_t length, size_t *sent)
{
  if(!wire.send)
    *(void **)&wire.send = symbol("curl_easy_send");
  CURLcode code = wire.send(easy, bytes, length, sent);
  return raw("sout", code, easy, bytes, *sent);
}

CURLcode curl_easy_recv(CURL *easy, void *bytes, size_t length, size_t *received)
{
  if(!wire.recv)
    *(void **)&wire.recv = symbol("curl_easy_recv");
  CURLcode code = wire.recv(easy, bytes, length, received);
  return raw("sin", code, easy, bytes, *received);
}
