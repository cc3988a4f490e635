/* The classes of the module appwrite.core, each in a file of its own. */
#ifndef LAW_CORE_H
#define LAW_CORE_H

#include "aw_engine.h"
#include "aw_request.h"
#include "aw_socket.h"
#include "law_aux.h"

/* Userdata. A NULL pointer means closed. */
typedef struct law_engine {
  aw_engine *engine; /* one reference */
} law_engine;

typedef struct law_client {
  aw_client *client; /* one reference */
} law_client;

typedef struct law_socket {
  aw_socket *socket; /* one reference, once opened */
} law_socket;

typedef struct law_file {
  aw_file *file; /* one reference */
} law_file;

typedef struct law_request {
  aw_request *request; /* one reference, once started */
  aw_body body;        /* while it is put together */
  bool taken;          /* its result was handed out */
} law_request;

void law_engine_class(lua_State *L);
void law_client_class(lua_State *L);
void law_request_class(lua_State *L);
void law_socket_class(lua_State *L);
void law_file_class(lua_State *L);
void law_buffer_class(lua_State *L);

/* engine() -> engine */
int law_engine_new(lua_State *L);

/* file(path) -> file, or nil, kind, message */
int law_file_new(lua_State *L);

/* keep(path, bytes) -> true, or nil, kind, message: see aw_file_keep */
int law_file_keep(lua_State *L);

/* tidy(path): see aw_file_tidy */
int law_file_tidy(lua_State *L);

/* The file in field `name` of the table at `index`, or NULL. Lives as long as the table keeps it. */
aw_file *law_file_read(lua_State *L, int index, const char *name);

/* buffer(max) -> buffer */
int law_buffer_new(lua_State *L);

/* The bytes of the buffer at `index`; they live as long as it and never move. */
const char *law_buffer_read(lua_State *L, int index, size_t *length);

/* settle(value, array, keep, empty) -> met, again: change a table that lua-cjson has made of a text in place. `array`
 * becomes the metatable of its arrays, those of the one number `empty` (nil: there are none) become empty and are
 * counted, whole floats become integers, nulls in objects go unless `keep`. `again`: a number may be a rounded integer,
 * or is none. */
int law_json_settle(lua_State *L);

/* exchange(text, marker) -> text, count: with the marker (digits) in every empty array. Nothing for texts that need a
 * closer look: with a NUL, the marker, or a number that begins with "-.". */
int law_json_exchange(lua_State *L);

/* Push a session over `client` of the engine at `engine_index`; takes no reference: `client` is filled in after. */
law_client *law_client_push(lua_State *L, int engine_index);

/* A request userdata, closed and empty, on the stack. */
law_request *law_request_push(lua_State *L);

/* Read a body part description at `index` (absolute) into `body`, which is for the request at the absolute index
 * `request_index`: long strings and buffers are not copied, but kept alive by it. */
aw_status law_request_read_part(lua_State *L, int index, int request_index, aw_body *body, aw_error *error);

/* A socket userdata, closed and empty, on the stack. */
law_socket *law_socket_push(lua_State *L);

/* Read what a socket is opened with from the table at `index` (absolute). Leaves a value on the stack that the fields
 * live in. */
aw_status law_socket_read(lua_State *L, int index, aw_socket_spec *spec, aw_error *error);

/* Anchor what is at the top of the stack and stands for `object`, a request or a socket, in the engine at
 * `engine_index` while it is under way. Pops it. */
void law_engine_anchor(lua_State *L, int engine_index, void *object);

#endif
