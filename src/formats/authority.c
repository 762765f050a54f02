#include "formats/authority.h"

#include "base/digest.h"
#include "base/files.h"
#include "domain/terms.h" /* SHARE_WHOLE */

#include <string.h>

__extension__ typedef __int128 wide;

enum { MONTHS_MOST = 600, DAYS_MOST = 3650, PERCENT_DECIMALS = 4 };

static const struct fact_name fact_names[] = {
#define X(code, name, type, meaning) { name, type, meaning, false },
    AUTHORITY_FACTS(X)
#undef X
};
const struct fact_table authority_facts = { COUNT(fact_names), fact_names };

size_t authority_role_find(const struct authority_book *book, const char *role)
{
    size_t i = 0;

    while (i < book->role_count && strcmp(book->roles[i].name, role) != 0)
        i++;
    return i;
}

/* ---- Reading ----------------------------------------------------------------------------- */

static bool read_role(struct authority_book *book, const struct yaml *node, struct arena *a,
                      struct fault *why)
{
    struct yaml_reader r = yaml_read(node, why);

    yaml_only(&r, "name", "words", NULL);
    const char *name = yaml_text(&r, "name");
    const char *words = r.ok ? yaml_text_or(&r, "words", arena_print(a, "a %s", name)) : NULL;
    if (r.ok && authority_role_find(book, name) < book->role_count)
        r.ok = yaml_fail(node, why, "two roles are called \"%s\"", name);
    if (r.ok)
        book->roles[book->role_count++] = (struct authority_role){ name, words };
    return r.ok;
}

/* A whole number, "any", or 0 when it is not there. */
static int64_t read_number(struct yaml_reader *r, const char *key, int64_t most)
{
    if (strcmp(yaml_text_or(r, key, ""), "any") == 0)
        return AUTHORITY_ANY;
    return yaml_int_or(r, key, 0, most, 0);
}

/* "25.00" in the currency of the row. */
static int64_t read_amount(struct yaml_reader *r, const char *key, const struct authority *g)
{
    enum currency currency = g->currencies[0];
    const char *text = yaml_text_or(r, key, NULL);
    const struct yaml *at = yaml_find(r->map, key);
    struct money money = { 0, currency };
    struct fault bad = { 0 };

    if (text == NULL || !r->ok)
        return 0;
    if (strcmp(text, "any") == 0)
        return AUTHORITY_ANY;
    if (g->currency_count == 0)
        r->ok = yaml_fail(at, r->why, "a row with amounts names its currency");
    else if (!money_parse(text, '.', '\0', currency, &money, &bad))
        r->ok = yaml_fail(at, r->why, "%s", bad.text);
    else if (money.minor < 0)
        r->ok = yaml_fail(at, r->why, "\"%s\" must not be less than 0", key);
    return money.minor;
}

/* "12.5" → 125000 */
static int64_t read_percent(struct yaml_reader *r, const char *key)
{
    const char *text = yaml_text_or(r, key, "0"), *at = text;
    int64_t ppm = 0;
    int decimals = -1;

    for (; *at >= '0' && *at <= '9' && ppm <= SHARE_WHOLE; at++)
        ppm = ppm * 10 + *at - '0';
    if (*at == '.' && at > text) {
        for (decimals = 0, at++; *at >= '0' && *at <= '9' && decimals < PERCENT_DECIMALS; at++)
            decimals++, ppm = ppm * 10 + *at - '0';
    }
    bool read = at > text && *at == '\0' && decimals != 0;
    for (int i = decimals < 0 ? 0 : decimals; i < PERCENT_DECIMALS; i++)
        ppm *= 10;
    if (r->ok && (!read || ppm > SHARE_WHOLE))
        r->ok = yaml_fail(yaml_find(r->map, key), r->why,
                          "\"%s\" must be a share from 0 to 100, such as 12.5", key);
    return ppm;
}

static void read_currencies(struct yaml_reader *r, struct authority *g, struct arena *a)
{
    struct yaml_texts codes = yaml_texts(r, a, "currency");
    const struct yaml *at = yaml_find(r->map, "currency");

    if (r->ok && codes.count > COUNT(g->currencies))
        r->ok = yaml_fail(at, r->why, "at most %zu currencies", COUNT(g->currencies));
    for (size_t i = 0; i < codes.count && r->ok; i++) {
        enum currency currency = g->currencies[i] = currency_parse(codes.texts[i]);
        if (currency == CURRENCY_NONE)
            r->ok = yaml_fail(at, r->why, "there is no currency \"%s\"", codes.texts[i]);
        else if (currency_exponent(currency) != currency_exponent(g->currencies[0]))
            r->ok =
                yaml_fail(at, r->why, "%s and %s have not as many decimals; give each a row",
                          codes.texts[0], codes.texts[i]);
        g->currency_count = i + 1;
    }
}

