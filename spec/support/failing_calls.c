/* To be preloaded (LD_PRELOAD) by an interpreter of Lua: system calls of which the n-th fails. On glibc.
 *
 * It is also a module, by package.loadlib(its path, "luaopen_failing_calls"):
 *   arm(kind, n, error, for_good)  the n-th call of that kind from now on fails, or it and all after it; `error` is a
 *                                  name such as "EIO", or "END": nothing more comes
 *   disarm() -> failed, calls      since then
 *   descriptors() -> sockets, others   that are open in this process
 * What of Lua's C API it uses is the same in 5.1, 5.4 and LuaJIT, so that one build serves all. glibc's stdio makes its
 * system calls where nobody can come between, so its own functions are among the kinds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PUBLIC __attribute__((visibility("default")))
#define DESCRIPTORS_MAX 1024 /* those beyond are not looked for */
#define ERROR_SEEN 0x20      /* glibc's mark of a stream, which ferror() looks at */

typedef enum call_kind {
  NONE,
  SOCKET,
  CONNECT,
  SEND,
  RECEIVE,
  WAIT,
  WATCH,
  PIPE,
  OPEN,
  STREAM, /* a descriptor becomes one of stdio's */
  READ,
  WRITE,
  FLUSH,
  SYNC,
  NAME,
  RENAME,
  CUT,
  CLOSE,
  FINISH, /* fclose, which closes all the same */
  RANDOM  /* the system's randomness: getentropy, or where that fails, the opening of a file */
} call_kind;

static const char *const kind_names[] = {"none", "socket", "connect", "send",  "receive", "wait",   "watch",
                                         "pipe", "open",   "stream",  "read",  "write",   "flush",  "sync",
                                         "name", "rename", "cut",     "close", "finish",  "random", NULL};

static const struct {
  const char *name;
  int number;
} errors[] = {
    {"END", 0},
    {"EACCES", EACCES},
    {"ECONNREFUSED", ECONNREFUSED},
    {"ECONNRESET", ECONNRESET},
    {"EDQUOT", EDQUOT},
    {"EINTR", EINTR},
    {"EIO", EIO},
    {"EMFILE", EMFILE},
    {"ENETUNREACH", ENETUNREACH},
    {"ENOMEM", ENOMEM},
    {"ENOSPC", ENOSPC},
    {"EOPNOTSUPP", EOPNOTSUPP},
    {"EPIPE", EPIPE},
    {"ETIMEDOUT", ETIMEDOUT},
};

static struct {
  call_kind kind;
  int error;
  bool for_good;
  long chosen, calls, failed;
} armed;

static bool fails(call_kind kind)
{
  if(armed.kind != kind || ++armed.calls < armed.chosen || (armed.calls > armed.chosen && !armed.for_good))
    return false;
  armed.failed++;
  errno = armed.error;
  return true;
}

/* Set `*function`, a pointer to a function, to that of the system. */
static void find(void *function, const char *name)
{
  void *found;
  memcpy(&found, function, sizeof(found));
  if(found)
    return;
  found = dlsym(RTLD_NEXT, name);
  if(!found) {
    fprintf(stderr, "failing_calls: there is no %s\n", name);
    abort();
  }
  memcpy(function, &found, sizeof(found));
}

/* -1, or 0 at the end of a stream that the other side has closed. */
static ssize_t failure(void)
{
  return armed.error ? -1 : 0;
}

/* Sockets --------------------------------------------------------------------------------------------------------- */

PUBLIC int socket(int domain, int type, int protocol)
{
  static int (*real)(int, int, int);
  find(&real, "socket");
  return fails(SOCKET) ? -1 : real(domain, type, protocol);
}

PUBLIC int socketpair(int domain, int type, int protocol, int fds[2])
{
  static int (*real)(int, int, int, int *);
  find(&real, "socketpair");
  return fails(PIPE) ? -1 : real(domain, type, protocol, fds);
}

PUBLIC int pipe(int fds[2])
{
  static int (*real)(int *);
  find(&real, "pipe");
  return fails(PIPE) ? -1 : real(fds);
}

PUBLIC int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t length)
{
  static int (*real)(int, const struct sockaddr *, socklen_t);
  find(&real, "connect");
  return fails(CONNECT) ? -1 : real(fd, address.__sockaddr__, length);
}

PUBLIC ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
  static ssize_t (*real)(int, const void *, size_t, int);
  find(&real, "send");
  return fails(SEND) ? -1 : real(fd, bytes, length, flags);
}

