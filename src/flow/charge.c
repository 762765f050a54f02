#include "flow/charge.h"

#include "base/text.h"
#include "flow/account_cells.h"
#include "flow/movements.h"
#include "store/casefiles.h"

#include <string.h>

const char *ground_text(struct arena *a, const char *clause, const char *law)
{
    if (text_is_empty(clause))
        return text_is_empty(law) ? NULL : law;
    return text_is_empty(law) ? arena_print(a, "\"%s\"", clause)
                              : arena_print(a, "%s: \"%s\"", law, clause);
}

static const char *amount(struct book *b, int64_t minor, enum currency currency)
{
    char text[MONEY_TEXT];

    return arena_copy(&b->arena, money_show(money_of(minor, currency), text));
}

/* ---- How much there is to take off ---- */

/* "5", "EUR 5", "EUR 5, USD 8": a bare amount is in the currency of the organisation. */
static bool limit_of(const char *text, enum currency usual, enum currency currency,
                     struct money *out)
{
    struct fault inner;
    char part[64];

    for (const char *at = text, *end; *at != '\0'; at = *end == ',' ? end + 1 : end) {
        at += strspn(at, " ");
        end = at + strcspn(at, ",");
        size_t length = (size_t)(end - at);
        enum currency of = usual;
        if (length >= sizeof part)
            return false;
        memcpy(part, at, length);
        part[length] = '\0';
        const char *number = part;
        if (length > 4 && part[3] == ' ') {
            part[3] = '\0';
            of = currency_parse(part);
            number = part + 4;
        }
        if (of == currency)
            return money_parse(number, '.', '\0', currency, out, &inner);
    }
    return false;
}

bool charge_is_small(struct book *b, const struct charge_input *in, struct fault *why)
{
    const char *text, *code;
    struct money limit = money_of(0, in->currency);

    if (in->whole)
        return true;
    if (!book_setting(b->store, &b->arena, "write_off_below", &text, why) ||
        !book_setting(b->store, &b->arena, "currency", &code, why))
        return false;
    if (text != NULL &&
        limit_of(text, code == NULL ? CURRENCY_USD : currency_parse(code), in->currency, &limit) &&
        in->minor < limit.minor)
        return true;
    fail(why, BAD_USAGE, "%s is no small balance: %s.", amount(b, in->minor, in->currency),
         limit.minor == 0 ? "the setting write_off_below gives no limit in this currency"
                          : "only less than the setting write_off_below is");
    return fault_hint(why, "add --whole to write it off all the same");
}

static int64_t charged_off(const struct movement *moves, size_t count,
                           const struct charge_input *in)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        if (moves[i].kind == MOVEMENT_CHARGE_OFF && moves[i].currency == in->currency &&
            (in->debt == 0 || moves[i].debt == in->debt))
            sum += moves[i].minor;
    }
    return sum;
}

/* *most: what could be taken off on that day. */
static bool find_most(struct book *b, const struct account *account,
                      const struct charge_input *in, int64_t *most, struct fault *why)
{
    struct account_balance balance;
    struct movement *moves;
    int64_t now;
    size_t count;

    if (!account_balance(b, account, in->debt, in->currency, in->day, &balance, why))
        return false;
    *most = in->component < COMPONENT_COUNT ? balance.open.open[in->component]
                                            : balance_total(&balance.open);
    if (in->kind == MOVEMENT_APPLY) {
        if (!book_waiting(b, account->key, in->currency, book_today(b), &now, why))
            return false;
        now = now < balance.waiting ? now : balance.waiting;
        *most = *most < now ? *most : now;
    }
    if (in->kind != MOVEMENT_CHARGE_OFF)
        return true;
    if (!movements_known(b->store, &b->arena, account->key, INSTANT_NEVER, &moves, &count, why))
        return false;
    *most = balance.open.open[COMPONENT_PRINCIPAL] - charged_off(moves, count, in);
    return true;
}

static const char *what_of(const struct charge_input *in)
{
    if (in->kind == MOVEMENT_APPLY)
        return "waits, or is open there,";
    if (in->kind == MOVEMENT_CHARGE_OFF)
        return "of the principal is open and not charged off";
    return "is open";
}

static bool check_most(struct book *b, const struct account *account, struct charge_input *in,
                       struct fault *why)
{
    int64_t most;

