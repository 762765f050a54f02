/* The decision log: every decision, and who changed what. */
#include "web/page_audit.h"

#include "base/text.h"
#include "flow/audit_chain.h"
#include "flow/audit_owed.h"
#include "flow/audit_rules.h"
#include "flow/approval.h"
#include "flow/audit_words.h"
#include "flow/sample.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_SHOWN = 50,
    REASONS_SHOWN = 6,
    OVERVIEW_DAYS = 7,
    SAMPLES_LOOKED = 50,
    BAR_WIDTH = 100,
    VERIFY_NEW = 20000,
    VERIFY_SAMPLE = 2000,
    PERIOD_DAYS_MOST = 3660
};

/* ---- Small words ------------------------------------------------------------------------ */

const char *audit_clock(struct page *p, struct instant at, bool with_day)
{
    struct wall wall = wall_at(at, p->view->zone);
    int hour = wall.second / 3600;
    const char *clock =
        arena_print(p->arena, "%d:%02d:%02d %s", hour % 12 == 0 ? 12 : hour % 12,
                    wall.second / 60 % 60, wall.second % 60, hour < 12 ? "am" : "pm");

    return with_day ? arena_print(p->arena, "%s, %s",
                                  words_day_near(p->arena, wall.day, p->view->today), clock)
                    : clock;
}

const char *audit_person(struct page *p, const char *email)
{
    struct user user;
    struct fault why;

    if (strchr(email, '@') == NULL ||
        !user_by_email(p->view->store, p->arena, email, &user, &why) || user.number == 0)
        return email;
    return user.name;
}

void compliance_nav(struct page *p, const char *entry)
{
    put_true(p->context, arena_print(p->arena, "nav_%s", entry), true);
}

/* ---- What is asked for ------------------------------------------------------------------- */

/* A place in the log as an address holds it: "at.bucket.seq". */
static bool before_read(const char *text, struct log_place *out, struct fault *why)
{
    int64_t place[3];

    if (text == NULL)
        return true;
    if (!page_place(text, 3, place))
        return fail(why, BAD_VALUE, "\"%s\" is no place in the log.", text);
    *out = (struct log_place){ { place[0] }, place[1], place[2] };
    return true;
}

static bool day_field(struct page *p, const char *name, struct day otherwise, struct day *out,
                      struct fault *why)
{
    const char *text = page_field(p, name);

    *out = otherwise;
    return text == NULL || day_parse(text, out) ||
           fail(why, BAD_VALUE, "\"%s\" is no day. It looks like 2026-11-20.", text);
}

struct asked {
    struct log_request r;
    struct day from, to;
    int64_t first; /* number of the first row on the page */
};

static bool word_is(const char *word, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

static bool asked_read(struct page *p, struct asked *out, struct fault *why)
{
    static const char *const outcomes[] = { "allowed", "moved", "blocked", "held" };
    const char *show = page_field(p, "show"), *outcome = page_field(p, "decision");
    const char *n = page_field(p, "n");
    struct log_request *r = &out->r;

    *out = (struct asked){ .first = 1 };
    if (!day_field(p, "day", p->view->today, &out->from, why) ||
        !day_field(p, "to", out->from, &out->to, why))
        return false;
    if (out->to.number < out->from.number ||
        out->to.number - out->from.number > PERIOD_DAYS_MOST)
        return fail(why, BAD_VALUE,
                    "The last day lies before the first, or ten years after it.");
    if (outcome != NULL && !word_is(outcome, outcomes, COUNT(outcomes)))
        return fail(why, BAD_VALUE, "A decision is allowed, moved, blocked or held.");
    *r = (struct log_request){ .from = day_begins(out->from, p->view->zone),
                               .to = day_begins(day_plus(out->to, 1), p->view->zone),
                               .outcome = outcome,
                               .channel = page_field(p, "channel"),
                               .rule = page_field(p, "rule"),
                               .pack = page_field(p, "pack"),
                               .kind = page_field(p, "kind"),
                               .actor = page_field(p, "who"),
                               .client = page_field(p, "client"),
                               .account = page_field(p, "account"),
                               .most = ROWS_SHOWN };
    r->view = text_equal(show, "people")    ? LOG_PEOPLE
              : text_equal(show, "records") ? LOG_RECORDS
                                            : LOG_DECISIONS;
    if (n != NULL && (!text_to_int(n, &out->first) || out->first < 1))
        out->first = 1;
    return before_read(page_field(p, "before"), &r->before, why);
}

/* The address of the log with what is asked for; `but` and its value are put in its place. */
static const char *log_link(struct page *p, const char *but, const char *value)
{
    static const char *const names[] = { "day",     "to",     "show", "decision", "channel",
                                         "rule",    "pack",   "kind", "who",      "client",
                                         "account", "before", "n",    "see" };
    const char *link = "/compliance/log?";

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *is = page_field(p, names[i]);
        bool place = strcmp(names[i], "before") == 0 || strcmp(names[i], "n") == 0 ||
                     strcmp(names[i], "see") == 0;
        if (strcmp(names[i], but) == 0)
            is = value;
        else if (place && strcmp(but, "see") != 0)
            is = NULL; /* another question begins at its newest */
        if (!text_is_empty(is))
            link = arena_print(p->arena, "%s%s=%s&", link, names[i], url_encode(p->arena, is));
    }
    return arena_copy_n(p->arena, link, strlen(link) - 1);
}

