#include "flow/policy.h"

#include "base/text.h"
#include "flow/compose.h"
#include "flow/fence.h"
#include "formats/rulepack.h"
#include "formats/strategy_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Case files fall into few classes by place, role and kind; the packs of a class are chosen
 * once. Several threads may ask. */
struct class_packs {
    struct class_packs *next;
    const char *places;
    enum actor_role role;
    bool business;
    struct gate_packs packs;
};

/* What a text holds; NULL when there is no such text for the channel. */
struct kept_content {
    struct kept_content *next;
    const char *template, *language;
    enum channel channel;
    const struct message_content *content;
};

struct loaded_policy {
    struct policy policy; /* first: packs_for gets a pointer to it */
    struct arena arena;
    struct rulebook book;
    pthread_mutex_t lock;
    struct class_packs *classes[256];
    struct letter_saying *saying;
    struct kept_content *contents;
};

static unsigned class_slot(const struct party *party, const struct casefile *c)
{
    unsigned hash = (unsigned)c->role * 2 + c->business;

    for (size_t i = 0; i < party->place_count; i++) {
        for (const char *at = party->places[i]; *at != '\0'; at++)
            hash = hash * 31 + (unsigned char)*at;
    }
    return hash % 256;
}

static bool same_places(const struct party *party, const char *joined)
{
    for (size_t i = 0; i < party->place_count; i++) {
        size_t length = strlen(party->places[i]);
        if (strncmp(joined, party->places[i], length) != 0 || joined[length] != ',')
            return false;
        joined += length + 1;
    }
    return *joined == '\0';
}

static const char *join_places(struct arena *a, const struct party *party)
{
    const char *joined = "";

    for (size_t i = 0; i < party->place_count; i++)
        joined = arena_print(a, "%s%s,", joined, party->places[i]);
    return joined;
}

static struct class_packs *class_add(struct loaded_policy *l, unsigned slot,
                                     const struct casefile *c, const struct party *party)
{
    struct class_packs *class = arena_make(&l->arena, struct class_packs);
    const char **places = arena_array(&l->arena, const char *, party->place_count + 1);

    for (size_t i = 0; i < party->place_count; i++)
        places[i] = arena_copy(&l->arena, party->places[i]);
    *class = (struct class_packs){
        .next = l->classes[slot],
        .places = join_places(&l->arena, party),
        .role = c->role,
        .business = c->business,
        .packs = rulepack_choose(&l->book, &l->arena, places, party->place_count, c->role,
                                 c->business),
    };
    l->classes[slot] = class;
    return class;
}

static struct gate_packs packs_for(const struct policy *policy, struct arena *a,
                                   const struct casefile *c, const struct party *party)
{
    struct loaded_policy *l = (struct loaded_policy *)(uintptr_t)policy;
    unsigned slot = class_slot(party, c);

    (void)a;
    pthread_mutex_lock(&l->lock);
    struct class_packs *class = l->classes[slot];
    while (class != NULL && (class->role != c->role || class->business != c->business ||
                             !same_places(party, class->places)))
        class = class->next;
    if (class == NULL)
        class = class_add(l, slot, c, party);
    pthread_mutex_unlock(&l->lock);
    return class->packs;
}

void message_content_of(struct arena *a, const struct letter_text *text, enum channel channel,
                        const struct letter_content *read, struct message_content *out)
{
    struct gate_field *fields = arena_array(a, struct gate_field, read->fields.count + 1);

    memcpy(fields, read->fields.fields, read->fields.count * sizeof *fields);
    *out = (struct message_content){ .purpose = letter_text_purpose(text),
                                     .fields = { read->fields.count, fields },
                                     .takes_wording = read->shows_disclosures };
    if (read->names_pay_by)
        fields[out->fields.count++] = (struct gate_field){
            "pay_within_days", arena_print(a, "%d", compose_pay_days(channel))
        };
}

static const struct message_content *content_read(struct loaded_policy *l, const char *template,
                                                   const char *language, enum channel channel)
{
    struct message_content *content = arena_make(&l->arena, struct message_content);
    struct fault unread = { 0 };
    struct letter_content read;
    struct letter_text *text;

    if (!letter_text_load(&l->arena, template, language, &text, &unread) ||
        !letter_text_is_for(text, channel))
        return NULL;
    letter_content_read(l->saying, &l->arena, text, channel, &read);
    message_content_of(&l->arena, text, channel, &read, content);
    return content;
}

static const struct message_content *content_of(const struct policy *policy,
                                                const char *template, const char *language,
                                                enum channel channel)
{
    struct loaded_policy *l = (struct loaded_policy *)(uintptr_t)policy;

    pthread_mutex_lock(&l->lock);
    struct kept_content *kept = l->contents;
    while (kept != NULL && (kept->channel != channel || !text_equal(kept->template, template) ||
                            !text_equal(kept->language, language)))
        kept = kept->next;
    if (kept == NULL) {
        kept = arena_make(&l->arena, struct kept_content);
        *kept = (struct kept_content){
            .next = l->contents,
            .template = arena_copy(&l->arena, template),
            .language = language != NULL ? arena_copy(&l->arena, language) : NULL,
            .channel = channel,
            .content = content_read(l, template, language, channel),
        };
        l->contents = kept;
    }
    pthread_mutex_unlock(&l->lock);
    return kept->content;
}

/* From a little before `today`: it may still be that day where a debtor is. */
static void find_rule_changes(struct loaded_policy *l, struct day today)
{
    struct day *days = NULL, day = rulebook_next_change(&l->book, day_plus(today, -3));
    size_t count = 0, room = 0;

    for (; day.number < DAY_NEVER.number; day = rulebook_next_change(&l->book, day))
        *arena_push(&l->arena, days, count, room) = day;
    l->policy.rule_changes = days;
    l->policy.rule_change_count = count;
}

struct loaded_policy *policy_load(const struct zone *zone, struct instant now, struct fault *why)
{
    struct loaded_policy *l = calloc(1, sizeof *l);

    must(l != NULL);
    pthread_mutex_init(&l->lock, NULL);
    l->saying = letter_saying_load(&l->arena, why);
    if (l->saying == NULL || !rulepack_load_rules(&l->arena, &l->book, why) ||
        !strategies_load(&l->arena, &l->policy.strategies, why) ||
        !fence_check(&l->book, &l->policy.strategies, now, why)) {
        policy_free(l);
        return NULL;
    }
    find_rule_changes(l, wall_at(now, zone).day);
    l->policy.rulebook = &l->book;
    l->policy.packs_for = packs_for;
    l->policy.content_of = content_of;
    l->policy.zone = zone;
    return l;
}

void policy_feed_is_old(struct loaded_policy *loaded, bool old)
{
    loaded->policy.feed_is_old = old;
}

const struct policy *policy_of(const struct loaded_policy *loaded)
{
    return &loaded->policy;
}

void policy_free(struct loaded_policy *loaded)
{
    if (loaded == NULL)
        return;
    pthread_mutex_destroy(&loaded->lock);
    arena_free(&loaded->arena);
    free(loaded);
}
