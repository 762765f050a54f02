/* One decision: the answer as a question and two sentences, and all that it rests on. */
#include "web/api.h"
#include "web/page_audit.h"

#include "base/text.h"
#include "flow/audit_words.h"
#include "web/page_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const char *decision_link(struct page *p, int64_t bucket, int64_t seq)
{
    return arena_print(p->arena, "/d/%lld.%lld", (long long)bucket, (long long)seq);
}

bool decision_load(struct page *p, const char *number, struct audited *out, struct fault *why)
{
    int64_t bucket, seq;

    if (!log_number_parse(number, &bucket, &seq))
        return fail(why, NOT_FOUND,
                    "A record has an address like /d/12.345, and a number like "
                    "D-12.345.");
    return audit_load(p->view, bucket, seq, out, why);
}

void put_outcome(struct page *p, json_t *row, const char *outcome, const char *rule)
{
    const char *title = log_outcome_title(p->view, outcome, rule);
    json_t *tag = put_object(row, "outcome");

    put(tag, "title", title);
    put(tag, "tone",
        text_equal(title, "Allowed")   ? "ok"
        : text_equal(title, "Moved")   ? "warn"
        : text_equal(title, "Blocked") ? "stop"
        : text_equal(title, "Held")    ? "hold"
                                       : "");
    put(tag, "meaning", "");
    put_true(tag, "is_ok", text_equal(title, "Allowed"));
    put_true(tag, "is_warn", text_equal(title, "Moved"));
    put_true(tag, "is_stop", text_equal(title, "Blocked"));
    put_true(tag, "is_hold", text_equal(title, "Held"));
    put_true(tag, "is_info", false);
    put_true(row, "has_outcome", title[0] != '\0');
}

void put_ruling(json_t *object, const char *ruling)
{
    put_true(object, "is_ok", text_equal(ruling, "allow"));
    put_true(object, "is_later", text_equal(ruling, "defer"));
    put_true(object, "is_no", text_equal(ruling, "deny") || text_equal(ruling, "no_address"));
}

/* ---- The question and its answer -------------------------------------------------------- */

static const char *thing_of(const struct audited *a, const json_t *record)
{
    static const struct {
        const char *channel, *thing;
    } things[] = {
        { "sms", "text" },
        { "email", "email" },
        { "letter", "letter" },
        { "call", "call" },
        { "voicemail", "voicemail" },
        { "portal", "portal message" },
        { "payment_debit", "debit" },
        { "postcard", "postcard" },
    };

    for (size_t i = 0; i < COUNT(things); i++) {
        if (text_equal(things[i].channel, a->channel))
            return things[i].thing;
    }
    return json_object_get(record, "mandate") != NULL ? "debit"
           : text_equal(a->kind, "offer")             ? "offer"
                                                      : "contact";
}

static const char *headline_of(struct page *p, const struct audited *a, const json_t *record,
                               const char *wanted)
{
    const char *title = log_outcome_title(p->view, a->outcome, a->rule);
    const char *thing = thing_of(a, record);

    if (title[0] == '\0')
        return wanted;
    if (text_equal(title, "Allowed"))
        return arena_print(p->arena, "Why was this %s allowed?", thing);
    if (text_equal(title, "Moved"))
        return arena_print(p->arena, "Why was this %s moved?", thing);
    if (text_equal(a->outcome, "held"))
        return arena_print(p->arena, "Why does this %s wait?", thing);
    return arena_print(p->arena, "Why was this %s not %s?", thing,
                       text_equal(thing, "call") ? "made" : "sent");
}

static const char *sentence(struct arena *a, const char *text)
{
    size_t length = strlen(text);

    if (length == 0)
        return text;
    return strchr(".?!", text[length - 1]) != NULL ? text : arena_print(a, "%s.", text);
}

