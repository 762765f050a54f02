/* Samples: records drawn for review, eight questions each, and what was found. */
#include "web/page_samples.h"

#include "base/text.h"
#include "flow/publication.h"

#include <string.h>

enum { SAMPLES_SHOWN = 20, WANTED_USUAL = 20, PERIOD_USUAL = 7 };

static const char *const seed_text = "0123456789";

/* ---- What was asked for, in words ----------------------------------------------------------
 */

static const char *of_words(enum sample_of of)
{
    return of == SAMPLE_DECISIONS  ? "Decisions"
           : of == SAMPLE_CONTACTS ? "Calls and what came in"
                                   : "Risks";
}

static void narrowed(struct page *p, const char **all, const char *label, const char *value)
{
    if (!text_is_empty(value))
        *all = arena_print(p->arena, "%s, %s %s", *all, label, value);
}

const char *sample_words(struct page *p, const struct sample_filter *f)
{
    struct arena *x = p->arena;
    const char *days =
        f->from.number == f->to.number
            ? words_day(x, f->from)
            : arena_print(x, "%s to %s", words_day(x, f->from), words_day(x, f->to));
    const char *all = arena_print(x, "%s, %s", of_words(f->of), days);

    narrowed(p, &all, "by", f->channel);
    narrowed(p, &all, "client", f->client);
    narrowed(p, &all, "desk", f->desk);
    if (!text_is_empty(f->actor))
        narrowed(p, &all, "of", audit_person(p, f->actor));
    narrowed(p, &all, "pack", f->pack);
    narrowed(p, &all, f->decided ? "stopped by" : "where this rule said no:", f->rule);
    return all;
}

/* ---- The list, and the form ----------------------------------------------------------------
 */

static bool person_put(struct page *p, json_t *row, const char *key, int64_t number,
                       struct fault *why)
{
    struct user user;

    if (!user_by_number(p->view->store, p->arena, number, &user, why))
        return false;
    put(row, key, user.number != 0 ? user.name : NULL);
    return true;
}

static bool row_put(struct page *p, json_t *row, const struct sample *s, struct fault *why)
{
    put_int(row, "number", s->number);
    put(row, "link", arena_print(p->arena, "/compliance/samples/%lld", (long long)s->number));
    put(row, "words", sample_words(p, &s->filter));
    put(row, "at", words_moment(p->arena, s->at, p->view->zone, p->view->today));
    put(row, "drawn_at", moment_within(p, s->at));
    put(row, "size", words_count(p->arena, s->size));
    put(row, "done", words_count(p->arena, s->done));
    put_true(row, "is_done", s->done == s->size);
    return person_put(p, row, "by", s->by, why);
}

static bool list_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "rows");
    const char *before = page_field(p, "before");
    struct sample *all;
    int64_t number = 0;
    size_t count;

    if (before != NULL && (!text_to_int(before, &number) || number < 1))
        return fail(why, BAD_VALUE, "\"%s\" is no number of a sample.", before);
    if (!sample_list(p->view->store, p->arena, number, SAMPLES_SHOWN, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!row_put(p, list_add(list), &all[i], why))
            return false;
    }
    put_true(p->context, "any", count > 0);
    put_true(p->context, "later_page", number != 0);
    if (count == SAMPLES_SHOWN && all[count - 1].number > 1)
        put(p->context, "older",
            arena_print(p->arena, "/compliance/samples?before=%lld",
                        (long long)all[count - 1].number));
    return true;
}

