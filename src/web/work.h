/*
 * Work: what the forms of a collector share: whom they are about, what stands in their fields, and
 * how they are read. Private to src/web.
 *
 * Every form carries `once`, a key made with its page, so that a double click is one deed, and
 * `version`, so that nobody writes over what somebody else did meanwhile. What was typed is never
 * lost: a page made again after a fault shows the same fields with the same words in them.
 *
 *     struct work w;
 *     if (!work_begin(p, &w, why) || !work_money(p, "amount", …, why) ||
 *         !book_promise_once(w.book, w.account.key, w.once, …, why))
 *         return false;
 *     return work_end(&w, "Promise noted.", undo, why);
 */
#ifndef WEB_WORK_H
#define WEB_WORK_H

#include "flow/account.h"
#include "web/page.h"

/* ---- A page with a form ---- */

/* Reads the account of the path, as far as who looks may see it, and fills what every such page
 * shows beside its form: `here`, `reference`, `name`, `once`, `file_version`, the balance. */
bool work_page(struct page *p, const char *title, struct casefile_view *f, struct fault *why);
/* What no balance may be quoted of: "mismatch", for its band. */
void work_mismatch_put(struct page *p, const struct casefile_view *f);
/* A new key of a form. */
const char *work_once(struct page *p);
/* A book that only reads, for the flows that a page asks without doing anything. */
void work_reader(struct page *p, struct book *out);
void work_reader_done(struct book *b);

/* ---- A form that was sent ---- */

struct work {
    struct page *p;
    struct book *book;
    struct account account;
    struct day today;
    const char *here; /* "/accounts/FH-1" */
    const char *once; /* NULL: a button without fields, which undoes something */
    int32_t before;   /* what this very form made when it was sent before; 0: it is new */
};

/* Of a form: BAD_VALUE without its key, CONFLICT when somebody else changed the account since. */
bool work_begin(struct page *p, struct work *w, struct fault *why);
/* Of a button that undoes: neither. */
bool work_again(struct page *p, struct work *w, struct fault *why);
/* Commits, says so on the page that follows, with a button to undo it (NULL: none). It follows
 * the field `next`, else the account. */
bool work_end(struct work *w, const char *said, const char *undo, struct fault *why);
bool work_end_at(struct work *w, const char *said, const char *undo, const char *next,
                 struct fault *why);
/* "/accounts/FH-1/hold/12/lift" */
const char *work_path(const struct work *w, const char *what, int32_t number, const char *then);
/* The one who does it, as flows want it. */
const char *work_author(const struct page *p);
/* In whose name something is granted; NOT_ALLOWED when this role grants nothing. */
bool work_role(const struct page *p, const char **role, struct fault *why);

/* With a large letter at its beginning; NULL of NULL. */
const char *work_sentence(const struct page *p, const char *text);

/* ---- Fields ---- */

/* What stands in a field: what was typed, what the address says, or this. NULL for "". */
const char *work_typed(const struct page *p, const char *name, const char *otherwise);
bool work_is(const struct page *p, const char *name, const char *value);
/* The same, into {{#v}}{{name}}{{/v}}. */
void work_value(struct page *p, const char *name, const char *otherwise);
void work_day_value(struct page *p, const char *name, struct day otherwise);
/* A box; `otherwise`: ticked when the page is new. */
void work_box(struct page *p, const char *name, bool otherwise);

/* One of several: into {{#NAME_choices}}, each {value,title,note,key,chosen}. */
struct choice {
    const char *value, *title, *note;
};
void work_choices(struct page *p, const char *name, const struct choice choices[], size_t count,
                  const char *otherwise);
/* The debts that are open, and "all of them". */
void work_debts(struct page *p, const struct casefile_view *f, const char *otherwise);

/* A field that is empty leaves *out at `otherwise`. BAD_VALUE says what the field is for. */
bool work_day(const struct page *p, const char *name, const char *what, struct day otherwise,
              struct day *out, struct fault *why);
/* "14:30", "2:30 pm": seconds of the day */
bool work_clock(const struct page *p, const char *name, const char *what, int32_t *out,
                struct fault *why);
/* "$1,284.56", "185", "EUR 20"; minor 0: nothing was typed. More than nothing, else BAD_VALUE. */
bool work_money(const struct page *p, const char *name, const char *what, enum currency usual,
                struct money *out, struct fault *why);
/* The same of a text that was typed somewhere. */
bool work_amount(const struct page *p, const char *typed, const char *what, enum currency usual,
                 struct money *out, struct fault *why);
/* What was typed in the n-th field "part"; NULL: nothing. */
const char *work_part(const struct page *p, size_t n);
bool work_count(const struct page *p, const char *name, const char *what, int64_t least,
                int64_t most, int64_t otherwise, int64_t *out, struct fault *why);
/* What is not found because of what was typed is a fault of the form. */
bool work_found(bool found, struct fault *why);
/* A debt by its reference, and the currency; "" and "all" are all of them. */
bool work_debt(struct work *w, const char *name, int32_t *debt, enum currency *currency,
               struct fault *why);

/* Keeps the files that came with the form, as papers of `origin`; *kept: how many. */
bool work_papers(struct work *w, const char *origin, int *kept, struct fault *why);
/* A day, and a time of it (noon when it is left out, or now, if that is earlier); without a day
 * `otherwise`. BAD_VALUE when it is later than now. */
bool work_moment(const struct page *p, const char *day, const char *time, const char *what,
                 const struct zone *zone, struct instant otherwise, struct instant *out,
                 struct fault *why);

/* ---- What the gate said ---- */

/* {{#blocked}}: the reason, its source, what would change it, the first lawful moment. */
void work_blocked(struct page *p, const struct channel_view *ch, struct instant opens);

#endif
