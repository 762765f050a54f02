/* One case file: who, what is owed, what is best done next, and what happened. */
#include "web/page_parts.h"

#include "base/text.h"
#include "domain/location.h"
#include "domain/validation.h"
#include "web/page_version.h"
#include "web/presence.h"
#include "web/recent.h"
#include "web/work.h"

#include <string.h>

const char *account_link(struct page *p, const char *reference)
{
    return arena_print(p->arena, "/accounts/%s", url_encode(p->arena, reference));
}

const char *customer_link(struct page *p, const char *reference)
{
    return arena_print(p->arena, "/customers/%s", url_encode(p->arena, reference));
}

const char *tab_link(struct page *p, const char *tab, const char *more)
{
    const char *here = json_string_value(json_object_get(p->context, "link"));

    return arena_print(p->arena, "%s?tab=%s%s%s", here, tab, more != NULL ? "&" : "",
                       more != NULL ? more : "");
}

/* ---- Who -------------------------------------------------------------------------------- */

static const char *role_words(enum actor_role role)
{
    switch (role) {
    case ACTOR_FIRST_PARTY_CREDITOR:
        return "our own";
    case ACTOR_THIRD_PARTY_COLLECTOR:
        return "for a client";
    case ACTOR_DEBT_BUYER:
        return "bought";
    }
    return "";
}

/* The line of the letter's address that names the town: what a person says when asked where. */
static const char *town_of(struct page *p, const struct casefile *c)
{
    for (size_t i = 0; i < c->point_count; i++) {
        if (c->points[i].channel != CHANNEL_LETTER || c->points[i].party != PARTY_DEBTOR)
            continue;
        const char *line = c->points[i].address;
        for (int k = 0; k < 2 && line != NULL; k++) {
            line = strchr(line, '\n');
            line = line == NULL ? NULL : line + 1;
        }
        if (line != NULL)
            return arena_copy_n(p->arena, line, strcspn(line, "\n"));
    }
    return NULL;
}

static void who_put(struct page *p, const struct casefile_view *f)
{
    const struct casefile *c = f->casefile;
    const char *town = town_of(p, c);

    put(p->context, "title", arena_print(p->arena, "%s, %s", f->party->name, c->reference));
    put(p->context, "name", f->party->name);
    put(p->context, "who", who_of(p, f));
    put(p->context, "reference", c->reference);
    put(p->context, "link", account_link(p, c->reference));
    put(p->context, "here", account_link(p, c->reference)); /* as the forms call it */
    put(p->context, "creditor", c->creditor);
    put(p->context, "role", role_words(c->role));
    put(p->context, "kind", c->business ? "Business" : "Consumer");
    put(p->context, "where",
        town != NULL ? town : words_place(p->arena, f->party->places_text));
    put(p->context, "desk", f->desk[0] != '\0' ? f->desk : NULL);
    put_standing(p, p->context, "standing",
                 words_standing(p->arena, standing_name(f->decision->standing)));
}

/* ---- The line of facts ------------------------------------------------------------------ */

static void head_fact(json_t *list, const char *label, const char *value, const char *note,
                      bool warns)
{
    json_t *row = list_add(list);

    put(row, "label", label);
    put(row, "value", value);
    put(row, "note", note);
    put_true(row, "warns", warns);
}

/* How late the oldest is, and what of it all is late, in the main currency. */
static void late_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    const struct casefile *c = f->casefile;
    enum currency main = f->owed.count > 0 ? f->owed.sums[0].currency : CURRENCY_NONE;
    int64_t past_due = 0;
    int oldest = 0;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        int days = days_past_due(item->due_day, p->view->today);
        if (item->open_minor <= 0 || days <= 0)
            continue;
        oldest = days > oldest ? days : oldest;
        if (casefile_debt(c, item->debt)->currency == main)
            past_due += item->open_minor;
    }
    if (oldest > 0)
        head_fact(list, "Past due",
                  arena_print(p->arena, "%d day%s", oldest, oldest == 1 ? "" : "s"),
                  words_money(p->arena, past_due, main), false);
    else
        head_fact(list, "Past due", "Not late", NULL, false);
}

