/* The next step of an account, in words: one sentence, what speaks for it, what was not used.
 */
#include "web/page_parts.h"

#include "base/text.h"
#include "flow/book.h"

#include <string.h>

struct card {
    struct page *p;
    const struct casefile_view *f;
    const struct next_step *n;
    const char *who; /* how the person is called in a sentence */
    json_t *card, *reasons;
    bool nothing_by_hand; /* the program acts: no button is the main one */
    struct fault *why;
};

const char *who_of(struct page *p, const struct casefile_view *f)
{
    const char *name = f->party->name;

    return f->casefile->business ? name : arena_copy_n(p->arena, name, strcspn(name, " "));
}

static void say(struct card *c, const char *headline, const char *numbers)
{
    put(c->card, "headline", headline);
    put(c->card, "numbers", numbers);
}

/* A button; of a page that is not there, or not for them, there is none. The first of two that
 * is there is the main one. */
static void act_put(struct card *c, const char *label, const char *path, const char *key)
{
    const char *link =
        arena_print(c->p->arena, "%s/%s", account_link(c->p, c->f->casefile->reference), path);

    if (!page_leads(c->p, link))
        return;
    bool first = json_object_get(c->card, "main") == NULL && !c->nothing_by_hand;
    json_t *act = put_object(c->card, first ? "main" : "other");
    put(act, "label", label);
    put(act, "link", link);
    put(act, "kbd", key);
}

static json_t *reason_put(struct card *c, const char *text, const char *source)
{
    json_t *row = list_add(c->reasons);

    put(row, "text", text);
    put(row, "source", source);
    put_rule(c->p, row, NULL);
    return row;
}

static const struct channel_view *channel_of(const struct casefile_view *f,
                                             enum channel channel)
{
    for (size_t i = 0; i < f->channel_count; i++) {
        if (f->channels[i].channel == channel && f->channels[i].address != NULL)
            return &f->channels[i];
    }
    return NULL;
}

static bool is_open(const struct casefile_view *f, enum channel channel)
{
    const struct channel_view *ch = channel_of(f, channel);

    return ch != NULL && ch->ruling == RULING_ALLOW;
}

/* What the rules say of the way that the button takes. */
static void gate_reason(struct card *c, enum channel channel)
{
    const struct channel_view *ch = channel_of(c->f, channel);
    const char *name = words_channel(channel_name(channel));

    if (ch == NULL || ch->verdict == NULL)
        return;
    if (ch->ruling == RULING_ALLOW) {
        size_t asked = ch->verdict->finding_count;
        reason_put(c,
                   arena_print(c->p->arena,
                               "%s is allowed now: %zu rule%s asked, all satisfied.", name,
                               asked, asked == 1 ? "" : "s"),
                   "gate");
        return;
    }
    json_t *row = reason_put(c,
                             arena_print(c->p->arena, "%s is not allowed now. %s", name,
                                         ch->reason != NULL ? ch->reason : ""),
                             NULL);
    put_rule(c->p, row, ch->rule);
    put_true(row, "speaks_against", true);
}

/* ---- An offer of theirs -------------------------------------------------------------------
 */

static const char *count_word(struct page *p, size_t count)
{
    static const char *const words[] = { "No",   "One",    "Two",   "Three", "Four",
                                         "Five", "Six",    "Seven", "Eight", "Nine",
                                         "Ten",  "Eleven", "Twelve" };

    return count < COUNT(words) ? words[count] : words_count(p->arena, (int64_t)count);
}

/* "Six payments of $185.00, then $174.56." */
static const char *payments_words(struct card *c)
{
    struct arena *x = c->p->arena;
    const struct next_step *n = c->n;
    enum currency currency = n->offer->currency;
    size_t same = 1;

    if (n->item_count == 1)
        return arena_print(x, "%s at once.", words_money(x, n->items[0].minor, currency));
    while (same < n->item_count && n->items[same].minor == n->items[0].minor)
        same++;
    const char *first =
        arena_print(x, "%s payment%s of %s", count_word(c->p, same), same == 1 ? "" : "s",
                    words_money(x, n->items[0].minor, currency));
    if (same == n->item_count)
        return arena_print(x, "%s.", first);
    if (same + 1 == n->item_count)
        return arena_print(x, "%s, then %s.", first,
                           words_money(x, n->items[same].minor, currency));
    return arena_print(x, "%s, then %zu more.", first, n->item_count - same);
}

