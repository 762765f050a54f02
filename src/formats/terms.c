#include "formats/terms.h"

#include "base/files.h"
#include "base/text.h"
#include "formats/terms_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MONTHS_MOST = 1200, INSTALMENTS_MOST = 600 };

void terms_refuse(struct yaml_reader *r, const char *key, const char *format, ...)
{
    const struct yaml *at = yaml_find(r->map, key);
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (r->ok)
        r->ok = yaml_fail(at != NULL ? at : r->map, r->why, "%s", text);
}

void terms_ground(struct yaml_reader *r, const char *what, struct ground *out)
{
    const char *clause = yaml_text_or(r, "clause", NULL), *law = yaml_text_or(r, "law", NULL);

    *out = (struct ground){ clause, law };
    if (text_is_empty(clause) && text_is_empty(law))
        terms_refuse(
            r, clause == NULL ? "law" : "clause",
            "%s has no ground: quote the \"clause\" of the contract, or cite the \"law\", "
            "that allows it",
            what);
}

int64_t terms_amount(struct terms_reader *t, struct yaml_reader *r, const char *key)
{
    const char *text = yaml_text_or(r, key, NULL);
    struct money money = { 0, CURRENCY_NONE };
    struct fault bad = { 0 };

    if (text == NULL || !r->ok)
        return 0;
    if (t->terms->currency == CURRENCY_NONE)
        terms_refuse(
            r, key, "an amount needs a currency: write one at the top, like \"currency: EUR\"");
    else if (!money_parse(text, '.', '\0', t->terms->currency, &money, &bad))
        terms_refuse(r, key, "%s", bad.text);
    else if (money.minor < 0)
        terms_refuse(r, key, "\"%s\" must not be negative", key);
    return money.minor;
}

/* The kind is the one key that is there. */
static void due_rule_read(struct yaml_reader *r, struct due_rule *out)
{
    int kinds = (yaml_find(r->map, "net") != NULL) +
                (yaml_find(r->map, "end_of_month") != NULL) +
                (yaml_find(r->map, "month_day") != NULL);

    if (kinds != 1)
        terms_refuse(r, "due",
                     "a due day is one of: net, end_of_month (in days), or month_day");
    if (yaml_find(r->map, "net") != NULL) {
        out->kind = DUE_NET;
        out->days = (int)yaml_int(r, "net", 0, TERMS_DAYS_MOST);
        if (yaml_find(r->map, "months") != NULL)
            terms_refuse(r, "months", "\"months\" goes with end_of_month or month_day");
    } else if (yaml_find(r->map, "end_of_month") != NULL) {
        out->kind = DUE_END_OF_MONTH;
        out->days = (int)yaml_int(r, "end_of_month", 0, TERMS_DAYS_MOST);
        out->months = (int)yaml_int_or(r, "months", 0, MONTHS_MOST, 0);
    } else {
        out->kind = DUE_MONTH_DAY;
        out->month_day = (int)yaml_int(r, "month_day", 1, 31);
        out->months = (int)yaml_int_or(r, "months", 1, MONTHS_MOST, 1);
    }
}

/* Equal parts, month by month; what a millionth can't divide goes to the later ones. */
static void due_equal_read(struct terms_reader *t, struct yaml_reader *r)
{
    size_t count = (size_t)yaml_int(r, "instalments", 1, INSTALMENTS_MOST);
    struct due_part *parts = arena_array(t->a, struct due_part, count);
    struct due_rule rule = { 0 };

    due_rule_read(r, &rule);
    if (rule.kind == DUE_NET)
        terms_refuse(r, "net", "instalments are due by end_of_month or month_day");
    for (size_t i = 0; i < count; i++) {
        parts[i].rule = rule;
        parts[i].rule.months += (int)i;
        parts[i].share = (int32_t)((int64_t)SHARE_WHOLE * (int64_t)(i + 1) / (int64_t)count -
                                   (int64_t)SHARE_WHOLE * (int64_t)i / (int64_t)count);
    }
    t->terms->due = parts;
    t->terms->due_count = count;
}

static void due_one_read(struct terms_reader *t, struct yaml_reader *r)
{
    struct due_part *part = arena_make(t->a, struct due_part);

    part->share = SHARE_WHOLE;
    due_rule_read(r, &part->rule);
    t->terms->due = part;
    t->terms->due_count = 1;
}

static bool due_list_read(struct terms_reader *t, const struct yaml *list)
{
    struct due_part *parts = arena_array(t->a, struct due_part, list->count + 1);
    int64_t sum = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct yaml_reader r = yaml_read(list->items[i], t->why);
        yaml_only(&r, "share", "net", "end_of_month", "month_day", "months", NULL);
        parts[i].share = yaml_percent(&r, "share", 1, SHARE_WHOLE);
        due_rule_read(&r, &parts[i].rule);
        if (!r.ok)
            return false;
        sum += parts[i].share;
    }
    if (sum != SHARE_WHOLE)
        return yaml_fail(list, t->why, "the shares add up to %lld.%04lld percent, not to 100",
                         (long long)sum / 10000, (long long)sum % 10000);
    t->terms->due = parts;
    t->terms->due_count = list->count;
    return true;
}

