/* token: keys of programs. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"
#include "flow/typed.h"
#include "flow/user_token.h"

#define TOKEN_SECTION "People and access"

/* ---- create -------------------------------------------------------------------------------- */

enum { CREATE_NAME, CREATE_CAN, CREATE_USER, CREATE_EXPIRES, CREATE_BY };

static const struct option create_options[] = {
    [CREATE_NAME] = { OPTION_TEXT, "name", "TEXT", "what it is for, as lists show it", "Which",
                      true, 0, NULL },
    [CREATE_CAN] = { OPTION_TEXT, "can", "NAMES",
                     "what it may do, with commas between (recoup role show)", NULL, true, 0,
                     NULL },
    [CREATE_USER] = { OPTION_TEXT, "user", "EMAIL", "whose it is: it may do no more than they may",
                      NULL, true, 0, NULL },
    [CREATE_EXPIRES] = { OPTION_TEXT, "expires", "DAY", "its last day, or 90d (90d)", NULL, false,
                         0, NULL },
    [CREATE_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

/* "90d" from today on, or a day as everywhere. */
static bool last_day(struct call *call, struct day *out, struct fault *why)
{
    const char *text = call->given[CREATE_EXPIRES].is ? call_text(call, CREATE_EXPIRES) : "90d";
    struct day today;

    if (!call_today(call, &today, why))
        return false;
    if (typed_day(text, today, out) || typed_day(arena_print(call->arena, "+%s", text), today, out))
        return true;
    fail(why, BAD_USAGE, "--expires takes a day, and \"%s\" is none.", text);
    return fault_hint(why, "90d, or 2027-02-18");
}

static void print_created(struct people *w, const struct token_input *in, const struct user *user,
                          int64_t number, struct day last, const char *token)
{
    struct arena *a = w->call->arena;
    struct receipt r;

    receipt_begin(&r, w->call, "token create");
    receipt_line(&r, "%s token %lld, \"%s\", for %s: %s. Its last day is %s.",
                 people_verb(w, "Made", "Would make"), (long long)number, in->name, user->email,
                 scopes_print(a, in->scopes), show_day(a, last));
    receipt_count(&r, "token_number", number);
    receipt_field(&r, "name", in->name);
    receipt_field(&r, "user", user->email);
    receipt_field(&r, "can", scopes_print(a, in->scopes));
    receipt_day(&r, "last_day", last);
    people_hand_over(w, &r, "token", "The token, shown only now", arena_copy(a, token));
    receipt_undo(&r, arena_print(a, "recoup token revoke %lld", (long long)number));
    receipt_end(&r);
}

static bool create(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    struct token_input in = { .name = call_text(call, CREATE_NAME) };
    char text[TOKEN_TEXT];
    struct user user;
    struct day last;
    int64_t number;

    if (!last_day(call, &last, why) || !people_find(w, call_text(call, CREATE_USER), &user, why) ||
        !scopes_parse(call->arena, call_text(call, CREATE_CAN), &in.scopes, why))
        return false;
    in.user = user.number;
    in.until = day_begins(day_plus(last, 1), w->book.zone);
    if (!token_create(&w->book, w->roles, &in, &number, text, why))
        return false;
    print_created(w, &in, &user, number, last, text);
    return true;
}

static bool run_token_create(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, CREATE_BY), why) &&
           people_end(&w, create(&w, why), why);
}

const struct command command_token_create = {
    .name = "token create",
    .section = TOKEN_SECTION,
    .summary = "Make a key for a program; it is shown once.",
    .examples = { "recoup token create --name \"nightly import\" --can accounts,import --user "
                  "loader@fairhaven.example --expires 90d -o token.txt",
                  "recoup token create --name reports --can insights --user vic@fairhaven.example" },
    .options = create_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "With -o FILE it stands in that file alone, which only you may read. Only its digest\n"
             "is kept. Undo: recoup token revoke",
    .run = run_token_create,
};

/* ---- list ---------------------------------------------------------------------------------- */

static const char *moment(struct call *call, struct instant at, const struct zone *zone)
{
    char text[INSTANT_TEXT];

    if (at.us == 0)
        return call->format == FORMAT_PEOPLE ? "never" : NULL;
    return call->format == FORMAT_PEOPLE ? show_instant(call->arena, at, zone)
                                         : arena_copy(call->arena, instant_print(at, text));
}

static void token_row(struct call *call, struct table *t, const struct token *token,
                      struct instant now, const struct zone *zone)
{
    static const char *const states[] = { "good", "expired", "revoked" };

    table_count(t, token->number);
    table_text(t, token->name);
    table_text(t, token->email);
    table_text(t, scopes_print(call->arena, token->scopes));
    table_text(t, states[token_state(token, now)]);
    table_text(t, moment(call, token->until_at, zone));
    table_text(t, moment(call, token->used_at, zone));
}

static bool run_token_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = {
        { "number", "No.", CELL_COUNT },       { "name", "Name", CELL_TEXT },
        { "user", "Whose", CELL_TEXT },        { "can", "Can", CELL_TEXT },
        { "state", "State", CELL_TEXT },       { "until_at", "Until", CELL_TEXT },
        { "used_at", "Last used", CELL_TEXT },
    };
    struct sheet sheet = { .heading = "Keys of programs" };
    struct table *t = sheet_table(&sheet, "tokens", "None yet:  recoup token create", COUNT(columns),
                                  columns);
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    const struct zone *zone;
    struct token *tokens;
    struct instant now;
    size_t count;
    bool done = s != NULL && call_now(call, &now, why) && call_zone(call, &zone, why) &&
                token_list(s, call->arena, 0, &tokens, &count, why);

    store_close(s);
    for (size_t i = 0; done && i < count; i++)
        token_row(call, t, &tokens[i], now, zone);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_token_list = {
    .name = "token list",
    .section = TOKEN_SECTION,
    .summary = "List keys of programs: whose, what they may do, when they were last used.",
    .examples = { "recoup token list", "recoup token list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_token_list,
};

/* ---- revoke -------------------------------------------------------------------------------- */

enum { REVOKE_BY };

static const struct option revoke_options[] = {
    [REVOKE_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool revoke_token(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    struct token token;
    struct receipt r;
    int64_t number;

    if (!text_to_int(call->targets[0], &number))
        return fail(why, BAD_USAGE, "A token is named by its number (recoup token list).");
    if (!token_load(w->book.store, call->arena, number, &token, why) ||
        !token_revoke(&w->book, number, why))
        return false;
    receipt_begin(&r, call, "token revoke");
    receipt_line(&r, "%s token %lld, \"%s\", of %s.", people_verb(w, "Revoked", "Would revoke"),
                 (long long)number, token.name, token.email);
    receipt_count(&r, "token_number", number);
    receipt_field(&r, "name", token.name);
    receipt_end(&r);
    return true;
}

static bool run_token_revoke(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, REVOKE_BY), why) &&
           people_end(&w, revoke_token(&w, why), why);
}

const struct command command_token_revoke = {
    .name = "token revoke",
    .section = TOKEN_SECTION,
    .summary = "End a key of a program, at once and for good.",
    .examples = { "recoup token revoke 3", "recoup token revoke 3 --by ada@fairhaven.example" },
    .target = "NUMBER",
    .targets_least = 1,
    .targets_most = 1,
    .options = revoke_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_token_revoke,
};
