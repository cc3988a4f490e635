#define _POSIX_C_SOURCE 200809L
#ifdef __linux__
#define _GNU_SOURCE /* sync_file_range, O_TMPFILE, MADV_WIPEONFORK */
#endif
#define _FILE_OFFSET_BITS 64

#include "aw_system.h"

#include "aw.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#ifdef _WIN32
#include <io.h>
#include <sys/stat.h>
#include <windows.h>
/* after windows.h */
#include <bcrypt.h>
typedef int aw_socklen;
#else
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
typedef socklen_t aw_socklen;
#ifdef __APPLE__
#define MTIME(info) ((info).st_mtimespec)
#else
#define MTIME(info) ((info).st_mtim)
#endif
#endif

static CURLcode initialized;
static aw_curl_info about = {"", "", 0, 0, false};

static bool has_protocol(const curl_version_info_data *info, const char *name)
{
  const char *const *one = info->protocols;
  while(*one && strcmp(*one, name) != 0)
    one++;
  return *one != NULL;
}

static void set_up_curl(void)
{
  const curl_version_info_data *info;
  initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  if(initialized != CURLE_OK)
    return;
  info = curl_version_info(CURLVERSION_NOW);
  about.version = info->version;
  about.number = info->version_num;
  about.features = info->features;
  about.has_websocket = info->version_num >= AW_WEBSOCKET_SINCE && has_protocol(info, "ws");
  snprintf(about.text, sizeof(about.text), "%s", curl_version());
}

const aw_curl_info *aw_curl_about(void)
{
  aw_curl_ready();
  return &about;
}

static int port_of(const struct sockaddr_storage *address)
{
  switch(address->ss_family) {
  case AF_INET:
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
  case AF_INET6:
    return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
  default:
    return 0;
  }
}

int aw_ports(intptr_t descriptor, int *local, int *remote)
{
  struct sockaddr_storage address;
  aw_socklen length = sizeof(address);
  if(getpeername((curl_socket_t)descriptor, (struct sockaddr *)&address, &length) != 0)
    return -1;
  *remote = port_of(&address);
  length = sizeof(address);
  if(getsockname((curl_socket_t)descriptor, (struct sockaddr *)&address, &length) != 0)
    return -1;
  *local = port_of(&address);
  return *local && *remote ? 0 : -1;
}

bool aw_has_input(intptr_t descriptor)
{
  char first;
  return recv((curl_socket_t)descriptor, &first, 1, MSG_PEEK) >= 0;
}

#ifdef _WIN32

double aw_monotonic(void)
{
  LARGE_INTEGER ticks, frequency;
  QueryPerformanceFrequency(&frequency);
  QueryPerformanceCounter(&ticks);
  return (double)ticks.QuadPart / (double)frequency.QuadPart;
}

double aw_epoch(void)
{
  FILETIME now;
  ULARGE_INTEGER ticks;
  GetSystemTimeAsFileTime(&now);
  ticks.LowPart = now.dwLowDateTime;
  ticks.HighPart = now.dwHighDateTime;
  return (double)ticks.QuadPart / 1e7 - 11644473600.0; /* 1601 to 1970 */
}

long aw_process(void)
{
  return 0;
}

void aw_sleep(double seconds)
{
  Sleep((DWORD)(seconds * 1000));
}

