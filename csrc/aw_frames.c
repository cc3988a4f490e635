#include "aw_frames.h"

#if defined(APPWRITE_REALTIME) && !defined(APPWRITE_WEBSOCKET_CURL)

#include "aw_alloc.h"
#include "aw_system.h"
#include "aw_utf8.h"

#include <string.h>
#include <wslay/wslay.h>

#define SEND_MAX ((size_t)1024 * 1024) /* bytes that wait to be sent */
#define REPLIES_MAX 64                 /* frames that wait to be sent, beyond which no more pings are read */
#define REASON_MAX 123                 /* RFC 6455, section 5.5 */
#define NO_CODE 1005                   /* section 7.4.1: none was given */

struct aw_frames {
  wslay_event_context_ptr context;
  aw_frames_io io;
  aw_messages messages;
  bool drained;      /* the stream has no more by now, or no more is wanted */
  bool ended;        /* the stream has */
  bool broken;       /* it failed */
  bool no_memory;    /* for a message */
  bool malformed;    /* the server's close was */
  bool closing;      /* this side has begun to close */
  aw_error maskless; /* why a frame could not be masked: wslay goes on without it */
  int code;
  char reason[REASON_MAX + 1];
};

/* What wslay calls ------------------------------------------------------------------------------------------------ */

static bool is_full(const aw_frames *frames)
{
  return aw_messages_are_full(&frames->messages) || wslay_event_get_queued_msg_count(frames->context) > REPLIES_MAX;
}

