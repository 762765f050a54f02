/* What the page of an account does: notes, addresses that are opened, papers, the next person.
 */
#include "web/page_parts.h"

#include "base/digest.h"
#include "base/text.h"
#include "flow/book_dispute.h"
#include "flow/note.h"
#include "flow/point.h"

#include <string.h>

/* The case file of the path, as far as who looks may see it. */
static bool file_find(struct page *p, struct casefile_key *key, struct fault *why)
{
    return view_find(p->view, p->hole, key, why);
}

static bool number_read(const char *text, int32_t *out, struct fault *why)
{
    int64_t number = 0;

    *out = 0;
    if (text == NULL || !text_to_int(text, &number) || number < 1 || number > INT32_MAX)
        return fail(why, NOT_FOUND, "There is nothing of that number.");
    *out = (int32_t)number;
    return true;
}

/* ---- Notes ------------------------------------------------------------------------------ */

bool note_add(struct page *p, struct fault *why)
{
    struct note_input in = { page_form(p, "words"), p->session->user.name,
                             page_form(p, "once") };
    struct casefile_key key;
    enum change change;
    int32_t number;
    struct book *b;

    if (!file_find(p, &key, why))
        return false;
    b = page_book(p, why);
    if (b == NULL || !book_note_add(b, key, &in, &number, &change, why) || !page_commit(p, why))
        return false;
    const char *here = account_link(p, p->hole);
    page_say(p, "Note taken.");
    page_undo(p, arena_print(p->arena, "%s/note/%d/withdraw", here, (int)number));
    page_go(p, here);
    return true;
}

bool note_withdraw(struct page *p, struct fault *why)
{
    struct casefile_key key;
    enum change change;
    int32_t number;
    struct book *b;

    if (!file_find(p, &key, why) || !number_read(p->holes[1], &number, why))
        return false;
    b = page_book(p, why);
    if (b == NULL || !book_note_withdraw(b, key, number, &change, why) || !page_commit(p, why))
        return false;
    page_say(p, "Note taken back. The history keeps it.");
    page_go(p, account_link(p, p->hole));
    return true;
}

/* ---- Addresses -------------------------------------------------------------------------- */

/* It is shown on the page that answers, and on no other: opening it again is journalled again.
 */
bool point_open(struct page *p, struct fault *why)
{
    struct casefile_key key;
    int32_t number;
    struct book *b;

    if (!file_find(p, &key, why) || !number_read(page_form(p, "point"), &number, why))
        return false;
    b = page_book(p, why);
    return b != NULL && point_opened(b, key, number, why) && page_commit(p, why) &&
           account_page(p, why);
}

/* ---- The balance ------------------------------------------------------------------------ */