/* Whether whoever looks may say yes alone; the sentence of the file of authority. */
static bool authority_reason(struct card *c)
{
    struct offer_ruling ruling = { .state = OFFER_OPEN };
    const char *role = c->p->role->authority;
    struct fault no = { 0 };
    struct book b;

    if (role == NULL) {
        reason_put(c, "Your role grants nothing here: somebody else has to answer.", "roles");
        return true;
    }
    book_reading(&b, c->p->view->store, c->p->view->zone, c->p->view->now);
    bool asked = offer_ask(&b, c->f->casefile->key, c->n->offer, role, &ruling, &no);
    const char *words = !asked                 ? no.text
                        : ruling.words == NULL ? "Within your authority: no approval is needed."
                                               : ruling.words;
    const char *source = ruling.source != NULL ? ruling.source : no.hint;
    json_t *row = reason_put(c, arena_copy(c->p->arena, words),
                             arena_copy(c->p->arena, source != NULL ? source : "authority"));
    put_true(row, "speaks_against", !asked);
    book_reading_done(&b);
    return true;
}

static bool offer_card(struct card *c)
{
    struct arena *x = c->p->arena;
    const struct held_offer *o = c->n->offer;
    const struct plan_item *last = &c->n->items[c->n->item_count - 1];
    struct day today = c->p->view->today;
    bool whole = o->minor >= o->balance_minor;

    if (whole && c->n->item_count > 1)
        say(c,
            arena_print(x, "Say yes to %s’s plan: %s in %zu payments", c->who,
                        words_money(x, o->minor, o->currency), c->n->item_count),
            NULL);
    else
        say(c,
            arena_print(x, "Answer %s’s offer: %s instead of %s", c->who,
                        words_money(x, o->minor, o->currency),
                        words_money(x, o->balance_minor, o->currency)),
            NULL);
    put(c->card, "numbers",
        arena_print(
            x, "%s First payment %s. %s by %s.", payments_words(c),
            words_day_near(x, c->n->items[0].day, today),
            whole ? arena_print(x, "Pays the full %s", words_money(x, o->minor, o->currency))
                  : "Is paid",
            words_day(x, last->day)));
    act_put(c, "Review and answer", arena_print(x, "offer/%d", (int)o->number), "O");
    act_put(c, whole ? "Offer a smaller amount" : "Work out a plan", "plan", "P");
    reason_put(c,
               arena_print(x, "They offered it on %s; it stands until %s.",
                           words_day_near(x, o->made_day, today), words_day(x, o->expires_day)),
               arena_print(x, "offer %d", (int)o->number));
    return authority_reason(c);
}

/* ---- What waits for a person ----------------------------------------------------------------
 */

struct act {
    const char *label, *path, *key;
};

