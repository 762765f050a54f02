#include "web/strategy_words.h"

#include "base/text.h"
#include "web/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Conditions -------------------------------------------------------------------------- */

/* What facts are called in a sentence; of those that are true or false the whole of it. */
static const struct fact_words {
    const char *name, *is, *is_not; /* is_not NULL: something that is compared */
} facts[] = {
    { "days_past_due", "days past due", NULL },
    { "days_delinquent", "days late after grace", NULL },
    { "open_minor", "what is open of it", NULL },
    { "kind", "the kind of debt", NULL },
    { "oldest_days_past_due", "days past due of the oldest", NULL },
    { "total_open_minor", "all that is open", NULL },
    { "total_past_due_minor", "all that is past due", NULL },
    { "open_items", "open instalments", NULL },
    { "past_due_items", "instalments past due", NULL },
    { "currency", "the currency", NULL },
    { "business", "it is a business", "it is a person" },
    { "role", "we collect", NULL },
    { "creditor", "the client", NULL },
    { "country", "the country", NULL },
    { "region", "the region", NULL },
    { "language", "the language", NULL },
    { "has_email", "a good mailbox is known", "no good mailbox is known" },
    { "has_letter", "a good postal address is known", "no good postal address is known" },
    { "has_phone", "a good phone number is known", "no good phone number is known" },
    { "broken_promises", "broken promises", NULL },
    { "defaulted_plans", "plans that were not kept", NULL },
};

static const struct {
    const char *sign, *words;
} signs[] = {
    { "&&", "and" },     { "||", "or" },       { "==", "is" },   { "!=", "is not" },
    { "<=", "at most" }, { ">=", "at least" }, { "<", "under" }, { ">", "over" },
    { "(", "(" },        { ")", ")" },         { "[", "" },      { "]", "" },
    { ",", ", or" },     { "!", "not" },       { "-", "-" },
};

static const struct {
    const char *value, *words;
} values[] = {
    { "first_party_creditor", "in our own name" },
    { "third_party_collector", "for somebody else" },
    { "debt_buyer", "what we bought" },
    { "true", "true" },
    { "false", "false" },
};

struct telling {
    struct arena *a;
    const char *at, *out;
    bool money;   /* the fact before is an amount */
    bool sayings; /* its values go on with the sentence: "we collect in our own name" */
    bool negated;
};

static void tell(struct telling *t, const char *words)
{
    bool tight = words[0] == ',' || words[0] == ')' || *t->out == '\0' ||
                 t->out[strlen(t->out) - 1] == '(';

    if (words[0] != '\0')
        t->out = arena_print(t->a, "%s%s%s", t->out, tight ? "" : " ", words);
}

static const char *value_words(struct arena *a, const char *text)
{
    for (size_t i = 0; i < COUNT(values); i++) {
        if (strcmp(values[i].value, text) == 0)
            return values[i].words;
    }
    return arena_print(a, "“%s”", text);
}

static void tell_text(struct telling *t)
{
    char quote = *t->at++;
    const char *end = strchr(t->at, quote);
    size_t length = end == NULL ? strlen(t->at) : (size_t)(end - t->at);

    tell(t, value_words(t->a, arena_copy_n(t->a, t->at, length)));
    t->at += length + (end != NULL);
}

/* Amounts are in the smallest coin; nearly everywhere a hundred of them are one. */
static void tell_number(struct telling *t)
{
    size_t length = strspn(t->at, "0123456789");
    int64_t number = strtoll(t->at, NULL, 10);

    if (t->money)
        tell(t, arena_print(t->a, "%s.%02d", words_count(t->a, number / 100),
                            (int)(number % 100)));
    else
        tell(t, words_count(t->a, number));
    t->at += length;
}

