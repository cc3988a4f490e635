/* One suite a module; each runs a cmocka group and returns how many of its tests failed. */
#ifndef SPEC_SUITES_H
#define SPEC_SUITES_H

int aw_alloc_suite(void);
int aw_body_suite(void);
int aw_browser_suite(void);
int aw_buf_suite(void);
int aw_client_kept_suite(void);
int aw_client_suite(void);
int aw_connection_suite(void);
int aw_cookies_suite(void);
int aw_endpoint_suite(void);
int aw_engine_suite(void);
int aw_error_suite(void);
int aw_fields_suite(void);
int aw_file_suite(void);
int aw_frames_cases_suite(void);
int aw_frames_suite(void);
int aw_handshake_suite(void);
int aw_headers_suite(void);
int aw_kept_suite(void);
int aw_messages_suite(void);
int aw_opened_suite(void);
int aw_origin_suite(void);
int aw_request_answer_suite(void);
int aw_request_file_suite(void);
int aw_request_suite(void);
int aw_sink_suite(void);
int aw_socket_peer_suite(void);
int aw_socket_suite(void);
int aw_source_suite(void);
int aw_system_suite(void);
int aw_utf8_suite(void);
int aw_watch_suite(void);
int descriptors_suite(void);
int exhaustion_suite(void);
int thread_suite(void);

#endif
