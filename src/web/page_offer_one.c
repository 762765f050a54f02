/* One offer: its terms, and yes, no, another one, or taken back. */
#include "web/offering.h"

#include "base/text.h"

static const struct choice ways[] = { { "phone", "On the telephone", NULL },
                                      { "letter", "By letter", NULL },
                                      { "email", "By email", NULL },
                                      { "portal", "In the portal", NULL } };

const struct held_offer *offer_of(const struct casefile_view *f, int64_t number)
{
    for (size_t i = 0; i < f->offer_count; i++) {
        if (f->offers[i].number == number)
            return &f->offers[i];
    }
    return NULL;
}

bool page_offer_one(struct page *p, struct fault *why)
{
    struct casefile_view f;
    int32_t number;

    if (!work_number(p, 1, &number, why) ||
        !work_page(p, arena_print(p->arena, "Offer %d", (int)number), &f, why))
        return false;
    const struct held_offer *o = offer_of(&f, number);
    if (o == NULL)
        return fail(why, NOT_FOUND, "This account has no offer %d.", (int)number);
    json_t *offer = put_object(p->context, "offer");
    offer_put(p, offer, o);
    put(p->context, "offer_path", arena_print(p->arena, "/accounts/%s/offer/%d",
                                              url_encode(p->arena, p->hole), (int)number));
    bool open = o->state == OFFER_OPEN, waits = o->state == OFFER_WAITING_APPROVAL;
    bool agrees = page_may(p, MAY_AGREE);
    put_true(p->context, "may_accept", open && agrees);
    put_true(p->context, "may_end", (open || waits) && agrees);
    put_true(p->context, "may_approve_it", waits && page_may(p, MAY_APPROVE) &&
                                               !text_equal(o->author, work_author(p)));
    put_true(p->context, "waits", waits);
    if (o->plan != 0)
        put_int(p->context, "plan", o->plan);
    work_choices(p, "via", ways, COUNT(ways), "phone");
    work_value(p, "evidence", NULL);
    work_value(p, "reason", NULL);
    return true;
}

struct answering {
    struct work w;
    int32_t number;
    struct offer_act act;
};

static bool answer_begin(struct page *p, struct answering *x, struct fault *why)
{
    if (!work_number(p, 1, &x->number, why) || !work_begin(p, &x->w, why))
        return false;
    x->act = (struct offer_act){ .author = work_author(p),
                                 .reason = page_form(p, "reason"),
                                 .channel = page_form(p, "via"),
                                 .evidence = page_form(p, "evidence") };
    return true;
}

static const char *path_of(const struct answering *x)
{
    return arena_print(x->w.p->arena, "%s/offer/%d", x->w.here, (int)x->number);
}

static bool answer_end(struct answering *x, const char *said, const char *undo,
                       struct fault *why)
{
    return book_key_put(x->w.book, x->w.account.key, x->w.once, x->number, why) &&
           work_end_at(&x->w, said, undo, path_of(x), why);
}

bool offer_accept(struct page *p, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct answering x;

    if (!answer_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "That was done already.", NULL, path_of(&x), why);
    if (x.act.channel == NULL || x.act.evidence == NULL)
        return fail(why, BAD_VALUE,
                    "Say how it was agreed, and what shows it: a recording, a letter, a message.");
    if (!work_role(p, &x.act.role, why) ||
        !book_offer_accept(x.w.book, x.w.account.key, x.number, &x.act, &ruling, why))
        return false;
    if (ruling.plan == 0)
        return answer_end(&x,
                          arena_print(p->arena, "It waits for approval. %s",
                                      ruling.words != NULL ? ruling.words : ""),
                          NULL, why);
    return answer_end(&x, "Accepted. The plan that pays it stands.",
                      work_path(&x.w, "plan", ruling.plan, "cancel"), why);
}

bool offer_approve(struct page *p, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct answering x;

    if (!answer_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "That was done already.", NULL, path_of(&x), why);
    if (!work_role(p, &x.act.role, why) ||
        !book_offer_approve(x.w.book, x.w.account.key, x.number, &x.act, &ruling, why))
        return false;
    return answer_end(&x, "Approved.", NULL, why);
}

static bool offer_no(struct page *p, enum offer_state state, const char *said,
                     struct fault *why)
{
    struct answering x;

    if (!answer_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "That was done already.", NULL, path_of(&x), why);
    if (!work_role(p, &x.act.role, why) ||
        !book_offer_end(x.w.book, x.w.account.key, x.number, state, &x.act, why))
        return false;
    return answer_end(&x, said, NULL, why);
}

bool offer_decline(struct page *p, struct fault *why)
{
    if (page_form(p, "reason") == NULL)
        return fail(why, BAD_VALUE, "Say why in a few words: they are told.");
    return offer_no(p, OFFER_DECLINED, "The answer is no. Tell them what would do instead.", why);
}

/* Also the button that undoes making it: that has no fields. */
bool offer_withdraw(struct page *p, struct fault *why)
{
    struct answering x = { 0 };

    if (!work_number(p, 1, &x.number, why) || !work_again(p, &x.w, why))
        return false;
    x.act = (struct offer_act){ .author = work_author(p), .reason = page_form(p, "reason") };
    if (!work_role(p, &x.act.role, why) ||
        !book_offer_end(x.w.book, x.w.account.key, x.number, OFFER_WITHDRAWN, &x.act, why))
        return false;
    return work_end_at(&x.w, "The offer is taken back.", NULL, path_of(&x), why);
}

bool offer_paper(struct page *p, struct fault *why)
{
    int32_t number;

    return work_number(p, 1, &number, why) && work_paper(p, 0, number, why);
}