static const char *answer_of(struct page *p, const struct audited *a,
                             const struct audit_again *again, const struct log_words *words)
{
    const struct finding *f = again != NULL ? again->then.verdict.decisive : NULL;
    struct arena *x = p->arena;
    const char *said;

    if (text_equal(a->outcome, "allowed"))
        return arena_print(x, "%s of law and of the house applied, and every one is satisfied.",
                           words->checks == 1
                               ? "One rule"
                               : arena_print(x, "%lld rules", (long long)words->checks));
    if (text_equal(a->outcome, ""))
        return sentence(x, words->because);
    said = f != NULL && f->ruling != RULING_ALLOW ? f->reason : words->because;
    said = sentence(x, said);
    if (f != NULL && f->unknown != NULL)
        said = arena_print(x, "%s Nobody knows: %s. While that is not known, it stays blocked.",
                           said,
                           words_unknown(x, f->unknown));
    if (words->until.us != INSTANT_NEVER.us)
        said = arena_print(x, "%s It may go %s.", said, moment_within(p, words->until));
    return said;
}

/* ---- Checks ----------------------------------------------------------------------------- */

static const char *channel_note(const struct finding *f)
{
    return f->ruling == RULING_ALLOW ? NULL : f->reason;
}

static void check_put(struct page *p, json_t *list, const struct finding *f)
{
    json_t *row = list_add(list);

    put_ruling(row, ruling_name(f->ruling));
    put(row, "title", rule_title(f->rule));
    put(row, "rule", rule_id(f->rule));
    put(row, "link",
        arena_print(p->arena, "/rules/%s", url_encode(p->arena, rule_id(f->rule))));
    put(row, "cite", rule_cite_first(f->rule));
    put(row, "note", channel_note(f));
    put(row, "unknown", f->unknown != NULL ? words_unknown(p->arena, f->unknown) : NULL);
    if (f->ruling == RULING_DEFER && f->until.us != INSTANT_NEVER.us)
        put(row, "until", moment_within(p, f->until));
}

/* What spoke against it is never behind anything; the rest may be folded away. */
static void checks_put(struct page *p, json_t *d, const struct verdict *v)
{
    json_t *against = put_list(d, "against"), *fine = put_list(d, "satisfied");

    for (size_t i = 0; i < v->finding_count; i++)
        check_put(p, v->findings[i].ruling == RULING_ALLOW ? fine : against, &v->findings[i]);
    put_true(d, "any_against", json_array_size(against) > 0);
    put_true(d, "any_satisfied", json_array_size(fine) > 0);
    put(d, "satisfied_count", words_count(p->arena, (int64_t)json_array_size(fine)));
    put_true(d, "few_satisfied", json_array_size(fine) < 6 && json_array_size(against) == 0);
    json_t *duties = put_list(d, "duties");
    for (size_t i = 0; v->ruling == RULING_ALLOW && i < v->duty_count; i++) {
        const struct duty *duty = &v->duties[i];
        json_t *row = list_add(duties);
        put(row, "what", words_plain(p->arena, duty->what));
        put(row, "cite", rule_cite_first(duty->rule));
        put(row, "due", duty->text == NULL ? words_day(p->arena, duty->due) : NULL);
    }
    put_true(d, "any_duty", json_array_size(duties) > 0);
}

/* ---- What it saw ------------------------------------------------------------------------ */

static void pair_put(json_t *list, const char *label, const char *value)
{
    if (text_is_empty(value))
        return;
    json_t *row = list_add(list);
    put(row, "label", label);
    put(row, "value", value);
}

static const char *joined(struct arena *a, const json_t *list)
{
    const char *all = "";
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        all = arena_print(a, "%s%s%s", all, i > 0 ? ", " : "", json_string_value(one));
    }
    return all;
}

/* The fields of an object, "due 2026-10-30, creditor Bluebird". */
static const char *fields_of(struct arena *a, const json_t *object)
{
    const char *all = "", *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const char *text = json_is_string(value) ? json_string_value(value)
                           : json_is_integer(value)
                               ? arena_print(a, "%lld", (long long)json_integer_value(value))
                           : json_is_true(value)   ? "yes"
                           : json_is_object(value) ? fields_of(a, value)
                                                   : NULL;
        if (text != NULL && !text_equal(key, "number"))
            all = arena_print(a, "%s%s%s %s", all, all[0] != '\0' ? ", " : "",
                              words_small(a, words_plain(a, key)), text);
    }
    return all;
}