static void interest_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    const struct owed_sum *sum = f->owed.count > 0 ? &f->owed.sums[0] : NULL;

    if (sum == NULL || sum->adds_in_30_days <= 0)
        head_fact(list, "Interest, fees", "Not adding", NULL, false);
    else
        head_fact(list, "Interest, fees", "Adding",
                  arena_print(p->arena, "%s in 30 days",
                              words_money(p->arena, sum->adds_in_30_days, sum->currency)),
                  false);
}

/* The time to dispute after a US validation notice; only where there is such a notice. */
static void validation_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    const struct casefile *c = f->casefile;
    struct day end = DAY_NONE;

    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *fact = &c->facts[i];
        const char *text = gate_field_find(fact->detail, "end_date");
        if (fact->type == FACT_VALIDATION && text != NULL)
            day_parse(text, &end);
    }
    if (end.number != DAY_NONE.number)
        head_fact(list, "Validation period",
                  arena_print(p->arena,
                              end.number < p->view->today.number ? "Ended %s" : "Until %s",
                              words_day(p->arena, end)),
                  NULL, false);
    else if (c->role != ACTOR_FIRST_PARTY_CREDITOR && !c->business &&
             text_starts(f->party->places_text, "US"))
        head_fact(list, "Validation period", "First letter not sent", NULL, false);
}

static void dispute_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    for (size_t i = f->dispute_count; i-- > 0;) {
        const struct dispute *d = &f->disputes[i];
        if (d->state != DISPUTE_OPEN)
            continue;
        head_fact(list, "Dispute", dispute_is_part(d) ? "Of a part" : "Open",
                  d->answer_by.number != DAY_NONE.number
                      ? arena_print(p->arena, "answer by %s", words_day(p->arena, d->answer_by))
                      : NULL,
                  true);
        return;
    }
    head_fact(list, "Dispute", "None", NULL, false);
}

static void complaint_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    for (size_t i = 0; i < f->task_count; i++) {
        const struct task_row *t = &f->tasks[i];
        if (t->kind != TASK_COMPLAINT)
            continue;
        head_fact(list, "Complaint", "Open",
                  arena_print(p->arena, "answer by %s",
                              words_day(p->arena, wall_at(t->due, p->view->zone).day)),
                  true);
        return;
    }
}

static void limit_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    struct day last = f->limitation_day;

    if (last.number == DAY_NEVER.number || f->owed.count == 0)
        head_fact(list, "Time limit", "Not known", NULL, false);
    else if (last.number < p->view->today.number)
        head_fact(list, "Time limit", "May have passed", words_day(p->arena, last), true);
    else
        head_fact(list, "Time limit", words_day(p->arena, last), NULL, false);
}

static void balance_put(struct page *p, const struct casefile_view *f)
{
    json_t *more = put_list(p->context, "more_balances"),
           *list = put_list(p->context, "head_facts");

    put(p->context, "balance",
        f->owed.count > 0
            ? words_money(p->arena, f->owed.sums[0].total, f->owed.sums[0].currency)
            : "–");
    for (size_t i = 1; i < f->owed.count; i++)
        put(list_add(more), "amount",
            words_money(p->arena, f->owed.sums[i].total, f->owed.sums[i].currency));
    late_put(p, f, list);
    interest_put(p, f, list);
    validation_put(p, f, list);
    dispute_put(p, f, list);
    complaint_put(p, f, list);
    limit_put(p, f, list);
}

/* ---- The page ---------------------------------------------------------------------------- */

static const struct tab {
    const char *name, *title, *key;
    bool (*fill)(struct page *p, const struct casefile_view *f, struct fault *why);
} tabs[] = {
    { "timeline", "Timeline", "t", timeline_put },
    { "debt", "Debt and itemization", "d", debts_put },
    { "money", "Payments and plans", "m", money_put },
    { "documents", "Documents", NULL, papers_put },
    { "decisions", "Decisions", NULL, decisions_put },
};