static bool form_put(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "client", "desk", "rule", "pack", "seed" };
    static const struct choice kinds[] = {
        { "decisions", "Decisions", "what was allowed, moved, blocked or held" },
        { "contacts", "Calls and what came in", "as people wrote them down" },
        { "risks", "Risks", "notes with words such as attorney or stop, disputes, complaints" },
    };
    static const struct choice rules[] = { { "decisive", "was what stopped it", NULL },
                                           { "asked", "said no, or not yet", NULL } };

    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_value(p, "wanted", arena_print(p->arena, "%d", WANTED_USUAL));
    work_day_value(p, "from", day_plus(p->view->today, 1 - PERIOD_USUAL));
    work_day_value(p, "to", p->view->today);
    work_choices(p, "of", kinds, COUNT(kinds), "decisions");
    work_choices(p, "rule_was", rules, COUNT(rules), "decisive");
    work_today(p);
    audit_channels_put(p, work_typed(p, "channel", NULL));
    return audit_people_put(p, work_typed(p, "agent", NULL), why);
}

static bool page_samples(struct page *p, struct fault *why)
{
    put(p->context, "title", "Samples");
    compliance_nav(p, "samples");
    return list_put(p, why) && form_put(p, why);
}

/* ---- Drawn ---------------------------------------------------------------------------------
 */

static bool rule_is_known(struct page *p, const char *rule, struct fault *why)
{
    return text_is_empty(rule) || view_rule(p->view, rule) != NULL ||
           fail(why, BAD_VALUE, "There is no rule \"%s\". Rules are named like house.hours.",
                rule);
}

static bool seed_read(struct page *p, uint64_t *out, struct fault *why)
{
    const char *typed = page_form(p, "seed");
    int64_t seed = p->view->now.us ^ (p->session->user.number << 20);

    if (typed != NULL && (strspn(typed, seed_text) != strlen(typed) ||
                          !text_to_int(typed, &seed) || seed >> 53 != 0))
        return fail(why, BAD_VALUE, "A seed is a whole number below 2^53, or left empty.");
    *out = (uint64_t)seed & ((UINT64_C(1) << 53) - 1);
    return true;
}

static bool request_read(struct page *p, struct sample_request *r, struct fault *why)
{
    struct sample_filter *f = &r->filter;
    int64_t wanted;

    *r = (struct sample_request){ .filter = {
                                      .channel = page_form(p, "channel"),
                                      .client = page_form(p, "client"),
                                      .desk = page_form(p, "desk"),
                                      .actor = page_form(p, "agent"),
                                      .pack = page_form(p, "pack"),
                                      .rule = page_form(p, "rule"),
                                      .decided = !text_equal(page_form(p, "rule_was"), "asked"),
                                      .seen_clients = p->view->clients,
                                      .seen_desks = p->view->desks } };
    if (!sample_of_parse(page_form(p, "of"), &f->of))
        return fail(why, BAD_VALUE, "Choose what is drawn: decisions, contacts or risks.");
    if (f->of != SAMPLE_DECISIONS && (!text_is_empty(f->rule) || !text_is_empty(f->pack)))
        return fail(why, BAD_VALUE,
                    "Rules decide decisions: choose those, or leave the rule out.");
    if (!rule_is_known(p, f->rule, why) ||
        !work_count(p, "wanted", "how many", 1, SAMPLE_MOST, WANTED_USUAL, &wanted, why) ||
        !work_day(p, "from", "the first day", p->view->today, &f->from, why) ||
        !work_day(p, "to", "the last day", p->view->today, &f->to, why))
        return false;
    r->wanted = (size_t)wanted;
    return seed_read(p, &r->seed, why);
}

static const char *drawn_words(struct page *p, const struct sample_request *r,
                               const struct sample_drawn *d)
{
    struct arena *x = p->arena;
    const char *count = words_count(x, (int64_t)d->count);

    if (d->count == r->wanted)
        return arena_print(x, "Drawn: %s, after a look at %s.", count,
                           words_count(x, d->looked));
    return d->tired
               ? arena_print(x,
                             "Drawn: %s. It stopped looking after %s: a shorter period, or "
                             "fewer filters, finds more.",
                             count, words_count(x, d->looked))
               : arena_print(x, "Drawn: %s. There are no more that fit.", count);
}