/* ---- Filters ---------------------------------------------------------------------------- */

static void option_put(json_t *list, const char *value, const char *title, const char *chosen)
{
    json_t *row = list_add(list);

    put(row, "value", value);
    put(row, "title", title);
    put_true(row, "chosen", text_equal(value, chosen != NULL ? chosen : ""));
}

static void decisions_put(struct page *p, const char *chosen)
{
    static const char *const words[] = { "allowed", "moved", "blocked", "held" };
    json_t *list = put_list(p->context, "decisions");

    option_put(list, "", "All", chosen);
    for (size_t i = 0; i < COUNT(words); i++)
        option_put(list, words[i], words_plain(p->arena, words[i]), chosen);
}

void audit_channels_put(struct page *p, const char *chosen)
{
    static const enum channel shown[] = { CHANNEL_EMAIL,  CHANNEL_SMS,       CHANNEL_CALL,
                                          CHANNEL_LETTER, CHANNEL_VOICEMAIL, CHANNEL_PORTAL };
    json_t *list = put_list(p->context, "channels");

    option_put(list, "", "Any", chosen);
    for (size_t i = 0; i < COUNT(shown); i++)
        option_put(list, channel_name(shown[i]), words_channel(channel_name(shown[i])), chosen);
}

bool audit_people_put(struct page *p, const char *chosen, struct fault *why)
{
    json_t *list = put_list(p->context, "people");
    struct user *users;
    size_t count;

    if (!user_list(p->view->store, p->arena, &users, &count, why))
        return false;
    option_put(list, "", "Anybody", chosen);
    for (size_t i = 0; i < count; i++)
        option_put(list, users[i].email, users[i].name, chosen);
    return true;
}

static void shows_put(struct page *p, enum log_view view)
{
    static const struct {
        enum log_view view;
        const char *name, *title;
    } all[] = { { LOG_DECISIONS, "decisions", "Decisions" },
                { LOG_PEOPLE, "people", "What people did" },
                { LOG_RECORDS, "records", "Every record" } };
    json_t *list = put_list(p->context, "shows");

    for (size_t i = 0; i < COUNT(all); i++) {
        json_t *row = list_add(list);
        put(row, "title", all[i].title);
        put(row, "link",
            log_link(p, "show", all[i].view == LOG_DECISIONS ? NULL : all[i].name));
        put_true(row, "is_chosen", all[i].view == view);
    }
}

static void chip_put(struct page *p, json_t *list, const char *name, const char *label)
{
    const char *value = page_field(p, name);
    json_t *row;

    if (value == NULL)
        return;
    row = list_add(list);
    put(row, "label", label);
    put(row, "value", value);
    put(row, "without", log_link(p, name, NULL));
}

