#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include "aw_accept.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 32
#define REQUESTS_MAX 1024

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

typedef struct text {
  char *data;
  size_t length;
} text;

typedef struct connection {
  int fd; /* -1: free */
  text input;
  bool held;
} connection;

struct spec_server {
  int listener, port;
  int wake[2]; /* closed at the other end: stop */
  pthread_t thread;
  pthread_mutex_t lock; /* of the four below */
  text requests[REQUESTS_MAX];
  size_t requests_count;
  size_t connections_count, open_count;
  const server_step *steps;
  size_t steps_count;
  connection connections[CONNECTIONS_MAX];
};

static void need(bool condition, const char *what)
{
  if(condition)
    return;
  fprintf(stderr, "scripted server: %s: %s\n", what, strerror(errno));
  abort();
}

static void append(text *to, const char *bytes, size_t length)
{
  char *data = realloc(to->data, to->length + length + 1);
  need(data != NULL, "realloc");
  memcpy(data + to->length, bytes, length);
  to->data = data;
  to->length += length;
  data[to->length] = '\0';
}

static void drop_front(text *from, size_t length)
{
  from->length -= length;
  memmove(from->data, from->data + length, from->length + 1);
}

static void drop(spec_server *self, connection *of)
{
  close(of->fd);
  free(of->input.data);
  memset(of, 0, sizeof(*of));
  of->fd = -1;
  pthread_mutex_lock(&self->lock);
  self->open_count--;
  pthread_mutex_unlock(&self->lock);
}

/* Bytes of the first whole request in `input`, 0 while there is none. */
static size_t request_length(const text *input, server_when when)
{
  const char *end = input->data ? strstr(input->data, "\r\n\r\n") : NULL;
  const char *line;
  size_t length;
  if(when == SERVER_BYTES)
    return input->length;
  if(!end)
    return 0;
  length = (size_t)(end + 4 - input->data);
  if(when == SERVER_FIELDS)
    return length;
  for(line = input->data; line < end; line = strstr(line, "\r\n") + 2)
    if(strncasecmp(line, "Content-Length:", 15) == 0)
      length += strtoul(line + 15, NULL, 10);
  return length <= input->length ? length : 0;
}

/* False when the other side has gone or the server is to stop. */
static bool send_all(const spec_server *self, int fd, const char *bytes, size_t length)
{
  while(length) {
    struct pollfd ready[2] = {{fd, POLLOUT, 0}, {self->wake[0], POLLIN, 0}};
    ssize_t sent;
    need(poll(ready, 2, -1) > 0, "poll");
    if(ready[1].revents)
      return false;
    sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if(sent < 0)
      return false;
    bytes += sent;
    length -= (size_t)sent;
  }
  return true;
}

static const server_step *next_step(spec_server *self)
{
  size_t index = self->requests_count; /* written by this thread alone */
  return &self->steps[index < self->steps_count ? index : self->steps_count - 1];
}

static void keep(spec_server *self, const text *input, size_t length)
{
  pthread_mutex_lock(&self->lock);
  need(self->requests_count < REQUESTS_MAX, "too many requests for one test");
  append(&self->requests[self->requests_count++], input->data, length);
  pthread_mutex_unlock(&self->lock);
}

/* With what a WebSocket's handshake wants where the reply has "{accept}". */
static bool play(const spec_server *self, int fd, const server_step *step)
{
  static const char mark[] = "{accept}", field[] = "Sec-WebSocket-Key: ";
  const char *request = self->requests[self->requests_count - 1].data; /* written by this thread alone */
  const char *at = strstr(step->reply, mark), *given = strstr(request, field);
  size_t length = step->length ? step->length : strlen(step->reply), before;
  char key[AW_KEY_SIZE], accept[AW_ACCEPT_SIZE];
  if(!at || !given)
    return send_all(self, fd, step->reply, length);
  before = (size_t)(at - step->reply);
  snprintf(key, sizeof(key), "%s", given + sizeof(field) - 1);
  aw_accept_answer(key, accept);
  at += sizeof(mark) - 1;
  length -= before + sizeof(mark) - 1;
  return send_all(self, fd, step->reply, before) && send_all(self, fd, accept, strlen(accept)) &&
         send_all(self, fd, at, length);
}

