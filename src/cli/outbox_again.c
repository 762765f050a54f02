/* outbox again: what did not arrive is said once more, one by one or those of a cause. */
#include "flow/outbox_again.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/outbox.h"
#include "flow/policy.h"

#include <string.h>

enum { MESSAGES_MOST = 1000 };
enum { AGAIN_CAUSE, AGAIN_BY };

static const struct option again_options[] = {
    [AGAIN_CAUSE] = { OPTION_TEXT, "cause", "CODE",
                      "all that failed for this reason (outbox list); or failed, bounced",
                      "Which messages", false, 0, NULL },
    [AGAIN_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

/* One of them, and what came of it. */
struct again {
    const char *name;
    struct casefile_key key;
    int32_t number;
    enum { AGAIN_SENT, AGAIN_HELD, AGAIN_MOOT } came; /* moot: there is nothing to send again */
    int32_t fresh;                                    /* the message that takes its place */
    struct instant at;
    const char *why; /* not; NULL: it goes */
};

struct sending {
    struct call *call;
    struct book book;
    struct loaded_policy *policy;
    const struct zone *zone;
    size_t count, room, counts[3];
    struct again *all;
};

static const char *name_of(struct arena *a, struct casefile_key key, int64_t number)
{
    return arena_print(a, "%lld.%lld.%lld", (long long)key.bucket, (long long)key.id,
                       (long long)number);
}

static void add(struct sending *s, struct casefile_key key, int32_t number)
{
    struct arena *a = s->call->arena;

    *arena_push(a, s->all, s->count, s->room) =
        (struct again){ .name = name_of(a, key, number), .key = key, .number = number };
}

/* ---- Which ------------------------------------------------------------------------------- */

/* All are read before any is sent: a name that is none stops nothing halfway. */
static bool named_read(struct sending *s, struct fault *why)
{
    for (size_t i = 0; i < s->call->target_count; i++) {
        struct casefile_key key;
        int64_t number;
        if (!outbox_named(s->call->targets[i], &key, &number, why))
            return fault_hint(why, "recoup outbox list --state failed --json");
        if (number < 1 || number > INT32_MAX)
            return fail(why, NOT_FOUND, "There is no message \"%s\".", s->call->targets[i]);
        add(s, key, (int32_t)number);
    }
    return true;
}

static const char *cause_of(const struct message_row *m)
{
    return text_is_empty(m->state_reason) ? m->state : m->state_reason;
}

struct causes {
    const char *wanted;
    bool known;
    const char *names; /* of the others: "mailbox full; bounced" */
};

static void cause_note(struct arena *a, struct causes *c, const char *cause)
{
    if (text_equal(cause, c->wanted))
        c->known = true;
    else if (c->names == NULL)
        c->names = arena_copy(a, cause);
    else if (strstr(c->names, cause) == NULL)
        c->names = arena_print(a, "%s; %s", c->names, cause);
}

static bool cause_page(struct sending *s, struct causes *c, struct list_ask *who, bool *more,
                       struct fault *why)
{
    struct list_page page;

    if (!outbox_failed(s->book.store, s->call->arena, who, &page, why))
        return false;
    for (size_t i = 0; i < page.count; i++) {
        struct message_row m = list_message(&page.rows[i]);
        struct casefile_key key = { m.bucket, m.casefile_id };
        int32_t later;
        cause_note(s->call->arena, c, cause_of(&m));
        if (!text_equal(cause_of(&m), c->wanted) || text_equal(m.channel, "call"))
            continue;
        if (!outbox_again_of(s->book.store, key, (int32_t)m.outbox, &later, why))
            return false;
        if (later == 0)
            add(s, key, (int32_t)m.outbox);
    }
    who->goes_on = true;
    who->after = page.after;
    *more = page.more;
    return true;
}

static bool cause_unknown(const struct causes *c, struct fault *why)
{
    fail(why, NOT_FOUND, "No message failed because of \"%s\".", c->wanted);
    return c->names != NULL ? fault_hint(why, "there are: %s", c->names)
                            : fault_hint(why, "recoup outbox list --state failed");
}

/* Those that were sent again already are left out: the command may be said twice. */
static bool cause_read(struct sending *s, struct fault *why)
{
    struct causes c = { .wanted = call_text(s->call, AGAIN_CAUSE) };
    struct list_ask who = { .now = s->book.now };
    bool more = true, read = book_begin(&s->book, why);

    while (read && more)
        read = cause_page(s, &c, &who, &more, why);
    book_undo(&s->book);
    return read && (c.known || cause_unknown(&c, why));
}

/* ---- Sent again -------------------------------------------------------------------------- */

static const char *held_words(const struct sending *s, const struct spoken *spoken)
{
    struct arena *a = s->call->arena;
    struct instant until = spoken->stands.until;

    return arena_copy(
        a, outbox_held(a, spoken,
                       until.us == INSTANT_NEVER.us ? "" : show_instant(a, until, s->zone)));
}

/* In a transaction of its own: what the gate said of it stands in the journal, whatever it was.
 */
static bool again_do(struct sending *s, struct again *m, struct fault *why)
{
    struct spoken spoken;

    if (!book_begin(&s->book, why))
        return false;
    if (!outbox_again(&s->book, policy_of(s->policy), m->key, m->number, &spoken, why)) {
        book_undo(&s->book);
        return false;
    }
    m->came = spoken.number != 0 ? AGAIN_SENT : AGAIN_HELD;
    m->fresh = spoken.number;
    m->at = spoken.at;
    m->why = spoken.number != 0 ? NULL : held_words(s, &spoken);
    if (!s->call->global[GLOBAL_DRY_RUN].is)
        return book_commit(&s->book, why);
    book_undo(&s->book);
    return true;
}

/* One that cannot go does not keep the others; what is broken does. */
static bool again_try(struct sending *s, struct again *m, struct fault *why)
{
    struct fault fault = { 0 };
    bool done = again_do(s, m, &fault);
    enum fault_kind kind = fault_kind_of(fault.code);

    if (!done &&
        ((kind != FAULT_CONFLICT && kind != FAULT_ABSENT) || s->call->target_count == 1)) {
        *why = fault;
        return false;
    }
    if (!done) {
        m->came = AGAIN_MOOT;
        m->why = arena_copy(s->call->arena, fault.text);
    }
    s->counts[m->came]++;
    return true;
}

/* ---- What came of it --------------------------------------------------------------------- */

static void rows_put(const struct sending *s, struct table *t)
{
    static const char *const came[] = { "ready", "held", "not-sent" };
    bool people = s->call->format == FORMAT_PEOPLE;
    struct arena *a = s->call->arena;
    char text[INSTANT_TEXT];

    for (size_t i = 0; i < s->count; i++) {
        const struct again *m = &s->all[i];
        bool goes = m->came == AGAIN_SENT;
        table_text(t, m->name);
        table_text(t, came[m->came]);
        table_text(t, goes ? name_of(a, m->key, m->fresh) : NULL);
        table_text(t, !goes    ? NULL
                      : people ? show_instant(a, m->at, s->zone)
                               : instant_print(m->at, text));
        table_text(t, m->why);
    }
}

static void print_again(struct sending *s)
{
    static const struct table_column columns[] = {
        { "message", "Message", CELL_TEXT }, { "came", "What came of it", CELL_TEXT },
        { "new", "New message", CELL_TEXT }, { "at", "Goes", CELL_TEXT },
        { "why", "Why not", CELL_TEXT },
    };
    bool dry = s->call->global[GLOBAL_DRY_RUN].is;
    struct arena *a = s->call->arena;
    struct sheet sheet = { 0 };

    sheet.heading =
        arena_print(a, "%s on %s way with the next worker%s%s%s",
                    show_count(a, (int64_t)s->counts[AGAIN_SENT]),
                    s->counts[AGAIN_SENT] == 1 ? "its" : "their",
                    s->counts[AGAIN_HELD] == 0
                        ? ""
                        : arena_print(a, ", %zu held back by the rules", s->counts[AGAIN_HELD]),
                    s->counts[AGAIN_MOOT] == 0
                        ? ""
                        : arena_print(a, ", %zu not sent again", s->counts[AGAIN_MOOT]),
                    dry ? " (would be: nothing was changed)" : "");
    sheet_field(&sheet, "done", "outbox again");
    if (dry)
        sheet_field(&sheet, "dry_run", "nothing was changed");
    struct table *t = sheet_table(&sheet, "messages", "Nothing waits to be sent again.",
                                  COUNT(columns), columns);
    rows_put(s, t);
    call_print_sheet(s->call, &sheet);
    sheet_free(&sheet);
}

static enum exit_code exit_of(const struct sending *s)
{
    if (s->counts[AGAIN_SENT] == s->count)
        return EXIT_DONE;
    if (s->counts[AGAIN_SENT] > 0)
        return EXIT_PARTLY;
    return s->counts[AGAIN_HELD] > 0 ? EXIT_RULE_BLOCKED : EXIT_CONFLICT;
}

static bool by_typed(struct sending *s, struct fault *why)
{
    const char *by = call_text(s->call, AGAIN_BY);
    struct user user;

    if (by == NULL)
        return true;
    if (!doer_find(s->book.store, s->call->arena, by, &user, why))
        return false;
    s->book.by = user.email;
    return true;
}

static bool send_all(struct sending *s, struct fault *why)
{
    s->policy = policy_load(s->book.zone, s->book.now, why);
    if (s->policy == NULL || !by_typed(s, why) ||
        !(s->call->target_count > 0 ? named_read(s, why) : cause_read(s, why)))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        if (!again_try(s, &s->all[i], why))
            return false;
    }
    print_again(s);
    s->call->exit = exit_of(s);
    return true;
}

static bool run_outbox_again(struct call *call, struct fault *why)
{
    struct sending s = { .call = call };
    struct instant now;

    if ((call->target_count > 0) == call->given[AGAIN_CAUSE].is) {
        fail(why, BAD_USAGE, "Say which messages, or --cause CODE for all of one cause.");
        return fault_hint(why, "recoup outbox list --state failed");
    }
    if (!call_now(call, &now, why) || !call_zone(call, &s.zone, why) ||
        !book_open(&s.book, call->settings.db.value, now, why))
        return false;
    bool done = send_all(&s, why);
    policy_free(s.policy);
    book_close(&s.book);
    return done;
}

const struct command command_outbox_again = {
    .name = "outbox again",
    .section = "Acting on accounts",
    .summary = "Send again what failed or came back: a new message takes its place.",
    .examples = { "recoup outbox again 17.42.3 --by omar@fairhaven.example",
                  "recoup outbox again --cause \"mailbox full\" --dry-run" },
    .target = "MESSAGE...",
    .targets_least = 0,
    .targets_most = MESSAGES_MOST,
    .options = again_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | ACTS | DRY_RUNS,
    .notes =
        "It goes to the address that is good now, when the rules allow it; each is said again\n"
        "once. Exit code 9 when some did not go, 6 when the rules held all of them.",
    .run = run_outbox_again,
};
