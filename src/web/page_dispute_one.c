/* One dispute: their words first, what we have, and the answer: three of one size. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/dispute.h"
#include "web/page_parts.h"

/* ---- The page ---- */

static const struct dispute *dispute_of(const struct casefile_view *f, int32_t number)
{
    for (size_t i = 0; i < f->dispute_count; i++) {
        if (f->disputes[i].number == number)
            return &f->disputes[i];
    }
    return NULL;
}

static void said_put(struct page *p, const struct dispute *d)
{
    struct arena *x = p->arena;
    int used = p->view->today.number - d->received.number;

    put(p->context, "reason", dispute_said(p, d->reason));
    put(p->context, "note", d->note);
    put(p->context, "what", dispute_is_part(d) ? dispute_words(x, d) : "All of it");
    put(p->context, "via", d->channel == NULL
                                  ? NULL
                                  : arena_print(x, "by %s", words_small(x, words_plain(x, d->channel))));
    put(p->context, "received", words_day_near(x, d->received, p->view->today));
    put(p->context, "answer_by", words_day_near(x, d->answer_by, p->view->today));
    put(p->context, "used", arena_print(x, "%d %s", used, used == 1 ? "day" : "days"));
    put_true(p->context, "is_late", d->state == DISPUTE_OPEN &&
                                        d->answer_by.number < p->view->today.number);
    struct state_words state = words_agreement(dispute_state_name(d->state));
    put(p->context, "state", words_plain(x, state.title));
    put(p->context, "tone", state.tone);
    put(p->context, "answer", d->answer);
    if (d->corrected != 0)
        put(p->context, "corrected", words_money(x, d->corrected, d->currency));
    if (d->proof.number != DAY_NONE.number)
        put(p->context, "proof", words_day(x, d->proof));
}

static void ours_put(struct page *p, const struct casefile_view *f, const struct dispute *d)
{
    json_t *list = put_list(p->context, "ours");

    for (size_t i = 0; i < f->debt_count; i++) {
        const struct debt_row *row = &f->debts[i];
        if (d->debt != 0 && row->debt != d->debt)
            continue;
        json_t *item = list_add(list);
        put(item, "reference", row->reference);
        put(item, "description",
            row->description[0] != '\0' ? row->description : words_plain(p->arena, row->kind));
        put(item, "invoiced", words_day(p->arena, row->invoice_day));
        put(item, "due", words_day(p->arena, row->due_day));
        put(item, "amount", words_money(p->arena, row->amount_minor, row->currency));
        put(item, "open", words_money(p->arena, row->open_minor, row->currency));
    }
}

/* What was typed stands in the form in which it was typed. */
static void answers_put(struct page *p, const struct dispute *d)
{
    static const struct {
        const char *result, *title, *button, *meaning;
        bool amount, proof;
    } all[] = {
        { "upheld", "They are right", "Agree with them",
          "What they dispute is taken off, with the interest that ran on it.", true, false },
        { "partly", "They are right in part", "Agree in part",
          "Enter what is taken off. The rest is asked for again.", true, false },
        { "not_upheld", "We think it is right", "Answer with reasons",
          "Say what you found, and when the proof was sent.", false, true },
    };
    json_t *list = put_list(p->context, "answers");
    const char *typed = page_form(p, "result");

    for (size_t i = 0; i < COUNT(all); i++) {
        json_t *row = list_add(list);
        bool its = text_equal(typed, all[i].result);
        put(row, "result", all[i].result);
        put(row, "title", all[i].title);
        put(row, "button", all[i].button);
        put(row, "meaning", all[i].meaning);
        put_int(row, "key", (json_int_t)i + 1);
        put_true(row, "wants_amount", all[i].amount && (d->debt != 0 || i == 1));
        put_true(row, "wants_proof", all[i].proof || i == 1);
        put_true(row, "must", i == 1);
        if (!its)
            continue;
        put(row, "amount", page_form(p, "amount"));
        put(row, "text", page_form(p, "text"));
        put(row, "on", page_form(p, "on"));
        put(row, "proof", page_form(p, "proof"));
    }
}

bool page_dispute_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    int32_t number;

    if (!work_number(p, 1, &number, why) ||
        !work_page(p, arena_print(p->arena, "Dispute %d", (int)number), &f, why))
        return false;
    const struct dispute *d = dispute_of(&f, number);
    if (d == NULL)
        return fail(why, NOT_FOUND, "This account has no dispute %d.", (int)number);
    put(p->context, "dispute_path", arena_print(p->arena, "/accounts/%s/dispute/%d",
                                                url_encode(p->arena, p->hole), (int)number));
    said_put(p, d);
    ours_put(p, &f, d);
    answers_put(p, d);
    work_today(p);
    bool open = d->state == DISPUTE_OPEN;
    put_true(p->context, "is_open", open);
    put_true(p->context, "may_answer_it", open && page_may(p, MAY_ANSWER));
    put_true(p->context, "may_not_answer", open && !page_may(p, MAY_ANSWER));
    put_true(p->context, "may_take", open && page_may(p, MAY_DISPUTE));
    put_true(p->context, "may_reopen", !open && page_may(p, MAY_ANSWER));
    return evidence_put(p, &f, "dispute", number, why);
}

/* ---- Answered ---- */