PUBLIC ssize_t sendto(int fd, const void *bytes, size_t length, int flags, __CONST_SOCKADDR_ARG to, socklen_t size)
{
  static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
  find(&real, "sendto");
  return fails(SEND) ? -1 : real(fd, bytes, length, flags, to.__sockaddr__, size);
}

PUBLIC ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
  static ssize_t (*real)(int, void *, size_t, int);
  find(&real, "recv");
  return fails(RECEIVE) ? failure() : real(fd, bytes, length, flags);
}

PUBLIC ssize_t recvfrom(int fd, void *bytes, size_t length, int flags, __SOCKADDR_ARG from, socklen_t *size)
{
  static ssize_t (*real)(int, void *, size_t, int, struct sockaddr *, socklen_t *);
  find(&real, "recvfrom");
  return fails(RECEIVE) ? failure() : real(fd, bytes, length, flags, from.__sockaddr__, size);
}

PUBLIC int poll(struct pollfd *fds, nfds_t count, int milliseconds)
{
  static int (*real)(struct pollfd *, nfds_t, int);
  find(&real, "poll");
  return fails(WAIT) ? -1 : real(fds, count, milliseconds);
}

PUBLIC int epoll_wait(int fd, struct epoll_event *events, int max, int milliseconds)
{
  static int (*real)(int, struct epoll_event *, int, int);
  find(&real, "epoll_wait");
  return fails(WAIT) ? -1 : real(fd, events, max, milliseconds);
}

PUBLIC int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event)
{
  static int (*real)(int, int, int, struct epoll_event *);
  find(&real, "epoll_ctl");
  return what != EPOLL_CTL_DEL && fails(WATCH) ? -1 : real(epoll, what, fd, event);
}

PUBLIC int epoll_create1(int flags)
{
  static int (*real)(int);
  find(&real, "epoll_create1");
  return fails(PIPE) ? -1 : real(flags);
}

/* Descriptors ----------------------------------------------------------------------------------------------------- */

PUBLIC ssize_t read(int fd, void *bytes, size_t length)
{
  static ssize_t (*real)(int, void *, size_t);
  find(&real, "read");
  return fails(RECEIVE) ? failure() : real(fd, bytes, length);
}

PUBLIC ssize_t write(int fd, const void *bytes, size_t length)
{
  static ssize_t (*real)(int, const void *, size_t);
  find(&real, "write");
  return fails(SEND) ? -1 : real(fd, bytes, length);
}

PUBLIC int close(int fd)
{
  static int (*real)(int);
  bool failed = fails(CLOSE);
  int result, why = errno;
  find(&real, "close");
  result = real(fd);
  if(failed)
    errno = why;
  return failed ? -1 : result;
}

