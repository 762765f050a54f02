/* The house: what is still to be set up, its own data, channels, and whether all is well. */
#include "web/page_audit.h"

#include "base/text.h"
#include "flow/channel_trial.h"
#include "flow/doctor.h"
#include "flow/house.h"
#include "flow/house_look.h"

#include <ctype.h>
#include <string.h>

/* Without these no letter can be made, or no day be told. */
static const char *const needed[] = { "name",  "org",   "address", "country",
                                      "email", "phone", "zone",    "currency" };

/* ---- What is still to be set up ------------------------------------------------------------
 */

struct step {
    bool done;
    struct house_mark mark; /* when, and by whom, as far as the book knows */
    const char *title, *words, *link;
};

/* "Nov 20, 2026, by Ada Byrne"; NULL: the book does not know. */
static const char *mark_words(struct page *p, struct house_mark mark)
{
    if (mark.at.us == 0)
        return NULL;
    const char *day = words_day(p->arena, wall_at(mark.at, p->view->zone).day);
    return mark.by == NULL ? day
                           : arena_print(p->arena, "%s, by %s", day, audit_person(p, mark.by));
}

static void steps_put(struct page *p, const struct step steps[], size_t count)
{
    json_t *list = put_list(p->context, "steps");
    struct house_mark last = { 0 };
    bool all = true;

    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put_true(row, "done", steps[i].done);
        put(row, "title", steps[i].title);
        put(row, "words", steps[i].words);
        put(row, "link", steps[i].link);
        put(row, "mark", steps[i].done ? mark_words(p, steps[i].mark) : NULL);
        all = all && steps[i].done;
        last = steps[i].mark.at.us > last.at.us ? steps[i].mark : last;
    }
    put_true(p->context, "all_done", all);
    put(p->context, "last_mark", mark_words(p, last));
}

/* What the field is called on the page, where its own name says too little. */
static const char *title_of(struct page *p, const char *name)
{
    static const struct {
        const char *name, *title;
    } titles[] = {
        { "name", "Short name" },
        { "org", "Legal name" },
        { "spanish_notice", "Notice in Spanish" },
        { "base_url", "Address for people who owe" },
        { "console_url", "Address of these pages" },
        { "require_totp", "Who needs an authenticator" },
        { "zone", "Time zone" },
        { "bank_feed_hours", "Age of the payments file, in hours" },
        { "write_off_below", "Small balance" },
        { "dispute_answer_days", "Days to answer a dispute" },
        { "complaint_acknowledge_days", "Days to acknowledge a complaint" },
        { "complaint_answer_days", "Days to answer a complaint" },
        { "webhook_private", "Webhooks inside this network" },
    };

    for (size_t i = 0; i < COUNT(titles); i++) {
        if (text_equal(titles[i].name, name))
            return titles[i].title;
    }
    return words_plain(p->arena, name);
}

static bool settings_missing(struct page *p, const char **missing, struct fault *why)
{
    *missing = NULL;
    for (size_t i = 0; i < COUNT(needed); i++) {
        const char *value;
        if (!book_setting(p->view->store, p->arena, needed[i], &value, why))
            return false;
        if (text_is_empty(value))
            *missing = arena_print(p->arena, "%s%s%s", *missing == NULL ? "" : *missing,
                                   *missing == NULL ? "" : ", ",
                                   words_small(p->arena, title_of(p, needed[i])));
    }
    return true;
}

/* What a check found wrong with it, and the way to mend it; NULL: nothing. */
static const char *wrong_with(struct page *p, const struct doctor_findings *f, const char *what)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct doctor_finding *one = &f->all[i];
        bool fails = one->state == DOCTOR_PROBLEM || strcmp(what, "outbox") == 0;
        if (fails && strcmp(one->what, what) == 0)
            return arena_print(p->arena, "%s%s%s.", one->words,
                               one->mend != NULL ? " To mend it: " : "",
                               one->mend != NULL ? one->mend : "");
    }
    return NULL;
}

/* "Ada Byrne and Helen Voss can let others in." */
static const char *people_words(struct page *p, const struct house_look *look)
{
    enum { NAMED = 3 };
    const char *text = NULL;
    size_t count = look->administrator_count;

    if (count < 2)
        return "Add a second administrator: a role of that kind needs two people to agree.";
    for (size_t i = 0; i < count && i < NAMED; i++) {
        bool last = i + 1 == count;
        text = text == NULL ? look->administrators[i]
                            : arena_print(p->arena, "%s%s %s", text, last ? " and" : ",",
                                          look->administrators[i]);
    }
    return count > NAMED ? arena_print(p->arena, "%s and %zu more can let others in.", text,
                                       count - NAMED)
                         : arena_print(p->arena, "%s can let others in.", text);
}

