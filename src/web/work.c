#include "web/work.h"

#include "base/digest.h"
#include "base/secret.h"
#include "base/text.h"
#include "flow/book_dispute.h"
#include "flow/typed.h"
#include "web/page_version.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ONCE_BYTES = 16, NOTHING_SENT = 0 };

/* ---- A page with a form ---- */

static bool was_sent(const struct page *p)
{
    return p->ask->form_count > NOTHING_SENT;
}

const char *work_once(struct page *p)
{
    unsigned char bytes[ONCE_BYTES];
    char *text = arena_alloc(p->arena, 2 * ONCE_BYTES + 1);

    secret_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return text;
}

static const char *here_of(struct page *p, const char *reference)
{
    return arena_print(p->arena, "/accounts/%s", url_encode(p->arena, reference));
}

static void side_put(struct page *p, const struct casefile_view *f)
{
    json_t *side = put_object(p->context, "side"), *items = put_list(side, "items");
    json_t *sums = put_list(side, "sums");
    struct arena *x = p->arena;

    for (size_t i = 0; i < f->owed.count; i++) {
        const struct owed_sum *c = &f->owed.sums[i];
        json_t *row = list_add(sums);
        put(row, "amount", words_money(x, c->total, c->currency));
    }
    for (size_t i = 0; i < f->debt_count; i++) {
        const struct debt_row *d = &f->debts[i];
        if (d->open_minor <= 0)
            continue;
        json_t *row = list_add(items);
        put(row, "reference", d->reference);
        put(row, "open", words_money(x, d->open_minor, d->currency));
        put(row, "due", words_day(x, d->due_day));
        int days = p->view->today.number - d->due_day.number;
        put(row, "late", days > 0 ? words_past_due(x, days) : "not due yet");
    }
    put_true(side, "any_items", json_array_size(items) > 0);
    put(side, "creditor", f->casefile->creditor);
    put(side, "language", words_language(f->party->language));
    if (f->decision != NULL)
        put_standing(p, side, "standing",
                     words_standing(x, standing_name(f->decision->standing)));
    const struct zone *zone = f->party->zone_count > 0 ? f->party->zones[0] : NULL;
    put(side, "their_time",
        zone == NULL ? NULL
                     : arena_print(x, "%s in %s", words_clock(x, p->view->now, zone),
                                   words_zone(x, zone)));
}

/* ---- What must not be quoted ---- */

void work_mismatch_put(struct page *p, const struct casefile_view *f)
{
    json_t *band;

    if (f->check.count == 0)
        return;
    band = put_object(p->context, "mismatch");
    put(band, "account_link", here_of(p, f->casefile->reference));
    json_t *list = put_list(band, "list");
    for (size_t i = 0; i < f->check.count; i++) {
        const struct file_mismatch *m = &f->check.all[i];
        json_t *row = list_add(list);
        put(row, "debt", m->reference);
        put_int(row, "number", m->debt);
        put(row, "theirs", words_money(p->arena, m->theirs, m->currency));
        put(row, "ours", words_money(p->arena, m->ours, m->currency));
        put(row, "day", m->day.number != DAY_NONE.number ? words_day(p->arena, m->day) : NULL);
        put_true(row, "is_itemization", m->kind == MISMATCH_ITEMIZATION);
        put_true(row, "may_settle", m->kind == MISMATCH_BALANCE && page_may(p, MAY_ANSWER));
    }
}

bool work_page(struct page *p, const char *title, struct casefile_view *f, struct fault *why)
{
    const char *once = page_form(p, "once");

    if (!view_casefile(p->view, p->hole, f, why) ||
        !page_version_put(p, f->casefile->key, why))
        return false;
    p->bucket = f->casefile->key.bucket;
    put(p->context, "title", title);
    put(p->context, "here", here_of(p, f->casefile->reference));
    put(p->context, "reference", f->casefile->reference);
    put(p->context, "name", f->party->name);
    put(p->context, "once", once != NULL ? once : work_once(p));
    put(p->context, "next", work_typed(p, "next", NULL));
    put(p->context, "task", work_typed(p, "task", NULL));
    side_put(p, f);
    work_mismatch_put(p, f);
    return true;
}

void work_reader(struct page *p, struct book *out)
{
    book_reading(out, p->view->store, p->view->zone, p->view->now);
}

void work_reader_done(struct book *b)
{
    book_reading_done(b);
}

/* ---- A form that was sent ---- */

