/* fact: what is known of a person and their debts, as far as the rules ask for it. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "domain/holiday.h"

#include <stdio.h>
#include <string.h>

/* ---- fact add ---------------------------------------------------------------------------- */

enum {
    ADD_DEBT,
    ADD_PARTY,
    ADD_OTHER,
    ADD_CHANNEL,
    ADD_SCOPE,
    ADD_VALUE,
    ADD_HOURS,
    ADD_DAYS,
    ADD_SINCE,
    ADD_UNTIL
};

static const struct option fact_add_options[] = {
    [ADD_DEBT] = { OPTION_TEXT, "debt", "REF", "about this debt alone (all debts)",
                   "What and whom it is about", false, 0, NULL },
    [ADD_PARTY] = { OPTION_INT, "party", "NO", "whose it is; 1 is the debtor (anybody's)", NULL,
                    false, 0, NULL },
    [ADD_OTHER] = { OPTION_INT, "other", "NO",
                    "the other person in it: the attorney, who went bankrupt", NULL, false, 0,
                    NULL },
    [ADD_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "call, email, sms, letter, …", NULL,
                      false, 0, NULL },
    [ADD_SCOPE] = { OPTION_TEXT, "scope", "NAME", "address or medium; kind of a hold", NULL,
                    false, 0, NULL },
    [ADD_VALUE] = { OPTION_TEXT, "value", "TEXT", "the number, mailbox or name it is about",
                    NULL, false, 0, NULL },
    [ADD_HOURS] = { OPTION_TEXT, "hours", "HH:MM-HH:MM", "hours of the day, where they are",
                    NULL, false, 0, NULL },
    [ADD_DAYS] = { OPTION_TEXT, "days", "mon,tue", "days of the week", NULL, false, 0, NULL },
    [ADD_SINCE] = { OPTION_INSTANT, "since", "TIME", "since when (now)", "Since when", false, 0,
                    NULL },
    [ADD_UNTIL] = { OPTION_DAY, "until", "DAY", "the last day (until it is ended)", NULL, false,
                    0, NULL },
    { .kind = OPTION_END },
};

static bool type_typed(struct arena *a, const char *typed, enum fact_type *out,
                       struct fault *why)
{
    const char *names[FACT_TYPE_COUNT];
    char *name = arena_copy(a, typed);

    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    if (fact_type_parse(name, out))
        return true;
    for (int i = 0; i < FACT_TYPE_COUNT; i++)
        names[i] = fact_type_name((enum fact_type)i);
    const char *near = nearest_name(name, COUNT(names), names);
    fail(why, BAD_USAGE, "There is no fact \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  %s", near);
    return fault_hint(why,
                      "consent, opt_out, attorney, cease, dispute, validation, bankruptcy, "
                      "military, debt_detail, … (docs/rule-packs.md)");
}

/* name=value, one for each further argument. */
static bool detail_typed(const struct call *call, struct gate_fields *out, struct fault *why)
{
    struct gate_field *fields = arena_array(call->arena, struct gate_field, call->target_count);

    for (size_t i = 2; i < call->target_count; i++) {
        const char *sign = strchr(call->targets[i], '=');
        if (sign == NULL || sign == call->targets[i] || strchr(sign, '\n') != NULL)
            return fail(why, BAD_USAGE, "\"%s\" is no field; write NAME=VALUE.",
                        call->targets[i]);
        fields[out->count++] =
            (struct gate_field){ arena_copy_n(call->arena, call->targets[i],
                                              (size_t)(sign - call->targets[i])),
                                 sign + 1 };
    }
    out->fields = fields;
    return true;
}

static bool hours_typed(const struct call *call, struct bad_hours *out, struct fault *why)
{
    const char *hours = call_text(call, ADD_HOURS);
    int h1, m1, h2, m2, end = 0;

    if (hours == NULL)
        return true;
    if (sscanf(hours, "%2d:%2d-%2d:%2d%n", &h1, &m1, &h2, &m2, &end) != 4 ||
        hours[end] != '\0' || h1 < 0 || h1 > 23 || m1 < 0 || m1 > 59 || h2 < 0 || h2 > 24 ||
        m2 < 0 || m2 > 59)
        return fail(why, BAD_USAGE, "--hours %s are no hours; write 12:00-13:00.", hours);
    out->from = h1 * 3600 + m1 * 60;
    out->to = h2 * 3600 + m2 * 60;
    return true;
}

static bool days_typed(const struct call *call, struct bad_hours *out, struct fault *why)
{
    const char *days = call_text(call, ADD_DAYS);
    int weekday;

    if (days == NULL)
        return true;
    char *rest = arena_copy(call->arena, days);
    for (char *word; (word = strsep(&rest, ", ")) != NULL;) {
        if (word[0] == '\0')
            continue;
        if (!weekday_parse(word, &weekday))
            return fail(why, BAD_USAGE, "--days: \"%s\" is no day of the week.", word);
        out->weekdays |= (uint8_t)(1u << weekday);
    }
    return true;
}