static const struct task_card {
    enum task_kind kind;
    const char *before, *after; /* around who it is */
    struct act main, other;
    enum channel way; /* what the button does, as the gate sees it; CHANNEL_COUNT: nothing */
    const char *why;  /* why it comes where it does */
} task_cards[] = {
    { TASK_REPLY,
      "Answer ",
      "",
      { "Write back", "reply", "R" },
      { "Call", "call", "C" },
      CHANNEL_EMAIL,
      "They wrote to us and wait. Replies come before new outreach." },
    { TASK_CALLBACK,
      "Call ",
      " back",
      { "Call", "call", "C" },
      { "Write", "reply", "R" },
      CHANNEL_CALL,
      "They asked for this call, so it comes first, by its time." },
    { TASK_COMPLAINT,
      "Answer ",
      "’s complaint",
      { "Open the complaint", "complaint", "O" },
      { "Write back", "reply", "R" },
      CHANNEL_COUNT,
      "A complaint is answered before anything is asked for." },
    { TASK_PAYMENT,
      "Ask ",
      " what happened with the payment",
      { "Write", "reply", "R" },
      { "Change the plan", "plan", "P" },
      CHANNEL_EMAIL,
      "Money that did not arrive changes what is agreed; it comes after replies." },
    { TASK_MISSED,
      "Ask ",
      " what changed",
      { "Write", "reply", "R" },
      { "Change the plan", "plan", "P" },
      CHANNEL_EMAIL,
      "Something they meant to pay did not arrive. Asking helps more than reminding." },
    { TASK_PROMISE,
      "A promise of ",
      " is due",
      { "Record a payment", "pay", NULL },
      { "Write", "reply", "R" },
      CHANNEL_COUNT,
      "It is due now; money may be on its way." },
    { TASK_DISPUTE,
      "Answer ",
      "’s dispute",
      { "Open the dispute", "dispute", "I" },
      { "Write", "reply", "R" },
      CHANNEL_COUNT,
      "While it is open nothing of it is asked for; it has a day by which it is answered." },
    { TASK_HARDSHIP,
      "Decide what would help ",
      "",
      { "Decide", "hardship", NULL },
      { "Put on hold", "hold", "H" },
      CHANNEL_COUNT,
      "They asked for help; two working days is the limit of the house." },
    { TASK_OFFER,
      "Answer the offer of ",
      "",
      { "Review and answer", "offer", "O" },
      { "Work out a plan", "plan", "P" },
      CHANNEL_COUNT,
      "An offer waits for a word of ours." },
    { TASK_ADDRESS,
      "Find a way to reach ",
      "",
      { "Log what you found", "wrap-up", NULL },
      { "Call", "call", "C" },
      CHANNEL_COUNT,
      "The last thing known of an address is that it does not serve." },
    { TASK_CALL,
      "Call ",
      "",
      { "Call", "call", "C" },
      { "Write", "reply", "R" },
      CHANNEL_CALL,
      "The strategy planned this call for today." },
    { TASK_REVIEW,
      "Look at the hold of ",
      " again",
      { "Look at it", "hold", "H" },
      { "Write", "reply", "R" },
      CHANNEL_COUNT,
      "Its day has come." },
};

static const struct task_card *task_card_of(enum task_kind kind)
{
    for (size_t i = 0; i < COUNT(task_cards); i++) {
        if (task_cards[i].kind == kind)
            return &task_cards[i];
    }
    return &task_cards[0];
}

/* A channel that is shut is no button; what is open takes its place. */
static struct act open_act(const struct card *c, struct act act)
{
    const struct act call = { "Call", "call", "C" }, write = { "Write", "reply", "R" };

    if (text_equal(act.path, "call") && !is_open(c->f, CHANNEL_CALL) &&
        is_open(c->f, CHANNEL_EMAIL))
        return write;
    if (text_equal(act.path, "reply") && !is_open(c->f, CHANNEL_EMAIL) &&
        !is_open(c->f, CHANNEL_LETTER) && !is_open(c->f, CHANNEL_SMS) &&
        is_open(c->f, CHANNEL_CALL))
        return call;
    return act;
}

static void acts_put(struct card *c, struct act main, struct act other)
{
    main = open_act(c, main);
    other = open_act(c, other);
    act_put(c, main.label, main.path, main.key);
    if (!text_equal(main.path, other.path))
        act_put(c, other.label, other.path, other.key);
}

/* What it comes from has a page of its own, "dispute 7": that is where it is looked at. */
static struct act act_of(const struct card *c, struct act act, const struct task_row *t)
{
    size_t length = strlen(act.path);

    if (t->kind == TASK_COMPLAINT && strncmp(t->origin, "hold ", 5) == 0)
        return (struct act){ "Put on hold", "hold", "H" }; /* a hold alone has no page */
    if ((t->kind == TASK_DISPUTE || t->kind == TASK_OFFER || t->kind == TASK_COMPLAINT) &&
        strncmp(t->origin, act.path, length) == 0 && t->origin[length] == ' ')
        act.path = arena_print(c->p->arena, "%s/%s", act.path, t->origin + length + 1);
    return act;
}