static ssize_t on_receive(wslay_event_context_ptr context, uint8_t *bytes, size_t max, int flags, void *user)
{
  aw_frames *frames = user;
  long count = is_full(frames) ? AW_IO_AGAIN : frames->io.receive(frames->io.user, bytes, max);
  (void)flags;
  if(count > 0)
    return count;
  frames->drained = true;
  frames->ended = frames->ended || count == 0;
  frames->broken = frames->broken || count == AW_IO_FAILED;
  wslay_event_set_error(context, count == AW_IO_AGAIN ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static ssize_t on_send(wslay_event_context_ptr context, const uint8_t *bytes, size_t length, int flags, void *user)
{
  aw_frames *frames = user;
  long count = frames->io.send(frames->io.user, bytes, length);
  (void)flags;
  if(count > 0)
    return count;
  frames->broken = frames->broken || count != AW_IO_AGAIN;
  wslay_event_set_error(context, count == AW_IO_AGAIN ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static int on_mask(wslay_event_context_ptr context, uint8_t *bytes, size_t length, void *user)
{
  aw_frames *frames = user;
  if(aw_random(bytes, length, &frames->maskless) == AW_OK)
    return 0;
  wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

static void keep_close(aw_frames *frames, const struct wslay_event_on_msg_recv_arg *message)
{
  size_t length = message->msg_length > 2 ? message->msg_length - 2 : 0;
  const char *reason = length ? (const char *)message->msg + 2 : "";
  if(length > REASON_MAX)
    length = REASON_MAX; /* wslay lets no longer one pass */
  /* Half a code, or a reason that is no UTF-8: wslay lets the first pass, and the other where it comes in pieces. */
  frames->malformed = message->msg_length == 1 || !aw_utf8_ok(reason, length);
  if(frames->malformed)
    return;
  frames->code = message->status_code ? message->status_code : NO_CODE;
  memcpy(frames->reason, reason, length);
  frames->reason[length] = '\0';
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *user)
{
  aw_frames *frames = user;
  (void)context;
  if(message->opcode == WSLAY_CONNECTION_CLOSE)
    keep_close(frames, message);
  if(wslay_is_ctrl_frame(message->opcode))
    return;
  if(!aw_messages_add(&frames->messages, message->msg, message->msg_length, message->opcode == WSLAY_BINARY_FRAME))
    frames->no_memory = true;
}

/* ----------------------------------------------------------------------------------------------------------------- */

aw_status aw_frames_new(const aw_frames_io *io, size_t max_message, size_t max_waiting, aw_frames **frames,
                        aw_error *error)
{
  static const struct wslay_event_callbacks callbacks = {on_receive, on_send, on_mask, NULL, NULL, NULL, on_message};
  aw_frames *made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->io = *io;
  made->messages.max = max_waiting;
  if(wslay_event_context_client_init(&made->context, &callbacks, made) != 0) {
    aw_free(made);
    return aw_fail_memory(error);
  }
  wslay_event_config_set_max_recv_msg_length(made->context, max_message);
  *frames = made;
  return AW_OK;
}

void aw_frames_free(aw_frames *frames)
{
  if(!frames)
    return;
  aw_messages_deinit(&frames->messages);
  wslay_event_context_free(frames->context);
  aw_free(frames);
}

/* Why wslay has told the server that it closes, where nobody here wanted to. */
static const char *fault(uint16_t code)
{
  switch(code) {
  case WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA:
    return "the server sent a text that is no UTF-8";
  case WSLAY_CODE_MESSAGE_TOO_BIG:
    return "the server sent a message that is too large";
  default:
    return "the server broke the rules of the WebSocket protocol";
  }
}

static aw_status judge(const aw_frames *frames, aw_error *error)
{
  bool told = wslay_event_get_close_sent(frames->context);
  if(frames->no_memory)
    return aw_fail_memory(error);
  if(frames->maskless.status != AW_OK) {
    *error = frames->maskless;
    return error->status;
  }
  if(frames->ended || frames->broken)
    return frames->code ? AW_OK : aw_fail(error, AW_NETWORK, "the connection to the server broke");
  if(frames->malformed || (told && !frames->closing && !frames->code))
    return aw_fail(error, AW_PROTOCOL, "%s", fault(wslay_event_get_status_code_sent(frames->context)));
  return AW_OK;
}

aw_status aw_frames_move(aw_frames *frames, aw_error *error)
{
  int result = 0;
  /* wslay comes back after a short read, though there may be more that no descriptor tells of, as TLS has it. */
  frames->drained = false;
  while(result == 0 && !frames->drained && wslay_event_get_read_enabled(frames->context))
    result = wslay_event_recv(frames->context);
  if(result == WSLAY_ERR_NOMEM)
    return aw_fail_memory(error);
  if(!frames->ended && !frames->broken && wslay_event_want_write(frames->context))
    result = wslay_event_send(frames->context);
  if(result == WSLAY_ERR_NOMEM)
    return aw_fail_memory(error);
  return judge(frames, error);
}

aw_message *aw_frames_take(aw_frames *frames)
{
  return aw_messages_take(&frames->messages);
}

bool aw_frames_has_message(const aw_frames *frames)
{
  return frames->messages.first != NULL;
}

bool aw_frames_wants_read(const aw_frames *frames)
{
  return wslay_event_want_read(frames->context) && !is_full(frames);
}

bool aw_frames_wants_write(const aw_frames *frames)
{
  return wslay_event_want_write(frames->context) != 0;
}

static aw_status queue(aw_frames *frames, uint8_t opcode, const char *bytes, size_t length, aw_error *error)
{
  struct wslay_event_msg message;
  message.opcode = opcode;
  message.msg = (const uint8_t *)bytes;
  message.msg_length = length;
  switch(wslay_event_queue_msg(frames->context, &message)) {
  case 0:
    return AW_OK;
  case WSLAY_ERR_NOMEM:
    return aw_fail_memory(error);
  case WSLAY_ERR_NO_MORE_MSG:
    return aw_fail(error, AW_ARGUMENT, "the WebSocket is closing");
  default:
    return aw_fail(error, AW_ARGUMENT, "this cannot be sent over a WebSocket");
  }
}

aw_status aw_frames_send(aw_frames *frames, const char *text, size_t length, aw_error *error)
{
  if(length > SEND_MAX || wslay_event_get_queued_msg_length(frames->context) > SEND_MAX - length)
    return aw_fail(error, AW_ARGUMENT, "more than %d bytes wait to be sent over the WebSocket", (int)SEND_MAX);
  return queue(frames, WSLAY_TEXT_FRAME, text, length, error);
}

aw_status aw_frames_ping(aw_frames *frames, aw_error *error)
{
  return queue(frames, WSLAY_PING, "", 0, error);
}

aw_status aw_frames_close(aw_frames *frames, int code, const char *reason, size_t length, aw_error *error)
{
  int result;
  if(code < 1000 || code > 4999 || length > REASON_MAX)
    return aw_fail(error, AW_ARGUMENT, "a WebSocket is closed with a code from 1000 to 4999 and %d bytes at the most",
                   REASON_MAX);
  result = wslay_event_queue_close(frames->context, (uint16_t)code, (const uint8_t *)reason, length);
  if(result == WSLAY_ERR_NOMEM)
    return aw_fail_memory(error);
  if(result == WSLAY_ERR_INVALID_ARGUMENT)
    return aw_fail(error, AW_ARGUMENT, "this code, or this reason, cannot close a WebSocket");
  frames->closing = true;
  return AW_OK;
}

bool aw_frames_is_closed(const aw_frames *frames)
{
  return frames->code && (wslay_event_get_close_sent(frames->context) || frames->ended || frames->broken);
}

int aw_frames_code(const aw_frames *frames)
{
  return frames->code;
}

const char *aw_frames_reason(const aw_frames *frames)
{
  return frames->reason;
}

/* Then no socket is ever opened (aw_socket_open.c): none of these is called, but all are linked. */
#elif !defined(APPWRITE_REALTIME)

aw_status aw_frames_new(const aw_frames_io *io, size_t max_message, size_t max_waiting, aw_frames **frames,
                        aw_error *error)
{
  (void)io;
  (void)max_message;
  (void)max_waiting;
  *frames = NULL;
  return aw_fail(error, AW_ARGUMENT, "this build of the library is without realtime");
}

void aw_frames_free(aw_frames *frames)
{
  (void)frames;
}

aw_status aw_frames_move(aw_frames *frames, aw_error *error)
{
  return aw_frames_ping(frames, error);
}

aw_message *aw_frames_take(aw_frames *frames)
{
  (void)frames;
  return NULL;
}

bool aw_frames_has_message(const aw_frames *frames)
{
  (void)frames;
  return false;
}

bool aw_frames_wants_read(const aw_frames *frames)
{
  return aw_frames_has_message(frames);
}

bool aw_frames_wants_write(const aw_frames *frames)
{
  return aw_frames_has_message(frames);
}

aw_status aw_frames_send(aw_frames *frames, const char *text, size_t length, aw_error *error)
{
  (void)text;
  (void)length;
  return aw_frames_ping(frames, error);
}

aw_status aw_frames_ping(aw_frames *frames, aw_error *error)
{
  (void)frames;
  return aw_fail(error, AW_ARGUMENT, "this build of the library is without realtime");
}

aw_status aw_frames_close(aw_frames *frames, int code, const char *reason, size_t length, aw_error *error)
{
  (void)code;
  return aw_frames_send(frames, reason, length, error);
}

bool aw_frames_is_closed(const aw_frames *frames)
{
  return !aw_frames_has_message(frames);
}

int aw_frames_code(const aw_frames *frames)
{
  (void)frames;
  return 0;
}

const char *aw_frames_reason(const aw_frames *frames)
{
  (void)frames;
  return "";
}

#endif
