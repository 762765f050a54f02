#include "flow/search_parts.h"

#include "base/text.h"
#include "flow/user.h"
#include "flow/view_parts.h"

#include <stdlib.h>
#include <string.h>

const char *search_kind_name(enum search_kind kind)
{
    static const char *const names[] = { "name",  "reference", "email",
                                         "phone", "number",    "amount" };

    return names[kind];
}

/* ---- Words ------------------------------------------------------------------------------ */

bool words_find(struct seeking *s, char letter, const char *piece, size_t most,
                struct word_row **out, size_t *count, bool *more)
{
    static const char last[] = "\xf4\x8f\xbf\xbf"; /* no letter sorts behind it */
    const char *from = arena_print(s->a, "%c%.*s", letter, WORD_MOST, piece);
    bool begins = strlen(piece) >= WORD_LEAST;
    size_t room = 0;

    *out = NULL;
    *count = 0;
    *more = false;
    struct query q = query_begin(s->v->store, Q_WORD_RANGE);
    bind_int(&q, word_bucket(from));
    bind_text(&q, from);
    bind_text(&q, begins ? arena_print(s->a, "%s%s", from, last) : from);
    bind_int(&q, (int64_t)most + 1);
    while (query_next(&q)) {
        *more = *count == most;
        if (*more)
            break;
        *arena_push(s->a, *out, *count, room) =
            (struct word_row){ row_int(&q, 0), (int32_t)row_int(&q, 1),
                               text_equal(row_text(&q, 2), from) };
    }
    return query_end(&q, s->why);
}

/* ---- Hits ------------------------------------------------------------------------------- */

static bool is_there(const struct seeking *s, const struct search_hit *hit)
{
    for (size_t i = 0; i < s->out->count; i++) {
        const struct search_hit *h = &s->out->hits[i];
        if (h->group == hit->group && h->key.id == hit->key.id && h->object == hit->object &&
            h->seq == hit->seq)
            return true;
    }
    return false;
}

bool hit_add(struct seeking *s, struct search_hit hit)
{
    bool found;

    if (is_there(s, &hit))
        return true;
    if (s->of_group[hit.group] >= s->most) {
        s->of_group[hit.group] = s->most + 1;
        s->out->more = true;
        return true;
    }
    if (!view_account_row(s->v, hit.key, &hit.account, &found, s->why))
        return false;
    if (!found)
        return true;
    s->of_group[hit.group]++;
    *arena_push(s->a, s->out->hits, s->out->count, s->room) = hit;
    return true;
}

/* ---- By number -------------------------------------------------------------------------- */

/* What was decided or noted of an account; what concerns none is for auditors. */
static bool record_add(struct seeking *s, int64_t bucket, int64_t seq)
{
    struct search_hit hit = {
        .group = FOUND_DECISION, .exact = true, .bucket = bucket, .seq = seq
    };
    struct query q = query_begin(s->v->store, Q_SEARCH_RECORD);
    bool found;

    bind_int(&q, bucket);
    bind_int(&q, seq);
    found = query_next(&q) && row_int(&q, 0) != 0;
    if (found) {
        hit.key = (struct casefile_key){ bucket, row_int(&q, 0) };
        hit.what = row_copy(&q, 1, s->a);
        hit.at = view_instant(&q, 2);
    }
    return query_end(&q, s->why) && (!found || hit_add(s, hit));
}

static bool message_add(struct seeking *s, int64_t casefile, int64_t outbox)
{
    struct search_hit hit = { .group = FOUND_MESSAGE, .exact = true, .key = key_of(casefile) };
    struct query q = query_begin(s->v->store, Q_SEARCH_MESSAGE);
    bool found;

    bind_int(&q, hit.key.bucket);
    bind_int(&q, casefile);
    bind_int(&q, outbox);
    found = query_next(&q);
    if (found) {
        hit.bucket = hit.key.bucket;
        hit.seq = row_int(&q, 0);
        hit.at = view_instant(&q, 1);
        hit.what = row_copy(&q, 2, s->a);
    }
    return query_end(&q, s->why) && (!found || hit_add(s, hit));
}

/* Whole numbers with this between them, and nothing else; how many, 0: it is another thing. */
static size_t numbers_read(const char *text, char between, int64_t out[3])
{
    size_t count = 0;

    while (count < 3 && *text >= '0' && *text <= '9') {
        char *end;
        out[count++] = strtoll(text, &end, 10);
        if (*end == '\0')
            return count;
        if (*end != between)
            return 0;
        text = end + 1;
    }
    return 0;
}

