/* API: strategies, letters and emails: what is live, drafts of it, and how one goes live. */
#include "web/api.h"

#include "base/text.h"
#include "flow/draft.h"
#include "flow/strategy_publish.h"
#include "flow/text_sample.h"
#include "web/page_strategies.h"

#include <string.h>

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field strategy_rows[] = {
    { "strategy", API_TEXT, API_MUST, "its name", NULL },
    { "title", API_TEXT, API_OR_NULL, "as people read it", NULL },
    { "order", API_INT, API_MUST, "the lowest is tried first", NULL },
    { "file", API_TEXT, API_MUST, "where it was read", NULL },
    { "digest", API_TEXT, API_MUST, "of its bytes", NULL },
    API_END,
};
static const struct api_field strategies_reply[] = {
    { "strategies", API_ROWS, API_MUST, "in the order in which they are tried", strategy_rows },
    API_END,
};
static const struct api_field text_rows[] = {
    { "language", API_TEXT, API_MUST, "BCP 47", NULL },
    { "text", API_TEXT, API_MUST, "its name", NULL },
    { "title", API_TEXT, API_MUST, "as people read it", NULL },
    { "purpose", API_TEXT, API_MUST, "what it is for", NULL },
    { "tone", API_TEXT, API_MUST, "how it speaks", NULL },
    { "email", API_BOOL, API_MUST, "it is sent as one", NULL },
    { "letter", API_BOOL, API_MUST, "it is sent as one", NULL },
    { "collector", API_BOOL, API_MUST, "a collector says it, not the creditor", NULL },
    API_END,
};
static const struct api_field texts_reply[] = {
    { "texts", API_ROWS, API_MUST, "by language and name", text_rows },
    API_END,
};
static const struct api_field draft_object[] = {
    { "revision", API_INT, API_MUST, "for what changes it", NULL },
    { "base", API_TEXT, API_OR_NULL, "digest of what it began from; null: it is new", NULL },
    { "text", API_TEXT, API_MUST, "as it stands", NULL },
    { "by", API_INT, API_OR_NULL, "number of the user", NULL },
    { "at", API_MOMENT, API_MUST, "when it was saved", NULL },
    API_END,
};
static const struct api_field one_reply[] = {
    { "name", API_TEXT, API_MUST, "its name", NULL },
    { "version", API_INT, API_MUST, "that is live; 0: none is", NULL },
    { "digest", API_TEXT, API_OR_NULL, "of what is live", NULL },
    { "text", API_TEXT, API_OR_NULL, "what is live", NULL },
    { "waiting", API_INT, API_OR_NULL, "approval that its publication waits for", NULL },
    { "draft", API_OBJECT, API_MAY, "what somebody is changing", draft_object },
    API_END,
};
static const struct api_field version_rows[] = {
    { "version", API_INT, API_MUST, "its number; 1: as the file says it", NULL },
    { "at", API_MOMENT, API_OR_NULL, "live since", NULL },
    { "by", API_INT, API_OR_NULL, "number of the user", NULL },
    { "agreed_by", API_INT, API_OR_NULL, "number of the user", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why", NULL },
    { "digest", API_TEXT, API_MUST, "of its bytes", NULL },
    API_END,
};
static const struct api_field versions_reply[] = {
    { "versions", API_ROWS, API_MUST, "the newest first", version_rows },
    API_END,
};
static const struct api_field version_reply[] = {
    { "version", API_INT, API_MUST, "its number", NULL },
    { "digest", API_TEXT, API_MUST, "of its bytes", NULL },
    { "text", API_TEXT, API_MUST, "what it said", NULL },
    API_END,
};
static const struct api_field draft_body[] = {
    { "text", API_TEXT, API_MUST, "as it shall be, at most 256 KB", NULL },
    { "revision", API_INT, API_MAY, "of the draft that was read; without: there was none",
      NULL },
    { "rebase", API_BOOL, API_MAY, "true: it begins from what is live now", NULL },
    API_END,
};
static const struct api_field draft_reply[] = {
    { "name", API_TEXT, API_MUST, "its name", NULL },
    { "revision", API_INT, API_MUST, "of the draft now; 0: there is none", NULL },
    { "digest", API_TEXT, API_OR_NULL, "of a draft that was dropped: brings it back", NULL },
    API_END,
};
static const struct api_field restore_body[] = {
    { "digest", API_TEXT, API_MUST, "as dropping it said", NULL },
    API_END,
};
static const struct api_field publish_body[] = {
    { "revision", API_INT, API_MUST, "of the draft, as it was read", NULL },
    { "reason", API_TEXT, API_MAY,
      "why, for who agrees and the journal; needed while a limit on how people are treated is "
      "passed",
      NULL },
    API_END,
};
static const struct api_field published_reply[] = {
    { "name", API_TEXT, API_MUST, "its name", NULL },
    { "version", API_INT, API_MUST, "that is live, or will be", NULL },
    { "approval", API_INT, API_OR_NULL, "it waits for; null: it is live", NULL },
    API_END,
};
static const struct api_field back_body[] = {
    { "version", API_INT, API_MUST, "that shall be live again", NULL },
    API_END,
};
static const struct api_field try_body[] = {
    { "text", API_TEXT, API_MAY, "instead of what is kept", NULL },
    API_END,
};
static const struct api_field finding_rows[] = {
    { "line", API_INT, API_MUST, "of the text", NULL },
    { "kind", API_TEXT, API_MUST, "missing or forbidden", NULL },
    { "what", API_TEXT, API_OR_NULL, "the field, word or value", NULL },
    { "message", API_TEXT, API_MUST, "one sentence", NULL },
    { "rule", API_TEXT, API_OR_NULL, "that says so", NULL },
    { "citation", API_TEXT, API_OR_NULL, "of that rule", NULL },
    API_END,
};
static const struct api_field try_reply[] = {
    { "subject", API_TEXT, API_OR_NULL, "of the email", NULL },
    { "text", API_TEXT, API_OR_NULL, "of the email, with invented values", NULL },
    { "sample", API_TEXT, API_MUST, "whose values they are", NULL },
    { "reading_age", API_INT, API_OR_NULL, "at which most people read it with ease", NULL },
    { "findings", API_ROWS, API_MUST, "what rules and the list of words say of it",
      finding_rows },
    API_END,
};

/* ---- Of both ------------------------------------------------------------------------------- */

struct named {
    enum publication_kind kind;
    const char *name;
};

static struct named strategy_of(const struct api *call)
{
    return (struct named){ PUBLISHED_STRATEGY, call->holes[0] };
}

static struct named text_of_path(const struct api *call)
{
    return (struct named){ PUBLISHED_TEXT,
                           arena_print(call->arena, "%s/%s", call->holes[0], call->holes[1]) };
}

/* A strategy that was never live may have a draft. */
static bool live_read(struct api *call, struct named n, struct publication *live,
                      const char **text, struct draft *draft, struct fault *why)
{
    struct fault none = { 0 };

    if (!draft_load(call->view->store, call->arena, n.kind, n.name, draft, why))
        return false;
    if (publication_live(call->view->store, call->arena, n.kind, n.name, live, text, &none))
        return true;
    *live = (struct publication){ .digest = "" };
    *text = NULL;
    *why = none;
    return none.code == NOT_FOUND && n.kind == PUBLISHED_STRATEGY && draft->revision > 0;
}

static void draft_put(const struct api *call, json_t *out, const struct draft *draft)
{
    if (draft->revision == 0)
        return;
    json_t *o = put_object(out, "draft");
    put_int(o, "revision", draft->revision);
    api_put_or_null(o, "base", draft->base);
    put(o, "text", draft->text);
    api_put_number(o, "by", draft->by);
    api_put_moment(call, o, "at", draft->at);
}

static bool one_give(struct api *call, struct named n, struct fault *why)
{
    struct publication live;
    struct approval asked;
    struct draft draft;
    const char *text;

    if (!live_read(call, n, &live, &text, &draft, why) ||
        !publish_waiting(call->view->store, call->arena, n.kind, n.name, &asked, why))
        return false;
    json_t *out = json_object();
    put(out, "name", n.name);
    put_int(out, "version", text == NULL ? 0 : live.version > 0 ? live.version : 1);
    api_put_or_null(out, "digest", live.digest);
    api_put_or_null(out, "text", text);
    api_put_number(out, "waiting", asked.number);
    draft_put(call, out, &draft);
    api_give(call, 200, out);
    return true;
}

static bool versions_give(struct api *call, struct named n, struct fault *why)
{
    struct publication *all;
    size_t count;

    if (!publication_versions(call->view->store, call->arena, n.kind, n.name, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "versions");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "version", all[i].version);
        api_put_moment(call, row, "at", all[i].at);
        api_put_number(row, "by", all[i].published_by);
        api_put_number(row, "agreed_by", all[i].agreed_by);
        api_put_or_null(row, "reason", all[i].reason);
        put(row, "digest", all[i].digest);
    }
    api_give(call, 200, out);
    return true;
}

