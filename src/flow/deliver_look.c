/* A message in hand: its row, and whether it is still right to send it. */
#include "base/text.h"
#include "domain/agreement.h"
#include "domain/ask.h"
#include "flow/debit.h"
#include "flow/deliver_parts.h"
#include "store/casefiles.h"

/* ---- Rows ----------------------------------------------------------------------------------- */

bool errand_load(struct worker *w, struct errand *e, bool *found)
{
    struct query q = query_begin(w->book.store, Q_OUTBOX_GET);
    const char *record = NULL;
    bool known = true;

    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    *found = query_next(&q);
    if (*found) {
        e->decision = row_int(&q, 0);
        known = channel_parse(row_text(&q, 1), &e->channel);
        e->party = (int32_t)row_int(&q, 2);
        e->address = row_copy(&q, 3, &w->arena);
        e->template = row_copy(&q, 4, &w->arena);
        e->step = row_copy(&q, 5, &w->arena);
        e->open_minor = row_int(&q, 15);
        if (row_text(&q, 17) != NULL) {
            e->subject = row_copy(&q, 16, &w->arena);
            e->words = row_copy(&q, 17, &w->arena);
        }
        e->not_before.us = row_int(&q, 7);
        e->expires_at.us = row_int(&q, 8);
        e->was_sending = text_equal(row_text(&q, 9), "sending");
        *found = e->was_sending || text_equal(row_text(&q, 9), "ready");
        e->attempts = row_int(&q, 10);
        e->lease_until.us = row_int(&q, 11);
        record = row_copy(&q, 12, &w->arena);
        e->debts = debt_set_parse(&w->arena, row_text(&q, 6));
        e->purpose = row_copy(&q, 13, &w->arena);
        e->composed_at.us = e->was_sending ? row_int(&q, 14) : w->book.now.us;
    }
    if (!query_end(&q, w->why))
        return false;
    /* that tells of a payment to come, and what somebody wrote, tell of nothing that is open */
    if (record != NULL && !debit_is_notice(e->template) && e->words == NULL &&
        !record_items(&w->arena, record, &e->told, &e->told_count, w->why))
        return false;
    return known || fail(w->why, DB_ROW, "The outbox holds an unknown channel.");
}

bool message_load(struct worker *w, struct errand *e)
{
    struct query q = query_begin(w->book.store, Q_MESSAGE_GET);

    bind_key(&q, e->key);
    bind_int(&q, e->outbox);
    if (query_next(&q)) {
        const void *bytes = row_blob(&q, 2, &e->length);
        e->message_key = row_copy(&q, 0, &w->arena);
        e->bytes = (const unsigned char *)arena_copy_n(&w->arena, bytes, e->length);
    }
    return query_end(&q, w->why);
}

/* ---- Before sending: is it still right? ------------------------------------------------------ */

static struct left debts_covered(struct worker *w, const struct casefile *c,
                                 struct debt_set debts)
{
    struct left left = { .debts = arena_array(&w->arena, struct gate_debt, c->debt_count + 1) };

    for (size_t i = 0; i < c->debt_count; i++) {
        if (debts_cover(debts, c->debts[i].number))
            left.debts[left.debt_count++] =
                ask_debt(c, c->debts[i].number, w->book.now, &w->arena);
    }
    return left;
}

static struct judged judge_again(struct worker *w, struct casefile *c,
                                 const struct party *party, const struct errand *e,
                                 const struct left *left)
{
    const struct policy *policy = policy_of(w->policy);
    struct gate_question *question = arena_make(&w->arena, struct gate_question);
    struct verdict *verdict = arena_make(&w->arena, struct verdict);
    struct gate_packs packs = policy->packs_for(policy, &w->arena, c, party);

    casefile_forget_message(c, e->outbox); /* it must not count against itself */
    question_build(c, party, e->channel, e->address, w->book.now, left->debt_count, left->debts,
                   question);
    policy_hold(policy, e->template, party, question, &w->arena);
    gate_judge(packs, question, verdict);
    return (struct judged){ question, packs, policy->rulebook, verdict };
}

/* Late fees and interest that fell since the last cycle are posted before they are told. */
static bool bring_up_to_today(struct worker *w, const struct errand *e, struct day today)
{
    struct query q = query_begin(w->book.store, Q_BOOKS_DAY);
    int64_t day = DAY_NEVER.number;

    bind_key(&q, e->key);
    if (query_next(&q))
        day = row_int(&q, 0);
    if (!query_end(&q, w->why))
        return false;
    if (day > today.number)
        return true;
    return book_settle_to_now(&w->book, e->key, w->why) && book_release(&w->book, w->why);
}

/* A notice is for those who keep to a plan: it goes as long as it is right. */
static void look_at_debit(struct worker *w, const struct errand *e, struct look *out)
{
    out->debit = debit_announced(out->casefile, &w->arena, e->outbox, e->step);
    if (out->debit == NULL || out->party == NULL) {
        out->moot = "nothing is debited then";
        return;
    }
    out->left =
        debts_covered(w, out->casefile, debit_plan(out->casefile, out->debit)->debts);
    out->judged = judge_again(w, out->casefile, out->party, e, &out->left);
}

/* What somebody wrote asks for nothing: it goes as long as the gate allows it. */
static void look_at_speech(struct worker *w, const struct errand *e, struct look *out)
{
    if (out->party == NULL) {
        out->moot = "nobody is there";
        return;
    }
    out->left = debts_covered(w, out->casefile, e->debts);
    out->judged = judge_again(w, out->casefile, out->party, e, &out->left);
}

bool look_again(struct worker *w, struct errand *e, struct look *out)
{
    struct day today = wall_at(w->book.now, w->book.zone).day;

    *out = (struct look){ 0 };
    if (!bring_up_to_today(w, e, today) ||
        !casefile_load(w->book.store, &w->arena, e->key, today, &out->casefile, w->why))
        return false;
    out->party = casefile_party(out->casefile, e->party);
    if (debit_is_notice(e->template)) {
        look_at_debit(w, e, out);
        return true;
    }
    if (e->words != NULL) {
        look_at_speech(w, e, out);
        return true;
    }
    enum standing back = casefile_held_back(out->casefile);
    out->left =
        told_left(out->casefile, e->told, e->told_count, w->book.now, &w->arena);
    if (back != STANDING_WAITING)
        out->moot = standing_name(back);
    else if (out->left.item_count == 0 || out->party == NULL)
        out->moot = "nothing to ask for";
    else
        out->judged = judge_again(w, out->casefile, out->party, e, &out->left);
    return true;
}