/* "D-12.345"; "12.6917529027641081856.7" and "m6917529027641081856-7@…", messages. */
static bool by_number(struct seeking *s)
{
    const char *text = s->typed;
    int64_t n[3];

    if (text[0] == '<')
        text++;
    if ((text[0] == 'm' || text[0] == 'M') &&
        numbers_read(arena_copy_n(s->a, text + 1, strcspn(text + 1, "@>")), '-', n) == 2)
        return n[0] == 0 || message_add(s, n[0], n[1]);
    if (text[0] == 'd' || text[0] == 'D')
        text += 1 + (text[1] == '-');
    size_t count = numbers_read(text, '.', n);
    if (count == 0 || n[0] >= BUCKETS)
        return true;
    s->out->kind = count > 1 ? SEARCH_NUMBER : s->out->kind;
    if (count == 3)
        return n[1] >> 53 != n[0] || message_add(s, n[1], n[2]);
    return count != 2 || record_add(s, n[0], n[1]);
}

/* ---- By reference ----------------------------------------------------------------------- */

static bool references_add(struct seeking *s, char letter, const char *piece,
                           enum search_group group)
{
    bool limited = s->v->clients != NULL || s->v->desks != NULL, more;
    struct word_row *rows;
    size_t count;

    if (!words_find(s, letter, piece, limited ? CANDIDATES_MOST : s->most + 1, &rows, &count,
                    &more))
        return false;
    for (size_t i = 0; i < count && s->of_group[group] <= s->most; i++) {
        const struct search_hit hit = { .group = group,
                                        .exact = rows[i].exact,
                                        .key = key_of(rows[i].casefile),
                                        .object = rows[i].object };
        if (!hit_add(s, hit))
            return false;
    }
    s->out->more = s->out->more || more;
    return true;
}

/* The account whose reference is this, letter by letter: found by its key alone. */
static bool by_key(struct seeking *s)
{
    struct casefile_key key = casefile_key_of(s->typed);
    struct account_row row;
    bool found;

    if (!view_account_row(s->v, key, &row, &found, s->why))
        return false;
    if (!found || !text_equal(row.reference, s->typed))
        return true;
    return hit_add(s, (struct search_hit){ .group = FOUND_ACCOUNT, .exact = true, .key = key });
}

static bool by_reference(struct seeking *s)
{
    const char *whole = word_whole(s->a, s->typed);
    const char *end = word_from_end(s->a, whole);

    if (strlen(whole) < WORD_LEAST)
        return true;
    return references_add(s, 'a', whole, FOUND_ACCOUNT) &&
           references_add(s, 'A', end, FOUND_ACCOUNT) &&
           references_add(s, 'D', end, FOUND_DEBT) &&
           references_add(s, 'M', end, FOUND_PAYMENT);
}

/* ---- By email address and telephone number ---------------------------------------------- */

static bool point_read(struct seeking *s, struct search_hit *hit, int32_t number)
{
    struct query q = query_begin(s->v->store, Q_POINT_GET);

    bind_int(&q, hit->key.bucket);
    bind_int(&q, hit->key.id);
    bind_int(&q, number);
    if (query_next(&q))
        hit->seen = row_copy(&q, 0, s->a);
    return query_end(&q, s->why);
}

static bool points_add(struct seeking *s, char letter, const char *piece, const char *by,
                       bool whole)
{
    bool limited = s->v->clients != NULL || s->v->desks != NULL, more;
    struct word_row *rows;
    size_t count;

    if (!words_find(s, letter, piece, limited ? CANDIDATES_MOST : s->most + 1, &rows, &count,
                    &more))
        return false;
    for (size_t i = 0; i < count && s->of_group[FOUND_ACCOUNT] <= s->most; i++) {
        struct search_hit hit = { .group = FOUND_ACCOUNT,
                                  .exact = rows[i].exact || whole,
                                  .key = key_of(rows[i].casefile),
                                  .by = by };
        if (!point_read(s, &hit, rows[i].object) || !hit_add(s, hit))
            return false;
    }
    s->out->more = s->out->more || more;
    return true;
}

enum { PHONE_LEAST = 4, PHONE_SOME = 7, PHONE_WHOLE = 9 };

