#include "flow/insight_words.h"

#include <stdio.h>
#include <string.h>

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

const char *insight_tenths(struct arena *a, int64_t tenths)
{
    int64_t size = tenths < 0 ? -tenths : tenths;

    return arena_print(a, "%s%lld.%lld", tenths < 0 ? "−" : "", (long long)(size / 10),
                       (long long)(size % 10));
}

const char *insight_count(struct arena *a, int64_t count)
{
    char digits[24], text[40];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%lld",
                                     (long long)(count < 0 ? -count : count));
    size_t at = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return arena_print(a, "%s%s", count < 0 ? "−" : "", text);
}

static const char *money(const struct insight_frame *f, int64_t minor)
{
    char text[MONEY_TEXT];

    money_show(money_of(minor < 0 ? -minor : minor, f->currency), text);
    return arena_print(f->arena, "%s%s", minor < 0 ? "−" : "", text);
}

static const char *with_unit(const struct insight_frame *f, enum measure_unit unit,
                             const char *number)
{
    const char *after = unit == UNIT_PERCENT ? "%"
                        : unit == UNIT_DAYS  ? " days"
                        : unit == UNIT_HOURS  ? " hours"
                        : unit == UNIT_POINTS ? " pts"
                                              : "";

    return arena_print(f->arena, "%s%s", number, after);
}

const char *insight_said(const struct insight_frame *f, const struct measured *m)
{
    if (m->unit == UNIT_MONEY)
        return money(f, (int64_t)m->numerator);
    if (m->unit == UNIT_COUNT)
        return insight_count(f->arena, (int64_t)m->numerator);
    if (!m->known)
        return "n/a";
    if (measured_is_thin(m))
        return arena_print(f->arena, "too few to compare (%s)",
                           insight_count(f->arena, m->out_of));
    return with_unit(f, m->unit, insight_tenths(f->arena, measured_tenths(m)));
}

/* Of amounts, in percent of what it was. */
static const char *amount_moved(const struct insight_frame *f, int64_t now, int64_t before)
{
    int64_t more = now > before ? now - before : before - now;

    if (before <= 0)
        return NULL;
    int64_t tenths = rounded_ratio((measure_sum)more * 1000, before);
    return tenths == 0 ? NULL : arena_print(f->arena, "%s%%", insight_tenths(f->arena, tenths));
}

const char *insight_moved(const struct insight_frame *f, const struct measured *now,
                          const struct measured *before, bool *up)
{
    int64_t is = measured_tenths(now), was = measured_tenths(before);
    int64_t more = is > was ? is - was : was - is;

    *up = is > was;
    if (now->unit == UNIT_MONEY || now->unit == UNIT_COUNT)
        return amount_moved(f, is, was);
    if (!now->known || !before->known || measured_is_thin(now) || measured_is_thin(before) ||
        more == 0)
        return NULL;
    const char *number = insight_tenths(f->arena, more);
    if (now->unit == UNIT_PERCENT)
        return arena_print(f->arena, "%s pts", number);
    return with_unit(f, now->unit, number);
}

const char *insight_reason(struct arena *a, const char *reason)
{
    static const char *const words[][2] = {
        { "not-mine", "Not my debt" },
        { "amount", "Amount looks wrong" },
        { "paid", "Already paid" },
        { "service", "Service not as agreed" },
        { "identity-theft", "Identity theft" },
        { "other", "Other" },
    };
    char *text;

    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i][0], reason) == 0)
            return words[i][1];
    }
    text = arena_copy(a, reason);
    for (char *at = text; *at != '\0'; at++)
        *at = *at == '_' || *at == '-' ? ' ' : *at;
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return text;
}

const char *insight_month(struct arena *a, int32_t month)
{
    return arena_print(a, "%s %d", months[month % 12], month / 12);
}

const char *insight_months(struct arena *a, int32_t first, int32_t last)
{
    if (first / 12 != last / 12)
        return arena_print(a, "%s to %s", insight_month(a, first), insight_month(a, last));
    return arena_print(a, "%s to %s", months[first % 12], insight_month(a, last));
}
