/* fork, for specs: no package has it for every Lua. */
#define _POSIX_C_SOURCE 200809L

#include <lauxlib.h>
#include <lua.h>
#include <sys/wait.h>
#include <unistd.h>

/* fork() -> the child's id; 0 in the child */
static int forking_fork(lua_State *L)
{
  pid_t child = fork();
  if(child < 0)
    return luaL_error(L, "cannot fork");
  lua_pushnumber(L, (lua_Number)child);
  return 1;
}

/* wait(id) -> its exit status; 128 and the signal's number where one ended it */
static int forking_wait(lua_State *L)
{
  int status;
  pid_t child = (pid_t)luaL_checknumber(L, 1);
  if(waitpid(child, &status, 0) != child)
    return luaL_error(L, "there is no such child");
  lua_pushnumber(L, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 1;
}

/* quit(status): without a word to anything, as only the parent is to write what is buffered */
static int forking_quit(lua_State *L)
{
  _exit((int)luaL_checknumber(L, 1));
}

int luaopen_forking(lua_State *L);

int luaopen_forking(lua_State *L)
{
  lua_newtable(L);
  lua_pushcfunction(L, forking_fork);
  lua_setfield(L, -2, "fork");
  lua_pushcfunction(L, forking_wait);
  lua_setfield(L, -2, "wait");
  lua_pushcfunction(L, forking_quit);
  lua_setfield(L, -2, "quit");
  return 1;
}
