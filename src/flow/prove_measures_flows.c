/* What happened, thing by thing, each from the raw row that says so. */
#include "flow/prove_measures_parts.h"

#include "base/text.h"

#include <string.h>

static int32_t month_number(int32_t day)
{
    struct date date = date_of_day((struct day){ day });

    return date.year * 12 + date.month - 1;
}

bool raw_reaches(const struct raw_contact *k)
{
    return k->in || k->outcome == OUTCOME_SENT || k->outcome == OUTCOME_DELIVERED ||
           k->outcome == OUTCOME_VOICEMAIL || k->outcome == OUTCOME_LIMITED_CONTENT ||
           k->outcome == OUTCOME_CONVERSATION;
}

static int32_t sooner(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* ---- Money ------------------------------------------------------------------------------- */

static void money(const struct expecting *e)
{
    static const char letters[] = "pifk"; /* in the order of the components */

    for (size_t i = 0; i < e->file->line_count; i++) {
        const struct raw_line *line = &e->file->lines[i];
        const char *component = strchr(letters, line->account);
        if (line->account == 'c')
            expect_day(e, FIGURE_CASH, line->currency, line->day, 0, 0, 0, line->minor);
        else if (line->account != 'p' && component != NULL && !line->money)
            expect_day(e, FIGURE_CHARGED, line->currency, line->day,
                       (int32_t)(component - letters), 0, 0, line->minor);
    }
}

static void placed(const struct expecting *e, const struct raw_debt *d)
{
    int64_t owed = 0, open = 0;

    for (size_t i = 0; i < d->item_count; i++)
        owed += d->items[i].owed;
    for (size_t i = 0; i < e->file->line_count; i++) {
        const struct raw_line *line = &e->file->lines[i];
        if (line->debt != d->number || line->account != 'p')
            continue;
        if (line->money && line->day >= d->placed)
            expect_month(e, FIGURE_RECOVERED, d->currency, month_number(line->day),
                         month_number(d->placed), 0, 0, -line->minor);
        else if (line->money || line->day <= d->placed)
            open += line->minor;
    }
    expect_day(e, FIGURE_BILLED, d->currency, d->invoice, 0, 0, 1, owed);
    expect_day(e, FIGURE_PLACED, d->currency, d->placed, 0, 0, 1, open);
}

static void promises(const struct expecting *e)
{
    for (size_t i = 0; i < e->file->promise_count; i++) {
        const struct raw_promise *p = &e->file->promises[i];
        int32_t week = p->due - weekday_of((struct day){ p->due });
        if (p->state >= 1 && p->state <= 3)
            expect_day(e, FIGURE_PROMISE, p->currency, p->due, p->state * 2 + p->plan,
                       p->judged - p->due, 1, p->minor);
        if (p->state >= 1 && p->state <= 3)
            expect_day(e, FIGURE_AGENT_PROMISE, p->currency, p->due, expect_word(e, p->author),
                       (p->judged - p->due) * 16 + p->state * 2 + p->plan, 1, p->minor);
        expect_day(e, FIGURE_AGENT_TAKEN, p->currency, p->made, expect_word(e, p->author),
                   p->plan, 1, p->minor);
        if (p->state != 0 && p->judged <= p->made)
            continue;
        expect_day(e, FIGURE_DUE, p->currency, p->made, week, p->plan, 1, p->minor);
        if (p->state != 0)
            expect_day(e, FIGURE_DUE, p->currency, p->judged, week, p->plan, -1, -p->minor);
    }
}

/* ---- Contacts ---------------------------------------------------------------------------- */

static void weeks(const struct expecting *e, size_t at)
{
    const struct raw_file *f = e->file;
    int32_t week = f->contacts[at].day - weekday_of((struct day){ f->contacts[at].day });
    int32_t attempts = 0;

    for (size_t i = 0; i < f->contact_count; i++) {
        int32_t other = f->contacts[i].day - weekday_of((struct day){ f->contacts[i].day });
        if (f->contacts[i].in || other != week)
            continue;
        if (i < at)
            return; /* the first one of the week has said it */
        attempts++;
    }
    if (attempts > 0)
        expect_day(e, FIGURE_WEEK, 0, week + 6, attempts > 20 ? 20 : attempts, 0, 1, 0);
}

static void answered(const struct expecting *e, size_t at)
{
    const struct raw_file *f = e->file;
    const struct raw_contact *asked = &f->contacts[at];

    if (!asked->in || asked->outcome == OUTCOME_CONVERSATION)
        return;
    for (size_t i = at + 1; i < f->contact_count; i++) {
        const struct raw_contact *k = &f->contacts[i];
        bool wrote = !k->in && (k->outcome == OUTCOME_SENT || k->outcome == OUTCOME_DELIVERED);
        if (!k->said || (!wrote && k->outcome != OUTCOME_CONVERSATION))
            continue;
        int64_t tenths = (k->minute - asked->minute) * 10 / 60;
        expect_day(e, FIGURE_ANSWER, 0, k->day, asked->channel,
                   tenths > 9999 ? 9999 : (int32_t)tenths, 1, 0);
        expect_day(e, FIGURE_AGENT_ANSWER, 0, k->day, expect_word(e, k->author),
                   tenths > 9999 ? 9999 : (int32_t)tenths, 1, 0);
        return;
    }
}

static void called(const struct expecting *e, const struct raw_contact *k)
{
    if (k->in || k->channel != CHANNEL_CALL)
        return;
    int32_t agent = expect_word(e, k->author);
    expect_day(e, FIGURE_AGENT_CALL, 0, k->day, agent, 0, 1, 0);
    if (k->outcome == OUTCOME_CONVERSATION)
        expect_day(e, FIGURE_AGENT_CALL, 0, k->day, agent, 1, 1, 0);
}

static void contacts(const struct expecting *e)
{
    for (size_t i = 0; i < e->file->contact_count; i++) {
        const struct raw_contact *k = &e->file->contacts[i];
        expect_day(e, FIGURE_CONTACT, 0, k->day, k->channel, (k->in ? 64 : 0) + k->outcome, 1,
                   0);
        if (!k->in && k->channel == CHANNEL_CALL)
            expect_day(e, FIGURE_HOUR, 0, k->day, k->hour, 0, 1, 0);
        if (!k->in && k->channel == CHANNEL_CALL && k->outcome == OUTCOME_CONVERSATION)
            expect_day(e, FIGURE_HOUR, 0, k->day, k->hour, 1, 1, 0);
        called(e, k);
        if (!k->in)
            weeks(e, i);
        answered(e, i);
    }
}

/* ---- Steps: from the money's side -------------------------------------------------------- */

static bool is_step(const struct raw_contact *k)
{
    return k->step[0] != '\0' &&
           (k->outcome == OUTCOME_SENT || k->outcome == OUTCOME_DELIVERED);
}

/* The last message before this day, or on it. */
static const struct raw_contact *step_before(const struct raw_file *f, int32_t day)
{
    const struct raw_contact *last = NULL;

    for (size_t i = 0; i < f->contact_count; i++) {
        if (is_step(&f->contacts[i]) && f->contacts[i].day <= day)
            last = &f->contacts[i];
    }
    return last != NULL && last->day >= day - 14 ? last : NULL;
}

/* What came in on the day, in the currency; 0 when an earlier line of both has told it. */
static int64_t cash_of(const struct raw_file *f, size_t at)
{
    int64_t minor = 0;

    for (size_t i = 0; i < f->line_count; i++) {
        if (f->lines[i].account != 'c' || f->lines[i].day != f->lines[at].day ||
            f->lines[i].currency != f->lines[at].currency)
            continue;
        if (i < at)
            return 0;
        minor += f->lines[i].minor;
    }
    return minor;
}

static void steps(const struct expecting *e)
{
    const struct raw_file *f = e->file;
    int32_t *paid = arena_array(e->arena, int32_t, f->contact_count + 1);

    for (size_t i = 0; i < f->contact_count; i++)
        paid[i] = INT32_MAX;

    for (size_t i = 0; i < f->line_count; i++) {
        const struct raw_contact *step =
            f->lines[i].account == 'c' ? step_before(f, f->lines[i].day) : NULL;
        int64_t minor = step != NULL ? cash_of(f, i) : 0;
        if (minor == 0)
            continue;
        expect_day(e, FIGURE_STEP, f->lines[i].currency, step->day, expect_word(e, step->step),
                   (f->lines[i].day - step->day) * 4 + 2, 0, minor);
        if (minor > 0)
            paid[step - f->contacts] = sooner(paid[step - f->contacts], f->lines[i].day);
    }
    for (size_t i = 0; i < f->contact_count; i++) {
        const struct raw_contact *k = &f->contacts[i];
        if (!is_step(k))
            continue;
        expect_day(e, FIGURE_STEP, 0, k->day, expect_word(e, k->step), STEP_SENT, 1, 0);
    }
    for (size_t i = 0; i < f->contact_count; i++) {
        if (paid[i] != INT32_MAX)
            expect_day(e, FIGURE_STEP, 0, f->contacts[i].day,
                       expect_word(e, f->contacts[i].step),
                       (paid[i] - f->contacts[i].day) * 4 + 1, 1, 0);
    }
}

/* ---- From placed to paid ----------------------------------------------------------------- */

static int32_t first_of(const struct raw_file *f, const struct raw_debt *d, bool person)
{
    for (size_t i = 0; i < f->contact_count; i++) {
        const struct raw_contact *k = &f->contacts[i];
        bool spoke = k->in || k->outcome == OUTCOME_CONVERSATION;
        if (raw_reaches(k) && k->day >= d->placed && k->day <= d->settled && (spoke || !person))
            return k->day;
    }
    return INT32_MAX;
}

static void funnel_put(const struct expecting *e, const struct raw_debt *d, int32_t step,
                       int32_t day)
{
    if (day != INT32_MAX)
        expect_day(e, FIGURE_FUNNEL, 0, day, month_number(d->placed), step, 1, 0);
}

static void funnel(const struct expecting *e, const struct raw_debt *d)
{
    int32_t agreed = INT32_MAX, kept = INT32_MAX;

    if (d->settled <= d->placed)
        return;
    for (size_t i = 0; i < e->file->promise_count; i++) {
        const struct raw_promise *p = &e->file->promises[i];
        if (p->made < d->placed || p->made > d->settled)
            continue;
        agreed = sooner(agreed, p->made);
        if (p->state == 1 && p->judged >= d->placed && p->judged <= d->settled)
            kept = sooner(kept, p->judged);
    }
    int32_t person = sooner(first_of(e->file, d, true), agreed);
    funnel_put(e, d, FUNNEL_PLACED, d->placed);
    funnel_put(e, d, FUNNEL_CONTACTED, sooner(first_of(e->file, d, false), person));
    funnel_put(e, d, FUNNEL_PERSON, person);
    funnel_put(e, d, FUNNEL_AGREED, agreed);
    funnel_put(e, d, FUNNEL_KEPT, kept);
    if (d->settled_by_money)
        funnel_put(e, d, agreed != INT32_MAX ? FUNNEL_PAID : FUNNEL_PAID_OTHERWISE, d->settled);
}

/* ---- Treatment --------------------------------------------------------------------------- */

static void disputes(const struct expecting *e)
{
    for (size_t i = 0; i < e->file->dispute_count; i++) {
        const struct raw_dispute *d = &e->file->disputes[i];
        int32_t word = expect_word(e, d->reason), days = d->ended - d->received;
        expect_day(e, FIGURE_DISPUTE, 0, d->received, word, -1, 1, 0);
        if (text_equal(d->state, "open"))
            continue;
        if (text_equal(d->state, "withdrawn"))
            days = -2;
        else
            days = days < 0 ? 0 : days > 9999 ? 9999 : days;
        expect_day(e, FIGURE_DISPUTE, 0, d->ended, word, days, 1, 0);
        if (days >= 0)
            expect_day(e, FIGURE_AGENT_DISPUTE, 0, d->ended, expect_word(e, d->author), days, 1,
                       0);
    }
}

static bool has_result(const struct raw_fact *fact)
{
    return text_starts(fact->detail, "result=") || strstr(fact->detail, "\nresult=") != NULL;
}

/* The last hardship that began before this fact about the same debt. */
static bool is_decision_of(const struct raw_file *f, size_t at, size_t *asked)
{
    for (size_t i = at; i-- > 0;) {
        const struct raw_fact *fact = &f->facts[i];
        if (!text_equal(fact->scope, "hardship") || fact->debt != f->facts[at].debt)
            continue;
        /* a fact that decided one is not a hardship of its own */
        if (has_result(fact) && is_decision_of(f, i, asked))
            return true;
        *asked = i;
        return true;
    }
    return false;
}

static int32_t work_days(int32_t from, int32_t to)
{
    int32_t days = 0;

    for (int32_t day = from + 1; day <= to; day++)
        days += weekday_of((struct day){ day }) < 5;
    return days;
}

static void hardship(const struct expecting *e, size_t at)
{
    const struct raw_file *f = e->file;
    const struct raw_fact *asked = &f->facts[at];
    int32_t decided = has_result(asked) ? asked->from : INT32_MAX, waits;
    const char *author = asked->author;
    size_t of;

    if (has_result(asked) && is_decision_of(f, at, &of))
        return;
    for (size_t i = at + 1; i < f->fact_count && decided == INT32_MAX; i++) {
        if (text_equal(f->facts[i].scope, "hardship") && has_result(&f->facts[i]) &&
            is_decision_of(f, i, &of) && of == at) {
            decided = f->facts[i].from;
            author = f->facts[i].author;
        }
    }
    expect_day(e, FIGURE_HARDSHIP, 0, asked->from, -1, 0, 1, 0);
    if (decided != INT32_MAX) {
        int32_t days = work_days(asked->from, decided);
        expect_day(e, FIGURE_HARDSHIP, 0, decided, days, 0, 1, 0);
        expect_day(e, FIGURE_AGENT_HARDSHIP, 0, decided, expect_word(e, author), days, 1, 0);
    }
    waits = sooner(decided, asked->until);
    if (waits <= asked->from)
        return;
    expect_day(e, FIGURE_HARDSHIP, 0, asked->from, -3, 0, 1, 0);
    if (waits != INT32_MAX)
        expect_day(e, FIGURE_HARDSHIP, 0, waits, -3, 0, -1, 0);
}

static void facts(const struct expecting *e)
{
    for (size_t i = 0; i < e->file->fact_count; i++) {
        const struct raw_fact *fact = &e->file->facts[i];
        if (text_equal(fact->type, "opt_out"))
            expect_day(e, FIGURE_STOP, 0, fact->from, 0, 0, 1, 0);
        else if (text_equal(fact->type, "cease"))
            expect_day(e, FIGURE_STOP, 0, fact->from, 1, 0, 1, 0);
        else if (text_equal(fact->type, "hold") && text_equal(fact->scope, "hardship"))
            hardship(e, i);
    }
}

/* Their state, if they can be in no other: "US-NY" of "US-NY-NYC". */
static const char *state_of(const struct expecting *e)
{
    const char *state = NULL;

    for (const char *at = e->file->places; *at != '\0';) {
        size_t length = strcspn(at, ","), parts = 0, end = 0;
        for (; end < length; end++) {
            parts += at[end] == '-';
            if (parts == 2)
                break;
        }
        const char *one = parts == 0 ? "" : arena_copy_n(e->arena, at, end);
        if (state != NULL && !text_equal(one, state))
            return "";
        state = one;
        at += length + (at[length] == ',');
    }
    return state == NULL ? "" : state;
}

static void plans(const struct expecting *e)
{
    int32_t language = 0, state = 0;

    for (size_t i = 0; i < e->file->plan_count; i++) {
        const struct raw_plan *p = &e->file->plans[i];
        if (i == 0) {
            language = expect_word(e, e->file->language);
            state = expect_word(e, state_of(e));
        }
        expect_day(e, FIGURE_PLAN, 0, p->day, language, p->declined ? 1 : 0, 1, 0);
        expect_day(e, FIGURE_PLAN, 0, p->day, state, p->declined ? 3 : 2, 1, 0);
    }
}

void expect_happened(const struct expecting *e, const struct raw_debt *debts, size_t count)
{
    const struct raw_file *f = e->file;
    const char *standing =
        f->rule[0] == '\0' ? f->standing : arena_print(e->arena, "%s %s", f->standing, f->rule);

    money(e);
    for (size_t i = 0; i < count; i++) {
        placed(e, &debts[i]);
        funnel(e, &debts[i]);
    }
    promises(e);
    contacts(e);
    steps(e);
    disputes(e);
    facts(e);
    plans(e);
    for (size_t i = 0; i < f->complaint_count; i++)
        expect_day(e, FIGURE_COMPLAINT, 0, f->complaints[i].received, 0, 0, 1, 0);
    expect_day(e, FIGURE_STANDING, 0, 0, expect_word(e, standing), 0, 1, 0);
}