static void list_put(struct page *p, json_t *inputs, const char *title, const json_t *items)
{
    json_t *group, *rows;
    const json_t *item;
    size_t i;

    if (json_array_size(items) == 0)
        return;
    group = list_add(json_object_get(inputs, "groups"));
    put(group, "title", title);
    put(group, "count", words_count(p->arena, (int64_t)json_array_size(items)));
    rows = put_list(group, "rows");
    json_array_foreach(items, i, item)
    {
        put(list_add(rows), "text", fields_of(p->arena, item));
    }
}

static int64_t input_count(const json_t *question)
{
    static const char *const lists[] = { "facts", "history", "debts", "places", "zones" };
    int64_t count = 0;

    for (size_t i = 0; i < COUNT(lists); i++)
        count += (int64_t)json_array_size(json_object_get(question, lists[i]));
    count += (int64_t)json_object_size(json_object_get(question, "content"));
    return count + 4; /* moment, channel, role, person */
}

static void inputs_put(struct page *p, json_t *d, const struct audited *a)
{
    json_t *question = a->question != NULL ? json_loads(a->question, 0, NULL) : NULL, *inputs;
    struct arena *x = p->arena;

    if (question == NULL)
        return;
    inputs = put_object(d, "inputs");
    json_t *list = put_list(inputs, "pairs");
    put_list(inputs, "groups");
    put(inputs, "count", words_count(x, input_count(question)));
    put(inputs, "at", text_at(question, "at"));
    pair_put(list, "Asked about", text_at(question, "at"));
    pair_put(list, "Channel", text_at(question, "channel"));
    pair_put(list, "As", text_at(question, "role"));
    pair_put(list, "Addressed", text_at(question, "relation"));
    pair_put(list, "To", text_at(question, "address"));
    pair_put(list, "For", text_at(question, "purpose"));
    pair_put(list, "May be in", joined(x, json_object_get(question, "places")));
    pair_put(list, "Time zones", joined(x, json_object_get(question, "zones")));
    pair_put(list, "The text", fields_of(x, json_object_get(question, "content")));
    list_put(p, inputs, "Debts", json_object_get(question, "debts"));
    list_put(p, inputs, "Facts", json_object_get(question, "facts"));
    list_put(p, inputs, "Contacts before", json_object_get(question, "history"));
    put(inputs, "raw", a->question);
    json_decref(question);
}

/* ---- Asked again ------------------------------------------------------------------------ */

static const char *finding_words(struct page *p, const struct finding *f)
{
    if (f == NULL)
        return "not asked";
    if (f->unknown != NULL)
        return arena_print(p->arena, "blocked: nobody knows %s",
                           words_unknown(p->arena, f->unknown));
    if (f->ruling == RULING_DEFER && f->until.us != INSTANT_NEVER.us)
        return arena_print(p->arena, "not before %s", moment_within(p, f->until));
    return f->ruling == RULING_ALLOW   ? "satisfied"
           : f->ruling == RULING_DEFER ? "not yet"
                                       : "blocked";
}

static const char *ruling_words(enum ruling ruling)
{
    return ruling == RULING_ALLOW ? "allowed" : ruling == RULING_DEFER ? "not yet" : "blocked";
}

static void again_put(struct page *p, json_t *d, const struct audit_again *again)
{
    json_t *o = put_object(d, "again"), *changes;

    put_true(o, "same", again->then.problem == NULL);
    put(o, "problem", again->then.problem);
    put(o, "expected", again->then.expected);
    put(o, "found", again->then.found);
    put_true(o, "asked", again->then.text != NULL);
    if (again->then.text == NULL)
        return;
    put_true(o, "rules_are_todays", again->rules_are_todays);
    put_true(o, "differs", again->differs);
    put(o, "then", ruling_words(again->then.verdict.ruling));
    put(o, "now", ruling_words(again->now.ruling));
    changes = put_list(o, "changes");
    for (size_t i = 0; i < again->change_count; i++) {
        const struct audit_change *c = &again->changes[i];
        json_t *row = list_add(changes);
        put(row, "rule", rule_id(c->rule));
        put(row, "title", rule_title(c->rule));
        put(row, "then", finding_words(p, c->then));
        put(row, "now", finding_words(p, c->now));
    }
}

