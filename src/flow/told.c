#include "flow/told.h"

#include "domain/ask.h"
#include "domain/decide.h"

static bool is_told(const struct record_item *told, size_t count, const struct instalment *item)
{
    for (size_t i = 0; i < count; i++) {
        if (told[i].debt == item->debt && told[i].instalment == item->number)
            return true;
    }
    return false;
}

struct left told_left(const struct casefile *c, const struct record_item *told, size_t count,
                      struct instant now, struct arena *a)
{
    struct left left = { 0, 0, arena_array(a, const struct instalment *, count + 1),
                         arena_array(a, struct gate_debt, count + 1) };

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor <= 0 || !is_told(told, count, item) ||
            debt_is_stopped(c, item->debt, now))
            continue;
        left.items[left.item_count++] = item;
        if (left.debt_count == 0 || left.debts[left.debt_count - 1].number != item->debt)
            left.debts[left.debt_count++] = ask_debt(c, item->debt, now, a);
    }
    return left;
}
