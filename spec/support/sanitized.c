/* For spec/sanitizers, preloaded into programs that have no sanitizer of their own. Linked with -z initfirst. */
#include <stdlib.h>

int dlclose(void *library);

/* Libraries that a program loads stay loaded until it has ended: what a closed library's variables lead to would count
 * as lost, and what was called there would have no name. */
int dlclose(void *library)
{
  (void)library;
  return 0;
}

/* AddressSanitizer begins at the first call of malloc. Where that is made by another library's constructor, such as that
 * of libp11-kit, which holds a lock of the C library's meanwhile, that lock is never free again. */
__attribute__((constructor)) static void begin(void)
{
  void *volatile block = malloc(1);
  free(block);
}
