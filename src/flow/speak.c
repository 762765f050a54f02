#include "flow/speak.h"

#include "base/json.h"
#include "base/text.h"
#include "domain/gate_cure.h"
#include "flow/book_parts.h"
#include "flow/compose.h"
#include "flow/outbox.h"
#include "flow/rulebook.h"
#include "flow/told.h"
#include "store/casefiles.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_AHEAD_DAYS = 45, ASKS_MOST = 50, CALL_DAYS = 7, MESSAGE_DAYS = 3 };

/* ---- An answer in one's own words ---------------------------------------------------------
 */

/* A collector's name says what it is about: their emails have a subject of the house. */
struct speech speech_reply(enum actor_role role, const char *language, enum channel channel,
                           const char *subject, const char *words)
{
    bool own = role == ACTOR_FIRST_PARTY_CREDITOR;
    const char *house = text_starts(language, "de") ? "Unsere Antwort" : "Our answer";

    return (struct speech){ .channel = channel,
                            .template = own ? "reply" : "reply-third-party",
                            .step = "reply",
                            .subject = own && subject != NULL ? subject : house,
                            .words = words,
                            .held_seconds = SPEAK_HELD_SECONDS,
                            .waits = true };
}

bool speech_reply_check(const struct speech *speech, struct fault *why)
{
    if (speech->channel != CHANNEL_EMAIL && speech->channel != CHANNEL_LETTER)
        return fail(why, BAD_VALUE, "An answer goes by email or letter.");
    if (speech->words == NULL || speech->words[strspn(speech->words, " \t\r\n")] == '\0')
        return fail(why, BAD_VALUE, "Write what you want to say.");
    if (strlen(speech->words) > SPEECH_WORDS_MOST)
        return fail(why, BAD_VALUE, "That is too long: a message has at most %d characters.",
                    SPEECH_WORDS_MOST);
    return strlen(speech->subject) <= SPEECH_SUBJECT_MOST ||
           fail(why, BAD_VALUE, "The subject is too long: at most %d characters.",
                SPEECH_SUBJECT_MOST);
}

/* ---- A ready text ---------------------------------------------------------------------------
 */

struct speech speech_text(enum channel channel, const char *template)
{
    return (struct speech){ .channel = channel,
                            .template = template,
                            .step = "by hand",
                            .asks = true,
                            .held_seconds = SPEAK_HELD_SECONDS,
                            .waits = true };
}

bool ladder_says(const struct ladder *ladder, const char *template, enum channel channel)
{
    for (size_t i = 0; ladder != NULL && i < ladder->step_count; i++) {
        const struct ladder_step *step = &ladder->steps[i];
        for (size_t k = 0; text_equal(step->template, template) && k < step->channel_count;
             k++) {
            if (step->channels[k] == channel)
                return true;
        }
    }
    return false;
}

bool speech_text_check(const struct speech *speech, const struct ladder *ladder,
                       struct fault *why)
{
    enum channel channel = speech->channel;
    const char *text = speech->template;

    if ((channel == CHANNEL_EMAIL || channel == CHANNEL_LETTER) &&
        ladder_says(ladder, text, channel))
        return true;
    if (ladder_says(ladder, text, CHANNEL_EMAIL) || ladder_says(ladder, text, CHANNEL_LETTER))
        return fail(why, BAD_VALUE, "The text \"%s\" does not go by %s.", text,
                    channel_name(channel));
    return fail(why, BAD_VALUE, "There is no text \"%.80s\" for them.", text);
}

/* ---- Asking ------------------------------------------------------------------------------ */

struct asking {
    struct arena *a;
    const struct policy *policy;
    const struct speech *speech;
    const struct zone *zone;
    struct instant now;
    struct casefile *c;
    const struct party *party;
    const struct contact_point *point;
    struct decision d;
    struct left left; /* of what it asks for */
    struct gate_packs packs;
    size_t planned_count; /* calls that a ladder planned, which this one ends */
    int32_t *planned;
};

