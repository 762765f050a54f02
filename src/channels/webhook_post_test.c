/* Where a webhook may go, by the address alone; over the wire it is tests/webhook_test.py. */
#include "channels/webhook_post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_addresses(void **state)
{
    static const struct {
        const char *url;
        bool usually, private_allowed;
    } cases[] = {
        { "https://books.example/hook", true, true },
        { "https://books.example:8443/hook?a=1", true, true },
        { "https://93.184.216.34/", true, true },
        { "https://[2606:2800:220:1::1]/", true, true },
        { "https://172.15.255.255/", true, true },
        { "https://172.32.0.1/", true, true },
        { "https://192.169.0.1/", true, true },
        { "https://172.16.0.1/", false, true },
        { "https://172.31.255.255/", false, true },
        { "https://10.1.2.3/", false, true },
        { "https://192.168.0.1/", false, true },
        { "https://127.0.0.1/", false, true },
        { "http://127.0.0.1/", false, true },
        { "http://127.8.8.8:99/", false, true },
        { "http://localhost:99/", false, true },
        { "http://[::1]:99/", false, true },
        { "https://LOCALHOST/", false, true },
        { "https://169.254.169.254/", false, true },
        { "https://100.64.0.1/", false, true },
        { "https://198.18.0.1/", false, true },
        { "https://224.0.0.1/", false, true },
        { "https://255.255.255.255/", false, true },
        { "https://0.0.0.0/", false, true },
        { "https://[::]/", false, true },
        { "https://[fe80::1]/", false, true },
        { "https://[fd12::1]/", false, true },
        { "https://[::ffff:10.0.0.1]/", false, true },
        { "https://[2002:a00:1::]/", false, true },
        { "https://[2001:db8::1]/", false, true },
        { "https://2130706433/", false, true },
        { "https://0x7f000001/", false, true },
        { "https://127.1/", false, true },
        { "http://books.example/", false, false },
        { "http://10.1.2.3/", false, false },
        { "https://me@books.example/", false, false },
        { "ftp://books.example/", false, false },
        { "file:///etc/passwd", false, false },
        { "gopher://127.0.0.1/", false, false },
        { "books.example", false, false },
        { "https://", false, false },
        { "", false, false },
        { "https://books.example:99999/", false, false },
        { "https://books.example/a b", false, false },
        { "https://books.example/\r\nx: y", false, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault why = { 0 };
        bool usually = webhook_url_check(cases[i].url, false, &why);
        bool allowed = webhook_url_check(cases[i].url, true, &why);
        if (usually != cases[i].usually || allowed != cases[i].private_allowed)
            fail_msg("%s: %d %d", cases[i].url, usually, allowed);
    }
}

static void test_nobody_there(void **state)
{
    static const char *const headers[] = { "a: b", NULL };
    struct webhook_posting posting = { .url = "http://127.0.0.1:1/",
                                       .headers = headers,
                                       .body = "{}",
                                       .length = 2 };
    struct webhook_answer answer;

    (void)state;
    assert_false(webhook_post(&posting, &answer));
    assert_int_equal(answer.status, 0);
    assert_non_null(strstr(answer.text, "not public"));
    posting.private_allowed = true;
    assert_false(webhook_post(&posting, &answer));
    assert_int_equal(answer.status, 0);
    assert_non_null(strstr(answer.text, "No answer"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_nobody_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