static bool filters_put(struct page *p, const struct asked *a, struct fault *why)
{
    char day[DAY_TEXT];
    json_t *f = put_object(p->context, "filter"), *chips = put_list(p->context, "narrowed");

    put(f, "day", day_print(a->from, day));
    put(f, "to", a->to.number != a->from.number ? day_print(a->to, day) : NULL);
    put(f, "rule", a->r.rule);
    put(f, "account", a->r.account);
    put(f, "client", a->r.client);
    put(f, "kind", a->r.kind);
    put(f, "pack", a->r.pack);
    put(f, "show", page_field(p, "show"));
    chip_put(p, chips, "kind", "Kind");
    chip_put(p, chips, "pack", "Pack");
    chip_put(p, chips, "client", "Client");
    decisions_put(p, a->r.outcome);
    audit_channels_put(p, a->r.channel);
    shows_put(p, a->r.view);
    put_true(p->context, "any_filter",
             a->r.outcome != NULL || a->r.channel != NULL || a->r.rule != NULL ||
                 a->r.pack != NULL || a->r.kind != NULL || a->r.actor != NULL ||
                 a->r.client != NULL || a->r.account != NULL);
    put(p->context, "without_filters",
        arena_print(p->arena, "/compliance/log?day=%s", day_print(a->from, day)));
    return audit_people_put(p, a->r.actor, why);
}

/* ---- Rows ------------------------------------------------------------------------------- */

static void row_put(struct page *p, json_t *row, const struct log_row *r, int64_t number,
                    bool with_day, bool chosen)
{
    struct arena *x = p->arena;
    const char *name = arena_print(x, "%lld.%lld", (long long)r->bucket, (long long)r->seq);
    struct log_words words;

    log_words_of(p->view, r->kind, r->outcome, r->rule, r->record, &words);
    put(row, "position", words_count(x, number));
    put(row, "number", arena_print(x, "D-%s", name));
    put(row, "link", log_link(p, "see", name));
    put_true(row, "is_chosen", chosen);
    put(row, "at", audit_clock(p, r->at, with_day));
    put(row, "reference", r->reference);
    put(row, "account", arena_print(x, "/accounts/%s", url_encode(x, r->reference)));
    put_true(row, "has_account", r->reference[0] != '\0');
    put(row, "wanted", words.wanted);
    put_outcome(p, row, r->outcome, r->rule);
    put(row, "because", words.because);
    put(row, "until",
        words.until.us != INSTANT_NEVER.us
            ? words_moment(x, words.until, p->view->zone, p->view->today)
            : NULL);
    put_rule(p, row, r->rule);
    put(row, "asked_by", audit_person(p, words.asked_by));
}

static void pager_put(struct page *p, const struct asked *a, const struct log_page *page)
{
    struct arena *x = p->arena;
    const struct log_place *last = &page->last;

    put_true(p->context, "later_page", a->r.before.seq != 0);
    put(p->context, "newest", log_link(p, "before", NULL));
    if (page->count > 0)
        put(p->context, "shown",
            arena_print(x, "%s to %s", words_count(x, a->first),
                        words_count(x, a->first + (int64_t)page->count - 1)));
    if (!page->more && !page->stopped)
        return;
    const int64_t place[] = { last->at.us, last->bucket, last->seq };
    put(p->context, "older",
        arena_print(x, "%s&n=%lld", log_link(p, "before", page_place_print(x, 3, place)),
                    (long long)(a->first + (int64_t)page->count)));
    put_true(p->context, "stopped", page->stopped);
    put(p->context, "looked_to", audit_clock(p, last->at, true));
}

static bool chosen_put(struct page *p, const struct log_page *page, struct fault *why)
{
    const char *see = page_field(p, "see");
    struct audited a;

    if (see == NULL && page->count == 0)
        return true;
    if (see == NULL)
        see = arena_print(p->arena, "%lld.%lld", (long long)page->rows[0].bucket,
                          (long long)page->rows[0].seq);
    return decision_load(p, see, &a, why) && decision_put(p, &a, why);
}

static bool rows_put(struct page *p, const struct asked *a, struct log_page *page,
                     struct fault *why)
{
    const char *see = page_field(p, "see");
    bool with_day = a->from.number != a->to.number;
    json_t *rows = put_list(p->context, "rows");

