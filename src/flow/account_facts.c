/* Facts of one account, and the duties that follow from what was done. */
#include "base/text.h"
#include "domain/ask.h"
#include "flow/account_cells.h"
#include "flow/policy.h"
#include "flow/publication.h"
#include "store/casefiles.h"

#include <stdlib.h>

/* ---- Facts ------------------------------------------------------------------------------- */

static const char *hours_text(struct arena *a, struct query *q)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    int64_t weekdays = row_int(q, 8), from = row_int(q, 9), to = row_int(q, 10);
    const char *text = NULL;

    for (int i = 0; i < 7; i++) {
        if ((weekdays >> i & 1) != 0)
            text = text == NULL ? days[i] : arena_print(a, "%s,%s", text, days[i]);
    }
    if (from == 0 && to == 0)
        return text;
    return arena_print(a, "%s%s%02d:%02d-%02d:%02d", text == NULL ? "" : text,
                       text == NULL ? "" : " ", (int)(from / 3600), (int)(from / 60 % 60),
                       (int)(to / 3600), (int)(to / 60 % 60));
}

/* "form=letter, written=true" */
static const char *detail_text(struct arena *a, const char *detail)
{
    struct gate_fields fields = gate_fields_parse(a, detail);
    const char *text = NULL;

    for (size_t i = 0; i < fields.count; i++)
        text = arena_print(a, "%s%s%s=%s", text == NULL ? "" : text, text == NULL ? "" : ", ",
                           fields.fields[i].name, fields.fields[i].value);
    return text;
}

static void fact_row(struct query *q, const struct zone *zone, struct table *t)
{
    table_count(t, row_int(q, 0));
    table_text(t, row_text(q, 1));
    table_text(t, row_text(q, 2));
    table_text(t, instant_text(t->arena, row_int(q, 3), zone));
    table_text(t, instant_text(t->arena, row_int(q, 4), zone));
    table_text(t, row_text(q, 7));
    table_text(t, row_text(q, 5));
    table_text(t, row_text(q, 6));
    table_text(t, hours_text(t->arena, q));
    table_text(t, detail_text(t->arena, row_text(q, 11)));
    table_text(t, row_text(q, 12));
}

bool fact_list(struct store *s, const char *reference, const struct zone *zone,
               struct sheet *out, struct fault *why)
{
    static const struct table_column columns[] = {
        { "fact", "No", CELL_COUNT },      { "type", "Fact", CELL_TEXT },
        { "debt", "Debt", CELL_TEXT },     { "since", "Since", CELL_TEXT },
        { "until", "Until", CELL_TEXT },   { "channel", "Channel", CELL_TEXT },
        { "scope", "Scope", CELL_TEXT },   { "value", "Value", CELL_TEXT },
        { "hours", "Hours", CELL_TEXT },   { "detail", "Detail", CELL_TEXT },
        { "source", "Source", CELL_TEXT },
    };
    struct casefile_key key;

    if (!casefile_find(s, reference, &key, why))
        return false;
    out->heading = "Facts, the latest first";
    struct table *t = sheet_table(out, "facts", "No facts.", COUNT(columns), columns);
    struct query q = query_begin(s, Q_ACCOUNT_FACT_LIST);
    bind_key(&q, key);
    while (query_next(&q))
        fact_row(&q, zone, t);
    return query_end(&q, why);
}

/* ---- Duties ------------------------------------------------------------------------------ */

struct duty_row {
    const char *account, *name, *what, *rule, *cite;
    struct day due, today;
};

struct duty_search {
    struct store *store;
    const struct duty_filter *filter;
    const struct policy *policy;
    struct arena keep, scratch; /* the rows; one case file */
    struct duty_row *rows;
    size_t count, room;
    struct fault *why;
};

static void duties_keep(struct duty_search *d, const struct casefile *c,
                        const struct party *party, const struct gate_question *q,
                        const struct verdict *v)
{
    for (size_t i = 0; i < v->duty_count; i++) {
        const struct duty *duty = &v->duties[i];
        if (duty->text != NULL || duty->due.number > d->filter->due_by.number)
            continue;
        const struct zone *zone = q->zone_count > 0 ? q->zones[0] : d->policy->zone;
        *arena_push(&d->keep, d->rows, d->count, d->room) =
            (struct duty_row){ arena_copy(&d->keep, c->reference),
                               arena_copy(&d->keep, party->name),
                               duty->what,
                               rule_id(duty->rule),
                               rule_cite_first(duty->rule),
                               duty->due,
                               wall_at(q->at, zone).day };
    }
}