static void task_card(struct card *c)
{
    const struct task_row *t = c->n->task;
    const struct task_card *words = task_card_of(t->kind);
    struct arena *x = c->p->arena;

    say(c, arena_print(x, "%s%s%s", words->before, c->who, words->after),
        text_is_empty(t->reason) ? NULL : t->reason);
    acts_put(c, act_of(c, words->main, t), words->other);
    reason_put(c, words->why, "queue order");
    if (t->due.us != INSTANT_NEVER.us)
        put(c->card, "due",
            arena_print(x, "%s by %s", t->kind == TASK_REPLY ? "Reply owed" : "Due",
                        words_moment(x, t->due, c->p->view->zone, c->p->view->today)));
    if (words->way != CHANNEL_COUNT)
        gate_reason(c, words->way);
    if (!page_may(c->p, MAY_WORK))
        return;
    json_t *later = put_object(c->card, "not_now");
    put(later, "action",
        arena_print(x, "%s/not-now", account_link(c->p, c->f->casefile->reference)));
    put_int(later, "task", t->number);
}

/* ---- What the engine decides ----------------------------------------------------------------
 */

static const char *strategy_source(struct card *c)
{
    const struct decision *d = c->f->decision;

    if (d->strategy == NULL)
        return "strategy";
    return d->segment == NULL ? d->strategy->name
                              : arena_print(c->p->arena, "%s, ladder %s", d->strategy->name,
                                            d->segment->ladder->name);
}

static void send_words(struct page *p, const struct casefile_view *f, const char **headline,
                       const char **more)
{
    const struct decision *d = f->decision;
    struct arena *x = p->arena;
    bool later = d->send_at.us > p->view->now.us;

    *headline = arena_print(x, "%s goes by %s%s", words_plain(x, d->step->template),
                            words_small(x, words_channel(channel_name(d->chosen->channel))),
                            later ? "" : ", with the next run");
    *more = later ? arena_print(x, "On its way %s. Nothing is to be done by hand.",
                                moment_there(p, f->party, d->send_at))
                  : "The program sends it. Nothing is to be done by hand.";
}

void next_words(struct page *p, const struct casefile_view *f, const char **headline,
                const char **more)
{
    const struct decision *d = f->decision;
    struct arena *x = p->arena;
    struct standing_words words = words_standing(x, standing_name(d->standing));

    switch (next_decided(d)) {
    case NEXT_CALL:
        *headline = arena_print(x, "Call %s", who_of(p, f));
        *more = words_plain(x, d->step->template);
        return;
    case NEXT_SEND:
        send_words(p, f, headline, more);
        return;
    case NEXT_CLEAR:
        *headline = "Nothing is owed";
        *more = "There is nothing to ask for.";
        return;
    case NEXT_WAIT:
        *headline = "Nothing to do today";
        *more = d->reason;
        return;
    case NEXT_LATER:
    case NEXT_BLOCKED:
        *headline = d->step != NULL ? arena_print(x, "%s is due, and waits",
                                                  words_plain(x, d->step->template))
                                    : words.title;
        *more = d->reason != NULL ? d->reason : words.meaning;
        return;
    case NEXT_GRAVE:
    case NEXT_EXPLAIN:
    case NEXT_OFFER:
    case NEXT_TASK:
    case NEXT_KIND_COUNT:
        break;
    }
    bug("the engine decides nothing of this kind", HERE);
}