static bool page_setup(struct page *p, struct fault *why)
{
    struct doctor_findings found;
    struct house_look look;
    struct house_mark settings, tested;
    const char *missing;

    put(p->context, "title", "Set-up");
    if (!house_look(p->view->store, p->arena, p->hand->roles, &look, why) ||
        !settings_missing(p, &missing, why) ||
        !house_mark_read(p->view->store, p->arena, HOUSE_SETTINGS, &settings, why) ||
        !channel_tested(p->view->store, p->arena, "email", &tested, why))
        return false;
    doctor_examine(&found, p->arena, p->site->settings, "The book", p->view->now);
    const char *rules = wrong_with(p, &found, "rules"), *email = wrong_with(p, &found, "email");
    if (email == NULL)
        email = wrong_with(p, &found, "outbox");
    const struct step steps[] = {
        { missing == NULL, settings, "Your organization",
          missing == NULL ? "Name, address and how people reach you are on file."
                          : arena_print(p->arena, "Still to say: %s.", missing),
          "/admin/settings" },
        { rules == NULL, look.strategy, "Rules",
          rules != NULL ? rules
                        : arena_print(p->arena, "%zu strategies are loaded, with every rule pack.",
                                      p->view->policy->strategies.count),
          "/compliance" },
        { look.any_casefile, look.first_file, "First file",
          look.any_casefile ? "There are accounts to work."
                            : "Load a file of invoices or accounts; it is checked first.",
          "/admin/imports" },
        { true, look.text, "Texts",
          "Letters and emails come with the program; look at them once.", "/templates" },
        { tested.at.us > 0 && email == NULL, tested, "Email",
          email != NULL      ? email
          : tested.at.us > 0 ? arena_print(p->arena, "A test arrived %s.",
                                           moment_within(p, tested.at))
                             : "Send a test to yourself before anybody is written to.",
          "/admin/channels" },
        { look.administrator_count > 1, { look.second_at, NULL }, "People",
          people_words(p, &look), "/admin/users" },
    };
    steps_put(p, steps, COUNT(steps));
    return true;
}

/* ---- The organization -----------------------------------------------------------------------
 */

static const char *large_first(struct page *p, const char *help)
{
    char *words = arena_copy(p->arena, help);

    words[0] = (char)toupper((unsigned char)words[0]);
    return words;
}

static bool page_settings(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "settings");

    put(p->context, "title", "Organization");
    for (size_t i = 0; i < house_setting_count; i++) {
        const struct house_setting *s = &house_settings[i];
        const char *value, *typed = page_form(p, s->name);
        if (!book_setting(p->view->store, p->arena, s->name, &value, why))
            return false;
        json_t *row = list_add(list);
        put(row, "name", s->name);
        put(row, "title", title_of(p, s->name));
        put(row, "help",
            text_equal(s->name, "address") ? "Where letters come from, a line each."
                                           : large_first(p, s->help));
        put(row, "value", typed != NULL ? typed : value != NULL ? value : "");
        put_true(row, "long", strcmp(s->name, "address") == 0);
    }
    return true;
}

/* Those that changed; an empty field leaves its setting as it is. */
static bool settings_put(struct page *p, struct fault *why)
{
    struct book *b = page_book(p, why);
    int changed = 0;

    for (size_t i = 0; i < house_setting_count && b != NULL; i++) {
        const char *name = house_settings[i].name, *value, *typed = page_form(p, name);
        if (typed == NULL)
            continue;
        typed = text_trim(p->arena, typed);
        if (!book_setting(b->store, p->arena, name, &value, why))
            return false;
        if (text_equal(value, typed))
            continue;
        if (!house_setting_put(b, name, typed, why))
            return false;
        changed++;
    }
    if (b == NULL || !page_commit(p, why))
        return false;
    page_say(p, changed == 0 ? "Nothing was changed." : "Saved.");
    page_go(p, "/admin/settings");
    return true;
}

/* ---- Channels
 * -------------------------------------------------------------------------------- */

static const struct house_waiting *waiting_of(const struct house_look *look,
                                              const char *channel)
{
    static const struct house_waiting none;

    for (size_t i = 0; i < look->waiting_count; i++) {
        if (strcmp(look->waiting[i].channel, channel) == 0)
            return &look->waiting[i];
    }
    return &none;
}

static void waiting_put(struct page *p, json_t *row, const struct house_waiting *w)
{
    put(row, "waiting", words_count(p->arena, w->count));
    put_true(row, "any_waiting", w->count > 0);
    put(row, "oldest", w->count > 0 ? moment_within(p, w->oldest) : NULL);
    put_true(row, "fails", w->failing > 0);
    if (w->failing == 0)
        return;
    put(row, "failing", words_count(p->arena, w->failing));
    put(row, "failed_because", w->failed_because);
    put(row, "tried", moment_within(p, w->tried));
    put(row, "next_try", moment_within(p, w->next_try));
    put_true(row, "next_is_due", w->next_try.us <= p->view->now.us);
}