static bool version_give(struct api *call, struct named n, int hole, struct fault *why)
{
    struct publication is;
    const char *text;
    int32_t number;

    if (!api_number(call, hole, &number, why) ||
        !publication_text(call->view->store, call->arena, n.kind, n.name, number, &is, &text,
                          why))
        return false;
    json_t *out = json_object();
    put_int(out, "version", is.version);
    put(out, "digest", is.digest);
    put(out, "text", text);
    api_give(call, 200, out);
    return true;
}

static bool draft_give(struct api *call, struct named n, const char *dropped, struct fault *why)
{
    struct draft now;

    if (!draft_load(call->book->store, call->arena, n.kind, n.name, &now, why))
        return false;
    json_t *out = json_object();
    put(out, "name", n.name);
    put_int(out, "revision", now.revision);
    api_put_or_null(out, "digest", dropped);
    api_give(call, 201, out);
    return true;
}

static bool save(struct api *call, struct named n, struct fault *why)
{
    struct drafting in = { .kind = n.kind,
                           .name = n.name,
                           .revision = api_int(call, "revision", 0),
                           .by = call->user.number };
    const char *typed = api_text(call, "text"), *text;
    struct publication live;
    struct draft draft;

    if (typed == NULL)
        return fail(why, BAD_VALUE, "The field \"text\" is empty.");
    if (!live_read(call, n, &live, &text, &draft, why))
        return false;
    in.text = strategy_typed(call->arena, typed);
    if (text == NULL)
        in.base = "";
    else if (n.kind == PUBLISHED_TEXT || api_flag(call, "rebase") || draft.revision == 0)
        in.base = live.digest;
    return draft_save(call->book, &in, why) && draft_give(call, n, NULL, why);
}

