/* Clients: what they placed, what was collected, what their records caused. */
#include "web/page_insights.h"

#include "base/text.h"

static int64_t charged(const struct tally *t)
{
    int64_t minor = 0;

    for (int k = 0; k < COMPONENT_KINDS; k++)
        minor += t->charged_minor[k];
    return minor;
}

static void client_put(const struct insight_page *i, json_t *row, const struct client_row *c)
{
    struct arena *a = i->p->arena;
    enum currency currency = i->f.currency;
    const struct tally *t = &c->tally;
    const char *rate = t->billed_ever_debts < TOO_FEW
                           ? NULL
                           : words_percent(a, t->cash_ever_minor, t->billed_ever_minor);

    put(row, "name", c->name);
    put(row, "link",
        insight_link(i, arena_print(a, "/clients/%s", url_encode(a, c->name)), NULL));
    put(row, "open_files", words_count(a, t->files[FILE_OPEN]));
    put(row, "placed", words_money(a, t->placed_minor, currency));
    put(row, "placed_debts", words_count(a, t->placed_debts));
    put(row, "open", words_money(a, t->open_minor, currency));
    put(row, "late", words_money(a, t->late_minor, currency));
    put(row, "collected", words_money(a, t->cash_minor, currency));
    put(row, "recovery", rate != NULL ? arena_print(a, "%s%%", rate) : "–");
    put(row, "paid_debts", words_count(a, t->paid_debts));
    put(row, "disputes", words_count(a, c->disputes));
    put(row, "complaints", words_count(a, t->complaints));
    put(row, "charged", words_money(a, charged(t), currency));
}

bool page_clients(struct page *p, struct fault *why)
{
    struct insight_page i;
    struct client_row *rows;
    size_t count;

    if (!insight_page_begin(&i, p, why) || !insight_clients(&i.f, &rows, &count, why))
        return false;
    json_t *list = put_list(p->context, "rows");
    for (size_t k = 0; k < count; k++)
        client_put(&i, list_add(list), &rows[k]);
    put(p->context, "title", "Clients");
    put(p->context, "home", insight_link(&i, "/insights", NULL));
    put_true(p->context, "has_rows", count > 0);
    return true;
}

/* ---- One client
 * -------------------------------------------------------------------------------- */

/* Files of theirs: when the last ones came, and how far apart they usually are. */
static bool files_put(const struct insight_page *i, const char *client, struct fault *why)
{
    struct client_file *files;
    size_t count;

    if (!insight_client_files(&i->f, client, &files, &count, why))
        return false;
    json_t *list = put_list(i->p->context, "files");
    for (size_t k = 0; k < count; k++) {
        json_t *row = list_add(list);
        put(row, "when", words_day_near(i->p->arena, files[k].day, i->f.today));
        put(row, "debts", words_count(i->p->arena, files[k].debts));
        put(row, "amount", words_money(i->p->arena, files[k].minor, i->f.currency));
        put(row, "days_between",
            files[k].days_between > 0
                ? arena_print(i->p->arena, "%d day%s", files[k].days_between,
                              files[k].days_between == 1 ? "" : "s")
                : "");
    }
    put_true(i->p->context, "has_files", count > 0);
    return true;
}

static bool disputes_put(const struct insight_page *i, const struct client_row *c)
{
    json_t *list = put_list(i->p->context, "reasons");

    for (size_t k = 0; k < c->tally.dispute_count; k++) {
        const struct tally_dispute *d = &c->tally.disputes[k];
        struct insight_cell cell = insight_cell_of(INSIGHT_DISPUTES);
        int64_t days;
        if (d->opened == 0 && d->answered == 0)
            continue;
        json_t *row = list_add(list);
        cell.first = d->reason;
        put(row, "reason", insight_reason(i->p->arena, insight_word(&i->f, d->reason)));
        put(row, "opened", words_count(i->p->arena, d->opened));
        put(row, "answered", words_count(i->p->arena, d->answered));
        put(row, "median",
            histogram_percentile(&d->days, 50, &days)
                ? arena_print(i->p->arena, "%lld days", (long long)days)
                : "–");
        put(row, "link", insight_rows_link(i, &cell, c->name));
    }
    return true;
}

static const struct client_row *client_find(const struct client_row *rows, size_t count,
                                            const char *name)
{
    for (size_t k = 0; k < count; k++) {
        if (text_equal(rows[k].name, name))
            return &rows[k];
    }
    return NULL;
}

/* The pages of figures, narrowed to this client. */
static void narrow(struct insight_page *i, const char *name)
{
    struct arena *a = i->p->arena;

    i->f.client = name;
    i->f.money = insight_set(&i->f, (struct insight_where){ 0 }, i->f.currency);
    i->f.people = insight_set(&i->f, (struct insight_where){ 0 }, CURRENCY_NONE);
    i->query = arena_print(a, "%s%sclient=%s", i->query, i->query[0] != '\0' ? "&" : "",
                           url_encode(a, name));
}

bool page_client(struct page *p, struct fault *why)
{
    struct insight_page i;
    struct client_row *rows;
    size_t count;

    if (!insight_page_begin(&i, p, why) || !insight_clients(&i.f, &rows, &count, why))
        return false;
    const struct client_row *c = client_find(rows, count, p->hole);
    if (c == NULL)
        return fail(why, NOT_FOUND, "There is no client \"%s\" here.", p->hole);
    put(p->context, "title", c->name);
    put(p->context, "list_link", insight_link(&i, "/clients", NULL));
    client_put(&i, put_object(p->context, "client"), c);
    disputes_put(&i, c);
    if (!files_put(&i, c->name, why))
        return false;
    narrow(&i, c->name);
    put(p->context, "insights_link", insight_link(&i, "/insights", NULL));
    put(p->context, "accounts_link",
        arena_print(p->arena, "/accounts?client=%s", url_encode(p->arena, c->name)));
    return panel_liquidation(&i, insight_panel(&i, "liquidation", INSIGHT_LIQUIDATION), why) &&
           panel_ageing(&i, insight_panel(&i, "ageing", INSIGHT_AGEING), why) &&
           panel_vintages(&i, insight_panel(&i, "vintages", INSIGHT_VINTAGES), why);
}
