/* A file that gets its name only once it is whole. Until then it has none, so that nothing stays of it when the process
 * is killed; where there are no such files it lies beside, as .appwrite-….part with 16 hex digits. */
#ifndef AW_FILE_H
#define AW_FILE_H

#include "aw_error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct aw_file aw_file;

/* A process that was forked after it was begun can do nothing with its copy but let it go: AW_FILE for the rest. */

/* Begin one. One reference for the caller. AW_FILE where nothing can be written there, or `path` is a folder or a
 * device, which must not be replaced. Copies the path. */
aw_status aw_file_new(const char *path, aw_file **file, aw_error *error);

aw_file *aw_file_ref(aw_file *file);

/* The last reference takes along what was not committed. NULL is allowed. */
void aw_file_unref(aw_file *file);

/* Put bytes behind those that are there. AW_FILE where the disk takes no more, or the file was given up. */
aw_status aw_file_write(aw_file *file, const void *bytes, size_t length, aw_error *error);

/* How many bytes there are. */
int64_t aw_file_length(const aw_file *file);

/* Begin anew, with none. */
aw_status aw_file_restart(aw_file *file, aw_error *error);

/* All is there: on the disk and then under its name, replacing what had it. On failure the file is given up. */
aw_status aw_file_commit(aw_file *file, aw_error *error);

/* Give it up: nothing of it stays. Nothing happens to one that was committed. */
void aw_file_discard(aw_file *file);

const char *aw_file_path(const aw_file *file);

/* Have those bytes, which are secret, under that name, or what was there before: whatever happens, never less, and
 * whoever else does the same at the time. The file has the mode 0600 from its first moment on, where there are modes.
 * Where files without a name are to be had, its temporary name is always the same, and is taken for an instant. */
aw_status aw_file_keep(const char *path, const void *bytes, size_t length, aw_error *error);

/* Take away what a process that was killed in that instant left. */
void aw_file_tidy(const char *path);

#endif
