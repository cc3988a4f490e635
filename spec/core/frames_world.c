#define _POSIX_C_SOURCE 200809L

#include "frames_world.h"

#include "aw_alloc.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

frames_world world;

void add(const char *text)
{
  while(*text) {
    if(*text == ' ') {
      text++;
    }
    else if(*text == '*') {
      char *after;
      size_t count = strtoul(text + 1, &after, 10);
      memset(world.in + world.length, 'a', count);
      world.length += count;
      text = after;
    }
    else {
      char digits[3] = {text[0], text[1], '\0'};
      world.in[world.length++] = (char)strtoul(digits, NULL, 16);
      text += 2;
    }
    assert_true(world.length <= sizeof(world.in));
  }
}

#ifdef APPWRITE_REALTIME

int sent_frame(size_t *position, unsigned char *payload, size_t *length)
{
  const unsigned char *frame = world.out + *position, *mask;
  size_t i, head = 2;
  if(*position >= world.sent)
    return 0;
  assert_true(frame[0] & 0x80);
  assert_true(frame[1] & 0x80);
  *length = frame[1] & 0x7f;
  if(*length == 126) {
    *length = (size_t)frame[2] << 8 | frame[3];
    head = 4;
  }
  if(*length == 127) {
    *length = (size_t)frame[7] << 16 | (size_t)frame[8] << 8 | frame[9];
    head = 10;
  }
  mask = frame + head;
  for(i = 0; i < *length; i++)
    payload[i] = frame[head + 4 + i] ^ mask[i % 4];
  *position += head + 4 + *length;
  return frame[0] & 0x0f;
}

int told_code(void)
{
  unsigned char payload[200];
  size_t position = 0, length;
  int opcode;
  while((opcode = sent_frame(&position, payload, &length)) != 0)
    if(opcode == 8)
      return length < 2 ? -1 : payload[0] << 8 | payload[1];
  return 0;
}

void assert_bytes(const char *bytes, size_t length, const char *expected, size_t expected_length, bool repeats)
{
  size_t i;
  assert_int_equal(length, expected_length);
  for(i = 0; i < length; i++)
    assert_int_equal(bytes[i], repeats ? 'a' : expected[i]);
}

/* NUL may be in a message, so the bars are looked for by its length. */
void assert_messages(aw_frames *frames, const char *expected, size_t length)
{
  const char *end = expected + length;
  while(expected < end) {
    aw_message *message = aw_frames_take(frames);
    const char *stop = memchr(expected, '|', (size_t)(end - expected));
    bool repeats = expected[1] == '*';
    size_t size;
    if(!stop)
      stop = end;
    size = repeats ? strtoul(expected + 2, NULL, 10) : (size_t)(stop - expected) - 2;
    assert_non_null(message);
    assert_int_equal(message->is_binary, expected[0] == 'b');
    assert_bytes(message->bytes, message->length, expected + 2, size, repeats);
    aw_free(message);
    expected = stop + 1;
  }
  assert_null(aw_frames_take(frames));
}

static void begin(size_t step)
{
  memset(&world, 0, sizeof(world));
  world.step = step;
}

static aw_frames *make(const aw_frames_io *io, size_t max_waiting)
{
  aw_frames *frames;
  aw_error error;
  assert_int_equal(aw_frames_new(io, MESSAGE_MAX, max_waiting, &frames, &error), AW_OK);
  return frames;
}

/* How many bytes come next. */
static size_t next_step(void)
{
  size_t left = world.length - world.position;
  return left < world.step ? left : world.step;
}

#ifndef APPWRITE_WEBSOCKET_CURL

#define ROUNDS 4

static long receive_bytes(void *user, void *bytes, size_t max)
{
  size_t count = next_step();
  (void)user;
  if(world.broken)
    return AW_IO_FAILED;
  if(!count)
    return world.end ? 0 : AW_IO_AGAIN;
  if(count > max)
    count = max;
  memcpy(bytes, world.in + world.position, count);
  world.position += count;
  return (long)count;
}

static long send_bytes(void *user, const void *bytes, size_t length)
{
  (void)user;
  if(world.broken)
    return AW_IO_FAILED;
  if(world.blocked)
    return AW_IO_AGAIN;
  if(world.room && world.taken >= world.room)
    return AW_IO_AGAIN;
  if(world.room && length > world.room - world.taken)
    length = world.room - world.taken;
  world.taken += length;
  assert_true(length <= sizeof(world.out) - world.sent);
  memcpy(world.out + world.sent, bytes, length);
  world.sent += length;
  return (long)length;
}

