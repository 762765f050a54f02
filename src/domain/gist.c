#include "domain/gist.h"

#include "base/text.h"

#include <string.h>

/* A key in quotes never stands inside a text of JSON: there its quotes have strokes before
 * them. */
static const char *behind(const char *at, const char *words)
{
    const char *found = at == NULL ? NULL : strstr(at, words);

    return found == NULL ? NULL : found + strlen(words);
}

static const char *behind_last(const char *at, const char *words)
{
    const char *last = NULL;

    while ((at = behind(at, words)) != NULL)
        last = at;
    return last;
}

/* The text that begins here, up to its quote; "" when it does not fit or has strokes in it. */
static void take(const char *at, char *out, size_t room)
{
    size_t length = at == NULL ? 0 : strcspn(at, "\"\\");

    out[0] = '\0';
    if (at == NULL || at[length] != '"' || length >= room)
        return;
    memcpy(out, at, length);
    out[length] = '\0';
}

static bool is(const char *at, const char *word)
{
    size_t length = strlen(word);

    return at != NULL && strncmp(at, word, length) == 0 && at[length] == '"';
}

/* ---- The rule that decided -------------------------------------------------------------- */

static bool unknown_stands(const char *finding)
{
    const char *end = strchr(finding, '}'), *unknown = strstr(finding, "\"unknown\":");

    return unknown != NULL && end != NULL && unknown < end;
}

static struct instant until_of(const char *finding)
{
    const char *end = strchr(finding, '}'), *until = behind(finding, "\"until\":\"");
    char text[INSTANT_TEXT];
    struct instant at = INSTANT_NEVER;

    if (until == NULL || end == NULL || until > end)
        return at;
    take(until, text, sizeof text);
    return instant_parse(text, &at) ? at : INSTANT_NEVER;
}

/* The first denial whose fact is known, else the first; of delays the one that lasts longest.
 */
static const char *weightiest(const char *findings, const char *ruling)
{
    const char *chosen = NULL, *at = findings;
    bool deny = strcmp(ruling, "deny") == 0;

    while ((at = behind(at, "{\"rule\":\"")) != NULL) {
        const char *its = behind(at, "\",\"ruling\":\"");
        if (!is(its, ruling))
            continue;
        if (chosen == NULL || (deny ? unknown_stands(chosen) && !unknown_stands(at)
                                    : until_of(at).us > until_of(chosen).us))
            chosen = at;
    }
    return chosen;
}

/* That of the channel that was asked about last, which is the one of the verdict. */
static const char *tried_last(const char *record)
{
    const char *at = behind(record, "\"tried\":["), *end = behind(at, ",\"facts\":"),
               *last = NULL;

    while ((at = behind(at, "\"rule\":\"")) != NULL && at < end)
        last = at;
    return last;
}

static void rule_of(const char *kind, const char *record, const char *verdict,
                    const char *ruling, struct gist *out)
{
    const char *named =
        strcmp(kind, "message") == 0 ? behind(record, "\"reason\":\"") : tried_last(record);

    take(named != NULL ? named : weightiest(verdict, ruling), out->rule, sizeof out->rule);
}

/* ---- What was decided ------------------------------------------------------------------- */

static bool goes_later(const char *record, struct instant at)
{
    char text[INSTANT_TEXT];
    struct instant send_at;

    take(behind(record, "\"send_at\":\""), text, sizeof text);
    return instant_parse(text, &send_at) && send_at.us > at.us;
}

static void judged_read(const char *kind, struct instant at, const char *record,
                        const char *verdict, struct gist *out)
{
    bool message = strcmp(kind, "message") == 0;

    if (is(verdict, "allow")) {
        out->outcome = message ? "" : goes_later(record, at) ? "moved" : "allowed";
        return;
    }
    bool deny = is(verdict, "deny");
    rule_of(kind, record, verdict, deny ? "deny" : "defer", out);
    out->outcome = deny ? "blocked" : "moved";
    if (message && is(behind(record, "\"state\":\""), "expired"))
        out->outcome = "blocked";
    if (strcmp(kind, "refusal") == 0)
        out->outcome = is(behind(record, "{\"standing\":\""), "later") ? "moved" : "blocked";
}

/* The book writes it last (flow/book.c). */
static void actor_read(const char *record, struct gist *out)
{
    const char *at = behind_last(record, "\"by\":\"");

    take(at, out->actor, sizeof out->actor);
    if (at != NULL && strcmp(at + strlen(out->actor), "\"}") != 0)
        out->actor[0] = '\0';
}

void gist_read(const char *kind, struct instant at, const char *record, struct gist *out)
{
    const char *verdict = behind(record, "\"verdict\":{\"ruling\":\"");
    const char *tried = behind(record, "\"tried\":[");
    bool refusal = strcmp(kind, "refusal") == 0;

    *out = (struct gist){ .outcome = "" };
    take(refusal && tried != NULL ? behind_last(tried, "{\"channel\":\"")
                                  : behind(record, "\"channel\":\""),
         out->channel, sizeof out->channel);
    actor_read(record, out);
    if (verdict != NULL)
        judged_read(kind, at, record, verdict, out);
    else if (refusal)
        out->outcome = "blocked";
    else if (is(behind(record, "\"state\":\""), "waiting_approval"))
        out->outcome = "held";
}