bool work_again(struct page *p, struct work *w, struct fault *why)
{
    *w = (struct work){ .p = p, .today = p->view->today };
    w->book = page_book(p, why);
    struct casefile_key key;
    if (w->book == NULL || !view_find(p->view, p->hole, &key, why) ||
        !account_find(w->book, p->hole, &w->account, why))
        return false;
    w->account.reference = arena_copy(p->arena, w->account.reference);
    w->account.name = arena_copy(p->arena, w->account.name);
    w->here = here_of(p, w->account.reference);
    return true;
}

/* A key of ours: letters and digits. Whoever leaves it out was not given this form. */
static bool once_is_ours(const char *once)
{
    return once != NULL && strlen(once) >= 8 && strlen(once) <= 64 &&
           strspn(once, "0123456789abcdefghijklmnopqrstuvwxyz-") == strlen(once);
}

bool work_begin(struct page *p, struct work *w, struct fault *why)
{
    if (!work_again(p, w, why))
        return false;
    w->once = page_form(p, "once");
    if (!once_is_ours(w->once) || page_form(p, "version") == NULL)
        return fail(why, BAD_VALUE, "This form is not whole. Open the page again, please.");
    return page_version_check(p, w->book, w->account.key, why) &&
           book_key_find(w->book, w->account.key, w->once, &w->before, why);
}

static bool is_path(const char *next)
{
    return next != NULL && next[0] == '/' && next[1] != '/' && strpbrk(next, "\\\r\n") == NULL;
}

bool work_end_at(struct work *w, const char *said, const char *undo, const char *next,
                 struct fault *why)
{
    if (!page_commit(w->p, why))
        return false;
    page_say(w->p, said);
    if (undo != NULL)
        page_undo(w->p, undo);
    page_go(w->p, next);
    return true;
}

bool work_end(struct work *w, const char *said, const char *undo, struct fault *why)
{
    const char *next = page_form(w->p, "next");

    return work_end_at(w, said, undo, is_path(next) ? next : w->here, why);
}

const char *work_path(const struct work *w, const char *what, int32_t number, const char *then)
{
    return arena_print(w->p->arena, "%s/%s/%d/%s", w->here, what, (int)number, then);
}

const char *work_author(const struct page *p)
{
    return p->session->user.name;
}

bool work_role(const struct page *p, const char **role, struct fault *why)
{
    *role = p->role->authority;
    return *role != NULL ||
           fail(why, NOT_ALLOWED,
                "Your role, %s, grants nothing in an account: that is a collector's work.",
                words_small(p->arena, p->role->title));
}

const char *work_sentence(const struct page *p, const char *text)
{
    char *copy = text == NULL ? NULL : arena_copy(p->arena, text);

    if (copy != NULL && copy[0] >= 'a' && copy[0] <= 'z')
        copy[0] = (char)(copy[0] - 'a' + 'A');
    return copy;
}

/* ---- Fields ---- */

const char *work_typed(const struct page *p, const char *name, const char *otherwise)
{
    if (was_sent(p))
        return page_form(p, name);
    const char *asked = page_field(p, name);
    return asked != NULL ? asked : otherwise;
}

bool work_is(const struct page *p, const char *name, const char *value)
{
    const struct ask *ask = p->ask;
    const struct field *fields = was_sent(p) ? ask->form : ask->query;
    size_t count = was_sent(p) ? ask->form_count : ask->query_count;

    for (size_t i = 0; i < count; i++) {
        if (text_equal(fields[i].name, name) && text_equal(fields[i].value, value))
            return true;
    }
    return false;
}

static json_t *values_of(struct page *p)
{
    json_t *v = json_object_get(p->context, "v");

    return v != NULL ? v : put_object(p->context, "v");
}

void work_value(struct page *p, const char *name, const char *otherwise)
{
    const char *value = work_typed(p, name, otherwise);

    /* empty, so that a template does not find one of that name around the form */
    put(values_of(p), name, value != NULL ? value : "");
}

void work_day_value(struct page *p, const char *name, struct day otherwise)
{
    char text[DAY_TEXT];

    work_value(p, name,
               otherwise.number == DAY_NONE.number ? NULL : day_print(otherwise, text));
}

void work_box(struct page *p, const char *name, bool otherwise)
{
    bool asked = page_field(p, name) != NULL;

    put_true(values_of(p), name,
             was_sent(p) ? page_form(p, name) != NULL : asked || otherwise);
}

void work_choices(struct page *p, const char *name, const struct choice choices[], size_t count,
                  const char *otherwise)
{
    json_t *list = put_list(p->context, arena_print(p->arena, "%s_choices", name));
    const char *typed = work_typed(p, name, otherwise);

    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "value", choices[i].value);
        put(row, "title", choices[i].title);
        put(row, "note", choices[i].note);
        put_int(row, "key", (json_int_t)i + 1);
        put_true(row, "chosen",
                 text_equal(typed != NULL ? typed : "", choices[i].value));
    }
}

