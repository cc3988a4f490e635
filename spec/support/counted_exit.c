/* For spec/coverage, linked into whatever it builds, with the linker's --wrap: a process that ends without exit(), as
 * forked children do, or that becomes another program, writes before that what gcc's --coverage has counted. */
#define _POSIX_C_SOURCE 200809L

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define ARGUMENTS 8

/* gcc's (gcov): into the files; and from here on, so that there may be another dump. */
void __gcov_dump(void);
void __gcov_reset(void);

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __wrap_execl(const char *path, const char *first, ...);

void __wrap__exit(int status)
{
  __gcov_dump();
  __real__exit(status);
}

int __wrap_execl(const char *path, const char *first, ...)
{
  const char *argument = first;
  char *arguments[ARGUMENTS + 1];
  size_t count = 0;
  va_list more;
  va_start(more, first);
  for(; argument; argument = va_arg(more, const char *)) {
    if(count == ARGUMENTS)
      abort();
    arguments[count++] = (char *)(size_t)argument;
  }
  va_end(more);
  arguments[count] = NULL;
  __gcov_dump();
  __gcov_reset();
  return execv(path, arguments);
}
