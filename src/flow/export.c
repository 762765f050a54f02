#include "flow/export.h"

#include "base/text.h"
#include "flow/export_parts.h"
#include "store/casefiles.h"
#include "store/figures.h"

/* What was charged has two names: as it is in the book, and by component. */
const struct export_account export_accounts[] = {
    { "cash", "1100", "Assets:Cash", false },
    { "principal", "1210", "Assets:Receivables:Principal", true },
    { "interest", "1220", "Assets:Receivables:Interest", true },
    { "fees", "1230", "Assets:Receivables:Fees", true },
    { "costs", "1240", "Assets:Receivables:Costs", true },
    { "unapplied", "2100", "Liabilities:Unapplied", true },
    { "placed", "3100", "Equity:Placed", false },
    { "adjustment", "3200", "Equity:Adjustment", false },
    { "charged_off", "3300", "Equity:Charged-off", false },
    { "charged", "4100", "Income:Charged", false },
    { "charged interest", "4110", "Income:Interest", false },
    { "charged fees", "4120", "Income:Fees", false },
    { "charged costs", "4130", "Income:Costs", false },
    { "discount", "5100", "Expenses:Discount", false },
    { "waived", "5200", "Expenses:Waived", false },
    { "forgiven", "5300", "Expenses:Forgiven", false },
    { "written_off", "5400", "Expenses:Written-off", false },
};
const size_t export_account_count = COUNT(export_accounts);

static const struct export_account *account_of(const char *name)
{
    for (size_t i = 0; i < COUNT(export_accounts); i++) {
        if (text_equal(export_accounts[i].name, name))
            return &export_accounts[i];
    }
    return NULL;
}

/* ---- Reading ---------------------------------------------------------------------------- */

struct reading {
    struct export_writer writer;
    struct arena arena;
    struct export_entry entry; /* line_count 0: none yet */
    struct fault *why;
};

static bool entry_is_wrong(const struct reading *r, const char *what)
{
    const char *casefile = r->entry.casefile == NULL ? "?" : r->entry.casefile;

    fail(r->why, DB_ROW, "Entry %lld of account %s %s.", (long long)r->entry.number, casefile,
         what);
    return fault_hint(r->why, "recoup prove");
}

static bool entry_check(const struct reading *r)
{
    measure_sum sum = 0;

    for (size_t i = 0; i < r->entry.line_count; i++)
        sum += r->entry.lines[i].minor;
    return sum == 0 || entry_is_wrong(r, "does not add up to nothing");
}

/* The one component that the entry charges; NULL when there are several, or none. */
static const char *component_charged(const struct export_entry *e)
{
    static const char *const components[] = { "interest", "fees", "costs" };
    const char *found = NULL;

    for (size_t i = 0; i < e->line_count; i++) {
        for (size_t k = 0; k < COUNT(components); k++) {
            if (!text_equal(e->lines[i].account->name, components[k]))
                continue;
            if (found != NULL && found != components[k])
                return NULL;
            found = components[k];
        }
    }
    return found;
}

static void split_charged(struct reading *r)
{
    struct export_entry *e = &r->entry;
    const char *component = component_charged(e);

    for (size_t i = 0; component != NULL && i < e->line_count; i++) {
        if (text_equal(e->lines[i].account->name, "charged"))
            e->lines[i].account = account_of(arena_print(&r->arena, "charged %s", component));
    }
}

static bool entry_end(struct reading *r)
{
    struct export_writer *w = &r->writer;

    if (r->entry.line_count == 0)
        return true;
    if (!entry_check(r))
        return false;
    split_charged(r);
    if (w->request->format == EXPORT_GL)
        export_gl_entry(w, &r->entry);
    else
        export_text_entry(w, &r->entry);
    w->bucket = r->entry.bucket;
    w->casefile_id = r->entry.casefile_id;
    return true;
}

static bool is_of_entry(const struct reading *r, int64_t bucket, struct query *q)
{
    const struct export_entry *e = &r->entry;

    return e->line_count > 0 && e->bucket == bucket && e->casefile_id == row_int(q, 0) &&
           e->number == row_int(q, 2);
}

