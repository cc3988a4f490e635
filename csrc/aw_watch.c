#define _POSIX_C_SOURCE 200809L
#ifdef __linux__
#define _GNU_SOURCE /* dup3 */
#endif

#include "aw_watch.h"

#include "aw_alloc.h"
#include "aw_system.h"

#ifdef _WIN32
#define poll WSAPoll /* of winsock2.h, as curl.h includes it */
#else
#include <poll.h>
#endif

int aw_watch_await(int fd, double seconds)
{
  struct pollfd ready;
  ready.fd = (curl_socket_t)fd;
  ready.events = POLLIN;
  ready.revents = 0;
  return poll(&ready, 1, (int)(seconds * 1000)) > 0;
}

#ifdef AW_WATCH_EPOLL

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_AT_ONCE 64
#define NEVER (-1.0)
#define OTHERS ((uint64_t)1 << 32) /* marks a descriptor that is not libcurl's */

struct aw_watch {
  CURLM *multi;
  int epoll;
  double deadline; /* of libcurl's next timer, by aw_monotonic; NEVER: none */
  bool ready;      /* one of the others' descriptors */
  aw_unwatched_fn tell;
  void *user;
};

/* libcurl may know better than the set, where a descriptor was closed and its number is in use again. */
static int put(int epoll, int fd, uint64_t mark, bool read, bool write)
{
  struct epoll_event event;
  memset(&event, 0, sizeof(event));
  event.data.u64 = mark | (uint32_t)fd;
  if(read)
    event.events |= EPOLLIN;
  if(write)
    event.events |= EPOLLOUT;
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) == 0 ? 0 : epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void take_out(int epoll, int fd)
{
  struct epoll_event event;
  memset(&event, 0, sizeof(event)); /* before Linux 2.6.9 it must not be NULL */
  epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event);
}

static aw_status fail(aw_error *error)
{
  return aw_fail(error, AW_MEMORY, "a descriptor cannot be watched: %s", strerror(errno));
}

/* Were libcurl told that it failed, it would give up all transfers there are, and all to come. */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *user, void *mark)
{
  aw_watch *watch = user;
  aw_error error;
  (void)mark;
  if(what == CURL_POLL_REMOVE)
    take_out(watch->epoll, socket);
  else if(put(watch->epoll, socket, 0, (what & CURL_POLL_IN) != 0, (what & CURL_POLL_OUT) != 0) != 0 && watch->tell) {
    fail(&error);
    watch->tell(watch->user, easy, &error);
  }
  return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *user)
{
  aw_watch *watch = user;
  (void)multi;
  watch->deadline = milliseconds < 0 ? NEVER : aw_monotonic() + (double)milliseconds / 1000;
  return 0;
}

