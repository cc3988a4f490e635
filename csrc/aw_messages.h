/* The messages of a WebSocket that have come and wait to be taken. */
#ifndef AW_MESSAGES_H
#define AW_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct aw_message {
  struct aw_message *next;
  size_t length;
  bool is_binary;
  char bytes[1]; /* more of them */
} aw_message;

/* All zero: none. Who adds keeps to `max`, beyond which it is full. */
typedef struct aw_messages {
  aw_message *first, *last;
  size_t count, max;
} aw_messages;

void aw_messages_deinit(aw_messages *messages);

/* Copies; false without memory. */
bool aw_messages_add(aw_messages *messages, const void *bytes, size_t length, bool is_binary);

/* The first one, for the caller to aw_free, or NULL. */
aw_message *aw_messages_take(aw_messages *messages);

bool aw_messages_are_full(const aw_messages *messages);

#endif