static bool has_currency(const struct authority *g, const char *code)
{
    for (size_t i = 0; i < g->currency_count; i++) {
        if (strcmp(currency_code(g->currencies[i]), code) == 0)
            return true;
    }
    return g->currency_count == 0;
}

static void read_grants(struct yaml_reader *r, struct authority *g)
{
    g->plan_months = read_number(r, "plan_months", MONTHS_MOST);
    g->smallest_payment = read_amount(r, "smallest_payment", g);
    g->first_payment_ppm = read_percent(r, "first_payment_percent");
    g->first_within_days = read_number(r, "first_within_days", DAYS_MOST);
    g->discount_ppm = read_percent(r, "discount_percent");
    g->settlement_days = read_number(r, "settlement_days", DAYS_MOST);
    g->offer_days = read_number(r, "offer_days", DAYS_MOST);
    g->waive_interest = read_amount(r, "waive_interest", g);
    g->waive_fees = read_amount(r, "waive_fees", g);
    g->write_off = read_amount(r, "write_off", g);
    g->refund = read_amount(r, "refund", g);
}

static void read_when(struct yaml_reader *r, struct authority_row *row, struct arena *a)
{
    const struct yaml *node = yaml_find(r->map, "when");

    row->when_text = yaml_text_or(r, "when", NULL);
    if (row->when_text == NULL || !r->ok)
        return;
    struct place place = node->place;
    place.column += node->quoted; /* the text begins behind the quote */
    row->when = condition_compile(a, row->when_text, place, authority_facts, r->why);
    r->ok = row->when != NULL;
}

static bool read_row(struct authority_book *book, const struct yaml *node,
                     struct authority_row *row, struct arena *a, struct fault *why)
{
    struct yaml_reader r = yaml_read(node, why);

    yaml_only(&r, "name", "role", "when", "currency", "plan_months", "smallest_payment",
              "first_payment_percent", "first_within_days", "discount_percent",
              "settlement_days", "offer_days", "waive_interest", "waive_fees", "write_off",
              "refund", NULL);
    row->place = node->place;
    row->grants.row = yaml_text(&r, "name");
    row->grants.role = yaml_text(&r, "role");
    if (!r.ok)
        return false;
    row->role = authority_role_find(book, row->grants.role);
    if (row->role == book->role_count)
        return yaml_fail(yaml_find(node, "role"), why, "there is no role \"%s\" here",
                         row->grants.role);
    row->grants.source = arena_print(a, "%s, %s", book->file, row->grants.row);
    read_when(&r, row, a);
    read_currencies(&r, &row->grants, a);
    read_grants(&r, &row->grants);
    return r.ok;
}

/* A row behind one that always holds would never be asked. */
static bool check_row(const struct authority_book *book, const struct authority_row *row,
                      const struct yaml *node, struct fault *why)
{
    for (const struct authority_row *before = book->rows; before < row; before++) {
        if (strcmp(before->grants.row, row->grants.row) == 0)
            return yaml_fail(node, why, "two rows are called \"%s\"", row->grants.row);
        bool every = before->grants.currency_count == 0 || row->grants.currency_count > 0;
        for (size_t i = 0; i < row->grants.currency_count; i++)
            every = every &&
                    has_currency(&before->grants, currency_code(row->grants.currencies[i]));
        if (before->role == row->role && before->when == NULL && every)
            return yaml_fail(node, why, "row \"%s\" is never asked: \"%s\" always holds",
                             row->grants.row, before->grants.row);
    }
    return true;
}

static bool read_lists(struct authority_book *book, const struct yaml *roles,
                       const struct yaml *limits, struct arena *a, struct fault *why)
{
    struct authority_row *rows = arena_array(a, struct authority_row, limits->count + 1);

    if (roles->count == 0 || roles->count > ROLES_MOST)
        return yaml_fail(roles, why, "one to %d roles stand in order", ROLES_MOST);
    for (size_t i = 0; i < roles->count; i++) {
        if (!read_role(book, roles->items[i], a, why))
            return false;
    }
    book->rows = rows;
    book->row_count = limits->count;
    for (size_t i = 0; i < limits->count; i++) {
        if (!read_row(book, limits->items[i], &rows[i], a, why) ||
            !check_row(book, &rows[i], limits->items[i], why))
            return false;
    }
    return true;
}

struct authority_book *authority_parse(struct arena *a, const char *file, const char *bytes,
                                       size_t length, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    struct authority_book *book = arena_make(a, struct authority_book);

    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_only(&r, "authority", "title", "roles", "limits", "cases", NULL);
    book->name = yaml_text(&r, "authority");
    book->title = yaml_text(&r, "title");
    book->file = arena_copy(a, file);
    book->digest = digest_short(a, digest_of(bytes, length), 16);
    const struct yaml *roles = yaml_list(&r, "roles"), *limits = yaml_list(&r, "limits");
    book->cases = yaml_list_or(&r, "cases");
    return r.ok && read_lists(book, roles, limits, a, why) ? book : NULL;
}

