/*
 * One record of the journal: the question, the answer in two sentences, the checks, what would
 * have changed it, who asked, by which rules and from what, what the person was told, and the
 * proof.
 */
#include "web/page_parts.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

static const char *text_at(const json_t *record, const char *key)
{
    return json_string_value(json_object_get(record, key));
}

void put_ruling(json_t *object, const char *ruling)
{
    put_true(object, "is_ok", text_equal(ruling, "allow"));
    put_true(object, "is_later", text_equal(ruling, "defer"));
    put_true(object, "is_no", text_equal(ruling, "deny") || text_equal(ruling, "no_address"));
}

/* A moment of the record, where they are, and here. */
static const char *moment_of(struct page *p, const struct record_view *r, const json_t *record,
                             const char *key)
{
    const struct gate_question *q = r->again.question;
    struct instant at;
    const char *text = text_at(record, key);

    if (text == NULL || !instant_parse(text, &at))
        return NULL;
    return q != NULL && q->zone_count > 0
               ? moment_in(p, q->zones[0], at)
               : words_moment(p->arena, at, p->view->zone, p->view->today);
}

static const char *number_of(struct page *p, const struct record_view *r)
{
    return arena_print(p->arena, "%lld.%lld", (long long)r->bucket, (long long)r->seq);
}

/* ---- The question, and the answer in two sentences ------------------------------------------
 */

/* "text message": the channel of the answer, or of what was asked last. */
static const char *channel_of(struct page *p, const json_t *record)
{
    const char *channel = text_at(record, "channel");
    const json_t *tried = json_object_get(record, "tried");

    if (channel == NULL && json_array_size(tried) > 0)
        channel = text_at(json_array_get(tried, json_array_size(tried) - 1), "channel");
    return channel == NULL ? "message" : words_small(p->arena, words_channel(channel));
}

static const char *question_of(struct page *p, const struct record_view *r,
                               const json_t *record)
{
    const char *channel = channel_of(p, record), *state = text_at(record, "state");

    if (text_equal(r->kind, "refusal"))
        return arena_print(p->arena, "Why was this %s not sent?", channel);
    if (text_equal(r->kind, "decision"))
        return arena_print(p->arena, "Why was this %s sent?", channel);
    if (text_equal(r->kind, "message") && state != NULL)
        return arena_print(p->arena, "This %s: %s", channel,
                           words_small(p->arena, words_state(p->arena, state).title));
    return words_plain(p->arena, r->kind);
}

static const char *refused_because(struct page *p, const struct record_view *r,
                                   const json_t *record)
{
    const struct verdict *v = r->again.then;
    const char *standing = text_at(record, "standing");

    if (v != NULL && v->ruling != RULING_ALLOW && v->decisive != NULL)
        return v->decisive->unknown != NULL
                   ? arena_print(
                         p->arena, "%s Nobody knows: %s; not knowing closes the gate.",
                         v->decisive->reason,
                         words_small(p->arena, words_plain(p->arena, v->decisive->unknown)))
                   : v->decisive->reason;
    return standing != NULL ? words_standing(p->arena, standing).meaning
                            : "No way of contact was open.";
}

static const char *sent_because(struct page *p, const struct record_view *r,
                                const json_t *record)
{
    const char *step = text_at(record, "step");
    size_t asked =
        json_array_size(json_object_get(json_object_get(record, "verdict"), "findings"));

    (void)r;
    return arena_print(p->arena, "%s, and all %zu rules that apply were satisfied.",
                       step != NULL ? arena_print(p->arena, "The step “%s” was due",
                                                  words_plain(p->arena, step))
                                    : "It was asked for",
                       asked);
}

/* What was done then, or when it opens. */
static const char *and_then(struct page *p, const struct record_view *r, const json_t *record)
{
    const char *until = moment_of(p, r, json_object_get(record, "verdict"), "until");

    if (r->has_message)
        return arena_print(
            p->arena, "The message: %s.",
            words_small(p->arena, words_state(p->arena, r->message_state).title));
    if (until != NULL)
        return arena_print(p->arena, "It opens %s by itself.", until);
    return "Nothing was sent instead.";
}

