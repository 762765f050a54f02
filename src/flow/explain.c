#include "flow/explain.h"

#include "base/json.h"
#include "domain/gate_cure.h"
#include "domain/location.h"
#include "flow/book.h"
#include "flow/policy.h"
#include "flow/publication.h"
#include "store/casefiles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HORIZON_DAYS = 400 };

/* Channels that are shown when none is asked for. */
static const enum channel shown[PANEL_MOST] = { CHANNEL_EMAIL, CHANNEL_LETTER, CHANNEL_CALL,
                                                CHANNEL_SMS };

struct explaining {
    const struct explain_request *r;
    struct store *store;
    struct loaded_policy *policy;
    const struct zone *zone;
    struct arena a;
    struct casefile *c;
    struct decision d;
    const struct outlook *outlooks[CHANNEL_COUNT]; /* looked at once; NULL: not yet */
    struct fault *why;
};

/* How one channel stands now. */
struct outlook {
    enum channel channel;
    const struct contact_point *point; /* NULL: no good address */
    struct verdict verdict;
    struct instant opens; /* INSTANT_NEVER: only a new fact opens it */
    struct cures cures;
};

/* ---- Gathering
 * -------------------------------------------------------------------------------- */

static bool likes_best(const struct casefile *c, enum channel channel, struct instant now)
{
    bool likes = false;

    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *f = &c->facts[i];
        likes = likes || (f->type == FACT_PREFERENCE && f->channel_known &&
                          f->channel == channel && f->at.us <= now.us && f->until.us > now.us);
    }
    return likes;
}

static void judge_point(struct explaining *e, struct outlook *o, const struct party *debtor)
{
    const struct policy *policy = policy_of(e->policy);
    struct gate_packs packs = policy->packs_for(policy, &e->a, e->c, debtor);
    struct gate_question question;

    decision_ask(policy, e->c, &e->d, o->channel, o->point->address, e->r->at, &e->a,
                 &question);
    gate_judge(packs, &question, &o->verdict);
    o->opens = gate_first_allowed(packs, &question, HORIZON_DAYS);
    gate_cure(packs, &question, &o->verdict, HORIZON_DAYS, &e->a, &o->cures);
}

static const struct outlook *look(struct explaining *e, enum channel channel)
{
    const struct party *debtor = casefile_party(e->c, PARTY_DEBTOR);

    if (e->outlooks[channel] != NULL)
        return e->outlooks[channel];
    struct outlook *o = arena_make(&e->a, struct outlook);
    o->channel = channel;
    o->point = casefile_point(e->c, PARTY_DEBTOR, channel, true);
    o->opens = INSTANT_NEVER;
    if (o->point != NULL && debtor != NULL)
        judge_point(e, o, debtor);
    e->outlooks[channel] = o;
    return o;
}

/* The other channel that opens first; of those that are open, the one they like best. NULL when
 * none does. */
static const struct outlook *instead_of(struct explaining *e, enum channel channel)
{
    const struct outlook *best = NULL;

    for (size_t i = 0; i < COUNT(shown); i++) {
        const struct outlook *o = look(e, shown[i]);
        if (o->channel == channel || o->opens.us == INSTANT_NEVER.us)
            continue;
        bool liked = best != NULL && o->opens.us == best->opens.us &&
                     likes_best(e->c, o->channel, e->r->at);
        if (best == NULL || o->opens.us < best->opens.us || liked)
            best = o;
    }
    return best;
}

static bool gather(struct explaining *e)
{
    struct casefile_key key;
    const char *zone;

    if (!publication_take(e->store, e->why) ||
        !casefile_find(e->store, e->r->target, &key, e->why) ||
        !book_setting(e->store, &e->a, "zone", &zone, e->why))
        return false;
    e->zone = zone_find(zone != NULL ? zone : "UTC");
    if (e->zone == NULL)
        return fail(e->why, DB_ROW, "The organisation's time zone is not known here.");
    e->policy = policy_load(e->zone, e->r->now, e->why);
    if (e->policy == NULL ||
        !casefile_load(e->store, &e->a, key, wall_at(e->r->now, e->zone).day, &e->c, e->why))
        return false;
    casefile_decide(policy_of(e->policy), e->c, e->r->now, &e->a, &e->d);
    return true;
}

/* ---- Words
 * -------------------------------------------------------------------------------------- */