static bool drop(struct api *call, struct named n, struct fault *why)
{
    const char *digest;

    return draft_drop(call->book, n.kind, n.name, &digest, why) &&
           draft_give(call, n, arena_copy(call->arena, digest), why);
}

static bool restore(struct api *call, struct named n, struct fault *why)
{
    const char *digest = api_text(call, "digest");

    return draft_restore(call->book, n.kind, n.name, digest == NULL ? "" : digest,
                         call->user.number, why) &&
           draft_give(call, n, NULL, why);
}

static bool published_give(struct api *call, struct named n, int32_t version, int64_t approval)
{
    json_t *out = json_object();

    put(out, "name", n.name);
    put_int(out, "version", version);
    api_put_number(out, "approval", approval);
    api_give(call, 201, out);
    return true;
}

static bool publish(struct api *call, struct named n, struct fault *why)
{
    struct publishing in = { .kind = n.kind,
                             .name = n.name,
                             .reason = api_text(call, "reason"),
                             .by = call->user.number };
    struct publish_outcome done;
    struct draft draft;

    if (!draft_load(call->view->store, call->arena, n.kind, n.name, &draft, why))
        return false;
    if (draft.revision == 0 || draft.revision != api_int(call, "revision", 0))
        return fail(why, CONFLICT,
                    "The draft was saved, published or dropped after it was read.");
    in.text = draft.text;
    in.base = draft.base;
    return publish_ask(call->book, call->hand->roles, &in, NULL, &done, why) &&
           published_give(call, n, done.version, done.approval);
}

static bool go_back(struct api *call, struct named n, enum permission change, struct fault *why)
{
    int64_t version = api_int(call, "version", 0);
    int32_t live;

    if (!(call->can & (PERMISSION_BIT(change) | PERMISSION_BIT(MAY_REVIEW))))
        return fail(why, NOT_ALLOWED,
                    "Who goes back to a version may change what it is of, or review it.");
    if (version < 1 || version > INT32_MAX)
        return fail(why, BAD_VALUE, "There is no version %lld.", (long long)version);
    return publish_back(call->book, n.kind, n.name, (int32_t)version, call->user.number, &live,
                        why) &&
           published_give(call, n, live, 0);
}

/* ---- Strategies ---------------------------------------------------------------------------- */

static bool get_strategies(struct api *call, struct fault *why)
{
    const struct strategies *all = &call->view->policy->strategies;
    json_t *out = json_object(), *rows = put_list(out, "strategies");

    (void)why;
    for (size_t i = 0; i < all->count; i++) {
        const struct strategy *s = all->all[i];
        json_t *row = list_add(rows);
        put(row, "strategy", s->name);
        api_put_or_null(row, "title", s->title);
        put_int(row, "order", s->order);
        put(row, "file", s->file);
        put(row, "digest", s->digest);
    }
    api_give(call, 200, out);
    return true;
}

static bool get_strategy(struct api *call, struct fault *why)
{
    return one_give(call, strategy_of(call), why);
}

