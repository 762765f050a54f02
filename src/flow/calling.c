#include "flow/calling.h"

#include "base/text.h"
#include "flow/letter_context.h"
#include "flow/outbox.h"
#include "flow/spoken.h"
#include "formats/call_script.h"
#include "formats/record.h"
#include "formats/rulepack.h"
#include "store/casefiles.h"

#include <string.h>

enum { UNDER_WAY_SECONDS = 3600 };

/* ---- The question ------------------------------------------------------------------------ */

static struct speech speech_of(struct arena *a, const struct call_script *script)
{
    struct message_content *content = arena_make(a, struct message_content);

    *content = (struct message_content){ .fields = script->says, .takes_wording = true };
    return (struct speech){ .channel = CHANNEL_CALL,
                            .template = "call-script",
                            .step = "call",
                            .content = content };
}

static struct call_script *script_for(struct arena *a, const struct casefile *c,
                                      const char *language, struct fault *why)
{
    return call_script_load(a, language, c->role != ACTOR_FIRST_PARTY_CREDITOR, c->business,
                            why);
}

/* ---- Values ------------------------------------------------------------------------------ */

struct filling {
    struct view *v;
    const struct casefile_view *f;
    const char *language, *country;
    json_t *values;
};

static json_t *named(json_t *values, const char *name)
{
    json_t *object = json_object();

    json_object_set_new(values, name, object);
    return object;
}

/* "$10.00", or "$10.00 + €5.00" where they owe in several currencies. */
static const char *sum_of(struct filling *s, bool past_due_only)
{
    const char *sum = NULL;

    for (size_t i = 0; i < s->f->owed.count; i++) {
        const struct owed_sum *c = &s->f->owed.sums[i];
        int64_t minor = c->total;
        if (past_due_only) {
            minor = 0;
            for (size_t k = 0; k < s->f->debt_count; k++) {
                const struct debt_row *d = &s->f->debts[k];
                if (d->currency == c->currency && d->due_day.number < s->v->today.number)
                    minor += d->open_minor;
            }
        }
        const char *shown = spoken_money(&s->v->arena, s->language, money_of(minor, c->currency));
        sum = sum == NULL ? shown : arena_print(&s->v->arena, "%s + %s", sum, shown);
    }
    return sum != NULL ? sum : spoken_money(&s->v->arena, s->language, money_of(0, CURRENCY_USD));
}

static void values_of_debts(struct filling *s)
{
    struct day oldest = DAY_NEVER;
    int count = 0;

    for (size_t i = 0; i < s->f->debt_count; i++) {
        const struct debt_row *d = &s->f->debts[i];
        if (d->open_minor <= 0)
            continue;
        count++;
        oldest = d->due_day.number < oldest.number ? d->due_day : oldest;
    }
    context_put(s->values, "items", arena_print(&s->v->arena, "%d", count));
    context_put(s->values, "oldest_due",
                spoken_day(&s->v->arena, s->language, s->country,
                           count > 0 ? oldest : s->v->today));
    context_put(s->values, "balance", sum_of(s, false));
    context_put(s->values, "past_due", sum_of(s, true));
}

static bool values_fill(struct filling *s, struct caller caller, struct fault *why)
{
    const struct casefile *c = s->f->casefile;
    const char *org, *name, *phone;
    struct view *v = s->v;

    if (!book_setting(v->store, &v->arena, "org", &org, why) ||
        !book_setting(v->store, &v->arena, "name", &name, why) ||
        !book_setting(v->store, &v->arena, "phone", &phone, why) ||
        !book_setting(v->store, &v->arena, "country", &s->country, why))
        return false;
    const char *ours = org != NULL ? org : name != NULL ? name : "us";
    json_t *sender = named(s->values, "sender");
    context_put(named(s->values, "me"), "name", caller.name);
    context_put(named(s->values, "debtor"), "name", s->f->party->name);
    context_put(sender, "name", ours);
    context_put(sender, "phone", phone != NULL ? phone : "the number on our letters");
    context_put(named(s->values, "creditor"), "name",
                text_equal(c->creditor, "us") ? ours : c->creditor);
    context_put(s->values, "reference", c->reference);
    context_put(s->values, "language", s->f->party->language);
    values_of_debts(s);
    return true;
}

