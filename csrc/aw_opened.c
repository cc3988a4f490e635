#define _POSIX_C_SOURCE 200809L
#ifdef __linux__
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#endif

#include "aw_opened.h"

#include "aw_alloc.h"
#include "aw_system.h"

#define ROOM_FIRST 8

#ifdef _WIN32 /* where nothing forks */

static bool identify(curl_socket_t fd, aw_opened_socket *found)
{
  found->fd = fd;
  return true;
}

static curl_socket_t new_socket(const struct curl_sockaddr *address)
{
  return socket(address->family, address->socktype, address->protocol);
}

static bool has_no_more(void)
{
  return WSAGetLastError() == WSAEMFILE;
}

#define close closesocket

#else

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool identify(curl_socket_t fd, aw_opened_socket *found)
{
  struct stat info;
  if(fstat(fd, &info) != 0)
    return false;
  found->fd = fd;
  found->device = (uintmax_t)info.st_dev;
  found->inode = (uintmax_t)info.st_ino;
  return true;
}

static curl_socket_t new_socket(const struct curl_sockaddr *address)
{
#ifdef SOCK_CLOEXEC
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  int fd = socket(address->family, address->socktype, address->protocol);
  if(fd >= 0)
    aw_keep_from_children(fd);
  return fd;
#endif
}

static bool has_no_more(void)
{
  return errno == EMFILE || errno == ENFILE;
}

#endif

static bool make_room(aw_opened *opened)
{
  size_t room = opened->room ? opened->room * 2 : ROOM_FIRST;
  aw_opened_socket *items;
  if(opened->count < opened->room)
    return true;
  if(room > AW_OPENED_MAX)
    return false;
  items = aw_realloc(opened->items, room * sizeof(*items));
  if(!items)
    return false;
  opened->items = items;
  opened->room = room;
  return true;
}

static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
  aw_opened *opened = user;
  aw_opened_socket made = {0};
  curl_socket_t fd;
  (void)purpose;
  opened->lack = make_room(opened) ? AW_LACKS_NOTHING : AW_LACKS_MEMORY;
  fd = opened->lack ? CURL_SOCKET_BAD : new_socket(address);
  if(fd == CURL_SOCKET_BAD) {
    if(!opened->lack && has_no_more())
      opened->lack = AW_LACKS_DESCRIPTORS;
    return CURL_SOCKET_BAD;
  }
  if(identify(fd, &made)) {
    opened->items[opened->count++] = made;
    return fd;
  }
  close(fd);
  return CURL_SOCKET_BAD;
}

/* What was opened last is often closed first. */
static int on_close(void *user, curl_socket_t fd)
{
  aw_opened *opened = user;
  size_t i = opened->count;
  while(i > 0 && opened->items[i - 1].fd != fd)
    i--;
  if(i > 0)
    opened->items[i - 1] = opened->items[--opened->count];
  return close(fd);
}

CURLcode aw_opened_attach(aw_opened *opened, CURL *easy)
{
  CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, opened);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, opened);
  return code;
}

/* One that is connecting has no remote port yet. */
static void ask_ports(aw_opened_socket *one)
{
  int local = 0, remote = 0;
  if(aw_ports((intptr_t)one->fd, &local, &remote) == 0) {
    one->local_port = local;
    one->remote_port = remote;
  }
}

aw_opened_socket *aw_opened_find(aw_opened *opened, int local_port, int remote_port)
{
  aw_opened_socket *found = NULL;
  size_t i;
  for(i = 0; i < opened->count; i++) {
    aw_opened_socket *one = &opened->items[i];
    if(!one->remote_port)
      ask_ports(one);
    if(one->local_port != local_port)
      continue;
    found = one;
    if(one->remote_port == remote_port)
      break;
  }
  return found;
}

void aw_opened_drop(aw_opened *opened)
{
  while(opened->count) {
    const aw_opened_socket *one = &opened->items[--opened->count];
    aw_opened_socket found = {0};
    if(identify(one->fd, &found) && found.device == one->device && found.inode == one->inode)
      close(one->fd);
  }
}

void aw_opened_init(aw_opened *opened)
{
  opened->items = NULL;
  opened->lack = AW_LACKS_NOTHING;
  opened->count = opened->room = 0;
}

void aw_opened_deinit(aw_opened *opened)
{
  aw_free(opened->items);
  aw_opened_init(opened);
}
