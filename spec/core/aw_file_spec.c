#define _XOPEN_SOURCE 700

#include "aw_file.h"
#include "aw_system.h"
#include "suites.h"
#include "support.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static aw_file *begin(const char *path)
{
  aw_file *file = NULL;
  aw_error error;
  if(aw_file_new(path, &file, &error) != AW_OK)
    fail_msg("no file: %s", error.message);
  return file;
}

static void put(aw_file *file, const char *text)
{
  aw_error error;
  assert_int_equal(aw_file_write(file, text, strlen(text), &error), AW_OK);
}

/* Whether there are files without a name here. */
static bool has_nameless(const char *directory)
{
  FILE *file = aw_open_nameless(directory, false);
  return file && fclose(file) == 0;
}

/* What lies in a directory for each file that is begun there. */
static size_t beside(const char *directory)
{
  return has_nameless(directory) ? 0 : 1;
}

/* Of processes that were killed, by the name that is documented. */
static void clear_parts(const char *directory)
{
  glob_t found;
  size_t i;
  if(glob(path_in(directory, ".appwrite-*.part"), 0, NULL, &found) != 0)
    return;
  for(i = 0; i < found.gl_pathc; i++)
    assert_int_equal(remove(found.gl_pathv[i]), 0);
  globfree(&found);
}

static void assert_mode(const char *path, mode_t mode)
{
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(info.st_mode & 0777, mode);
}

static void gives_the_file_its_name_at_the_end(void **state)
{
  const char *path = path_in(*state, "answer");
  mode_t mask = umask(027);
  aw_error error;
  aw_file *file;
  write_file(path, "old", 3);
  file = begin(path);
  assert_string_equal(aw_file_path(file), path);
  put(file, "hello ");
  assert_int_equal(aw_file_write(file, "w\0rld", 5, &error), AW_OK);
  assert_int_equal(aw_file_length(file), 11);
  assert_file(path, "old", 3);
  assert_int_equal(entries_in(*state), 1 + beside(*state));
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  umask(mask);
  assert_mode(path, 0640);
  assert_file(path, "hello w\0rld", 11);
  assert_int_equal(entries_in(*state), 1);
  assert_int_equal(aw_file_write(file, "more", 4, &error), AW_FILE);
  assert_int_equal(aw_file_commit(file, &error), AW_FILE);
  aw_file_discard(file); /* nothing happens */
  aw_file_unref(file);
  assert_file(path, "hello w\0rld", 11);
  remove(path);
}

static void makes_an_empty_file(void **state)
{
  const char *path = path_in(*state, "empty");
  aw_file *file = begin(path);
  aw_error error;
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  aw_file_unref(file);
  assert_file(path, "", 0);
  remove(path);
}

static void begins_anew(void **state)
{
  const char *path = path_in(*state, "anew");
  aw_file *file = begin(path);
  aw_error error;
  put(file, "a long beginning");
  assert_int_equal(aw_file_restart(file, &error), AW_OK);
  assert_int_equal(aw_file_length(file), 0);
  put(file, "new");
  assert_int_equal(aw_file_length(file), 3);
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  assert_int_equal(aw_file_restart(file, &error), AW_FILE);
  aw_file_unref(file);
  assert_file(path, "new", 3);
  remove(path);
}

static void leaves_nothing_that_was_given_up(void **state)
{
  const char *path = path_in(*state, "half");
  aw_error error;
  int discarded;
  write_file(path, "old", 3);
  for(discarded = 0; discarded <= 1; discarded++) {
    aw_file *file = begin(path), *other = aw_file_ref(file);
    put(file, "new");
    aw_file_unref(other);
    assert_int_equal(entries_in(*state), 1 + beside(*state));
    if(discarded) {
      aw_file_discard(file);
      assert_int_equal(entries_in(*state), 1);
      assert_int_equal(aw_file_write(file, "a", 1, &error), AW_FILE);
      assert_has(error.message, "given up");
      assert_int_equal(aw_file_restart(file, &error), AW_FILE);
      assert_has(error.message, "given up");
      assert_int_equal(aw_file_commit(file, &error), AW_FILE);
      assert_has(error.message, "given up");
    }
    aw_file_unref(file);
    assert_int_equal(entries_in(*state), 1);
    assert_file(path, "old", 3);
  }
  aw_file_unref(NULL);
  remove(path);
}

