#include "flow/plan_ask.h"

#include "base/text.h"
#include "flow/account.h"
#include "flow/file_check.h"
#include "flow/granting.h"
#include "flow/movements.h"
#include "flow/spoken.h"
#include "store/casefiles.h"

#include <jansson.h>

/* ---- Beyond one's own ---- */

static bool has_asked(const struct proposed *made)
{
    for (size_t i = 0; i < made->answer.plan_count; i++) {
        if (made->answer.plans[i].aim == PLAN_ASKED)
            return true;
    }
    return false;
}

bool plan_beyond(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                 struct proposed *out, bool *found, struct fault *why)
{
    struct plan_wish higher = *wish;
    struct granting g;
    size_t role;

    *found = false;
    if (!granting_load(b, key, wish->currency, wish->debts, &g, why) ||
        !granting_role(&g, wish->role, &role, why))
        return false;
    for (role++; role < g.rules->role_count && !*found; role++) {
        higher.role = g.rules->roles[role].name;
        if (!plan_propose(b, key, &higher, out, why))
            return false;
        *found = has_asked(out);
    }
    return true;
}

/* ---- What is wanted ---- */

static json_t *items_print(const struct plan_input *in)
{
    json_t *items = json_array();
    char day[DAY_TEXT];

    for (size_t i = 0; i < in->item_count; i++)
        json_array_append_new(items, json_pack("[s, I]", day_print(in->items[i].day, day),
                                               (json_int_t)in->items[i].minor));
    return items;
}

static json_t *debts_print(const struct plan_input *in)
{
    json_t *debts = json_array();

    for (size_t i = 0; i < in->debts.count; i++)
        json_array_append_new(debts, json_integer(in->debts.numbers[i]));
    return debts;
}

static const char *wish_print(struct book *b, const struct plan_input *in, bool down,
                              const char *once, const struct authority_answer *answer)
{
    json_t *wish = json_pack(
        "{s:s, s:o, s:o, s:s?, s:b, s:i, s:s?, s:i, s:s?, s:s?, s:s?, s:s?, s:i, s:b, s:s?, "
        "s:s, s:s}",
        "currency", currency_code(in->currency), "items", items_print(in), "debts",
        debts_print(in), "schedule", in->schedule, "frozen", (int)in->interest_frozen,
        "cure_days", in->cure_days, "autopay", in->autopay, "notice_days", in->notice_days,
        "agreed_by", in->agreed_by, "evidence", in->evidence, "author", in->author, "reason",
        in->reason, "replaces", (int)in->replaces, "down", (int)down, "once", once, "why",
        answer->why, "source", answer->source);
    return approval_wish(&b->arena, wish);
}

struct wish {
    json_t *json; /* owned; texts live as long */
    struct plan_input in;
    bool down;
    const char *once, *why, *source;
};

static int int_at(const json_t *json, const char *key)
{
    return (int)json_integer_value(json_object_get(json, key));
}

static bool items_read(struct arena *a, const json_t *json, struct plan_input *in)
{
    size_t count = json_array_size(json);
    struct plan_item *items = arena_array(a, struct plan_item, count + 1);

    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(json, i);
        const char *day = json_string_value(json_array_get(item, 0));
        items[i].minor = json_integer_value(json_array_get(item, 1));
        if (day == NULL || !day_parse(day, &items[i].day) || items[i].minor <= 0)
            return false;
    }
    in->items = items;
    in->item_count = count;
    return count > 0;
}

static void debts_read(struct arena *a, const json_t *json, struct plan_input *in)
{
    size_t count = json_array_size(json);
    int32_t *debts = arena_array(a, int32_t, count + 1);

    for (size_t i = 0; i < count; i++)
        debts[i] = (int32_t)json_integer_value(json_array_get(json, i));
    in->debts = (struct debt_set){ count, debts };
}

static bool wish_read(struct arena *a, const struct approval *asked, struct wish *out,
                      struct fault *why)
{
    json_t *json = json_loads(asked->wish, 0, NULL);
    const char *currency = approval_text(json, "currency");

    *out =
        (struct wish){ .json = json,
                       .in = { .schedule = approval_text(json, "schedule"),
                               .interest_frozen = json_is_true(json_object_get(json, "frozen")),
                               .cure_days = int_at(json, "cure_days"),
                               .autopay = approval_text(json, "autopay"),
                               .notice_days = int_at(json, "notice_days"),
                               .agreed_by = approval_text(json, "agreed_by"),
                               .evidence = approval_text(json, "evidence"),
                               .author = approval_text(json, "author"),
                               .reason = approval_text(json, "reason"),
                               .replaces = int_at(json, "replaces") },
                       .down = json_is_true(json_object_get(json, "down")),
                       .once = approval_text(json, "once"),
                       .why = approval_text(json, "why"),
                       .source = approval_text(json, "source") };
    debts_read(a, json_object_get(json, "debts"), &out->in);
    if (currency != NULL && out->why != NULL && out->source != NULL &&
        items_read(a, json_object_get(json, "items"), &out->in)) {
        out->in.currency = currency_parse(currency);
        return true;
    }
    json_decref(json);
    return approval_unclear(asked, why);
}