static const char *entry_name(struct reading *r, int64_t number)
{
    return arena_print(&r->arena, "%s/%lld", r->entry.casefile, (long long)number);
}

static bool entry_begin(struct reading *r, int64_t bucket, struct query *q)
{
    int64_t currency = row_int(q, 11);

    arena_reset(&r->arena);
    r->entry = (struct export_entry){ .bucket = bucket,
                                      .casefile_id = row_int(q, 0),
                                      .casefile = row_copy(q, 1, &r->arena),
                                      .number = row_int(q, 2),
                                      .day = { (int32_t)row_int(q, 4) },
                                      .posted_at = { row_int(q, 5) },
                                      .cause = row_copy(q, 6, &r->arena),
                                      .currency = (enum currency)currency };
    if (r->entry.casefile == NULL)
        return entry_is_wrong(r, "belongs to no account");
    r->entry.name = entry_name(r, r->entry.number);
    if (row_int(q, 7) != 0)
        r->entry.takes_back = entry_name(r, row_int(q, 7));
    return currency_is_known(currency) || entry_is_wrong(r, "is in no known currency");
}

static bool line_take(struct reading *r, struct query *q)
{
    struct export_entry *e = &r->entry;
    const char *name = row_copy(q, 8, &r->arena);
    const struct export_account *account = account_of(name);

    if (account == NULL)
        return entry_is_wrong(
            r, arena_print(&r->arena, "has a line on an account \"%s\", which is not known",
                           name));
    if (row_int(q, 11) != (int64_t)e->currency)
        return entry_is_wrong(r, "is in several currencies");
    struct export_line *line = arena_push(&r->arena, e->lines, e->line_count, e->line_room);
    *line = (struct export_line){ .number = row_int(q, 3),
                                  .account = account,
                                  .debt = row_copy(q, 9, &r->arena),
                                  .instalment = row_int(q, 10),
                                  .minor = row_int(q, 12) };
    return true;
}

static bool row_take(struct reading *r, int64_t bucket, struct query *q)
{
    if (!is_of_entry(r, bucket, q) && (!entry_end(r) || !entry_begin(r, bucket, q)))
        return false;
    return line_take(r, q);
}

static bool bucket_read(struct store *s, struct reading *r, int64_t bucket, int64_t first,
                        int64_t last)
{
    const struct export_request *request = r->writer.request;
    struct query q = query_begin(s, Q_EXPORT_POSTINGS);
    struct fault ignored;
    bool fine = true;

    bind_int(&q, bucket);
    bind_int(&q, first);
    bind_int(&q, last);
    bind_int(&q, request->since.number);
    bind_int(&q, request->until.number);
    bind_int(&q, request->known.us);
    while (fine && query_next(&q))
        fine = row_take(r, bucket, &q);
    fine = query_end(&q, fine ? r->why : &ignored) && fine;
    fine = fine && entry_end(r);
    r->entry.line_count = 0;
    return fine;
}

static bool book_read(struct store *s, struct reading *r)
{
    const char *account = r->writer.request->account;
    struct figures_buckets buckets;
    struct casefile_key key;
    bool fine = true;

    if (account != NULL)
        return casefile_find(s, account, &key, r->why) &&
               bucket_read(s, r, key.bucket, key.id, key.id);
    if (!figures_buckets(s, &buckets, r->why))
        return false;
    for (int64_t bucket = 0; fine && bucket < BUCKETS; bucket++)
        fine = !buckets.used[bucket] || bucket_read(s, r, bucket, 0, INT64_MAX);
    return fine;
}

bool export_ledger(struct store *s, const struct export_request *request, FILE *out,
                   struct fault *why)
{
    bool declared[COUNT(export_accounts)] = { false };
    struct reading r = {
        .writer = { .request = request, .out = out, .bucket = -1, .declared = declared },
        .why = why,
    };

    if (request->since.number > request->until.number)
        return fail(why, BAD_VALUE, "The period of the export ends before it begins.");
    if (!store_read_begin(s, why))
        return false;
    if (request->format == EXPORT_GL)
        export_gl_begin(&r.writer);
    else
        export_text_begin(&r.writer);
    bool done = book_read(s, &r);
    store_read_end(s);
    arena_free(&r.arena);
    return done;
}
