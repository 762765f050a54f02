#include "channels/email.h"

#include "base/text.h"
#include "formats/mime.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_MOST = 4096, CONNECT_MS = 10000, ANSWER_MS = 60000 };

struct email {
    struct channel_port port; /* first, so that a port is an email channel */
    CURL *curl;               /* keeps the connection from message to message; may be NULL */
    char *url, *sender, *user, *password, *ca_file;
    long tls, connect_ms, answer_ms;

    /* The message at hand. */
    const unsigned char *bytes;
    size_t length, given;
    bool mail_was_named; /* MAIL FROM was said: what the server answers is about the message */
    bool data_was_begun; /* the server may have something of it */
    bool over;           /* QUIT was said; what comes now is only politeness */
    char reply[160];     /* the last line the server said before that */
    char problem[CURL_ERROR_SIZE];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool curl_is_usable;

/* Not when the program starts: most runs send nothing, and this costs milliseconds. */
static void start_curl(void)
{
    curl_is_usable = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static size_t give_bytes(char *room, size_t size, size_t count, void *self)
{
    struct email *email = self;
    size_t left = email->length - email->given, most = size * count;
    size_t giving = left < most ? left : most;

    email->data_was_begun = true;
    memcpy(room, email->bytes + email->given, giving);
    email->given += giving;
    return giving;
}

/* Listens to the conversation, to know how far it went and what was said last. */
static int overhear(CURL *curl, curl_infotype type, char *line, size_t length, void *self)
{
    struct email *email = self;

    (void)curl;
    if (type == CURLINFO_HEADER_OUT && length >= 10 && strncasecmp(line, "MAIL FROM:", 10) == 0)
        email->mail_was_named = true;
    if (type == CURLINFO_HEADER_OUT && length >= 4 && strncasecmp(line, "QUIT", 4) == 0)
        email->over = true;
    if (type != CURLINFO_HEADER_IN || email->over)
        return 0;
    size_t kept = length < sizeof email->reply ? length : sizeof email->reply - 1;
    for (size_t i = 0; i < kept; i++)
        email->reply[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : ' ';
    while (kept > 0 && email->reply[kept - 1] == ' ')
        kept--;
    email->reply[kept] = '\0';
    return 0;
}

/*
 * What is known after a failed attempt. A refusal counts only when it is about the message:
 * a server that dislikes our name or password says nothing about the person we write to.
 */
static bool explain(const struct email *email, CURLcode result, struct fault *why)
{
    const char *problem =
        email->problem[0] != '\0' ? email->problem : curl_easy_strerror(result);
    int code = atoi(email->reply); /* "550 5.1.1 no such mailbox" */

    if (email->mail_was_named && code >= 500 && code <= 599)
        return fail(why, PROVIDER_REFUSED, "The mail server refused the message: %s.",
                    email->reply);
    if (email->mail_was_named && code >= 400 && code <= 499)
        return fail(why, PROVIDER_BUSY, "The mail server asks to try again later: %s.",
                    email->reply);
    if (email->data_was_begun)
        return fail(why, PROVIDER_SILENT,
                    "The mail server did not say whether it took the message: %s.", problem);
    fail(why, PROVIDER_BUSY, "The mail server could not be used: %s.", problem);
    if (result == CURLE_LOGIN_DENIED)
        fault_hint(why, "Check the user and the password file of the email channel.");
    else if (result == CURLE_USE_SSL_FAILED)
        fault_hint(why, "The server offers no TLS; ask for another port, or allow it without.");
    return false;
}

/* Options that stay from message to message. */
static void set_options(struct email *email)
{
    CURL *curl = email->curl;

    curl_easy_setopt(curl, CURLOPT_URL, email->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, email->tls);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, email->sender);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, email);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, overhear);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, email);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* to our ears only */
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, email->problem);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, email->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, email->answer_ms);
    if (email->ca_file != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, email->ca_file);
    curl_easy_setopt(curl, CURLOPT_USERNAME, email->user);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, email->password);
}

static bool connection_ready(struct email *email, struct fault *why)
{
    if (email->curl != NULL)
        return true;
    email->curl = curl_easy_init();
    if (email->curl == NULL)
        return fail(why, SYSTEM, "The library that speaks to mail servers cannot be used.");
    set_options(email);
    return true;
}

/*
 * After a failure no connection is kept. A late answer to this message would be taken for an
 * answer to the next one, and curl would go on using the connection.
 */
static void connection_drop(struct email *email)
{
    if (email->curl == NULL)
        return;
    curl_easy_setopt(email->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, 1L); /* to say goodbye */
    curl_easy_cleanup(email->curl);
    email->curl = NULL;
}

static bool email_send(struct channel_port *self, struct arena *a, const char *key,
                       const char *to, const unsigned char *bytes, size_t length,
                       struct fault *why)
{
    struct email *email = (struct email *)self;

