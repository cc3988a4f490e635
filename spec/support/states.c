/* Several Lua states in one process, each in a thread of its own with an engine of its own, all at the same time.
 *
 *   states SCRIPT: run states.lua against the server of APPWRITE_ENDPOINT; the library is found as any Lua finds it
 *
 * First all threads make many calls at once. Then each opens, uses and closes state after state, with calls under way
 * at the close, and with them loads and unloads the module. STATES_STATIC: the library is linked in instead. */
#define _POSIX_C_SOURCE 200809L

#ifdef STATES_STATIC
#include "appwrite_lua.h"
#endif

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>

#define THREADS 4
#define CALLS 200 /* of each thread's first state */
#define ROUNDS 25 /* further states of each thread */
#define ROUND_CALLS 3
#define ROUND_LEFT 5 /* calls under way when a state is closed */

typedef struct worker {
  pthread_t thread;
  const char *script;
  long calls; /* answered */
  int number;
  int failed;
} worker;

/* So that the first use of the library, and with it of libcurl, falls together. */
static pthread_barrier_t start;

static int open_libraries(lua_State *L)
{
  luaL_openlibs(L);
#ifdef STATES_STATIC
  appwrite_preload(L);
#endif
  return 0;
}

static int run_script(lua_State *L, const worker *self, int calls, int leave)
{
  int status;
  lua_pushcfunction(L, open_libraries);
  status = lua_pcall(L, 0, 0, 0);
  if(status == LUA_OK)
    status = luaL_loadfile(L, self->script);
  if(status != LUA_OK)
    return status;
  lua_pushinteger(L, self->number);
  lua_pushinteger(L, calls);
  lua_pushinteger(L, leave);
  return lua_pcall(L, 3, 1, 0);
}

static int live(worker *self, int calls, int leave)
{
  lua_State *L = luaL_newstate();
  int ok;
  if(!L) {
    fprintf(stderr, "thread %d: no memory\n", self->number);
    return 0;
  }
  ok = run_script(L, self, calls, leave) == LUA_OK;
  if(ok)
    self->calls += (long)lua_tointeger(L, -1);
  else
    fprintf(stderr, "thread %d: %s\n", self->number, luaL_tolstring(L, -1, NULL));
  lua_close(L);
  return ok;
}

static void *work(void *user)
{
  worker *self = user;
  int round, ok;
  pthread_barrier_wait(&start);
  ok = live(self, CALLS, 0);
  for(round = 0; ok && round < ROUNDS; round++)
    ok = live(self, ROUND_CALLS, ROUND_LEFT);
  self->failed = !ok;
  return NULL;
}

int main(int count, char **arguments)
{
  static worker workers[THREADS];
  int i, failed = 0;
  long calls = 0;
  if(count != 2) {
    fprintf(stderr, "usage: states SCRIPT\n");
    return 2;
  }
  pthread_barrier_init(&start, NULL, THREADS);
  for(i = 0; i < THREADS; i++) {
    workers[i].number = i + 1;
    workers[i].script = arguments[1];
    if(pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
      fprintf(stderr, "states: no thread\n");
      return 1;
    }
  }
  for(i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    failed += workers[i].failed;
    calls += workers[i].calls;
  }
  pthread_barrier_destroy(&start);
  printf("%d threads, %d states, %ld calls, %d failed\n", THREADS, THREADS * (ROUNDS + 1), calls, failed);
  return failed || calls != (long)THREADS * (CALLS + ROUNDS * ROUND_CALLS) ? 1 : 0;
}
