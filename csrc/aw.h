/* The core: an Appwrite client's transport and credentials, in C99 on libcurl. It knows no Lua.
 *
 * An engine (aw_engine.h) moves requests (aw_request.h) of clients (aw_client.h). All three are counted references:
 * a request holds its client, a client its engine, so each lives as long as anything needs it. An engine and all that
 * belongs to it is used by one thread at a time; different engines share nothing.
 *
 * Functions that can fail return an aw_status and write the reason into an aw_error (aw_error.h). Nothing calls back
 * into the program: what has happened is asked for. */
#ifndef AW_H
#define AW_H

#include <curl/curl.h>

/* The only place where the version is written. */
#define AW_VERSION "0.1.0"

/* Appwrite's API version that requests ask for. */
#define AW_RESPONSE_FORMAT "1.5.0"

/* 7.68 is the oldest libcurl tried (2020); curl_multi_poll and the _T counters are older, curl_mime much older. */
#if LIBCURL_VERSION_NUM < 0x074400
#error "libcurl 7.68 or newer is needed"
#endif

/* The oldest libcurl for realtime without wslay, as a number and as a text. Before 8.14 it answers pings by itself,
 * which can block and breaks a frame that is sent in part; 8.14.0 has an endless loop there (CVE-2025-5399). */
#define AW_WEBSOCKET_SINCE 0x080e01
#define AW_WEBSOCKET_VERSION "8.14.1"

/* Maxima of what grows by what others send or say. */
#define AW_URL_MAX ((size_t)2 * 1024 * 1024)       /* bytes: 100 queries of 4096 characters, percent-encoded */
#define AW_HEADERS_MAX ((size_t)128 * 1024)        /* bytes of one response's header block */
#define AW_INTERIM_MAX 16                          /* interim (1xx) responses before the real one */
#define AW_HEADERS_COUNT_MAX 1000                  /* fields of one response */
#define AW_COOKIES_MAX 50                          /* of one client: RFC 6265, section 6.1, asks for no more */
#define AW_STREAM_MAX ((size_t)1024 * 1024)        /* bytes of a body that wait to be taken, then the server has to */
#define AW_RESPONSE_MAX ((size_t)64 * 1024 * 1024) /* bytes of a body kept in memory, unless told otherwise */

/* Defined where they are made: aw_engine.c, aw_client.c, aw_request_state.h. */
typedef struct aw_engine aw_engine;
typedef struct aw_client aw_client;
typedef struct aw_request aw_request;
typedef struct aw_socket aw_socket;

#endif