static bool draw(struct page *p, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(p->arena, why);
    struct sample_request r;
    struct sample_drawn drawn;
    int64_t number;

    if (sheet == NULL || !request_read(p, &r, why) ||
        !sample_draw(p->view, sheet, &r, &drawn, why))
        return false;
    if (drawn.count == 0)
        return fail(why, BAD_VALUE, "Nothing fits%s. Choose a longer period or fewer filters.",
                    drawn.tired ? " among what was looked at" : " in that period");
    struct book *b = page_book(p, why);
    if (b == NULL || !sample_keep(b, &r, &drawn, p->session->user.number, &number, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, drawn_words(p, &r, &drawn));
    page_go(p, arena_print(p->arena, "/compliance/samples/%lld", (long long)number));
    return true;
}

/* ---- One draw ------------------------------------------------------------------------------
 */

bool sample_of_page(struct page *p, struct sample *out, struct review **items, size_t *count,
                    struct fault *why)
{
    int64_t number;

    if (!text_to_int(p->holes[0], &number) || number < 1)
        return fail(why, NOT_FOUND, "There is no sample \"%s\".", p->holes[0]);
    return sample_load(p->view->store, p->arena, number, out, why) &&
           review_list(p->view->store, p->arena, number, items, count, why);
}

/* A record that they may not see is as if it were not there: *a of kind NULL. */
bool sample_record(struct page *p, const struct review *r, struct audited *a, struct fault *why)
{
    struct fault no = { 0 };

    if (audit_load(p->view, r->bucket, r->seq, a, &no))
        return true;
    if (no.code != NOT_FOUND) {
        *why = no;
        return false;
    }
    *a = (struct audited){ 0 };
    return true;
}

static bool item_put(struct page *p, json_t *list, const struct sample *s,
                     const struct review *r, struct fault *why)
{
    struct arena *x = p->arena;
    struct log_words words;
    struct audited a;

    if (!sample_record(p, r, &a, why))
        return false;
    if (a.kind == NULL)
        return true;
    json_t *row = list_add(list);
    log_words_of(p->view, a.kind, a.outcome, a.rule, a.record, &words);
    put_int(row, "item", r->item);
    put(row, "link",
        arena_print(x, "/compliance/samples/%lld/%lld", (long long)s->number,
                    (long long)r->item));
    put(row, "number", arena_print(x, "D-%lld.%lld", (long long)r->bucket, (long long)r->seq));
    put(row, "at", words_moment(x, a.at, p->view->zone, p->view->today));
    put(row, "name", a.name);
    put(row, "reference", a.reference);
    put(row, "wanted", words.wanted);
    put_outcome(p, row, a.outcome, a.rule);
    put(row, "asked_by", audit_person(p, words.asked_by));
    put_true(row, "is_done", r->done);
    put_true(row, "is_own", text_equal(r->actor, p->session->user.email));
    if (!r->done)
        return true;
    int64_t wrong = 0;
    for (const char *at = r->answers; *at != '\0'; at++)
        wrong += *at == 'n';
    put_true(row, "passed", wrong == 0);
    put(row, "wrong", words_count(x, wrong));
    put(row, "reviewed", words_moment(x, r->at, p->view->zone, p->view->today));
    return person_put(p, row, "reviewer", r->by, why);
}

/* Made again, from what is kept of it. */
static bool again_put(struct page *p, const struct sample *s, const struct review items[],
                      size_t count, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(p->arena, why);
    const struct sample_request r = {
        s->filter, s->seed, s->wanted, s->until, s->span, s->whole ? SAMPLE_WHOLE : SAMPLE_KEYS
    };
    struct sample_drawn drawn;

    if (sheet == NULL || !sample_draw(p->view, sheet, &r, &drawn, why))
        return false;
    bool same = drawn.count == count;
    for (size_t i = 0; same && i < count; i++)
        same = drawn.items[i].bucket == items[i].bucket && drawn.items[i].seq == items[i].seq;
    json_t *o = put_object(p->context, "again");
    put_true(o, "same", same);
    put(o, "count", words_count(p->arena, (int64_t)drawn.count));
    return true;
}

static bool page_sample(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "rows"), *o;
    struct review *items;
    struct sample s;
    size_t count, done = 0;

    if (!sample_of_page(p, &s, &items, &count, why))
        return false;
    put(p->context, "title", arena_print(p->arena, "Sample %lld", (long long)s.number));
    compliance_nav(p, "samples");
    for (size_t i = 0; i < count; i++) {
        done += items[i].done;
        if (!item_put(p, list, &s, &items[i], why))
            return false;
    }
    s.size = (int64_t)count;
    s.done = (int64_t)done;
    o = put_object(p->context, "sample");
    put(o, "seed", arena_print(p->arena, "%llu", (unsigned long long)s.seed));
    put(o, "looked", words_count(p->arena, s.looked));
    put_true(o, "whole", s.whole);
    put(o, "wanted", words_count(p->arena, (int64_t)s.wanted));
    put(o, "until", moment_within(p, s.until));
    put_true(p->context, "any", json_array_size(list) > 0);
    return row_put(p, o, &s, why) &&
           (page_field(p, "again") == NULL || again_put(p, &s, items, count, why));
}

