#include "flow/strategy_publish.h"

#include "flow/book_parts.h"
#include "flow/draft.h"
#include "flow/insight_guard.h"
#include "flow/publication_parts.h"
#include "flow/strategy.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static enum approval_kind approval_kind_of(enum publication_kind kind)
{
    return kind == PUBLISHED_STRATEGY ? APPROVE_STRATEGY : APPROVE_TEMPLATE;
}

static enum publication_kind kind_of(const struct approval *asked)
{
    return asked->kind == APPROVE_STRATEGY ? PUBLISHED_STRATEGY : PUBLISHED_TEXT;
}

static const char *subject_of(struct arena *a, enum publication_kind kind, const char *name)
{
    return arena_print(a, "%s %s", publication_kind_name(kind), name);
}

/* ---- What is wished for ------------------------------------------------------------------ */

struct wish {
    const char *name, *base, *digest;
};

static const char *wish_text(struct arena *a, const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));

    return text == NULL ? NULL : arena_copy(a, text);
}

static bool wish_read(struct arena *a, const struct approval *asked, struct wish *out,
                      struct fault *why)
{
    json_t *json = json_loads(asked->wish, 0, NULL);

    *out = (struct wish){ wish_text(a, json, "name"), wish_text(a, json, "base"),
                          wish_text(a, json, "digest") };
    json_decref(json);
    return (out->name != NULL && out->base != NULL && out->digest != NULL) ||
           approval_unclear(asked, why);
}

static const char *wish_print(struct arena *a, const struct wish *wish)
{
    return approval_wish(a, json_pack("{s:s, s:s, s:s}", "name", wish->name, "base", wish->base,
                                      "digest", wish->digest));
}

/* ---- How people are treated -------------------------------------------------------------- */

static bool strategy_says(const struct strategy *strategy, const char *template)
{
    for (size_t i = 0; i < strategy->ladder_count; i++) {
        const struct ladder *ladder = &strategy->ladders[i];
        for (size_t k = 0; k < ladder->step_count; k++) {
            if (strcmp(ladder->steps[k].template, template) == 0)
                return true;
        }
    }
    return false;
}

/* Of a text: over the accounts of the strategies that send it. */
static bool text_over(struct book *b, const char *template, const char **out, struct fault *why)
{
    struct strategies all;

    *out = NULL;
    if (!strategy_list(&b->arena, &all, why))
        return false;
    for (size_t i = 0; i < all.count && *out == NULL; i++) {
        if (strategy_says(all.all[i], template) && !guards_over(b, all.all[i]->name, out, why))
            return false;
    }
    return true;
}

/* While people are treated worse than the house allows, it needs a reason to go on, whoever
 * publishes: the second person reads it, and the journal keeps it. */
static bool guards_answered(struct book *b, const struct publishing *in, const char *override,
                            struct fault *why)
{
    const char *over;

    if (!text_is_empty(in->reason) || !text_is_empty(override))
        return true;
    if (in->kind == PUBLISHED_STRATEGY ? !guards_over(b, in->name, &over, why)
                                       : !text_over(b, strchr(in->name, '/') + 1, &over, why))
        return false;
    if (over == NULL)
        return true;
    fail(why, BAD_VALUE, "A limit on how people are treated is passed. %s.", over);
    return fault_hint(why,
                      "say how the new version makes it better: --reason, the field reason, or "
                      "Why on the page");
}

/* ---- Asking ------------------------------------------------------------------------------ */

/* Whether anybody but `by` may agree. */
static bool others_review(struct book *b, const struct roles *roles, int64_t by, bool *others,
                          struct fault *why)
{
    struct user *users;
    size_t count;