static bool fact_typed(struct writing *w, struct gate_fact *fact, struct fault *why)
{
    const struct call *call = w->call;
    struct day last;

    *fact = (struct gate_fact){ .party = (int32_t)call_int(call, ADD_PARTY, 0),
                                .other = (int32_t)call_int(call, ADD_OTHER, 0),
                                .scope = call_text(call, ADD_SCOPE),
                                .value = call_text(call, ADD_VALUE),
                                .channel_known = call->given[ADD_CHANNEL].is,
                                .channel = call->given[ADD_CHANNEL].channel };
    if (!type_typed(call->arena, call->targets[1], &fact->type, why) ||
        !detail_typed(call, &fact->detail, why) || !hours_typed(call, &fact->hours, why) ||
        !days_typed(call, &fact->hours, why) ||
        !account_debt(&w->book, &w->account, call_text(call, ADD_DEBT), &fact->debt, why) ||
        !call_instant(call, ADD_SINCE, w->book.now, &fact->at, why) ||
        !call_day(call, ADD_UNTIL, DAY_NEVER, &last, why))
        return false;
    fact->until = end_of_day(w, last);
    if (fact->until.us <= fact->at.us)
        return fail(why, BAD_USAGE, "It would end before it begins.");
    return true;
}

/* What has its own command is more than a fact. */
static bool is_plain(enum fact_type type, struct fault *why)
{
    if (type != FACT_DISPUTE && type != FACT_HOLD)
        return true;
    fail(why, BAD_USAGE, "A %s is more than a fact: it has its own commands.",
         fact_type_name(type));
    return fault_hint(why, "recoup %s --help", fact_type_name(type));
}

static bool add_fact(struct writing *w, struct fault *why)
{
    struct gate_fact fact;
    struct receipt r;
    int32_t number;

    if (!fact_typed(w, &fact, why) || !is_plain(fact.type, why) ||
        !book_fact_add(&w->book, w->account.key, &fact, "command line", &number, why))
        return false;
    receipt_begin(&r, w->call, "fact add");
    receipt_account(&r, w);
    receipt_line(&r, "%s for %s (%s): %s, number %d.", writing_verb(w, "Noted", "Would note"),
                 w->account.reference, w->account.name, fact_type_name(fact.type), (int)number);
    receipt_field(&r, "type", fact_type_name(fact.type));
    receipt_count(&r, "fact", number);
    receipt_undo(&r, arena_print(w->call->arena, "recoup fact end %s %d", w->account.reference,
                                 (int)number));
    receipt_end(&r);
    return true;
}

static bool run_fact_add(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, add_fact(&w, why), why);
}

const struct command command_fact_add = {
    .name = "fact add",
    .section = "Acting on accounts",
    .summary = "Note a fact that the rules ask for: an attorney, a consent, a bankruptcy, …",
    .examples = { "recoup fact add FH-20418 attorney form=letter --value \"Ann Bell\"",
                  "recoup fact add FH-20418 debt_detail sol_expired=false --debt INV-7" },
    .target = "ACCOUNT FACT [NAME=VALUE …]",
    .targets_least = 2,
    .targets_most = 20,
    .options = fact_add_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup fact end. docs/rule-packs.md lists facts and their fields.",
    .run = run_fact_add,
};

/* ---- fact end ---------------------------------------------------------------------------- */

static const struct option no_options[] = { { .kind = OPTION_END } };

static bool end_fact(struct writing *w, struct fault *why)
{
    const char *typed = w->call->targets[1];
    struct account_fact fact;
    struct receipt r;
    int number, end = 0;
    bool found;

    if (sscanf(typed, "%9d%n", &number, &end) != 1 || typed[end] != '\0' || number < 1)
        return fail(why, BAD_USAGE, "\"%s\" is no number of a fact; recoup fact list shows them.",
                    typed);
    if (!account_fact(&w->book, &w->account, number, w->book.now, &fact, &found, why))
        return false;
    if (!found)
        return fail(why, NOT_FOUND, "%s has no fact %d in force.", w->account.reference, number);
    if (!is_plain(fact.type, why) ||
        !book_fact_end(&w->book, w->account.key, number, w->book.now, why))
        return false;
    receipt_begin(&r, w->call, "fact end");
    receipt_account(&r, w);
    receipt_line(&r, "%s %s of %s (%s), number %d.", writing_verb(w, "Ended", "Would end"),
                 fact_type_name(fact.type), w->account.reference, w->account.name, number);
    receipt_count(&r, "fact", number);
    receipt_end(&r);
    return true;
}

static bool run_fact_end(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, end_fact(&w, why), why);
}

const struct command command_fact_end = {
    .name = "fact end",
    .section = "Acting on accounts",
    .summary = "A fact ends now; the record of it stays.",
    .examples = { "recoup fact end FH-20418 12", "recoup fact end FH-20418 12 --json" },
    .target = "ACCOUNT NUMBER",
    .targets_least = 2,
    .targets_most = 2,
    .options = no_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_fact_end,
};
