#define _POSIX_C_SOURCE 200809L

#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void measures_time(void **state)
{
  double before = aw_monotonic(), after = aw_monotonic();
  time_t now = time(NULL);
  double epoch = aw_epoch();
  (void)state;
  assert_true(before > 0);
  assert_true(after >= before);
  assert_true(epoch > (double)now - 2 && epoch < (double)now + 2);
}

static void sleeps_no_less_than_it_was_told(void **state)
{
  static const double times[] = {0, 0.0001, 0.02};
  size_t i;
  (void)state;
  for(i = 0; i < COUNT(times); i++) {
    double before = aw_monotonic(), passed;
    aw_sleep(times[i]);
    passed = aw_monotonic() - before;
    assert_true(passed >= times[i] && passed < times[i] + PATIENCE);
  }
}

/* 32 bytes that are equal by chance come once in 2^256 times. */
static void gives_random_bytes(void **state)
{
  unsigned char first[33] = {0}, second[33] = {0}, zeros[32] = {0};
  aw_error error;
  (void)state;
  assert_int_equal(aw_random(first, 32, &error), AW_OK);
  assert_int_equal(aw_random(second, 32, &error), AW_OK);
  assert_memory_not_equal(first, second, 32);
  assert_memory_not_equal(first, zeros, 32);
  assert_memory_not_equal(first + 16, zeros, 16);
  assert_int_equal(first[32], 0);
  assert_int_equal(aw_random(first, 0, &error), AW_OK);
}

static void tells_what_a_file_is(void **state)
{
  const char *path = path_in(*state, "file");
  FILE *file;
  int is_directory = -1;
  write_file(path, "12345", 5);
  file = fopen(path, "rb");
  assert_int_equal(aw_file_size(file, &is_directory), 5);
  assert_int_equal(is_directory, 0);
  fclose(file);
  file = fopen(*state, "rb");
  assert_non_null(file);
  assert_int_equal(aw_file_size(file, &is_directory), -1);
  assert_int_equal(is_directory, 1);
  fclose(file);
  file = fopen("/dev/null", "rb");
  assert_int_equal(aw_file_size(file, &is_directory), -1);
  assert_int_equal(is_directory, 0);
  fclose(file);
  remove(path);
}

static void tells_what_is_under_a_path(void **state)
{
  const char *path = path_in(*state, "file"), *link = path_in(*state, "link");
  struct timespec times[2] = {{0, 0}, {1700000000, 123999999}};
  aw_file_info info;
  write_file(path, "12345", 5);
  assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
  assert_int_equal(symlink(path, link), 0);
  assert_int_equal(aw_stat(link, &info), 0);
  assert_int_equal(info.size, 5);
  assert_true(info.mtime == 1700000000.123);
  assert_true(info.is_regular);
  assert_false(info.is_directory);
  assert_int_equal(aw_stat(*state, &info), 0);
  assert_true(info.is_directory);
  assert_false(info.is_regular);
  assert_int_equal(aw_stat("/dev/null", &info), 0);
  assert_false(info.is_directory || info.is_regular);
  remove(link);
  remove(path);
  errno = 0;
  assert_int_not_equal(aw_stat(path, &info), 0);
  assert_int_equal(errno, ENOENT);
}

static void cuts_files(void **state)
{
  const char *path = path_in(*state, "cut");
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs("12345", file);
  assert_int_equal(fflush(file), 0);
  assert_int_equal(aw_cut(file), 0);
  fclose(file);
  assert_file(path, "", 0);
  remove(path);
}

