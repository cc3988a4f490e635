/* A count of the lines of lua/ that run, for spec/coverage: in every coroutine, and in programs that the specs start.
 *
 *   LUA_INIT_5_4='package.loadlib("…/covered.so", "luaopen_covered")("…/lua/", "…/counts/")'
 *
 * A hook in C, since one in Lua would have to be set in each coroutine anew, and would make garbage where specs measure
 * memory. Lua gives a new coroutine the hook of the one that makes it. When the process ends, a file in the directory
 * of counts gets a line for each line that ran: its file below lua/, its number, how often. */
#define _POSIX_C_SOURCE 200809L

#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES 256
#define LINES 2048
#define NAME 256

typedef struct file {
  char source[NAME]; /* as Lua names it */
  const char *name;  /* what of that is below lua/ */
  unsigned long hits[LINES];
} file;

static char root[NAME], counts[NAME];
static file *files[FILES];
static size_t used;

/* Library's sources are named by their whole path, from the checkout ("lua/…") or from lua/, as they were found. */
static const char *below_root(const char *source)
{
  size_t length = strlen(root);
  if(strncmp(source, root, length) == 0)
    return source + length;
  if(strncmp(source, "lua/appwrite", 12) == 0)
    return source + 4;
  return strncmp(source, "appwrite/", 9) == 0 || strcmp(source, "appwrite.lua") == 0 ? source : NULL;
}

static void give_up(const char *what)
{
  fprintf(stderr, "covered: %s\n", what);
  abort();
}

static file *find(const char *source)
{
  static file *last;
  const char *name;
  size_t i;
  if(last && strcmp(last->source, source) == 0)
    return last;
  for(i = 0; i < used; i++)
    if(strcmp(files[i]->source, source) == 0)
      return last = files[i];
  name = below_root(source);
  if(!name)
    return NULL;
  if(used == FILES || strlen(source) >= NAME)
    give_up("too many files, or a name too long");
  last = calloc(1, sizeof(*last));
  if(!last)
    give_up("no memory");
  strcpy(last->source, source);
  last->name = last->source + (name - source);
  return files[used++] = last;
}

static void count(lua_State *L, lua_Debug *event)
{
  file *where;
  lua_getinfo(L, "S", event);
  if(*event->source != '@')
    return;
  where = find(event->source + 1);
  if(!where)
    return;
  if(event->currentline >= LINES)
    give_up("a file of too many lines");
  where->hits[event->currentline]++;
}

/* By rename, so that a process that is killed meanwhile leaves no half of one. */
static void write_counts(void)
{
  char from[2 * NAME], to[2 * NAME];
  size_t i, line;
  FILE *out;
  snprintf(from, sizeof(from), "%s%ld.part", counts, (long)getpid());
  snprintf(to, sizeof(to), "%s%ld.hits", counts, (long)getpid());
  out = fopen(from, "w");
  if(!out)
    give_up("cannot write the counts");
  for(i = 0; i < used; i++)
    for(line = 0; line < LINES; line++)
      if(files[i]->hits[line])
        fprintf(out, "%s %lu %lu\n", files[i]->name, (unsigned long)line, files[i]->hits[line]);
  if(fclose(out) != 0 || rename(from, to) != 0)
    give_up("cannot write the counts");
}

__attribute__((visibility("default"))) int luaopen_covered(lua_State *L);

int luaopen_covered(lua_State *L)
{
  if(!*root) {
    snprintf(root, sizeof(root), "%s", luaL_checkstring(L, 1));
    snprintf(counts, sizeof(counts), "%s", luaL_checkstring(L, 2));
    atexit(write_counts);
  }
  lua_sethook(L, count, LUA_MASKLINE, 0);
  return 0;
}