    *others = false;
    if (!user_list(b->store, &b->arena, &users, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        *others = *others || (users[i].state == USER_ACTIVE && users[i].number != by &&
                              user_may(roles, &users[i], MAY_REVIEW));
    return true;
}

static bool ask(struct book *b, const struct publishing *in, const struct publication *live,
                int64_t *approval, struct fault *why)
{
    struct wish wish = { in->name, live->digest, publication_digest(&b->arena, in->text) };
    struct approval asked = { .kind = approval_kind_of(in->kind),
                              .subject = subject_of(&b->arena, in->kind, in->name),
                              .wish = wish_print(&b->arena, &wish),
                              .reason = in->reason,
                              .asked_by = in->by };

    return publication_keep_text(b->store, wish.digest, in->text, why) &&
           approval_ask(b, &asked, approval, why);
}

bool publish_ask(struct book *b, const struct roles *roles, const struct publishing *in,
                 const char *override, struct publish_outcome *out, struct fault *why)
{
    struct publishing now = *in;
    struct publication live;
    const char *text;
    bool others;

    *out = (struct publish_outcome){ 0 };
    if (!head_open(b->heads, 0, why) ||
        !publication_compare(b->store, &b->arena, in, &live, &text, why) ||
        !publication_reads(&b->arena, in, live.path, b->now, why) ||
        !guards_answered(b, in, override, why) ||
        !others_review(b, roles, in->by, &others, why))
        return false;
    out->version = live.version + 1;
    if (others && override == NULL)
        return ask(b, in, &live, &out->approval, why);
    if (override != NULL)
        now.reason = override;
    return publication_put(b, &now, &out->version, why);
}

bool publish_back(struct book *b, enum publication_kind kind, const char *name, int32_t version,
                  int64_t by, int32_t *live, struct fault *why)
{
    struct publication was;
    struct publishing in = { .kind = kind, .name = name, .by = by };

    if (!head_open(b->heads, 0, why) ||
        !publication_text(b->store, &b->arena, kind, name, version, &was, &in.text, why))
        return false;
    in.reason = arena_print(&b->arena, "back to version %d", version);
    in.agreed_by = was.agreed_by;
    return publication_put(b, &in, live, why);
}

bool publish_waiting(struct store *s, struct arena *a, enum publication_kind kind,
                     const char *name, struct approval *out, struct fault *why)
{
    const char *subject = subject_of(a, kind, name);
    struct approval *all;
    size_t count;

    *out = (struct approval){ 0 };
    if (!approval_waiting(s, a, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].kind == approval_kind_of(kind) && text_equal(all[i].subject, subject))
            *out = all[i];
    }
    return true;
}

/* ---- What happens when somebody agrees --------------------------------------------------- */

/* What is in force, and what was asked for: a newer draft is not what was agreed to. */
static bool publish_facts(struct store *s, struct arena *a, const struct approval *asked,
                          const char **out, struct fault *why)
{
    struct publication live;
    struct wish wish;
    const char *text;
    struct fault none = { 0 };

    if (!wish_read(a, asked, &wish, why))
        return false;
    bool found = publication_live(s, a, kind_of(asked), wish.name, &live, &text, &none);
    if (!found && none.code != NOT_FOUND) {
        *why = none;
        return false;
    }
    *out =
        publication_digest(a, arena_print(a, "%s %s", found ? live.digest : "", wish.digest));
    return true;
}

static bool publish_tell(struct store *s, struct arena *a, const struct roles *roles,
                         const struct approval *asked, struct approval_tale *out,
                         struct fault *why)
{
    bool strategy = asked->kind == APPROVE_STRATEGY;
    struct wish wish;

    (void)roles;
    (void)s;
    if (!wish_read(a, asked, &wish, why))
        return false;
    *out = (struct approval_tale){
        .what = arena_print(a, "Publish the %s %s", strategy ? "strategy" : "text", wish.name),
        .rule = strategy ? "Who is contacted, when and how changes for many people at once: a "
                           "second person looks at it (docs/strategies.md)."
                         : "Many people will read it: a second person looks at it "
                           "(docs/strategies.md).",
        .told = strategy ? "Nobody is told. The next run looks at every account with it."
                         : "Messages that are made from then on say this.",
        .link = strategy ? arena_print(a, "/strategies/%s/compare", wish.name)
                         : arena_print(a, "/templates/%s", wish.name),
    };
    return true;
}

static bool publish_agree(struct book *b, const struct roles *roles,
                          const struct approval *asked, const struct approver *by,
                          const char **done, struct fault *why)
{
    struct publishing in = { .kind = kind_of(asked),
                             .reason = asked->reason,
                             .by = asked->asked_by,
                             .agreed_by = by->number };
    struct wish wish;
    int32_t version;

    (void)roles;
    if (!wish_read(&b->arena, asked, &wish, why) ||
        !publication_kept_text(b->store, &b->arena, wish.digest, &in.text, why))
        return false;
    in.name = wish.name;
    in.base = wish.base;
    if (!publication_put(b, &in, &version, why))
        return false;
    *done = arena_print(&b->arena, "Version %d of %s is live.", version, wish.name);
    return true;
}

const struct approval_act approval_act_strategy = { .kind = APPROVE_STRATEGY,
                                                    .facts = publish_facts,
                                                    .tell = publish_tell,
                                                    .agree = publish_agree };
const struct approval_act approval_act_text = { .kind = APPROVE_TEMPLATE,
                                                .facts = publish_facts,
                                                .tell = publish_tell,
                                                .agree = publish_agree };
