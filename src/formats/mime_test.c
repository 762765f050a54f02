#include "formats/mime.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct mime_message sample(void)
{
    return (struct mime_message){
        .from = { "Bäckerei, \"Größer\"", "accounts@recoup.example" },
        .to = { "Łucja Müller", "lucja@example.com" },
        .reply_to = { NULL, "reply+1@recoup.example" },
        .subject = "Fällig: 1.234,56 € für «Papier» and a subject that is long enough to fold",
        .date = { INT64_C(1795161600000000) }, /* 2026-11-20T08:00:00Z */
        .message_id = "outbox-118204@recoup.example",
        .text = "Guten Tag Łucja,\n\n.a dot, a = sign\nFrom the start\n",
        .html = "<p>Guten Tag Łucja</p>\n",
        .language = "de",
        .unsubscribe_url = "https://pay.example.com/stop/a-long-path/0123456789/0123456789/"
                           "0123456789/0123456789?x=1",
    };
}

static char *built(struct arena *a, const struct mime_message *m)
{
    struct fault why = { 0 };
    unsigned char *bytes;
    size_t length;

    if (!mime_build(a, m, &bytes, &length, &why))
        fail_msg("%s", why.text);
    assert_int_equal(strlen((char *)bytes), length);
    return (char *)bytes;
}

static void has(const char *bytes, const char *wanted)
{
    if (strstr(bytes, wanted) == NULL)
        fail_msg("\"%s\" is not in:\n%s", wanted, bytes);
}

static void test_headers(void **state)
{
    struct arena a = { 0 };
    struct mime_message m = sample();
    const char *bytes = built(&a, &m);

    (void)state;
    has(bytes, "Date: Fri, 20 Nov 2026 08:00:00 +0000\r\n");
    has(bytes, "Message-Id: <outbox-118204@recoup.example>\r\n");
    has(bytes, "Reply-To: reply+1@recoup.example\r\n");
    has(bytes, "<lucja@example.com>");
    has(bytes, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    has(bytes, "0123456789/0123456789?x=1>\r\n"); /* never folded in the middle */
    has(bytes, "Auto-Submitted: auto-generated\r\n");
    has(bytes, "Content-Language: de\r\n");
    has(bytes, "multipart/alternative; boundary=\"=_recoup_");
    has(bytes, "Content-Type: text/plain; charset=utf-8\r\n");
    has(bytes, "Content-Type: text/html; charset=utf-8\r\n");
    arena_free(&a);
}

/* Plain lines of at most 998 bytes that end in CR LF: every server on the way takes them. */
static void test_wire_form(void **state)
{
    struct arena a = { 0 };
    struct mime_message m = sample();
    const char *bytes = built(&a, &m);

    (void)state;
    for (size_t i = 0, line = 0; bytes[i] != '\0'; i++, line++) {
        assert_true((unsigned char)bytes[i] < 0x80);
        if (bytes[i] == '\n') {
            assert_true(i > 0 && bytes[i - 1] == '\r');
            line = 0;
        } else {
            assert_true(bytes[i] != '\r' || bytes[i + 1] == '\n');
        }
        assert_true(line < 998);
    }
    arena_free(&a);
}

static void test_same_bytes(void **state)
{
    struct arena a = { 0 };
    struct mime_message m = sample();
    const char *first = built(&a, &m), *second = built(&a, &m);

    (void)state;
    assert_string_equal(first, second);
    m.message_id = "outbox-118205@recoup.example";
    assert_string_not_equal(first, built(&a, &m));
    arena_free(&a);
}

static void test_text_only(void **state)
{
    struct arena a = { 0 };
    struct mime_message m = sample();

    (void)state;
    m.html = NULL;
    m.unsubscribe_url = NULL;
    m.in_reply_to = "theirs@mail.example.com";
    const char *bytes = built(&a, &m);
    has(bytes, "Content-Type: text/plain");
    has(bytes, "In-Reply-To: <theirs@mail.example.com>\r\n");
    has(bytes, "References: <theirs@mail.example.com>\r\n");
    assert_null(strstr(bytes, "multipart"));
    assert_null(strstr(bytes, "Unsubscribe"));
    arena_free(&a);
}

static void test_refused(void **state)
{
    struct mime_message bad[12];
    struct arena a = { 0 };
    unsigned char *bytes;
    size_t length, n = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = sample();
    bad[n++].subject = "Hello\r\nBcc: eve@example.com";
    bad[n++].subject = "Hello\nthere";
    bad[n++].subject = "";
    bad[n++].to.name = "Maya\r\nBcc: eve@example.com";
    bad[n++].to.address = "maya@example.com, eve@example.com";
    bad[n++].to.address = "maya@example.com\r\nBcc: eve@example.com";
    bad[n++].from.address = NULL;
    bad[n++].message_id = "a@b>\r\nX: y";
    bad[n++].unsubscribe_url = "http://pay.example.com/stop";
    bad[n++].unsubscribe_url = "https://pay.example.com/stop>, <mailto:eve@example.com";
    bad[n++].language = "de\r\nX: y";
    bad[n++].text = "";
    assert_int_equal(n, COUNT(bad));
    for (size_t i = 0; i < n; i++) {
        struct fault why = { 0 };
        if (mime_build(&a, &bad[i], &bytes, &length, &why) || why.code != BAD_VALUE)
            fail_msg("message %zu was built", i);
    }
    arena_free(&a);
}

static void test_addresses(void **state)
{
    static const char *const good[] = { "a@b", "maya.thompson+x@mail.example.com",
                                        "o'neil@example.com" };
    static const char *const bad[] = { "",           "a",           "@b",          "a@",
                                       "a@b@c",      "a b@c",       "a@b c",       "<a@b>",
                                       "a@-b",       "a@b.",        "a..b@c",      ".a@b",
                                       "\"a\"@b",    "a@b\r\nX: y", "a@[1.2.3.4]", "ä@b",
                                       "a@bücher.de" };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(mime_address_is_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(mime_address_is_valid(bad[i]));
    assert_false(mime_address_is_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),    cmocka_unit_test(test_wire_form),
        cmocka_unit_test(test_same_bytes), cmocka_unit_test(test_text_only),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