static void due_read(struct terms_reader *t, struct yaml_reader *r)
{
    const struct yaml *node = yaml_find(r->map, "due");

    if (!r->ok || node == NULL)
        return;
    if (node->kind == YAML_LIST) {
        r->ok = due_list_read(t, node);
        return;
    }
    struct yaml_reader d = yaml_read(node, t->why);
    yaml_only(&d, "net", "end_of_month", "month_day", "months", "instalments", NULL);
    if (d.ok && yaml_find(node, "instalments") != NULL)
        due_equal_read(t, &d);
    else if (d.ok)
        due_one_read(t, &d);
    r->ok = d.ok;
}

static void order_of_payment_read(struct terms_reader *t, struct yaml_reader *r)
{
    const struct yaml *node = yaml_map_or(r, "allocation");

    if (!r->ok || node == NULL)
        return;
    struct yaml_reader o = yaml_read(node, t->why);
    yaml_only(&o, "place", "order", "by", "clause", "law", NULL);
    if (yaml_find(node, "place") == NULL) {
        allocation_read(&o, t->a, &t->terms->allocation);
        terms_ground(&o, "this order", &t->terms->allocation.ground);
    } else {
        const char *place = yaml_text(&o, "place");
        const struct allocation_order *order = allocation_of_place(t->rates, place);
        if (node->count > 1)
            terms_refuse(&o, "place", "an order by the law of a place stands alone");
        if (order == NULL)
            terms_refuse(&o, "place",
                         "no order of \"%s\" is known; rates/allocation.yaml has them", place);
        else
            t->terms->allocation = *order;
    }
    r->ok = o.ok;
}

static void charges_read(struct terms_reader *t, struct yaml_reader *r)
{
    const char *charges = yaml_text_or(r, "charges", "claim");

    t->terms->charges = strcmp(charges, "waive") == 0 ? CHARGES_WAIVE : CHARGES_CLAIM;
    if (t->terms->charges == CHARGES_CLAIM && strcmp(charges, "claim") != 0)
        terms_refuse(r, "charges", "charges: claim or waive");
}

static void currency_read(struct terms_reader *t, struct yaml_reader *r)
{
    const char *code = yaml_text_or(r, "currency", NULL);

    if (code == NULL)
        return;
    t->terms->currency = currency_parse(code);
    if (t->terms->currency == CURRENCY_NONE)
        terms_refuse(r, "currency", "\"%s\" is no currency of ISO 4217", code);
}

static void charged_read(struct terms_reader *t, struct yaml_reader *r)
{
    const struct yaml *interest = yaml_map_or(r, "interest"),
                      *fees = yaml_list_or(r, "late_fees"),
                      *discount = yaml_map_or(r, "discount");

    t->terms->fees_most_minor = terms_amount(t, r, "late_fees_most");
    if (r->ok && interest != NULL)
        terms_interest(t, interest);
    if (r->ok && fees != NULL)
        terms_fees(t, fees);
    if (r->ok && discount != NULL)
        terms_discount(t, discount);
    r->ok = r->ok && t->why->code == FAULT_NONE;
}

struct terms *terms_read(struct arena *a, const char *name, const char *text, size_t length,
                         const struct rate_book *rates, struct fault *why)
{
    struct terms_reader t = { a, why, rates, arena_make(a, struct terms) };

    *why = (struct fault){ 0 };
    *t.terms = terms_none;
    const struct yaml *root = yaml_parse(a, name, text, length, why);
    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_only(&r, "terms", "title", "currency", "due", "grace_days", "interest", "late_fees",
              "late_fees_most", "discount", "allocation", "charges", NULL);
    t.terms->name = yaml_text(&r, "terms");
    if (text_equal(t.terms->name, terms_none.name))
        terms_refuse(&r, "terms", "\"%s\" is the name of what was never agreed; choose another",
                     terms_none.name);
    t.terms->title = yaml_text(&r, "title");
    t.terms->grace_days = (int)yaml_int_or(&r, "grace_days", 0, TERMS_DAYS_MOST, 0);
    currency_read(&t, &r);
    due_read(&t, &r);
    charged_read(&t, &r);
    order_of_payment_read(&t, &r);
    charges_read(&t, &r);
    return r.ok ? t.terms : NULL;
}

bool terms_load(struct arena *a, const struct rate_book *rates, struct terms_files *out,
                struct fault *why)
{
    const char **paths;
    size_t count;

    if (!files_list(a, "terms/", ".yaml", &paths, &count, why))
        return false;
    struct terms_file *all = arena_array(a, struct terms_file, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        if (!files_load(a, paths[i], &file, why))
            return false;
        const char *text = (const char *)file.bytes;
        all[i] = (struct terms_file){ paths[i], text, file.length, digest_of(text, file.length),
                                      terms_read(a, paths[i], text, file.length, rates, why) };
        if (all[i].terms == NULL)
            return false;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].terms->name, all[i].terms->name) == 0)
                return fail(why, BAD_PACK, "%s and %s are both called \"%s\"; rename one.",
                            all[k].path, all[i].path, all[i].terms->name);
        }
    }
    *out = (struct terms_files){ count, all };
    return true;
}

const struct terms_file *terms_find(const struct terms_files *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->all[i].terms->name, name) == 0)
            return &files->all[i];
    }
    return NULL;
}
