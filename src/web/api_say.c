/* API: what is said and understood the same way by every call. */
#include "web/api.h"

#include "base/secret.h"
#include "base/text.h"
#include "flow/agreement_letter.h"
#include "flow/approval.h"
#include "flow/audit_decision.h"
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

#define DONE_FIELDS                                                                            \
    { "account", API_TEXT, API_MUST, "its reference", NULL },                                  \
    {                                                                                          \
        "change", API_TEXT, API_MUST, "added, updated, or none: it was so already", NULL       \
    }

const struct api_field api_nothing[] = { API_END };
const struct api_field api_reason[] = { API_REASON, API_END };
const struct api_field api_limit_query[] = { API_LIMIT, API_END };
const struct api_field api_page_query[] = { API_AFTER, API_LIMIT, API_END };
const struct api_field api_content_reply[] = {
    { "name", API_TEXT, API_MUST, "of the file", NULL },
    { "content", API_TEXT, API_MUST, "its bytes, base64", NULL },
    API_END,
};
const struct api_field api_done_reply[] = { DONE_FIELDS, API_END };
const struct api_field api_made_reply[] = {
    DONE_FIELDS,
    { "number", API_INT, API_MUST, "its number in the account", NULL },
    API_END,
};

const struct api_field api_asked_reply[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "change", API_TEXT, API_MUST, "added; none: it was so already; asked: nothing is done yet",
      NULL },
    { "number", API_INT, API_OR_NULL, "its number in the account; null: it waits", NULL },
    { "approval", API_INT, API_OR_NULL, "that another person has to give; null: it is done",
      NULL },
    { "why", API_TEXT, API_OR_NULL, "why it waits, and who can approve it", NULL },
    API_END,
};

/* ---- Said ---------------------------------------------------------------------------------- */

void api_put_or_null(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text_is_empty(text) ? json_null() : json_string(text));
}

void api_put_amount(json_t *object, const char *key, int64_t minor, enum currency currency)
{
    char text[MONEY_TEXT];

    api_put_or_null(object, key,
                    currency == CURRENCY_NONE ? NULL
                                              : money_print(money_of(minor, currency), text));
}

void api_put_moment(const struct api *call, json_t *object, const char *key, struct instant at)
{
    char text[INSTANT_TEXT];

    api_put_or_null(object, key,
                    at.us == INSTANT_NEVER.us || at.us == 0
                        ? NULL
                        : instant_print_in(at, call->view->zone, text));
}

void api_put_day(json_t *object, const char *key, struct day day)
{
    char text[DAY_TEXT];

    api_put_or_null(object, key,
                    day.number == DAY_NONE.number || day.number == DAY_NEVER.number
                        ? NULL
                        : day_print(day, text));
}

void api_put_currency(json_t *object, const char *key, enum currency currency)
{
    api_put_or_null(object, key, currency == CURRENCY_NONE ? NULL : currency_code(currency));
}

const char *api_record(const struct api *call, int64_t bucket, int64_t seq)
{
    return arena_print(call->arena, "D-%lld.%lld", (long long)bucket, (long long)seq);
}

static json_t *done_of(struct api *call, enum change change)
{
    static const char *const names[] = {
        [CHANGE_NONE] = "none", [CHANGE_ADDED] = "added", [CHANGE_UPDATED] = "updated"
    };
    json_t *out = json_object();

    put(out, "account", call->account.reference);
    put(out, "change", names[change]);
    return out;
}

void api_give_done(struct api *call, enum change change)
{
    api_give(call, change == CHANGE_NONE ? 200 : 201, done_of(call, change));
}

void api_give_made(struct api *call, enum change change, int32_t number)
{
    json_t *out = done_of(call, change);

    put_int(out, "number", number);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
}

void api_give_asked(struct api *call, enum change change, int32_t number,
                    const struct asking *asking)
{
    json_t *out = done_of(call, change);

    if (asking->approval != 0)
        put(out, "change", "asked");
    api_put_number(out, "number", number);
    api_put_number(out, "approval", asking->approval);
    api_put_or_null(out, "why", asking->words);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
}

void api_give_secret(struct api *call, json_t *object, const char *name, const char *secret)
{
    api_put_or_null(object, name, NULL);
    call->kept = json_dumps(object, JSON_COMPACT);
    must(call->kept != NULL);
    api_put_or_null(object, name, secret);
    api_give(call, 201, object);
}