/* A call that waits to be made is the one that is asked about: it does not count beside it. */
static void planned_forget(struct asking *k)
{
    const struct casefile *c = k->c;
    size_t room = 0;

    for (size_t i = 0; i < c->contact_count; i++) {
        const struct contact *t = &c->contacts[i];
        if (t->outbox != 0 && t->channel == CHANNEL_CALL && t->outcome == OUTCOME_PLANNED)
            *arena_push(k->a, k->planned, k->planned_count, room) = t->outbox;
    }
    for (size_t i = 0; i < k->planned_count; i++)
        casefile_forget_message(k->c, k->planned[i]);
}

static const char *waits_for(enum standing back)
{
    return back == STANDING_PROMISED   ? "they promised to pay"
           : back == STANDING_PENDING  ? "a payment is on its way"
           : back == STANDING_DISPUTED ? "what is owed is disputed"
           : back == STANDING_HELD     ? "the account is on hold"
                                       : "nothing is asked for now";
}

static bool asks(const struct speech *speech)
{
    return speech->asks || speech->told != NULL;
}

/* What it asks for: that of the record, or all of it. */
static bool wanted_load(struct asking *k, struct record_item **out, size_t *count,
                        struct fault *why)
{
    if (k->speech->told != NULL)
        return record_items(k->a, k->speech->told, out, count, why);
    *count = k->c->instalment_count;
    *out = arena_array(k->a, struct record_item, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] =
            (struct record_item){ k->c->instalments[i].debt, k->c->instalments[i].number };
    return true;
}

/* What asks for money asks for what is open now, and for nothing while it waits. */
static bool told_load(struct asking *k, struct fault *why)
{
    enum standing back = casefile_held_back(k->c);
    struct record_item *told;
    size_t count;

    if (back != STANDING_WAITING)
        return fail(why, CONFLICT, "It asks for money, and %s.", waits_for(back));
    if (!wanted_load(k, &told, &count, why))
        return false;
    k->left = told_left(k->c, told, count, k->now, k->a);
    return k->left.item_count > 0 ||
           fail(why, CONFLICT, "Nothing of what it asks for is open any more.");
}

static bool asking_load(struct asking *k, struct store *s, struct casefile_key key,
                        struct fault *why)
{
    struct day today = wall_at(k->now, k->zone).day;

    if (!casefile_load(s, k->a, key, today, &k->c, why))
        return false;
    k->party = casefile_party(k->c, PARTY_DEBTOR);
    if (k->party == NULL)
        return fail(why, DB_ROW, "The account has no debtor.");
    k->point = casefile_point(k->c, PARTY_DEBTOR, k->speech->channel, true);
    k->packs = k->policy->packs_for(k->policy, k->a, k->c, k->party);
    if (k->speech->channel == CHANNEL_CALL)
        planned_forget(k);
    casefile_decide(k->policy, k->c, k->now, k->a, &k->d);
    return !asks(k->speech) || told_load(k, why);
}

static struct judged judge(const struct asking *k, struct instant at)
{
    struct gate_question *question = arena_make(k->a, struct gate_question);
    struct verdict *verdict = arena_make(k->a, struct verdict);
    const struct speech *speech = k->speech;

    if (asks(speech))
        question_build(k->c, k->party, speech->channel, k->point->address, at,
                       k->left.debt_count, k->left.debts, question);
    else
        contact_ask(k->c, &k->d, speech->channel, k->point->address, at, k->a, question);
    if (speech->content != NULL)
        question_hold(question, speech->content, k->party, wall_at(at, k->zone).day, k->a);
    else
        policy_hold(k->policy, speech->template, k->party, question, k->a);
    gate_judge(k->packs, question, verdict);
    return (struct judged){ question, k->packs, k->policy->rulebook, verdict };
}