aw_frames *open_frames(size_t step, size_t max_waiting)
{
  aw_frames_io io = {receive_bytes, send_bytes, NULL};
  begin(step);
  return make(&io, max_waiting);
}

void close_frames(aw_frames *frames)
{
  aw_frames_free(frames);
}

aw_status move_on(aw_frames *frames, aw_error *error)
{
  aw_status status;
  int round;
  error->message[0] = '\0';
  for(round = 0; round < ROUNDS; round++) {
    world.taken = 0;
    status = aw_frames_move(frames, error);
    if(status != AW_OK || aw_frames_is_closed(frames))
      return status;
  }
  return AW_OK;
}

#else

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
#define SEND_BUFFER 1 /* bytes, of which the system makes as few as it has */

static struct {
  CURL *easy;
  char message[CURL_ERROR_SIZE];
  int own, peer;
  size_t heard; /* times */
} wire;

static curl_socket_t open_wire(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
  (void)user;
  (void)purpose;
  (void)address;
  return wire.own;
}

static int is_connected(void *user, curl_socket_t fd, curlsocktype purpose)
{
  (void)user;
  (void)fd;
  (void)purpose;
  return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static void on_heard(void *user)
{
  (void)user;
  wire.heard++;
}

static void shake_hands(void)
{
  char request[4096];
  wire.easy = curl_easy_init();
  assert_non_null(wire.easy);
  curl_easy_setopt(wire.easy, CURLOPT_URL, "ws://127.0.0.1:9/");
  curl_easy_setopt(wire.easy, CURLOPT_PROXY, "");
  curl_easy_setopt(wire.easy, CURLOPT_CONNECT_ONLY, 2L);
  curl_easy_setopt(wire.easy, CURLOPT_WS_OPTIONS, (long)CURLWS_NOAUTOPONG);
  curl_easy_setopt(wire.easy, CURLOPT_ERRORBUFFER, wire.message);
  curl_easy_setopt(wire.easy, CURLOPT_OPENSOCKETFUNCTION, open_wire);
  curl_easy_setopt(wire.easy, CURLOPT_SOCKOPTFUNCTION, is_connected);
  assert_int_equal(write(wire.peer, ANSWER, sizeof(ANSWER) - 1), sizeof(ANSWER) - 1);
  if(curl_easy_perform(wire.easy) != CURLE_OK)
    fail_msg("libcurl made no handshake: %s", wire.message);
  assert_true(read(wire.peer, request, sizeof(request)) > 0);
}

aw_frames *open_frames(size_t step, size_t max_waiting)
{
  int ends[2], size = SEND_BUFFER;
  aw_frames_io io = {NULL, wire.message, on_heard, NULL};
  begin(step);
  memset(&wire, 0, sizeof(wire));
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  wire.own = ends[0];
  wire.peer = ends[1];
  assert_int_equal(setsockopt(wire.own, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
  shake_hands();
  io.easy = wire.easy;
  return make(&io, max_waiting);
}

static void hang_up(void)
{
  if(wire.peer >= 0)
    close(wire.peer);
  wire.peer = -1;
}

void close_frames(aw_frames *frames)
{
  aw_frames_free(frames);
  curl_easy_cleanup(wire.easy);
  hang_up();
}

static void serve(void)
{
  size_t count = next_step();
  if(world.broken)
    hang_up();
  if(wire.peer < 0)
    return;
  if(count) {
    ssize_t sent = send(wire.peer, world.in + world.position, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    world.position += sent > 0 ? (size_t)sent : 0;
  }
  else if(world.end)
    shutdown(wire.peer, SHUT_WR);
}

static void keep_sent(void)
{
  ssize_t count = 0;
  if(wire.peer < 0 || world.blocked)
    return;
  do {
    size_t room = sizeof(world.out) - world.sent;
    assert_true(room > 0);
    count = recv(wire.peer, world.out + world.sent, world.room && world.room < room ? world.room : room, MSG_DONTWAIT);
    world.sent += count > 0 ? (size_t)count : 0;
  } while(count > 0 && !world.room);
}

/* What came last is heard of in the next step, and answered in the one after. */
aw_status move_on(aw_frames *frames, aw_error *error)
{
  aw_status status = AW_OK;
  int idle = 0;
  error->message[0] = '\0';
  while(idle < 3 && status == AW_OK && !aw_frames_is_closed(frames)) {
    size_t position = world.position, sent = world.sent;
    if(aw_frames_wants_read(frames))
      serve();
    status = aw_frames_move(frames, error);
    keep_sent();
    idle = position == world.position && sent == world.sent ? idle + 1 : 0;
  }
  return status;
}

#endif
#endif
