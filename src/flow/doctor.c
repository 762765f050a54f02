#include "flow/doctor.h"

#include "base/text.h"
#include "flow/book.h"
#include "flow/house_look.h"
#include "flow/policy.h"
#include "flow/publication.h"
#include "flow/webhook.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *doctor_state_name(enum doctor_state state)
{
    static const char *const names[] = {
        [DOCTOR_OK] = "ok", [DOCTOR_WARNING] = "warning", [DOCTOR_PROBLEM] = "problem"
    };

    return names[state];
}

static void found(struct doctor_findings *f, enum doctor_state state, const char *what,
                  const char *words, const char *mend)
{
    *arena_push(f->arena, f->all, f->count, f->room) =
        (struct doctor_finding){ .state = state,
                                 .what = what,
                                 .words = arena_copy(f->arena, words),
                                 .mend =
                                     text_is_empty(mend) ? NULL : arena_copy(f->arena, mend) };
    f->problems += state == DOCTOR_PROBLEM;
    f->warnings += state == DOCTOR_WARNING;
}

/* `command` shows more of it, where the fault itself does not say what to do. */
static void found_fault(struct doctor_findings *f, const char *what, const struct fault *why,
                        const char *command)
{
    found(f, DOCTOR_PROBLEM, what, why->text, text_is_empty(why->hint) ? command : why->hint);
}

/* Opens and prepares every statement: a book of another shape would refuse one of them. */
static const struct zone *look_at_book(struct doctor_findings *f,
                                       const struct settings *settings, const char *book)
{
    const char *url = settings->db.value, *name = NULL;
    struct fault why;
    struct store *s = store_open(url, STORE_READ, &why);

    if (s == NULL) {
        found_fault(f, "book", &why, "recoup prove");
        return NULL;
    }
    if (!store_prepare_all(s, &why) || !publication_take(s, &why) ||
        !book_setting(s, f->arena, "zone", &name, &why))
        found_fault(f, "book", &why, "recoup prove");
    else
        found(f, DOCTOR_OK, "book",
              arena_print(f->arena, "%s, schema %d", book, SCHEMA_VERSION), NULL);
    store_close(s);
    return zone_find(name == NULL ? "UTC" : name);
}

static void look_at_policy(struct doctor_findings *f, const struct zone *zone,
                           struct instant now)
{
    struct fault why;
    struct loaded_policy *loaded =
        policy_load(zone == NULL ? zone_find("UTC") : zone, now, &why);

    if (loaded == NULL) {
        found_fault(f, "rules", &why,
                    "mend the file: recoup rules test, and recoup strategy check");
        return;
    }
    found(f, DOCTOR_OK, "rules",
          arena_print(f->arena, "%zu strategies; every pack was taken",
                      policy_of(loaded)->strategies.count),
          NULL);
    policy_free(loaded);
}

static void look_at_clock(struct doctor_findings *f)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    /* Before this program was written: a machine that lost its battery. */
    if (at.tv_sec < 1767225600)
        found(f, DOCTOR_PROBLEM, "clock", "this machine's clock is years behind",
              "set it: times of contact are a matter of law");
    else if (zone_find("America/New_York") == NULL)
        found(f, DOCTOR_PROBLEM, "clock", "no time zones are installed", "apt install tzdata");
    else
        found(f, DOCTOR_OK, "clock", "time zones are installed", NULL);
}

static bool is_folder(const char *path)
{
    struct stat seen;

    return stat(path, &seen) == 0 && S_ISDIR(seen.st_mode) && access(path, W_OK) == 0;
}

static void look_at_folder(struct doctor_findings *f, const char *what, const char *path)
{
    if (is_folder(path))
        found(f, DOCTOR_OK, what, arena_print(f->arena, "to the folder %s", path), NULL);
    else
        found(f, DOCTOR_WARNING, what,
              arena_print(f->arena, "the folder %s is not there yet", path),
              "the first message makes it");
}

static void look_at_email(struct doctor_findings *f, const struct settings *s)
{
    const char *secret = s->email_password_file.value;

    if (s->email_smtp.value == NULL)
        found(f, DOCTOR_WARNING, "email", "not set up; emails wait", "recoup help config");
    else if (s->email_user.value != NULL && (secret == NULL || access(secret, R_OK) != 0))
        found(f, DOCTOR_PROBLEM, "email", "the file with the password cannot be read",
              "channels.email.password_file in recoup.yaml");
    else
        found(f, DOCTOR_OK, "email", arena_print(f->arena, "by %s", s->email_smtp.value), NULL);
}