/* Each debt once: a row of the view is an instalment. */
void work_debts(struct page *p, const struct casefile_view *f, const char *otherwise)
{
    struct choice *all = arena_array(p->arena, struct choice, f->debt_count + 1);
    size_t count = 0;

    all[count++] = (struct choice){ "", "All that is open", NULL };
    for (size_t i = 0; i < f->debt_count; i++) {
        const struct debt_row *d = &f->debts[i];
        if (d->open_minor <= 0 || text_equal(all[count - 1].value, d->reference))
            continue;
        all[count++] = (struct choice){
            d->reference,
            arena_print(p->arena, "%s, %s open", d->reference,
                        words_money(p->arena, d->open_minor, d->currency)),
            NULL
        };
    }
    work_choices(p, "debt", all, count, otherwise);
    put_true(p->context, "several_debts", count > 2);
}

bool work_day(const struct page *p, const char *name, const char *what, struct day otherwise,
              struct day *out, struct fault *why)
{
    const char *text = work_typed(p, name, NULL);

    *out = otherwise;
    if (text == NULL || typed_day(text_trim(p->arena, text), p->view->today, out))
        return true;
    fail(why, BAD_VALUE, "\"%s\" is no day. Enter %s like 2026-12-04.", text, what);
    return false;
}

/* "14:30", "2:30 pm", "9 am" */
static bool clock_read(const char *text, int32_t *out)
{
    int hour, minute = 0, end = 0;

    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &end) != 2 &&
        sscanf(text, "%2d%n", &hour, &end) != 1)
        return false;
    const char *half = text + end + strspn(text + end, " ");
    bool am = strcasecmp(half, "am") == 0, pm = strcasecmp(half, "pm") == 0;
    if ((am || pm) ? hour < 1 || hour > 12 : hour < 0 || hour > 23 || *half != '\0')
        return false;
    if (am || pm)
        hour = hour % 12 + (pm ? 12 : 0);
    *out = hour * 3600 + minute * 60;
    return minute >= 0 && minute < 60;
}

bool work_clock(const struct page *p, const char *name, const char *what, int32_t *out,
                struct fault *why)
{
    const char *text = work_typed(p, name, NULL);

    if (text == NULL)
        return fail(why, BAD_VALUE, "Enter %s.", what);
    return clock_read(text_trim(p->arena, text), out) ||
           fail(why, BAD_VALUE, "\"%s\" is no time. Enter %s like 14:30.", text, what);
}

/* A sign of the currency before or behind the figures; a code may stand before them. */
static const char *figures_of(struct arena *a, const char *typed, enum currency *currency)
{
    static const struct {
        const char *sign;
        enum currency currency;
    } signs[] = { { "$", CURRENCY_USD },
                  { "€", CURRENCY_EUR },
                  { "£", CURRENCY_GBP } };
    char code[4] = "";
    char *text = text_trim(a, typed);

    if (strlen(text) > 4 && text[3] == ' ') {
        memcpy(code, text, 3);
        *currency = currency_parse(code);
        return text_trim(a, text + 4);
    }
    for (size_t i = 0; i < COUNT(signs); i++) {
        const char *sign = signs[i].sign;
        bool dollars = i == 0 && *currency != CURRENCY_NONE; /* of whichever country */
        if (text_starts(text, sign)) {
            *currency = dollars ? *currency : signs[i].currency;
            return text_trim(a, text + strlen(sign));
        }
        if (text_ends(text, sign)) {
            *currency = dollars ? *currency : signs[i].currency;
            return text_trim(a, arena_copy_n(a, text, strlen(text) - strlen(sign)));
        }
    }
    return text;
}

bool work_amount(const struct page *p, const char *typed, const char *what, enum currency usual,
                 struct money *out, struct fault *why)
{
    enum currency currency = usual;
    struct fault inner;

    *out = (struct money){ 0, usual };
    if (typed == NULL)
        return true;
    const char *figures = figures_of(p->arena, typed, &currency);
    if (currency == CURRENCY_NONE)
        return fail(why, BAD_VALUE,
                    "They owe in several currencies. Enter %s with its currency, like EUR 45.00.",
                    what);
    if (!money_parse(figures, '.', ',', currency, out, &inner) || out->minor <= 0)
        return fail(why, BAD_VALUE, "\"%s\" is no amount. Enter %s like 45.00.", typed, what);
    return usual == CURRENCY_NONE || currency == usual ||
           fail(why, BAD_VALUE, "This is owed in %s, not in %s.", currency_code(usual),
                currency_code(currency));
}

