#include "flow/insight_guard.h"

#include "flow/book.h"
#include "flow/insight_words.h"

const enum insight insight_guards[GUARDS] = {
    INSIGHT_COMPLAINTS,        INSIGHT_OPT_OUTS, INSIGHT_CONTACTS_PER_RESOLVED,
    INSIGHT_CONTACTS_PER_WEEK, INSIGHT_HARDSHIP, INSIGHT_APPROVAL_GAP
};

bool guard_is_judged(const struct measured *is)
{
    return is->known && is->out_of >= TOO_FEW;
}

bool guard_is_over(const struct insight_words *words, const struct measured *is)
{
    return words->has_limit && guard_is_judged(is) && measured_tenths(is) > words->limit_tenths;
}

/* *counted false: nothing was, of a strategy of this name. */
static bool frame_begin(struct book *b, const char *strategy, struct insight_frame *f,
                        bool *counted, struct fault *why)
{
    const struct insight_request r = { .strategy = strategy,
                                       .as_of = DAY_NONE,
                                       .from = DAY_NONE };
    struct fault bad = { 0 };

    *f = (struct insight_frame){ .store = b->store,
                                 .arena = &b->arena,
                                 .now = b->now,
                                 .today = wall_at(b->now, b->zone).day };
    *counted = insight_begin(f, &r, &bad) && f->state.kept;
    if (bad.code == FAULT_NONE || bad.code == NOT_FOUND)
        return true;
    *why = bad;
    return false;
}

bool guards_over(struct book *b, const char *strategy, const char **out, struct fault *why)
{
    const struct insight_book *words = insights_load(&b->arena, why);
    struct insight_frame f;
    struct measured is;
    bool counted;

    *out = NULL;
    if (words == NULL || !frame_begin(b, strategy, &f, &counted, why))
        return false;
    for (size_t i = 0; counted && i < GUARDS; i++) {
        const struct insight_words *w = &words->of[insight_guards[i]];
        struct insight_part now = insight_part(&f);
        if (!insight_value(&f, &now, insight_guards[i], &is, why))
            return false;
        if (guard_is_over(w, &is))
            *out = arena_print(&b->arena, "%s%s%s: %s, the limit is %s",
                               *out == NULL ? "" : *out, *out == NULL ? "" : "; ", w->title,
                               insight_tenths(&b->arena, measured_tenths(&is)),
                               insight_tenths(&b->arena, w->limit_tenths));
    }
    return true;
}