/* What another message to the debtor would be told that it owes. */
static bool casefile_search(struct duty_search *d, struct casefile_key key)
{
    struct day today = wall_at(d->filter->now, d->policy->zone).day;
    struct gate_question question;
    struct verdict verdict;
    struct casefile *c;

    arena_reset(&d->scratch);
    if (!casefile_load(d->store, &d->scratch, key, today, &c, d->why))
        return false;
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    if (debtor == NULL)
        return true;
    struct gate_debt *debts = arena_array(&d->scratch, struct gate_debt, c->debt_count + 1);
    for (size_t i = 0; i < c->debt_count; i++)
        debts[i] = ask_debt(c, c->debts[i].number, d->filter->now, &d->scratch);
    question_build(c, debtor, CHANNEL_LETTER, NULL, d->filter->now, c->debt_count, debts,
                   &question);
    question.purpose = NULL; /* not what a first message would begin: what was begun */
    gate_judge(d->policy->packs_for(d->policy, &d->scratch, c, debtor), &question, &verdict);
    duties_keep(d, c, debtor, &question, &verdict);
    return true;
}

static int by_due(const void *a, const void *b)
{
    int32_t x = ((const struct duty_row *)a)->due.number;
    int32_t y = ((const struct duty_row *)b)->due.number;

    return (x > y) - (x < y);
}

/* The keys first: a row is not read while another query is open. */
static bool candidates(struct duty_search *d, struct casefile_key **keys, size_t *count)
{
    struct query q = query_begin(d->store, Q_DUTY_CANDIDATES);
    size_t room = 0;

    while (query_next(&q))
        *arena_push(&d->keep, *keys, *count, room) =
            (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
    return query_end(&q, d->why);
}

static bool search(struct duty_search *d)
{
    struct casefile_key *keys = NULL;
    size_t count = 0;

    if (!candidates(d, &keys, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!casefile_search(d, keys[i]))
            return false;
    }
    if (d->count > 1)
        qsort(d->rows, d->count, sizeof *d->rows, by_due);
    return true;
}

static void duties_print(const struct duty_search *d, struct sheet *out, bool *more)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT },   { "name", "Name", CELL_TEXT },
        { "duty", "What is owed", CELL_TEXT }, { "due", "By", CELL_TEXT },
        { "state", "State", CELL_TEXT },       { "source", "Source", CELL_TEXT },
        { "rule", NULL, CELL_TEXT },
    };
    size_t most = d->filter->limit > 0 ? (size_t)d->filter->limit : SIZE_MAX;

    out->heading = "Notices that are owed, the first due first";
    struct table *t = sheet_table(out, "duties", "Nothing is owed.", COUNT(columns), columns);
    for (size_t i = 0; i < d->count && i < most; i++) {
        const struct duty_row *row = &d->rows[i];
        table_text(t, row->account);
        table_text(t, row->name);
        table_text(t, row->what);
        table_text(t, day_text(t->arena, row->due.number));
        table_text(t, row->due.number < row->today.number ? "overdue" : "open");
        table_text(t, row->cite);
        table_text(t, row->rule);
    }
    *more = d->count > most;
}

bool duty_list(struct store *s, const struct duty_filter *filter, struct sheet *out, bool *more,
               struct fault *why)
{
    struct duty_search d = { .store = s, .filter = filter, .why = why };
    struct arena a = { 0 };
    const char *name;

    if (!publication_take(s, why) || !book_setting(s, &a, "zone", &name, why))
        return false;
    const struct zone *zone = zone_find(name != NULL ? name : "UTC");
    struct loaded_policy *policy =
        policy_load(zone != NULL ? zone : zone_find("UTC"), filter->now, why);
    bool done = policy != NULL;
    if (done) {
        d.policy = policy_of(policy);
        done = search(&d);
    }
    if (done)
        duties_print(&d, out, more);
    policy_free(policy);
    arena_free(&d.keep);
    arena_free(&d.scratch);
    arena_free(&a);
    return done;
}