static const struct tab *tab_asked(const struct page *p)
{
    const char *name = page_field(p, "tab");

    for (size_t i = 0; name != NULL && i < COUNT(tabs); i++) {
        if (text_equal(tabs[i].name, name))
            return &tabs[i];
    }
    return &tabs[0];
}

/* A business has a page of all its invoices, before those of the file. */
static void customer_tab_put(struct page *p, json_t *list, const struct casefile *c)
{
    json_t *row;

    if (!c->business)
        return;
    row = list_add(list);
    put(row, "title", "Customer");
    put(row, "link", customer_link(p, c->reference));
    put_true(row, "is_shown", text_equal(p->route->page, "customer"));
}

static void tabs_put(struct page *p, const struct casefile *c, const struct tab *shown)
{
    json_t *list = put_list(p->context, "tabs");

    customer_tab_put(p, list, c);
    for (size_t i = 0; i < COUNT(tabs); i++) {
        json_t *row = list_add(list);
        put(row, "title", tabs[i].title);
        put(row, "key", tabs[i].key);
        put(row, "link", tab_link(p, tabs[i].name, NULL));
        put_true(row, "is_shown", shown == &tabs[i]);
        put_true(p->context, arena_print(p->arena, "tab_%s", tabs[i].name), shown == &tabs[i]);
    }
}

static bool start_put(struct page *p, const struct casefile_view *f, const struct tab *shown,
                      struct fault *why)
{
    who_put(p, f);
    balance_put(p, f);
    work_mismatch_put(p, f);
    tabs_put(p, f->casefile, shown);
    side_put(p, f);
    return next_put(p, f, why);
}

bool account_begin(struct page *p, const struct casefile_view *f, struct fault *why)
{
    return start_put(p, f, NULL, why);
}

bool account_glance(struct page *p, const char *reference, struct fault *why)
{
    struct casefile_view f;

    return view_casefile(p->view, reference, &f, why) && account_begin(p, &f, why);
}

bool account_page(struct page *p, struct fault *why)
{
    const struct tab *tab = tab_asked(p);
    struct casefile_view f;

    if (!view_casefile(p->view, p->hole, &f, why))
        return false;
    p->bucket = f.casefile->key.bucket;
    presence_put(p, f.casefile->key);
    recent_note(p, f.casefile->key);
    return start_put(p, &f, tab, why) && page_version_put(p, f.casefile->key, why) &&
           tab->fill(p, &f, why);
}

static bool page_why(struct page *p, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(p->view, p->hole, &f, why))
        return false;
    p->bucket = f.casefile->key.bucket;
    who_put(p, &f);
    balance_put(p, &f);
    side_put_whole(p, &f);
    put(p->context, "title",
        arena_print(p->arena, "Why, and why not: %s", f.casefile->reference));
    return next_put(p, &f, why);
}

#define A "/accounts/{}"

const struct route routes_account[] = {
    { "GET", A, MAY_SEE, "accounts", "account", account_page, NULL },
    { "GET", A "/why", MAY_SEE, "accounts", "account_why", page_why, NULL },
    { "POST", A "/note/{}/withdraw", MAY_WORK, "accounts", "fault", note_withdraw, NULL },
    { "POST", A "/open", MAY_SEE, "accounts", "account", point_open, account_page },
    { "POST", A "/balance-checked", MAY_ANSWER, "accounts", "account", balance_settle,
      account_page },
    { "POST", A "/paper", MAY_WORK, "accounts", "account", paper_add, account_page,
      TAKES_UPLOAD },
    { "GET", A "/paper/{}", MAY_SEE, "accounts", "fault", page_paper, NULL },
    { "POST", A "/not-now", MAY_WORK, "accounts", "account", not_now, account_page },
    { "POST", A "/now/{}", MAY_WORK, "accounts", "fault", now_again, NULL },
    { "GET", A "/next", MAY_SEE, "accounts", "fault", page_next_one, NULL },
    { "GET", A "/previous", MAY_SEE, "accounts", "fault", page_previous_one, NULL },
    { "GET", "/customers/{}", MAY_SEE, "accounts", "customer", page_customer, NULL },
    { "GET", A "/statement", MAY_SEE, "accounts", "statement", page_statement, NULL },
    { 0 },
};
