/* Parts of the pages of a case file, and the pages beside them. Private to src/web. */
#ifndef WEB_PAGE_PARTS_H
#define WEB_PAGE_PARTS_H

#include "flow/next_step.h"
#include "web/page.h"

page_fill page_customer, page_statement, page_message, page_message_body;
/* What the page of an account does. */
page_fill note_add, note_withdraw, point_open, balance_settle, paper_add, page_paper, page_next_one,
    page_previous_one, not_now, now_again;

/* ---- The account (page_account.c) ---- */

/* The page of the account of the path, with the tab that is asked for. */
bool account_page(struct page *p, struct fault *why);
/* How that page begins, for another one: who, the next step, and what stands beside it. */
bool account_begin(struct page *p, const struct casefile_view *f, struct fault *why);
/* The same of the account of this reference. */
bool account_glance(struct page *p, const char *reference, struct fault *why);
/* "/accounts/FH-1"; "/customers/FH-1", of a business. */
const char *account_link(struct page *p, const char *reference);
const char *customer_link(struct page *p, const char *reference);

/* ---- Beside it (page_account_side.c) ---- */

/* "Can I contact now?", "What they told us" and "How the amount adds up". */
void side_put(struct page *p, const struct casefile_view *f);
/* Channels with everything that the rules said: the page of why. */
void side_put_whole(struct page *p, const struct casefile_view *f);
/* Enough of an address to know it by, not enough to read it over a shoulder. */
const char *address_hint(struct page *p, enum channel channel, const char *address);
/* A moment where they are, and here: "Fri, Nov 20, 8:00 am in Chicago (9:00 am here)". */
const char *moment_there(struct page *p, const struct party *party, struct instant at);
const char *moment_in(struct page *p, const struct zone *zone, struct instant at);

/* ---- The next step (page_account_next.c) ---- */

/* How somebody is called in a sentence: "Maya", "Okafor Plumbing LLC". */
const char *who_of(struct page *p, const struct casefile_view *f);
bool next_put(struct page *p, const struct casefile_view *f, struct fault *why);
/* What the engine decides, whatever else waits: a line, and what is to be known of it (or NULL). */
void next_words(struct page *p, const struct casefile_view *f, const char **headline,
                const char **more);

/* ---- Tabs ---- */

/* "days": what happened, by day, newest first. */
bool timeline_put(struct page *p, const struct casefile_view *f, struct fault *why);
/* "open_debts", "paid_debts", and "ages", a bar of each currency (page_invoices.c). */
void invoices_put(struct page *p, const struct casefile_view *f);
/* Debts with their instalments, and what was charged, with what allows it. */
bool debts_put(struct page *p, const struct casefile_view *f, struct fault *why);
/* Payments, promises, plans, offers and disputes. */
bool money_put(struct page *p, const struct casefile_view *f, struct fault *why);
bool papers_put(struct page *p, const struct casefile_view *f, struct fault *why);
/* "papers": what was handed in for a dispute or a hardship ("dispute"), by its number; 0: for any. */
bool evidence_put(struct page *p, const struct casefile_view *f, const char *origin,
                  int32_t number, struct fault *why);
bool decisions_put(struct page *p, const struct casefile_view *f, struct fault *why);

/* The ruling words of a record: {is_ok, is_later, is_no, ruling}. */
void put_ruling(json_t *object, const char *ruling);

/* The next message or decision of a list that goes on: "…?tab=decisions&before=12". */
const char *tab_link(struct page *p, const char *tab, const char *more);

/* A field of the detail of a fact; NULL when it is not there. */
const char *fact_detail(struct page *p, const struct fact_row *f, const char *name);

#endif
