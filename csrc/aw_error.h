/* What went wrong: a status that a program can act on, and a sentence for people. */
#ifndef AW_ERROR_H
#define AW_ERROR_H

#define AW_ERROR_SIZE 320

typedef enum aw_status {
  AW_OK,
  AW_MEMORY,   /* no memory */
  AW_ARGUMENT, /* the caller gave something that cannot be used */
  AW_NETWORK,  /* no connection, or it broke */
  AW_TIMEOUT,
  AW_TLS,
  AW_PROTOCOL, /* the other side does not speak HTTP as it should, or says too much */
  AW_CANCELLED,
  AW_FILE /* a file of this machine */
} aw_status;

typedef struct aw_error {
  aw_status status;
  char message[AW_ERROR_SIZE]; /* one line, no secrets, cut where it is too long */
} aw_error;

#if defined(__GNUC__) && !defined(__MINGW32__)
#define AW_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define AW_PRINTF(at, first)
#endif

/* Fill `error` and return its status, so that a function can end with it. Control characters become spaces: part of
 * the text may come from a server. */
aw_status aw_fail(aw_error *error, aw_status status, const char *format, ...) AW_PRINTF(3, 4);

/* AW_MEMORY with its usual sentence. */
aw_status aw_fail_memory(aw_error *error);

/* A stable word: "network", "timeout", … */
const char *aw_status_name(aw_status status);

#endif