    if (!find_most(b, account, in, &most, why))
        return false;
    if (most <= 0) {
        fail(why, CONFLICT, "There is nothing to do: nothing %s.", what_of(in));
        return fault_hint(why, "recoup account show %s", account->reference);
    }
    if (in->minor > most)
        return fail(why, CONFLICT, "Only %s %s.", amount(b, most, in->currency), what_of(in));
    if (in->minor == 0)
        in->minor = most;
    return in->kind != MOVEMENT_WRITE_OFF || charge_is_small(b, in, why);
}

static bool check(struct book *b, const struct account *account, struct charge_input *in,
                  struct fault *why)
{
    if (in->day.number > book_today(b).number)
        return fail(why, BAD_USAGE, "The day is not here yet.");
    if (in->kind == MOVEMENT_CHARGE && ground_text(&b->arena, in->clause, in->law) == NULL) {
        fail(why, BAD_USAGE, "A charge needs the clause or the law that allows it.");
        return fault_hint(why, "--clause \"the words of the contract\", or --law CITATION");
    }
    return in->kind == MOVEMENT_CHARGE || in->kind == MOVEMENT_CREDIT ||
           check_most(b, account, in, why);
}

/* ---- Adding and taking back ---- */

/* Its origin and until when it held; kind MOVEMENT_COUNT when there is none. */
struct kept_move {
    struct movement is;
    const char *origin;
    bool holds;
};

static bool move_load(struct book *b, struct casefile_key key, int32_t number,
                      struct kept_move *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_MOVEMENT_GET);

    *out = (struct kept_move){ .is.kind = MOVEMENT_COUNT };
    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q)) {
        if (!movement_read(&q, &b->arena, &out->is, why))
            return false;
        out->origin = row_copy(&q, 10, &b->arena);
        out->holds = row_int(&q, 14) == INT64_MAX;
    }
    return query_end(&q, why);
}

static bool done_before(struct book *b, const struct account *account, struct charge_input *in,
                        int32_t number, struct fault *why)
{
    struct kept_move old;

    if (!move_load(b, account->key, number, &old, why))
        return false;
    if (old.is.kind != in->kind || old.is.debt != in->debt || old.is.currency != in->currency ||
        old.is.component != in->component || (in->minor != 0 && old.is.minor != in->minor))
        return book_key_taken(in->once, why);
    in->minor = old.is.minor;
    return true;
}

bool charge_put(struct book *b, const struct account *account, struct charge_input *in,
                int32_t *number, enum change *change, struct fault *why)
{
    *change = CHANGE_NONE;
    if (!book_key_find(b, account->key, in->once, number, why))
        return false;
    if (*number != 0)
        return done_before(b, account, in, *number, why);
    if (!check(b, account, in, why))
        return false;
    struct move_input move = { .is = { .kind = in->kind,
                                       .day = in->day,
                                       .due = DAY_NONE,
                                       .debt = in->debt,
                                       .instalment = in->instalment,
                                       .component = in->component,
                                       .currency = in->currency,
                                       .minor = in->minor },
                               .origin = in->origin,
                               .ground = ground_text(&b->arena, in->clause, in->law),
                               .reason = in->reason,
                               .author = in->author };
    if (!book_move_once(b, account->key, in->once, &move, change, why))
        return false;
    *number = move.is.number;
    return true;
}

static bool is_ours(const struct kept_move *m)
{
    switch (m->is.kind) {
    case MOVEMENT_CHARGE:
    case MOVEMENT_CREDIT:
    case MOVEMENT_WAIVE:
    case MOVEMENT_APPLY:
    case MOVEMENT_WRITE_OFF:
    case MOVEMENT_CHARGE_OFF:
        return m->origin == NULL || strncmp(m->origin, "step ", 5) == 0 ||
               strncmp(m->origin, "return of ", 10) == 0;
    case MOVEMENT_TERMS:
    case MOVEMENT_FREEZE:
    case MOVEMENT_DISPUTE:
    case MOVEMENT_PLACED:
    case MOVEMENT_ADJUST:
    case MOVEMENT_PAYMENT:
    case MOVEMENT_REFUND:
    case MOVEMENT_SETTLE:
    case MOVEMENT_COUNT:
        break;
    }
    return false;
}

