/* aw_frames.h over libcurl's WebSocket. libcurl reads and writes the frames and checks their heads; that fragments make
 * a message, its maximum, UTF-8, the answers to pings and the closing handshake are done here.
 *
 * What libcurl treats otherwise than wslay: a length in more bytes than it needs is let pass, and where frames are
 * malformed the server is always told 1002. The codes 1012 to 1014, registered later than RFC 6455, are taken. */
#include "aw_frames.h"

#if defined(APPWRITE_REALTIME) && defined(APPWRITE_WEBSOCKET_CURL)

#include "aw.h"
#include "aw_alloc.h"
#include "aw_buf.h"
#include "aw_utf8.h"

#include <curl/curl.h>
#include <string.h>

#if LIBCURL_VERSION_NUM < AW_WEBSOCKET_SINCE
#error "realtime by libcurl needs libcurl 8.14.1 or newer"
#endif

#define SEND_MAX ((size_t)1024 * 1024) /* bytes of texts that wait to be sent */
#define SEND_COUNT_MAX 10000           /* of those texts */
#define REPLIES_MAX 64                 /* control frames that wait to be sent, beyond which no more pings are read */
#define CONTROL_MAX 125                /* bytes of a control frame: RFC 6455, section 5.5 */
#define REASON_MAX (CONTROL_MAX - 2)
#define NO_CODE 1005 /* section 7.4.1: none was given */
#define BAD_FRAME 1002
#define BAD_TEXT 1007
#define TOO_LARGE 1009
#define READ_BYTES 16384

typedef struct outgoing {
  struct outgoing *next;
  unsigned int kind; /* CURLWS_… */
  size_t length, sent;
  char bytes[1]; /* more of them */
} outgoing;

typedef struct outgoing_list {
  outgoing *first, *last;
  size_t count, bytes;
} outgoing_list;

struct aw_frames {
  aw_frames_io io;
  aw_messages messages;
  aw_buf fragments; /* of the message that has not all come */
  char control[CONTROL_MAX];
  size_t control_length;
  outgoing *current; /* that may be sent in part: libcurl takes no other before it is out */
  outgoing_list controls, texts;
  bool deaf;   /* nothing is read any more: the server has closed, or broke the rules */
  bool ended;  /* the stream has */
  bool broken; /* it failed */
  bool no_memory;
  bool closing; /* a close is queued or sent */
  bool told;    /* it is sent */
  int fault;    /* the code for the rule that the server broke */
  int code;
  char reason[REASON_MAX + 1];
};

/* To be sent ------------------------------------------------------------------------------------------------------ */

static bool put(outgoing_list *list, unsigned int kind, const char *bytes, size_t length)
{
  outgoing *made = aw_alloc(sizeof(*made) + length);
  if(!made)
    return false;
  made->next = NULL;
  made->kind = kind;
  made->length = length;
  made->sent = 0;
  if(length)
    memcpy(made->bytes, bytes, length);
  if(list->last)
    list->last->next = made;
  else
    list->first = made;
  list->last = made;
  list->count++;
  list->bytes += length;
  return true;
}

static outgoing *pull(outgoing_list *list)
{
  outgoing *first = list->first;
  if(!first)
    return NULL;
  list->first = first->next;
  if(!list->first)
    list->last = NULL;
  list->count--;
  list->bytes -= first->length;
  return first;
}

static void drop_all(outgoing_list *list)
{
  outgoing *one;
  while((one = pull(list)) != NULL)
    aw_free(one);
}

/* Control frames go first, as section 5.5 lets them; behind a close nothing goes. */
static bool choose(aw_frames *frames)
{
  if(!frames->current)
    frames->current = pull(&frames->controls);
  if(!frames->current)
    frames->current = pull(&frames->texts);
  return frames->current != NULL;
}

static void finish_current(aw_frames *frames)
{
  if(frames->current->kind == CURLWS_CLOSE) {
    frames->told = true;
    drop_all(&frames->controls);
    drop_all(&frames->texts);
  }
  aw_free(frames->current);
  frames->current = NULL;
}

static void send_all(aw_frames *frames)
{
  while(!frames->told && choose(frames)) {
    outgoing *one = frames->current;
    size_t left = one->length - one->sent, count = 0;
    CURLcode code = curl_ws_send(frames->io.easy, one->bytes + one->sent, left, &count, 0, one->kind);
    if(code == CURLE_AGAIN)
      return;
    if(code != CURLE_OK) {
      frames->no_memory = code == CURLE_OUT_OF_MEMORY;
      frames->broken = true;
      return;
    }
    one->sent += count;
    if(count < left) /* the stream takes no more by now */
      return;
    finish_current(frames);
  }
}

