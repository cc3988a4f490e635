rockspec_format = "3.0"
package = "appwrite"
version = "scm-1"
source = {
  url = "git+file://.",
}
description = {
  summary = "Client for the Appwrite server on a C core, for scripts, games and nginx",
  detailed = [[
    All 95 operations of Appwrite's client API 1.5, with checked parameters, errors as values, sessions, chunked uploads,
    and exact JSON numbers. The transport is libcurl, in C.
  ]],
  license = "MIT",
  labels = { "appwrite", "http", "client", "game", "openresty" },
}
supported_platforms = { "unix" }
dependencies = {
  "lua >= 5.1, < 5.5",
  "lua-cjson >= 2.1.0",
}
external_dependencies = {
  -- No header: Debian keeps it where compilers look and LuaRocks does not.
  CURL = { library = "curl" },
}
build = {
  type = "builtin",
  modules = {
    ["appwrite.core"] = {
      sources = {
        "csrc/aw_alloc.c",
        "csrc/aw_body.c",
        "csrc/aw_buf.c",
        "csrc/aw_client.c",
        "csrc/aw_connection.c",
        "csrc/aw_cookies.c",
        "csrc/aw_endpoint.c",
        "csrc/aw_engine.c",
        "csrc/aw_error.c",
        "csrc/aw_fields.c",
        "csrc/aw_headers.c",
        "csrc/aw_request.c",
        "csrc/aw_sink.c",
        "csrc/aw_source.c",
        "csrc/aw_system.c",
        "csrc/aw_transfer.c",
        "csrc/aw_watch.c",
        "csrc/law_aux.c",
        "csrc/law_client.c",
        "csrc/law_engine.c",
        "csrc/law_open.c",
        "csrc/law_request.c",
      },
      incdirs = { "csrc", "$(CURL_INCDIR)" },
      libdirs = { "$(CURL_LIBDIR)" },
      libraries = { "curl", "pthread" },
    },
    ["appwrite"] = "lua/appwrite.lua",
    ["appwrite.argument"] = "lua/appwrite/argument.lua",
    ["appwrite.build"] = "lua/appwrite/build.lua",
    ["appwrite.client"] = "lua/appwrite/client.lua",
    ["appwrite.decode"] = "lua/appwrite/decode.lua",
    ["appwrite.engine"] = "lua/appwrite/engine.lua",
    ["appwrite.error"] = "lua/appwrite/error.lua",
    ["appwrite.failures"] = "lua/appwrite/failures.lua",
    ["appwrite.host"] = "lua/appwrite/host.lua",
    ["appwrite.id"] = "lua/appwrite/id.lua",
    ["appwrite.input_file"] = "lua/appwrite/input_file.lua",
    ["appwrite.json"] = "lua/appwrite/json.lua",
    ["appwrite.json.instance"] = "lua/appwrite/json/instance.lua",
    ["appwrite.json.marks"] = "lua/appwrite/json/marks.lua",
    ["appwrite.json.reader"] = "lua/appwrite/json/reader.lua",
    ["appwrite.json.writer"] = "lua/appwrite/json/writer.lua",
    ["appwrite.loop"] = "lua/appwrite/loop.lua",
    ["appwrite.loop.cqueues"] = "lua/appwrite/loop/cqueues.lua",
    ["appwrite.loop.luv"] = "lua/appwrite/loop/luv.lua",
    ["appwrite.loop.nginx"] = "lua/appwrite/loop/nginx.lua",
    ["appwrite.operations"] = "lua/appwrite/operations.lua",
    ["appwrite.options"] = "lua/appwrite/options.lua",
    ["appwrite.permission"] = "lua/appwrite/permission.lua",
    ["appwrite.query"] = "lua/appwrite/query.lua",
    ["appwrite.raw"] = "lua/appwrite/raw.lua",
    ["appwrite.role"] = "lua/appwrite/role.lua",
    ["appwrite.scheduler"] = "lua/appwrite/scheduler.lua",
    ["appwrite.services.account"] = "lua/appwrite/services/account.lua",
    ["appwrite.services.avatars"] = "lua/appwrite/services/avatars.lua",
    ["appwrite.services.databases"] = "lua/appwrite/services/databases.lua",
    ["appwrite.services.functions"] = "lua/appwrite/services/functions.lua",
    ["appwrite.services.graphql"] = "lua/appwrite/services/graphql.lua",
    ["appwrite.services.locale"] = "lua/appwrite/services/locale.lua",
    ["appwrite.services.messaging"] = "lua/appwrite/services/messaging.lua",
    ["appwrite.services.storage"] = "lua/appwrite/services/storage.lua",
    ["appwrite.services.teams"] = "lua/appwrite/services/teams.lua",
    ["appwrite.suggest"] = "lua/appwrite/suggest.lua",
    ["appwrite.tasks"] = "lua/appwrite/tasks.lua",
    ["appwrite.timers"] = "lua/appwrite/timers.lua",
    ["appwrite.transport"] = "lua/appwrite/transport.lua",
    ["appwrite.transport.curl"] = "lua/appwrite/transport/curl.lua",
    ["appwrite.transport.fake"] = "lua/appwrite/transport/fake.lua",
    ["appwrite.upload"] = "lua/appwrite/upload.lua",
    ["appwrite.uri"] = "lua/appwrite/uri.lua",
    ["appwrite.utf8"] = "lua/appwrite/utf8.lua",
    ["appwrite.validate"] = "lua/appwrite/validate.lua",
  },
}