bool balance_settle(struct page *p, struct fault *why)
{
    struct casefile_key key;
    enum change change;
    int32_t debt;
    struct book *b;

    if (!file_find(p, &key, why) || !number_read(page_form(p, "debt"), &debt, why))
        return false;
    b = page_book(p, why);
    if (b == NULL ||
        !file_check_settle(b, key, debt, page_form(p, "checked"), p->session->user.name,
                           &change, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "Our figure stands. The balance may be quoted again.");
    page_go(p, account_link(p, p->hole));
    return true;
}

/* ---- Papers ----------------------------------------------------------------------------- */

enum { PAPER_MOST = 10 * 1024 * 1024, PAPER_NAME_MOST = 120 };

/* What stands after the last slash of what a browser says; no name ever reaches a file system.
 */
static const char *paper_name(struct page *p, const char *file)
{
    const char *slash = strrchr(file, '/'), *back = strrchr(file, '\\');
    const char *at = slash > back ? slash : back;
    const char *name = at == NULL ? file : at + 1;

    return arena_copy_n(p->arena, name, strnlen(name, PAPER_NAME_MOST));
}

bool paper_add(struct page *p, struct fault *why)
{
    const struct upload *u = p->ask->upload_count > 0 ? &p->ask->uploads[0] : NULL;
    struct casefile_key key;
    char digest[DIGEST_HEX];
    struct book *b;

    if (!file_find(p, &key, why))
        return false;
    if (u == NULL || u->length == 0 || text_is_empty(u->file))
        return fail(why, BAD_VALUE, "Choose the paper first.");
    if (u->length > PAPER_MOST)
        return fail(why, BAD_VALUE, "A paper has at most 10 MB.");
    b = page_book(p, why);
    if (b == NULL ||
        !book_evidence_add(b, key, "account", paper_name(p, u->file),
                           digest_print(digest_of(u->bytes, u->length), digest), u->bytes,
                           u->length, p->session->user.name, why) ||
        !page_commit(p, why))
        return false;
    page_say(p, "Paper kept.");
    page_go(p, arena_print(p->arena, "%s?tab=documents", account_link(p, p->hole)));
    return true;
}

/* ---- Not now ---------------------------------------------------------------------------- */

enum { MORNING_HOUR = 8 };

/* The morning of the next working day of the house. */
static struct instant next_morning(const struct page *p)
{
    struct day day = day_plus(p->view->today, 1);

    while (weekday_of(day) > 4)
        day = day_plus(day, 1);
    return instant_of_wall((struct wall){ day, MORNING_HOUR * 3600 }, p->view->zone);
}

/* Work of somebody else is put off by them, or by who gives out work. */
static bool is_theirs(struct page *p, const struct task_row *task, struct fault *why)
{
    if (task->assigned == 0 || task->assigned == p->session->user.number ||
        page_may(p, MAY_ASSIGN))
        return true;
    return fail(why, NOT_ALLOWED, "Somebody else has this one. Nothing was changed.");
}

bool not_now(struct page *p, struct fault *why)
{
    struct instant until = next_morning(p);
    struct casefile_key key;
    struct task_row was;
    int32_t number;
    struct book *b;

    if (!file_find(p, &key, why) || !number_read(page_form(p, "task"), &number, why))
        return false;
    b = page_book(p, why);
    if (b == NULL || !task_snooze(b, key, number, NULL, until, &was, why) ||
        !is_theirs(p, &was, why) || !page_commit(p, why))
        return false;
    const char *here = account_link(p, p->hole);
    page_say(p, arena_print(p->arena, "Put off until %s.",
                            words_moment(p->arena, until, p->view->zone, p->view->today)));
    page_undo(p, arena_print(p->arena, "%s/now/%d-%lld", here, (int)number,
                             (long long)was.hidden_until.us));
    page_go(p, here);
    return true;
}

/* "12-0": the task, and the moment until which it was hidden before. */
bool now_again(struct page *p, struct fault *why)
{
    const char *dash = strchr(p->holes[1], '-');
    struct casefile_key key;
    struct instant before;
    struct task_row was;
    int32_t number;
    struct book *b;

    if (dash == NULL || !text_to_int(dash + 1, &before.us) || before.us < 0)
        return fail(why, NOT_FOUND, "There is nothing of that number.");
    if (!file_find(p, &key, why) ||
        !number_read(arena_copy_n(p->arena, p->holes[1], (size_t)(dash - p->holes[1])), &number,
                     why))
        return false;
    b = page_book(p, why);
    if (b == NULL || !task_snooze(b, key, number, NULL, before, &was, why) ||
        !is_theirs(p, &was, why) || !page_commit(p, why))
        return false;
    page_say(p, "Back where it was.");
    page_go(p, account_link(p, p->hole));
    return true;
}

/* ---- The person before, and after ----------------------------------------------------------
 */

static bool go_beside(struct page *p, bool after, struct fault *why)
{
    struct casefile_key key;
    const char *reference;

    if (!file_find(p, &key, why) || !view_beside(p->view, key, after, &reference, why))
        return false;
    page_go(p, account_link(p, reference));
    return true;
}

bool page_next_one(struct page *p, struct fault *why)
{
    return go_beside(p, true, why);
}

bool page_previous_one(struct page *p, struct fault *why)
{
    return go_beside(p, false, why);
}
