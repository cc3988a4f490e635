#include "aw_alloc.h"
#include "aw_body.h"
#include "suites.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static aw_source bytes(const char *text)
{
  aw_source source;
  aw_error error;
  assert_int_equal(aw_source_init_bytes(&source, text, strlen(text), &error), AW_OK);
  return source;
}

static aw_source slice(const char *path, int64_t offset, int64_t length, int64_t file_size)
{
  aw_source source;
  aw_error error;
  assert_int_equal(aw_source_init_file(&source, path, offset, length, file_size, &error), AW_OK);
  return source;
}

static void add(aw_body *body, const char *name, const char *filename, const char *type, aw_source source)
{
  aw_error error;
  if(aw_body_add(body, name, filename, type, &source, &error) != AW_OK)
    fail_msg("part %s: %s", name, error.message);
}

static aw_request *post(const spec_world *world, aw_body *body)
{
  aw_request_spec spec = {0};
  spec.method = "POST";
  spec.target = "/files";
  spec.body = body;
  return run(world->client, &spec);
}

/* What the server read behind the header fields of its first request. */
static const char *body_seen(const spec_world *world, size_t *length)
{
  const char *request = server_request(world->server, 0);
  const char *body = strstr(request, "\r\n\r\n") + 4;
  *length = server_request_length(world->server, 0) - (size_t)(body - request);
  return body;
}

static void sends_bytes(void **state)
{
  static const server_step steps[] = {OK};
  aw_request_spec spec = {0};
  aw_source source;
  aw_error error;
  spec_world world;
  aw_body body;
  size_t length;
  const char *seen;
  (void)state;
  world_open(&world, steps, 1);
  aw_body_init(&body);
  assert_int_equal(aw_source_init_bytes(&source, "a\0b", 3, &error), AW_OK);
  aw_body_set(&body, &source);
  spec.method = "PATCH";
  spec.target = "/x";
  spec.body = &body;
  run_and_drop(world.client, &spec);
  seen = body_seen(&world, &length);
  assert_has(server_request(world.server, 0), "PATCH /v1/x HTTP/1.1\r\n");
  assert_has(server_request(world.server, 0), "\r\nContent-Length: 3\r\n");
  assert_has_not(server_request(world.server, 0), "Expect");
  assert_int_equal(length, 3);
  assert_memory_equal(seen, "a\0b", 3);
  assert_int_equal(body.kind, AW_BODY_NONE);
  world_close(&world);
}

static void sends_nothing_of_its_own_where_there_is_no_body(void **state)
{
  static const server_step steps[] = {OK};
  static const char *const methods[] = {"GET", "DELETE", "POST"};
  aw_request_spec spec = {0};
  spec_world world;
  size_t i, length;
  (void)state;
  for(i = 0; i < COUNT(methods); i++) {
    aw_body body;
    aw_body_init(&body);
    world_open(&world, steps, 1);
    spec.method = methods[i];
    spec.target = "/x";
    spec.body = &body;
    run_and_drop(world.client, &spec);
    body_seen(&world, &length);
    assert_int_equal(length, 0);
    assert_has(server_request(world.server, 0), methods[i]);
    assert_has_not(server_request(world.server, 0), "Content-Type");
    world_close(&world);
  }
}

static void sends_a_slice_of_a_file_as_the_body(void **state)
{
  static const server_step steps[] = {OK};
  const char *path = path_in(*state, "slice");
  const char *seen;
  spec_world world;
  aw_body body;
  aw_source source;
  size_t length;
  write_file(path, "0123456789", 10);
  world_open(&world, steps, 1);
  aw_body_init(&body);
  source = slice(path, 2, 5, 10);
  aw_body_set(&body, &source);
  aw_request_unref(post(&world, &body));
  seen = body_seen(&world, &length);
  assert_int_equal(length, 5);
  assert_string_equal(seen, "23456");
  world_close(&world);
}