    if (!log_list(p->view, &a->r, page, why))
        return false;
    for (size_t i = 0; i < page->count; i++) {
        const struct log_row *r = &page->rows[i];
        const char *name =
            arena_print(p->arena, "%lld.%lld", (long long)r->bucket, (long long)r->seq);
        bool chosen = see == NULL ? i == 0 : strcmp(see, name) == 0;
        row_put(p, list_add(rows), r, a->first + (int64_t)i, with_day, chosen);
    }
    put_true(p->context, "any", page->count > 0);
    pager_put(p, a, page);
    return true;
}

/* ---- How the day went, what is owed, which rules ------------------------------------------
 */

/* `days`: the end of an address that names the period, when the page itself does not. */
static void reasons_put(struct page *p, const struct log_totals *t, const char *days)
{
    json_t *list = put_list(p->context, "reasons");
    int64_t most = 1;

    for (size_t i = 0; i < t->reason_count && i < REASONS_SHOWN; i++) {
        const struct log_reason *r = &t->reasons[i];
        int64_t count = r->moved + r->blocked + r->held;
        most = i == 0 ? count : most;
        json_t *row = list_add(list);
        put_rule(p, row, r->rule);
        const struct rule *rule = view_rule(p->view, r->rule);
        put(row, "title",
            r->rule[0] == '\0' ? "No good address is known"
            : rule != NULL     ? rule_title(rule)
                               : r->rule);
        put(row, "count", words_count(p->arena, count));
        put_int(row, "width", count * BAR_WIDTH / most > 0 ? count * BAR_WIDTH / most : 1);
        put(row, "link",
            arena_print(p->arena, "%s%s", r->rule[0] != '\0' ? log_link(p, "rule", r->rule)
                                              : log_link(p, "decision", "blocked"), days));
    }
    put_true(p->context, "any_reason", json_array_size(list) > 0);
    put_true(p->context, "more_reasons", t->reason_count > REASONS_SHOWN);
}

static const char *days_of(struct page *p, const struct asked *a)
{
    char from[DAY_TEXT], to[DAY_TEXT];

    if (page_field(p, "day") != NULL || a->from.number == a->to.number)
        return "";
    return arena_print(p->arena, "&day=%s&to=%s", day_print(a->from, from),
                       day_print(a->to, to));
}

static bool totals_put(struct page *p, const struct asked *a, struct fault *why)
{
    struct log_totals t;
    struct arena *x = p->arena;
    json_t *o = put_object(p->context, "totals");

    if (!log_count(p->view, &a->r, &t, why))
        return false;
    put(o, "all",
        arena_print(x, "%s%s", t.at_least ? "over " : "",
                    words_count(x, t.allowed + t.moved + t.blocked + t.held)));
    put(o, "allowed", words_count(x, t.allowed));
    put(o, "moved", words_count(x, t.moved));
    put(o, "blocked", words_count(x, t.blocked));
    put(o, "held", words_count(x, t.held));
    put(o, "when",
        a->from.number == a->to.number
            ? words_day_near(x, a->from, p->view->today)
            : arena_print(x, "%s to %s", words_day(x, a->from), words_day(x, a->to)));
    reasons_put(p, &t, days_of(p, a));
    return true;
}

static const char *owed_title(enum task_kind kind)
{
    return kind == TASK_REPLY      ? "Answer to what somebody wrote"
           : kind == TASK_DISPUTE  ? "Answer to a dispute"
           : kind == TASK_HARDSHIP ? "Decision on hardship"
                                   : "Answer to a complaint";
}

static const char *owed_link(enum task_kind kind)
{
    return kind == TASK_REPLY      ? ""
           : kind == TASK_DISPUTE  ? "/disputes"
           : kind == TASK_HARDSHIP ? "/hardship"
                                   : "/complaints";
}

