# Realtime, on one of two: wslay (Debian: libwslay-dev), or a libcurl that was built with WebSocket. Without wslay the
# library says so when realtime is used; a libcurl that was asked for and will not do is an error.

option(APPWRITE_REALTIME "Build with realtime, if it can be had" ON)
set(APPWRITE_WEBSOCKET "wslay" CACHE STRING "What speaks WebSocket: wslay or libcurl")
set_property(CACHE APPWRITE_WEBSOCKET PROPERTY STRINGS wslay libcurl)
if(NOT APPWRITE_WEBSOCKET MATCHES "^(wslay|libcurl)$")
  message(FATAL_ERROR "APPWRITE_WEBSOCKET must be wslay or libcurl, not \"${APPWRITE_WEBSOCKET}\"; "
    "a build without either is made with -DAPPWRITE_REALTIME=OFF")
endif()

# What a libcurl can do is only known by asking it; where the build is for another machine, it is asked when it is used.
function(check_libcurl_websocket)
  file(STRINGS csrc/aw.h needed REGEX "^#define AW_WEBSOCKET_VERSION ")
  string(REGEX REPLACE "^.*\"([0-9.]+)\".*$" "\\1" needed "${needed}")
  set(hint "Give another one by -DCMAKE_PREFIX_PATH=…, or use wslay: -DAPPWRITE_WEBSOCKET=wslay")
  if(CURL_VERSION_STRING VERSION_LESS needed)
    message(FATAL_ERROR "Realtime by libcurl needs libcurl ${needed} or newer, built with WebSocket; the one found is "
      "${CURL_VERSION_STRING} (${CURL_LIBRARIES}). ${hint}")
  endif()
  if(CMAKE_CROSSCOMPILING)
    return()
  endif()
  file(WRITE ${PROJECT_BINARY_DIR}/websocket/protocols.c [[
    #include <curl/curl.h>
    #include <stdio.h>
    #include <string.h>
    int main(void)
    {
      const char *const *one = curl_version_info(CURLVERSION_NOW)->protocols;
      int missing = 1;
      for(; *one; one++) {
        missing = missing && strcmp(*one, "ws") != 0;
        printf("%s ", *one);
      }
      return missing;
    }
  ]])
  try_run(ran compiled ${PROJECT_BINARY_DIR}/websocket ${PROJECT_BINARY_DIR}/websocket/protocols.c
    LINK_LIBRARIES CURL::libcurl COMPILE_OUTPUT_VARIABLE said RUN_OUTPUT_VARIABLE protocols)
  if(NOT compiled)
    message(FATAL_ERROR "A program with libcurl ${CURL_VERSION_STRING} cannot be built:\n${said}")
  elseif(NOT ran EQUAL 0)
    message(FATAL_ERROR "Realtime by libcurl needs a libcurl that was built with WebSocket; the one found, "
      "${CURL_VERSION_STRING} (${CURL_LIBRARIES}), speaks: ${protocols}\n${hint}")
  endif()
endfunction()

set(realtime OFF)
find_path(WSLAY_INCLUDE_DIR wslay/wslay.h)
find_library(WSLAY_LIBRARY wslay)
if(APPWRITE_REALTIME AND APPWRITE_WEBSOCKET STREQUAL "libcurl")
  check_libcurl_websocket()
  set(realtime ON)
  target_compile_definitions(appwrite-core PUBLIC APPWRITE_REALTIME APPWRITE_WEBSOCKET_CURL)
elseif(APPWRITE_REALTIME AND WSLAY_INCLUDE_DIR AND WSLAY_LIBRARY)
  set(realtime ON)
  target_compile_definitions(appwrite-core PUBLIC APPWRITE_REALTIME)
  target_include_directories(appwrite-core SYSTEM PUBLIC $<BUILD_INTERFACE:${WSLAY_INCLUDE_DIR}>)
  target_link_libraries(appwrite-core PUBLIC ${WSLAY_LIBRARY})
elseif(APPWRITE_REALTIME)
  message(STATUS "libwslay was not found: the library is built without realtime")
endif()
