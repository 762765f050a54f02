#include "flow/next_step.h"

#include "base/text.h"

#define X(code, name) name,
static const char *const kind_names[] = { NEXT_KINDS(X) };
static const char *const grave_names[] = { GRAVES(X) };
#undef X

const char *next_kind_name(enum next_kind kind)
{
    return kind_names[kind];
}

const char *grave_name(enum grave grave)
{
    return grave_names[grave];
}

/* ---- What stops everything --------------------------------------------------------------- */

/* A hold of these kinds says as much as the fact of the same name. */
static bool grave_is(enum grave grave, const struct gate_fact *f)
{
    switch (grave) {
    case GRAVE_DECEASED:
        return f->type == FACT_DECEASED ||
               (f->type == FACT_HOLD && text_equal(f->scope, "deceased"));
    case GRAVE_BANKRUPTCY:
        return f->type == FACT_BANKRUPTCY ||
               (f->type == FACT_HOLD && text_equal(f->scope, "bankruptcy"));
    case GRAVE_IDENTITY_THEFT:
        return (f->type == FACT_HOLD && text_equal(f->scope, "identity_theft")) ||
               (f->type == FACT_DISPUTE && text_equal(f->value, "identity-theft"));
    case GRAVE_MINOR:
        return f->type == FACT_HOLD && text_equal(f->scope, "minor");
    case GRAVE_ATTORNEY:
        return f->type == FACT_ATTORNEY;
    case GRAVE_MILITARY:
        return f->type == FACT_MILITARY;
    case GRAVE_CEASE:
        return f->type == FACT_CEASE;
    case GRAVE_COUNT:
        break;
    }
    return false;
}

const struct gate_fact *grave_fact(const struct casefile *c, struct instant now,
                                   enum grave *grave)
{
    for (int g = 0; g < GRAVE_COUNT; g++) {
        for (size_t i = c->fact_count; i-- > 0;) {
            const struct gate_fact *f = &c->facts[i];
            if (f->at.us > now.us || f->until.us <= now.us || !grave_is((enum grave)g, f))
                continue;
            *grave = (enum grave)g;
            return f;
        }
    }
    return NULL;
}

/* The rule that forbids because of it: of this shape, and against some way of contact. */
static const struct rule *rule_of(const struct casefile_view *f, enum grave grave)
{
    static const char *const shapes[GRAVE_COUNT][2] = {
        [GRAVE_DECEASED] = { "hold", "never" },
        [GRAVE_BANKRUPTCY] = { "bankruptcy", "hold" },
        [GRAVE_IDENTITY_THEFT] = { "hold", "dispute" },
        [GRAVE_MINOR] = { "hold", "hold" },
        [GRAVE_ATTORNEY] = { "attorney", "attorney" },
        [GRAVE_MILITARY] = { "rate_cap", "rate_cap" },
        [GRAVE_CEASE] = { "cease", "cease" },
    };

    for (int s = 0; s < 2; s++) {
        for (size_t i = 0; i < f->channel_count; i++) {
            const struct verdict *v = f->channels[i].verdict;
            for (size_t k = 0; v != NULL && k < v->finding_count; k++) {
                const struct finding *finding = &v->findings[k];
                if (finding->ruling != RULING_ALLOW &&
                    text_equal(rule_shape(finding->rule), shapes[grave][s]))
                    return finding->rule;
            }
        }
    }
    return NULL;
}

/* ---- What waits ---------------------------------------------------------------------------
 */

static const struct task_row *task_first(const struct view *v, const struct casefile_view *f)
{
    for (size_t i = 0; i < f->task_count; i++) {
        if (f->tasks[i].hidden_until.us <= v->now.us)
            return &f->tasks[i];
    }
    return NULL;
}

static const struct contact *last_words(const struct casefile *c, struct instant now)
{
    for (size_t i = c->contact_count; i-- > 0;) {
        const struct contact *k = &c->contacts[i];
        if (k->direction == DIRECTION_IN && k->party == PARTY_DEBTOR && k->at.us <= now.us)
            return k;
    }
    return NULL;
}

/* Of theirs, on which they wait for a word of ours; the latest. */
static bool offer_find(struct view *v, const struct casefile_view *f, struct next_step *out,
                       struct fault *why)
{
    for (size_t i = 0; i < f->offer_count; i++) {
        const struct held_offer *offer = &f->offers[i];
        struct plan_item *items;
        if (!offer->by_debtor || offer->state != OFFER_OPEN ||
            offer->expires_day.number < v->today.number)
            continue;
        if (!offer_items(offer, &v->arena, &items, &out->item_count, why))
            return false;
        out->offer = offer;
        out->items = items;
        return true;
    }
    return true;
}

/* ---- Which of them --------------------------------------------------------------------------
 */

enum next_kind next_decided(const struct decision *d)
{
    if (d->chosen != NULL)
        return d->chosen->channel == CHANNEL_CALL ? NEXT_CALL : NEXT_SEND;
    if (d->standing == STANDING_CLEAR)
        return NEXT_CLEAR;
    if (d->standing == STANDING_LATER || d->standing == STANDING_SPACED ||
        d->standing == STANDING_FEED)
        return NEXT_LATER;
    return d->standing == STANDING_BLOCKED || d->standing == STANDING_UNREACHABLE ||
                   d->standing == STANDING_HELD || d->standing == STANDING_DISPUTED
               ? NEXT_BLOCKED
               : NEXT_WAIT;
}

/* An offer of theirs is what the task of a reply is about, too: its answer answers both. */
static bool is_of_offer(const struct task_row *task)
{
    return task == NULL || task->kind == TASK_OFFER || task->kind == TASK_REPLY;
}

bool next_step_find(struct view *v, const struct casefile_view *f, struct next_step *out,
                    struct fault *why)
{
    *out = (struct next_step){ .task = task_first(v, f),
                               .message = last_words(f->casefile, v->now) };
    out->fact = grave_fact(f->casefile, v->now, &out->grave);
    if (out->fact != NULL) {
        out->kind = NEXT_GRAVE;
        out->other =
            out->fact->other != 0 ? casefile_party(f->casefile, out->fact->other) : NULL;
        out->rule = rule_of(f, out->grave);
        return true;
    }
    if (!offer_find(v, f, out, why))
        return false;
    if (f->check.count > 0)
        out->kind = NEXT_EXPLAIN;
    else if (out->offer != NULL && is_of_offer(out->task))
        out->kind = NEXT_OFFER;
    else
        out->kind = out->task != NULL ? NEXT_TASK : next_decided(f->decision);
    return true;
}