static bool owed_put(struct page *p, struct fault *why)
{
    struct answers_owed all[OWED_KINDS];
    json_t *list = put_list(p->context, "owed");

    if (!audit_owed(p->view, all, why))
        return false;
    for (int i = 0; i < OWED_KINDS; i++) {
        json_t *row = list_add(list);
        put(row, "title", owed_title(all[i].kind));
        put(row, "link", owed_link(all[i].kind));
        put(row, "count", words_count(p->arena, all[i].count));
        put_true(row, "none", all[i].count == 0);
        put_true(row, "is_late", all[i].late > 0);
        put(row, "late", words_count(p->arena, all[i].late));
        put(row, "next",
            all[i].count > 0
                ? words_moment(p->arena, all[i].next, p->view->zone, p->view->today)
                : NULL);
    }
    return true;
}

/* Those of the house and of the country, which are asked about nearly everything; the rest by a
 * link. */
static void packs_put(struct page *p)
{
    const struct rulebook *book = p->view->policy->rulebook;
    static const char *const first[] = { "house", "us.federal", "us.tcpa", "us.bankruptcy" };
    json_t *list = put_list(p->context, "packs");

    for (size_t i = 0; i < COUNT(first); i++) {
        const struct rule_pack *pack = rulepack_find(book, first[i]);
        if (pack == NULL)
            continue;
        json_t *row = list_add(list);
        put(row, "name", rulepack_name(pack));
        put(row, "title", rulepack_title(pack));
        put(row, "version", arena_copy_n(p->arena, rulepack_digest(pack), 8));
        put(row, "rules", words_count(p->arena, rules_in_force(pack, p->view->today)));
        put(row, "link",
            arena_print(p->arena, "/rules?pack=%s", url_encode(p->arena, rulepack_name(pack))));
    }
    put(p->context, "pack_count", words_count(p->arena, (int64_t)book->pack_count));
    put(p->context, "rulebook", arena_copy_n(p->arena, book->digest, 12));
}

/* ---- The chain --------------------------------------------------------------------------- */

bool chain_put(struct page *p, struct fault *why)
{
    struct chain_state s;
    json_t *o = put_object(p->context, "chain");

    if (!chain_stands(p->view->store, &s, why))
        return false;
    put_true(o, "never", s.last_at.us == 0);
    put_true(o, "broken", s.broken > 0);
    put(o, "records", words_count(p->arena, s.records));
    put(o, "verified", words_count(p->arena, s.verified));
    put(o, "left",
        s.records > s.verified ? words_count(p->arena, s.records - s.verified) : NULL);
    put(o, "at", s.last_at.us != 0 ? moment_within(p, s.last_at) : NULL);
    if (s.broken == 0)
        return true;
    const char *first = arena_print(p->arena, "D-%lld.%lld", (long long)s.broken_bucket,
                                    (long long)s.broken_seq);
    put(o, "first", first);
    put(o, "first_link", decision_link(p, s.broken_bucket, s.broken_seq));
    put(o, "chains", words_count(p->arena, s.broken));
    return true;
}

static const char *verified_words(struct page *p, const struct chain_result *r)
{
    struct arena *x = p->arena;
    const char *left = r->left > 0
                           ? arena_print(x,
                                         " %s newer ones wait for the next time, or for "
                                         "recoup audit verify.",
                                         words_count(x, r->left))
                           : "";

    if (r->problems > 0)
        return arena_print(x, "%s found. Do not repair by hand.",
                           r->problems == 1 ? "One record that does not fit was"
                                            : arena_print(x, "%s records that do not fit were",
                                                          words_count(x, r->problems)));
    return arena_print(x,
                       "Checked: every head of %s chains, %s new records and %s drawn at "
                       "random. All fit.%s",
                       words_count(x, r->buckets), words_count(x, r->checked - r->sampled),
                       words_count(x, r->sampled), left);
}