static void queue_close(aw_frames *frames, int code, const char *reason, size_t length)
{
  char bytes[CONTROL_MAX];
  if(frames->closing)
    return;
  bytes[0] = (char)(code >> 8);
  bytes[1] = (char)(code & 0xff);
  if(length)
    memcpy(bytes + 2, reason, length);
  frames->closing = put(&frames->controls, CURLWS_CLOSE, bytes, code == NO_CODE ? 0 : length + 2);
  frames->no_memory = frames->no_memory || !frames->closing;
}

/* Received -------------------------------------------------------------------------------------------------------- */

static bool is_full(const aw_frames *frames)
{
  return aw_messages_are_full(&frames->messages) || frames->controls.count > REPLIES_MAX;
}

static void accuse(aw_frames *frames, int code)
{
  frames->fault = code;
  frames->deaf = true;
  queue_close(frames, code, "", 0);
}

static void take_text(aw_frames *frames, const struct curl_ws_frame *frame, const char *bytes, size_t length)
{
  aw_buf *all = &frames->fragments;
  bool is_binary = (frame->flags & CURLWS_BINARY) != 0;
  size_t room = all->max - all->length;
  if(length > room || frame->bytesleft > (curl_off_t)(room - length)) {
    accuse(frames, TOO_LARGE);
    return;
  }
  frames->no_memory = aw_buf_add(all, bytes, length) != AW_BUF_OK;
  if(frames->no_memory || frame->bytesleft || (frame->flags & CURLWS_CONT))
    return;
  if(is_binary || aw_utf8_ok(all->data, all->length))
    frames->no_memory = !aw_messages_add(&frames->messages, all->data, all->length, is_binary);
  else
    accuse(frames, BAD_TEXT);
  aw_buf_clear(all);
}

