#include "aw_alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *default_realloc(void *user, void *pointer, size_t size)
{
  (void)user;
  if(size == 0) {
    free(pointer);
    return NULL;
  }
  return realloc(pointer, size);
}

static aw_realloc_fn current = default_realloc;
static void *current_user;

void aw_alloc_replace(aw_realloc_fn function, void *user)
{
  current = function ? function : default_realloc;
  current_user = user;
}

void *aw_realloc(void *pointer, size_t size)
{
  /* Size 0 would free and look like a failure. */
  return current(current_user, pointer, size ? size : 1);
}

void *aw_alloc(size_t size)
{
  return aw_realloc(NULL, size);
}

void *aw_alloc_zeroed(size_t count, size_t size)
{
  void *pointer;
  if(size && count > SIZE_MAX / size)
    return NULL;
  pointer = aw_alloc(count * size);
  if(pointer)
    memset(pointer, 0, count * size);
  return pointer;
}

char *aw_copy(const void *bytes, size_t length)
{
  char *copy = length < SIZE_MAX ? aw_alloc(length + 1) : NULL;
  if(copy) {
    if(length)
      memcpy(copy, bytes, length);
    copy[length] = '\0';
  }
  return copy;
}

void aw_free(void *pointer)
{
  if(pointer)
    current(current_user, pointer, 0);
}

/* Through a pointer that the compiler must read, so that it cannot see the store to be dead. */
static void *(*const volatile fill)(void *, int, size_t) = memset;

void aw_wipe(void *pointer, size_t size)
{
  fill(pointer, 0, size);
}

void aw_free_secret(char *text)
{
  if(text)
    aw_wipe(text, strlen(text));
  aw_free(text);
}
