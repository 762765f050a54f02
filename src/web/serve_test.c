/* The real server on a free port of the loopback, spoken to over a socket. */
#include "web/web.h"

#include "flow/cycle.h"
#include "flow/demo.h"
#include "flow/user.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_MOST = 1 << 20 };

static char folder[] = "/tmp/recoup-web-XXXXXX", path[64], answer[ANSWER_MOST];
static char token[DIGEST_HEX]; /* of the session of a manager */
static int port;
static bool stop;
static pthread_t server;
static struct fault served;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t up = PTHREAD_COND_INITIALIZER;

static void ready(void *self, const char *address)
{
    (void)self;
    pthread_mutex_lock(&lock);
    port = (int)strtol(strrchr(address, ':') + 1, NULL, 10);
    pthread_cond_signal(&up);
    pthread_mutex_unlock(&lock);
}

static void *serve(void *self)
{
    static const struct settings settings;
    struct web_request r = { .url = path,
                             .settings = &settings,
                             .listen = "127.0.0.1:0",
                             .log = "off",
                             .clock_stands = true,
                             .stop = &stop,
                             .ready = ready };

    (void)self;
    instant_parse("2026-11-20T09:55:00-06:00", &r.now);
    if (!web_serve(&r, &served)) {
        pthread_mutex_lock(&lock);
        port = -1;
        pthread_cond_signal(&up);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static bool book_make(struct fault *why)
{
    struct book b;
    struct cycle_request cycle = { .url = path };
    struct cycle_result result = { 0 };

    if (!instant_parse("2026-11-20T09:40:00-06:00", &cycle.now) || !demo_create(path, why) ||
        !book_open(&b, path, cycle.now, why))
        return false;
    bool filled = demo_fill(&b, (struct demo_request){ .casefiles = 400 }, why);
    struct debtor_input rude = { .reference = "X-<b>\"'&",
                                 .creditor = "<i>",
                                 .name = "<script>alert(1)</script>",
                                 .places = "US-WI",
                                 .zones = "America/Chicago" };
    struct casefile_key key;
    enum change change;
    struct user user = { 0 };
    filled = filled && book_begin(&b, why) && book_debtor_put(&b, &rude, &key, &change, why) &&
             user_by_email(b.store, &b.arena, "rosa@fairhaven.example", &user, why) &&
             session_begin(&b, user.number, false, "127.0.0.1", NULL, token, why) &&
             book_commit(&b, why);
    book_close(&b);
    return filled && cycle_run(&cycle, &result, why);
}

static int start(void **state)
{
    struct fault why = { 0 };

    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/book.db", folder);
    if (!book_make(&why)) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    pthread_create(&server, NULL, serve, NULL);
    pthread_mutex_lock(&lock);
    while (port == 0)
        pthread_cond_wait(&up, &lock);
    pthread_mutex_unlock(&lock);
    return port < 0;
}

static int finish(void **state)
{
    (void)state;
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(server, NULL);
    unlink(path);
    return rmdir(folder);
}

/* Sends the text as it is and reads to the end of the connection; the status comes back. */
static int say(const char *text)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int s = socket(AF_INET, SOCK_STREAM, 0), status = 0;
    size_t length = 0;

    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    assert_int_equal(connect(s, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(send(s, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    for (;;) {
        ssize_t got = recv(s, answer + length, sizeof answer - 1 - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    close(s);
    answer[length] = '\0';
    sscanf(answer, "HTTP/1.1 %d", &status);
    return status;
}

static int ask(const char *method, const char *target, const char *header)
{
    static char text[8192];

    snprintf(text, sizeof text,
             "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: recoup=%s\r\n%s\r\n",
             method, target, token, header);
    return say(text);
}

static int get(const char *target)
{
    return ask("GET", target, "");
}

static const char *body(void)
{
    const char *end = strstr(answer, "\r\n\r\n");

    return end == NULL ? "" : end + 4;
}

/* ---- Tests ------------------------------------------------------------------------------ */

static void test_pages_answer(void **state)
{
    static const char *const pages[][2] = {
        { "/insights", "Portfolio health" },
        { "/insights?currency=EUR", "Portfolio health" },
        { "/insights?currency=nonsense", "Portfolio health" },
        { "/accounts", "Accounts" },
        { "/accounts?standing=blocked", "Accounts" },
        { "/accounts?q=okafor", "Okafor" },
        { "/accounts?q=b-20", "B-20" },
        { "/accounts?q=nobody-has-this-name", "No account matches" },
        { "/outbox", "Outbox" },
        { "/outbox?state=ready&channel=letter", "Outbox" },
        { "/healthz", "ok" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(pages); i++) {
        assert_int_equal(get(pages[i][0]), 200);
        assert_non_null(strstr(body(), pages[i][1]));
    }
}

/* Follows the first link that begins with `prefix` on the page just read. */
static int follow(const char *prefix)
{
    char target[256], wanted[64];

    snprintf(wanted, sizeof wanted, "href=\"%s", prefix);
    const char *at = strstr(body(), wanted);
    assert_non_null(at);
    at += strlen("href=\"");
    snprintf(target, sizeof target, "%.*s", (int)strcspn(at, "\""), at);
    return get(target);
}

static void test_links_lead_somewhere(void **state)
{
    (void)state;
    assert_int_equal(get("/outbox"), 200);
    assert_int_equal(follow("/d/"), 200);
    assert_non_null(strstr(body(), "Fits the chain"));
    assert_int_equal(follow("/outbox/"), 200);
    assert_int_equal(get("/accounts?standing=waiting"), 200);
    assert_int_equal(follow("/accounts/"), 200);
    assert_non_null(strstr(body(), "Can I contact "));
    assert_non_null(strstr(body(), "How the amount adds up"));
    assert_int_equal(get("/accounts"), 200);
    assert_int_equal(follow("/accounts?after="), 200);
}

static void test_what_is_stored_is_escaped(void **state)
{
    (void)state;
    assert_int_equal(get("/accounts?q=script"), 200);
    assert_null(strstr(body(), "<script>alert"));
    assert_non_null(strstr(body(), "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_int_equal(get("/accounts/X-%3Cb%3E%22%27%26"), 200);
    assert_null(strstr(body(), "<b>\"'"));
    assert_int_equal(get("/accounts?q=%22%3E%3Cimg%20src%3Dx%3E"), 200);
    assert_null(strstr(body(), "<img"));
    assert_int_equal(get("/accounts/%3Cscript%3E"), 404);
    assert_null(strstr(body(), "<script>&"));
    assert_non_null(strstr(body(), "&lt;script&gt;"));
}

static void test_nothing_else_is_there(void **state)
{
    static const char *const targets[] = {
        "/nowhere",
        "/accounts/none-such",
        "/outbox/1",
        "/outbox/1.0",
        "/outbox/5000.1",
        "/outbox/1.99999999",
        "/d/x",
        "/d/1.99999999",
        "/static/",
        "/static/none.css",
        "/static/../recoup.css",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/../../etc/passwd",
        "/accounts/a/b",
        "//",
        "/healthz/",
        "/outbox/1.1/body/",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++) {
        assert_int_equal(get(targets[i]), 404);
        assert_null(strstr(body(), "root:"));
    }
    assert_int_equal(get("/outbox?after=zzz"), 400);
    assert_int_equal(get("/accounts/%ff%fe"), 400);
    assert_int_equal(get("/accounts?q=%ff"), 400);
}

static void test_methods_are_those_of_the_table(void **state)
{
    static const char *const methods[] = { "POST", "PUT", "DELETE", "PATCH", "OPTIONS" };

    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        assert_int_equal(ask(methods[i], "/insights", "Content-Length: 0\r\n"), 405);
        assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD\r\n"));
    }
    assert_int_equal(ask("HEAD", "/accounts", ""), 200);
    assert_string_equal(body(), "");
}

static void test_strangers_are_sent_to_the_door(void **state)
{
    char kept[DIGEST_HEX];

    (void)state;
    memcpy(kept, token, sizeof kept);
    memset(token, '0', sizeof token - 1);
    assert_int_equal(get("/accounts"), 303);
    assert_non_null(strstr(answer, "\r\nLocation: /sign-in?next=%2Faccounts\r\n"));
    assert_int_equal(ask("POST", "/sign-out", "Content-Length: 0\r\n"), 401);
    assert_int_equal(get("/sign-in"), 200);
    memcpy(token, kept, sizeof kept);
}

/* A form, as a browser sends it; the status. */
static int post(const char *target, const char *form)
{
    char header[4096];

    snprintf(header, sizeof header,
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(form), form);
    return ask("POST", target, header);
}

static void test_signing_in_and_out(void **state)
{
    char kept[DIGEST_HEX], form[256];

    (void)state;
    memcpy(kept, token, sizeof kept);
    memset(token, '0', sizeof token - 1); /* else the session of now ends with the new one */
    assert_int_equal(post("/sign-in", "email=priya%40fairhaven.example&password=wrong-guess"), 422);
    assert_non_null(strstr(body(), "That did not match."));
    assert_non_null(strstr(body(), "value=\"priya@fairhaven.example\""));
    assert_null(strstr(body(), "wrong-guess"));
    snprintf(form, sizeof form, "email=Priya%%40fairhaven.example&password=%s&next=//evil.example",
             demo_password);
    assert_int_equal(post("/sign-in", form), 303);
    assert_non_null(strstr(answer, "\r\nLocation: /\r\n"));
    const char *cookie = strstr(answer, "Set-Cookie: recoup=");
    assert_non_null(cookie);
    assert_non_null(strstr(cookie, "HttpOnly; SameSite=Lax"));
    memcpy(token, cookie + strlen("Set-Cookie: recoup="), sizeof token - 1);
    assert_string_not_equal(token, kept);
    assert_int_equal(get("/accounts"), 200);
    assert_non_null(strstr(body(), "Priya Nair"));
    assert_int_equal(get("/insights"), 403); /* a collector */
    assert_int_equal(get("/accounts"), 200);
    const char *csrf = strstr(body(), "name=\"csrf\" value=\"");
    assert_non_null(csrf);
    snprintf(form, sizeof form, "csrf=%.64s", csrf + strlen("name=\"csrf\" value=\""));
    assert_int_equal(post("/sign-out", form), 303);
    assert_int_equal(get("/accounts"), 303);
    memcpy(token, kept, sizeof kept);
}

static void test_forms_of_others_do_nothing(void **state)
{
    (void)state;
    assert_int_equal(post("/sign-out", ""), 403);
    assert_int_equal(post("/sign-out", "csrf=0123"), 403);
    assert_int_equal(get("/accounts"), 200);
}

static void test_headers_close_the_page(void **state)
{
    (void)state;
    assert_int_equal(get("/insights"), 200);
    assert_non_null(strstr(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
    assert_non_null(strstr(answer, "\r\nCache-Control: no-store\r\n"));
    assert_non_null(strstr(answer, "default-src 'none'"));
    assert_non_null(strstr(answer, "frame-ancestors 'none'"));
    assert_null(strstr(answer, "unsafe-inline"));
    assert_null(strstr(body(), " style=\""));
    assert_null(strstr(body(), "<style"));
    assert_null(strstr(body(), "javascript:"));
    assert_null(strstr(body(), " onclick"));
}

static void test_files_are_kept_by_the_browser(void **state)
{
    char header[128];

    (void)state;
    assert_int_equal(get("/favicon.ico"), 200);
    assert_int_equal(get("/static/recoup.css"), 200);
    assert_non_null(strstr(answer, "\r\nContent-Type: text/css; charset=utf-8\r\n"));
    const char *tag = strstr(answer, "\r\nETag: ");
    assert_non_null(tag);
    tag += strlen("\r\nETag: ");
    snprintf(header, sizeof header, "If-None-Match: %.*s\r\n", (int)strcspn(tag, "\r"), tag);
    assert_int_equal(ask("GET", "/static/recoup.css", header), 304);
    assert_string_equal(body(), "");
}

static void test_long_addresses_are_refused(void **state)
{
    static char target[4096];

    (void)state;
    memset(target, 'a', sizeof target - 1);
    target[0] = '/';
    assert_int_equal(get(target), 414);
}

static void *many(void *self)
{
    (void)self;
    for (int i = 0; i < 6; i++) {
        struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        static const char text[] = "GET /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        char got[32] = "";
        int s = socket(AF_INET, SOCK_STREAM, 0);
        inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
        if (connect(s, (struct sockaddr *)&to, sizeof to) != 0 ||
            send(s, text, sizeof text - 1, MSG_NOSIGNAL) < 0 ||
            recv(s, got, sizeof got - 1, MSG_WAITALL) < 12 || strncmp(got + 9, "200", 3) != 0)
            *(bool *)self = true;
        close(s);
    }
    return NULL;
}

static void test_many_at_once(void **state)
{
    pthread_t threads[8];
    bool failed = false;

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, many, &failed);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_false(failed);
}

static void test_bad_addresses_are_named(void **state)
{
    static const char *const bad[] = { "localhost:80", "127.0.0.1", "127.0.0.1:99999", ":",
                                       "" };
    bool done = true;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fault why = { 0 };
        struct web_request r = { .url = path, .listen = bad[i], .stop = &done };
        assert_false(web_serve(&r, &why));
        assert_int_equal(why.code, BAD_VALUE);
    }
    char taken[32];
    struct fault why = { 0 };
    snprintf(taken, sizeof taken, "127.0.0.1:%d", port);
    struct web_request r = { .url = "/no/such/book.db", .listen = taken, .stop = &done };
    assert_false(web_serve(&r, &why));
    assert_int_equal(why.code, NOT_FOUND);
    r.url = path;
    assert_false(web_serve(&r, &why)); /* the port is ours already: nobody shares it */
    assert_int_equal(why.code, SYSTEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_answer),
        cmocka_unit_test(test_links_lead_somewhere),
        cmocka_unit_test(test_what_is_stored_is_escaped),
        cmocka_unit_test(test_nothing_else_is_there),
        cmocka_unit_test(test_methods_are_those_of_the_table),
        cmocka_unit_test(test_strangers_are_sent_to_the_door),
        cmocka_unit_test(test_signing_in_and_out),
        cmocka_unit_test(test_forms_of_others_do_nothing),
        cmocka_unit_test(test_headers_close_the_page),
        cmocka_unit_test(test_files_are_kept_by_the_browser),
        cmocka_unit_test(test_long_addresses_are_refused),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_bad_addresses_are_named),
    };

    return cmocka_run_group_tests(tests, start, finish);
}