static void sends_parts(void **state)
{
  static const server_step steps[] = {OK};
  const char *path = path_in(*state, "parts");
  const char *seen;
  spec_world world;
  aw_body body;
  write_file(path, "0123456789", 10);
  world_open(&world, steps, 1);
  aw_body_init(&body);
  add(&body, "fileId", NULL, NULL, bytes("f1"));
  add(&body, "permissions[]", NULL, NULL, bytes("read(\"any\")"));
  add(&body, "empty", NULL, NULL, bytes(""));
  add(&body, "file", "a.bin", "image/x-own", slice(path, 3, 4, 10));
  aw_request_unref(post(&world, &body));
  seen = server_request(world.server, 0);
  assert_has(seen, "\r\nContent-Type: multipart/form-data; boundary=");
  assert_has(seen, "Content-Disposition: form-data; name=\"fileId\"\r\n\r\nf1\r\n--");
  assert_has(seen, "form-data; name=\"permissions[]\"\r\n\r\nread(\"any\")\r\n--");
  assert_has(seen, "form-data; name=\"empty\"\r\n\r\n\r\n--");
  assert_has(seen, "form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: image/x-own\r\n\r\n3456\r\n--");
  world_close(&world);
}

static void escapes_file_names(void **state)
{
  static const char *const cases[][2] = {
      {"a\"b.txt", "a%22b.txt"}, {"a\r\nX: y", "a%0D%0AX: y"}, {"a%22b", "a%22b"},   {"a\\b", "a\\b"}, {"", ""},
      {"a;b='c'", "a;b='c'"},    {"\xc3\xa4", "\xc3\xa4"},     {"../a/b", "../a/b"},
  };
  static const server_step steps[] = {OK};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(cases); i++) {
    char expected[64];
    spec_world world;
    aw_body body;
    world_open(&world, steps, 1);
    aw_body_init(&body);
    add(&body, "file", cases[i][0], "text/plain", bytes("x"));
    aw_request_unref(post(&world, &body));
    snprintf(expected, sizeof(expected), "; filename=\"%s\"\r\nContent-Type: text/plain\r\n\r\nx", cases[i][1]);
    assert_has(server_request(world.server, 0), expected);
    world_close(&world);
  }
}

static void sends_a_large_slice_unchanged(void **state)
{
  static const server_step steps[] = {OK};
  const size_t size = 3 * 1024 * 1024, offset = 1000, length = 2 * 1024 * 1024 + 7;
  const char *path = path_in(*state, "large");
  char *content = malloc(size);
  const char *part;
  aw_progress progress;
  aw_request *request;
  spec_world world;
  aw_body body;
  size_t i;
  assert_non_null(content);
  for(i = 0; i < size; i++)
    content[i] = (char)(i * 31 + i / 251);
  write_file(path, content, size);
  world_open(&world, steps, 1);
  aw_body_init(&body);
  add(&body, "file", "large", NULL, slice(path, (int64_t)offset, (int64_t)length, (int64_t)size));
  request = post(&world, &body);
  aw_request_progress(request, &progress);
  assert_int_equal(progress.uploaded, progress.upload_size);
  assert_true(progress.uploaded > (int64_t)length);
  part = strstr(strstr(server_request(world.server, 0), "filename="), "\r\n\r\n") + 4;
  assert_memory_equal(part, content + offset, length);
  assert_memory_equal(part + length, "\r\n--", 4);
  assert_has_not(server_request(world.server, 0), "Expect"); /* nor does it wait for leave to send so much */
  free(content);
  aw_request_unref(request);
  world_close(&world);
}

static void assert_ends(const char *path, int64_t offset, int64_t length, int64_t file_size, const char *part)
{
  static const server_step steps[] = {OK};
  int multipart;
  for(multipart = 0; multipart <= 1; multipart++) {
    aw_source source = slice(path, offset, length, file_size);
    aw_request *request;
    spec_world world;
    aw_body body;
    world_open(&world, steps, 1);
    aw_body_init(&body);
    if(multipart)
      add(&body, "file", "a", NULL, source);
    else
      aw_body_set(&body, &source);
    request = post(&world, &body);
    assert_failed(request, AW_FILE, part);
    assert_has(aw_request_error(request)->message, path);
    assert_int_equal(server_requests(world.server), 0);
    aw_request_unref(request);
    world_close(&world);
  }
}

static void ends_a_request_whose_file_is_not_as_it_should_be(void **state)
{
  const char *path = path_in(*state, "bad");
  write_file(path, "0123456789", 10);
  assert_ends(path_in(*state, "missing"), 0, 10, 10, "cannot open");
  assert_ends(*state, 0, 10, -1, "directory");
  assert_ends(path, 0, 9, 9, "changed");
  assert_ends(path, 5, 10, -1, "shorter");
}