/* At the first moment within a day at which it may go, when it may wait for that. */
static struct judged judge_for(const struct asking *k)
{
    struct instant at = { k->now.us + (int64_t)k->speech->held_seconds * 1000000 };
    int64_t latest = k->now.us + (int64_t)SECONDS_A_DAY * 1000000;
    struct judged judged = judge(k, at);

    for (int i = 0; i < ASKS_MOST && k->speech->waits; i++) {
        const struct verdict *v = judged.verdict;
        if (v->ruling != RULING_DEFER || v->until.us <= at.us || v->until.us > latest)
            break;
        at = v->until;
        judged = judge(k, at);
    }
    return judged;
}

/* ---- What came of it ----------------------------------------------------------------------
 */

static uint32_t used_of(const struct gate_question *question, const struct verdict *verdict)
{
    struct gate_use uses[USES_MOST];
    size_t count = gate_uses(question, verdict, uses);
    uint32_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += uses[i].used;
    return used;
}

/* The same again a minute later, with this one made: does any limit show one more? */
static bool would_count(const struct asking *k, const struct judged *judged)
{
    struct gate_question after = *judged->question;
    struct contact *history = arena_array(k->a, struct contact, after.history_count + 1);
    struct verdict *verdict = arena_make(k->a, struct verdict);
    struct debt_set debts = { 0, NULL };
    int32_t *numbers = arena_array(k->a, int32_t, after.debt_count + 1);

    for (size_t i = 0; i < after.debt_count; i++)
        numbers[debts.count++] = after.debts[i].number;
    debts.numbers = numbers;
    if (after.history_count > 0)
        memcpy(history, after.history, after.history_count * sizeof *history);
    history[after.history_count++] = (struct contact){ .at = after.at,
                                                       .channel = after.channel,
                                                       .outcome = OUTCOME_SENT,
                                                       .party = after.party,
                                                       .debts = debts,
                                                       .address = after.address,
                                                       .purpose = after.purpose };
    after.history = history;
    after.at.us += 60 * 1000000;
    gate_judge(k->packs, &after, verdict);
    return used_of(&after, verdict) > used_of(judged->question, judged->verdict);
}

static void stands_fill(const struct asking *k, const struct judged *judged, struct spoken *out)
{
    const struct verdict *v = judged->verdict;
    struct channel_view *ch = &out->stands;
    struct cures cures;

    ch->address = k->point->address;
    ch->ruling = v->ruling;
    ch->until = INSTANT_NEVER;
    if (v->ruling == RULING_ALLOW)
        return;
    if (v->decisive != NULL) {
        ch->reason = v->decisive->reason;
        ch->rule = rule_id(v->decisive->rule);
        ch->cite = rule_cite_first(v->decisive->rule);
        ch->unknown = v->decisive->unknown;
    }
    ch->until = gate_first_allowed(k->packs, judged->question, LOOK_AHEAD_DAYS);
    gate_cure(k->packs, judged->question, v, LOOK_AHEAD_DAYS, k->a, &cures);
    ch->would_allow = cures_words(k->a, &cures);
}

/* Without an address nobody is asked. */
static bool asked(struct asking *k, struct spoken *out, struct judged *judged)
{
    enum channel channel = k->speech->channel;

    *out = (struct spoken){
        .stands = { .channel = channel, .until = INSTANT_NEVER, .ruling = RULING_DENY },
        .at = k->now
    };
    if (k->point == NULL) {
        out->stands.address_is_bad = casefile_point(k->c, PARTY_DEBTOR, channel, false) != NULL;
        return false;
    }
    *judged = judge_for(k);
    out->verdict = judged->verdict;
    out->at = judged->question->at;
    out->day = wall_at(out->at, k->zone).day;
    out->counts = would_count(k, judged);
    stands_fill(k, judged, out);
    return true;
}