static void answer_put(struct page *p, const struct record_view *r, const json_t *record)
{
    const json_t *verdict = json_object_get(record, "verdict");
    bool refused = text_equal(r->kind, "refusal"), decided = text_equal(r->kind, "decision");

    put(p->context, "headline", question_of(p, r, record));
    put_true(p->context, "has_verdict", verdict != NULL);
    put_ruling(p->context, refused && verdict == NULL ? "deny" : text_at(verdict, "ruling"));
    put_true(p->context, "is_answer", refused || decided);
    if (refused || decided)
        put(p->context, "answer",
            arena_print(p->arena, "%s %s",
                        refused ? refused_because(p, r, record) : sent_because(p, r, record),
                        and_then(p, r, record)));
}

/* ---- The checks
 * -------------------------------------------------------------------------------- */

static void tries_put(struct page *p, const struct record_view *r, const json_t *record)
{
    json_t *list = put_list(p->context, "tried");
    const json_t *tried;
    size_t i;

    json_array_foreach(json_object_get(record, "tried"), i, tried)
    {
        json_t *row = list_add(list);
        bool absent = text_equal(text_at(tried, "ruling"), "no_address");
        put(row, "channel", words_channel(text_at(tried, "channel")));
        put_ruling(row, text_at(tried, "ruling"));
        put(row, "until", moment_of(p, r, tried, "until"));
        put_rule(p, row, text_at(tried, "rule"));
        if (absent)
            put(row, "rule_title", "No good address is known");
    }
    put_true(p->context, "any_tried", json_array_size(list) > 1);
}

static const struct finding *finding_of(const struct verdict *v, const char *rule)
{
    for (size_t i = 0; v != NULL && rule != NULL && i < v->finding_count; i++) {
        if (text_equal(rule_id(v->findings[i].rule), rule))
            return &v->findings[i];
    }
    return NULL;
}

/* In the order in which they were asked; how each stands by the rules of today beside it. */
static void checks_put(struct page *p, const struct record_view *r, const json_t *record)
{
    json_t *list = put_list(p->context, "checks");
    const json_t *finding;
    size_t i, fine = 0;

    json_array_foreach(json_object_get(json_object_get(record, "verdict"), "findings"), i,
                       finding)
    {
        const char *rule = text_at(finding, "rule"), *ruling = text_at(finding, "ruling");
        const char *unknown = text_at(finding, "unknown");
        const struct finding *then = finding_of(r->again.then, rule),
                             *now = finding_of(r->again.today, rule);
        json_t *row = list_add(list);
        put_ruling(row, ruling);
        put_rule(p, row, rule);
        put(row, "title", then != NULL ? rule_title(then->rule) : rule);
        put(row, "cite",
            text_at(finding, "cite") != NULL ? text_at(finding, "cite")
            : then != NULL                   ? rule_cite_first(then->rule)
                                             : "");
        put(row, "says", text_equal(ruling, "allow") || then == NULL ? "" : then->reason);
        put(row, "until", moment_of(p, r, finding, "until"));
        put(row, "unknown", unknown != NULL ? words_plain(p->arena, unknown) : "");
        put_true(row, "changed",
                 r->again.today != NULL &&
                     (now == NULL || !text_equal(ruling_name(now->ruling), ruling)));
        fine += text_equal(ruling, "allow");
    }
    put_true(p->context, "any_checks", json_array_size(list) > 0);
    put(p->context, "checks_note",
        arena_print(p->arena, "%zu asked, %zu satisfied", json_array_size(list), fine));
}

static void changes_put(struct page *p, const struct record_view *r)
{
    const struct cures *cures = r->again.cures;
    json_t *list = put_list(p->context, "ways");

    for (size_t i = 0; cures != NULL && i < cures->way_count; i++) {
        json_t *row = list_add(list);
        put(row, "words", cure_way_words(p->arena, &cures->ways[i]));
        put_true(row, "is_more", i > 0);
    }
    if (cures != NULL && cures->way_count == 0)
        put(list_add(list), "words", cures_words(p->arena, cures));
    put_true(p->context, "any_ways", json_array_size(list) > 0);
}