    (void)key; /* it is in the message id; SMTP itself knows no keys */
    if (!mime_address_is_valid(to))
        return fail(why, BAD_VALUE, "\"%.254s\" is no email address.", to);
    if (!connection_ready(email, why))
        return false;
    struct curl_slist *recipients = curl_slist_append(NULL, arena_print(a, "<%s>", to));
    must(recipients != NULL);
    email->bytes = bytes;
    email->length = length;
    email->given = 0;
    email->mail_was_named = email->data_was_begun = email->over = false;
    email->reply[0] = email->problem[0] = '\0';
    curl_easy_setopt(email->curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(email->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);

    CURLcode result = curl_easy_perform(email->curl);
    bool sent = result == CURLE_OK || explain(email, result, why);
    curl_easy_setopt(email->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(recipients);
    if (!sent)
        connection_drop(email);
    return sent;
}

static void email_close(struct channel_port *self)
{
    struct email *email = (struct email *)self;

    connection_drop(email);
    if (email->password != NULL)
        explicit_bzero(email->password, strlen(email->password));
    free(email->password);
    free(email->url);
    free(email->sender);
    free(email->user);
    free(email->ca_file);
    free(email);
}

/* The first line of the file. */
static bool read_password(struct email *email, const char *path, struct fault *why)
{
    struct arena a = { 0 };
    char *bytes;
    size_t length;

    if (!text_read_file(path, PASSWORD_MOST, &a, &bytes, &length, why)) {
        arena_free(&a);
        return false;
    }
    email->password = strndup(bytes, strcspn(bytes, "\r\n"));
    explicit_bzero(bytes, length);
    arena_free(&a);
    must(email->password != NULL);
    return true;
}

static bool is_this_machine(const char *url)
{
    static const char *const hosts[] = { "smtp://127.0.0.1", "smtp://localhost",
                                         "smtp://[::1]" };

    for (size_t i = 0; i < COUNT(hosts); i++) {
        const char *after = url + strlen(hosts[i]);
        if (text_starts(url, hosts[i]) && (*after == '\0' || *after == ':' || *after == '/'))
            return true;
    }
    return false;
}

static bool check_settings(const struct email_settings *s, struct fault *why)
{
    bool from_first_byte = s->url != NULL && text_starts(s->url, "smtps://");

    if (s->url == NULL || (!from_first_byte && !text_starts(s->url, "smtp://")))
        return fail(why, BAD_VALUE, "A mail server is written smtp://host:port or smtps://….");
    if (strpbrk(s->url, "@ \r\n") != NULL)
        return fail(why, BAD_VALUE, "The mail server's address holds no user, no blanks.");
    if (!mime_address_is_valid(s->return_to))
        return fail(why, BAD_VALUE, "The address for bounces is no email address.");
    if ((s->user != NULL) != (s->password_file != NULL))
        return fail(why, BAD_VALUE,
                    "A mail user needs a password file, and the other way round.");
    if (s->user != NULL && !from_first_byte && s->tls != EMAIL_TLS_REQUIRED &&
        !is_this_machine(s->url))
        return fail(why, BAD_VALUE, "Without TLS the password would be readable on the way.");
    return true;
}

static char *copy_of(const char *text)
{
    char *copy = text == NULL ? NULL : strdup(text);

    must(text == NULL || copy != NULL);
    return copy;
}

static void keep_settings(struct email *email, const struct email_settings *s)
{
    static const long tls[] = { [EMAIL_TLS_REQUIRED] = CURLUSESSL_ALL,
                                [EMAIL_TLS_IF_OFFERED] = CURLUSESSL_TRY,
                                [EMAIL_TLS_NEVER] = CURLUSESSL_NONE };
    int url = asprintf(&email->url, "%s/%s", s->url, s->hello != NULL ? s->hello : "localhost");
    int sender = asprintf(&email->sender, "<%s>", s->return_to);

    must(url > 0 && sender > 0);
    email->user = copy_of(s->user);
    email->ca_file = copy_of(s->ca_file);
    email->tls = tls[s->tls];
    email->connect_ms = s->connect_ms > 0 ? s->connect_ms : CONNECT_MS;
    email->answer_ms = s->answer_ms > 0 ? s->answer_ms : ANSWER_MS;
}

struct channel_port *email_open(const struct email_settings *settings, struct fault *why)
{
    if (!check_settings(settings, why))
        return NULL;
    struct email *email = calloc(1, sizeof *email);
    must(email != NULL);
    email->port = (struct channel_port){
        .name = "email", .repeats_are_dropped = false, .send = email_send, .close = email_close
    };
    keep_settings(email, settings);
    if (settings->password_file != NULL &&
        !read_password(email, settings->password_file, why)) {
        email_close(&email->port);
        return NULL;
    }
    pthread_once(&once, start_curl);
    if (!curl_is_usable) {
        fail(why, SYSTEM, "The library that speaks to mail servers cannot be used.");
        email_close(&email->port);
        return NULL;
    }
    return &email->port;
}