/* ---- What was found ------------------------------------------------------------------------
 */

static int64_t days_asked(const struct page *p)
{
    int64_t days;

    return text_to_int(page_field(p, "days") != NULL ? page_field(p, "days") : "90", &days) &&
                   days >= 1 && days <= 3660
               ? days
               : 90;
}

static bool results_load(struct page *p, const struct review_sheet **sheet,
                         struct review_results *out, struct fault *why)
{
    struct day first = day_plus(p->view->today, 1 - (int)days_asked(p));

    *sheet = review_sheet_load(p->arena, why);
    return *sheet != NULL &&
           review_found(p->view, *sheet, day_begins(first, p->view->zone), out, why);
}

/* A share of what was counted, or that it is too little. */
static void share_put(struct page *p, json_t *row, int64_t part, int64_t whole)
{
    bool enough = whole >= REVIEWS_COMPARED_LEAST;

    put(row, "counted", words_count(p->arena, whole));
    put(row, "passed", words_count(p->arena, part));
    put_true(row, "is_few", !enough);
    put(row, "share", enough ? words_percent_whole(p->arena, part, whole) : NULL);
    put_int(row, "width", enough ? part * 100 / whole : 0);
}

static void tallies_put(struct page *p, const char *key, const struct review_tally all[],
                        size_t count, bool rules)
{
    json_t *list = put_list(p->context, key);

    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = rules ? view_rule(p->view, all[i].key) : NULL;
        json_t *row = list_add(list);
        put(row, "title",
            rule != NULL            ? rule_title(rule)
            : all[i].key[0] != '\0' ? audit_person(p, all[i].key)
            : rules                 ? "No rule stood against it"
                                    : "The program");
        put(row, "rule", rule != NULL ? all[i].key : NULL);
        share_put(p, row, all[i].passed, all[i].reviewed);
    }
    put_true(p->context, arena_print(p->arena, "any_%s", key), count > 0);
}

enum { CHANGES_SHOWN = 20 };

static const char *change_link(struct page *p, const struct review_change *c)
{
    if (text_equal(c->kind, publication_kind_name(PUBLISHED_TEXT)))
        return arena_print(p->arena, "/templates/%s", c->name);
    return arena_print(p->arena, "/strategies/%s/versions/%d", url_encode(p->arena, c->name),
                       (int)c->version);
}

static const char *person(struct page *p, int64_t number, const char *nobody)
{
    struct fault why;
    struct user user;

    return number != 0 && user_by_number(p->view->store, p->arena, number, &user, &why) &&
                   user.number != 0
               ? user.name
               : nobody;
}

