/* Where there is no epoll: libcurl itself waits. */
#include "aw_watch.h"

#include "aw_alloc.h"

#ifndef AW_WATCH_EPOLL

#define OTHERS_MAX 256 /* descriptors that are not libcurl's */

struct aw_watch {
  CURLM *multi;
  struct curl_waitfd others[OTHERS_MAX];
  unsigned count;
};

static struct curl_waitfd *find(aw_watch *watch, curl_socket_t fd)
{
  unsigned i;
  for(i = 0; i < watch->count; i++)
    if(watch->others[i].fd == fd)
      return &watch->others[i];
  return NULL;
}

aw_status aw_watch_set(aw_watch *watch, curl_socket_t fd, bool read, bool write, aw_error *error)
{
  struct curl_waitfd *place = find(watch, fd);
  if(!place && watch->count == OTHERS_MAX)
    return aw_fail(error, AW_MEMORY, "more than %d descriptors cannot be watched", OTHERS_MAX);
  if(!place)
    place = &watch->others[watch->count++];
  place->fd = fd;
  place->events = (short)((read ? CURL_WAIT_POLLIN : 0) | (write ? CURL_WAIT_POLLOUT : 0));
  place->revents = 0;
  return AW_OK;
}

void aw_watch_remove(aw_watch *watch, curl_socket_t fd)
{
  struct curl_waitfd *place = find(watch, fd);
  if(place)
    *place = watch->others[--watch->count];
}

/* It is not known after a step that did not wait. */
bool aw_watch_take_ready(aw_watch *watch)
{
  return watch->count > 0;
}

aw_status aw_watch_new(CURLM *multi, aw_watch **watch, aw_error *error)
{
  aw_watch *made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->multi = multi;
  *watch = made;
  return AW_OK;
}

/* libcurl waits for its own by itself. */
void aw_watch_tell(aw_watch *watch, aw_unwatched_fn tell, void *user)
{
  (void)watch;
  (void)tell;
  (void)user;
}

aw_status aw_watch_renew(aw_watch *watch, CURLM *multi, aw_error *error)
{
  (void)error;
  watch->multi = multi;
  watch->count = 0;
  return AW_OK;
}

void aw_watch_free(aw_watch *watch)
{
  aw_free(watch);
}

/* libcurl does all that is ready at once. */
CURLMcode aw_watch_perform(aw_watch *watch, double seconds)
{
  int running;
  (void)seconds;
  return curl_multi_perform(watch->multi, &running);
}

CURLMcode aw_watch_wait(aw_watch *watch, int milliseconds)
{
  return curl_multi_poll(watch->multi, watch->others, watch->count, milliseconds, NULL);
}

size_t aw_watch_fds(aw_watch *watch, aw_fd *fds, size_t max)
{
  fd_set read, write, except;
  int highest = -1, i;
  size_t count = 0;
  FD_ZERO(&read);
  FD_ZERO(&write);
  FD_ZERO(&except);
  if(curl_multi_fdset(watch->multi, &read, &write, &except, &highest) != CURLM_OK)
    return 0;
  for(; count < watch->count; count++) {
    if(count < max) {
      fds[count].fd = watch->others[count].fd;
      fds[count].read = (watch->others[count].events & CURL_WAIT_POLLIN) != 0;
      fds[count].write = (watch->others[count].events & CURL_WAIT_POLLOUT) != 0;
    }
  }
  for(i = 0; i <= highest; i++) {
    curl_socket_t fd = (curl_socket_t)i; /* unsigned on Windows, where it would never be above -1 */
    bool reads = FD_ISSET(fd, &read), writes = FD_ISSET(fd, &write);
    if(!reads && !writes)
      continue;
    if(count < max) {
      fds[count].fd = fd;
      fds[count].read = reads;
      fds[count].write = writes;
    }
    count++;
  }
  return count;
}

double aw_watch_timeout(const aw_watch *watch)
{
  long milliseconds = -1;
  curl_multi_timeout(watch->multi, &milliseconds);
  return milliseconds < 0 ? -1 : (double)milliseconds / 1000;
}

#endif