/* Which step is due, of what, and which ways were asked before the one that goes. */
static void step_reasons(struct card *c)
{
    const struct decision *d = c->f->decision;
    struct arena *x = c->p->arena;
    int oldest = 0;

    for (size_t i = 0; i < d->item_count; i++) {
        int days = days_past_due(d->items[i].instalment->due_day, c->p->view->today);
        oldest = days > oldest ? days : oldest;
    }
    if (d->step != NULL)
        reason_put(c,
                   arena_print(x, "The step “%s” is due%s.", words_plain(x, d->step->id),
                               oldest > 0 ? arena_print(x, ": %d days past due", oldest) : ""),
                   strategy_source(c));
    for (size_t i = 0; i < d->try_count; i++) {
        const struct try *t = &d->tries[i];
        if (t == d->chosen)
            continue;
        const char *name = words_channel(channel_name(t->channel));
        json_t *row =
            reason_put(c,
                       t->point == NULL ? arena_print(x, "%s: no good address is known.", name)
                                        : arena_print(x, "%s was asked first: %s", name,
                                                      t->decisive != NULL ? t->decisive->reason
                                                                          : "not allowed"),
                       NULL);
        put_rule(c->p, row,
                 t->point != NULL && t->decisive != NULL ? rule_id(t->decisive->rule) : NULL);
        put_true(row, "speaks_against", true);
    }
    if (d->chosen != NULL && d->verdict != NULL)
        reason_put(c,
                   arena_print(x, "Every rule that applies is satisfied: %zu were asked.",
                               d->verdict->finding_count),
                   "gate");
}

static void send_card(struct card *c)
{
    const char *headline, *more;

    c->nothing_by_hand = c->n->kind != NEXT_CALL;
    next_words(c->p, c->f, &headline, &more);
    say(c, headline, more);
    step_reasons(c);
    if (c->n->kind == NEXT_CALL)
        acts_put(c, (struct act){ "Call", "call", "C" }, (struct act){ "Write", "reply", "R" });
    else
        act_put(c, "Hold it back", "hold", "H");
}

static void waits_card(struct card *c)
{
    const struct decision *d = c->f->decision;
    struct arena *x = c->p->arena;
    const char *headline, *more;

    next_words(c->p, c->f, &headline, &more);
    say(c, headline, more);
    if (d->standing_until.us != INSTANT_NEVER.us && c->n->kind == NEXT_LATER)
        put(c->card, "due",
            arena_print(x, "Opens %s", moment_there(c->p, c->f->party, d->standing_until)));
    if (d->reason != NULL && d->rule == NULL && c->n->kind != NEXT_CLEAR)
        reason_put(c, d->reason, strategy_source(c));
    if (d->rule != NULL) {
        json_t *row = reason_put(c, d->reason != NULL ? d->reason : rule_title(d->rule), NULL);
        put_rule(c->p, row, rule_id(d->rule));
        put_true(row, "speaks_against", true);
    }
    step_reasons(c);
    put(c->card, "wake",
        d->wake_at.us != INSTANT_NEVER.us && d->wake_at.us > c->p->view->now.us
            ? words_moment(x, d->wake_at, c->p->view->zone, c->p->view->today)
            : NULL);
    put_true(c->card, "never_wakes", d->wake_at.us == INSTANT_NEVER.us);
}

static void explain_card(struct card *c)
{
    say(c, arena_print(c->p->arena, "Tell %s that we are checking the amount", c->who),
        "Contact to explain is allowed. Nothing that rests on the balance is.");
    acts_put(c, (struct act){ "Write", "reply", "R" }, (struct act){ "Call", "call", "C" });
    reason_put(c, "The client’s file and our books say different amounts.", "client file");
}

/* ---- What changes everything
 * ------------------------------------------------------------------ */

static const struct {
    const char *title, *says, *left;
} grave_words[GRAVE_COUNT] = {
    [GRAVE_DECEASED] = { "has died",
                         "Nobody is asked for money. Talk only with a spouse, an executor or "
                         "somebody else who stands in for them.",
                         "Note who wrote or called, and ask for the estate’s address." },
    [GRAVE_BANKRUPTCY] = { "is in bankruptcy",
                           "Every act to collect stops. What is owed is claimed from the "
                           "court.",
                           "Note what the court or the trustee sends, and keep it." },
    [GRAVE_IDENTITY_THEFT] = { "says somebody else used their name",
                               "Collection stops while it is looked into.",
                               "Take down their papers, and pass them on to the client." },
    [GRAVE_MINOR] = { "is under age",
                      "Nobody asks a minor for money. A parent or guardian may be talked with.",
                      "Note who stands in for them, and where they can be written to." },
    [GRAVE_ATTORNEY] = { "has an attorney",
                         "We talk about this with the attorney, not with them.", NULL },
    [GRAVE_MILITARY] = { "is in military service",
                         "Interest above six per cent on debts from before is let go, and "
                         "courts "
                         "wait. Contact is allowed by the usual rules.",
                         NULL },
    [GRAVE_CEASE] = { "asked us to stop contact",
                      "Only what the law wants said may still be sent: that we stop, or what "
                      "we "
                      "will do.",
                      "Note what they write. They may always write and call." },
};

