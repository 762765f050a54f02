#include "channels/email.h"

#include "base/text.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* tests/smtp_peer.py, a real mail server on loopback that misbehaves on demand. */
struct peer {
    pid_t pid;
    FILE *says;
    char url[64];
};

static const unsigned char message[] =
    "Subject: a test\r\n\r\nHello.\r\n.a line with a dot\r\n";

static struct peer peer_start(const char *const options[])
{
    struct peer peer = { 0 };
    const char *arguments[8] = { "python3", "tests/smtp_peer.py" };
    int ends[2], port = 0;

    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        arguments[2 + i] = options[i];
    assert_int_equal(pipe(ends), 0);
    peer.pid = fork();
    if (peer.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves no server behind */
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv("/usr/bin/python3",
              (char *const *)arguments); /* the one Debian's modules are for */
        _exit(127);
    }
    close(ends[1]);
    peer.says = fdopen(ends[0], "r");
    if (fscanf(peer.says, "%d", &port) != 1)
        fail_msg("the mail server did not start: is python3-aiosmtpd installed, and is this "
                 "run from the top of the tree?");
    snprintf(peer.url, sizeof peer.url, "smtp://127.0.0.1:%d", port);
    return peer;
}

static void peer_stop(struct peer *peer)
{
    kill(peer->pid, SIGKILL);
    waitpid(peer->pid, NULL, 0);
    fclose(peer->says);
}

static struct email_settings settings_for(const struct peer *peer)
{
    return (struct email_settings){ .url = peer->url,
                                    .tls = EMAIL_TLS_NEVER,
                                    .return_to = "bounces@recoup.example",
                                    .hello = "recoup.example",
                                    .connect_ms = 3000,
                                    .answer_ms = 3000 };
}

static bool send_to(struct channel_port *port, const char *to, struct fault *why)
{
    struct arena a = { 0 };

    *why = (struct fault){ 0 };
    bool sent = port->send(port, &a, "key-1", to, message, sizeof message - 1, why);
    arena_free(&a);
    return sent;
}

/* What the server does, and what may be concluded from it. FAULT_NONE: sent. */
static const struct outcome_case {
    const char *to;
    enum fault_code code;
    const char *says;
} outcomes[] = {
    { "maya@example.com", FAULT_NONE, "" },
    { "rcpt-later@example.com", PROVIDER_BUSY, "451 4.2.1 mailbox busy" },
    { "rcpt-never@example.com", PROVIDER_REFUSED, "550 5.1.1 no such mailbox" },
    { "start-later@example.com", PROVIDER_BUSY, "451 4.3.0 not now" },
    { "start-never@example.com", PROVIDER_REFUSED, "554 5.3.0 not here" },
    { "start-drop@example.com", PROVIDER_BUSY, "could not be used" },
    { "middle-drop@example.com", PROVIDER_SILENT, "did not say whether" },
    { "data-later@example.com", PROVIDER_BUSY, "452 4.3.1 no room" },
    { "data-never@example.com", PROVIDER_REFUSED, "554 5.7.1 not wanted" },
    { "data-drop@example.com", PROVIDER_SILENT, "did not say whether" },
    { "slow@example.com", PROVIDER_SILENT, "did not say whether" },
    { "joe@example.com", FAULT_NONE, "" },
    { "joe@example.com>\r\nRCPT TO:<eve@example.com", BAD_VALUE, "no email address" },
};

static void test_outcomes(void **state)
{
    struct peer peer = peer_start(NULL);
    struct email_settings settings = settings_for(&peer);
    struct fault why;
    struct channel_port *port = email_open(&settings, &why);

    (void)state;
    assert_non_null(port);
    assert_false(port->repeats_are_dropped);
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        bool sent = send_to(port, outcomes[i].to, &why);
        if (sent != (outcomes[i].code == FAULT_NONE) || why.code != outcomes[i].code ||
            strstr(why.text, outcomes[i].says) == NULL)
            fail_msg("%s: %s \"%s\"", outcomes[i].to, fault_name_of(why.code), why.text);
    }
    port->close(port);
    peer_stop(&peer);
}

/* One connection carries many messages; when the server hangs up, a new one is made. */
static void test_kept_connection(void **state)
{
    struct peer peer = peer_start(NULL);
    struct email_settings settings = settings_for(&peer);
    struct fault why;
    struct channel_port *port = email_open(&settings, &why);
    char to[64];
    int connection = 0;

    (void)state;
    for (int i = 0; i < 20; i++)
        assert_true(send_to(port, i == 19 ? "bye@example.com" : "maya@example.com", &why));
    usleep(300 * 1000);
    assert_true(send_to(port, "joe@example.com", &why));
    for (int i = 0; i < 21; i++) {
        assert_int_equal(fscanf(peer.says, " took %63s %d %*d", to, &connection), 2);
        assert_int_equal(connection, i == 20 ? 2 : 1);
    }
    port->close(port);
    peer_stop(&peer);
}