bool speak_ask(struct store *s, struct arena *a, const struct policy *policy,
               const struct zone *zone, struct casefile_key key, struct instant now,
               const struct speech *speech, struct spoken *out, struct fault *why)
{
    struct asking k = { .a = a, .policy = policy, .speech = speech, .zone = zone, .now = now };
    struct judged judged;

    if (!asking_load(&k, s, key, why))
        return false;
    asked(&k, out, &judged);
    return true;
}

/* ---- Deciding ------------------------------------------------------------------------------
 */

/* What is open of the first currency: a line in the outbox says about how much it is. */
static struct money open_of(const struct asking *k)
{
    const struct casefile *c = k->c;
    size_t count = asks(k->speech) ? k->left.item_count : c->instalment_count;
    struct money open = { 0, CURRENCY_USD };

    for (size_t i = 0; i < count; i++) {
        const struct instalment *item = asks(k->speech) ? k->left.items[i] : &c->instalments[i];
        enum currency currency = casefile_debt(c, item->debt)->currency;
        if (item->open_minor <= 0)
            continue;
        if (open.minor == 0)
            open.currency = currency;
        open.minor += currency == open.currency ? item->open_minor : 0;
    }
    return open;
}

/* Why it does not go, as the records of the cycle say it (flow/decision_record.h). */
static void tried_write(struct json_writer *w, const struct asking *k, const struct verdict *v)
{
    const struct rule *rule = v->decisive != NULL ? v->decisive->rule : NULL;
    char until[INSTANT_TEXT];

    json_key(w, "tried");
    json_open(w, '[');
    json_open(w, '{');
    json_text_at(w, "channel", channel_name(k->speech->channel));
    json_text_at(w, "ruling", ruling_name(v->ruling));
    if (rule != NULL)
        json_text_at(w, "rule", rule_id(rule));
    if (v->ruling == RULING_DEFER)
        json_text_at(w, "until", instant_print(v->until, until));
    json_close(w, '}');
    json_close(w, ']');
}

