#include "aw_messages.h"

#include "aw_alloc.h"

#include <string.h>

void aw_messages_deinit(aw_messages *messages)
{
  aw_message *message;
  while((message = aw_messages_take(messages)) != NULL)
    aw_free(message);
}

bool aw_messages_add(aw_messages *messages, const void *bytes, size_t length, bool is_binary)
{
  aw_message *made = aw_alloc(sizeof(*made) + length);
  if(!made)
    return false;
  made->next = NULL;
  made->length = length;
  made->is_binary = is_binary;
  if(length)
    memcpy(made->bytes, bytes, length);
  if(messages->last)
    messages->last->next = made;
  else
    messages->first = made;
  messages->last = made;
  messages->count++;
  return true;
}

aw_message *aw_messages_take(aw_messages *messages)
{
  aw_message *message = messages->first;
  if(!message)
    return NULL;
  messages->first = message->next;
  if(!messages->first)
    messages->last = NULL;
  messages->count--;
  return message;
}

bool aw_messages_are_full(const aw_messages *messages)
{
  return messages->count >= messages->max;
}