static void test_nobody_there(void **state)
{
    struct peer peer = peer_start(NULL);
    struct email_settings settings = settings_for(&peer);
    struct fault why;
    struct channel_port *port;

    (void)state;
    peer_stop(&peer);
    port = email_open(&settings, &why);
    assert_non_null(port);
    assert_false(send_to(port, "maya@example.com", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    port->close(port);
}

/* What a server says before it has heard of the message is not about the message. */
static void test_unwelcome(void **state)
{
    static const char *const options[] = { "--greeting", "554", NULL };
    struct peer peer = peer_start(options);
    struct email_settings settings = settings_for(&peer);
    struct fault why;
    struct channel_port *port = email_open(&settings, &why);

    (void)state;
    assert_false(send_to(port, "maya@example.com", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    port->close(port);
    peer_stop(&peer);
}

static char *file_with(const char *text, char name[32])
{
    strcpy(name, "/tmp/recoup-test-XXXXXX");
    int file = mkstemp(name);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    return name;
}

static void test_login(void **state)
{
    static const char *const options[] = { "--login", NULL };
    struct peer peer = peer_start(options);
    struct email_settings settings = settings_for(&peer);
    struct fault why;
    char right[32], wrong[32];

    (void)state;
    settings.user = "recoup";
    settings.password_file = file_with("a right one\nnot this line\n", right);
    struct channel_port *port = email_open(&settings, &why);
    assert_non_null(port);
    assert_true(send_to(port, "maya@example.com", &why));
    port->close(port);

    settings.password_file = file_with("a wrong one", wrong);
    port = email_open(&settings, &why);
    assert_false(send_to(port, "maya@example.com", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    assert_null(strstr(why.text, "wrong one"));
    assert_non_null(strstr(why.hint, "password"));
    port->close(port);
    peer_stop(&peer);
    unlink(right);
    unlink(wrong);
}

static void test_tls(void **state)
{
    char key[32], certificate[32], command[256];
    struct fault why;

    (void)state;
    file_with("", key);
    file_with("", certificate);
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey rsa:2048 -nodes -keyout %s -out %s -days 2 "
             "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null",
             key, certificate);
    assert_int_equal(system(command), 0);
    const char *const options[] = { "--tls", certificate, key, NULL };
    struct peer peer = peer_start(options), plain = peer_start(NULL);

    struct email_settings settings = settings_for(&peer);
    settings.tls = EMAIL_TLS_REQUIRED;
    settings.ca_file = certificate;
    struct channel_port *port = email_open(&settings, &why);
    assert_true(send_to(port, "maya@example.com", &why));
    port->close(port);

    settings.ca_file = NULL; /* a certificate that nobody we trust has signed */
    port = email_open(&settings, &why);
    assert_false(send_to(port, "maya@example.com", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    port->close(port);

    settings = settings_for(&plain); /* a server without TLS */
    settings.tls = EMAIL_TLS_REQUIRED;
    port = email_open(&settings, &why);
    assert_false(send_to(port, "maya@example.com", &why));
    assert_int_equal(why.code, PROVIDER_BUSY);
    port->close(port);
    peer_stop(&peer);
    peer_stop(&plain);
    unlink(key);
    unlink(certificate);
}

static void test_settings(void **state)
{
    static const struct email_settings bad[] = {
        { .url = "http://mail.example.com", .return_to = "b@example.com" },
        { .url = "smtp://joe@mail.example.com", .return_to = "b@example.com" },
        { .url = "smtp://mail.example.com", .return_to = "nobody" },
        { .url = "smtps://mail.example.com", .return_to = "b@example.com", .user = "joe" },
        { .url = "smtp://mail.example.com",
          .return_to = "b@example.com",
          .user = "joe",
          .password_file = "/dev/null",
          .tls = EMAIL_TLS_IF_OFFERED },
        { .url = "smtp://localhost.example.com",
          .return_to = "b@example.com",
          .user = "joe",
          .password_file = "/dev/null",
          .tls = EMAIL_TLS_NEVER },
        { .url = "smtps://mail.example.com",
          .return_to = "b@example.com",
          .user = "joe",
          .password_file = "/nowhere/at-all" },
    };
    struct fault why;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_null(email_open(&bad[i], &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),     cmocka_unit_test(test_kept_connection),
        cmocka_unit_test(test_nobody_there), cmocka_unit_test(test_unwelcome),
        cmocka_unit_test(test_login),        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_settings),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
