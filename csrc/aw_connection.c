#include "aw_connection.h"

#include "aw.h"
#include "aw_alloc.h"
#include "aw_endpoint.h"
#include "aw_system.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_CONNECT_TIMEOUT 10.0 /* seconds */
#define DEFAULT_LOW_SPEED_LIMIT 1.0  /* bytes a second */
#define DEFAULT_LOW_SPEED_TIME 60.0  /* seconds */
#define DNS_CACHE_SECONDS 60L
#define USER_AGENT_SIZE 512

aw_connection *aw_connection_ref(aw_connection *connection)
{
  connection->references++;
  return connection;
}

void aw_connection_unref(aw_connection *connection)
{
  if(!connection || --connection->references)
    return;
  aw_free(connection->endpoint);
  aw_free(connection->ca_file);
  aw_free_secret(connection->proxy); /* may hold a password */
  aw_free(connection->user_agent);
  aw_free(connection);
}

static long whole(double value, double otherwise, double scale)
{
  double scaled = (value > 0 ? value : otherwise) * scale;
  if(scaled < 1)
    return 1;
  return scaled < (double)INT_MAX ? (long)scaled : INT_MAX;
}

static aw_status copy_text(char **copy, const char *text, aw_error *error)
{
  *copy = NULL;
  if(!text)
    return AW_OK;
  *copy = aw_copy(text, strlen(text));
  return *copy ? AW_OK : aw_fail_memory(error);
}

static aw_status make_user_agent(aw_connection *connection, const char *more, aw_error *error)
{
  char system[128], text[USER_AGENT_SIZE];
  aw_system_name(system, sizeof(system));
  if(more && (strlen(more) > USER_AGENT_SIZE / 2 || !aw_field_value_ok(more, strlen(more))))
    return aw_fail(error, AW_ARGUMENT, "userAgent must be one line of %d bytes at most", USER_AGENT_SIZE / 2);
  snprintf(text, sizeof(text), "AppwriteLuaSDK/" AW_VERSION " (%s; libcurl/%s)%s%s", system, aw_curl_about()->version,
           more ? " " : "", more ? more : "");
  return copy_text(&connection->user_agent, text, error);
}

static aw_status take_limits(aw_connection *connection, const aw_client_options *options, aw_error *error)
{
  connection->connect_timeout = whole(options->connect_timeout, DEFAULT_CONNECT_TIMEOUT, 1000);
  connection->low_speed_limit = whole(options->low_speed_limit, DEFAULT_LOW_SPEED_LIMIT, 1);
  connection->low_speed_time = whole(options->low_speed_time, DEFAULT_LOW_SPEED_TIME, 1);
  if(connection->low_speed_time > USHRT_MAX) /* libcurl refuses more from 7.85 on */
    connection->low_speed_time = USHRT_MAX;
  if(options->max_response >= (double)(SIZE_MAX / 2))
    return aw_fail(error, AW_ARGUMENT, "maxResponseBytes must be less than %.0f", (double)(SIZE_MAX / 2));
  connection->max_response = options->max_response > 0 ? (size_t)options->max_response : AW_RESPONSE_MAX;
  return AW_OK;
}

/* What its TLS library cannot do libcurl refuses when it is told to. */
static CURLcode try_verify_status(void)
{
  CURL *easy = curl_easy_init();
  CURLcode code = easy ? curl_easy_setopt(easy, CURLOPT_SSL_VERIFYSTATUS, 1L) : CURLE_OUT_OF_MEMORY;
  curl_easy_cleanup(easy);
  return code;
}

