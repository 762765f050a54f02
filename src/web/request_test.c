/* What came with a request, taken apart without a socket: addresses, heads, forms, parts. */
#include "web/address.h"
#include "web/body.h"
#include "web/csrf.h"
#include "web/head.h"
#include "web/listen_reply.h"
#include "web/pack.h"
#include "web/peers.h"

#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena a;
static const char *what;

static int clean(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

/* A copy in memory of its own size, so that the sanitizer sees who reads beyond it. */
static char *copy(const char *text, size_t length)
{
    char *out = malloc(length + 1);

    assert_non_null(out);
    memcpy(out, text, length);
    out[length] = '\0';
    return out;
}

/* ---- Addresses ------------------------------------------------------------------------- */

static void test_addresses(void **state)
{
    static const char *const good[] = { "127.0.0.1:0", "0.0.0.0:65535", "[::1]:8080",
                                        "[::]:1" };
    static const char *const bad[] = {
        "",      ":80",     "localhost:80",    "127.0.0.1", "::1:80",
        "[::1]", "[::1:80", "127.0.0.1:65536", "1.2.3:4",   "[1.2.3.4]:5"
    };
    union socket_address at;
    struct fault why;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(address_parse(good[i], &at, &why));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(address_parse(bad[i], &at, &why));
    assert_true(address_is_loopback("127.9.9.9"));
    assert_true(address_is_loopback("::1"));
    assert_true(address_is_loopback("::ffff:127.0.0.1"));
    assert_false(address_is_loopback("128.0.0.1"));
    assert_false(address_is_loopback("::2"));
    assert_false(address_is_loopback("0.0.0.0"));
    assert_false(address_is_loopback(""));
}

static void test_proxies(void **state)
{
    static const struct {
        const char *peer, *forwarded, *client;
    } cases[] = {
        { "10.1.2.3", NULL, "10.1.2.3" },
        { "10.1.2.3", "9.9.9.9", "9.9.9.9" },
        { "10.1.2.3", "1.1.1.1, 9.9.9.9", "9.9.9.9" },
        { "10.1.2.3", "9.9.9.9, 10.0.0.9", "9.9.9.9" },
        { "10.1.2.3", "10.0.0.8,10.0.0.9", "10.0.0.8" },
        { "10.1.2.3", "9.9.9.9,", "10.1.2.3" },
        { "10.1.2.3", "nobody", "10.1.2.3" },
        { "10.1.2.3", "9.9.9.9:80", "10.1.2.3" },
        { "10.1.2.3", "", "10.1.2.3" },
        { "10.1.2.3", ",,,,", "10.1.2.3" },
        { "11.1.2.3", "9.9.9.9", "11.1.2.3" },
        { "2001:db8::7", "2001:db8::8, fe80::1", "fe80::1" },
        { "2001:db9::7", "9.9.9.9", "2001:db9::7" },
    };
    static const char *const bad[] = { "x",         "10.0.0.0/33", "10.0.0.0/-1",
                                       "10.0.0.0/", "::/129",      "10.0.0.1;10.0.0.2" };
    struct proxies p;
    struct fault why;

    (void)state;
    assert_true(proxies_parse("10.0.0.0/8, 2001:db8::/32", &p, &why));
    assert_int_equal(p.count, 2);
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(proxies_client(&p, &a, cases[i].peer, cases[i].forwarded),
                            cases[i].client);
    assert_true(proxies_parse(NULL, &p, &why));
    assert_false(proxies_have(&p, "10.1.2.3"));
    assert_true(proxies_parse("0.0.0.0/0", &p, &why));
    assert_true(proxies_have(&p, "200.1.2.3"));
    assert_false(proxies_have(&p, "2001:db8::1"));
    assert_true(proxies_parse("10.128.0.0/9", &p, &why));
    assert_true(proxies_have(&p, "10.200.1.1"));
    assert_false(proxies_have(&p, "10.100.1.1"));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(proxies_parse(bad[i], &p, &why));
}

/* ---- Bodies ---------------------------------------------------------------------------- */

static void test_kinds(void **state)
{
    static const struct {
        const char *type;
        enum body_kind kind;
        const char *boundary;
    } cases[] = {
        { NULL, BODY_NONE, NULL },
        { "", BODY_OTHER, NULL },
        { "application/json", BODY_JSON, NULL },
        { "application/json; charset=utf-8", BODY_JSON, NULL },
        { "application/json;charset=\"UTF-8\"", BODY_JSON, NULL },
        { "application/json; charset=utf-16", BODY_OTHER, NULL },
        { "application/jsonx", BODY_OTHER, NULL },
        { "multipart/form-data; boundary=a", BODY_PARTS, "a" },
        { "multipart/form-data; x=y; boundary=\"a b\"; z", BODY_PARTS, "a b" },
        { "multipart/form-data; xboundary=a", BODY_OTHER, NULL },
        { "multipart/form-data", BODY_OTHER, NULL },
    };
    const char *boundary;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(body_kind_of(&a, cases[i].type, &boundary), cases[i].kind);
        if (cases[i].boundary != NULL)
            assert_string_equal(boundary, cases[i].boundary);
    }
}