struct authority_book *authority_load(struct arena *a, const char *path, struct fault *why)
{
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    return authority_parse(a, path, (const char *)file.bytes, file.length, why);
}

/* ---- Who may what ------------------------------------------------------------------------ */

struct authority authority_for(const struct authority_book *book, size_t role,
                               const struct value facts[AUTHORITY_FACT_COUNT])
{
    const struct value *currency = &facts[AUTHORITY_CURRENCY];

    must(role < book->role_count);
    for (size_t i = 0; i < book->row_count; i++) {
        const struct authority_row *row = &book->rows[i];
        bool own = row->grants.currency_count > 0;
        if (row->role != role)
            continue;
        if (own && currency->known && !has_currency(&row->grants, currency->text))
            continue;
        enum truth holds = row->when == NULL ? TRUTH_TRUE : condition_test(row->when, facts);
        if (holds == TRUTH_FALSE)
            continue;
        bool unknown = own && !currency->known;
        if (holds == TRUTH_TRUE && !unknown)
            return row->grants;
        const char *fact = unknown ? "currency" : condition_unknown(row->when, facts);
        return (struct authority){ .role = row->grants.role,
                                   .row = row->grants.row,
                                   .source = row->grants.source,
                                   .unknown = fact != NULL ? fact : "a fact" };
    }
    return (struct authority){ .role = book->roles[role].name };
}

/* The lowest role above; NULL at the top. */
static const char *role_above(const struct authority_book *book, size_t role)
{
    return role + 1 < book->role_count ? book->roles[role + 1].words : NULL;
}

static int64_t share_of(int64_t minor, int64_t ppm, bool up)
{
    return (int64_t)(((wide)minor * ppm + (up ? SHARE_WHOLE - 1 : 0)) / SHARE_WHOLE);
}

size_t authority_limits(const struct authority_book *book, size_t role,
                        const struct value facts[AUTHORITY_FACT_COUNT], struct money open,
                        struct day today, struct arena *a,
                        struct plan_limit limits[AUTHORITY_LIMITS])
{
    struct authority g = authority_for(book, role, facts);
    struct plan_limit like = { .day = DAY_NONE,
                               .source = g.source != NULL ? g.source : book->file,
                               .who = book->roles[role].words,
                               .ask = role_above(book, role) };
    size_t count = 0;

    if (g.unknown != NULL)
        like.source = arena_print(a, "%s: %s is not known", g.source, g.unknown);
    if (g.plan_months != AUTHORITY_ANY) {
        limits[count] = like;
        limits[count].kind = LIMIT_TERM_MONTHS;
        limits[count++].value = g.plan_months;
    }
    if (g.smallest_payment > 0 && g.smallest_payment != AUTHORITY_ANY) {
        limits[count] = like;
        limits[count].kind = LIMIT_LEAST_PAYMENT;
        limits[count++].value = g.smallest_payment;
    }
    if (g.first_payment_ppm > 0) {
        limits[count] = like;
        limits[count].kind = LIMIT_LEAST_DOWN;
        limits[count++].value = share_of(open.minor, g.first_payment_ppm, true);
    }
    if (g.first_within_days > 0 && g.first_within_days != AUTHORITY_ANY) {
        limits[count] = like;
        limits[count].kind = LIMIT_FIRST_BY;
        limits[count++].day = day_plus(today, (int)g.first_within_days);
    }
    return count;
}

void proposal_of_plan(const struct plan *plan, struct day today, struct proposal *out)
{
    const struct split *s = &plan->split;

    out->plan_months = plan->months;
    out->plan_payments = s->count;
    out->smallest_payment = s->each < s->last ? s->each : s->last;
    out->first_payment = s->down;
    out->first_within_days = plan->rows[0].day.number - today.number;
}

/* ---- Asking ------------------------------------------------------------------------------ */

struct asked {
    const struct authority_book *book;
    const struct authority *grants;
    const struct proposal *p;
    const char *who;
    struct arena *a;
};

static const char *shown(const struct asked *q, int64_t minor)
{
    char text[MONEY_TEXT];

    return arena_copy(q->a, money_show(money_of(minor, q->p->open.currency), text));
}

static const char *above_count(const struct asked *q, int64_t wanted, int64_t most,
                               const char *unit, const char *what)
{
    if (wanted <= most)
        return NULL;
    return arena_print(q->a, "%s%lld %s%s is longer than the %lld %s%s that %s may grant", what,
                       (long long)wanted, unit, wanted == 1 ? "" : "s", (long long)most, unit,
                       most == 1 ? "" : "s", q->who);
}