static void assert_refused(const char *path, const char *part)
{
  aw_file *file = NULL;
  aw_error error;
  assert_int_equal(aw_file_new(path, &file, &error), AW_FILE);
  assert_null(file);
  assert_has(error.message, path);
  assert_has(error.message, part);
}

static void refuses_what_cannot_be_written(void **state)
{
  const char *directory = path_in(*state, "directory"), *pipe = path_in(*state, "pipe");
  const char *file = path_in(*state, "file");
  assert_refused(path_in(*state, "missing/answer"), strerror(ENOENT));
  assert_int_equal(mkdir(directory, 0700), 0);
  assert_refused(directory, "directory");
  assert_int_equal(entries_in(directory), 0);
  assert_int_equal(rmdir(directory), 0);
  assert_int_equal(mkfifo(pipe, 0600), 0);
  assert_refused(pipe, "no regular file");
  remove(pipe);
  write_file(file, "old", 3);
  assert_refused(path_in(*state, "file/answer"), strerror(ENOTDIR));
  assert_file(file, "old", 3);
  remove(file);
  assert_refused("/dev/null", "no regular file"); /* root could replace it */
  assert_refused("", "without a name");
  assert_int_equal(entries_in(*state), 0);
}

/* A limit of the process is to be had everywhere, a full disk is not. */
static void reports_a_disk_that_takes_no_more(void **state)
{
  const char *path = path_in(*state, "full");
  char block[4096] = {0};
  struct rlimit before, small;
  aw_file *file = begin(path);
  aw_error error;
  aw_status status = AW_OK;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  size_t i;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = 1024 * 1024;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  for(i = 0; i < 1024 && status == AW_OK; i++)
    status = aw_file_write(file, block, sizeof(block), &error);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  assert_in_range(i, 200, 500);
  assert_int_equal(status, AW_FILE);
  assert_has(error.message, path);
  assert_has(error.message, strerror(EFBIG));
  aw_file_unref(file);
  assert_int_equal(entries_in(*state), 0);
}

/* What was on its way is given up, not written first. */
static void begins_anew_where_nothing_can_be_written(void **state)
{
  const char *path = path_in(*state, "full");
  struct rlimit before, none;
  aw_file *file = begin(path);
  aw_error error;
  aw_status status;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  put(file, "on its way");
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  none = before;
  none.rlim_cur = 0;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
  status = aw_file_restart(file, &error);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  assert_int_equal(status, AW_OK);
  aw_file_unref(file);
  assert_int_equal(entries_in(*state), 0);
}

static void reports_what_cannot_be_named(void **state)
{
  const char *path = path_in(*state, "later");
  aw_file *file = begin(path);
  aw_error error;
  put(file, "new");
  assert_int_equal(mkdir(path, 0700), 0);
  assert_int_equal(aw_file_commit(file, &error), AW_FILE);
  assert_has(error.message, path);
  assert_int_equal(entries_in(*state), 1);
  assert_int_equal(rmdir(path), 0);
  aw_file_unref(file);
}

