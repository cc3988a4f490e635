/* The reference for spec/bench/file_calls.lua: the same uploads and downloads, by hand on libcurl's easy interface.
 *
 *   file_calls up URL FILE     in chunks of 5 MiB, as forms
 *   file_calls down URL FILE   to a file beside, written to the disk, renamed
 *
 * prints wall and CPU seconds, and by how many KiB the process grew at the most. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((curl_off_t)5 * 1024 * 1024)
#define PATH_SIZE 4096

typedef struct slice {
  FILE *file;
  curl_off_t left;
} slice;

static long peak(void)
{
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss;
}

static size_t on_read(char *buffer, size_t size, size_t count, void *user)
{
  slice *from = user;
  size_t wanted = size * count;
  if((curl_off_t)wanted > from->left)
    wanted = (size_t)from->left;
  from->left -= (curl_off_t)wanted;
  return fread(buffer, 1, wanted, from->file);
}

static size_t on_file(char *bytes, size_t size, size_t count, void *user)
{
  return fwrite(bytes, size, count, user);
}

/* libcurl asks before it sends a large body, the library does not. */
static struct curl_slist *fields(void)
{
  return curl_slist_append(reference_fields(), "Expect:");
}

static int perform(CURL *easy)
{
  return !reference_succeeded(easy, curl_easy_perform(easy));
}

static int send_chunk(CURL *easy, FILE *file, curl_off_t from, curl_off_t size)
{
  static answer into;
  slice part;
  curl_mime *mime = curl_mime_init(easy);
  curl_mimepart *added;
  struct curl_slist *list = fields();
  char range[128];
  int failed;
  part.file = file;
  part.left = size - from < CHUNK ? size - from : CHUNK;
  snprintf(range, sizeof(range), "Content-Range: bytes %ld-%ld/%ld", (long)from, (long)(from + part.left - 1),
           (long)size);
  list = curl_slist_append(list, range);
  if(from > 0)
    list = curl_slist_append(list, "X-Appwrite-ID: f1");
  added = curl_mime_addpart(mime);
  curl_mime_name(added, "fileId");
  curl_mime_data(added, "unique()", CURL_ZERO_TERMINATED);
  added = curl_mime_addpart(mime);
  curl_mime_name(added, "file");
  curl_mime_filename(added, "large.bin");
  curl_mime_data_cb(added, part.left, on_read, NULL, NULL, &part);
  into.length = 0;
  curl_easy_setopt(easy, CURLOPT_MIMEPOST, mime);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_add);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &into);
  failed = perform(easy);
  curl_mime_free(mime);
  curl_slist_free_all(list);
  return failed;
}

static int upload(CURL *easy, const char *path)
{
  FILE *file = fopen(path, "rb");
  curl_off_t from;
  struct stat info;
  int failed = 0;
  if(!file || fstat(fileno(file), &info) != 0)
    return 1;
  setvbuf(file, NULL, _IONBF, 0);
  for(from = 0; from < info.st_size && !failed; from += CHUNK)
    failed = send_chunk(easy, file, from, info.st_size);
  fclose(file);
  return failed;
}

static int download(CURL *easy, const char *path)
{
  char temporary[PATH_SIZE];
  struct curl_slist *list = fields();
  FILE *file;
  int failed;
  snprintf(temporary, sizeof(temporary), "%s.part", path);
  file = fopen(temporary, "wb");
  if(!file)
    return 1;
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_file);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, file);
  failed = perform(easy);
  failed = fflush(file) != 0 || fsync(fileno(file)) != 0 || failed;
  failed = fclose(file) != 0 || failed;
  failed = rename(temporary, path) != 0 || failed;
  curl_slist_free_all(list);
  return failed;
}

int main(int argc, char **argv)
{
  CURL *easy;
  double wall, cpu;
  long before;
  int failed;
  if(argc != 4) {
    fprintf(stderr, "usage: file_calls up|down URL FILE\n");
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  before = peak();
  easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, argv[2]);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "AppwriteLuaSDK/0.1.0");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  wall = reference_seconds(CLOCK_MONOTONIC);
  cpu = reference_seconds(CLOCK_PROCESS_CPUTIME_ID);
  failed = strcmp(argv[1], "up") == 0 ? upload(easy, argv[3]) : download(easy, argv[3]);
  printf("%.6f %.6f %ld\n", reference_seconds(CLOCK_MONOTONIC) - wall,
         reference_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, peak() - before);
  curl_easy_cleanup(easy);
  return failed;
}