/* ---- Asked for ---- */

static bool answer_of(struct book *b, struct casefile_key key, const struct plan_input *in,
                      bool down, const char *role_name, struct authority_answer *answer,
                      struct fault *why)
{
    struct day *days = arena_array(&b->arena, struct day, in->item_count);
    int64_t *minors = arena_array(&b->arena, int64_t, in->item_count);
    struct proposal proposal;
    struct granting g;
    size_t role;

    if (role_name == NULL)
        return granting_none("grants no plan", why);
    if (!granting_load(b, key, in->currency, in->debts, &g, why) ||
        !granting_role(&g, role_name, &role, why))
        return false;
    for (size_t i = 0; i < in->item_count; i++) {
        days[i] = in->items[i].day;
        minors[i] = in->items[i].minor;
    }
    granting_proposal(&g, in->item_count, days, minors, down, &proposal);
    return granting_check(&g, role, &proposal, answer, why);
}

bool plan_ask(struct book *b, const struct account *account, const struct plan_input *in,
              bool down, const char *once, const struct asker *asker, struct asking *asking,
              struct fault *why)
{
    struct authority_answer answer;

    if (!approval_asked_before(b, APPROVE_PLAN, account->reference, once, asking, why))
        return false;
    if (asking->approval != 0)
        return true;
    if (!file_check_stands(b, account->key, why) ||
        !answer_of(b, account->key, in, down, asker->role, &answer, why))
        return false;
    struct approval asked = { .kind = APPROVE_PLAN,
                              .subject = account->reference,
                              .wish = wish_print(b, in, down, once, &answer),
                              .reason = in->reason,
                              .asked_by = asker->user };
    asking->words = answer.why;
    asking->source = answer.source;
    return approval_ask(b, &asked, &asking->approval, why);
}

/* ---- What happens when somebody agrees ---- */

static int64_t total_of(const struct plan_input *in)
{
    int64_t total = 0;

    for (size_t i = 0; i < in->item_count; i++)
        total += in->items[i].minor;
    return total;
}

static const char *what_of(struct arena *a, const struct plan_input *in, const char *name)
{
    const char *first = spoken_money(a, "en", money_of(in->items[0].minor, in->currency));

    return arena_print(a, "A plan of %zu payments with %s: %s first, on %s, %s together",
                       in->item_count, name, first,
                       spoken_short_day(a, "en", "US", in->items[0].day),
                       spoken_money(a, "en", money_of(total_of(in), in->currency)));
}

static bool plan_tell(struct store *s, struct arena *a, const struct roles *roles,
                      const struct approval *asked, struct approval_tale *out,
                      struct fault *why)
{
    struct account account;
    struct book reading;
    struct wish wish;

    (void)roles;
    if (!wish_read(a, asked, &wish, why))
        return false;
    book_reading(&reading, s, NULL, asked->asked_at);
    bool read = account_find(&reading, asked->subject, &account, why);
    if (read)
        *out = (struct approval_tale){
            .what = what_of(a, &wish.in, account.name),
            .rule = arena_print(a, "%s (%s)", wish.why, wish.source),
            .told = arena_print(
                a,
                "The plan stands at once, the last payment on %s. They get the "
                "agreement in writing, and nobody reminds them while they keep "
                "to it.",
                spoken_short_day(a, "en", "US", wish.in.items[wish.in.item_count - 1].day)),
            .account = asked->subject,
        };
    book_reading_done(&reading);
    json_decref(wish.json);
    return read;
}

static bool covers(struct book *b, struct casefile_key key, const struct wish *wish,
                   const struct approver *by, struct fault *why)
{
    struct authority_answer answer;

    return answer_of(b, key, &wish->in, wish->down, by->authority, &answer, why) &&
           granting_covers(&answer, why);
}

static bool wish_do(struct book *b, const struct approval *asked, const struct wish *wish,
                    const struct approver *by, const char **done, struct fault *why)
{
    struct account account;
    enum change change;
    int32_t number;

    if (wish->in.items[0].day.number < book_today(b).number)
        return fail(why, CONFLICT,
                    "Its first payment would have been on %s: decline it, and agree another.",
                    spoken_short_day(&b->arena, "en", "US", wish->in.items[0].day));
    if (!account_find(b, asked->subject, &account, why) ||
        !covers(b, account.key, wish, by, why) ||
        !book_plan_add(b, account.key, wish->once, &wish->in, &number, &change, why))
        return false;
    *done = arena_print(&b->arena, "Approved: plan %d stands.", (int)number);
    return true;
}

static bool plan_granted(struct book *b, const struct roles *roles,
                         const struct approval *asked, const struct approver *by,
                         const char **done, struct fault *why)
{
    struct wish wish;

    (void)roles;
    if (!wish_read(&b->arena, asked, &wish, why))
        return false;
    bool did = wish_do(b, asked, &wish, by, done, why);
    json_decref(wish.json);
    return did;
}

const struct approval_act approval_act_plan = {
    .kind = APPROVE_PLAN, .facts = approval_movements, .tell = plan_tell, .agree = plan_granted
};
