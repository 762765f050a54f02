#include "cli/writing.h"

#include "base/text.h"

#include <stdlib.h>

bool writing_begin(struct writing *w, struct call *call, struct fault *why)
{
    struct instant now;

    *w = (struct writing){ .call = call };
    if (!call_now(call, &now, why) || !book_open(&w->book, call->settings.db.value, now, why))
        return false;
    w->today = wall_at(now, w->book.zone).day;
    w->out = call->out;
    call->out = open_memstream(&w->said, &w->length);
    must(call->out != NULL);
    w->open = book_begin(&w->book, why);
    if (w->open && account_find(&w->book, call->targets[0], &w->account, why))
        return true;
    writing_end(w, false, NULL);
    return false;
}

bool writing_end(struct writing *w, bool done, struct fault *why)
{
    if (w->open && done && !w->call->global[GLOBAL_DRY_RUN].is)
        done = book_commit(&w->book, why);
    else if (w->open)
        book_undo(&w->book);
    book_close(&w->book);
    fclose(w->call->out);
    w->call->out = w->out;
    if (done)
        fwrite(w->said, 1, w->length, w->out);
    free(w->said);
    return done;
}

const char *writing_verb(const struct writing *w, const char *done, const char *would)
{
    return w->call->global[GLOBAL_DRY_RUN].is ? would : done;
}

void receipt_account(struct receipt *r, const struct writing *w)
{
    receipt_field(r, "account", w->account.reference);
    if (w->call->global[GLOBAL_DRY_RUN].is)
        receipt_field(r, "dry_run", "nothing was changed");
}

void receipt_already(struct receipt *r, const struct writing *w, const char *what)
{
    receipt_line(r, "Already done: %s, for %s. Nothing was changed.", what,
                 w->account.reference);
    receipt_field(r, "already_done", what);
}

bool money_of_debt(struct writing *w, int32_t debt, const char *reference, const char *flag,
                   const char *text, struct money *out, struct fault *why)
{
    enum currency currency;

    if (!account_currency(&w->book, &w->account, debt, &currency, why) ||
        !money_typed(flag, text, currency, out, why))
        return false;
    if (debt == 0 || out->currency == currency)
        return true;
    return fail(why, BAD_USAGE, "Debt %s is in %s, not in %s.", reference,
                currency_code(currency), currency_code(out->currency));
}

bool writing_key(const struct writing *w, const char **once, struct fault *why)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];

    *once = key->is ? key->text : NULL;
    return !key->is || !text_is_empty(key->text) ||
           fail(why, BAD_USAGE, "--key cannot be empty.");
}

struct instant end_of_day(const struct writing *w, struct day day)
{
    if (day.number >= DAY_NEVER.number)
        return INSTANT_NEVER;
    return day_begins(day_plus(day, 1), w->book.zone);
}