/* The ways that are open all the same. */
static void left_put(struct page *p, const struct casefile_view *f, json_t *banner)
{
    json_t *list = put_list(banner, "open_ways");

    for (size_t i = 0; i < f->channel_count; i++) {
        const struct channel_view *ch = &f->channels[i];
        if (ch->address != NULL && ch->ruling == RULING_ALLOW)
            put(list_add(list), "way", words_channel(channel_name(ch->channel)));
    }
    put_true(banner, "any_open", json_array_size(list) > 0);
    (void)p;
}

static void grave_put(struct page *p, const struct casefile_view *f, const struct next_step *n)
{
    json_t *banner = put_object(p->context, "banner");
    struct arena *x = p->arena;
    const char *other = n->other != NULL ? n->other->name : n->fact->value;

    put(banner, "kind", grave_name(n->grave));
    put(banner, "title", arena_print(x, "%s %s", f->party->name, grave_words[n->grave].title));
    put(banner, "says", grave_words[n->grave].says);
    put(banner, "left", grave_words[n->grave].left);
    if (n->grave == GRAVE_ATTORNEY && !text_is_empty(other))
        put(banner, "left", arena_print(x, "Write to their attorney, %s.", other));
    put(banner, "since", words_day(x, wall_at(n->fact->at, p->view->zone).day));
    if (n->fact->until.us != INSTANT_NEVER.us)
        put(banner, "until", words_day(x, wall_at(n->fact->until, p->view->zone).day));
    put_true(banner, "no_rule", n->rule == NULL);
    put_rule(p, banner, n->rule != NULL ? rule_id(n->rule) : NULL);
    put(banner, "cite_whole", n->rule != NULL ? rule_cite(n->rule) : NULL);
    put(banner, "why", arena_print(x, "%s/why", account_link(p, f->casefile->reference)));
    left_put(p, f, banner);
}

/* ---- The card
 * ------------------------------------------------------------------------------------ */

static bool card_fill(struct card *c)
{
    switch (c->n->kind) {
    case NEXT_OFFER:
        return offer_card(c);
    case NEXT_TASK:
        task_card(c);
        return true;
    case NEXT_SEND:
    case NEXT_CALL:
        send_card(c);
        return true;
    case NEXT_EXPLAIN:
        explain_card(c);
        return true;
    case NEXT_LATER:
    case NEXT_BLOCKED:
    case NEXT_WAIT:
    case NEXT_CLEAR:
        waits_card(c);
        return true;
    case NEXT_GRAVE:
    case NEXT_KIND_COUNT:
        break;
    }
    return true;
}

bool next_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    struct next_step n;

    if (!next_step_find(p->view, f, &n, why))
        return false;
    if (n.kind == NEXT_GRAVE) {
        grave_put(p, f, &n);
        return true;
    }
    struct card c = { .p = p, .f = f, .n = &n, .who = who_of(p, f), .why = why };
    c.card = put_object(p->context, "next_step");
    c.reasons = put_list(c.card, "reasons");
    put(c.card, "kind", next_kind_name(n.kind));
    put(c.card, "why",
        arena_print(p->arena, "%s/why", account_link(p, f->casefile->reference)));
    put(c.card, "due", "");
    put(c.card, "wake", "");
    bool done = card_fill(&c);
    put_true(c.card, "any_reasons", json_array_size(c.reasons) > 0);
    return done;
}
