/* A game's host program: Lua inside, the game's own code in a script, 60 frames a second. The library, lua-cjson and
 * Lua itself are linked in: package.path and package.cpath are empty.
 *
 *   embed SCRIPT [FRAMES]: run the script, for that many frames at the most (600 if not told) */
#define _POSIX_C_SOURCE 200809L

#include "appwrite_lua.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FRAME_NANOSECONDS (1000000000L / 60)

int luaopen_cjson(lua_State *L);

/* What the loop calls, as references into the registry. */
typedef struct game {
  lua_State *L;
  int poll;   /* appwrite.poll */
  int update; /* the script's function: true while the game goes on */
} game;

static double seconds_since(const struct timespec *start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Runs in protected mode: whatever fails becomes a message. */
static int set_up(lua_State *L)
{
  game *self = lua_touserdata(L, 1);
  const char *script = lua_tostring(L, 2);
  luaL_openlibs(L);
  appwrite_preload(L);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(L, luaopen_cjson);
  lua_setfield(L, -2, "cjson");
  lua_getglobal(L, "package");
  lua_pushliteral(L, "");
  lua_setfield(L, -2, "path");
  lua_pushliteral(L, "");
  lua_setfield(L, -2, "cpath");

  lua_getglobal(L, "require");
  lua_pushliteral(L, "appwrite");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "poll");
  self->poll = luaL_ref(L, LUA_REGISTRYINDEX);

  if(luaL_loadfile(L, script) != LUA_OK)
    return lua_error(L);
  lua_call(L, 0, 1);
  luaL_checktype(L, -1, LUA_TFUNCTION);
  self->update = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

static int report(lua_State *L, int status)
{
  if(status != LUA_OK)
    fprintf(stderr, "embed: %s\n", luaL_tolstring(L, -1, NULL));
  return status == LUA_OK;
}

static int begin(game *self, const char *script)
{
  lua_pushcfunction(self->L, set_up);
  lua_pushlightuserdata(self->L, self);
  lua_pushstring(self->L, script);
  return report(self->L, lua_pcall(self->L, 2, 0, 0));
}

/* One frame: what has arrived is handed on, then the game moves. */
static int run_frame(game *self, int *going_on)
{
  lua_State *L = self->L;
  lua_rawgeti(L, LUA_REGISTRYINDEX, self->poll);
  if(!report(L, lua_pcall(L, 0, 0, 0)))
    return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, self->update);
  if(!report(L, lua_pcall(L, 0, 1, 0)))
    return 0;
  *going_on = lua_toboolean(L, -1);
  lua_settop(L, 0);
  return 1;
}

static void next_frame(struct timespec *due)
{
  due->tv_nsec += FRAME_NANOSECONDS;
  if(due->tv_nsec >= 1000000000L) {
    due->tv_nsec -= 1000000000L;
    due->tv_sec++;
  }
  while(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, NULL) != 0)
    ; /* a signal came */
}

static int run(game *self, long frames)
{
  struct timespec start, due;
  double longest = 0;
  long frame = 0;
  int going_on = 1;
  clock_gettime(CLOCK_MONOTONIC, &start);
  due = start;
  while(going_on && frame < frames) {
    struct timespec begun;
    double took;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    if(!run_frame(self, &going_on))
      return 0;
    took = seconds_since(&begun);
    longest = took > longest ? took : longest;
    frame++;
    next_frame(&due);
  }
  printf("%ld frames in %.2f s; the longest took %.2f ms of its 16.67\n", frame, seconds_since(&start), longest * 1000);
  if(going_on)
    fprintf(stderr, "embed: the game was not over after %ld frames\n", frames);
  return !going_on;
}

int main(int count, char **arguments)
{
  game self = {NULL, LUA_NOREF, LUA_NOREF};
  long frames = count > 2 ? strtol(arguments[2], NULL, 10) : 600;
  int done;
  if(count < 2) {
    fprintf(stderr, "usage: embed SCRIPT [FRAMES]\n");
    return 2;
  }
  self.L = luaL_newstate();
  if(!self.L) {
    fprintf(stderr, "embed: no memory\n");
    return 1;
  }
  done = begin(&self, arguments[1]) && run(&self, frames);
  lua_close(self.L);
  return done ? 0 : 1;
}