static void packs_put(struct page *p, json_t *d, const struct replayed *then)
{
    json_t *list = put_list(d, "packs");

    for (size_t i = 0; then->rulebook != NULL && i < then->packs.count; i++) {
        const struct rule_pack *pack = then->packs.packs[i];
        json_t *row = list_add(list);
        put(row, "name", rulepack_name(pack));
        put(row, "version", arena_copy_n(p->arena, rulepack_digest(pack), 8));
        put(row, "title", rulepack_title(pack));
    }
    put(d, "rulebook", then->words.rulebook);
}

/* A question may be of the last moment before an hour: people read the hour. */
static const char *moment_whole(struct page *p, struct instant at)
{
    at.us = (at.us + 999999) / 1000000 * 1000000;
    return words_moment(p->arena, at, p->view->zone, p->view->today);
}

static void cure_put(struct page *p, json_t *d, const struct audit_again *again)
{
    const struct cures *cures = &again->cures;
    const char *words = cures_words(p->arena, cures);

    if (words == NULL)
        return;
    put(d, "would_change", words);
    if (cures->way_count > 0 && cures->ways[0].opens.us != INSTANT_NEVER.us)
        put(d, "would_open", moment_whole(p, cures->ways[0].opens));
}

static bool judged_put(struct page *p, json_t *d, const struct audited *a,
                       const struct log_words *words, struct fault *why)
{
    struct audit_again again;
    bool asked = audit_ask_again(p->view, a, &again, why);

    if (asked) {
        bool whole = again.then.text != NULL;
        put(d, "answer", answer_of(p, a, whole ? &again : NULL, words));
        again_put(p, d, &again);
        packs_put(p, d, &again.then);
        if (whole) {
            checks_put(p, d, &again.then.verdict);
            cure_put(p, d, &again);
            const struct finding *f = again.then.verdict.decisive;
            if (f != NULL && f->ruling != RULING_ALLOW)
                put(d, "told", rule_debtor_reason(f->rule));
        }
    }
    audit_again_free(&again);
    return asked;
}

/* ---- The rest --------------------------------------------------------------------------- */

static const char *asker_of(struct page *p, const json_t *record, const char *asked_by)
{
    const char *strategy = text_at(record, "strategy"), *step = text_at(record, "step");
    const char *who = audit_person(p, asked_by);

    if (strategy == NULL)
        return who;
    return arena_print(p->arena, "%s, strategy %s version %.8s, segment %s%s%s", who, strategy,
                       text_at(record, "version") != NULL ? text_at(record, "version") : "?",
                       text_at(record, "segment") != NULL ? text_at(record, "segment") : "?",
                       step != NULL ? ", step " : "", step != NULL ? step : "");
}

static void tries_put(struct page *p, json_t *d, const json_t *record)
{
    const json_t *tried, *list = json_object_get(record, "tried");
    json_t *rows = put_list(d, "tried");
    size_t i;

    json_array_foreach(list, i, tried)
    {
        const char *until = text_at(tried, "until");
        json_t *row = list_add(rows);
        struct instant at;
        put(row, "channel", words_channel(text_at(tried, "channel")));
        put_ruling(row, text_at(tried, "ruling"));
        if (text_equal(text_at(tried, "ruling"), "no_address"))
            put(row, "note", "No good address is known");
        if (until != NULL && instant_parse(until, &at))
            put(row, "until", words_moment(p->arena, at, p->view->zone, p->view->today));
        put_rule(p, row, text_at(tried, "rule"));
    }
    put_true(d, "several_tried", json_array_size(rows) > 1);
}

static void fields_put(struct page *p, json_t *d, const json_t *record)
{
    static const char *const skipped[] = { "facts", "rulebook", "version" };
    json_t *list = put_list(d, "fields");
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)record, key, value)
    {
        bool skip = json_is_object(value) || json_is_array(value);
        for (size_t i = 0; i < COUNT(skipped); i++)
            skip = skip || strcmp(skipped[i], key) == 0;
        if (skip)
            continue;
        json_t *row = list_add(list);
        put(row, "label", words_plain(p->arena, key));
        put(row, "value",
            json_is_integer(value) ? words_count(p->arena, json_integer_value(value))
                                   : json_string_value(value));
    }
}

