/* The desk of the invented firm: who answers, who is to be called back, who has which work. */
#include "flow/demo_story.h"

#include "flow/task_list.h"
#include "flow/user.h"

#include <string.h>

enum { ANSWERED_DAYS = 6, TALKED_DAYS = 3, FIRST_CALL = 10 * 3600, QUARTER = 15 * 60 };
enum { ASSIGNED_MOST = 400, EVERY = 3 };

static struct day day_of_event(const struct story *s, const struct event *e)
{
    return wall_at(e->at, s->zone).day;
}

/* A number that a moment has, without rolling dice: what was told before stays as it was. */
static int64_t minute_of(const struct event *e)
{
    return e->at.us / 1000000 / 60;
}

/* Nearly everybody has an answer on the day after. */
static void answer(struct story *s, const struct event *asked)
{
    struct day day = day_of_event(s, asked);
    int days = s->today.number - day.number;

    if (days < 2 || (days <= ANSWERED_DAYS && minute_of(asked) % 12 == 0) || story_is_full(s, 2))
        return;
    struct event *e = story_event(s, EVENT_CONTACT, day_plus(day, 1));
    e->contact = (struct contact){ .at = e->at,
                                   .channel = asked->contact.channel,
                                   .direction = DIRECTION_OUT,
                                   .outcome = OUTCOME_SENT,
                                   .party = PARTY_DEBTOR,
                                   .address = asked->contact.address,
                                   .purpose = "reply" };
    e->note = "Answered what they asked.";
}

/* Some of those we spoke with lately want to be called today. */
static void call_back(struct story *s, struct event *e)
{
    int days = s->today.number - day_of_event(s, e).number;

    if (days < 1 || days > TALKED_DAYS || minute_of(e) % 3 != 0)
        return;
    e->contact.callback_at = instant_of_wall(
        (struct wall){ s->today, FIRST_CALL + (int32_t)(minute_of(e) % 24) * QUARTER }, s->zone);
    e->note = "Was on the way out. Asked us to call again.";
}

void story_desk(struct story *s)
{
    int told = s->event_count;

    for (int i = 0; i < told; i++) {
        const struct contact *c = &s->events[i].contact;
        if (s->events[i].kind != EVENT_CONTACT)
            continue;
        if (c->direction == DIRECTION_IN && c->outcome == OUTCOME_MESSAGE)
            answer(s, &s->events[i]);
        else if (c->direction == DIRECTION_OUT && c->channel == CHANNEL_CALL &&
                 c->outcome == OUTCOME_CONVERSATION)
            call_back(s, &s->events[i]);
    }
}

const char *story_collector(const struct story *s)
{
    static const char *const emails[] = { "priya@fairhaven.example", "omar@fairhaven.example" };

    return emails[s->who.debtor.reference[strlen(s->who.debtor.reference) - 1] % 2];
}

/* The collectors took some of it this morning. */
bool demo_assign(struct book *b, struct fault *why)
{
    const struct task_filter filter = { .now = b->now, .zone = b->zone, .most = ASSIGNED_MOST };
    struct user users[2] = { 0 };
    struct task_item *items;
    struct task_row was;
    size_t count;
    bool more;

    if (!user_by_email(b->store, &b->arena, "priya@fairhaven.example", &users[0], why) ||
        !user_by_email(b->store, &b->arena, "omar@fairhaven.example", &users[1], why) ||
        !task_list(b->store, &b->arena, &filter, &items, &count, &more, why))
        return false;
    for (size_t i = 0; i < count; i += EVERY) {
        const struct user *who = &users[i / EVERY % 2];
        b->by = who->email;
        if (!task_assign(b, items[i].key, items[i].is.number, NULL, who->number, &was, why))
            return false;
    }
    b->by = NULL;
    return true;
}