static bool get_strategy_versions(struct api *call, struct fault *why)
{
    return versions_give(call, strategy_of(call), why);
}

static bool get_strategy_version(struct api *call, struct fault *why)
{
    return version_give(call, strategy_of(call), 1, why);
}

static bool post_strategy_save(struct api *call, struct fault *why)
{
    return save(call, strategy_of(call), why);
}

static bool post_strategy_drop(struct api *call, struct fault *why)
{
    return drop(call, strategy_of(call), why);
}

static bool post_strategy_restore(struct api *call, struct fault *why)
{
    return restore(call, strategy_of(call), why);
}

static bool post_strategy_publish(struct api *call, struct fault *why)
{
    return publish(call, strategy_of(call), why);
}

static bool post_strategy_back(struct api *call, struct fault *why)
{
    return go_back(call, strategy_of(call), MAY_CHANGE_STRATEGY, why);
}

static const struct api_field new_body[] = {
    { "name", API_TEXT, API_MUST, "small letters, digits and -", NULL },
    { "from", API_TEXT, API_MUST, "the strategy that it begins from", NULL },
    API_END,
};

static bool post_strategy_new(struct api *call, struct fault *why)
{
    const struct named n = { PUBLISHED_STRATEGY, api_line(call, "name") };
    const char *from = api_text(call, "from"), *text;

    if (n.name == NULL || from == NULL)
        return fail(why, BAD_VALUE, "Say the \"name\", and \"from\" which strategy it begins.");
    if (!strategy_new_text(call->view, n.name, from, &text, why))
        return false;
    const struct drafting in = { .kind = PUBLISHED_STRATEGY,
                                 .name = n.name,
                                 .text = text,
                                 .base = "",
                                 .by = call->user.number };
    return draft_save(call->book, &in, why) && draft_give(call, n, NULL, why);
}

/* ---- Letters and emails -------------------------------------------------------------------- */

static bool get_texts(struct api *call, struct fault *why)
{
    struct text_row *all;
    size_t count;

    if (!text_list(call->arena, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "texts");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put(row, "language", all[i].language);
        put(row, "text", all[i].name);
        put(row, "title", all[i].title);
        put(row, "purpose", all[i].purpose);
        put(row, "tone", all[i].tone);
        put_true(row, "email", all[i].by_email);
        put_true(row, "letter", all[i].by_letter);
        put_true(row, "collector", all[i].from_collector);
    }
    api_give(call, 200, out);
    return true;
}

static bool get_text(struct api *call, struct fault *why)
{
    return one_give(call, text_of_path(call), why);
}

static bool get_text_versions(struct api *call, struct fault *why)
{
    return versions_give(call, text_of_path(call), why);
}

static bool get_text_version(struct api *call, struct fault *why)
{
    return version_give(call, text_of_path(call), 2, why);
}

static bool post_text_save(struct api *call, struct fault *why)
{
    return save(call, text_of_path(call), why);
}

static bool post_text_drop(struct api *call, struct fault *why)
{
    return drop(call, text_of_path(call), why);
}

static bool post_text_restore(struct api *call, struct fault *why)
{
    return restore(call, text_of_path(call), why);
}

static bool post_text_publish(struct api *call, struct fault *why)
{
    return publish(call, text_of_path(call), why);
}

static bool post_text_back(struct api *call, struct fault *why)
{
    return go_back(call, text_of_path(call), MAY_CHANGE_TEMPLATE, why);
}

static void findings_put(json_t *out, const struct template_findings *f)
{
    json_t *rows = put_list(out, "findings");

    for (size_t i = 0; i < f->count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "line", f->all[i].line);
        put(row, "kind", f->all[i].kind);
        api_put_or_null(row, "what", f->all[i].what);
        put(row, "message", f->all[i].text);
        api_put_or_null(row, "rule", f->all[i].rule);
        api_put_or_null(row, "citation", f->all[i].cite);
    }
}

static bool ask_try(struct api *call, struct fault *why)
{
    const char *typed = api_text(call, "text"), *source;
    struct template_findings findings;
    struct text_shown shown;

    if (typed != NULL && strlen(typed) > TEXT_BYTES)
        return fail(why, BAD_VALUE, "The text is longer than 256 KB.");
    if (!text_source(call->arena, call->holes[0], call->holes[1], &source, why) ||
        !text_show(call->arena, call->holes[0], call->holes[1], typed, call->view->now, &shown,
                   why) ||
        !text_check(call->arena, call->holes[0], call->holes[1], typed, call->view->now,
                    &findings, why))
        return false;
    json_t *out = json_object();
    api_put_or_null(out, "subject", shown.subject);
    api_put_or_null(out, "text", shown.text);
    put(out, "sample", shown.sample);
    api_put_number(out, "reading_age",
                   shown.reading.grade_tenths > 0 && text_equal(call->holes[0], "en")
                       ? shown.reading.age
                       : 0);
    findings_put(out, &findings);
    api_give(call, 200, out);
    return true;
}

