#include "domain/itemization.h"

static void add_later(struct itemization *i, const struct itemized *m)
{
    if (m->paid)
        i->payments -= m->minor;
    else if (m->minor < 0)
        i->credits -= m->minor;
    else if (m->kind == MOVED_INTEREST)
        i->interest += m->minor;
    else if (m->kind == MOVED_FEES)
        i->fees += m->minor;
    else
        i->then += m->minor;
}

struct itemization itemization_of(struct day date, size_t count, const struct itemized all[])
{
    struct itemization i = { 0 };

    for (size_t k = 0; k < count; k++) {
        i.now += all[k].minor;
        if (all[k].day.number <= date.number)
            i.then += all[k].minor;
        else
            add_later(&i, &all[k]);
    }
    if (i.payments < 0) {
        i.then -= i.payments;
        i.payments = 0;
    }
    return i;
}

bool itemization_adds_up(const struct itemization *i)
{
    return i->then >= 0 && i->interest >= 0 && i->fees >= 0 && i->payments >= 0 &&
           i->credits >= 0 &&
           i->then + i->interest + i->fees - i->payments - i->credits == i->now;
}
