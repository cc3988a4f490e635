/* The reference for spec/bench/small_calls.lua: the same calls, by hand on libcurl's easy interface.
 *
 *   easy_calls URL COUNT [decoded]
 *
 * prints wall and CPU seconds. One handle, the header fields of the library, the body gathered in memory; decoded, also
 * read by lua-cjson. */
#define _POSIX_C_SOURCE 200809L

#include "decoder.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>

static int calls(CURL *easy, answer *into, long count, lua_State *decoder)
{
  while(count--) {
    into->length = 0;
    if(!reference_succeeded(easy, curl_easy_perform(easy)) || (decoder && !decoder_read(decoder, into)))
      return 1;
  }
  return 0;
}

int main(int argc, char **argv)
{
  static answer into;
  struct curl_slist *fields;
  lua_State *decoder = NULL;
  CURL *easy;
  double wall, cpu;
  int failed;
  if(argc != 3 && argc != 4) {
    fprintf(stderr, "usage: easy_calls URL COUNT [decoded]\n");
    return 2;
  }
  if(argc == 4 && !(decoder = decoder_new()))
    return 1;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  fields = reference_fields();
  easy = reference_get(argv[1], fields, &into);
  wall = reference_seconds(CLOCK_MONOTONIC);
  cpu = reference_seconds(CLOCK_PROCESS_CPUTIME_ID);
  failed = calls(easy, &into, strtol(argv[2], NULL, 10), decoder);
  printf("%.6f %.6f\n", reference_seconds(CLOCK_MONOTONIC) - wall, reference_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  curl_easy_cleanup(easy);
  curl_slist_free_all(fields);
  if(decoder)
    lua_close(decoder);
  return failed;
}