#define OF_STRATEGY "/api/v1/strategies/{}"
#define OF_TEXT "/api/v1/texts/{}/{}"

const struct route routes_api_publish[] = {
    API_GIVES("/api/v1/strategies", MAY_READ_RULES, "listStrategies",
              "Strategies that are loaded", NULL, strategies_reply, get_strategies, NULL),
    API_TAKES("/api/v1/strategies", MAY_CHANGE_STRATEGY, "addStrategy",
              "A draft of a new one, from one that is there", new_body, draft_reply,
              post_strategy_new, NULL),
    API_GIVES(OF_STRATEGY, MAY_READ_RULES, "getStrategy", "What is live, and its draft", NULL,
              one_reply, get_strategy, "strategy"),
    API_GIVES(OF_STRATEGY "/versions", MAY_READ_RULES, "listStrategyVersions",
              "What was published", NULL, versions_reply, get_strategy_versions, "strategy"),
    API_GIVES(OF_STRATEGY "/versions/{}", MAY_READ_RULES, "getStrategyVersion", "One of them",
              NULL, version_reply, get_strategy_version, "strategy", "version"),
    API_TAKES(OF_STRATEGY "/draft", MAY_CHANGE_STRATEGY, "saveStrategyDraft",
              "Nothing follows a draft", draft_body, draft_reply, post_strategy_save,
              "strategy"),
    API_TAKES(OF_STRATEGY "/draft/drop", MAY_CHANGE_STRATEGY, "dropStrategyDraft", "It is gone",
              api_nothing, draft_reply, post_strategy_drop, "strategy"),
    API_TAKES(OF_STRATEGY "/draft/restore", MAY_CHANGE_STRATEGY, "restoreStrategyDraft",
              "One that was dropped comes back", restore_body, draft_reply,
              post_strategy_restore, "strategy"),
    API_TAKES(OF_STRATEGY "/publish", MAY_CHANGE_STRATEGY, "publishStrategy",
              "The draft goes live once another person agreed", publish_body, published_reply,
              post_strategy_publish, "strategy"),
    API_TAKES(OF_STRATEGY "/back", MAY_READ_RULES, "restoreStrategyVersion",
              "Back to a version that was live", back_body, published_reply, post_strategy_back,
              "strategy"),
    API_GIVES("/api/v1/texts", MAY_READ_RULES, "listTexts", "Letters and emails", NULL,
              texts_reply, get_texts, NULL),
    API_GIVES(OF_TEXT, MAY_READ_RULES, "getText", "What is live, and its draft", NULL,
              one_reply, get_text, "language", "text"),
    API_GIVES(OF_TEXT "/versions", MAY_READ_RULES, "listTextVersions", "What was published",
              NULL, versions_reply, get_text_versions, "language", "text"),
    API_GIVES(OF_TEXT "/versions/{}", MAY_READ_RULES, "getTextVersion", "One of them", NULL,
              version_reply, get_text_version, "language", "text", "version"),
    API_ASKS(OF_TEXT "/try", MAY_CHANGE_TEMPLATE, "tryText",
             "As a reader would get it, and what checks say of it", try_body, try_reply, ask_try,
             "language", "text"),
    API_TAKES(OF_TEXT "/draft", MAY_CHANGE_TEMPLATE, "saveTextDraft", "Nobody is sent a draft",
              draft_body, draft_reply, post_text_save, "language", "text"),
    API_TAKES(OF_TEXT "/draft/drop", MAY_CHANGE_TEMPLATE, "dropTextDraft", "It is gone",
              api_nothing, draft_reply, post_text_drop, "language", "text"),
    API_TAKES(OF_TEXT "/draft/restore", MAY_CHANGE_TEMPLATE, "restoreTextDraft",
              "One that was dropped comes back", restore_body, draft_reply, post_text_restore,
              "language", "text"),
    API_TAKES(OF_TEXT "/publish", MAY_CHANGE_TEMPLATE, "publishText",
              "The draft goes live once another person agreed", publish_body, published_reply,
              post_text_publish, "language", "text"),
    API_TAKES(OF_TEXT "/back", MAY_READ_RULES, "restoreTextVersion",
              "Back to a version that was live", back_body, published_reply, post_text_back,
              "language", "text"),
    { 0 },
};