static const struct zone *zone_of_debtor(const struct explaining *e)
{
    const struct party *debtor = casefile_party(e->c, PARTY_DEBTOR);

    return debtor != NULL && debtor->zone_count > 0 ? debtor->zones[0] : e->zone;
}

/* The zones of the debtor, each with what it follows from. */
static const char *zones_of_debtor(struct explaining *e)
{
    const struct party *debtor = casefile_party(e->c, PARTY_DEBTOR);

    return debtor == NULL ? "" : location_words(&e->a, debtor->clues_text, debtor->zones_text);
}

static const char *when(struct explaining *e, struct instant at)
{
    char *text = arena_alloc(&e->a, INSTANT_TEXT);

    return instant_print_in(at, zone_of_debtor(e), text);
}

static const char *sum_open(struct explaining *e)
{
    struct text text = { 0 };
    char amount[MONEY_TEXT];

    for (size_t i = 0; i < e->c->debt_count; i++) {
        enum currency currency = e->c->debts[i].currency;
        int64_t open = 0;
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || e->c->debts[k].currency == currency;
        if (seen)
            continue;
        for (size_t k = 0; k < e->c->instalment_count; k++) {
            const struct instalment *item = &e->c->instalments[k];
            if (casefile_debt(e->c, item->debt)->currency == currency && item->open_minor > 0)
                open += item->open_minor;
        }
        text_add_print(&text, "%s%s", text.length > 0 ? " + " : "",
                       money_show(money_of(open, currency), amount));
    }
    const char *copy = arena_copy(&e->a, text.length > 0 ? text_of(&text) : "nothing");
    text_free(&text);
    return copy;
}

static const char *mark(const struct explain_request *r, enum ruling ruling)
{
    static const char *const plain[] = { "✓ Allowed", "! Later  ", "✗ Blocked" };
    static const char *const coloured[] = { "\033[32m✓ Allowed\033[0m",
                                            "\033[33m! Later  \033[0m",
                                            "\033[31m✗ Blocked\033[0m" };

    return r->colour ? coloured[ruling] : plain[ruling];
}

/* Ways one below the other, each with its changes. */
static void print_cures(struct explaining *e, const struct outlook *o, FILE *out)
{
    const struct cures *cures = &o->cures;

    if (cures->outcome == CURES_NOT_NEEDED)
        return;
    fprintf(out, "      What would allow it\n");
    if (cures->outcome != CURES_FOUND)
        fprintf(out, "        %s\n", cures_words(&e->a, cures));
    for (size_t i = 0; i < cures->way_count; i++) {
        const struct cure_way *way = &cures->ways[i];
        fprintf(out, "        %s%s", i > 0 ? "or: " : "", cure_way_words(&e->a, way));
        if (way->opens.us != INSTANT_NEVER.us && way->opens.us > e->r->at.us)
            fprintf(out, " Opens %s.", when(e, way->opens));
        fputc('\n', out);
    }
}

static void print_instead(struct explaining *e, const struct outlook *o, FILE *out)
{
    const struct outlook *other = o->point != NULL && o->verdict.ruling == RULING_ALLOW
                                      ? NULL
                                      : instead_of(e, o->channel);

    if (other == NULL)
        return;
    if (other->verdict.ruling == RULING_ALLOW)
        fprintf(out, "      Instead\n        %s, now\n", channel_name(other->channel));
    else
        fprintf(out, "      Instead\n        %s, opens %s\n", channel_name(other->channel),
                when(e, other->opens));
}

static void print_outlook(struct explaining *e, const struct outlook *o, FILE *out)
{
    const struct explain_request *r = e->r;

    if (o->point == NULL) {
        fprintf(out, "%s   %-7s no good address is known\n", mark(r, RULING_DENY),
                channel_name(o->channel));
        return;
    }
    fprintf(out, "%s   %-7s", mark(r, o->verdict.ruling), channel_name(o->channel));
    if (o->verdict.ruling == RULING_ALLOW)
        fprintf(out, " %s\n", e->r->at.us == e->r->now.us ? "now" : when(e, e->r->at));
    else if (o->opens.us == INSTANT_NEVER.us)
        fprintf(out, " until something changes\n");
    else
        fprintf(out, " opens %s\n", when(e, o->opens));
    for (size_t i = 0; i < o->verdict.finding_count; i++) {
        const struct finding *f = &o->verdict.findings[i];
        if (f->ruling == RULING_ALLOW && !r->channel_known)
            continue;
        fprintf(out, "      %s %s\n        %s · %s · %s\n",
                f->ruling == RULING_ALLOW   ? "✓"
                : f->ruling == RULING_DEFER ? "!"
                                            : "✗",
                f->ruling == RULING_ALLOW ? rule_title(f->rule) : f->reason, rule_cite(f->rule),
                rule_id(f->rule), rule_strength(f->rule));
        if (f->unknown != NULL)
            fprintf(out, "        not known: %s\n", f->unknown);
    }
    print_cures(e, o, out);
}

