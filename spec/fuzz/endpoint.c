/* Endpoints as a user may write them: one that is taken has no user, query or fragment in it, and ends in no slash. */
#include "aw_alloc.h"
#include "aw_endpoint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = malloc(size + 1), *url = NULL;
  aw_error error;
  if(!text)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  if(aw_endpoint_parse(text, &url, &error) == AW_OK &&
     (strpbrk(url, "?#") || !strstr(url, "://") || url[strlen(url) - 1] == '/'))
    abort();
  aw_free(url);
  free(text);
  return 0;
}