static int form(const char *text, size_t length, struct ask *ask)
{
    char *bytes = copy(text, length);
    char *kept = arena_copy_n(&a, bytes, length);

    free(bytes);
    *ask = (struct ask){ 0 };
    return form_read(&a, kept, length, ask, &what);
}

static void test_forms(void **state)
{
    static const char many[] = "a=1&b=+2%203&&c&d==&=e&a=%F0%9F%98%80";
    struct ask ask;

    (void)state;
    assert_int_equal(form(many, strlen(many), &ask), 0);
    assert_int_equal(ask.form_count, 6);
    assert_string_equal(ask.form[1].value, " 2 3");
    assert_string_equal(ask.form[2].name, "c");
    assert_string_equal(ask.form[2].value, "");
    assert_string_equal(ask.form[3].value, "=");
    assert_string_equal(ask.form[4].name, "");
    assert_string_equal(ask.form[5].value, "\xF0\x9F\x98\x80");
    assert_int_equal(form("", 0, &ask), 0);
    assert_int_equal(ask.form_count, 0);
    assert_int_equal(form("a=%0", 4, &ask), 400);
    assert_int_equal(form("a=%", 3, &ask), 400);
    assert_int_equal(form("a=%00", 5, &ask), 400);
    assert_int_equal(form("a\0b=1", 5, &ask), 400);
    assert_int_equal(form("%ff=1", 5, &ask), 400);
}

static void test_targets(void **state)
{
    struct ask ask = { 0 };

    (void)state;
    assert_int_equal(target_read(&a, "/a%2Fb/%C3%A9?x=%26&y", &ask, &what), 0);
    assert_string_equal(ask.path, "/a/b/\xC3\xA9");
    assert_string_equal(ask.raw_path, "/a%2Fb/%C3%A9");
    assert_string_equal(ask.query[0].value, "&");
    assert_string_equal(piece_decode(&a, "a%2Fb", 5), "a/b");
    static const char *const bad[] = { "/%",   "/%0",  "/%00",  "/%0a",
                                       "/%7f", "/%ff", "/a?%f", "/?a=%00" };
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(target_read(&a, bad[i], &ask, &what), 400);
}

static int parts(const char *text, struct ask *ask)
{
    *ask = (struct ask){ 0 };
    return parts_read(&a, arena_copy(&a, text), strlen(text), "B", ask, &what);
}

#define FIELD(name, value)                                                                     \
    "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_OF(name, file, value)                                                             \
    "--B\r\ncontent-disposition: form-data; filename=\"" file "\"; name=\"" name               \
    "\"\r\nContent-Type: text/csv \r\n\r\n" value "\r\n"

static void test_parts(void **state)
{
    struct ask ask;

    (void)state;
    assert_int_equal(
        parts(FIELD("a", "1\r\n2") FILE_OF("f", "x.csv", "--C\r\nb") "--B--\r\n", &ask), 0);
    assert_int_equal(ask.form_count, 1);
    assert_string_equal(ask.form[0].value, "1\r\n2");
    assert_int_equal(ask.upload_count, 1);
    assert_string_equal(ask.uploads[0].name, "f");
    assert_string_equal(ask.uploads[0].type, "text/csv");
    assert_int_equal(ask.uploads[0].length, 6);
    assert_int_equal(parts(FILE_OF("f", "C:\\dir/ev%22il.csv", "") "--B--", &ask), 0);
    assert_string_equal(ask.uploads[0].file, "ev\"il.csv");
    assert_int_equal(parts(FILE_OF("f", "", "") "--B--", &ask), 0);
    assert_int_equal(ask.upload_count, 0);
    assert_int_equal(parts(FIELD("a", "") "--B--", &ask), 0);
    assert_string_equal(ask.form[0].value, "");
    static const char *const bad[] = {
        "",
        "--",
        "--B",
        "--B\r\n",
        "--B\r\n\r\n",
        "--B-",
        FIELD("a", "1"),
        FIELD("a", "1") "--B",
        FIELD("a", "1") "--B\n--B--",
        "x" FIELD("a", "1") "--B--",
        "--B\r\nContent-Disposition: form-data; xname=\"a\"\r\n\r\n1\r\n--B--",
        FIELD("a", "\xff") "--B--",
        FIELD("\xff", "1") "--B--",
        FIELD("a", "1") "--Bx--",
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parts(bad[i], &ask), 400);
}