void api_give_file(struct api *call, int status, const char *name, const void *bytes,
                   size_t length)
{
    char *text = malloc(BASE64_TEXT(length));
    json_t *out = json_object();

    must(text != NULL);
    put(out, "name", name);
    put(out, "content", base64_print(bytes, length, text));
    free(text);
    api_give(call, status, out);
}

bool api_letter(struct api *call, bool plan, struct fault *why)
{
    struct casefile_key key;
    char *bytes = NULL;
    size_t length = 0;
    struct book b;
    int32_t number;

    if (!api_key(call, &key, why) || !api_number(call, 1, &number, why))
        return false;
    FILE *out = open_memstream(&bytes, &length);
    must(out != NULL);
    book_reading(&b, call->view->store, call->view->zone, call->view->now);
    bool made = agreement_letter(&b, key, plan ? number : 0, plan ? 0 : number, out, why);
    book_reading_done(&b);
    fclose(out);
    if (made)
        api_give_file(call, 200,
                      arena_print(call->arena, "%s-%d.pdf", plan ? "plan" : "offer", (int)number),
                      bytes, length);
    free(bytes);
    return made;
}

bool api_give_text(struct api *call, const char *key, const char *text, size_t length,
                   struct fault *why)
{
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL), *out;

    if (value == NULL)
        return fail(why, SYSTEM, "What was found cannot be told as JSON.");
    out = json_object();
    json_object_set_new(out, key, value);
    api_give(call, 200, out);
    return true;
}

bool api_give_if(struct api *call, bool filled, struct sheet *sheet)
{
    if (filled)
        api_give_sheet(call, sheet);
    else
        sheet_free(sheet);
    return filled;
}

/* ---- What the gate said -------------------------------------------------------------------- */

json_t *api_decision(struct arena *a, const struct audited *d)
{
    char at[INSTANT_TEXT];
    json_t *o = json_object();

    put(o, "decision",
        arena_print(a, "D-%lld.%lld", (long long)d->bucket, (long long)d->seq));
    put(o, "at", instant_print(d->at, at));
    put(o, "account", d->reference);
    put(o, "kind", d->kind);
    put(o, "outcome", d->outcome);
    put(o, "hash", d->hash);
    put(o, "before", d->before);
    json_object_set_new(o, "record", json_loads(d->record, 0, NULL));
    if (d->question != NULL)
        json_object_set_new(o, "question", json_loads(d->question, 0, NULL));
    return o;
}

/* Read where it was written: nobody else sees it yet. */
static json_t *decision_in(struct api *call, int64_t bucket, int64_t seq, const char **rule,
                           struct fault *why)
{
    struct view inside = *call->view;
    struct audited found;
    json_t *out = NULL;

    inside.store = call->book->store;
    inside.arena = (struct arena){ 0 };
    if (audit_load(&inside, bucket, seq, &found, why)) {
        out = api_decision(&inside.arena, &found);
        *rule = arena_copy(call->arena, found.rule);
    }
    arena_free(&inside.arena);
    return out;
}

bool api_blocked(struct api *call, int64_t bucket, int64_t seq, const char *reason,
                 struct fault *why)
{
    const char *id = "";
    json_t *decision = decision_in(call, bucket, seq, &id, why);

    if (decision == NULL)
        return false;
    json_t *out = json_object(), *error = put_object(out, "error");
    const struct rule *rule = view_rule(call->view, id);
    put(error, "code", api_error_words(API_RULE_BLOCKED)->code);
    put(error, "message",
        arena_print(call->arena, "Not now: %s",
                    reason != NULL ? reason : "there is no address that serves."));
    if (rule != NULL) {
        put(error, "rule", id);
        put(error, "citation", rule_cite(rule));
        put(error, "link", arena_print(call->arena, "/rules/%s", url_encode(call->arena, id)));
    }
    json_object_set_new(error, "decision", decision);
    api_give(call, 422, out);
    return true;
}

/* ---- Places in lists ------------------------------------------------------------------------ */

static bool no_place(struct fault *why)
{
    return fail(why, BAD_VALUE, "after is no place in this list.");
}