static void look_at_channels(struct doctor_findings *f, const struct settings *s)
{
    struct deliver_channels channels;
    struct fault why;

    if (!channels_of_settings(s, &channels, &why)) {
        found_fault(f, "channels", &why, "recoup help config");
        return;
    }
    if (s->folder.value != NULL) {
        look_at_folder(f, "channels", s->folder.value);
        return;
    }
    look_at_email(f, s);
    if (s->letter_folder.value != NULL)
        look_at_folder(f, "letter", s->letter_folder.value);
    else
        found(f, DOCTOR_WARNING, "letter", "not set up; letters wait", "recoup help config");
}

static enum email_tls tls_of(const char *word, bool *known)
{
    *known = true;
    if (text_equal(word, "if_offered"))
        return EMAIL_TLS_IF_OFFERED;
    if (text_equal(word, "never"))
        return EMAIL_TLS_NEVER;
    *known = text_equal(word, "required");
    return EMAIL_TLS_REQUIRED;
}

bool channels_of_settings(const struct settings *settings, struct deliver_channels *out,
                          struct fault *why)
{
    bool known;

    *out = (struct deliver_channels){
        .folder = settings->folder.value,
        .letter_folder = settings->letter_folder.value,
        .email = {
            .url = settings->email_smtp.value,
            .tls = tls_of(settings->email_tls.value, &known),
            .user = settings->email_user.value,
            .password_file = settings->email_password_file.value,
            .return_to = settings->email_return_to.value,
            .hello = settings->email_hello.value,
            .ca_file = settings->email_ca_file.value,
        },
    };
    if (known)
        return true;
    fail(why, BAD_VALUE, "channels.email.tls cannot be \"%s\" (in %s).",
         settings->email_tls.value, settings->email_tls.source);
    return fault_hint(why, "required, if_offered or never");
}

/* Who is told what happens, and did not take it for days. */
static void look_at_webhooks(struct doctor_findings *f, const struct settings *settings)
{
    struct fault why = { 0 };
    struct store *s = store_open(settings->db.value, STORE_READ, &why);
    struct webhook *all;
    size_t count, failing = 0;

    if (s == NULL)
        return; /* said already */
    if (!webhook_list(s, f->arena, &all, &count, &why))
        found_fault(f, "webhooks", &why, "recoup webhook list");
    for (size_t i = 0; why.code == 0 && i < count; i++)
        failing += strcmp(all[i].state, "failing") == 0;
    if (why.code == 0 && failing > 0)
        found(f, DOCTOR_WARNING, "webhooks",
              arena_print(f->arena, "%zu of %zu did not take what they were sent", failing,
                          count),
              "recoup webhook list, then recoup webhook on NUMBER");
    else if (why.code == 0 && count > 0)
        found(f, DOCTOR_OK, "webhooks", arena_print(f->arena, "%zu are told", count), NULL);
    store_close(s);
}

/* What a provider did not take when it was tried last. */
static void look_at_outbox(struct doctor_findings *f, const struct settings *settings)
{
    struct fault why = { 0 };
    struct store *s = store_open(settings->db.value, STORE_READ, &why);
    struct house_waiting *all;
    size_t count;

    if (s == NULL)
        return; /* said already */
    if (!house_waiting_look(s, f->arena, &all, &count, &why))
        found_fault(f, "outbox", &why, "recoup outbox list");
    for (size_t i = 0; why.code == 0 && i < count; i++) {
        if (all[i].failing > 0)
            found(f, DOCTOR_WARNING, "outbox",
                  arena_print(f->arena, "%lld by %s could not be handed over: %s",
                              (long long)all[i].failing, all[i].channel, all[i].failed_because),
                  "the worker tries again by itself; recoup outbox list --state ready");
    }
    store_close(s);
}

void doctor_examine(struct doctor_findings *f, struct arena *a, const struct settings *settings,
                    const char *book, struct instant now)
{
    *f = (struct doctor_findings){ .arena = a };
    look_at_policy(f, look_at_book(f, settings, book), now);
    look_at_clock(f);
    look_at_channels(f, settings);
    look_at_outbox(f, settings);
    look_at_webhooks(f, settings);
}