static aw_status take_tls(aw_connection *connection, const aw_client_options *options, aw_error *error)
{
  CURLcode code = options->verify_status ? try_verify_status() : CURLE_OK;
  connection->self_signed = options->self_signed;
  connection->verify_status = options->verify_status;
  if(options->verify_status && options->self_signed)
    return aw_fail(error, AW_ARGUMENT,
                   "verifyStatus and selfSigned exclude each other: one wants more proof, the other none");
  if(code == CURLE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  if(code != CURLE_OK)
    return aw_fail(error, AW_ARGUMENT,
                   "verifyStatus needs a libcurl whose TLS library checks stapled OCSP answers, such as OpenSSL or "
                   "GnuTLS, and this one is %.100s",
                   aw_curl_about()->text);
  return AW_OK;
}

aw_status aw_connection_new(const aw_client_options *options, aw_connection **connection, aw_error *error)
{
  aw_connection *made = aw_alloc_zeroed(1, sizeof(*made));
  aw_status status;
  if(!made)
    return aw_fail_memory(error);
  made->references = 1;
  status = take_limits(made, options, error);
  if(status == AW_OK)
    status = take_tls(made, options, error);
  if(status == AW_OK)
    status = aw_endpoint_parse(options->endpoint, &made->endpoint, error);
  if(status == AW_OK)
    status = copy_text(&made->ca_file, options->ca_file, error);
  if(status == AW_OK)
    status = copy_text(&made->proxy, options->proxy, error);
  if(status == AW_OK)
    status = make_user_agent(made, options->user_agent, error);
  if(status != AW_OK) {
    aw_connection_unref(made);
    return status;
  }
  *connection = made;
  return AW_OK;
}

static CURLcode set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* A TLS session that is taken up again comes without an OCSP answer: libcurl then misses it, or from 8.5 on asks for
 * none, where 8.5.0 even takes up one that it had refused (CVE-2024-0853). So each connection begins anew. */
static CURLcode set_verify_status(CURL *easy)
{
  CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYSTATUS, 1L);
  return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) : code;
}

static CURLcode set_tls(const aw_connection *connection, CURL *easy)
{
  CURLcode code = CURLE_OK;
  if(connection->ca_file)
    code = curl_easy_setopt(easy, CURLOPT_CAINFO, connection->ca_file);
  if(code == CURLE_OK && connection->self_signed) {
    code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    if(code == CURLE_OK)
      code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if(code == CURLE_OK && connection->verify_status)
    code = set_verify_status(easy);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  return code;
}

/* libcurl leaves signals alone when it is told to, or else only where it resolves names in a thread. Before 7.87 it
 * then does not keep SIGPIPE from the program, which OpenSSL can raise, so there it is told to only where it must. */
static bool must_leave_signals(void)
{
  const aw_curl_info *info = aw_curl_about();
  return info->number >= 0x075700 || !(info->features & CURL_VERSION_ASYNCHDNS);
}

static CURLcode set_times(const aw_connection *connection, CURL *easy)
{
  CURLcode code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, must_leave_signals() ? 1L : 0L);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connection->connect_timeout);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, connection->low_speed_limit);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, connection->low_speed_time);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_SECONDS);
  return code;
}

static CURLcode set_http(const aw_connection *connection, CURL *easy)
{
  CURLcode code = curl_easy_setopt(easy, CURLOPT_USERAGENT, connection->user_agent);
  /* Where libcurl knows no HTTP/2 it refuses, and speaks HTTP/1.1. */
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl can decode */
  if(code == CURLE_OK)
    code = curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* an encoded id is not to be tidied up */
  if(code == CURLE_OK && connection->proxy)
    code = curl_easy_setopt(easy, CURLOPT_PROXY, connection->proxy);
  return code;
}

aw_status aw_connection_configure(const aw_connection *connection, CURL *easy, aw_error *error)
{
  CURLcode code = set_protocols(easy);
  if(code == CURLE_OK)
    code = set_tls(connection, easy);
  if(code == CURLE_OK)
    code = set_times(connection, easy);
  if(code == CURLE_OK)
    code = set_http(connection, easy);
  if(code == CURLE_OUT_OF_MEMORY)
    return aw_fail_memory(error);
  if(code != CURLE_OK)
    return aw_fail(error, AW_ARGUMENT, "libcurl refuses an option of the client: %s", curl_easy_strerror(code));
  return AW_OK;
}

static aw_status status_of(CURLcode code)
{
  switch(code) {
  case CURLE_OPERATION_TIMEDOUT:
    return AW_TIMEOUT;
  case CURLE_OUT_OF_MEMORY:
    return AW_MEMORY;
  case CURLE_URL_MALFORMAT:
    return AW_ARGUMENT;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_SSL_SHUTDOWN_FAILED:
  case CURLE_USE_SSL_FAILED:
    return AW_TLS;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING:
  case CURLE_HTTP2:
#if LIBCURL_VERSION_NUM >= 0x080600
  case CURLE_TOO_LARGE:
#endif
    return AW_PROTOCOL;
  default:
    return AW_NETWORK;
  }
}

aw_status aw_connection_fail(CURLcode code, const char *text, aw_error *error)
{
  if(code == CURLE_SSL_INVALIDCERTSTATUS)
    return aw_fail(error, AW_TLS,
                   "%.150s (verifyStatus demands a stapled OCSP answer that says that the certificate was not revoked)",
                   text);
  return aw_fail(error, status_of(code), "%s", text);
}