static bool verify(struct page *p, struct fault *why)
{
    struct chain_request request = { .new_most = VERIFY_NEW,
                                     .sample_most = VERIFY_SAMPLE,
                                     .seed = (uint64_t)p->view->now.us };
    struct chain_result *result = arena_make(p->arena, struct chain_result);

    if (!chain_verify(p->view->store, p->arena, &request, result, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !chain_keep(b, result, false, why) || !page_commit(p, why))
        return false;
    page_say(p, verified_words(p, result));
    page_go(p, "/compliance/log");
    return true;
}

/* ---- The page ---------------------------------------------------------------------------- */

static bool page_log(struct page *p, struct fault *why)
{
    struct log_page page;
    struct asked a;

    put(p->context, "title", "Decision log");
    compliance_nav(p, "log");
    put(p->context, "zone_name", words_zone(p->arena, p->view->zone));
    if (!asked_read(p, &a, why) || !filters_put(p, &a, why) || !rows_put(p, &a, &page, why) ||
        !chosen_put(p, &page, why) || !totals_put(p, &a, why) || !owed_put(p, why) ||
        !chain_put(p, why))
        return false;
    packs_put(p);
    return true;
}

/* What waits for who looks: a second person's agreement, records that were drawn. */
static bool overview_put(struct page *p, struct fault *why)
{
    const struct approver by = { .number = p->session->user.number,
                                 .name = p->session->user.name,
                                 .email = p->session->user.email,
                                 .authority = p->role->authority,
                                 .can = p->can,
                                 .clients = p->view->clients,
                                 .desks = p->view->desks };
    struct approval_item *items;
    struct sample *samples;
    size_t count, waiting = 0;
    int64_t left = 0, open = 0;

    if (!approval_items(p->view->store, p->arena, p->hand->roles, p->view->zone, p->view->now,
                        &by, &items, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        waiting += items[i].may && !items[i].mine;
    if (!sample_list(p->view->store, p->arena, 0, SAMPLES_LOOKED, &samples, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        left += samples[i].size - samples[i].done;
        open += samples[i].size > samples[i].done;
    }
    json_t *o = put_object(p->context, "waits");
    put(o, "approvals", words_count(p->arena, (int64_t)waiting));
    put_true(o, "any_approval", waiting > 0);
    put(o, "records", words_count(p->arena, left));
    put(o, "samples", words_count(p->arena, open));
    put_true(o, "one_sample", open == 1);
    put_true(o, "any_record", left > 0);
    return true;
}

static bool page_compliance(struct page *p, struct fault *why)
{
    const struct day today = p->view->today;
    struct asked a = { .from = day_plus(today, 1 - OVERVIEW_DAYS), .to = today };

    if (!page_may(p, MAY_AUDIT)) {
        page_go(p, "/complaints");
        return true;
    }
    a.r = (struct log_request){ .from = day_begins(a.from, p->view->zone),
                                .to = day_begins(day_plus(today, 1), p->view->zone) };
    put(p->context, "title", "Compliance");
    compliance_nav(p, "overview");
    if (!totals_put(p, &a, why) || !owed_put(p, why) || !chain_put(p, why) ||
        !overview_put(p, why) || !review_since_put(p, why))
        return false;
    packs_put(p);
    return true;
}

/* What waits for compliance stands on its first page; what a second person agrees to, there. */
static bool page_reviews(struct page *p, struct fault *why)
{
    (void)why;
    page_go(p, "/compliance");
    return true;
}

const struct route routes_audit[] = {
    { "GET", "/compliance", MAY_SIGNED_IN, "compliance", "compliance", page_compliance, NULL },
    { "GET", "/compliance/reviews", MAY_AUDIT, "compliance", "fault", page_reviews, NULL },
    { "GET", "/compliance/log", MAY_AUDIT, "compliance", "audit_log", page_log, NULL },
    { "POST", "/compliance/verify", MAY_AUDIT, "compliance", "audit_log", verify, page_log },
    { "GET", "/d/{}", MAY_SEE, "compliance", "audit_decision", page_decision, NULL },
    { "POST", "/d/{}/pdf", MAY_AUDIT, "compliance", "audit_decision", decision_pdf,
      page_decision },
    { "GET", "/audit", MAY_AUDIT, "compliance", "audit_packs", page_packs, NULL },
    { "POST", "/audit", MAY_AUDIT, "compliance", "audit_packs", pack_make, page_packs },
    { "GET", "/d/{}/json", MAY_SEE, "compliance", "audit_decision", page_decision_json, NULL },
    { 0 },
};
