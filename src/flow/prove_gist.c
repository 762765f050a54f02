/* Prove: the columns of the decision log, read again from the records. */
#include "flow/prove_parts.h"

#include "base/text.h"
#include "domain/calendar.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static struct instant moment_at(const json_t *object, const char *key, struct instant otherwise)
{
    const char *text = text_at(object, key);
    struct instant at;

    return text != NULL && instant_parse(text, &at) ? at : otherwise;
}

/* Of these findings, the one that the gate would call decisive. */
static const char *decisive(const json_t *verdict)
{
    const char *ruling = text_at(verdict, "ruling");
    const json_t *finding, *best = NULL;
    size_t i;

    json_array_foreach(json_object_get(verdict, "findings"), i, finding)
    {
        if (!text_equal(text_at(finding, "ruling"), ruling))
            continue;
        bool better = best == NULL;
        if (!better && text_equal(ruling, "deny"))
            better = text_at(best, "unknown") != NULL && text_at(finding, "unknown") == NULL;
        else if (!better)
            better = moment_at(finding, "until", INSTANT_NEVER).us >
                     moment_at(best, "until", INSTANT_NEVER).us;
        if (better)
            best = finding;
    }
    return text_at(best, "rule");
}

static const char *rule_said(const char *kind, const json_t *record)
{
    const json_t *tried = json_object_get(record, "tried");
    const json_t *last = json_array_get(tried, json_array_size(tried) - 1);
    const char *said =
        text_equal(kind, "message") ? text_at(record, "reason") : text_at(last, "rule");

    return said != NULL ? said : decisive(json_object_get(record, "verdict"));
}

static const char *outcome_of(const char *kind, struct instant at, const json_t *record)
{
    const json_t *verdict = json_object_get(record, "verdict");
    const char *ruling = text_at(verdict, "ruling"), *state = text_at(record, "state");
    bool message = text_equal(kind, "message");

    if (text_equal(kind, "refusal"))
        return text_equal(text_at(record, "standing"), "later") ? "moved" : "blocked";
    if (verdict == NULL)
        return text_equal(state, "waiting_approval") ? "held" : "";
    if (!text_equal(ruling, "allow"))
        return text_equal(ruling, "deny") || (message && text_equal(state, "expired"))
                   ? "blocked"
                   : "moved";
    if (message)
        return "";
    return moment_at(record, "send_at", at).us > at.us ? "moved" : "allowed";
}

static const char *channel_of(const char *kind, const json_t *record)
{
    const json_t *tried = json_object_get(record, "tried");

    return text_equal(kind, "refusal")
               ? text_at(json_array_get(tried, json_array_size(tried) - 1), "channel")
               : text_at(record, "channel");
}

static void compare(struct proof *p, int64_t seq, const char *column, const char *expected,
                    const char *found)
{
    if (!text_equal(expected, found))
        prove_find(p, CHECK_GISTS, expected != NULL ? expected : "none",
                   found != NULL ? found : "none", "record %" PRId64 ", %s", seq, column);
}

void prove_gist(struct proof *p, struct query *q)
{
    json_t *record = json_loads(row_text(q, 4), 0, NULL);
    const char *kind = row_text(q, 3), *outcome;
    int64_t seq = row_int(q, 0);

    p->counts[CHECK_GISTS]++;
    outcome = outcome_of(kind, (struct instant){ row_int(q, 2) }, record);
    bool against = json_object_get(json_object_get(record, "verdict"), "ruling") != NULL &&
                   !text_equal(text_at(json_object_get(record, "verdict"), "ruling"), "allow");
    compare(p, seq, "outcome", outcome, row_text(q, 7));
    compare(p, seq, "channel", channel_of(kind, record), row_text(q, 8));
    compare(p, seq, "rule", against ? rule_said(kind, record) : NULL, row_text(q, 9));
    compare(p, seq, "actor", text_at(record, "by"), row_text(q, 10));
    json_decref(record);
}
