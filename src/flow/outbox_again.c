#include "flow/outbox_again.h"

#include "base/text.h"
#include "flow/debit.h"
#include "store/casefiles.h"

/* What the outbox says of the message. */
struct failed {
    enum channel channel;
    const char *template, *step, *state, *record, *subject, *words;
};

bool outbox_may_again(const char *state)
{
    return text_equal(state, "failed") || text_equal(state, "bounced");
}

static bool failed_load(struct store *s, struct arena *a, struct casefile_key key,
                        int32_t number, struct failed *out, struct fault *why)
{
    struct query q = query_begin(s, Q_OUTBOX_GET);

    bind_key(&q, key);
    bind_int(&q, number);
    bool found = query_next(&q);
    if (found) {
        found = channel_parse(row_text(&q, 1), &out->channel);
        out->template = row_copy(&q, 4, a);
        out->step = row_copy(&q, 5, a);
        out->state = row_copy(&q, 9, a);
        out->record = row_copy(&q, 12, a);
        out->subject = row_copy(&q, 16, a);
        out->words = row_copy(&q, 17, a);
    }
    return query_end(&q, why) &&
           (found || fail(why, NOT_FOUND, "There is no such message in the outbox."));
}

static bool later_find(struct store *s, struct casefile_key key, int32_t number,
                       const struct failed *m, int32_t *later, struct fault *why)
{
    struct query q = query_begin(s, Q_OUTBOX_LATER);

    *later = 0;
    bind_key(&q, key);
    bind_int(&q, number);
    bind_text(&q, m->template);
    bind_text(&q, m->step);
    bind_text(&q, m->words != NULL ? m->words : "");
    if (query_next(&q))
        *later = (int32_t)row_int(&q, 0);
    return query_end(&q, why);
}

bool outbox_again_of(struct store *s, struct casefile_key key, int32_t number, int32_t *later,
                     struct fault *why)
{
    struct arena a = { 0 };
    struct failed m;
    bool done =
        failed_load(s, &a, key, number, &m, why) && later_find(s, key, number, &m, later, why);

    arena_free(&a);
    return done;
}

bool outbox_failed(struct store *s, struct arena *a, const struct list_ask *who,
                   struct list_page *out, struct fault *why)
{
    const char *const *names = list_states(LIST_MESSAGES);
    struct list_ask ask = *who;

    ask.list = LIST_MESSAGES;
    ask.to = INT64_MAX;
    ask.most = AGAIN_LOOK;
    for (int i = 0; i < LIST_STATES && names[i] != NULL; i++)
        ask.states |= outbox_may_again(names[i]) ? (uint32_t)1 << i : 0;
    return book_list(s, a, &ask, out, why);
}

const char *outbox_held(struct arena *a, const struct spoken *spoken, const char *opens)
{
    const struct channel_view *ch = &spoken->stands;

    if (ch->address == NULL)
        return ch->address_is_bad ? "The address on file does not lead to them any more."
                                  : "There is no address on file.";
    if (ch->until.us != INSTANT_NEVER.us)
        return arena_print(a, "%s Opens %s.",
                           ch->reason != NULL ? ch->reason : "The rules do not allow it now.",
                           opens);
    return ch->reason != NULL ? ch->reason : "The rules do not allow it.";
}

static bool may(const struct failed *m, int32_t later, struct fault *why)
{
    if (!outbox_may_again(m->state))
        return fail(why, CONFLICT, "Only a message that failed or came back is sent again.");
    if (later != 0)
        return fail(why, CONFLICT, "It was sent again already.");
    return (m->channel != CHANNEL_CALL && !debit_is_notice(m->template)) ||
           fail(why, CONFLICT, "A message of this kind is made anew by the daily run alone.");
}

bool outbox_again(struct book *b, const struct policy *policy, struct casefile_key key,
                  int32_t number, struct spoken *out, struct fault *why)
{
    struct failed m;
    int32_t later;

    /* Opened first: who says the same at the same time waits here. */
    if (!head_open(b->heads, key.bucket, why) ||
        !failed_load(b->store, &b->arena, key, number, &m, why) ||
        !later_find(b->store, key, number, &m, &later, why) || !may(&m, later, why))
        return false;
    const struct speech speech = { .channel = m.channel,
                                   .template = m.template,
                                   .step = m.step,
                                   .subject = m.subject,
                                   .words = m.words,
                                   .told = m.words == NULL ? m.record : NULL,
                                   .again = number,
                                   .held_seconds = SPEAK_HELD_SECONDS,
                                   .waits = true };
    return speak(b, policy, key, &speech, out, why);
}
