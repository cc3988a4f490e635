/* What the binding's classes have in common: making one, finding one, reading a table of options. */
#ifndef LAW_AUX_H
#define LAW_AUX_H

#include "aw_error.h"
#include "aw_fields.h"
#include "law_compat.h"

#include <stddef.h>

#define LAW_ENGINE "appwrite.core.Engine"
#define LAW_CLIENT "appwrite.core.Session"
#define LAW_REQUEST "appwrite.core.Request"
#define LAW_FILE "appwrite.core.File"
#define LAW_SOCKET "appwrite.core.Socket"
#define LAW_BUFFER "appwrite.core.Buffer"

/* Make a class's metatable: `metamethods` and, behind __index, `methods`. Leaves nothing on the stack. */
void law_class(lua_State *L, const char *name, const luaL_Reg *metamethods, const luaL_Reg *methods);

/* nil, kind, message */
int law_push_error(lua_State *L, const aw_error *error);

/* Out of memory is raised, as Lua does itself; all else is left to the caller. */
void law_raise_memory(lua_State *L, const aw_error *error);

/* nil, message; out of memory is raised. */
int law_refuse(lua_State *L, const aw_error *error);

typedef enum law_type { LAW_STRING, LAW_NUMBER, LAW_BOOLEAN, LAW_TABLE, LAW_BYTES, LAW_USERDATA } law_type;

/* One field of an option table: where its value goes in a struct. LAW_TABLE, LAW_BYTES and LAW_USERDATA are only
 * allowed: their readers take them. */
typedef struct law_option {
  const char *name;
  law_type type;
  size_t offset; /* of a const char *, a double or a bool */
} law_option;

/* Read the table at `index` (absolute) into `target`, which keeps what the table does not name. Strings stay Lua's:
 * they live as long as the table keeps them. Raises for an unknown name or a wrong type; that is a fault of the Lua
 * code of this library, which has checked before. AW_ARGUMENT for a string with a NUL in it, which C would cut. */
aw_status law_read_options(lua_State *L, int index, const law_option *options, void *target, aw_error *error);

/* The header fields in field `name` of the table at `index`: an array, kept in a userdata left on the stack (nil where
 * there is no such field), whose strings live as long as the table. */
aw_status law_read_fields(lua_State *L, int index, const char *name, const aw_field **fields, size_t *count,
                          aw_error *error);

#endif
