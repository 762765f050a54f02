#include "flow/terms_page.h"

#include "base/text.h"
#include "flow/charge.h"
#include "flow/terms_kept.h"

#include <inttypes.h>

enum { PARTS_SHOWN = 4 };

struct terms_page {
    const struct terms *terms;
    struct day today;
    struct arena *a;
    struct table *table;
};

static void row(struct terms_page *p, const char *part, const char *means,
                const struct ground *ground)
{
    table_text(p->table, part);
    table_text(p->table, means);
    table_text(p->table,
               ground == NULL ? NULL : ground_text(p->a, ground->clause, ground->law));
}

static const char *amount(const struct terms_page *p, int64_t minor)
{
    char text[MONEY_TEXT];

    return arena_copy(p->a, money_show(money_of(minor, p->terms->currency), text));
}

/* 80000 is "8 %", 15500 "1.55 %". */
static const char *percent(struct arena *a, int32_t millionths)
{
    int64_t whole = millionths / 10000, rest = millionths % 10000;
    int digits = 4;

    if (rest < 0)
        rest = -rest;
    while (digits > 0 && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    const char *sign = millionths < 0 && whole == 0 ? "-" : "";
    return digits == 0 ? arena_print(a, "%" PRId64 " %%", whole)
                       : arena_print(a, "%s%" PRId64 ".%0*" PRId64 " %%", sign, whole, digits,
                                     rest);
}

static const char *days_text(struct arena *a, int64_t days)
{
    return days == 1 ? "1 day" : arena_print(a, "%" PRId64 " days", days);
}

static const char *months_text(struct arena *a, int months)
{
    if (months == 0)
        return "of the month of the invoice";
    if (months == 1)
        return "of the month after the invoice";
    return arena_print(a, "of the month %d months after the invoice", months);
}

/* ---- Due -------------------------------------------------------------------------------- */

static const char *due_text(struct arena *a, const struct due_rule *rule)
{
    switch (rule->kind) {
    case DUE_NET:
        return rule->days == 0 ? "at once"
                               : arena_print(a, "%s after the invoice", days_text(a, rule->days));
    case DUE_END_OF_MONTH:
        return arena_print(a, "%s%sthe end %s",
                           rule->days == 0 ? "at " : days_text(a, rule->days),
                           rule->days == 0 ? "" : " after ", months_text(a, rule->months));
    case DUE_MONTH_DAY:
        return arena_print(a, "on day %d %s", rule->month_day, months_text(a, rule->months));
    }
    bug("a kind of due day is missing above", HERE);
}

static void due_rows(struct terms_page *p)
{
    const struct terms *t = p->terms;

    if (t->due_count == 1) {
        row(p, "Due", due_text(p->a, &t->due[0].rule), NULL);
        return;
    }
    for (size_t i = 0; i < t->due_count; i++) {
        if (i >= PARTS_SHOWN - 1 && i + 1 < t->due_count) {
            if (i == PARTS_SHOWN - 1)
                row(p, "Due", arena_print(p->a, "… %zu parts in all", t->due_count), NULL);
            continue;
        }
        row(p, "Due", arena_print(p->a, "%s: %s", percent(p->a, t->due[i].share),
                                  due_text(p->a, &t->due[i].rule)),
            NULL);
    }
}

/* ---- Interest --------------------------------------------------------------------------- */

static void interest_rows(struct terms_page *p)
{
    static const char *const compounded[] = { "not compounded", "compounded monthly",
                                              "compounded quarterly", "compounded yearly" };
    const struct interest_terms *i = &p->terms->interest;
    char day[DAY_TEXT];

    if (!i->runs) {
        row(p, "Interest", "none", NULL);
        return;
    }
    row(p, "Interest",
        arena_print(p->a, "%s a year today, counted %s, from the day after the %s day, %s",
                    percent(p->a, rate_on(i->rates, p->today)), day_count_name(i->day_count),
                    i->start == INTEREST_FROM_DUE ? "due" : "invoice",
                    compounded[i->compounding]),
        &i->ground);
    if (i->fixed_at_start)
        row(p, "Rate", "the rate of the first day holds until it is paid", NULL);
    if (i->known_to.number < DAY_NEVER.number)
        row(p, "Rate known",
            arena_print(p->a, "to %s; after that the last rate goes on until the next is entered",
                        day_print(i->known_to, day)),
            NULL);
}

/* ---- Fees ------------------------------------------------------------------------------- */

static const char *fee_amount(struct terms_page *p, const struct late_fee *fee)
{
    const char *text = "";

    if (fee->share > 0) {
        text = arena_print(p->a, "%s of the open principal", percent(p->a, fee->share));
        if (fee->least_minor > 0)
            text = arena_print(p->a, "%s, at least %s", text, amount(p, fee->least_minor));
        if (fee->most_minor > 0)
            text = arena_print(p->a, "%s, at most %s", text, amount(p, fee->most_minor));
        return text;
    }
    if (fee->tier_count == 1)
        return amount(p, fee->tiers[0].minor);
    for (size_t i = 0; i < fee->tier_count; i++)
        text = arena_print(p->a, "%s%s%s from %s on", text, i == 0 ? "" : ", ",
                           amount(p, fee->tiers[i].minor), amount(p, fee->tiers[i].from_minor));
    return text;
}

static const char *fee_time(struct terms_page *p, const struct late_fee *fee)
{
    const char *text = "on the first day that is late";

    if (fee->step != NULL)
        return arena_print(p->a, "when the step %s is taken", fee->step);
    if (fee->after_days > 0)
        text = arena_print(p->a, "when it is late by %s", days_text(p->a, fee->after_days));
    if (fee->every_days == 0)
        return arena_print(p->a, "once, %s", text);
    text = arena_print(p->a, "%s, and every %s after", text, days_text(p->a, fee->every_days));
    return fee->most_times == 0 ? text
                                : arena_print(p->a, "%s, at most %d times", text,
                                              fee->most_times);
}

static void fee_rows(struct terms_page *p)
{
    const struct terms *t = p->terms;

    if (t->fee_count == 0)
        row(p, "Late fees", "none", NULL);
    for (size_t i = 0; i < t->fee_count; i++)
        row(p, arena_print(p->a, "Fee %s", t->fees[i].name),
            arena_print(p->a, "%s, %s", fee_amount(p, &t->fees[i]), fee_time(p, &t->fees[i])),
            &t->fees[i].ground);
    if (t->fees_most_minor > 0)
        row(p, "All late fees",
            arena_print(p->a, "at most %s of an instalment", amount(p, t->fees_most_minor)),
            NULL);
}

/* ---- Allocation ------------------------------------------------------------------------- */

static void allocation_row(struct terms_page *p)
{
    const struct allocation_order *o = &p->terms->allocation;
    const char *text = "";

    for (int i = 0; i < COMPONENT_COUNT; i++)
        text = arena_print(p->a, "%s%s%s", text, i == 0 ? "" : ", then ",
                           component_name(o->order[i]));
    row(p, "A payment pays",
        arena_print(p->a, "%s; %s", text,
                    o->by_component ? "one of them of all instalments before the next"
                                    : "the oldest instalment whole before the next"),
        &o->ground);
    row(p, "When the principal is paid",
        p->terms->charges == CHARGES_CLAIM ? "interest and fees are still claimed"
                                           : "interest and fees are let go",
        NULL);
}

static void rows(struct sheet *out, const struct terms *terms, struct day today)
{
    static const struct table_column columns[] = { { "part", "", CELL_TEXT },
                                                   { "means", "Means", CELL_TEXT },
                                                   { "ground", "Ground", CELL_TEXT } };
    struct terms_page p = { terms, today, &out->arena, NULL };
    const char *currency =
        terms->currency == CURRENCY_NONE ? "any" : currency_code(terms->currency);

    out->heading = arena_print(p.a, "%s: %s", terms->name, terms->title);
    sheet_field(out, "terms", terms->name);
    sheet_field(out, "title", terms->title);
    sheet_field(out, "currency", currency);
    p.table = sheet_table(out, "rows", "", COUNT(columns), columns);
    row(&p, "Currency", currency, NULL);
    due_rows(&p);
    row(&p, "Late", terms->grace_days == 0
                        ? "when the due day is over"
                        : arena_print(p.a, "when %s of grace are over",
                                      days_text(p.a, terms->grace_days)),
        NULL);
    interest_rows(&p);
    fee_rows(&p);
    if (terms->discount.share > 0)
        row(&p, "Discount",
            arena_print(p.a, "%s for paying within %s of the invoice",
                        percent(p.a, terms->discount.share),
                        days_text(p.a, terms->discount.within_days)),
            &terms->discount.ground);
    allocation_row(&p);
}

bool terms_sheet_show(const char *name, struct day today, struct sheet *out, struct fault *why)
{
    struct terms_files files;

    if (!terms_files_all(&out->arena, &files, why))
        return false;
    const struct terms_file *file = terms_find(&files, name);
    if (file == NULL)
        return terms_unknown(&files, name, why);
    rows(out, file->terms, today);
    return true;
}

bool terms_sheet_check(const char *path, struct day today, struct sheet *out,
                       struct fault *why)
{
    const struct terms *terms;

    if (!terms_file_read(&out->arena, path, &terms, why))
        return false;
    rows(out, terms, today);
    return true;
}

bool terms_sheet_list(struct sheet *out, struct fault *why)
{
    static const struct table_column columns[] = {
        { "terms", "Terms", CELL_TEXT },       { "title", "What they are for", CELL_TEXT },
        { "currency", "Currency", CELL_TEXT }, { "path", "File", CELL_TEXT },
        { "digest", NULL, CELL_TEXT },
    };
    struct terms_files files;
    char hex[DIGEST_HEX];

    if (!terms_files_all(&out->arena, &files, why))
        return false;
    out->heading = "Terms that a debt can be bound to";
    struct table *t = sheet_table(out, "terms", "No terms.", COUNT(columns), columns);
    for (size_t i = 0; i < files.count; i++) {
        const struct terms *terms = files.all[i].terms;
        table_text(t, terms->name);
        table_text(t, terms->title);
        table_text(t, terms->currency == CURRENCY_NONE ? "any" : currency_code(terms->currency));
        table_text(t, files.all[i].path);
        table_text(t, digest_print(files.all[i].digest, hex));
    }
    return true;
}
