#define _POSIX_C_SOURCE 200809L

#include "aw_browser.h"

#include <string.h>

static int is_web_url(const char *url)
{
  const char *at;
  if(strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
    return 0;
  for(at = url; *at; at++)
    if(*at <= ' ' || *at >= 0x7f || *at == '"' || *at == '\'' || *at == '`' || *at == '\\')
      return 0;
  return 1;
}

static aw_status launch(const char *url, aw_error *error);

aw_status aw_browser_open(const char *url, aw_error *error)
{
  if(!is_web_url(url))
    return aw_fail(error, AW_ARGUMENT, "a browser opens http and https URLs only, percent-encoded");
  return launch(url, error);
}

#ifdef _WIN32

#include <windows.h>
/* after windows.h */
#include <shellapi.h>

#define LAST_FAILURE 32 /* ShellExecute answers with more when it has started something */

static aw_status launch(const char *url, aw_error *error)
{
  INT_PTR code = (INT_PTR)ShellExecuteA(NULL, "open", url, NULL, NULL, SW_SHOWNORMAL);
  if(code <= LAST_FAILURE)
    return aw_fail(error, AW_FILE, "Windows opens no browser: error %d", (int)code);
  return AW_OK;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __APPLE__
#define OPENER "open"
#else
#define OPENER "xdg-open"
#endif
#define PATH_SIZE 4096
#define USUAL_PATH "/usr/local/bin:/usr/bin:/bin"
#define FIRST_OTHER 3 /* descriptor behind the standard ones */
#define LAST_OTHER 4096

/* Find the opener in the directories of PATH, since looking there is nothing to do between fork and exec. */
static int find_opener(char *path, size_t size)
{
  const char *from = getenv("PATH");
  if(!from || !*from)
    from = USUAL_PATH;
  while(*from) {
    size_t length = strcspn(from, ":");
    int written = snprintf(path, size, "%.*s/%s", (int)length, from, OPENER);
    /* An empty entry means the current directory: nobody wants the browser of that. */
    if(length > 0 && written > 0 && (size_t)written < size && access(path, X_OK) == 0)
      return 1;
    from += length + (from[length] == ':');
  }
  return 0;
}

/* Between fork and exec, with calls that are safe there. The new session keeps Ctrl-C in the caller's terminal from
 * ending the browser. */
static void become_opener(const char *path, const char *url, int report)
{
  int null, fd, problem;
  setsid();
  null = open("/dev/null", O_RDWR);
  for(fd = 0; null >= 0 && fd < FIRST_OTHER; fd++)
    dup2(null, fd);
  for(fd = FIRST_OTHER; fd < LAST_OTHER; fd++)
    if(fd != report)
      close(fd);
  execl(path, path, url, (char *)NULL);
  problem = errno;
  while(write(report, &problem, sizeof(problem)) < 0 && errno == EINTR)
    ;
  _exit(1);
}

/* What exec failed with; 0 where its success closed the pipe. */
static int read_report(int report)
{
  int problem = 0;
  ssize_t got;
  do
    got = read(report, &problem, sizeof(problem));
  while(got < 0 && errno == EINTR);
  return got == (ssize_t)sizeof(problem) ? problem : 0;
}

/* The opener is a child of a child that ends at once, so that nobody has to wait for it. */
static int run_opener(const char *path, const char *url, const int report[2])
{
  pid_t child = fork();
  if(child < 0)
    return errno;
  if(child == 0) {
    pid_t opener = fork();
    if(opener == 0)
      become_opener(path, url, report[1]);
    _exit(opener < 0);
  }
  close(report[1]);
  while(waitpid(child, NULL, 0) < 0 && errno == EINTR)
    ;
  return read_report(report[0]);
}

static aw_status launch(const char *url, aw_error *error)
{
  char path[PATH_SIZE];
  int report[2], problem;
  if(!find_opener(path, sizeof(path)))
    return aw_fail(error, AW_FILE, "there is no program %s, by which browsers are opened", OPENER);
  if(pipe(report) != 0)
    return aw_fail(error, AW_FILE, "cannot start %s: %s", OPENER, strerror(errno));
  fcntl(report[1], F_SETFD, FD_CLOEXEC);
  problem = run_opener(path, url, report);
  close(report[0]);
  if(problem)
    return aw_fail(error, AW_FILE, "cannot start %s: %s", OPENER, strerror(problem));
  return AW_OK;
}

#endif
