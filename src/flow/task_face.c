#include "flow/task_face.h"

#include "base/sort.h"
#include "store/casefiles.h"

enum { HOURS_AHEAD = 14, QUARTER = 15 * 60 };

static const enum channel shown[TASK_MARKS] = { CHANNEL_PORTAL, CHANNEL_EMAIL, CHANNEL_CALL,
                                                CHANNEL_SMS, CHANNEL_LETTER };

/* ---- May they be reached? --------------------------------------------------------------- */

static void judge(struct view *v, const struct task_face *f, enum channel channel,
                  const char *address, struct instant at, struct verdict *verdict)
{
    struct gate_packs packs = v->policy->packs_for(v->policy, &v->arena, f->casefile, f->party);
    struct gate_question question;

    decision_ask(v->policy, f->casefile, f->decision, channel, address, at, &v->arena,
                 &question);
    gate_judge(packs, &question, verdict);
}

static void mark(struct view *v, const struct task_face *f, struct task_mark_of *m)
{
    const struct contact_point *point =
        casefile_point(f->casefile, PARTY_DEBTOR, m->channel, true);
    struct verdict verdict;

    m->mark = MARK_ABSENT;
    m->until = INSTANT_NEVER;
    if (point == NULL && m->channel == CHANNEL_PORTAL)
        m->reason = "There is no portal here";
    else if (point == NULL)
        m->reason = casefile_point(f->casefile, PARTY_DEBTOR, m->channel, false) != NULL
                        ? "The address does not work"
                        : "No address is known";
    if (point == NULL)
        return;
    judge(v, f, m->channel, point->address, v->now, &verdict);
    if (verdict.decisive != NULL && verdict.ruling != RULING_ALLOW)
        m->reason = verdict.decisive->reason;
    if (verdict.ruling == RULING_DEFER)
        m->until = verdict.until;
    m->mark = verdict.ruling == RULING_ALLOW   ? MARK_ALLOWED
              : verdict.ruling == RULING_DEFER ? MARK_LATER
                                               : MARK_BLOCKED;
}

static int32_t days_late(const struct casefile *c, struct day today)
{
    int32_t most = 0;

    for (size_t i = 0; i < c->instalment_count; i++) {
        int32_t days = today.number - c->instalments[i].due_day.number;
        if (c->instalments[i].open_minor > 0 && days > most)
            most = days;
    }
    return most;
}

bool task_face(struct view *v, const struct task_item *item, struct task_face *out,
               struct fault *why)
{
    struct casefile *c;

    *out = (struct task_face){ 0 };
    if (!casefile_load(v->store, &v->arena, item->key, v->today, &c, why))
        return false;
    out->casefile = c;
    out->party = casefile_party(c, PARTY_DEBTOR);
    if (out->party == NULL)
        return fail(why, DB_ROW, "Case file \"%s\" has no debtor.", item->reference);
    out->decision = arena_make(&v->arena, struct decision);
    casefile_decide(v->policy, c, v->now, &v->arena, out->decision);
    for (size_t i = 0; i < TASK_MARKS; i++) {
        out->marks[i].channel = shown[i];
        mark(v, out, &out->marks[i]);
    }
    out->days_past_due = days_late(c, v->today);
    return true;
}

/* ---- Windows ---------------------------------------------------------------------------- */

static bool may_call_at(struct view *v, const struct task_face *f, const char *address,
                        struct instant at)
{
    struct verdict verdict;

    judge(v, f, CHANNEL_CALL, address, at, &verdict);
    return verdict.ruling == RULING_ALLOW;
}

static struct instant seconds_later(struct instant at, int64_t seconds)
{
    return (struct instant){ at.us + seconds * 1000000 };
}

struct instant task_call_closes(struct view *v, const struct task_face *f)
{
    const struct contact_point *point =
        casefile_point(f->casefile, PARTY_DEBTOR, CHANNEL_CALL, true);
    struct instant open = v->now, shut = INSTANT_NEVER;

    if (point == NULL || !may_call_at(v, f, point->address, v->now))
        return INSTANT_NEVER;
    for (int hour = 1; hour <= HOURS_AHEAD && shut.us == INSTANT_NEVER.us; hour++) {
        struct instant at = seconds_later(v->now, hour * 3600);
        if (may_call_at(v, f, point->address, at))
            open = at;
        else
            shut = at;
    }
    while (shut.us != INSTANT_NEVER.us && shut.us - open.us > (int64_t)QUARTER * 1000000) {
        struct instant middle = { open.us + (shut.us - open.us) / 2 };
        *(may_call_at(v, f, point->address, middle) ? &open : &shut) = middle;
    }
    return shut;
}

struct closing {
    struct task_item item;
    struct instant closes;
    size_t place;
};

static int by_closing(const void *a, const void *b)
{
    const struct closing *x = a, *y = b;

    if (x->closes.us != y->closes.us)
        return x->closes.us < y->closes.us ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

bool task_list_closing(struct view *v, const struct task_filter *filter, size_t skip,
                       struct task_item **out, size_t *count, bool *more, struct fault *why)
{
    struct task_filter first = *filter;
    struct task_item *items;
    size_t found;

    first.most = TASK_CLOSING_MOST;
    first.after = (struct task_mark){ 0 };
    if (!task_list(v->store, &v->arena, &first, &items, &found, more, why))
        return false;
    struct closing *all = arena_array(&v->arena, struct closing, found + 1);
    for (size_t i = 0; i < found; i++) {
        struct task_face face;
        if (!task_face(v, &items[i], &face, why))
            return false;
        all[i] = (struct closing){ items[i], task_call_closes(v, &face), i };
    }
    sort_array(all, found, sizeof *all, by_closing);
    *count = 0;
    *out = arena_array(&v->arena, struct task_item, filter->most + 1);
    for (size_t i = skip; i < found && *count < filter->most; i++)
        (*out)[(*count)++] = all[i].item;
    *more = skip + *count < found;
    return true;
}