static const char *above_amount(const struct asked *q, int64_t wanted, int64_t most,
                                const char *what)
{
    if (wanted <= most)
        return NULL;
    return arena_print(q->a, "%s of %s is more than the %s that %s may grant", what,
                       shown(q, wanted), shown(q, most), q->who);
}

static const char *plan_breaks(const struct asked *q)
{
    const struct authority *g = q->grants;
    const struct proposal *p = q->p;
    int64_t down = share_of(p->open.minor, g->first_payment_ppm, true);

    if (p->plan_months == 0)
        return NULL;
    const char *why = above_count(q, p->plan_months, g->plan_months, "month", "");
    if (why == NULL && g->first_within_days > 0)
        why = above_count(q, p->first_within_days, g->first_within_days, "day",
                          "a first payment in ");
    if (why != NULL)
        return why;
    if (p->plan_payments != 1 && p->smallest_payment < g->smallest_payment)
        return arena_print(q->a, "%s is less than the smallest payment that %s may grant, %s",
                           shown(q, p->smallest_payment), q->who,
                           shown(q, g->smallest_payment));
    if (p->first_payment < down)
        return arena_print(q->a,
                           "a first payment of %s is less than the %s that %s must ask "
                           "for",
                           shown(q, p->first_payment), shown(q, down), q->who);
    return NULL;
}

/* The first thing that the grants do not cover; NULL when they cover all. */
static const char *breaks(const struct asked *q)
{
    const struct authority *g = q->grants;
    const struct proposal *p = q->p;
    int64_t discount = share_of(p->open.minor, g->discount_ppm, false);
    const char *why;

    if (g->row == NULL)
        return arena_print(q->a, "%s has no row for %s here", q->book->file, q->who);
    if (g->unknown != NULL)
        return arena_print(q->a, "%s is not known, and what %s may grant depends on it",
                           g->unknown, q->who);
    if ((why = plan_breaks(q)) != NULL ||
        (why = above_amount(q, p->discount_minor, discount, "a discount")) != NULL ||
        (why = above_count(q, p->settlement_days, g->settlement_days, "day",
                           "a settlement in ")) != NULL ||
        (why = above_count(q, p->offer_days, g->offer_days, "day", "an offer of ")) != NULL ||
        (why = above_amount(q, p->waive_interest, g->waive_interest, "a waiver of interest")) !=
            NULL ||
        (why = above_amount(q, p->waive_fees, g->waive_fees, "a waiver of fees")) != NULL ||
        (why = above_amount(q, p->write_off, g->write_off, "a write-off")) != NULL)
        return why;
    return above_amount(q, p->refund, g->refund, "a refund");
}

static const char *breaks_for(const struct authority_book *book, size_t role,
                              const struct value facts[AUTHORITY_FACT_COUNT],
                              const struct proposal *p, struct arena *a,
                              struct authority *grants)
{
    *grants = authority_for(book, role, facts);
    struct asked q = { book, grants, p, book->roles[role].words, a };
    return breaks(&q);
}

struct authority_answer authority_check(const struct authority_book *book, size_t role,
                                        const struct value facts[AUTHORITY_FACT_COUNT],
                                        const struct proposal *p, struct arena *a)
{
    struct authority grants, other;
    const char *why = breaks_for(book, role, facts, p, a, &grants);
    const struct authority_role *own = &book->roles[role];

    if (why == NULL)
        return (struct authority_answer){
            AUTHORITY_ALLOWED, own->name,
            arena_print(a, "within what %s may grant", own->words), grants.source
        };
    const char *source = grants.source != NULL ? grants.source : book->file;
    for (size_t i = role + 1; i < book->role_count; i++) {
        if (breaks_for(book, i, facts, p, a, &other) == NULL)
            return (struct authority_answer){
                AUTHORITY_APPROVAL, book->roles[i].name,
                arena_print(a, "%s; %s can approve it", why, book->roles[i].words), source
            };
    }
    return (struct authority_answer){ AUTHORITY_NOBODY, NULL,
                                      arena_print(a, "%s; nobody here may approve it", why),
                                      source };
}

bool authority_may_approve(const struct authority_book *book, const char *author,
                           const char *approver, size_t approver_role,
                           const struct value facts[AUTHORITY_FACT_COUNT],
                           const struct proposal *p, struct arena *a, struct fault *why)
{
    struct authority grants;

    if (strcmp(author, approver) == 0)
        return fail(why, NOT_ALLOWED, "%s asked for it, so somebody else has to approve it",
                    author);
    const char *broken = breaks_for(book, approver_role, facts, p, a, &grants);
    if (broken != NULL)
        return fail(why, NOT_ALLOWED, "%s can't approve it: %s", approver, broken);
    return true;
}