bool api_after(const struct api *call, int64_t start, int64_t *out, struct fault *why)
{
    const char *after = api_query(call, "after");

    *out = start;
    return after == NULL || (text_to_int(after, out) && *out >= 1) || no_place(why);
}

bool api_after_place(const struct api *call, size_t count, int64_t *numbers, struct fault *why)
{
    const char *after = api_query(call, "after");

    return after == NULL || page_place(after, count, numbers) || no_place(why);
}

void api_put_next(const struct api *call, json_t *object, bool more, int64_t place)
{
    api_put_or_null(object, "next",
                    more ? arena_print(call->arena, "%lld", (long long)place) : NULL);
}

void api_put_next_place(const struct api *call, json_t *object, bool more, size_t count,
                        const int64_t *numbers)
{
    api_put_or_null(object, "next",
                    more ? page_place_print(call->arena, count, numbers) : NULL);
}

/* ---- Understood ---------------------------------------------------------------------------- */

bool api_number(const struct api *call, int hole, int32_t *out, struct fault *why)
{
    int64_t number = 0;

    *out = 0;
    if (!text_to_int(call->holes[hole], &number) || number < 1 || number > INT32_MAX)
        return fail(why, NOT_FOUND, "There is nothing of the number \"%.20s\".",
                    call->holes[hole]);
    *out = (int32_t)number;
    return true;
}

bool api_flag(const struct api *call, const char *name)
{
    return json_is_true(json_object_get(call->body, name));
}

bool api_at(const struct api *call, const char *name, struct instant *out, struct fault *why)
{
    const char *text = api_text(call, name);

    *out = (struct instant){ 0 };
    return text == NULL || instant_parse(text, out) ||
           fail(why, BAD_VALUE, "The field \"%s\" has to be a moment with its offset.", name);
}

bool api_channel(const struct api *call, const char *name, enum channel *out, struct fault *why)
{
    const char *text = api_text(call, name);

    return (text != NULL && channel_parse(text, out)) ||
           fail(why, BAD_VALUE, "There is no channel \"%s\".", text == NULL ? "" : text);
}

bool api_amount(struct api *call, const char *name, enum currency currency, int64_t *minor,
                struct fault *why)
{
    const char *text = api_text(call, name);
    struct money money;

    *minor = 0;
    if (text == NULL)
        return true;
    if (!money_parse(text, '.', '\0', currency, &money, why) || money.minor <= 0)
        return fail(why, BAD_VALUE, "The field \"%s\" has to be an amount such as \"185.00\".",
                    name);
    *minor = money.minor;
    return true;
}

bool api_role(const struct api *call, const char **role, struct fault *why)
{
    *role = call->role->authority;
    return *role != NULL ||
           fail(why, NOT_ALLOWED, "The role %s grants nothing of this.", call->role->title);
}

bool api_sees_all(const struct api *call, struct fault *why)
{
    if (call->user.clients == NULL && call->user.desks == NULL)
        return true;
    return fail(why, NOT_ALLOWED,
                "This is about all clients; read account by account, or ask with a token that "
                "is not limited.");
}

bool api_bytes(struct api *call, const char *name, const void **bytes, size_t *length,
               struct fault *why)
{
    if (call->file != NULL) {
        *bytes = call->file->bytes;
        *length = call->file->length;
        return *length > 0 || fail(why, BAD_VALUE, "The file is empty.");
    }
    const char *text = api_text(call, name);
    size_t most = text == NULL ? 0 : strlen(text);
    char *room = arena_alloc(call->arena, most + 1);

    *bytes = room;
    return (text != NULL && base64_read(text, room, most, length) && *length > 0) ||
           fail(why, BAD_VALUE, "The field \"%s\" has to be base64 of at least one byte.", name);
}

void api_put_number(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, number == 0 ? json_null() : json_integer(number));
}

bool api_debt(struct api *call, struct book *b, const struct account *account,
              const char *reference, struct debt_set *debts, enum currency *currency,
                    struct fault *why)
{
    int32_t *debt = arena_make(call->arena, int32_t);

    if (!account_debt(b, account, reference, debt, why) ||
        !account_currency(b, account, *debt, currency, why))
        return false;
    *debts = (struct debt_set){ *debt != 0, debt };
    return *currency != CURRENCY_NONE ||
           fail(why, BAD_VALUE, "They owe in several currencies: say for which \"debt\" it is.");
}