static bool channel_put(struct page *p, const struct house_look *look, const char *channel,
                        const char *way, struct fault *why)
{
    json_t *row = list_add(json_object_get(p->context, "channels"));
    struct house_mark tested;

    if (!channel_tested(p->view->store, p->arena, channel, &tested, why))
        return false;
    put(row, "channel", channel);
    put(row, "title", words_channel(channel));
    put(row, "way", way);
    put_true(row, "is_on", way != NULL);
    put_true(row, "can_test", strcmp(channel, "email") == 0 && way != NULL);
    put(row, "tested",
        tested.at.us > 0 ? words_moment(p->arena, tested.at, p->view->zone, p->view->today)
                         : NULL);
    waiting_put(p, row, waiting_of(look, channel));
    return true;
}

static bool page_channels(struct page *p, struct fault *why)
{
    struct house_look look;
    struct deliver_channels c;
    const char *folder;

    put(p->context, "title", "Channels");
    if (!house_look(p->view->store, p->arena, p->hand->roles, &look, why) ||
        !channels_of_settings(p->site->settings, &c, why))
        return false;
    folder = c.folder == NULL
                 ? NULL
                 : arena_print(p->arena, "Kept in the folder %s, not sent", c.folder);
    put_list(p->context, "channels");
    return channel_put(p, &look, "email",
                       folder != NULL        ? folder
                       : c.email.url != NULL ? arena_print(p->arena, "By %s", c.email.url)
                                             : NULL,
                       why) &&
           channel_put(p, &look, "letter",
                       folder != NULL ? folder
                       : c.letter_folder != NULL
                           ? arena_print(p->arena, "Print files in %s", c.letter_folder)
                           : NULL,
                       why) &&
           channel_put(p, &look, "call", "By the people of the house, from the queue", why);
}

static bool channel_try(struct page *p, struct fault *why)
{
    const char *words;

    if (!channel_trial_email(p->view->store, p->arena, p->site->settings,
                             p->session->user.number, p->view->now, &words, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !channel_trial_put(b, "email", why) || !page_commit(p, why))
        return false;
    page_say(p, words);
    page_go(p, "/admin/channels");
    return true;
}

/* ---- Whether all is well
 * --------------------------------------------------------------------- */

static bool page_well(struct page *p, struct fault *why)
{
    static const char *const tones[] = {
        [DOCTOR_OK] = "ok", [DOCTOR_WARNING] = "warn", [DOCTOR_PROBLEM] = "stop"
    };
    static const char *const titles[] = {
        [DOCTOR_OK] = "Well", [DOCTOR_WARNING] = "Look", [DOCTOR_PROBLEM] = "Problem"
    };
    struct doctor_findings f;
    json_t *list = put_list(p->context, "findings");

    put(p->context, "title", "Health");
    (void)why;
    doctor_examine(&f, p->arena, p->site->settings, "The book", p->view->now);
    for (size_t i = 0; i < f.count; i++) {
        json_t *row = list_add(list);
        put(row, "what", words_plain(p->arena, f.all[i].what));
        put(row, "words", f.all[i].words);
        put(row, "mend", f.all[i].mend != NULL ? f.all[i].mend : "");
        put_standing(p, row, "state",
                     (struct standing_words){ doctor_state_name(f.all[i].state),
                                              titles[f.all[i].state], "",
                                              tones[f.all[i].state] });
    }
    put(p->context, "summary",
        f.problems == 0 && f.warnings == 0
            ? "All is well."
            : arena_print(p->arena, "%lld %s, %lld to look at.", (long long)f.problems,
                          f.problems == 1 ? "problem" : "problems", (long long)f.warnings));
    return true;
}

const struct route routes_house[] = {
    { "GET", "/admin", MAY_ADMIN, "admin", "setup", page_setup, NULL },
    { "GET", "/admin/settings", MAY_ADMIN, "admin", "settings", page_settings, NULL },
    { "POST", "/admin/settings", MAY_ADMIN, "admin", "settings", settings_put, page_settings },
    { "GET", "/admin/channels", MAY_ADMIN, "admin", "channels", page_channels, NULL },
    { "POST", "/admin/channels/email/test", MAY_ADMIN, "admin", "channels", channel_try,
      page_channels },
    { "GET", "/admin/health", MAY_ADMIN, "admin", "well", page_well, NULL },
    { 0 },
};
