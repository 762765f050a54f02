#include "flow/channel_trial.h"

#include "channels/email.h"
#include "channels/folder.h"
#include "flow/book_parts.h"
#include "flow/doctor.h"
#include "formats/mime.h"

static const struct casefile_key house = { 0, 0 };

static struct channel_port *port_open(const struct settings *settings, struct arena *a,
                                      const char **where, struct fault *why)
{
    struct deliver_channels c;

    if (!channels_of_settings(settings, &c, why))
        return NULL;
    if (c.folder != NULL) {
        *where = arena_print(a, "put into the folder %s", c.folder);
        return folder_open(c.folder, ".eml", why);
    }
    if (c.email.url != NULL) {
        *where = arena_print(a, "taken by %s", c.email.url);
        return email_open(&c.email, why);
    }
    fail(why, BAD_VALUE, "Email is not set up, so nothing can be sent.");
    fault_hint(why, "channels.email in recoup.yaml; recoup help config shows how");
    return NULL;
}

static bool test_message(struct store *s, struct arena *a, const struct user *to,
                         struct instant now, const char *key, unsigned char **bytes,
                         size_t *length, struct fault *why)
{
    const char *name, *from;

    if (!book_setting(s, a, "name", &name, why) || !book_setting(s, a, "email", &from, why))
        return false;
    if (from == NULL) {
        fail(why, BAD_VALUE,
             "The book has no email address of yours, so no email can be sent.");
        return fault_hint(why, "set it under Organization");
    }
    struct mime_message m = {
        .from = { name, from },
        .to = { to->name, to->email },
        .subject = "Recoup can send email",
        .date = now,
        .message_id = arena_print(a, "%s@recoup.example", key),
        .text = "You asked for this test. Emails leave by this way, and arrive.\n",
        .language = "en",
    };
    return mime_build(a, &m, bytes, length, why);
}

bool channel_trial_email(struct store *s, struct arena *a, const struct settings *settings,
                         int64_t user, struct instant now, const char **words,
                         struct fault *why)
{
    struct user to;
    unsigned char *bytes;
    size_t length;
    const char *where;

    if (!user_by_number(s, a, user, &to, why))
        return false;
    if (to.number == 0)
        return fail(why, NOT_FOUND, "There is no user %lld.", (long long)user);
    const char *key = arena_print(a, "test-%lld-%lld", (long long)user, (long long)now.us);
    struct channel_port *port = port_open(settings, a, &where, why);
    if (port == NULL)
        return false;
    bool done = test_message(s, a, &to, now, key, &bytes, &length, why) &&
                port->send(port, a, key, to.email, bytes, length, why);
    port->close(port);
    *words = done ? arena_print(a, "An email to %s was %s.", to.email, where) : NULL;
    return done;
}

static const char *mark_of(struct arena *a, const char *channel)
{
    return arena_print(a, "tested_%s", channel);
}

bool channel_trial_put(struct book *b, const char *channel, struct fault *why)
{
    if (!head_open(b->heads, house.bucket, why) ||
        !house_mark_put(b, mark_of(&b->arena, channel), why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_text_at(&w, "channel", channel);
    return book_record_end(b, &w, house, "channel_trial", why);
}

bool channel_tested(struct store *s, struct arena *a, const char *channel,
                    struct house_mark *out, struct fault *why)
{
    return house_mark_read(s, a, mark_of(a, channel), out, why);
}
