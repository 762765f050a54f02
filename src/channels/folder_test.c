#include "channels/folder.h"

#include "base/text.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static bool send_bytes(struct channel_port *port, const char *key, const char *bytes,
                       struct fault *why)
{
    struct arena a = { 0 };
    bool sent = port->send(port, &a, key, "", (const unsigned char *)bytes, strlen(bytes), why);

    arena_free(&a);
    return sent;
}

/* How many files the folder holds, hidden ones too. */
static int files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = -2; /* . and .. */

    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static void expect_file(const char *folder, const char *name, const char *expected)
{
    struct arena a = { 0 };
    struct fault why;
    char *bytes;
    size_t length;

    assert_true(text_read_file(arena_print(&a, "%s/%s", folder, name), 1000, &a, &bytes,
                               &length, &why));
    assert_string_equal(bytes, expected);
    arena_free(&a);
}

static void remove_all(const char *folder)
{
    struct arena a = { 0 };
    DIR *dir = opendir(folder);

    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlink(arena_print(&a, "%s/%s", folder, entry->d_name));
    }
    closedir(dir);
    rmdir(folder);
    arena_free(&a);
}

static void test_repeats_leave_one_file(void **state)
{
    char folder[] = "/tmp/recoup-test-XXXXXX";
    struct fault why;

    (void)state;
    assert_non_null(mkdtemp(folder));
    struct channel_port *port = folder_open(folder, ".pdf", &why);
    assert_non_null(port);
    assert_true(port->repeats_are_dropped);
    assert_true(send_bytes(port, "7-42", "first", &why));
    assert_true(send_bytes(port, "7-42", "second", &why));
    assert_true(send_bytes(port, "7-43", "third", &why));
    assert_int_equal(files_in(folder), 2);
    expect_file(folder, "7-42.pdf", "first");
    expect_file(folder, "7-43.pdf", "third");
    port->close(port);
    remove_all(folder);
}

/* Killed while writing, the program left half a file. The same key then makes it whole. */
static void test_after_a_crash(void **state)
{
    char folder[] = "/tmp/recoup-test-XXXXXX", path[64];
    struct fault why;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/.1-1.eml.unfinished", folder);
    FILE *half = fopen(path, "w");
    fputs("half a message that is longer than the whole one", half);
    fclose(half);
    struct channel_port *port = folder_open(folder, ".eml", &why);
    assert_true(send_bytes(port, "1-1", "whole", &why));
    assert_int_equal(files_in(folder), 1);
    expect_file(folder, "1-1.eml", "whole");
    port->close(port);
    remove_all(folder);
}

static void test_keys_stay_inside(void **state)
{
    static const char *const keys[] = {
        "", "..", "../x", "a/b", ".hidden", "-rf", "a b", "a\n"
    };
    char folder[] = "/tmp/recoup-test-XXXXXX";
    struct fault why;

    (void)state;
    assert_non_null(mkdtemp(folder));
    struct channel_port *port = folder_open(folder, ".eml", &why);
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_false(send_bytes(port, keys[i], "x", &why));
        assert_int_equal(why.code, BAD_VALUE);
    }
    assert_int_equal(files_in(folder), 0);
    port->close(port);
    remove_all(folder);
}

static void test_folder_gone(void **state)
{
    char folder[] = "/tmp/recoup-test-XXXXXX";
    struct fault why;

    (void)state;
    assert_null(folder_open("/nowhere/at/all", ".eml", &why));
    assert_int_equal(why.code, SYSTEM);
    assert_non_null(mkdtemp(folder));
    struct channel_port *port = folder_open(folder, ".eml", &why);
    rmdir(folder);
    assert_false(send_bytes(port, "1-1", "x", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    port->close(port);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_leave_one_file),
        cmocka_unit_test(test_after_a_crash),
        cmocka_unit_test(test_keys_stay_inside),
        cmocka_unit_test(test_folder_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