static void tell_name(struct telling *t)
{
    size_t length =
        strspn(t->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
    const char *name = arena_copy_n(t->a, t->at, length);

    t->at += length;
    for (size_t i = 0; i < COUNT(facts); i++) {
        if (strcmp(facts[i].name, name) != 0)
            continue;
        t->money = text_ends(name, "_minor");
        t->sayings = strcmp(name, "role") == 0;
        if (t->negated)
            tell(t, facts[i].is_not != NULL ? facts[i].is_not
                                            : arena_print(t->a, "not %s", facts[i].is));
        else
            tell(t, facts[i].is);
        t->negated = false;
        return;
    }
    if (strcmp(name, "in") == 0)
        tell(t, t->sayings ? "" : "is one of");
    else
        tell(t, value_words(t->a, name));
}

static void tell_sign(struct telling *t)
{
    for (size_t i = 0; i < COUNT(signs); i++) {
        size_t length = strlen(signs[i].sign);
        if (strncmp(t->at, signs[i].sign, length) != 0)
            continue;
        t->at += length;
        t->negated = strcmp(signs[i].sign, "!") == 0 && islower((unsigned char)*t->at);
        if (!t->negated && !(t->sayings && strcmp(signs[i].sign, "==") == 0))
            tell(t, signs[i].words);
        return;
    }
    tell(t, arena_copy_n(t->a, t->at++, 1));
}

const char *condition_words(struct arena *a, const char *text)
{
    struct telling t = { .a = a, .at = text, .out = "" };

    if (text == NULL)
        return "everybody";
    while (*t.at != '\0') {
        if (isspace((unsigned char)*t.at))
            t.at++;
        else if (*t.at == '"' || *t.at == '\'')
            tell_text(&t);
        else if (isdigit((unsigned char)*t.at))
            tell_number(&t);
        else if (isalpha((unsigned char)*t.at) || *t.at == '_')
            tell_name(&t);
        else
            tell_sign(&t);
    }
    return t.out;
}

/* ---- Steps and ladders ------------------------------------------------------------------- */

const char *step_day_words(struct arena *a, int day)
{
    int days = abs(day);

    if (day == 0)
        return "on the due date";
    return arena_print(a, "%d %s %s", days, days == 1 ? "day" : "days",
                       day < 0 ? "before" : "after");
}

const char *step_channel_words(struct arena *a, const struct ladder_step *step)
{
    const char *out = words_channel(channel_name(step->channels[0]));

    for (size_t i = 1; i < step->channel_count; i++)
        out = arena_print(a, "%s, or %s", out,
                          words_small(a, words_channel(channel_name(step->channels[i]))));
    return out;
}

const char *ladder_end_words(struct arena *a, const struct ladder *ladder)
{
    static const struct {
        const char *then, *words;
    } ends[] = { { "hand_over", "it is handed over" },
                 { "person", "a person looks at it" },
                 { "write_off", "it is written off" },
                 { "stop", "nothing more is done" } };
    const char *words = ladder->end_then;

    for (size_t i = 0; i < COUNT(ends); i++)
        words = strcmp(ends[i].then, ladder->end_then) == 0 ? ends[i].words : words;
    return arena_print(a, "%d days after the last step %s", ladder->end_after_days, words);
}

const char *ladder_rules_words(struct arena *a, const struct ladder *ladder)
{
    return arena_print(
        a,
        "%s At least %d %s between two messages; a step missed by more than %s "
        "days is left out.",
        ladder->entry == ENTRY_HIGHEST ? "Who comes late gets the step for their age."
                                       : "Everybody begins at the first step.",
        ladder->gap_days, ladder->gap_days == 1 ? "day" : "days",
        words_count(a, ladder->stale_after_days));
}

static const char *range_words(struct arena *a, size_t least, size_t most, const char *one,
                               const char *many)
{
    if (least != most)
        return arena_print(a, "%zu to %zu %s", least, most, many);
    return arena_print(a, "%zu %s", most, most == 1 ? one : many);
}

static const char *span_words(struct arena *a, int first, int last)
{
    const char *from = first == 0 ? "the due date" : step_day_words(a, first);

    if (last == 0)
        return arena_print(a, "from %s to the due date", from);
    return arena_print(a, "from %s to %s %s", from, step_day_words(a, last),
                       first == 0 ? "it" : "the due date");
}

static const char *channels_used(struct arena *a, const struct strategy *s)
{
    bool used[CHANNEL_COUNT] = { false };
    const char *out = "", *last = NULL;

    for (size_t i = 0; i < s->ladder_count; i++) {
        for (size_t k = 0; k < s->ladders[i].step_count; k++) {
            const struct ladder_step *step = &s->ladders[i].steps[k];
            for (size_t c = 0; c < step->channel_count; c++)
                used[step->channels[c]] = true;
        }
    }
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!used[i])
            continue;
        if (last != NULL)
            out = arena_print(a, "%s%s%s", out, *out == '\0' ? "" : ", ", last);
        last = words_small(a, words_channel(channel_name((enum channel)i)));
    }
    return *out == '\0' ? last : arena_print(a, "%s or %s", out, last);
}

const char *strategy_words(struct arena *a, const struct strategy *s)
{
    size_t least = s->ladders[0].step_count, most = least;
    int first = s->ladders[0].steps[0].day, last = first;

    for (size_t i = 0; i < s->ladder_count; i++) {
        const struct ladder *l = &s->ladders[i];
        int ends = l->steps[l->step_count - 1].day;
        least = l->step_count < least ? l->step_count : least;
        most = l->step_count > most ? l->step_count : most;
        first = l->steps[0].day < first ? l->steps[0].day : first;
        last = ends > last ? ends : last;
    }
    return arena_print(a, "%s of %s, %s, by %s",
                       range_words(a, s->ladder_count, s->ladder_count, "ladder", "ladders"),
                       range_words(a, least, most, "step", "steps"), span_words(a, first, last),
                       channels_used(a, s));
}

const char *step_name_words(struct arena *a, const char *id)
{
    return words_plain(a, id);
}