static void answer(spec_server *self, connection *of)
{
  while(!of->held && of->fd >= 0) {
    const server_step *step = next_step(self);
    size_t length = request_length(&of->input, step->when);
    if(!length)
      return;
    keep(self, &of->input, length);
    drop_front(&of->input, length);
    if(step->reply && !play(self, of->fd, step))
      drop(self, of);
    else if(step->then == SERVER_CLOSE)
      drop(self, of);
    else
      of->held = step->then == SERVER_HOLD;
  }
}

static void receive(spec_server *self, connection *of)
{
  char bytes[16384];
  ssize_t got = recv(of->fd, bytes, sizeof(bytes), 0);
  if(got <= 0) {
    drop(self, of);
    return;
  }
  if(of->held)
    return;
  append(&of->input, bytes, (size_t)got);
  answer(self, of);
}

static connection *free_place(spec_server *self)
{
  size_t i;
  for(i = 0; i < CONNECTIONS_MAX; i++)
    if(self->connections[i].fd < 0)
      return &self->connections[i];
  need(false, "too many connections for one test");
  return NULL;
}

static void accept_one(spec_server *self)
{
  int fd = accept(self->listener, NULL, NULL);
  need(fd >= 0, "accept");
  need(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "fcntl");
  free_place(self)->fd = fd;
  pthread_mutex_lock(&self->lock);
  self->connections_count++;
  self->open_count++;
  pthread_mutex_unlock(&self->lock);
}

static void *serve(void *user)
{
  spec_server *self = user;
  for(;;) {
    struct pollfd ready[CONNECTIONS_MAX + 2] = {{self->wake[0], POLLIN, 0}, {self->listener, POLLIN, 0}};
    size_t i;
    for(i = 0; i < CONNECTIONS_MAX; i++) {
      ready[i + 2].fd = self->connections[i].fd; /* poll passes over -1 */
      ready[i + 2].events = POLLIN;
      ready[i + 2].revents = 0;
    }
    need(poll(ready, CONNECTIONS_MAX + 2, -1) > 0, "poll");
    if(ready[0].revents)
      return NULL;
    for(i = 0; i < CONNECTIONS_MAX; i++)
      if(ready[i + 2].revents)
        receive(self, &self->connections[i]);
    if(ready[1].revents)
      accept_one(self);
  }
}

static void open_listener(spec_server *self)
{
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  self->listener = socket(AF_INET, SOCK_STREAM, 0);
  need(self->listener >= 0, "socket");
  need(bind(self->listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
  need(listen(self->listener, CONNECTIONS_MAX) == 0, "listen");
  need(getsockname(self->listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
  self->port = ntohs(address.sin_port);
}

spec_server *server_start(const server_step *steps, size_t count)
{
  spec_server *self = calloc(1, sizeof(*self));
  size_t i;
  need(self != NULL, "calloc");
  self->steps = steps;
  self->steps_count = count;
  for(i = 0; i < CONNECTIONS_MAX; i++)
    self->connections[i].fd = -1;
  open_listener(self);
  need(pipe(self->wake) == 0, "pipe");
  need(pthread_mutex_init(&self->lock, NULL) == 0, "pthread_mutex_init");
  need(pthread_create(&self->thread, NULL, serve, self) == 0, "pthread_create");
  return self;
}

void server_stop(spec_server *self)
{
  size_t i;
  if(!self)
    return;
  close(self->wake[1]);
  pthread_join(self->thread, NULL);
  close(self->wake[0]);
  close(self->listener);
  for(i = 0; i < CONNECTIONS_MAX; i++)
    if(self->connections[i].fd >= 0)
      drop(self, &self->connections[i]);
  for(i = 0; i < self->requests_count; i++)
    free(self->requests[i].data);
  pthread_mutex_destroy(&self->lock);
  free(self);
}

int server_port(const spec_server *self)
{
  return self->port;
}

static size_t locked(spec_server *self, const size_t *value)
{
  size_t copy;
  pthread_mutex_lock(&self->lock);
  copy = *value;
  pthread_mutex_unlock(&self->lock);
  return copy;
}

size_t server_requests(spec_server *self)
{
  return locked(self, &self->requests_count);
}

size_t server_connections(spec_server *self)
{
  return locked(self, &self->connections_count);
}

size_t server_open(spec_server *self)
{
  return locked(self, &self->open_count);
}

const char *server_request(spec_server *self, size_t index)
{
  return index < server_requests(self) ? self->requests[index].data : NULL;
}

size_t server_request_length(spec_server *self, size_t index)
{
  return index < server_requests(self) ? self->requests[index].length : 0;
}