/* Those of section 7.4 and of IANA's registry that may be sent. */
static bool may_be_sent(int code)
{
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

static void take_close(aw_frames *frames)
{
  const unsigned char *bytes = (const unsigned char *)frames->control;
  size_t length = frames->control_length > 2 ? frames->control_length - 2 : 0;
  int code = frames->control_length > 1 ? bytes[0] << 8 | bytes[1] : NO_CODE;
  if(frames->control_length == 1 || (frames->control_length && !may_be_sent(code))) {
    accuse(frames, BAD_FRAME);
    return;
  }
  if(!aw_utf8_ok(frames->control + 2, length)) {
    accuse(frames, BAD_TEXT);
    return;
  }
  frames->deaf = true;
  frames->code = code;
  memcpy(frames->reason, frames->control + 2, length);
  frames->reason[length] = '\0';
  queue_close(frames, code, "", 0);
}

/* It may come in pieces, too. libcurl lets none pass that is longer than it may be. */
static void take_control(aw_frames *frames, const struct curl_ws_frame *frame, const char *bytes, size_t length)
{
  if(length > CONTROL_MAX - frames->control_length) {
    accuse(frames, BAD_FRAME);
    return;
  }
  memcpy(frames->control + frames->control_length, bytes, length);
  frames->control_length += length;
  if(frame->bytesleft)
    return;
  if(frame->flags & CURLWS_CLOSE)
    take_close(frames);
  else if((frame->flags & CURLWS_PING) && !frames->closing)
    frames->no_memory = !put(&frames->controls, CURLWS_PONG, frames->control, frames->control_length);
  frames->control_length = 0;
}

/* libcurl has one code for a frame that it refuses and for a connection that breaks. It says which, unless it has said
 * something else before, of another address for one; but then the connection still goes. */
static bool refuses_frame(const aw_frames *frames)
{
  char byte;
  size_t count = 0;
  CURLcode code;
  if(strncmp(frames->io.message, "[WS]", 4) == 0)
    return true;
  code = curl_easy_recv(frames->io.easy, &byte, 1, &count);
  return code == CURLE_AGAIN || (code == CURLE_OK && count);
}

static void take_failure(aw_frames *frames, CURLcode code)
{
  if(code == CURLE_GOT_NOTHING)
    frames->ended = true;
  else if(code == CURLE_OUT_OF_MEMORY)
    frames->no_memory = true;
  else if(code == CURLE_RECV_ERROR && refuses_frame(frames))
    accuse(frames, BAD_FRAME);
  else if(code != CURLE_AGAIN)
    frames->broken = true;
}

/* Whether there may be more. */
static bool receive(aw_frames *frames)
{
  char bytes[READ_BYTES];
  size_t count = 0;
  const struct curl_ws_frame *frame = NULL;
  CURLcode code = curl_ws_recv(frames->io.easy, bytes, sizeof(bytes), &count, &frame);
  if(code != CURLE_OK) {
    take_failure(frames, code);
    return false;
  }
  frames->io.heard(frames->io.user);
  if(frame->flags & (CURLWS_TEXT | CURLWS_BINARY))
    take_text(frames, frame, bytes, count);
  else
    take_control(frames, frame, bytes, count);
  return !frames->no_memory;
}

/* ----------------------------------------------------------------------------------------------------------------- */

aw_status aw_frames_new(const aw_frames_io *io, size_t max_message, size_t max_waiting, aw_frames **frames,
                        aw_error *error)
{
  aw_frames *made = aw_alloc_zeroed(1, sizeof(*made));
  if(!made)
    return aw_fail_memory(error);
  made->io = *io;
  made->messages.max = max_waiting;
  aw_buf_init(&made->fragments, max_message);
  *frames = made;
  return AW_OK;
}

void aw_frames_free(aw_frames *frames)
{
  if(!frames)
    return;
  aw_messages_deinit(&frames->messages);
  aw_buf_deinit(&frames->fragments);
  drop_all(&frames->controls);
  drop_all(&frames->texts);
  aw_free(frames->current);
  aw_free(frames);
}

static const char *fault(int code)
{
  switch(code) {
  case BAD_TEXT:
    return "the server sent a text that is no UTF-8";
  case TOO_LARGE:
    return "the server sent a message that is too large";
  default:
    return "the server broke the rules of the WebSocket protocol";
  }
}

aw_status aw_frames_move(aw_frames *frames, aw_error *error)
{
  while(!frames->deaf && !frames->ended && !is_full(frames) && receive(frames))
    ;
  if(!frames->ended && !frames->broken && !frames->no_memory)
    send_all(frames);
  if(frames->no_memory)
    return aw_fail_memory(error);
  if(frames->fault)
    return aw_fail(error, AW_PROTOCOL, "%s", fault(frames->fault));
  if((frames->ended || frames->broken) && !frames->code)
    return aw_fail(error, AW_NETWORK, "the connection to the server broke");
  return AW_OK;
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
  return !frames->deaf && !is_full(frames);
}

bool aw_frames_wants_write(const aw_frames *frames)
{
  return !frames->told && (frames->current || frames->controls.first || frames->texts.first);
}

static aw_status check_open(const aw_frames *frames, aw_error *error)
{
  return frames->closing ? aw_fail(error, AW_ARGUMENT, "the WebSocket is closing") : AW_OK;
}

aw_status aw_frames_send(aw_frames *frames, const char *text, size_t length, aw_error *error)
{
  size_t waiting = frames->texts.bytes;
  aw_status status = check_open(frames, error);
  if(frames->current && frames->current->kind == CURLWS_TEXT)
    waiting += frames->current->length;
  if(status != AW_OK)
    return status;
  if(length > SEND_MAX || waiting > SEND_MAX - length)
    return aw_fail(error, AW_ARGUMENT, "more than %d bytes wait to be sent over the WebSocket", (int)SEND_MAX);
  if(frames->texts.count >= SEND_COUNT_MAX)
    return aw_fail(error, AW_ARGUMENT, "more than %d texts wait to be sent over the WebSocket", SEND_COUNT_MAX);
  if(!aw_utf8_ok(text, length))
    return aw_fail(error, AW_ARGUMENT, "this cannot be sent over a WebSocket");
  return put(&frames->texts, CURLWS_TEXT, text, length) ? AW_OK : aw_fail_memory(error);
}

aw_status aw_frames_ping(aw_frames *frames, aw_error *error)
{
  aw_status status = check_open(frames, error);
  if(status != AW_OK)
    return status;
  if(frames->controls.count > REPLIES_MAX)
    return aw_fail(error, AW_ARGUMENT, "more than %d pings wait to be sent over the WebSocket", REPLIES_MAX);
  return put(&frames->controls, CURLWS_PING, "", 0) ? AW_OK : aw_fail_memory(error);
}

aw_status aw_frames_close(aw_frames *frames, int code, const char *reason, size_t length, aw_error *error)
{
  if(code < 1000 || code > 4999 || length > REASON_MAX)
    return aw_fail(error, AW_ARGUMENT, "a WebSocket is closed with a code from 1000 to 4999 and %d bytes at the most",
                   REASON_MAX);
  if(!may_be_sent(code) || !aw_utf8_ok(reason, length))
    return aw_fail(error, AW_ARGUMENT, "this code, or this reason, cannot close a WebSocket");
  queue_close(frames, code, reason, length);
  return frames->no_memory ? aw_fail_memory(error) : AW_OK;
}

bool aw_frames_is_closed(const aw_frames *frames)
{
  return frames->code && (frames->told || frames->ended || frames->broken);
}

int aw_frames_code(const aw_frames *frames)
{
  return frames->code;
}

const char *aw_frames_reason(const aw_frames *frames)
{
  return frames->reason;
}

#endif