static bool nothing_overused(struct book *b, const struct account *account,
                             enum currency currency, struct fault *why)
{
    int64_t waiting;

    if (!book_waiting(b, account->key, currency, book_today(b), &waiting, why))
        return false;
    return waiting >= 0 || fail(why, CONFLICT, "The money that waited by it was refunded or "
                                               "applied since.");
}

bool charge_undo(struct book *b, const struct account *account, int32_t number,
                 struct movement *was, enum change *change, struct fault *why)
{
    struct kept_move m;

    *change = CHANGE_NONE;
    if (!move_load(b, account->key, number, &m, why))
        return false;
    if (m.is.kind == MOVEMENT_COUNT) {
        fail(why, NOT_FOUND, "Account %s has no charge %d.", account->reference, (int)number);
        return fault_hint(why, "recoup charge list %s", account->reference);
    }
    *was = m.is;
    if (!is_ours(&m))
        return fail(why, CONFLICT, "Number %d is a %s%s%s, and is not taken back by itself.",
                    (int)number, movement_name(m.is.kind), m.origin == NULL ? "" : " of ",
                    m.origin == NULL ? "" : m.origin);
    return book_move_undo(b, account->key, number, change, why) &&
           nothing_overused(b, account, m.is.currency, why);
}

/* ---- The list ---- */

bool charge_history(struct store *s, struct arena *a, struct casefile_key key,
                 struct charge_row **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_ACCOUNT_CHARGES);
    struct charge_row *all = NULL;
    size_t room = 0;

    *count = 0;
    bind_key(&q, key);
    while (query_next(&q)) {
        struct charge_row row = { .number = (int32_t)row_int(&q, 0),
                                  .day = { (int32_t)row_int(&q, 1) },
                                  .debt = row_copy(&q, 3, a),
                                  .component = row_copy(&q, 4, a),
                                  .currency = (enum currency)row_int(&q, 5),
                                  .minor = row_int(&q, 6),
                                  .ground = row_copy(&q, 7, a),
                                  .reason = row_copy(&q, 8, a),
                                  .origin = row_copy(&q, 9, a),
                                  .author = row_copy(&q, 10, a),
                                  .stands = row_int(&q, 11) == INT64_MAX };
        if (movement_parse(row_text(&q, 2), &row.kind))
            *arena_push(a, all, *count, room) = row;
    }
    for (size_t i = 0; i < *count / 2; i++) {
        struct charge_row last = all[*count - 1 - i];
        all[*count - 1 - i] = all[i];
        all[i] = last;
    }
    *out = all;
    return query_end(&q, why);
}

bool charge_list(struct store *s, const char *reference, struct sheet *out, struct fault *why)
{
    static const struct table_column columns[] = {
        { "number", "No.", CELL_COUNT },     { "on", "On", CELL_TEXT },
        { "kind", "What", CELL_TEXT },       { "debt", "Debt", CELL_TEXT },
        { "component", "Part", CELL_TEXT },  { "currency", NULL, CELL_TEXT },
        { "amount", "Amount", CELL_MONEY },  { "ground", "Ground", CELL_TEXT },
        { "reason", "Reason", CELL_TEXT },   { "origin", "From", CELL_TEXT },
        { "author", "By", CELL_TEXT },       { "state", "State", CELL_TEXT },
    };
    struct casefile_key key;

    if (!casefile_find(s, reference, &key, why))
        return false;
    out->heading = arena_print(&out->arena, "%s: charges, credits, waivers and write-offs",
                               reference);
    struct table *t = sheet_table(out, "charges", "Nothing was charged or taken off.",
                                  COUNT(columns), columns);
    struct query q = query_begin(s, Q_ACCOUNT_CHARGES);
    bind_key(&q, key);
    while (query_next(&q)) {
        enum currency currency = (enum currency)row_int(&q, 5);
        table_count(t, row_int(&q, 0));
        table_text(t, day_text(t->arena, row_int(&q, 1)));
        for (int column = 2; column < 5; column++)
            table_text(t, row_text(&q, column));
        table_text(t, currency_code(currency));
        table_money(t, money_of(row_int(&q, 6), currency));
        for (int column = 7; column < 11; column++)
            table_text(t, row_text(&q, column));
        table_text(t, row_int(&q, 11) == INT64_MAX ? "stands" : "taken back");
    }
    return query_end(&q, why);
}