/* ---- The words --------------------------------------------------------------------------- */

static bool words_of(struct filling *s, const struct call_line *lines, size_t count,
                     size_t more, struct call_part *out, struct fault *why)
{
    out->words = arena_array(&s->v->arena, struct call_words, count + more + 1);
    for (size_t i = 0; i < count; i++) {
        struct call_words *w = &out->words[out->count++];
        *w = (struct call_words){ .when = lines[i].when,
                                  .act = lines[i].act != NULL,
                                  .holds = lines[i].holds };
        if (!call_line_render(&lines[i], s->values, &s->v->arena, &w->text, why))
            return false;
    }
    return true;
}

/* The wording of a rule, with the licence of the house where it has a hole for it. */
static bool duty_words(struct filling *s, const struct duty *duty, const char **out,
                       struct fault *why)
{
    static const struct template_options plain = { .escape = TEMPLATE_PLAIN, .strict = true };
    struct text made = { 0 };
    const char *licence;

    if (!book_setting(s->v->store, &s->v->arena, "licence_number", &licence, why))
        return false;
    context_put(s->values, "licence_number", licence);
    struct template *t = template_compile(&s->v->arena, rule_id(duty->rule), duty->text,
                                          strlen(duty->text), &plain, why);
    bool fine = t != NULL && template_render(t, s->values, &made, why);
    *out = text_trim(&s->v->arena, text_of(&made));
    text_free(&made);
    return fine;
}

static bool duties_of(struct filling *s, const struct verdict *v, struct call_part *out,
                      struct fault *why)
{
    for (size_t i = 0; v != NULL && i < v->duty_count; i++) {
        const struct duty *duty = &v->duties[i];
        struct call_words *w = &out->words[out->count];
        if (duty->text == NULL)
            continue;
        *w = (struct call_words){ .holds = duty->what, .rule = rule_id(duty->rule) };
        if (!duty_words(s, duty, &w->text, why))
            return false;
        out->count++;
    }
    return true;
}

static bool parts_fill(struct filling *s, const struct call_script *script, struct calling *out,
                       struct fault *why)
{
    struct arena *a = &s->v->arena;

    out->stage_count = script->stage_count;
    out->stages = arena_array(a, struct call_part, script->stage_count + 1);
    out->reason_count = script->reason_count;
    out->reasons = arena_array(a, struct call_part, script->reason_count + 1);
    for (size_t i = 0; i < script->stage_count; i++) {
        const struct call_stage *stage = &script->stages[i];
        out->stages[i] = (struct call_part){ .name = stage->name,
                                             .title = stage->title,
                                             .limited = stage->limited,
                                             .identity = stage->identity,
                                             .disclosures = stage->disclosures };
        if (!words_of(s, stage->lines, stage->line_count, DUTIES_MOST, &out->stages[i], why) ||
            (stage->disclosures &&
             !duties_of(s, out->spoken.verdict, &out->stages[i], why)))
            return false;
    }
    for (size_t i = 0; i < script->reason_count; i++) {
        const struct call_reason *reason = &script->reasons[i];
        out->reasons[i] = (struct call_part){ .name = reason->name,
                                              .title = reason->title,
                                              .leads_to = reason->leads_to };
        if (!words_of(s, reason->lines, reason->line_count, 0, &out->reasons[i], why))
            return false;
    }
    return true;
}

/* ---- Who is there -------------------------------------------------------------------------- */

static void check_add(struct calling *out, const char *name, const char *title,
                      const char *known)
{
    out->checks[out->check_count++] = (struct call_check){ name, title, known };
}

static const char *postcode_of(struct arena *a, const char *address)
{
    const char *best = NULL;
    size_t best_length = 0;

    for (const char *at = address; *at != '\0';) {
        size_t length = strspn(at, "0123456789");
        if (length >= 4 && length <= 5 && length >= best_length) {
            best = at;
            best_length = length;
        }
        at += length > 0 ? length : 1;
    }
    return best == NULL ? NULL : arena_copy_n(a, best, best_length);
}

