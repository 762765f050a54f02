/* Parts of the pages of compliance. Private to src/web/page_audit*.c, page_rules*.c. */
#ifndef WEB_PAGE_AUDIT_H
#define WEB_PAGE_AUDIT_H

#include "flow/audit_decision.h"
#include "flow/audit_log.h"
#include "web/page.h"

page_fill page_decision, page_decision_json, page_packs, pack_make, decision_pdf;

/* "decision": one record as an answer with its reasons; ux: answer, reason, source, inputs,
 * checks, what would change it, who is responsible, proof. */
bool decision_put(struct page *p, const struct audited *a, struct fault *why);
/* Of the address: D-17.42, or 17.42. */
bool decision_load(struct page *p, const char *number, struct audited *out, struct fault *why);

/* {name, is_ok, is_warn, is_stop, is_hold, title} of what was decided, for the tag. */
void put_outcome(struct page *p, json_t *row, const char *outcome, const char *rule);
/* "10:41:07 am", with the day when it is not `today`. */
const char *audit_clock(struct page *p, struct instant at, bool with_day);
/* The name of who is signed in with this address; else the address, or the text. */
const char *audit_person(struct page *p, const char *email);
/* Of who may see them: {value,title,chosen} in "people" and "channels" of a form. */
bool audit_people_put(struct page *p, const char *chosen, struct fault *why);
void audit_channels_put(struct page *p, const char *chosen);
/* Lights one entry of the navigation of compliance, and says who may see which. */
void compliance_nav(struct page *p, const char *entry);
/* "chain": whether it holds, and how far it was checked. */
bool chain_put(struct page *p, struct fault *why);
/* "since": what was put into force since the last review (templates/web/review_since.html). */
bool review_since_put(struct page *p, struct fault *why);
/* "/d/17.42" */
const char *decision_link(struct page *p, int64_t bucket, int64_t seq);

#endif