bool review_since_put(struct page *p, struct fault *why)
{
    struct review_change *all;
    struct instant last;
    size_t count;
    bool more;

    if (!review_last(p->view->store, &last, why) ||
        !review_changes(p->view->store, p->arena, last, CHANGES_SHOWN, &all, &count, &more,
                        why))
        return false;
    json_t *since = put_object(p->context, "since"), *list = put_list(since, "changes");
    put(since, "last",
        last.us != 0 ? words_moment(p->arena, last, p->view->zone, p->view->today) : NULL);
    put_true(since, "any_change", count > 0);
    put_true(since, "more_changes", more);
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "name", all[i].name);
        put(row, "kind", text_equal(all[i].kind, "text") ? "letter or email" : "strategy");
        put(row, "link", change_link(p, &all[i]));
        put_int(row, "version", all[i].version);
        put(row, "by", person(p, all[i].published_by, "the command line"));
        put(row, "agreed", person(p, all[i].agreed_by, "nobody was needed"));
        put(row, "when", words_moment(p->arena, all[i].at, p->view->zone, p->view->today));
        put(row, "reason", all[i].reason);
    }
    return true;
}

static bool page_results(struct page *p, struct fault *why)
{
    static const int periods[] = { 30, 90, 365 };
    const struct review_sheet *sheet;
    struct review_results r;
    json_t *list, *days;

    if (!results_load(p, &sheet, &r, why))
        return false;
    put(p->context, "title", "Results of reviews");
    compliance_nav(p, "results");
    days = put_list(p->context, "periods");
    for (size_t i = 0; i < COUNT(periods); i++) {
        json_t *row = list_add(days);
        put(row, "title", arena_print(p->arena, "%d days", periods[i]));
        put(row, "link", arena_print(p->arena, "/compliance/results?days=%d", periods[i]));
        put_true(row, "is_chosen", days_asked(p) == periods[i]);
    }
    put_true(p->context, "any", r.reviewed > 0);
    put(p->context, "older", r.older > 0 ? words_count(p->arena, r.older) : NULL);
    put_true(p->context, "at_least", r.at_least);
    put(p->context, "csv",
        arena_print(p->arena, "/compliance/results.csv?days=%lld", (long long)days_asked(p)));
    share_put(p, put_object(p->context, "all"), r.passed, r.reviewed);
    list = put_list(p->context, "questions");
    for (size_t i = 0; i < sheet->count; i++) {
        json_t *row = list_add(list);
        put_int(row, "number", (json_int_t)i + 1);
        put(row, "text", sheet->questions[i].text);
        put(row, "cite", sheet->questions[i].cite);
        put(row, "no", words_count(p->arena, r.no[i]));
        put(row, "none", words_count(p->arena, r.none[i]));
        share_put(p, row, r.yes[i], r.yes[i] + r.no[i]);
    }
    tallies_put(p, "rules", r.rules, r.rule_count, true);
    tallies_put(p, "agents", r.actors, r.actor_count, false);
    return review_since_put(p, why);
}

static bool results_file(struct page *p, struct fault *why)
{
    const struct review_sheet *sheet;
    struct review_results r;
    struct sheet out = { 0 };

    if (!results_load(p, &sheet, &r, why))
        return false;
    review_results_sheet(&r, sheet, &out);
    bool made = page_sheet(p, &out, "reviews.csv");
    sheet_free(&out);
    return made;
}

#define S "/compliance/samples"

const struct route routes_samples[] = {
    { "GET", S, MAY_AUDIT, "compliance", "samples", page_samples, NULL },
    { "POST", S, MAY_AUDIT, "compliance", "samples", draw, page_samples },
    { "GET", S "/{}", MAY_AUDIT, "compliance", "sample", page_sample, NULL },
    { "GET", S "/{}/{}", MAY_AUDIT, "compliance", "sample_one", page_sample_one, NULL },
    { "POST", S "/{}/{}", MAY_REVIEW, "compliance", "sample_one", sample_answer,
      page_sample_one },
    { "GET", "/compliance/results", MAY_AUDIT, "compliance", "sample_results", page_results,
      NULL },
    { "GET", "/compliance/results.csv", MAY_AUDIT, "compliance", "fault", results_file, NULL },
    { 0 },
};
