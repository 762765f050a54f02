#include "flow/decision_apply.h"

#include "store/casefiles.h"

#include <string.h>

struct debt_set decision_debts(const struct decision *d, struct arena *a)
{
    int32_t *numbers = arena_array(a, int32_t, d->item_count);
    struct debt_set set = { 0, numbers };

    for (size_t i = 0; i < d->item_count; i++) {
        int32_t debt = d->items[i].instalment->debt;
        if (set.count == 0 || numbers[set.count - 1] != debt)
            numbers[set.count++] = debt;
    }
    return set;
}

void decision_apply(struct casefile *c, const struct decision *d, struct day today,
                    struct arena *a)
{
    struct contact *contacts = arena_array(a, struct contact, c->contact_count + 1);

    for (size_t i = 0; i < d->item_count; i++) {
        struct instalment *item = &c->instalments[d->items[i].instalment - c->instalments];
        if (d->items[i].step == NULL)
            continue;
        item->last_step = d->items[i].step->id;
        item->step_day = today;
    }
    if (c->contact_count > 0)
        memcpy(contacts, c->contacts, c->contact_count * sizeof *contacts);
    contacts[c->contact_count++] = (struct contact){ .at = d->send_at,
                                                     .channel = d->chosen->channel,
                                                     .outcome = OUTCOME_PLANNED,
                                                     .party = d->chosen->point->party,
                                                     .outbox = c->last_no,
                                                     .debts = decision_debts(d, a),
                                                     .address = d->chosen->point->address,
                                                     .purpose = d->question->purpose };
    c->contacts = contacts;
    contacts_sort(c);
}
