#include "cli/writing.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

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

bool doer_find(struct store *s, struct arena *a, const char *address, struct user *out,
               struct fault *why)
{
    if (!user_by_email(s, a, address, out, why))
        return false;
    if (out->number == 0) {
        fail(why, NOT_FOUND, "Nobody with the address %s works here.", address);
        return fault_hint(why, "recoup user list");
    }
    return out->state == USER_ACTIVE ||
           fail(why, NOT_ALLOWED, "%s is not active here.", out->email);
}

bool writing_doer(struct writing *w, const char *by, const char *role, struct doer *out,
                  struct fault *why)
{
    const struct roles *roles;
    struct user user;

    *out = (struct doer){ { 0, role != NULL ? role : "collector" }, by };
    if (by == NULL || strchr(by, '@') == NULL)
        return true;
    if (!doer_find(w->book.store, w->call->arena, by, &user, why) ||
        (roles = roles_load(w->call->arena, why)) == NULL)
        return false;
    const struct role *is = role_find(roles, user.role);
    *out = (struct doer){ { user.number, is != NULL ? is->authority : NULL }, user.name };
    w->book.by = user.email;
    if (role == NULL || text_equal(role, out->asker.role))
        return true;
    fail(why, NOT_ALLOWED, "%s has the limits of the role %s, not those of %s.", user.email,
         user.role, role);
    return fault_hint(why, "leave --role out");
}

bool doer_role(const struct doer *doer, const char **role, struct fault *why)
{
    *role = doer->asker.role;
    return *role != NULL ||
           fail(why, NOT_ALLOWED,
                "The role of %s grants nothing in an account: somebody does it "
                "whose role has limits in authority/house.yaml.",
                doer->author);
}

void receipt_waits(struct receipt *r, const struct writing *w, const char *what,
                   const char *not_yet, const struct asking *asking)
{
    receipt_line(r, "%s for approval: %s. %s", writing_verb(w, "Waits", "Would wait"), what,
                 not_yet);
    receipt_line(r, "  %s (%s)", asking->words, asking->source);
    receipt_count(r, "approval", asking->approval);
    receipt_field(r, "why", asking->words);
    receipt_next(r, arena_print(w->call->arena, "recoup approval approve %lld --by EMAIL",
                                (long long)asking->approval));
}

struct instant end_of_day(const struct writing *w, struct day day)
{
    if (day.number >= DAY_NEVER.number)
        return INSTANT_NEVER;
    return day_begins(day_plus(day, 1), w->book.zone);
}
