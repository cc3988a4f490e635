/* The one way to memory: overflow-checked, and swappable, so that a test can make the n-th allocation fail. */
#ifndef AW_ALLOC_H
#define AW_ALLOC_H

#include <stddef.h>

/* Like realloc: a size of 0 frees, a NULL pointer allocates, NULL is returned where there is no memory. */
typedef void *(*aw_realloc_fn)(void *user, void *pointer, size_t size);

/* Replace the allocator; NULL restores the C library's. Only while the core holds no memory: a test's first act. */
void aw_alloc_replace(aw_realloc_fn function, void *user);

/* All return NULL where there is no memory or the product overflows. What they return is freed by aw_free. */
void *aw_alloc(size_t size);
void *aw_alloc_zeroed(size_t count, size_t size);
void *aw_realloc(void *pointer, size_t size);

/* A copy with a NUL behind it. */
char *aw_copy(const void *bytes, size_t length);

/* NULL is allowed. */
void aw_free(void *pointer);

/* Overwrite what a compiler must not think unneeded. */
void aw_wipe(void *pointer, size_t size);

/* Overwrite and free a string that was a secret; NULL is allowed. */
void aw_free_secret(char *text);

#endif