static bool result_read(const char *typed, enum dispute_state *out)
{
    static const struct {
        const char *name;
        enum dispute_state state;
    } names[] = { { "upheld", DISPUTE_UPHELD },
                  { "partly", DISPUTE_PARTLY_UPHELD },
                  { "not_upheld", DISPUTE_NOT_UPHELD } };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(typed, names[i].name)) {
            *out = names[i].state;
            return true;
        }
    }
    return false;
}

static bool answer_read(struct page *p, const struct dispute *d, struct dispute_answer *out,
                        struct fault *why)
{
    struct money money;

    *out = (struct dispute_answer){ .text = page_form(p, "text"), .author = work_author(p) };
    if (!result_read(page_form(p, "result"), &out->result))
        return fail(why, BAD_VALUE, "Choose one of the three answers.");
    if (!work_money(p, "amount", "what is taken off", d->currency, &money, why) ||
        !work_day(p, "on", "the day from which it counts", DAY_NONE, &out->day, why) ||
        !work_day(p, "proof", "the day the proof was sent", DAY_NONE, &out->proof, why))
        return false;
    out->minor = money.minor;
    if (out->text == NULL)
        return fail(why, BAD_VALUE, "Say what they are told: an answer has its reasons.");
    if (out->result == DISPUTE_PARTLY_UPHELD && out->minor == 0)
        return fail(why, BAD_VALUE, "Enter what is taken off.");
    return d->minor == 0 || out->minor <= d->minor ||
           fail(why, BAD_VALUE,
                "They dispute %s. To take off more, agree with them and post a credit for the rest.",
                words_money(p->arena, d->minor, d->currency));
}

/* The law has its say where collection would go on: then the page says what it wants. */
static bool may_end(struct work *w, int32_t number, const struct dispute_answer *answer,
                    struct fault *why)
{
    if (answer->result == DISPUTE_UPHELD ||
        dispute_may_end(w->book, w->account.key, number, answer->proof, why))
        return true;
    if (why->code != NOT_ALLOWED)
        return false;
    json_t *card = put_object(w->p->context, "blocked");
    put(card, "channel", "Answer");
    put(card, "reason", why->text);
    put(card, "would_allow",
        "Verification, or a copy of the judgment, is sent; enter the day it was sent.");
    put_rule(w->p, card, NULL);
    return false;
}

static const char *answered_words(const struct page *p, const struct dispute *d, int64_t corrected)
{
    return corrected != 0 ? arena_print(p->arena, "Answered. %s is taken off.",
                                        words_money(p->arena, corrected, d->currency))
                          : "Answered.";
}

bool dispute_decide(struct page *p, struct fault *why)
{
    struct dispute_answer answer;
    struct dispute d;
    enum change change;
    struct work w;
    int64_t corrected;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why) ||
        !dispute_load(w.book->store, &w.book->arena, w.account.key, number, &d, why))
        return false;
    const char *here = arena_print(p->arena, "%s/dispute/%d", w.here, (int)number);
    if (w.before != 0)
        return work_end_at(&w, "That was answered already.", NULL, here, why);
    if (!answer_read(p, &d, &answer, why) || !may_end(&w, number, &answer, why) ||
        !dispute_close(w.book, w.account.key, number, &answer, &corrected, &change, why) ||
        !book_key_put(w.book, w.account.key, w.once, number, why))
        return false;
    return work_end_at(&w, answered_words(p, &d, corrected),
                       work_path(&w, "dispute", number, "reopen"), here, why);
}

/* Taken down by mistake, or taken back by them: has no fields, since it undoes. */
bool dispute_withdraw(struct page *p, struct fault *why)
{
    struct dispute_answer answer = { .result = DISPUTE_WITHDRAWN,
                                     .day = DAY_NONE,
                                     .proof = DAY_NONE,
                                     .author = work_author(p) };
    enum change change;
    struct work w;
    int64_t corrected;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           dispute_close(w.book, w.account.key, number, &answer, &corrected, &change, why) &&
           work_end(&w, "The dispute is withdrawn.", NULL, why);
}

bool dispute_again(struct page *p, struct fault *why)
{
    enum change change;
    struct work w;
    int32_t number;

    return work_number(p, 1, &number, why) && work_again(p, &w, why) &&
           dispute_reopen(w.book, w.account.key, number, work_author(p), &change, why) &&
           work_end_at(&w, "Open again. What the answer had taken off is back.", NULL,
                       arena_print(p->arena, "%s/dispute/%d", w.here, (int)number), why);
}

bool dispute_paper_add(struct page *p, struct fault *why)
{
    struct work w;
    int32_t number;
    int kept;

    if (!work_number(p, 1, &number, why) || !work_begin(p, &w, why) ||
        !dispute_papers(&w, number, &kept, why))
        return false;
    if (p->ask->upload_count == 0 || (kept == 0 && w.before == 0 && p->ask->uploads[0].length == 0))
        return fail(why, BAD_VALUE, "Choose a file first.");
    return work_end_at(&w,
                       kept == 0 ? "It was kept already: the same file is one paper."
                                 : arena_print(p->arena, "%d kept, byte for byte.", kept),
                       NULL, arena_print(p->arena, "%s/dispute/%d", w.here, (int)number), why);
}