static void refuses_what_would_break_a_part(void **state)
{
  static const struct {
    const char *name, *filename, *type;
  } cases[] = {
      {"a", "b", "text/plain\r\nX: y"},
      {"a", NULL, "a\nb"},
      {"a\r\nb", NULL, NULL},
      {"a\n", "b", "c/d"},
  };
  char name[4098];
  aw_body body;
  aw_error error;
  aw_source source = bytes("x");
  size_t i;
  (void)state;
  aw_body_init(&body);
  for(i = 0; i < COUNT(cases); i++)
    assert_int_equal(aw_body_add(&body, cases[i].name, cases[i].filename, cases[i].type, &source, &error), AW_ARGUMENT);
  memset(name, '"', sizeof(name));
  name[4097] = '\0';
  assert_int_equal(aw_body_add(&body, "a", name, NULL, &source, &error), AW_ARGUMENT);
  assert_has(error.message, "4096");
  assert_int_equal(body.kind, AW_BODY_NONE);
  name[4096] = '\0';
  assert_int_equal(aw_body_add(&body, "a", name, NULL, &source, &error), AW_OK);
  aw_body_deinit(&body);
}

static void frees_what_it_took_over(void **state)
{
  spec_faults faults;
  aw_body body, other;
  aw_source source;
  aw_error error;
  (void)state;
  faults_begin(&faults, 0);
  aw_body_init(&body);
  aw_body_init(&other);
  source = bytes("first");
  aw_body_set(&body, &source);
  source = bytes("second");
  aw_body_set(&body, &source);                /* replaces it */
  add(&body, "a", NULL, NULL, bytes("part")); /* replaces that */
  aw_body_move(&other, &body);
  assert_int_equal(body.kind, AW_BODY_NONE);
  aw_body_deinit(&body);
  add(&other, "b", "c", "d/e", bytes("part"));
  aw_body_move(&body, &other);
  aw_body_deinit(&body);
  aw_body_deinit(&other);
  aw_body_move(&body, &other); /* an empty one: its end must not point into `other` */
  add(&body, "a", NULL, NULL, bytes("part"));
  assert_null(other.parts);
  aw_body_deinit(&body);
  source = bytes("left to the caller");
  faults.fail_at = faults.calls + 1;
  assert_int_equal(aw_body_add(&body, "a", NULL, NULL, &source, &error), AW_MEMORY);
  aw_source_deinit(&source);
  aw_body_deinit(&body);
  faults_end(&faults);
}

static void adds_all_or_nothing_without_memory(void **state)
{
  size_t n;
  (void)state;
  for(n = 1;; n++) {
    spec_faults faults;
    aw_body body;
    aw_error error;
    aw_status status;
    aw_source source;
    faults_begin(&faults, 0);
    source = bytes("x");
    faults.fail_at = faults.calls + n;
    aw_body_init(&body);
    status = aw_body_add(&body, "a", "b\"c", "d/e", &source, &error);
    if(status != AW_OK) {
      assert_int_equal(status, AW_MEMORY);
      assert_null(body.parts);
      aw_source_deinit(&source);
    }
    aw_body_deinit(&body);
    faults_end(&faults);
    if(status == AW_OK)
      break;
  }
  assert_in_range(n, 5, 10);
}

int aw_body_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(sends_bytes),
      cmocka_unit_test(sends_nothing_of_its_own_where_there_is_no_body),
      cmocka_unit_test(sends_a_slice_of_a_file_as_the_body),
      cmocka_unit_test(sends_parts),
      cmocka_unit_test(escapes_file_names),
      cmocka_unit_test(sends_a_large_slice_unchanged),
      cmocka_unit_test(ends_a_request_whose_file_is_not_as_it_should_be),
      cmocka_unit_test(refuses_what_would_break_a_part),
      cmocka_unit_test(frees_what_it_took_over),
      cmocka_unit_test(adds_all_or_nothing_without_memory),
  };
  return cmocka_run_group_tests_name("aw_body", tests, scratch_make, scratch_remove);
}
