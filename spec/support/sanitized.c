/* For spec/sanitizers, preloaded into programs that have no sanitizer of their own. Linked with -z initfirst. */
#include <stdlib.h>
#include <string.h>

int dlclose(void *library);
const char *__ubsan_default_options(void);

static char options[4096];

/* Libraries that a program loads stay loaded until it has ended: what a closed library's variables lead to would count
 * as lost, and what was called there would have no name. */
int dlclose(void *library)
{
  (void)library;
  return 0;
}

/* UndefinedBehaviorSanitizer comes with the first module that has it, and reads its options from the environment that
 * the program was given. nginx has written its title over that by then. */
const char *__ubsan_default_options(void)
{
  return options;
}

/* AddressSanitizer begins at the first call of malloc. Where another library's constructor makes it, such as that of
 * libp11-kit, which holds a lock of the C library's meanwhile, that lock is never free again. */
__attribute__((constructor)) static void begin(int argc, char **argv, char **environment)
{
  static const char name[] = "UBSAN_OPTIONS=";
  void *volatile block = malloc(1);
  free(block);
  (void)argc;
  (void)argv;
  for(; *environment; environment++)
    if(strncmp(*environment, name, sizeof name - 1) == 0)
      strncpy(options, *environment + sizeof name - 1, sizeof options - 1);
}
