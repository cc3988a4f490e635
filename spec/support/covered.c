/* A count of the lines of lua/ that run, and of which way conditions go, for counting.lua: in every coroutine, and in
 * programs that the specs start.
 *
 *   local counter = package.loadlib("…/covered.so", "luaopen_covered")("…/lua/", "…/counts/")
 *   local count = counter("appwrite/json.lua")   -- a file of lua/, as branches.lua has copied it
 *   local same = count(number, value)            -- counts for the condition of that number
 *
 * In C, since a hook in Lua would have to be set in each coroutine anew, and would make garbage where specs measure
 * memory. Lua gives a new coroutine the hook of the one that makes it. When the process ends, a file in the directory
 * of counts gets a line for each line that ran (its file below lua/, its number, how often), and another one for each
 * condition (its file, its number, how often it was true, how often not). */
#define _POSIX_C_SOURCE 200809L

#include <lauxlib.h>
#include <lua.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FILES 256
#define LINES 2048
#define CONDITIONS 1024 /* of a file */
#define NAME 256

typedef struct file {
  char source[NAME]; /* as Lua names it */
  const char *name;  /* what of that is below lua/ */
  unsigned long hits[LINES];
} file;

typedef struct choices {
  char name[NAME];
  unsigned long taken[CONDITIONS][2]; /* false, true */
} choices;

static char root[NAME], counts[NAME];
static file *files[FILES];
static choices *branched[FILES];
static size_t used, branched_used;

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

/* The counter itself: it gives back its second argument, and allocates nothing. */
static int count_choice(lua_State *L)
{
  choices *where = lua_touserdata(L, lua_upvalueindex(1));
  lua_Integer number = lua_tointeger(L, 1);
  if(number < 1 || number >= CONDITIONS)
    give_up("a file of too many conditions");
  where->taken[number][lua_toboolean(L, 2)]++;
  lua_settop(L, 2);
  return 1;
}

static int new_counter(lua_State *L)
{
  const char *name = luaL_checkstring(L, 1);
  size_t i;
  for(i = 0; i < branched_used && strcmp(branched[i]->name, name) != 0; i++)
    ;
  if(i == branched_used) {
    if(i == FILES || strlen(name) >= NAME)
      give_up("too many files, or a name too long");
    branched[i] = calloc(1, sizeof(*branched[i]));
    if(!branched[i])
      give_up("no memory");
    strcpy(branched[i]->name, name);
    branched_used++;
  }
  lua_pushlightuserdata(L, branched[i]);
  lua_pushcclosure(L, count_choice, 1);
  return 1;
}

static void write_lines(FILE *out)
{
  size_t i, line;
  for(i = 0; i < used; i++)
    for(line = 0; line < LINES; line++)
      if(files[i]->hits[line])
        fprintf(out, "%s %lu %lu\n", files[i]->name, (unsigned long)line, files[i]->hits[line]);
}

static void write_choices(FILE *out)
{
  size_t i, number;
  for(i = 0; i < branched_used; i++)
    for(number = 0; number < CONDITIONS; number++) {
      const unsigned long *taken = branched[i]->taken[number];
      if(taken[0] || taken[1])
        fprintf(out, "%s %lu %lu %lu\n", branched[i]->name, (unsigned long)number, taken[1], taken[0]);
    }
}

/* By rename, so that a process that is killed meanwhile leaves no half of one; by the time too, since numbers of
 * processes come again. */
static void write_file(const char *kind, void (*fill)(FILE *out))
{
  char to[2 * NAME], from[sizeof(to) + sizeof(".part")];
  struct timespec now;
  FILE *out;
  clock_gettime(CLOCK_REALTIME, &now);
  snprintf(to, sizeof(to), "%s%ld-%ld-%ld.%s", counts, (long)getpid(), (long)now.tv_sec, now.tv_nsec, kind);
  snprintf(from, sizeof(from), "%s.part", to);
  out = fopen(from, "w");
  if(!out)
    give_up("cannot write the counts");
  fill(out);
  if(fclose(out) != 0 || rename(from, to) != 0)
    give_up("cannot write the counts");
}

static void write_counts(void)
{
  write_file("hits", write_lines);
  write_file("choices", write_choices);
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
  lua_pushcclosure(L, new_counter, 0);
  return 1;
}