static CURLMcode set_callbacks(aw_watch *watch)
{
  CURLMcode code = curl_multi_setopt(watch->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  if(code == CURLM_OK)
    code = curl_multi_setopt(watch->multi, CURLMOPT_SOCKETDATA, watch);
  if(code == CURLM_OK)
    code = curl_multi_setopt(watch->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  if(code == CURLM_OK)
    code = curl_multi_setopt(watch->multi, CURLMOPT_TIMERDATA, watch);
  return code;
}

aw_status aw_watch_new(CURLM *multi, aw_watch **watch, aw_error *error)
{
  aw_watch *made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->multi = multi;
  made->deadline = NEVER;
  made->epoll = epoll_create1(EPOLL_CLOEXEC);
  if(made->epoll < 0) {
    aw_free(made);
    return aw_fail(error, AW_FILE, "no epoll descriptor: %s", strerror(errno));
  }
  if(set_callbacks(made) != CURLM_OK) {
    aw_watch_free(made);
    return aw_fail_memory(error);
  }
  *watch = made;
  return AW_OK;
}

void aw_watch_tell(aw_watch *watch, aw_unwatched_fn tell, void *user)
{
  watch->tell = tell;
  watch->user = user;
}

/* Whoever forked may have closed it meanwhile, and its number may be another file's. */
static bool is_epoll(int fd, int no_member)
{
  struct epoll_event event;
  memset(&event, 0, sizeof(event));
  return epoll_ctl(fd, EPOLL_CTL_DEL, no_member, &event) != 0 && errno == ENOENT;
}

/* Parent and child share what the old descriptor leads to, so there is another one in its place: of the same number,
 * which a loop may know. */
aw_status aw_watch_renew(aw_watch *watch, CURLM *multi, aw_error *error)
{
  int made = epoll_create1(EPOLL_CLOEXEC);
  if(made < 0)
    return aw_fail(error, AW_FILE, "no epoll descriptor: %s", strerror(errno));
  if(is_epoll(watch->epoll, made) && dup3(made, watch->epoll, O_CLOEXEC) >= 0)
    close(made);
  else
    watch->epoll = made;
  watch->multi = multi;
  watch->deadline = NEVER;
  watch->ready = false;
  return set_callbacks(watch) == CURLM_OK ? AW_OK : aw_fail_memory(error);
}

void aw_watch_free(aw_watch *watch)
{
  if(!watch)
    return;
  close(watch->epoll);
  aw_free(watch);
}

static CURLMcode act(aw_watch *watch, const struct epoll_event *event)
{
  int running, bits = 0;
  if(event->data.u64 & OTHERS) {
    watch->ready = true;
    return CURLM_OK;
  }
  if(event->events & EPOLLIN)
    bits |= CURL_CSELECT_IN;
  if(event->events & EPOLLOUT)
    bits |= CURL_CSELECT_OUT;
  if(event->events & (EPOLLERR | EPOLLHUP))
    bits |= CURL_CSELECT_ERR;
  return curl_multi_socket_action(watch->multi, (int)(uint32_t)event->data.u64, bits, &running);
}

static CURLMcode act_on_time(aw_watch *watch)
{
  int running;
  if(watch->deadline < 0 || watch->deadline > aw_monotonic())
    return CURLM_OK;
  watch->deadline = NEVER;
  return curl_multi_socket_action(watch->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

/* What is not acted on stays ready. */
CURLMcode aw_watch_perform(aw_watch *watch, double seconds)
{
  struct epoll_event events[EVENTS_AT_ONCE];
  double end = aw_monotonic() + seconds;
  CURLMcode code = CURLM_OK;
  int count = epoll_wait(watch->epoll, events, EVENTS_AT_ONCE, 0), i;
  for(i = 0; i < count && code == CURLM_OK && (i == 0 || aw_monotonic() < end); i++)
    code = act(watch, &events[i]);
  return code == CURLM_OK ? act_on_time(watch) : code;
}

aw_status aw_watch_set(aw_watch *watch, curl_socket_t fd, bool read, bool write, aw_error *error)
{
  if(put(watch->epoll, fd, OTHERS, read, write) == 0)
    return AW_OK;
  return fail(error);
}

void aw_watch_remove(aw_watch *watch, curl_socket_t fd)
{
  take_out(watch->epoll, fd);
}

bool aw_watch_take_ready(aw_watch *watch)
{
  bool ready = watch->ready;
  watch->ready = false;
  return ready;
}

CURLMcode aw_watch_wait(aw_watch *watch, int milliseconds)
{
  struct pollfd ready;
  double due = aw_watch_timeout(watch);
  if(due >= 0 && due * 1000 < milliseconds)
    milliseconds = (int)(due * 1000) + 1;
  ready.fd = watch->epoll;
  ready.events = POLLIN;
  poll(&ready, 1, milliseconds);
  return CURLM_OK;
}

size_t aw_watch_fds(aw_watch *watch, aw_fd *fds, size_t max)
{
  if(max > 0) {
    fds[0].fd = watch->epoll;
    fds[0].read = true;
    fds[0].write = false;
  }
  return 1;
}

double aw_watch_timeout(const aw_watch *watch)
{
  double left;
  if(watch->deadline < 0)
    return -1;
  left = watch->deadline - aw_monotonic();
  return left > 0 ? left : 0;
}

#endif