/* Below the name: "412 Sparrow Hill, Albany, NY 12207" */
static const char *street_of(struct arena *a, const char *address, const char *name)
{
    const char *lines = context_address(address, name), *text = NULL;

    while (lines != NULL && *lines != '\0') {
        size_t length = strcspn(lines, "\n");
        const char *line = arena_copy_n(a, lines, length);
        text = text == NULL ? line : arena_print(a, "%s, %s", text, line);
        lines += length + (lines[length] == '\n');
    }
    return text;
}

/* What is on file of them, to be asked and compared. */
static void checks_fill(struct filling *s, struct calling *out)
{
    struct arena *a = &s->v->arena;
    const struct casefile *c = s->f->casefile;
    const struct contact_point *letter = casefile_point(c, PARTY_DEBTOR, CHANNEL_LETTER, true);
    const struct contact_point *email = casefile_point(c, PARTY_DEBTOR, CHANNEL_EMAIL, true);
    const char *invoice = NULL;

    for (size_t i = 0; i < s->f->debt_count; i++) {
        if (invoice == NULL && s->f->debts[i].open_minor > 0)
            invoice = s->f->debts[i].reference;
    }
    check_add(out, "birth_date", "Date of birth", NULL);
    check_add(out, "postcode", "Postcode",
              letter == NULL ? NULL : postcode_of(a, letter->address));
    check_add(out, "address", "Street and town",
              letter == NULL ? NULL : street_of(a, letter->address, s->f->party->name));
    check_add(out, "reference", "Our reference, from a letter", c->reference);
    check_add(out, "account_number", "Number of the account or invoice", invoice);
    if (email != NULL)
        check_add(out, "email", "Email address", email->address);
}

/* ---- Under way ------------------------------------------------------------------------------- */

static bool under_way(struct view *v, struct casefile_key key, const char *email, int32_t *out,
                      struct fault *why)
{
    struct query q = query_begin(v->store, Q_CALL_UNDER_WAY);

    *out = 0;
    bind_key(&q, key);
    bind_int(&q, v->now.us - UNDER_WAY_SECONDS * INT64_C(1000000));
    while (*out == 0 && query_next(&q)) {
        json_t *record = json_loads(row_text(&q, 1), 0, NULL);
        if (text_equal(json_string_value(json_object_get(record, "by")), email))
            *out = (int32_t)row_int(&q, 0);
        json_decref(record);
    }
    return query_end(&q, why);
}

bool calling_look(struct view *v, const struct casefile_view *f, struct caller caller,
                  struct calling *out, struct fault *why)
{
    struct filling s = { .v = v, .f = f };
    struct call_script *script = script_for(&v->arena, f->casefile, f->party->language, why);

    *out = (struct calling){ 0 };
    if (script == NULL)
        return false;
    struct speech speech = speech_of(&v->arena, script);
    if (!speak_ask(v->store, &v->arena, v->policy, v->zone, f->casefile->key, v->now, &speech,
                   &out->spoken, why) ||
        !under_way(v, f->casefile->key, caller.email, &out->under_way, why))
        return false;
    s.language = script->language;
    s.values = json_object();
    out->script = script->name;
    out->title = script->title;
    out->language = script->language;
    out->confirm = script->confirm;
    bool fine = values_fill(&s, caller, why) && parts_fill(&s, script, out, why);
    if (fine)
        checks_fill(&s, out);
    json_decref(s.values);
    return fine;
}

bool calling_begin(struct book *b, const struct policy *policy, const struct account *account,
                   struct spoken *out, struct fault *why)
{
    struct day today = book_today(b);
    struct casefile *c;

    if (!casefile_load(b->store, &b->arena, account->key, today, &c, why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    struct call_script *script =
        script_for(&b->arena, c, debtor == NULL ? NULL : debtor->language, why);
    if (script == NULL)
        return false;
    struct speech speech = speech_of(&b->arena, script);
    return speak(b, policy, account->key, &speech, out, why);
}

bool calling_drop(struct book *b, const struct account *account, int32_t number,
                  struct fault *why)
{
    return outbox_stop(b, account->key, number, "not called", why);
}