/* Digits and what people put between them; "(0)" is not dialled from abroad. NULL: another
 * thing. */
static const char *digits_of(struct seeking *s)
{
    const char *text = s->typed, *zero = strstr(text, "(0)");
    size_t other = strspn(text, "+0123456789 -()./\xc2\xa0");

    if (text[other] != '\0' || strpbrk(text, "0123456789") == NULL)
        return NULL;
    if (zero != NULL)
        text = arena_print(s->a, "%.*s%s", (int)(zero - text), text, zero + 3);
    const char *digits = word_digits(s->a, text);
    if (strlen(digits) >= PHONE_SOME) /* "0" before an area, "00" before a country */
        digits += strspn(digits, "0");
    return digits;
}

static bool by_phone(struct seeking *s)
{
    const char *digits = digits_of(s);

    if (digits == NULL || strlen(digits) < PHONE_LEAST)
        return true;
    bool whole = strlen(digits) >= PHONE_WHOLE;
    if (strpbrk(s->typed, "+( ") != NULL || whole)
        s->out->kind = SEARCH_PHONE;
    return points_add(s, 'P', word_from_end(s->a, digits), "phone", whole);
}

/* ---- All of it -------------------------------------------------------------------------- */

static enum search_kind kind_of(const char *typed)
{
    if (strchr(typed, '@') != NULL)
        return SEARCH_EMAIL;
    return strpbrk(typed, "0123456789") != NULL ? SEARCH_REFERENCE : SEARCH_NAME;
}

static bool seek(struct seeking *s)
{
    if (!by_number(s) || !by_key(s))
        return false;
    if (strchr(s->typed, '@') != NULL)
        return points_add(s, 'e', text_fold(s->a, s->typed), "email", false);
    return by_reference(s) && by_phone(s) && search_amounts(s) && search_names(s) &&
           (strchr(s->typed, ' ') != NULL || strlen(s->typed) < WORD_LEAST ||
            points_add(s, 'e', text_fold(s->a, s->typed), "email", false));
}

/* ---- What is shown of each -------------------------------------------------------------- */

static bool object_read(struct seeking *s, struct search_hit *hit)
{
    if (hit->group != FOUND_DEBT && hit->group != FOUND_PAYMENT)
        return true;
    struct query q =
        query_begin(s->v->store, hit->group == FOUND_DEBT ? Q_DEBT_GET : Q_SEARCH_PAYMENT);
    bind_int(&q, hit->key.bucket);
    bind_int(&q, hit->key.id);
    bind_int(&q, hit->object);
    if (query_next(&q))
        hit->what = row_copy(&q, 0, s->a);
    return query_end(&q, s->why);
}

static int by_group(const void *left, const void *right)
{
    const struct search_hit *x = left, *y = right;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->exact != y->exact)
        return x->exact ? -1 : 1;
    int order = strcmp(x->account.name, y->account.name);
    if (order == 0)
        order = strcmp(x->account.reference, y->account.reference);
    return order != 0 ? order : (x->object > y->object) - (x->object < y->object);
}

/* One exact thing, or several of one account of which nothing else is like. */
static const struct search_hit *only_of(const struct search *out)
{
    const struct search_hit *only = NULL;

    for (size_t i = 0; i < out->count; i++) {
        const struct search_hit *h = &out->hits[i];
        if (!h->exact)
            continue;
        if (only != NULL && (h->key.id != only->key.id || only->group >= FOUND_DECISION ||
                             h->group >= FOUND_DECISION))
            return NULL;
        only = only == NULL ? h : only;
    }
    return only;
}

bool search_find(struct view *v, const char *typed, size_t most, struct search *out,
                 struct fault *why)
{
    struct seeking s = { .v = v, .a = &v->arena, .most = most, .out = out, .why = why };

    *out = (struct search){ 0 };
    if (strlen(typed) > SEARCH_TYPED_MOST)
        return fail(why, BAD_VALUE, "Please search for something shorter.");
    s.typed = text_trim(s.a, typed);
    out->kind = kind_of(s.typed);
    if (s.typed[0] == '\0')
        return true;
    if (!seek(&s))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        if (!object_read(&s, &out->hits[i]) ||
            !view_account_money(v, out->hits[i].key, &out->hits[i].account, why))
            return false;
    }
    if (out->count > 0)
        qsort(out->hits, out->count, sizeof *out->hits, by_group);
    out->only = only_of(out);
    return true;
}
