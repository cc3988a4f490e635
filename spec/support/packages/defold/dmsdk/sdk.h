/* Of Defold's headers, only what the extension uses: to see that it compiles. */
#ifndef STUB_DMSDK_SDK_H
#define STUB_DMSDK_SDK_H

#include <stdint.h>
#include <stdio.h>

extern "C" {
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
}

#define dmLogError(...) fprintf(stderr, __VA_ARGS__)

namespace dmExtension {
enum Result { RESULT_OK = 0, RESULT_INIT_ERROR = -1 };
struct Params {
  lua_State *m_L;
};
struct AppParams;
struct Event;
} // namespace dmExtension

struct ExtensionDesc {
  const char *name;
  dmExtension::Result (*app_init)(dmExtension::AppParams *);
  dmExtension::Result (*app_final)(dmExtension::AppParams *);
  dmExtension::Result (*init)(dmExtension::Params *);
  dmExtension::Result (*update)(dmExtension::Params *);
  void (*on_event)(dmExtension::Params *, const dmExtension::Event *);
  dmExtension::Result (*final)(dmExtension::Params *);
};

#define DM_DECLARE_EXTENSION(symbol, name, app_init, app_final, init, update, on_event, final) \
  extern "C" const ExtensionDesc symbol;                                                        \
  extern "C" const ExtensionDesc symbol = {name, app_init, app_final, init, update, on_event, final};

#endif
