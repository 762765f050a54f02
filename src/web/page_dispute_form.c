/* A dispute is taken down: what is wrong, with which part, and the papers that came with it. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/dispute.h"

static const struct choice reasons[] = {
    { "not-mine", "It is not theirs", NULL },
    { "amount", "The amount is not right", NULL },
    { "paid", "They have paid it", NULL },
    { "service", "Goods or service were not right", NULL },
    { "identity-theft", "Somebody used their name", NULL },
    { "other", "Something else", NULL },
};

static const struct choice ways[] = { { "phone", "On the telephone", NULL },
                                      { "letter", "By letter", NULL },
                                      { "email", "By email", NULL },
                                      { "portal", "In the portal", NULL } };

static const struct choice components[] = { { "", "all of it", NULL },
                                            { "principal", "what was bought", NULL },
                                            { "interest", "interest", NULL },
                                            { "fees", "fees", NULL },
                                            { "costs", "costs", NULL } };

const char *dispute_said(const struct page *p, const char *reason)
{
    for (size_t i = 0; i < COUNT(reasons); i++) {
        if (text_equal(reasons[i].value, reason))
            return reasons[i].title;
    }
    return words_plain(p->arena, reason);
}

/* ---- The page ---- */

static void open_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "open_disputes");

    for (size_t i = 0; i < f->dispute_count; i++) {
        const struct dispute *d = &f->disputes[i];
        if (d->state != DISPUTE_OPEN)
            continue;
        json_t *row = list_add(list);
        put_int(row, "number", d->number);
        put(row, "link", arena_print(p->arena, "/accounts/%s/dispute/%d",
                                     url_encode(p->arena, p->hole), (int)d->number));
        put(row, "reason", dispute_said(p, d->reason));
        put(row, "what", dispute_is_part(d) ? dispute_words(p->arena, d) : "all of it");
        put(row, "answer_by", words_day_near(p->arena, d->answer_by, p->view->today));
    }
    put_true(p->context, "any_open_disputes", json_array_size(list) > 0);
}

bool page_dispute(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "note", "amount", "instalment", "line" };
    struct casefile_view f;

    if (!work_page(p, "Something is wrong", &f, why))
        return false;
    open_put(p, &f);
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "received", p->view->today);
    work_day_value(p, "answer_by", DAY_NONE);
    work_choices(p, "reason", reasons, COUNT(reasons), NULL);
    work_choices(p, "via", ways, COUNT(ways), "phone");
    work_choices(p, "component", components, COUNT(components), "");
    work_debts(p, &f, "");
    work_today(p);
    return true;
}

/* ---- Taken down ---- */

static bool part_read(struct work *w, struct dispute *d, struct fault *why)
{
    const char *component = page_form(w->p, "component");
    struct money money;
    int64_t instalment;

    d->component = COMPONENT_COUNT;
    if (component != NULL && !component_parse(component, &d->component))
        return fail(why, BAD_VALUE, "A debt has no part \"%s\".", component);
    if (!work_debt(w, "debt", &d->debt, &d->currency, why) ||
        !work_money(w->p, "amount", "how much of it is wrong", d->currency, &money, why) ||
        !work_count(w->p, "instalment", "the instalment", 1, INT32_MAX, 0, &instalment, why))
        return false;
    d->instalment = (int32_t)instalment;
    d->line = page_form(w->p, "line");
    d->minor = money.minor;
    if (money.minor != 0)
        d->currency = money.currency;
    if ((dispute_is_part(d) || d->line != NULL) && d->debt == 0)
        return fail(why, BAD_VALUE, "Choose which debt it is: a part is one of a certain debt.");
    if (d->line != NULL && d->minor == 0)
        return fail(why, BAD_VALUE, "Enter how much this line is.");
    return d->currency != CURRENCY_NONE ||
           fail(why, BAD_VALUE, "They owe in several currencies: choose which debt it is.");
}

static bool dispute_typed(struct work *w, struct dispute *d, struct fault *why)
{
    struct page *p = w->p;
    const char *reason = page_form(p, "reason");

    *d = (struct dispute){ .channel = page_form_or(p, "via", "phone"),
                           .note = page_form(p, "note"),
                           .author = work_author(p) };
    if (reason == NULL)
        return fail(why, BAD_VALUE, "Choose what they say is wrong.");
    d->reason = dispute_reason(reason, &d->note);
    return part_read(w, d, why) &&
           work_day(p, "received", "the day it reached us", w->today, &d->received, why) &&
           work_day(p, "answer_by", "the day by which it is answered", DAY_NONE, &d->answer_by,
                    why);
}

/* Papers that came along; an empty field of a browser is a file without a name. */
bool dispute_papers(struct work *w, int32_t number, int *kept, struct fault *why)
{
    const struct ask *ask = w->p->ask;
    const char *digest;
    enum change change;

    *kept = 0;
    for (size_t i = 0; i < ask->upload_count; i++) {
        const struct upload *u = &ask->uploads[i];
        if (text_is_empty(u->file) || u->length == 0)
            continue;
        if (!dispute_evidence(w->book, w->account.key, number, u->file, u->bytes, u->length,
                              work_author(w->p), &digest, &change, why))
            return false;
        *kept += change != CHANGE_NONE;
    }
    return true;
}

bool dispute_take(struct page *p, struct fault *why)
{
    struct dispute d;
    enum change change;
    struct work w;
    int32_t number;
    int kept;

    if (!work_begin(p, &w, why) || !dispute_typed(&w, &d, why) ||
        !work_found(dispute_open(w.book, w.account.key, &d, w.once, &number, &change, why), why) ||
        !dispute_papers(&w, number, &kept, why))
        return false;
    const char *said =
        dispute_is_part(&d)
            ? "Taken down. That part is not asked for until it is answered; the rest goes on."
            : "Taken down. Nothing asks for this money until it is answered.";
    return work_end_at(&w, said,
                       change == CHANGE_NONE ? NULL : work_path(&w, "dispute", number, "withdraw"),
                       arena_print(p->arena, "%s/dispute/%d", w.here, (int)number), why);
}
