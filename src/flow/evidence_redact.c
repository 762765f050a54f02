#include "flow/evidence_redact.h"

#include "base/text.h"
#include "flow/house_key.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Names, numbers, dates and codes; nothing that a person wrote or that says who they are. */
static const char *const harmless[] = {
    "standing",      "strategy",       "version",    "segment",
    "ladder",        "step",           "then",       "template",
    "channel",       "party",          "point",      "send_at",
    "items",         "debt",           "instalment", "open",
    "tried",         "ruling",         "rule",       "until",
    "unknown",       "cite",           "facts",      "rulebook",
    "packs",         "verdict",        "findings",   "duties",
    "wording",       "notice",         "due",        "change",
    "state",         "type",           "since",      "scope",
    "amount",        "currency",       "day",        "kind",
    "movement",      "number",         "component",  "outbox",
    "direction",     "outcome",        "at",         "promise",
    "plan",          "item",           "offer",      "dispute",
    "received",      "answer_by",      "corrected",  "proof_sent",
    "statement",     "from",           "to",         "object",
    "replaces",      "digest",         "evidence",   "fact",
    "ended",         "contact",        "role",       "relation",
    "purpose",       "number_kind",    "places",     "zones",
    "debts",         "casefile_debts", "business",   "history",
    "history_known", "composes",       "in",         "other",
    "hours",         "weekdays",       "payment",    "mandate",
    "debit_day",     "user",           "task",       "records",
    "checked",       "problems",       "scope_of",   "language",
    "form",          "basis",          "provided",   "end_date",
    "creditor",      "complaint",      "via",        "acknowledge_by",
    "acknowledged",  "result",         "hold",
};

bool redactor_begin(struct redactor *r, struct store *s, struct arena *a, bool on,
                    struct fault *why)
{
    *r = (struct redactor){ .on = on };
    return !on || house_key_text(s, a, "tokens of evidence packs", r->key, why);
}

const char *redact(const struct redactor *r, struct arena *a, const char *what,
                   const char *text)
{
    char signature[DIGEST_HEX];

    if (!r->on || text == NULL || text[0] == '\0')
        return text;
    secret_sign(r->key, "token", text, signature);
    return arena_print(a, "[%s %.10s]", what, signature);
}

static bool is_harmless(const char *key)
{
    for (size_t i = 0; key != NULL && i < COUNT(harmless); i++) {
        if (strcmp(harmless[i], key) == 0)
            return true;
    }
    return false;
}

static json_t *cleaned(const struct redactor *r, struct arena *a, const char *key,
                       const json_t *value, bool *changed);

static json_t *object_cleaned(const struct redactor *r, struct arena *a, const json_t *object,
                              bool *changed)
{
    json_t *out = json_object(), *value;
    const char *key;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        json_object_set_new(out, key, cleaned(r, a, key, value, changed));
    }
    return out;
}

static json_t *array_cleaned(const struct redactor *r, struct arena *a, const char *key,
                             const json_t *array, bool *changed)
{
    json_t *out = json_array();
    const json_t *value;
    size_t i;

    json_array_foreach(array, i, value)
    {
        json_array_append_new(out, cleaned(r, a, key, value, changed));
    }
    return out;
}

static json_t *cleaned(const struct redactor *r, struct arena *a, const char *key,
                       const json_t *value, bool *changed)
{
    const char *text = json_string_value(value);

    if (json_is_object(value))
        return object_cleaned(r, a, value, changed);
    if (json_is_array(value))
        return array_cleaned(r, a, key, value, changed);
    if (text == NULL || text[0] == '\0' || is_harmless(key))
        return json_deep_copy(value);
    *changed = true;
    return json_string(redact(r, a, "text", text));
}

const char *redact_json(const struct redactor *r, struct arena *a, const char *json,
                        bool *changed)
{
    *changed = false;
    if (!r->on || json == NULL)
        return json;
    json_t *root = json_loads(json, 0, NULL);
    if (root == NULL) { /* nothing is known of it */
        *changed = true;
        return redact(r, a, "text", json);
    }
    json_t *out = cleaned(r, a, NULL, root, changed);
    char *bytes = json_dumps(out, JSON_COMPACT);
    const char *kept = *changed ? arena_copy(a, bytes) : json;
    free(bytes);
    json_decref(out);
    json_decref(root);
    return kept;
}