bool work_money(const struct page *p, const char *name, const char *what, enum currency usual,
                struct money *out, struct fault *why)
{
    return work_amount(p, work_typed(p, name, NULL), what, usual, out, why);
}

bool work_count(const struct page *p, const char *name, const char *what, int64_t least,
                int64_t most, int64_t otherwise, int64_t *out, struct fault *why)
{
    const char *text = work_typed(p, name, NULL);

    *out = otherwise;
    if (text == NULL)
        return true;
    if (text_to_int(text, out) && *out >= least && *out <= most)
        return true;
    return fail(why, BAD_VALUE, "Enter %s as a number from %lld to %lld.", what,
                (long long)least, (long long)most);
}

bool work_found(bool found, struct fault *why)
{
    if (!found && why->code == NOT_FOUND)
        why->code = BAD_VALUE;
    return found;
}

bool work_debt(struct work *w, const char *name, int32_t *debt, enum currency *currency,
               struct fault *why)
{
    const char *reference = page_form(w->p, name);

    *debt = 0;
    if (text_equal(reference, "all"))
        reference = NULL;
    return (reference == NULL ||
            work_found(account_debt(w->book, &w->account, reference, debt, why), why)) &&
           account_currency(w->book, &w->account, *debt, currency, why);
}

/* ---- Files, and moments ---- */

enum { PAPER_MOST = 10 * 1024 * 1024, PAPER_NAME_MOST = 120, NOON = 12 * 3600 };

/* What stands after the last slash of what a browser says. */
static const char *name_of(struct page *p, const char *file)
{
    const char *slash = strrchr(file, '/'), *back = strrchr(file, '\\');
    const char *at = slash > back ? slash : back;
    const char *name = at == NULL ? file : at + 1;

    return arena_copy_n(p->arena, name, strnlen(name, PAPER_NAME_MOST));
}

bool work_papers(struct work *w, const char *origin, int *kept, struct fault *why)
{
    const struct ask *ask = w->p->ask;
    char digest[DIGEST_HEX];

    *kept = 0;
    for (size_t i = 0; i < ask->upload_count; i++) {
        const struct upload *u = &ask->uploads[i];
        if (text_is_empty(u->file) || u->length == 0)
            continue;
        if (u->length > PAPER_MOST)
            return fail(why, BAD_VALUE, "A paper has at most 10 MB.");
        digest_print(digest_of(u->bytes, u->length), digest);
        if (!book_evidence_add(w->book, w->account.key, origin, name_of(w->p, u->file), digest,
                               u->bytes, u->length, work_author(w->p), why))
            return false;
        (*kept)++;
    }
    return true;
}

bool work_moment(const struct page *p, const char *day, const char *time, const char *what,
                 const struct zone *zone, struct instant otherwise, struct instant *out,
                 struct fault *why)
{
    struct day typed;
    int32_t second = NOON;
    bool timed = work_typed(p, time, NULL) != NULL;

    *out = otherwise;
    if (!work_day(p, day, what, DAY_NONE, &typed, why) ||
        (timed && !work_clock(p, time, what, &second, why)))
        return false;
    if (typed.number == DAY_NONE.number)
        return !timed || fail(why, BAD_VALUE, "Enter the day of %s, too.", what);
    *out = instant_of_wall((struct wall){ typed, second }, zone);
    if (!timed && typed.number == p->view->today.number && out->us > p->view->now.us)
        *out = p->view->now;
    return out->us <= p->view->now.us ||
           fail(why, BAD_VALUE, "%s lies ahead: enter when it was.",
                words_moment(p->arena, *out, zone, p->view->today));
}

/* ---- What the gate said ---- */

void work_blocked(struct page *p, const struct channel_view *ch, struct instant opens)
{
    json_t *card = put_object(p->context, "blocked");

    put(card, "channel", words_channel(channel_name(ch->channel)));
    put(card, "reason", ch->reason != NULL ? ch->reason : "The rules do not allow it now.");
    put(card, "unknown", ch->unknown != NULL ? words_unknown(p->arena, ch->unknown) : NULL);
    put(card, "would_allow", ch->would_allow);
    put_rule(p, card, ch->rule);
    put_true(card, "is_later", opens.us != INSTANT_NEVER.us);
    if (opens.us != INSTANT_NEVER.us)
        put(card, "opens", words_moment(p->arena, opens, p->view->zone, p->view->today));
}