static bool takes_mode(int flags)
{
  return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

static int open_file(int (*real)(const char *, int, ...), const char *name, int flags, va_list more)
{
  mode_t mode = takes_mode(flags) ? (mode_t)va_arg(more, int) : 0;
  return fails(OPEN) ? -1 : real(name, flags, mode);
}

PUBLIC int open(const char *name, int flags, ...)
{
  static int (*real)(const char *, int, ...);
  va_list more;
  int fd;
  find(&real, "open");
  va_start(more, flags);
  fd = open_file(real, name, flags, more);
  va_end(more);
  return fd;
}

PUBLIC int open64(const char *name, int flags, ...)
{
  static int (*real)(const char *, int, ...);
  va_list more;
  int fd;
  find(&real, "open64");
  va_start(more, flags);
  fd = open_file(real, name, flags, more);
  va_end(more);
  return fd;
}

PUBLIC int fsync(int fd)
{
  static int (*real)(int);
  find(&real, "fsync");
  return fails(SYNC) ? -1 : real(fd);
}

PUBLIC int ftruncate64(int fd, off64_t length)
{
  static int (*real)(int, off64_t);
  find(&real, "ftruncate64");
  return fails(CUT) ? -1 : real(fd, length);
}

PUBLIC int linkat(int from, const char *name, int to, const char *new_name, int flags)
{
  static int (*real)(int, const char *, int, const char *, int);
  find(&real, "linkat");
  return fails(NAME) ? -1 : real(from, name, to, new_name, flags);
}

PUBLIC int rename(const char *from, const char *to)
{
  static int (*real)(const char *, const char *);
  find(&real, "rename");
  return fails(RENAME) ? -1 : real(from, to);
}

PUBLIC int getentropy(void *bytes, size_t length)
{
  static int (*real)(void *, size_t);
  find(&real, "getentropy");
  return fails(RANDOM) ? -1 : real(bytes, length);
}

/* Streams --------------------------------------------------------------------------------------------------------- */

static call_kind opening(const char *name)
{
  return strcmp(name, "/dev/urandom") == 0 ? RANDOM : OPEN;
}

PUBLIC FILE *fopen(const char *name, const char *mode)
{
  static FILE *(*real)(const char *, const char *);
  find(&real, "fopen");
  return fails(opening(name)) ? NULL : real(name, mode);
}

PUBLIC FILE *fopen64(const char *name, const char *mode)
{
  static FILE *(*real)(const char *, const char *);
  find(&real, "fopen64");
  return fails(opening(name)) ? NULL : real(name, mode);
}

PUBLIC FILE *fdopen(int fd, const char *mode)
{
  static FILE *(*real)(int, const char *);
  find(&real, "fdopen");
  return fails(STREAM) ? NULL : real(fd, mode);
}

PUBLIC size_t fread(void *bytes, size_t size, size_t count, FILE *file)
{
  static size_t (*real)(void *, size_t, size_t, FILE *);
  find(&real, "fread");
  if(!fails(READ))
    return real(bytes, size, count, file);
  file->_flags |= armed.error ? ERROR_SEEN : 0;
  return 0;
}

/* As where the disk has room for a part of it. */
PUBLIC size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
  static size_t (*real)(const void *, size_t, size_t, FILE *);
  find(&real, "fwrite");
  if(!fails(WRITE))
    return real(bytes, size, count, file);
  file->_flags |= ERROR_SEEN;
  return real(bytes, size, count / 2, file);
}

PUBLIC int fflush(FILE *file)
{
  static int (*real)(FILE *);
  find(&real, "fflush");
  return fails(FLUSH) ? EOF : real(file);
}

PUBLIC int fclose(FILE *file)
{
  static int (*real)(FILE *);
  bool failed = fails(FINISH);
  int result, why = errno;
  find(&real, "fclose");
  result = real(file);
  if(failed)
    errno = why;
  return failed ? EOF : result;
}

/* The module ------------------------------------------------------------------------------------------------------ */

static int raise(lua_State *L, const char *what, const char *name)
{
  return luaL_error(L, "failing_calls: there is no %s \"%s\"", what, name);
}

static int arm(lua_State *L)
{
  const char *kind = luaL_checklstring(L, 1, NULL), *error = luaL_checklstring(L, 3, NULL);
  size_t i, count = sizeof(errors) / sizeof(errors[0]);
  memset(&armed, 0, sizeof(armed));
  for(i = 0; i < count && strcmp(errors[i].name, error) != 0; i++)
    ;
  if(i == count)
    return raise(L, "error", error);
  armed.error = errors[i].number;
  armed.chosen = (long)luaL_checkinteger(L, 2);
  armed.for_good = lua_toboolean(L, 4);
  for(i = 1; kind_names[i] && strcmp(kind_names[i], kind) != 0; i++)
    ;
  if(!kind_names[i])
    return raise(L, "kind", kind);
  armed.kind = (call_kind)i;
  return 0;
}

static int disarm(lua_State *L)
{
  armed.kind = NONE;
  lua_pushinteger(L, armed.failed);
  lua_pushinteger(L, armed.calls);
  return 2;
}

static int descriptors(lua_State *L)
{
  lua_Integer sockets = 0, others = 0;
  struct stat info;
  int fd;
  for(fd = 0; fd < DESCRIPTORS_MAX; fd++)
    if(fstat(fd, &info) == 0) {
      sockets += S_ISSOCK(info.st_mode) != 0;
      others += !S_ISSOCK(info.st_mode);
    }
  lua_pushinteger(L, sockets);
  lua_pushinteger(L, others);
  return 2;
}

PUBLIC int luaopen_failing_calls(lua_State *L);

int luaopen_failing_calls(lua_State *L)
{
  lua_createtable(L, 0, 3);
  lua_pushcclosure(L, arm, 0);
  lua_setfield(L, -2, "arm");
  lua_pushcclosure(L, disarm, 0);
  lua_setfield(L, -2, "disarm");
  lua_pushcclosure(L, descriptors, 0);
  lua_setfield(L, -2, "descriptors");
  return 1;
}