static void proof_put(struct page *p, json_t *d, const struct audited *a)
{
    put(d, "hash", a->hash);
    put(d, "before", a->before);
    put(d, "hash_short",
        arena_print(p->arena, "%.4s %.4s … %s", a->hash, a->hash + 4, a->hash + 60));
    put(d, "before_short", arena_print(p->arena, "%.4s … %s", a->before, a->before + 60));
    put_true(d, "chain_holds", a->chain_holds);
    put_true(d, "is_first", a->seq == 1);
    put(d, "following", words_count(p->arena, a->following));
}

static void outcome_put(struct page *p, json_t *d, const struct audited *a)
{
    if (a->message_state == NULL)
        return;
    json_t *message = put_object(d, "message");
    put(message, "link",
        arena_print(p->arena, "/outbox/%lld.%lld", (long long)a->bucket, (long long)a->seq));
    put_standing(p, message, "state", words_state(p->arena, a->message_state));
    put(message, "channel", words_channel(a->message_channel));
}

static void head_put(struct page *p, json_t *d, const struct audited *a)
{
    struct arena *x = p->arena;

    put(d, "number", arena_print(x, "D-%lld.%lld", (long long)a->bucket, (long long)a->seq));
    put(d, "link", decision_link(p, a->bucket, a->seq));
    put(d, "at",
        arena_print(x, "%s, %s", words_day(x, wall_at(a->at, p->view->zone).day),
                    audit_clock(p, a->at, false)));
    put(d, "kind", words_plain(x, a->kind));
    put(d, "name", a->name);
    put_true(d, "has_account", a->reference[0] != '\0');
    put(d, "reference", a->reference);
    put(d, "account", arena_print(x, "/accounts/%s", url_encode(x, a->reference)));
    put_outcome(p, d, a->outcome, a->rule);
}

bool decision_put(struct page *p, const struct audited *a, struct fault *why)
{
    json_t *record = json_loads(a->record, 0, NULL), *d = put_object(p->context, "decision");
    struct log_words words;
    bool done = true;

    log_words_of(p->view, a->kind, a->outcome, a->rule, a->record, &words);
    head_put(p, d, a);
    put(d, "wanted", words.wanted);
    put(d, "headline", headline_of(p, a, record, words.wanted));
    put(d, "answer", answer_of(p, a, NULL, &words));
    put_rule(p, d, a->rule);
    put(d, "rule_link", arena_print(p->arena, "/rules/%s", url_encode(p->arena, a->rule)));
    put(d, "asked_by", asker_of(p, record, words.asked_by));
    put_true(d, "judged", a->judged);
    tries_put(p, d, record);
    fields_put(p, d, record);
    inputs_put(p, d, a);
    proof_put(p, d, a);
    outcome_put(p, d, a);
    put(d, "raw", a->record);
    if (a->judged)
        done = judged_put(p, d, a, &words, why);
    json_decref(record);
    return done;
}

/* ---- The page, and the record for programs ----------------------------------------------- */

bool page_decision(struct page *p, struct fault *why)
{
    struct audited a;

    if (!decision_load(p, p->hole, &a, why) || !decision_put(p, &a, why))
        return false;
    put(p->context, "title",
        arena_print(p->arena, "Record D-%lld.%lld", (long long)a.bucket, (long long)a.seq));
    put_true(p->context, "whole_page", true);
    return true;
}

bool page_decision_json(struct page *p, struct fault *why)
{
    struct audited a;

    if (!decision_load(p, p->hole, &a, why))
        return false;
    json_t *o = api_decision(p->arena, &a);
    char *bytes = json_dumps(o, JSON_INDENT(2));
    struct text body = { 0 };
    text_add(&body, bytes);
    text_add(&body, "\n");
    free(bytes);
    json_decref(o);
    p->reply->status = 200;
    p->reply->type = "application/json";
    p->reply->body = body;
    return true;
}
