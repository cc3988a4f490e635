#define _GNU_SOURCE /* accept4 */

#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

typedef struct served {
  const char *ending, *answer;
  char *request;
  size_t answer_length, length;
  int fd;
} served;

void *must(void *pointer)
{
  if(!pointer)
    abort();
  return pointer;
}

static int listener(struct sockaddr_un *address)
{
  static int fd = -1;
  memset(address, 0, sizeof(*address));
  address->sun_family = AF_UNIX;
  snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "appwrite-fuzz-%ld", (long)getpid());
  if(fd < 0) {
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(address->sun_path + 1));
    fd = socket(AF_UNIX, SOCK_STREAM | FLAGS, 0);
    if(fd < 0 || bind(fd, (struct sockaddr *)address, length) != 0 || listen(fd, 8) != 0)
      abort();
  }
  return fd;
}

/* libcurl sends no more after an answer, so it comes last. It fits into the socket's own buffer. */
static void serve(served *self)
{
  size_t ending = strlen(self->ending);
  ssize_t count;
  while((count = read(self->fd, self->request + self->length, EXCHANGE_MAX - self->length)) > 0)
    self->length += (size_t)count;
  self->request[self->length] = '\0';
  if(!self->answer || self->length < ending || strcmp(self->request + self->length - ending, self->ending) != 0)
    return;
  if(write(self->fd, self->answer, self->answer_length) != (ssize_t)self->answer_length ||
     shutdown(self->fd, SHUT_WR) != 0)
    abort();
  self->answer = NULL;
}

static void drive(CURLM *multi, int fd, served *self)
{
  int running = 1;
  while(running) {
    curl_multi_perform(multi, &running);
    if(self->fd < 0)
      self->fd = accept4(fd, NULL, NULL, FLAGS);
    if(self->fd >= 0 && running)
      serve(self);
  }
  if(self->fd >= 0)
    close(self->fd);
}

CURLcode exchange(CURL *easy, const char *ending, const char *answer, size_t length, char *request)
{
  served self = {ending, answer, request, length, 0, -1};
  struct sockaddr_un address;
  int fd = listener(&address), left;
  CURLM *multi = must(curl_multi_init());
  CURLcode code;
  curl_easy_setopt(easy, CURLOPT_ABSTRACT_UNIX_SOCKET, address.sun_path + 1);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if(curl_multi_add_handle(multi, easy) != CURLM_OK)
    abort();
  drive(multi, fd, &self);
  code = ((CURLMsg *)must(curl_multi_info_read(multi, &left)))->data.result;
  curl_multi_remove_handle(multi, easy);
  curl_multi_cleanup(multi);
  return code;
}