/* The file beside has a shorter name than the longest that there may be, and no two share one. */
static void takes_any_name(void **state)
{
  char name[256];
  const char *path;
  aw_file *first, *second;
  aw_error error;
  memset(name, 'x', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  path = path_in(*state, name);
  first = begin(path);
  second = begin(path);
  put(first, "first");
  put(second, "second");
  assert_int_equal(entries_in(*state), 2 * beside(*state));
  assert_int_equal(aw_file_commit(second, &error), AW_OK);
  assert_file(path, "second", 6);
  assert_int_equal(aw_file_commit(first, &error), AW_OK);
  assert_file(path, "first", 5);
  aw_file_unref(first);
  aw_file_unref(second);
  remove(path);
  assert_int_equal(entries_in(*state), 0);
}

static void writes_into_the_working_directory(void **state)
{
  char before[4096];
  aw_file *file;
  aw_error error;
  assert_non_null(getcwd(before, sizeof(before)));
  assert_int_equal(chdir(*state), 0);
  file = begin("plain");
  assert_int_equal(aw_file_commit(file, &error), AW_OK);
  aw_file_unref(file);
  assert_int_equal(chdir(before), 0);
  assert_file(path_in(*state, "plain"), "", 0);
  remove(path_in(*state, "plain"));
}

/* At every moment, whatever the process's mask and the old file's mode are. */
static void keeps_secrets_from_others(void **state)
{
  const char *path = path_in(*state, "secret");
  mode_t mask = umask(0);
  aw_error error;
  write_file(path, "old", 3);
  assert_int_equal(chmod(path, 0666), 0);
  assert_int_equal(aw_file_keep(path, "new", 3, &error), AW_OK);
  assert_mode(path, 0600);
  assert_file(path, "new", 3);
  assert_int_equal(aw_file_keep(path, "newer", 5, &error), AW_OK);
  assert_mode(path, 0600);
  assert_file(path, "newer", 5);
  umask(mask);
  assert_int_equal(entries_in(*state), 1);
  remove(path);
}

/* Of a process that was killed between the two names. */
static void takes_away_what_was_left(void **state)
{
  const char *path = path_in(*state, "kept"), *other = path_in(*state, "other");
  const char *left = path_in(*state, ".appwrite-d9d1d75cd7763858.part");
  aw_error error;
  assert_int_equal(aw_file_keep(path, "one", 3, &error), AW_OK);
  write_file(left, "secret", 6);
  aw_file_tidy(other);
  assert_int_equal(entries_in(*state), 2);
  aw_file_tidy(path);
  assert_int_equal(entries_in(*state), 1);
  aw_file_tidy(path);
  if(has_nameless(*state)) {
    write_file(left, "secret", 6);
    assert_int_equal(aw_file_keep(path, "two", 3, &error), AW_OK);
    assert_int_equal(entries_in(*state), 1);
  }
  aw_file_tidy(path_in(*state, "missing/kept"));
  remove(path);
}

static void keep_again_and_again(const char *path, char letter, size_t rounds)
{
  char bytes[5000];
  aw_error error;
  size_t i;
  memset(bytes, letter, sizeof(bytes));
  for(i = 0; i < rounds; i++)
    if(aw_file_keep(path, bytes, sizeof(bytes), &error) != AW_OK)
      _exit(1);
  _exit(0);
}

/* Each is whole, whoever wins. */
static void keeps_what_several_keep_at_a_time(void **state)
{
  const char *path = path_in(*state, "kept");
  char bytes[5001];
  pid_t children[3];
  size_t i, got;
  FILE *file;
  int status;
  for(i = 0; i < COUNT(children); i++) {
    children[i] = fork();
    if(children[i] == 0)
      keep_again_and_again(path, (char)('a' + i), 200);
  }
  for(i = 0; i < COUNT(children); i++) {
    assert_int_equal(waitpid(children[i], &status, 0), children[i]);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  file = fopen(path, "rb");
  assert_non_null(file);
  got = fread(bytes, 1, sizeof(bytes), file);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(got, 5000);
  for(i = 1; i < got; i++)
    assert_int_equal(bytes[i], bytes[0]);
  assert_int_equal(entries_in(*state), 1);
  remove(path);
}

static void wipes_secrets_it_wrote(void **state)
{
  const char *path = path_in(*state, "secret");
  aw_error error;
  secrets_begin("hunter2");
  assert_int_equal(aw_file_keep(path, "my hunter2", 10, &error), AW_OK);
  assert_int_equal(secrets_end(), 0);
  remove(path);
}

/* Not into what it leads to, which may be another user's. */
static void writes_no_secret_through_a_link(void **state)
{
  const char *path = path_in(*state, "link"), *target = path_in(*state, "target");
  struct stat info;
  aw_error error;
  write_file(target, "old", 3);
  assert_int_equal(symlink(target, path), 0);
  assert_int_equal(aw_file_keep(path, "secret", 6, &error), AW_OK);
  assert_file(target, "old", 3);
  assert_int_equal(lstat(path, &info), 0);
  assert_true(S_ISREG(info.st_mode));
  assert_mode(path, 0600);
  remove(path);
  remove(target);
}

static void keeps_the_old_where_the_new_has_no_room(void **state)
{
  const char *path = path_in(*state, "secret");
  struct rlimit before, small;
  aw_error error;
  aw_status status;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(aw_file_keep(path, "old", 3, &error), AW_OK);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = 4;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  status = aw_file_keep(path, "hunter2", 7, &error);
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  assert_int_equal(status, AW_FILE);
  assert_has(error.message, strerror(EFBIG));
  assert_has_not(error.message, "hunter2");
  assert_file(path, "old", 3);
  assert_int_equal(entries_in(*state), 1);
  remove(path);
}

/* The process, with no chance to clear up. */
static void leaves_what_is_known_when_it_is_killed(void **state)
{
  const char *path = path_in(*state, "killed");
  int status;
  pid_t child = fork();
  if(child == 0) {
    aw_error error;
    aw_file *file = NULL;
    if(aw_file_new(path, &file, &error) == AW_OK)
      aw_file_write(file, "half", 4, &error);
    kill(getpid(), SIGKILL);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(entries_in(*state), beside(*state));
  clear_parts(*state);
  assert_int_equal(entries_in(*state), 0);
}

static void reports_missing_memory(void **state)
{
  const char *path = path_in(*state, "memory");
  size_t n;
  for(n = 1; n <= 4; n++) {
    spec_faults faults;
    aw_file *file;
    aw_error error;
    faults_begin(&faults, n);
    assert_int_equal(aw_file_new(path, &file, &error), AW_MEMORY);
    faults_end(&faults);
    assert_int_equal(entries_in(*state), 0);
  }
  for(n = 1;; n++) {
    spec_faults faults;
    aw_status status;
    aw_error error;
    faults_begin(&faults, n);
    status = aw_file_keep(path, "kept", 4, &error);
    faults_end(&faults);
    assert_int_equal(status, faults.calls < n ? AW_OK : AW_MEMORY);
    if(status == AW_OK)
      break;
    assert_int_equal(entries_in(*state), 0);
  }
  assert_in_range(n, 4, 20);
  remove(path);
}

int aw_file_suite(void)
{
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(gives_the_file_its_name_at_the_end),
      cmocka_unit_test(makes_an_empty_file),
      cmocka_unit_test(begins_anew),
      cmocka_unit_test(leaves_nothing_that_was_given_up),
      cmocka_unit_test(refuses_what_cannot_be_written),
      cmocka_unit_test(reports_a_disk_that_takes_no_more),
      cmocka_unit_test(begins_anew_where_nothing_can_be_written),
      cmocka_unit_test(reports_what_cannot_be_named),
      cmocka_unit_test(takes_any_name),
      cmocka_unit_test(writes_into_the_working_directory),
      cmocka_unit_test(keeps_secrets_from_others),
      cmocka_unit_test(takes_away_what_was_left),
      cmocka_unit_test(keeps_what_several_keep_at_a_time),
      cmocka_unit_test(wipes_secrets_it_wrote),
      cmocka_unit_test(writes_no_secret_through_a_link),
      cmocka_unit_test(keeps_the_old_where_the_new_has_no_room),
      cmocka_unit_test(leaves_what_is_known_when_it_is_killed),
      cmocka_unit_test(reports_missing_memory),
  };
  return cmocka_run_group_tests_name("aw_file", tests, scratch_make, scratch_remove);
}