static void items_write(struct json_writer *w, const struct asking *k)
{
    json_key(w, "items");
    json_open(w, '[');
    for (size_t i = 0; i < k->left.item_count; i++) {
        json_open(w, '{');
        json_int_at(w, "debt", k->left.items[i]->debt);
        json_int_at(w, "instalment", k->left.items[i]->number);
        json_int_at(w, "open", k->left.items[i]->open_minor);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void record_write(struct book *b, const struct asking *k, const struct judged *judged,
                         struct money open, struct text *question)
{
    const struct verdict *v = judged->verdict;
    struct json_writer w = book_record_begin(b);
    char moment[INSTANT_TEXT], amount[MONEY_TEXT];

    if (v->ruling != RULING_ALLOW)
        json_text_at(&w, "standing", v->ruling == RULING_DEFER ? "later" : "blocked");
    json_text_at(&w, "step", k->speech->step);
    json_text_at(&w, "template", k->speech->template);
    json_text_at(&w, "channel", channel_name(k->speech->channel));
    json_int_at(&w, "party", k->point->party);
    json_text_at(&w, "send_at", instant_print(judged->question->at, moment));
    json_text_at(&w, "currency", currency_code(open.currency));
    json_text_at(&w, "open", money_print(open, amount));
    items_write(&w, k);
    if (k->speech->again != 0)
        json_int_at(&w, "again", k->speech->again);
    if (v->ruling != RULING_ALLOW)
        tried_write(&w, k, v);
    if (b->by != NULL)
        json_text_at(&w, "by", b->by);
    judged_write(&w, judged, question);
    json_close(&w, '}');
}

static bool record(struct book *b, const struct asking *k, const struct judged *judged,
                   struct money open, int64_t *seq, struct fault *why)
{
    bool allowed = judged->verdict->ruling == RULING_ALLOW;
    struct text question = { 0 };

    record_write(b, k, judged, open, &question);
    bool done =
        journal_add_verdict(b->heads, k->c->key, b->now, allowed ? "decision" : "refusal",
                            text_of(&b->record), text_of(&question), seq, why);
    text_free(&question);
    return done;
}

static const char *debts_of(const struct asking *k, const struct gate_question *question)
{
    int32_t *numbers = arena_array(k->a, int32_t, question->debt_count + 1);
    struct debt_set set = { 0, numbers };

    for (size_t i = 0; i < question->debt_count; i++)
        numbers[set.count++] = question->debts[i].number;
    return debt_set_print(k->a, set);
}

static bool queue(struct book *b, const struct asking *k, const struct judged *judged,
                  struct money open, struct spoken *out, struct fault *why)
{
    int days = k->speech->channel == CHANNEL_CALL ? CALL_DAYS : MESSAGE_DAYS;
    struct outbox_message message = {
        .key = k->c->key,
        .decision = out->decision,
        .channel = k->speech->channel,
        .party = k->point->party,
        .address = k->point->address,
        .template = k->speech->template,
        .step = k->speech->step,
        .purpose = judged->question->purpose,
        .debts = debts_of(k, judged->question),
        .open = open,
        .decided_at = b->now,
        .not_before = judged->question->at,
        .expires_at = { judged->question->at.us + (int64_t)days * SECONDS_A_DAY * 1000000 },
        .subject = k->speech->subject,
        .words = k->speech->words,
    };
    struct open_file f;

    if (!book_file_load(b, k->c->key, &f, why))
        return false;
    message.number = ++f.last_no;
    out->number = message.number;
    return outbox_add(b->store, &message, judged, why) && book_file_wake(b, &f);
}

/* The ladder's own call is made by this one. */
static bool planned_end(struct book *b, const struct asking *k, struct fault *why)
{
    for (size_t i = 0; i < k->planned_count; i++) {
        if (!outbox_stop(b, k->c->key, k->planned[i], "overtaken", why))
            return false;
    }
    return true;
}

bool speak(struct book *b, const struct policy *policy, struct casefile_key key,
           const struct speech *speech, struct spoken *out, struct fault *why)
{
    struct asking k = {
        .a = &b->arena, .policy = policy, .speech = speech, .zone = b->zone, .now = b->now
    };
    struct judged judged;

    if (!head_open(b->heads, key.bucket, why) ||
        !rulebook_keep_here(b->store, policy->rulebook, why) ||
        !asking_load(&k, b->store, key, why))
        return false;
    if (!asked(&k, out, &judged))
        return true;
    struct money open = open_of(&k);
    if (!record(b, &k, &judged, open, &out->decision, why))
        return false;
    if (judged.verdict->ruling != RULING_ALLOW)
        return true;
    return planned_end(b, &k, why) && queue(b, &k, &judged, open, out, why);
}

/* ---- Looking at it -------------------------------------------------------------------------
 */

bool speak_show(struct store *s, struct arena *a, const struct policy *policy,
                const struct zone *zone, struct casefile_key key, struct instant now,
                const struct speech *speech, struct composed *out, struct fault *why)
{
    struct asking k = { .a = a, .policy = policy, .speech = speech, .zone = zone, .now = now };
    struct spoken spoken;
    struct judged judged;

    if (!asking_load(&k, s, key, why))
        return false;
    if (!asked(&k, &spoken, &judged))
        return fail(why, NOT_FOUND, "No good address for it is on file.");
    const struct compose_request request = { .casefile = k.c,
                                             .party = k.party,
                                             .channel = speech->channel,
                                             .address = k.point->address,
                                             .template = speech->template,
                                             .item_count = k.left.item_count,
                                             .items = k.left.items,
                                             .verdict = judged.verdict,
                                             .now = now,
                                             .today = wall_at(now, zone).day,
                                             .subject = speech->subject,
                                             .words = speech->words };
    struct composer *composer = composer_open(s, why);
    if (composer == NULL)
        return false;
    bool done = compose(composer, a, &request, out, why);
    composer_close(composer);
    return done;
}