static void keeps_descriptors_from_children(void **state)
{
  int pair[2];
  (void)state;
  assert_int_equal(pipe(pair), 0);
  assert_int_equal(fcntl(pair[0], F_GETFD) & FD_CLOEXEC, 0);
  assert_int_equal(aw_keep_from_children(pair[0]), 0);
  assert_int_equal(fcntl(pair[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  close(pair[0]);
  close(pair[1]);
  assert_int_equal(aw_keep_from_children(pair[0]), -1);
}

static void knows_separators(void **state)
{
  (void)state;
  assert_true(aw_is_separator('/'));
  assert_false(aw_is_separator('a') || aw_is_separator('.') || aw_is_separator('\0'));
}

/* Beyond what 32 bits hold; the file has a hole and takes no room. */
static void seeks_far(void **state)
{
  const int64_t far = (int64_t)5 * 1024 * 1024 * 1024;
  const char *path = path_in(*state, "large");
  FILE *file = fopen(path, "w+b");
  int is_directory;
  assert_non_null(file);
  assert_int_equal(aw_seek(file, far), 0);
  assert_int_equal(fputc('x', file), 'x');
  assert_int_equal(aw_sync(file), 0);
  assert_int_equal(aw_file_size(file, &is_directory), far + 1);
  assert_int_equal(aw_seek(file, far), 0);
  assert_int_equal(fgetc(file), 'x');
  assert_int_not_equal(aw_seek(file, -1), 0);
  fclose(file);
  remove(path);
}

static void syncs_what_is_buffered(void **state)
{
  const char *path = path_in(*state, "synced");
  FILE *file = fopen(path, "wb");
  FILE *full = fopen("/dev/full", "wb"); /* takes nothing */
  assert_non_null(file);
  fputs("abc", file);
  assert_int_equal(aw_sync(file), 0);
  assert_file(path, "abc", 3);
  fclose(file);
  if(full) {
    fputs("abc", full);
    assert_int_not_equal(aw_sync(full), 0);
    fclose(full);
  }
  remove(path);
}

static void replaces_files(void **state)
{
  const char *from = path_in(*state, "from"), *to = path_in(*state, "to");
  write_file(from, "new", 3);
  write_file(to, "old", 3);
  assert_int_equal(aw_replace(from, to), 0);
  assert_file(to, "new", 3);
  assert_int_not_equal(aw_replace(from, to), 0);
  assert_file(to, "new", 3);
  remove(to);
  assert_int_equal(entries_in(*state), 0);
}

static void names_the_system(void **state)
{
  char name[128], small[4];
  (void)state;
  aw_system_name(name, sizeof(name));
  assert_in_range(strlen(name), 3, sizeof(name) - 1);
  assert_null(strpbrk(name, "\r\n"));
  aw_system_name(small, sizeof(small));
  assert_int_equal(strlen(small), 3);
}

static void makes_libcurl_ready_once(void **state)
{
  (void)state;
  assert_true(aw_curl_ready());
  assert_true(aw_curl_ready());
}

static void names_a_file_that_had_no_name(void **state)
{
  const char *path = path_in(*state, "named"), *taken = path_in(*state, "taken");
  FILE *file = aw_open_nameless(*state, false);
  assert_null(aw_open_nameless(path_in(*state, "missing"), false));
  assert_null(aw_open_nameless("/proc", false));
  if(!file) {
    assert_int_not_equal(aw_name(stdout, path), 0);
    return;
  }
  assert_int_equal(fputs("hello", file) < 0, 0);
  assert_int_equal(aw_sync(file), 0);
  assert_int_equal(entries_in(*state), 0);
  write_file(taken, "old", 3);
  assert_int_not_equal(aw_name(file, taken), 0);
  assert_int_equal(errno, EEXIST);
  assert_file(taken, "old", 3);
  assert_int_equal(aw_name(file, path), 0);
  assert_int_equal(fclose(file), 0);
  assert_file(path, "hello", 5);
  remove(path);
  remove(taken);
}

static void makes_a_file_only_where_there_is_nothing(void **state)
{
  const char *path = path_in(*state, "new"), *link = path_in(*state, "link");
  FILE *file = aw_open_new(path, true);
  assert_non_null(file);
  assert_int_equal(fclose(file), 0);
  assert_null(aw_open_new(path, true));
  assert_int_equal(errno, EEXIST);
  assert_int_equal(symlink(path_in(*state, "nowhere"), link), 0);
  assert_null(aw_open_new(link, false));
  assert_int_equal(errno, EEXIST);
  assert_int_equal(remove(path), 0);
  assert_int_equal(remove(link), 0);
  assert_int_equal(entries_in(*state), 0);
}

static void tells_about_libcurl(void **state)
{
  const aw_curl_info *about = aw_curl_about();
  (void)state;
  assert_ptr_equal(about, aw_curl_about());
  assert_string_equal(about->version, curl_version_info(CURLVERSION_NOW)->version);
  assert_string_equal(about->text, curl_version());
  assert_true(about->number >= 0x074400);
  assert_int_equal(about->features, curl_version_info(CURLVERSION_NOW)->features);
}

/* A listener of that family, connected to by the descriptor that is given back; -1 on a machine without it. */
static int connected(int family, int *listener)
{
  struct sockaddr_storage address = {0};
  socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  int fd;
  *listener = socket(family, SOCK_STREAM, 0);
  address.ss_family = (sa_family_t)family;
  if(family == AF_INET)
    ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  else
    ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
  if(*listener < 0 || bind(*listener, (struct sockaddr *)&address, length) != 0)
    return -1;
  assert_int_equal(listen(*listener, 1), 0);
  assert_int_equal(getsockname(*listener, (struct sockaddr *)&address, &length), 0);
  fd = socket(family, SOCK_STREAM, 0);
  assert_int_equal(connect(fd, (struct sockaddr *)&address, length), 0);
  return fd;
}

static void tells_the_ports_of_connections(void **state)
{
  static const int families[] = {AF_INET, AF_INET6};
  size_t i;
  int local, remote, none[2];
  (void)state;
  for(i = 0; i < COUNT(families); i++) {
    int listener, fd = connected(families[i], &listener), back, other, near;
    if(fd < 0) {
      assert_int_equal(families[i], AF_INET6);
      close(listener);
      continue;
    }
    back = accept(listener, NULL, NULL);
    assert_int_equal(aw_ports(fd, &local, &remote), 0);
    assert_int_equal(aw_ports(back, &other, &near), 0);
    assert_true(local > 0 && remote > 0 && local == near && remote == other);
    assert_int_equal(aw_ports(listener, &local, &remote), -1);
    close(back);
    close(fd);
    close(listener);
  }
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, none), 0);
  assert_int_equal(aw_ports(none[0], &local, &remote), -1);
  assert_int_equal(aw_ports(-1, &local, &remote), -1);
  close(none[0]);
  close(none[1]);
}

static void tells_whether_something_has_come(void **state)
{
  int pair[2];
  (void)state;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  assert_int_equal(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
  assert_false(aw_has_input(pair[0]));
  assert_int_equal(write(pair[1], "x", 1), 1);
  assert_true(aw_has_input(pair[0]));
  assert_true(aw_has_input(pair[0])); /* it is still there */
  close(pair[1]);
  assert_true(aw_has_input(pair[0]));
  assert_false(aw_has_input(-1));
  close(pair[0]);
}

int aw_system_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(measures_time),
      cmocka_unit_test(sleeps_no_less_than_it_was_told),
      cmocka_unit_test(gives_random_bytes),
      cmocka_unit_test(tells_what_a_file_is),
      cmocka_unit_test(tells_what_is_under_a_path),
      cmocka_unit_test(cuts_files),
      cmocka_unit_test(keeps_descriptors_from_children),
      cmocka_unit_test(knows_separators),
      cmocka_unit_test(seeks_far),
      cmocka_unit_test(syncs_what_is_buffered),
      cmocka_unit_test(replaces_files),
      cmocka_unit_test(names_the_system),
      cmocka_unit_test(makes_libcurl_ready_once),
      cmocka_unit_test(names_a_file_that_had_no_name),
      cmocka_unit_test(makes_a_file_only_where_there_is_nothing),
      cmocka_unit_test(tells_about_libcurl),
      cmocka_unit_test(tells_the_ports_of_connections),
      cmocka_unit_test(tells_whether_something_has_come),
  };
  return cmocka_run_group_tests_name("aw_system", tests, scratch_make, scratch_remove);
}