static void print_next(struct explaining *e, FILE *out)
{
    const struct decision *d = &e->d;
    const char *zones = zones_of_debtor(e);

    fprintf(out, "%s   %s, %s open\n", e->c->reference,
            casefile_party(e->c, PARTY_DEBTOR) != NULL
                ? casefile_party(e->c, PARTY_DEBTOR)->name
                : "?",
            sum_open(e));
    fprintf(out, "  May be in   %s\n", zones[0] != '\0' ? zones : "a time zone that nobody knows");
    if (d->strategy != NULL && d->segment != NULL)
        fprintf(out, "  Strategy    %s, segment %s, ladder %s\n", d->strategy->name,
                d->segment->name, d->segment->ladder->name);
    if (d->chosen != NULL) {
        fprintf(out, "  Next step   %s by %s", d->step->id, channel_name(d->chosen->channel));
        fprintf(out, d->send_at.us > e->r->now.us ? ", at %s\n" : ", now (%s)\n",
                when(e, d->send_at));
        fprintf(out, "  Speaks of   %zu item%s\n", d->item_count,
                d->item_count == 1 ? "" : "s");
    } else {
        fprintf(out, "  Next step   %s%s%s\n", d->step != NULL ? d->step->id : "none today",
                d->step != NULL ? ": " : " · ", d->reason);
        if (d->rule != NULL)
            fprintf(out, "              %s · %s\n", rule_cite_first(d->rule), rule_id(d->rule));
    }
    if (d->standing_until.us != INSTANT_NEVER.us)
        fprintf(out, "  Until       %s\n", when(e, d->standing_until));
    if (d->wake_at.us != INSTANT_NEVER.us)
        fprintf(out, "  Looks again %s\n", when(e, d->wake_at));
    fprintf(out, "\n");
}

/* ---- JSON
 * ---------------------------------------------------------------------------------------- */

static void instant_at(struct json_writer *w, const char *key, struct instant at)
{
    char text[INSTANT_TEXT];

    json_text_at(w, key, at.us == INSTANT_NEVER.us ? NULL : instant_print(at, text));
}