aw_status aw_random(void *bytes, size_t length, aw_error *error)
{
  if(BCryptGenRandom(NULL, bytes, (ULONG)length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
    return aw_fail(error, AW_FILE, "the system gave no random bytes");
  return AW_OK;
}

int aw_stat(const char *path, aw_file_info *info)
{
  struct _stat64 found;
  if(_stat64(path, &found) != 0)
    return -1;
  info->size = found.st_size;
  info->mtime = (double)found.st_mtime;
  info->is_directory = (found.st_mode & _S_IFDIR) != 0;
  info->is_regular = (found.st_mode & _S_IFREG) != 0;
  return 0;
}

int aw_keep_from_children(intptr_t descriptor)
{
  return SetHandleInformation((HANDLE)descriptor, HANDLE_FLAG_INHERIT, 0) ? 0 : -1;
}

bool aw_is_separator(char c)
{
  return c == '/' || c == '\\' || c == ':';
}

FILE *aw_open_new(const char *name, bool own)
{
  (void)own;
  return fopen(name, "wbx");
}

int aw_cut(FILE *file)
{
  return _chsize_s(_fileno(file), 0) == 0 ? 0 : -1;
}

int aw_seek(FILE *file, int64_t offset)
{
  return _fseeki64(file, offset, SEEK_SET);
}

int64_t aw_file_size(FILE *file, int *is_directory)
{
  struct _stat64 info;
  *is_directory = 0;
  if(_fstat64(_fileno(file), &info) != 0)
    return -1;
  *is_directory = (info.st_mode & _S_IFDIR) != 0;
  return (info.st_mode & _S_IFREG) ? info.st_size : -1;
}

void aw_begin_sync(FILE *file, int64_t offset, int64_t length)
{
  (void)file;
  (void)offset;
  (void)length;
}

int aw_sync(FILE *file)
{
  return fflush(file) == 0 ? _commit(_fileno(file)) : -1;
}

int aw_replace(const char *from, const char *to)
{
  return MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING) ? 0 : -1;
}

void aw_system_name(char *name, size_t size)
{
  snprintf(name, size, "Windows");
}

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static BOOL CALLBACK init_curl(PINIT_ONCE self, PVOID parameter, PVOID *context)
{
  (void)self;
  (void)parameter;
  (void)context;
  set_up_curl();
  return TRUE;
}

int aw_curl_ready(void)
{
  InitOnceExecuteOnce(&once, init_curl, NULL, NULL);
  return initialized == CURLE_OK;
}

#else

static double seconds_of(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double aw_monotonic(void)
{
  return seconds_of(CLOCK_MONOTONIC);
}

double aw_epoch(void)
{
  return seconds_of(CLOCK_REALTIME);
}

/* Where it is to be had, a page that the system empties in each child keeps the number: it is asked for several times a
 * call, and a system call takes as long as much else of it. */
static long *own_page;

/* Once for the whole process, before it is asked for. */
static void set_up_process(void)
{
#if defined(MADV_WIPEONFORK) && !defined(AW_PROCESS_PORTABLE)
  void *page = mmap(NULL, sizeof(*own_page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if(page == MAP_FAILED)
    return;
  if(madvise(page, sizeof(*own_page), MADV_WIPEONFORK) == 0)
    own_page = page;
  else
    munmap(page, sizeof(*own_page));
#endif
}

long aw_process(void)
{
  long process;
  aw_curl_ready();
  process = own_page ? __atomic_load_n(own_page, __ATOMIC_RELAXED) : 0;
  if(process)
    return process;
  process = (long)getpid();
  if(own_page)
    __atomic_store_n(own_page, process, __ATOMIC_RELAXED);
  return process;
}

void aw_sleep(double seconds)
{
  struct timespec time;
  time.tv_sec = (time_t)seconds;
  time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
  nanosleep(&time, NULL);
}

#if defined(__linux__) && defined(__GLIBC__) && !defined(AW_FILE_PORTABLE)
#if __GLIBC_PREREQ(2, 25)
#define ENTROPY_MAX ((size_t)256) /* bytes at a time: getentropy(3) */
#endif
#endif

/* Without a file, of which a program may have too many open. */
static bool get_entropy(void *bytes, size_t length)
{
#ifdef ENTROPY_MAX
  char *place = bytes;
  size_t part = 0;
  for(; length; place += part, length -= part) {
    part = length < ENTROPY_MAX ? length : ENTROPY_MAX;
    if(getentropy(place, part) != 0)
      return false;
  }
  return true;
#else
  (void)bytes;
  (void)length;
  return false;
#endif
}

aw_status aw_random(void *bytes, size_t length, aw_error *error)
{
  FILE *source;
  size_t got;
  if(get_entropy(bytes, length))
    return AW_OK;
  source = fopen("/dev/urandom", "rb");
  if(!source)
    return aw_fail(error, AW_FILE, "cannot open /dev/urandom: %s", strerror(errno));
  setvbuf(source, NULL, _IONBF, 0); /* else stdio takes, and keeps, more than was asked for */
  got = fread(bytes, 1, length, source);
  fclose(source);
  return got == length ? AW_OK : aw_fail(error, AW_FILE, "/dev/urandom gave too few bytes");
}

int aw_stat(const char *path, aw_file_info *info)
{
  struct stat found;
  int64_t milliseconds;
  if(stat(path, &found) != 0)
    return -1;
  info->size = (int64_t)found.st_size;
  milliseconds = MTIME(found).tv_sec * 1000 + MTIME(found).tv_nsec / 1000000;
  info->mtime = (double)milliseconds / 1000;
  info->is_directory = S_ISDIR(found.st_mode);
  info->is_regular = S_ISREG(found.st_mode);
  return 0;
}

int aw_keep_from_children(intptr_t descriptor)
{
  int flags = fcntl((int)descriptor, F_GETFD);
  return flags < 0 || fcntl((int)descriptor, F_SETFD, flags | FD_CLOEXEC) < 0 ? -1 : 0;
}

bool aw_is_separator(char c)
{
  return c == '/';
}

#define OWN_MODE 0600
#define USUAL_MODE 0666 /* less what the process's mask takes away */

/* Takes the descriptor over. */
static FILE *open_descriptor(int fd)
{
  FILE *file = fdopen(fd, "wb");
  int why = errno;
  if(!file) {
    close(fd);
    errno = why;
  }
  return file;
}

FILE *aw_open_new(const char *name, bool own)
{
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, own ? OWN_MODE : USUAL_MODE);
  FILE *file = fd < 0 ? NULL : open_descriptor(fd);
  int why = errno;
  if(!file && fd >= 0)
    remove(name);
  errno = why;
  return file;
}

int aw_cut(FILE *file)
{
  return ftruncate(fileno(file), 0);
}

int aw_seek(FILE *file, int64_t offset)
{
  return fseeko(file, (off_t)offset, SEEK_SET);
}

int64_t aw_file_size(FILE *file, int *is_directory)
{
  struct stat info;
  *is_directory = 0;
  if(fstat(fileno(file), &info) != 0)
    return -1;
  *is_directory = S_ISDIR(info.st_mode);
  return S_ISREG(info.st_mode) ? (int64_t)info.st_size : -1;
}

void aw_begin_sync(FILE *file, int64_t offset, int64_t length)
{
#ifdef __linux__
  sync_file_range(fileno(file), (off_t)offset, (off_t)length, SYNC_FILE_RANGE_WRITE);
#else
  (void)file;
  (void)offset;
  (void)length;
#endif
}

int aw_sync(FILE *file)
{
  return fflush(file) == 0 ? fsync(fileno(file)) : -1;
}

int aw_replace(const char *from, const char *to)
{
  return rename(from, to);
}

void aw_system_name(char *name, size_t size)
{
  struct utsname info;
  if(uname(&info) == 0)
    snprintf(name, size, "%s %s", info.sysname, info.machine);
  else
    snprintf(name, size, "unknown");
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_curl(void)
{
  set_up_process();
  set_up_curl();
}

int aw_curl_ready(void)
{
  pthread_once(&once, init_curl);
  return initialized == CURLE_OK;
}

#endif

#if defined(__linux__) && !defined(__ANDROID__) && !defined(AW_FILE_PORTABLE)

#define PROC_BYTES 32

/* Only by this name can everybody link a file that has none (open(2)). */
static void proc_name(int fd, char name[PROC_BYTES])
{
  snprintf(name, PROC_BYTES, "/proc/self/fd/%d", fd);
}

FILE *aw_open_nameless(const char *directory, bool own)
{
  char name[PROC_BYTES];
  int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, own ? OWN_MODE : USUAL_MODE);
  if(fd < 0)
    return NULL;
  proc_name(fd, name);
  if(access(name, F_OK) == 0)
    return open_descriptor(fd);
  close(fd);
  return NULL;
}

int aw_name(FILE *file, const char *name)
{
  char from[PROC_BYTES];
  proc_name(fileno(file), from);
  return linkat(AT_FDCWD, from, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

#else

/* Android lets no app link files. */
FILE *aw_open_nameless(const char *directory, bool own)
{
  (void)directory;
  (void)own;
  return NULL;
}

int aw_name(FILE *file, const char *name)
{
  (void)file;
  (void)name;
  errno = ENOSYS;
  return -1;
}

#endif