/* ---- Who asked, by which rules
 * -------------------------------------------------------------------- */

static void row_put(json_t *list, const char *label, const char *value)
{
    json_t *row = list_add(list);

    put(row, "label", label);
    put(row, "value", value);
}

static const char *asked_by(struct page *p, const struct record_view *r, const json_t *record)
{
    const char *strategy = text_at(record, "strategy"), *ladder = text_at(record, "ladder"),
               *step = text_at(record, "step"), *version = text_at(record, "version");

    if (r->by != NULL)
        return r->by;
    if (strategy == NULL)
        return "The program";
    return arena_print(p->arena, "Daily run, strategy %s%s%.8s%s%s%s%s", strategy,
                       version != NULL ? "@" : "", version != NULL ? version : "",
                       ladder != NULL ? ", ladder " : "", ladder != NULL ? ladder : "",
                       step != NULL ? ", step " : "",
                       step != NULL ? words_small(p->arena, words_plain(p->arena, step)) : "");
}

/* The digest of a pack stands after its name in the list of the rulebook. */
static const char *pack_version(struct page *p, const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = list; at != NULL && *at != '\0';) {
        if (strncmp(at, name, length) == 0 && at[length] == ' ')
            return arena_copy_n(p->arena, at + length + 1, 8);
        at = strchr(at, '\n');
        at = at == NULL ? NULL : at + 1;
    }
    return "";
}

static void packs_put(struct page *p, const struct record_view *r, const json_t *record)
{
    json_t *list = put_list(p->context, "packs");
    const json_t *pack;
    size_t i;

    json_array_foreach(json_object_get(record, "packs"), i, pack)
    {
        json_t *row = list_add(list);
        put(row, "name", json_string_value(pack));
        put(row, "version", pack_version(p, r->again.rules, json_string_value(pack)));
    }
    put_true(p->context, "any_packs", json_array_size(list) > 0);
}

/* ---- The inputs, as they were
 * ----------------------------------------------------------------------- */

static const char *input_moment(struct page *p, struct instant at)
{
    return arena_print(p->arena, "%s, %s", words_day(p->arena, wall_at(at, p->view->zone).day),
                       words_clock(p->arena, at, p->view->zone));
}

/* A mailbox or number inside a value is shown as everywhere: in part. */
static const char *input_value(struct page *p, const char *value)
{
    if (value == NULL)
        return "";
    if (strchr(value, '@') != NULL)
        return address_hint(p, CHANNEL_EMAIL, value);
    return value[0] == '+' ? address_hint(p, CHANNEL_CALL, value) : value;
}

static const char *fields_words(struct page *p, struct gate_fields fields)
{
    const char *text = "";

    for (size_t i = 0; i < fields.count; i++)
        text = arena_print(p->arena, "%s%s%s %s", text, i > 0 ? ", " : "",
                           fields.fields[i].name, input_value(p, fields.fields[i].value));
    return text;
}

static void facts_put(struct page *p, json_t *list, const struct gate_question *q)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *f = &q->facts[i];
        const char *more = fields_words(p, f->detail);
        row_put(list, words_fact(p->arena, fact_type_name(f->type)),
                arena_print(p->arena, "%s%s%s%s%s%s%s",
                            words_day(p->arena, wall_at(f->at, p->view->zone).day),
                            f->channel_known ? ", " : "",
                            f->channel_known
                                ? words_small(p->arena, words_channel(channel_name(f->channel)))
                                : "",
                            f->value != NULL ? ", " : "", input_value(p, f->value),
                            more[0] != '\0' ? ", " : "", more));
    }
}

enum { HISTORY_SHOWN = 12 };

