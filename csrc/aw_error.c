#include "aw_error.h"

#include <stdarg.h>
#include <stdio.h>

aw_status aw_fail(aw_error *error, aw_status status, const char *format, ...)
{
  va_list arguments;
  char *c;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof(error->message), format, arguments);
  va_end(arguments);
  for(c = error->message; *c; c++)
    if((unsigned char)*c < ' ' || *c == 0x7f)
      *c = ' ';
  error->status = status;
  return status;
}

aw_status aw_fail_memory(aw_error *error)
{
  return aw_fail(error, AW_MEMORY, "not enough memory");
}

const char *aw_status_name(aw_status status)
{
  switch(status) {
  case AW_OK:
    return "ok";
  case AW_MEMORY:
    return "memory";
  case AW_ARGUMENT:
    return "argument";
  case AW_NETWORK:
    return "network";
  case AW_TIMEOUT:
    return "timeout";
  case AW_TLS:
    return "tls";
  case AW_PROTOCOL:
    return "protocol";
  case AW_CANCELLED:
    return "cancelled";
  case AW_FILE:
    return "file";
  }
  return "unknown";
}
