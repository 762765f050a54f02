/* Work pages: what the files of the forms share; the routes are in page_work.c. Private to src/web. */
#ifndef WEB_WORK_PAGES_H
#define WEB_WORK_PAGES_H

#include "web/work.h"

/* The number in the second (1) or third (2) hole of the path; NOT_FOUND. */
bool work_number(const struct page *p, int hole, int32_t *number, struct fault *why);
/* "today_iso", the least day of a field. */
void work_today(struct page *p);

page_fill page_promise, promise_add, promise_withdraw;
bool promise_typed(const struct page *p, enum currency usual, struct promise_input *out,
                   struct fault *why);
bool promise_check(struct work *w, const struct promise_input *in, struct fault *why);
const char *promise_told(const struct page *p, const struct promise_input *in);

page_fill page_wrap_up, wrap_up;
/* What somebody told us of how they want to be reached, taken back while it is fresh. */
page_fill fact_end;
bool wish_is_fresh(const struct account_fact *fact, struct instant now);

page_fill page_plan, page_plan_check, plan_agree, plan_preview, page_plan_one, plan_pause,
    plan_resume, plan_cancel, plan_change, plan_move, plan_paper;
/* The agreement on paper, as PDF on its own. */
bool work_paper(struct page *p, int32_t plan, int32_t offer, struct fault *why);

page_fill page_call, call_begin, call_drop;

page_fill page_offer, offer_make, page_offer_one, offer_accept, offer_approve, offer_decline,
    offer_withdraw, offer_paper;

page_fill page_dispute, dispute_take, page_dispute_one, dispute_decide, dispute_withdraw,
    dispute_again, dispute_paper_add;
/* "The amount is not right" */
const char *dispute_said(const struct page *p, const char *reason);
/* Keeps the files that came with the form. */
bool dispute_papers(struct work *w, int32_t number, int *kept, struct fault *why);

page_fill page_hold, hold_put, hold_lift;
/* "They complained" */
const char *hold_title(const struct page *p, const char *kind);

page_fill page_hardship, hardship_take, page_hardship_one, hardship_answer, hardship_back,
    hardship_paper_add;
/* "Lost their work"; NULL of NULL. */
const char *hardship_words(const struct page *p, const char *situation);
bool hardship_papers(struct work *w, int32_t number, int *kept, struct fault *why);

page_fill page_contact, contact_add;

page_fill page_details, details_note, details_point_bad, details_point_good, details_fact_end,
    details_fact_again, details_language_back;
/* A fact of this type is theirs to change, and what it says in a few words. */
bool details_may_end(const char *type);
const char *details_fact_words(struct page *p, const struct fact_row *f);

page_fill page_payment, payment_add, page_payment_one, payment_reverse, payment_refund,
    payment_move, payment_undo;

page_fill page_charge, charge_add, charge_back;

page_fill page_reply, reply_send, reply_stop, write_send, write_show;
/* What the form at the foot of the timeline shows: {{> composer}}. */
bool write_put(struct page *p, const struct casefile_view *f, struct fault *why);

#endif