static void write_way(struct json_writer *w, const struct cure_way *way)
{
    char words[CURE_TEXT];

    json_open(w, '{');
    instant_at(w, "opens", way->opens);
    json_key(w, "changes");
    json_open(w, '[');
    for (size_t i = 0; i < way->count; i++) {
        const struct cure *cure = way->changes[i];
        json_open(w, '{');
        json_text_at(w, "change", cure_kind_name(cure->kind));
        json_text_at(w, "what", cure->what);
        json_text_at(w, "words", cure_print(cure, words));
        json_text_at(w, "rule", rule_id(cure->rule));
        if (cure->days > 0)
            json_int_at(w, "days", cure->days);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void write_cures(struct json_writer *w, const struct cures *cures)
{
    json_key(w, "would_allow");
    json_open(w, '{');
    json_text_at(w, "outcome", cure_outcome_name(cures->outcome));
    if (cures->barred_by != NULL)
        json_text_at(w, "barred_by", rule_id(cures->barred_by));
    json_key(w, "ways");
    json_open(w, '[');
    for (size_t i = 0; i < cures->way_count; i++)
        write_way(w, &cures->ways[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void write_instead(struct json_writer *w, const struct outlook *other)
{
    json_key(w, "instead");
    if (other == NULL) {
        json_text(w, NULL);
        return;
    }
    json_open(w, '{');
    json_text_at(w, "channel", channel_name(other->channel));
    instant_at(w, "opens", other->opens);
    json_close(w, '}');
}

static void write_outlook(struct explaining *e, struct json_writer *w, const struct outlook *o)
{
    bool allowed = o->point != NULL && o->verdict.ruling == RULING_ALLOW;

    json_open(w, '{');
    json_text_at(w, "channel", channel_name(o->channel));
    json_text_at(w, "ruling", o->point != NULL ? ruling_name(o->verdict.ruling) : "no_address");
    instant_at(w, "opens", o->opens);
    json_key(w, "findings");
    json_open(w, '[');
    for (size_t i = 0; i < o->verdict.finding_count; i++) {
        const struct finding *f = &o->verdict.findings[i];
        json_open(w, '{');
        json_text_at(w, "rule", rule_id(f->rule));
        json_text_at(w, "ruling", ruling_name(f->ruling));
        json_text_at(w, "cite", rule_cite(f->rule));
        json_text_at(w, "strength", rule_strength(f->rule));
        json_text_at(w, "reason", f->reason);
        if (f->ruling == RULING_DEFER)
            instant_at(w, "until", f->until);
        if (f->unknown != NULL)
            json_text_at(w, "unknown", f->unknown);
        json_close(w, '}');
    }
    json_close(w, ']');
    if (o->point != NULL)
        write_cures(w, &o->cures);
    write_instead(w, allowed ? NULL : instead_of(e, o->channel));
    json_close(w, '}');
}

/* What one message would speak of, and of what is open besides, why not. */
static void write_mentions(struct explaining *e, struct json_writer *w)
{
    struct day today = wall_at(e->r->now, e->zone).day;

    json_key(w, "speaks_of");
    json_open(w, '[');
    for (size_t i = 0; i < e->c->instalment_count; i++) {
        const struct instalment *item = &e->c->instalments[i];
        enum mention mention = decision_mentions(e->c, &e->d, item, today);
        if (mention == MENTION_NONE)
            continue;
        json_open(w, '{');
        json_text_at(w, "debt", casefile_debt(e->c, item->debt)->reference);
        json_int_at(w, "instalment", item->number);
        json_text_at(w, "mention", mention_name(mention));
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_next(struct explaining *e, struct json_writer *w)
{
    const struct decision *d = &e->d;

    json_text_at(w, "account", e->c->reference);
    instant_at(w, "at", e->r->now);
    instant_at(w, "contact_at", e->r->at);
    json_text_at(w, "zones", zones_of_debtor(e));
    json_text_at(w, "standing", standing_name(d->standing));
    json_text_at(w, "reason", d->reason);
    json_text_at(w, "strategy", d->strategy != NULL ? d->strategy->name : NULL);
    json_text_at(w, "segment", d->segment != NULL ? d->segment->name : NULL);
    json_text_at(w, "step", d->step != NULL ? d->step->id : NULL);
    json_text_at(w, "channel", d->chosen != NULL ? channel_name(d->chosen->channel) : NULL);
    json_text_at(w, "rule", d->rule != NULL ? rule_id(d->rule) : NULL);
    json_text_at(w, "cite", d->rule != NULL ? rule_cite(d->rule) : NULL);
    instant_at(w, "send_at", d->chosen != NULL ? d->send_at : INSTANT_NEVER);
    instant_at(w, "until", d->standing_until);
    instant_at(w, "looks_again", d->wake_at);
    write_mentions(e, w);
}

/* ---- The answer
 * ----------------------------------------------------------------------------------- */

static void answer(struct explaining *e, FILE *out, bool *allowed)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };
    size_t count = e->r->channel_known ? 1 : COUNT(shown);

    *allowed = !e->r->channel_known && e->d.chosen != NULL;
    json_open(&w, '{');
    write_next(e, &w);
    json_key(&w, "channels");
    json_open(&w, '[');
    if (!e->r->json)
        print_next(e, out);
    for (size_t i = 0; i < count; i++) {
        const struct outlook *o = look(e, e->r->channel_known ? e->r->channel : shown[i]);
        if (e->r->channel_known)
            *allowed = o->point != NULL && o->verdict.ruling == RULING_ALLOW;
        if (e->r->json)
            write_outlook(e, &w, o);
        else
            print_outlook(e, o, out);
        if (e->r->channel_known && !e->r->json)
            print_instead(e, o, out);
    }
    json_close(&w, ']');
    json_close(&w, '}');
    if (e->r->json)
        fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}

/* A decision is shown as it was recorded: nothing is worked out again. */
static bool explain_decision(struct explaining *e, FILE *out, bool *allowed)
{
    int64_t bucket, seq;
    char at[INSTANT_TEXT];

    if (sscanf(e->r->target, "D-%" SCNd64 ".%" SCNd64, &bucket, &seq) != 2)
        return fail(e->why, BAD_VALUE,
                    "\"%s\" does not name a decision; they look like D-17.42.", e->r->target);
    struct query q = query_begin(e->store, Q_JOURNAL_GET);
    bind_int(&q, bucket);
    bind_int(&q, seq);
    bool found = query_next(&q);
    if (found) {
        const char *record = row_text(&q, 3);
        *allowed = strstr(record, "\"verdict\":{\"ruling\":\"allow\"") != NULL;
        instant_print((struct instant){ row_int(&q, 1) }, at);
        if (e->r->json)
            fprintf(out,
                    "{\"decision\":\"%s\",\"account\":\"%s\",\"at\":\"%s\",\"kind\":\"%s\","
                    "\"record\":%s}\n",
                    e->r->target, row_text(&q, 0), at, row_text(&q, 2), record);
        else
            fprintf(out, "%s   %s of %s, %s\n\n%s\n", e->r->target, row_text(&q, 2),
                    row_text(&q, 0), at, record);
    }
    if (!query_end(&q, e->why))
        return false;
    return found || fail(e->why, NOT_FOUND, "There is no decision \"%s\".", e->r->target);
}

/* One snapshot; after false there is nothing to end. */
static bool explaining_begin(struct explaining *e)
{
    e->store = store_open(e->r->url, STORE_READ, e->why);
    if (e->store == NULL)
        return false;
    if (store_read_begin(e->store, e->why))
        return true;
    store_close(e->store);
    return false;
}

static void explaining_end(struct explaining *e)
{
    store_read_end(e->store);
    policy_free(e->policy);
    store_close(e->store);
    arena_free(&e->a);
}

bool explain_print(const struct explain_request *request, FILE *out, bool *allowed,
                   struct fault *why)
{
    struct explaining e = { .r = request, .why = why };
    bool done;

    *allowed = false;
    if (!explaining_begin(&e))
        return false;
    if (text_starts(request->target, "D-") && strchr(request->target, '.') != NULL) {
        done = explain_decision(&e, out, allowed);
    } else {
        done = gather(&e);
        if (done)
            answer(&e, out, allowed);
    }
    explaining_end(&e);
    return done;
}

/* ---- The panel
 * ------------------------------------------------------------------------------------ */

static struct channel_outlook outlook_of(struct explaining *e, const struct outlook *o,
                                         struct arena *a)
{
    const struct finding *decisive = o->verdict.decisive;
    const char *words = cures_words(&e->a, &o->cures);
    const char *would_allow = words == NULL ? NULL : arena_copy(a, words);

    if (o->point == NULL)
        return (struct channel_outlook){ .channel = o->channel,
                                         .ruling = RULING_DENY,
                                         .reason = "no good address is known",
                                         .opens = INSTANT_NEVER };
    if (o->verdict.ruling == RULING_ALLOW || decisive == NULL)
        return (struct channel_outlook){ .channel = o->channel,
                                         .ruling = o->verdict.ruling,
                                         .reason = likes_best(e->c, o->channel, e->r->at)
                                                       ? "they like it best"
                                                       : NULL,
                                         .opens = o->opens };
    return (struct channel_outlook){ .channel = o->channel,
                                     .ruling = o->verdict.ruling,
                                     .reason = arena_copy(a, decisive->reason),
                                     .opens = o->opens,
                                     .rule = arena_copy(a, rule_id(decisive->rule)),
                                     .cite = arena_copy(a, rule_cite_first(decisive->rule)),
                                     .would_allow = would_allow };
}

static void fill_panel(struct explaining *e, struct arena *a, struct contact_panel *out)
{
    const struct party *debtor = casefile_party(e->c, PARTY_DEBTOR);

    *out = (struct contact_panel){ .account = arena_copy(a, e->c->reference),
                                   .name = debtor != NULL ? arena_copy(a, debtor->name) : "?",
                                   .zone = zone_of_debtor(e),
                                   .count = e->r->channel_known ? 1 : COUNT(shown) };
    for (size_t i = 0; i < out->count; i++)
        out->all[i] = outlook_of(e, look(e, e->r->channel_known ? e->r->channel : shown[i]), a);
}

bool explain_channels(const struct explain_request *request, struct arena *a,
                      struct contact_panel *out, struct fault *why)
{
    struct explaining e = { .r = request, .why = why };

    if (!explaining_begin(&e))
        return false;
    bool done = gather(&e);
    if (done)
        fill_panel(&e, a, out);
    explaining_end(&e);
    return done;
}
