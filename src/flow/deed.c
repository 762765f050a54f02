#include "flow/deed.h"

#include "base/text.h"
#include "domain/money.h"

#include <jansson.h>
#include <string.h>

/* The first row that fits; `field` NULL: whatever the record says. "%s" is the amount. */
static const struct deed_words {
    const char *kind, *field, *value, *done, *happened;
} deeds[] = {
    { "contact", "direction", "in", "took down a message", "A message came in" },
    { "contact", "channel", "call", "noted a call", "A call was noted" },
    { "contact", NULL, NULL, "noted a contact", "A contact was noted" },
    { "talk", NULL, NULL, "noted who was spoken with", "A talk was noted" },
    { "address", "state", "bad", "marked an address bad", "An address was marked bad" },
    { "address", NULL, NULL, "marked an address good", "An address was marked good" },
    { "language", NULL, NULL, "changed their language", "Their language was changed" },
    { "note", "change", "withdrawn", "withdrew a note", "A note was withdrawn" },
    { "note", NULL, NULL, "took a note", "A note was taken" },
    { "payment", "change", "taken_back", "took back a payment", "A payment was taken back" },
    { "payment", "change", "failed", "took back a payment", "A payment failed" },
    { "payment", NULL, NULL, "recorded a payment of %s", "A payment of %s came in" },
    { "promise", NULL, NULL, "took down a promise of %s", "A promise of %s was taken down" },
    { "promise_settled", "state", "kept", "closed a promise", "A promise was kept" },
    { "promise_settled", NULL, NULL, "closed a promise", "A promise was closed" },
    { "plan", "change", "made", "agreed a plan", "A plan was agreed" },
    { "plan", NULL, NULL, "changed a plan", "A plan was changed" },
    { "offer", NULL, NULL, "changed an offer", "An offer was changed" },
    { "dispute", "state", "open", "took down a dispute", "A dispute was taken down" },
    { "dispute", NULL, NULL, "answered a dispute", "A dispute was answered" },
    { "complaint", "change", "opened", "took down a complaint", "A complaint was taken down" },
    { "complaint", "change", "answered", "answered a complaint", "A complaint was answered" },
    { "complaint", NULL, NULL, "worked on a complaint", "A complaint was worked on" },
    { "evidence", NULL, NULL, "added a paper", "A paper was added" },
    { "movement", "movement", "charge", "charged %s", "%s was charged" },
    { "movement", "movement", "waive", "waived %s", "%s was waived" },
    { "movement", "movement", "refund", "paid back %s", "%s was paid back" },
    { "movement", NULL, NULL, "changed the books", "The books were changed" },
    { "debtor", NULL, NULL, "changed their details", "Their details were changed" },
    { "debt", NULL, NULL, "changed a debt", "A debt was changed" },
    { "fact", "type", "hold", "placed a hold", "A hold was placed" },
    { "fact", "type", "opt_out", "recorded an opt-out", "An opt-out came in" },
    { "fact", NULL, NULL, "added something about them", "Something was added about them" },
    { "fact_ended", NULL, NULL, "ended something about them", "Something about them ended" },
    { "hold_lifted", NULL, NULL, "lifted a hold", "A hold was lifted" },
    { "decision", NULL, NULL, "queued a message", "A message was queued" },
    { "refusal", NULL, NULL, "asked to write to them", "A message was held back" },
    { "task", "change", "assigned", "gave a task to somebody", "A task was given to somebody" },
    { "task", "change", "put_off", "put a task off", "A task was put off" },
    { "task", "change", "done", "did a task", "A task was done" },
    { "task", "change", "dropped", "took a task off the list", "A task was taken off the list" },
    { "task", NULL, NULL, "changed a task", "A task came up" },
    { "message", NULL, NULL, "changed a message", "A message went its way" },
    { "statement", NULL, NULL, "gave out a statement", "A statement was given out" },
    { "opened", NULL, NULL, "opened an address", "An address was opened" },
};

static const char *text_at(const json_t *record, const char *key)
{
    return json_string_value(json_object_get(record, key));
}

static const struct deed_words *deed_find(const char *kind, const json_t *record)
{
    for (size_t i = 0; i < COUNT(deeds); i++) {
        const struct deed_words *d = &deeds[i];
        if (text_equal(d->kind, kind) &&
            (d->field == NULL || text_equal(text_at(record, d->field), d->value)))
            return d;
    }
    return NULL;
}

/* "$60.00"; "an amount" when the record has none that can be read. */
static const char *amount_of(struct arena *a, const json_t *record)
{
    const char *amount = text_at(record, "amount"), *code = text_at(record, "currency");
    enum currency currency = code == NULL ? CURRENCY_NONE : currency_parse(code);
    struct money money;
    struct fault why = { 0 };
    char shown[MONEY_TEXT];

    if (currency == CURRENCY_NONE || amount == NULL ||
        !money_parse(amount, '.', '\0', currency, &money, &why))
        return "an amount";
    return arena_copy(a, money_show(money, shown));
}

static const char *words_fill(struct arena *a, const char *words, const json_t *record)
{
    const char *hole = strstr(words, "%s");

    if (hole == NULL)
        return words;
    return arena_print(a, "%.*s%s%s", (int)(hole - words), words, amount_of(a, record),
                       hole + 2);
}

void deed_read(struct arena *a, const char *kind, const char *text, struct deed *out)
{
    json_t *record = json_loads(text, 0, NULL);
    const struct deed_words *words = deed_find(kind, record);
    const char *by = text_at(record, "by");

    out->by = by == NULL ? NULL : arena_copy(a, by);
    out->done = words == NULL ? "changed something" : words_fill(a, words->done, record);
    out->happened =
        words == NULL ? "Something changed" : words_fill(a, words->happened, record);
    json_decref(record);
}