static void history_put(struct page *p, json_t *list, const struct gate_question *q)
{
    row_put(list, "Contacts before",
            q->history_known ? words_count(p->arena, (int64_t)q->history_count) : "Not known");
    size_t from = q->history_count > HISTORY_SHOWN ? q->history_count - HISTORY_SHOWN : 0;
    for (size_t i = q->history_count; i-- > from;) {
        const struct contact *c = &q->history[i];
        row_put(list, input_moment(p, c->at),
                arena_print(p->arena, "%s, %s%s", words_channel(channel_name(c->channel)),
                            words_outcome(p->arena, outcome_name(c->outcome)),
                            c->direction == DIRECTION_IN ? ", from them" : ""));
    }
}

static void inputs_put(struct page *p, const struct record_view *r)
{
    json_t *list = put_list(p->context, "inputs");
    const struct gate_question *q = r->again.question;
    const char *zones = "", *places = "";

    put_true(p->context, "any_inputs", q != NULL);
    if (q == NULL)
        return;
    for (size_t i = 0; i < q->zone_count; i++)
        zones =
            arena_print(p->arena, "%s%s%s", zones, i > 0 ? ", " : "", zone_name(q->zones[i]));
    for (size_t i = 0; i < q->place_count; i++)
        places = arena_print(p->arena, "%s%s%s", places, i > 0 ? ", " : "", q->places[i]);
    row_put(list, "Asked for the moment", input_moment(p, q->at));
    row_put(list, "Way", words_channel(channel_name(q->channel)));
    row_put(list, "Address",
            q->channel == CHANNEL_LETTER ? "by letter"
                                         : address_hint(p, q->channel, q->address));
    row_put(list, "To", q->relation != NULL ? words_plain(p->arena, q->relation) : "Not known");
    row_put(list, "Purpose",
            q->purpose != NULL ? words_plain(p->arena, q->purpose) : "Collection");
    row_put(list, "Where they are", places[0] != '\0' ? places : "Not known");
    row_put(list, "Their clocks", zones[0] != '\0' ? zones : "Not known");
    for (size_t i = 0; i < q->debt_count; i++)
        row_put(list, arena_print(p->arena, "About, %zu", i + 1),
                arena_print(p->arena, "%s, %s", words_plain(p->arena, q->debts[i].kind),
                            fields_words(p, q->debts[i].detail)));
    row_put(list, "The message holds", fields_words(p, q->content));
    facts_put(p, list, q);
    history_put(p, list, q);
    put_int(p->context, "input_count", (json_int_t)json_array_size(list));
}

/* ---- What the person was told
 * ------------------------------------------------------------------------ */

static void told_put(struct page *p, const struct record_view *r, const json_t *record)
{
    const struct verdict *v = r->again.then;
    const char *rule = v != NULL && v->ruling != RULING_ALLOW && v->decisive != NULL
                           ? rule_debtor_reason(v->decisive->rule)
                           : NULL;

    put(p->context, "would_be_told", rule);
    if (!r->has_message)
        return;
    json_t *message = put_object(p->context, "message");
    put(message, "link",
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)r->bucket,
                    (long long)r->decision));
    put_standing(p, message, "state", words_state(p->arena, r->message_state));
    put(message, "channel", words_channel(r->message_channel));
    (void)record;
}

/* ---- The proof
 * --------------------------------------------------------------------------------------- */

static void chain_put(struct page *p, const struct record_view *r)
{
    put(p->context, "hash", r->hash.hex);
    put(p->context, "before", r->before.hex);
    put_true(p->context, "chain_holds", r->chain_holds);
    put_true(p->context, "is_first", r->seq == 1);
}

/* By the rules of its day the same bytes must come out; by those of today another may. */
static void again_put(struct page *p, const struct record_view *r)
{
    const struct again_view *a = &r->again;
    json_t *again;

    if (!a->is_there)
        return;
    again = put_object(p->context, "again");
    put_true(again, "same", a->problem == NULL);
    put(again, "problem", a->problem);
    put(again, "expected", a->expected);
    put(again, "found", a->found);
    if (a->today == NULL || a->then == NULL)
        return;
    put_true(again, "has_today", true);
    put_true(again, "same_today", a->today->ruling == a->then->ruling);
    put(again, "today",
        a->today->ruling == RULING_ALLOW ? "allowed"
        : a->today->decisive == NULL     ? "not allowed"
                                         : a->today->decisive->reason);
    put_rule(p, again,
             a->today->ruling != RULING_ALLOW && a->today->decisive != NULL
                 ? rule_id(a->today->decisive->rule)
                 : NULL);
}

