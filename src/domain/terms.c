#include "domain/terms.h"

#include <string.h>

__extension__ typedef __int128 wide;

static const char *const names[] = {
#define X(code, name) [code] = name,
    COMPONENTS(X)
#undef X
};

const char *component_name(enum component component)
{
    return names[component];
}

bool component_parse(const char *name, enum component *out)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum component)i;
            return true;
        }
    }
    return false;
}

/* The first day of the month that lies so many months after that of `day`. */
static struct date month_after(struct day day, int months)
{
    struct date date = date_of_day(day);
    int month = date.year * 12 + date.month - 1 + months;

    return (struct date){ month / 12, month % 12 + 1, 1 };
}

static struct day month_end(struct date first)
{
    return day_plus(day_of_date(month_after(day_of_date(first), 1)), -1);
}

struct day due_day_of(const struct due_rule *rule, struct day invoice_day)
{
    struct date month = month_after(invoice_day, rule->months);
    struct day last = month_end(month);

    switch (rule->kind) {
    case DUE_NET:
        return day_plus(invoice_day, rule->days);
    case DUE_END_OF_MONTH:
        return day_plus(last, rule->days);
    case DUE_MONTH_DAY:
        month.day = rule->month_day;
        if (month.day > date_of_day(last).day)
            return last;
        return day_of_date(month);
    }
    bug("a kind of due day", HERE);
}

static int64_t fee_by_tier(const struct late_fee *fee, int64_t open_minor)
{
    int64_t minor = 0;

    for (size_t i = 0; i < fee->tier_count && fee->tiers[i].from_minor <= open_minor; i++)
        minor = fee->tiers[i].minor;
    return minor;
}

int64_t late_fee_of(const struct late_fee *fee, int64_t open_minor)
{
    if (open_minor <= 0)
        return 0;
    if (fee->share == 0)
        return fee_by_tier(fee, open_minor);
    int64_t minor = (int64_t)(((wide)open_minor * fee->share + SHARE_WHOLE / 2) / SHARE_WHOLE);
    if (minor < fee->least_minor)
        minor = fee->least_minor;
    if (fee->most_minor > 0 && minor > fee->most_minor)
        minor = fee->most_minor;
    return minor;
}

static const struct due_part at_once = { { .kind = DUE_NET }, SHARE_WHOLE };

const struct terms terms_none = {
    .name = "none",
    .title = "Nothing was agreed",
    .due_count = 1,
    .due = &at_once,
    .allocation = { .order = { COMPONENT_PRINCIPAL, COMPONENT_INTEREST, COMPONENT_FEES,
                               COMPONENT_COSTS },
                    .by_component = true },
};