/* ---- What goes out --------------------------------------------------------------------- */

static void test_headers(void **state)
{
    static const char *const places[][2] = {
        { "/a?b=c&d=%20", "/a?b=c&d=%20" },
        { "//evil.example", "/" },
        { "/\\evil.example", "/" },
        { "https://evil.example", "/" },
        { "", "/" },
        { "javascript:x", "/" },
        { "/a\r\nSet-Cookie: b", "/a%0D%0ASet-Cookie:%20b" },
        { "/\xC3\xA9\"<", "/%C3%A9%22%3C" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++)
        assert_string_equal(location_of(&a, places[i][0]), places[i][1]);
    assert_string_equal(disposition_of(&a, "a.csv"),
                        "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv");
    assert_string_equal(disposition_of(&a, "\xC3\xA9\"\r\n/b\\c"),
                        "attachment; filename=\"_____b_c\"; "
                        "filename*=UTF-8''%C3%A9%22%0D%0A%2Fb%5Cc");
    assert_true(is_header_text("a b~"));
    assert_false(is_header_text("a\r\nb"));
    assert_false(is_header_text("\xC3\xA9"));
    assert_false(is_header_text("\t"));
}

static void test_tokens(void **state)
{
    char token[DIGEST_HEX], other[DIGEST_HEX];

    (void)state;
    secret_make(token);
    secret_make(other);
    const char *one = csrf_mask(&a, token), *two = csrf_mask(&a, token);
    assert_int_equal(strlen(one), 64);
    assert_string_not_equal(one, two);
    assert_true(csrf_fits(one, token) && csrf_fits(two, token));
    assert_false(csrf_fits(one, other));
    assert_false(csrf_fits(token, token)); /* what is never shown does not work */
    assert_false(csrf_fits("", token));
    char *bent = arena_copy(&a, one);
    bent[63] = bent[63] == '0' ? '1' : '0';
    assert_false(csrf_fits(bent, token));
    bent[0] = 'G';
    assert_false(csrf_fits(bent, token));
    assert_string_equal(csrf_mask(&a, ""), "");
    assert_false(csrf_fits(one, ""));
}

static void test_packing(void **state)
{
    struct gzipper *g = gzipper_new(PACK_PAGE_LEVEL);
    struct text packed = { 0 };

    (void)state;
    assert_int_equal(packing_of(NULL, true), PACK_NONE);
    assert_int_equal(packing_of("gzip, br", true), PACK_BROTLI);
    assert_int_equal(packing_of("gzip, br", false), PACK_GZIP);
    assert_int_equal(packing_of("br", false), PACK_NONE);
    assert_int_equal(packing_of("br;q=0.1, gzip;q=0.2", true), PACK_GZIP);
    for (int round = 0; round < 3; round++) {
        char *zeros = calloc(1, 100000);
        gzip(g, zeros, 100000, &packed);
        assert_true(packed.length < 1000);
        text_free(&packed);
        brotli(zeros, 100000, &packed);
        assert_true(packed.length < 1000);
        text_free(&packed);
        free(zeros);
    }
    gzip(g, "", 0, &packed);
    assert_true(packed.length > 0);
    text_free(&packed);
    gzipper_free(g);
}

static void test_lateness(void **state)
{
    (void)state;
    assert_false(peer_is_late(PEER_WAITS, 29000, 0, false));
    assert_true(peer_is_late(PEER_WAITS, 31000, 0, false));
    assert_true(peer_is_late(PEER_WAITS, 3000, 0, true));
    assert_false(peer_is_late(PEER_SERVED, 1000000, 0, true));
    assert_true(peer_is_late(PEER_SENDS, 21000, 0, false));
    assert_false(peer_is_late(PEER_SENDS, 21000, 2 * PEER_SLOWEST, false));
    assert_true(peer_is_late(PEER_TAKES, 31000, 10 * PEER_SLOWEST, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_addresses, clean),
        cmocka_unit_test_teardown(test_proxies, clean),
        cmocka_unit_test_teardown(test_kinds, clean),
        cmocka_unit_test_teardown(test_forms, clean),
        cmocka_unit_test_teardown(test_targets, clean),
        cmocka_unit_test_teardown(test_parts, clean),
        cmocka_unit_test_teardown(test_headers, clean),
        cmocka_unit_test_teardown(test_tokens, clean),
        cmocka_unit_test_teardown(test_packing, clean),
        cmocka_unit_test_teardown(test_lateness, clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