/* ---- What was recorded
 * --------------------------------------------------------------------------------- */

static void fields_put(struct page *p, const json_t *record)
{
    static const char *const skipped[] = { "verdict", "tried", "items",
                                           "by",      "facts", "rulebook" };
    json_t *list = put_list(p->context, "fields");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        bool skip = json_is_object(value) || json_is_array(value);
        for (size_t i = 0; i < COUNT(skipped); i++)
            skip = skip || strcmp(skipped[i], key) == 0;
        if (skip)
            continue;
        row_put(list, words_plain(p->arena, key),
                json_is_integer(value) ? words_count(p->arena, json_integer_value(value))
                                       : input_value(p, json_string_value(value)));
    }
}

static void head_put(struct page *p, const struct record_view *r)
{
    struct arena *x = p->arena;
    const char *number = arena_print(x, "D-%s", number_of(p, r));

    put(p->context, "title", number);
    put(p->context, "number", number);
    put(p->context, "json", arena_print(x, "/d/%s/json", number_of(p, r)));
    put(p->context, "kind", words_plain(x, r->kind));
    put(p->context, "at", input_moment(p, r->at));
    put(p->context, "name", r->name);
    put(p->context, "reference", r->reference);
    put(p->context, "account", account_link(p, r->reference));
}

static bool record_find(struct page *p, struct record_view *r, struct fault *why)
{
    const char *number = text_starts(p->hole, "D-") ? p->hole + 2 : p->hole;
    int64_t bucket, seq;

    if (!page_pair(number, &bucket, &seq))
        return fail(why, NOT_FOUND, "A record has an address like /d/12.345.");
    return view_record(p->view, bucket, seq, r, why);
}

bool page_record(struct page *p, struct fault *why)
{
    struct record_view r;

    if (!record_find(p, &r, why))
        return false;
    json_t *record = json_loads(r.record, 0, NULL);
    head_put(p, &r);
    answer_put(p, &r, record);
    tries_put(p, &r, record);
    checks_put(p, &r, record);
    changes_put(p, &r);
    put(p->context, "asked_by", asked_by(p, &r, record));
    packs_put(p, &r, record);
    inputs_put(p, &r);
    told_put(p, &r, record);
    chain_put(p, &r);
    again_put(p, &r);
    fields_put(p, record);
    put(p->context, "raw", r.record);
    json_decref(record);
    return true;
}

/* The record as a file. What the gate was asked names addresses: for those who audit. */
bool page_record_json(struct page *p, struct fault *why)
{
    struct record_view r;
    struct text body = { 0 };
    struct json_writer w = { &body, false };
    char at[INSTANT_TEXT];

    if (!record_find(p, &r, why))
        return false;
    json_open(&w, '{');
    json_text_at(&w, "decision", arena_print(p->arena, "D-%s", number_of(p, &r)));
    json_text_at(&w, "account", r.reference);
    json_text_at(&w, "at", instant_print(r.at, at));
    json_text_at(&w, "kind", r.kind);
    json_key(&w, "record");
    text_add(&body, r.record);
    w.comma = true;
    if (r.question != NULL && page_may(p, MAY_AUDIT)) {
        json_key(&w, "question");
        text_add(&body, r.question);
        w.comma = true;
    }
    json_text_at(&w, "hash", r.hash.hex);
    json_text_at(&w, "before", r.before.hex);
    json_key(&w, "chain_holds");
    json_bool(&w, r.chain_holds);
    json_close(&w, '}');
    text_add_char(&body, '\n');
    page_file(p, "application/json", arena_print(p->arena, "D-%s.json", number_of(p, &r)),
              &body);
    return true;
}
