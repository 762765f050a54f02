/* Beside an account: may they be contacted, what they told us, how the amount adds up. */
#include "web/page_parts.h"

#include "base/text.h"
#include "domain/location.h"

#include <string.h>

/* ---- Addresses and moments --------------------------------------------------------------- */

const char *address_hint(struct page *p, enum channel channel, const char *address)
{
    const char *at = address == NULL ? NULL : strchr(address, '@');
    size_t length = address == NULL ? 0 : strlen(address);

    if (length == 0 || channel == CHANNEL_LETTER)
        return "";
    if (at != NULL)
        return arena_print(p->arena, "%c•••%s", address[0], at);
    return length > 2 ? arena_print(p->arena, "••%s", address + length - 2) : "••";
}

/* Theirs first, ours second. */
const char *moment_in(struct page *p, const struct zone *zone, struct instant at)
{
    struct arena *x = p->arena;
    const char *here = words_moment(x, at, p->view->zone, p->view->today);
    const char *theirs = words_moment(x, at, zone, p->view->today);
    struct wall there = wall_at(at, zone), ours = wall_at(at, p->view->zone);

    if (there.day.number == ours.day.number && there.second == ours.second)
        return theirs;
    return arena_print(x, "%s in %s (%s here)", theirs, words_zone(x, zone),
                       there.day.number == ours.day.number ? words_clock(x, at, p->view->zone)
                                                           : words_within(x, here));
}

const char *moment_there(struct page *p, const struct party *party, struct instant at)
{
    return moment_in(p, party->zone_count > 0 ? party->zones[0] : p->view->zone, at);
}

static void clocks_put(struct page *p, const struct casefile_view *f)
{
    const struct party *party = f->party;
    json_t *clocks = put_list(p->context, "clocks");

    for (size_t i = 0; i < party->zone_count; i++) {
        json_t *clock = list_add(clocks);
        put(clock, "time", words_clock(p->arena, p->view->now, party->zones[i]));
        put(clock, "zone", words_zone(p->arena, party->zones[i]));
        put_true(clock, "is_more", i > 0);
    }
    if (party->zone_count > 0)
        put(p->context, "zones_from",
            location_words(p->arena, party->clues_text, party->zones_text));
    put_true(p->context, "zones_unknown", party->zone_count == 0);
    put_true(p->context, "zones_several", party->zone_count > 1);
    put(p->context, "time_here", words_clock(p->arena, p->view->now, p->view->zone));
}

/* ---- Can I contact now? ------------------------------------------------------------------ */

/* What speaks for it: their wish, or what came of the last time. */
static const char *last_words(struct page *p, const struct channel_view *ch)
{
    struct arena *x = p->arena;
    const struct contact *last = ch->last;

    if (last == NULL)
        return ch->preferred ? "Their first choice" : NULL;
    const char *day = words_within(
        x, words_day_near(x, wall_at(last->at, p->view->zone).day, p->view->today));
    const char *what = last->direction == DIRECTION_IN         ? "They wrote or rang"
                       : last->outcome == OUTCOME_CONVERSATION ? "You spoke"
                       : last->outcome == OUTCOME_BOUNCED      ? "The last one came back"
                                                               : "Last used";
    return arena_print(x, "%s%s %s", ch->preferred ? "Their first choice. " : "", what, day);
}

static void channel_head_put(struct page *p, json_t *row, const struct channel_view *ch)
{
    const char *open = page_form(p, "point");
    int64_t opened;
    bool is_open = open != NULL && text_equal(p->ask->method, "POST") &&
                   text_to_int(open, &opened) && opened == ch->point &&
                   text_ends(p->ask->path, "/open");

    put(row, "title", words_channel(channel_name(ch->channel)));
    put_true(row,
             arena_print(p->arena, "icon_%s", words_channel_icon(channel_name(ch->channel))),
             true);
    put(row, "last", last_words(p, ch));
    if (ch->address == NULL)
        return;
    put_int(row, "point", ch->point);
    put(row, "address", is_open ? ch->address : address_hint(p, ch->channel, ch->address));
    put_true(row, "is_open", is_open);
    put_true(row, "may_open", !is_open && ch->channel != CHANNEL_SMS);
    put_true(row, "is_letter", ch->channel == CHANNEL_LETTER);
}

static void channel_put(struct page *p, const struct casefile_view *f, json_t *row,
                        const struct channel_view *ch)
{
    struct arena *x = p->arena;
    bool opens = ch->until.us != INSTANT_NEVER.us && ch->until.us > p->view->now.us;

    channel_head_put(p, row, ch);
    put_true(row, "is_ok", ch->address != NULL && ch->ruling == RULING_ALLOW);
    put_true(row, "is_later", ch->address != NULL && ch->ruling != RULING_ALLOW && opens);
    put_true(row, "is_no", ch->address != NULL && ch->ruling != RULING_ALLOW && !opens);
    put_true(row, "is_absent", ch->address == NULL);
    put(row, "reason",
        ch->address == NULL
            ? ch->address_is_bad ? "The address on file came back." : "No address is on file."
        : ch->ruling == RULING_ALLOW ? NULL
        : ch->reason != NULL         ? ch->reason
                                     : "The gate refused.");
    put(row, "unknown", ch->unknown != NULL ? words_unknown(x, ch->unknown) : NULL);
    put(row, "would_allow", ch->would_allow);
    put_rule(p, row, ch->address != NULL && ch->ruling != RULING_ALLOW ? ch->rule : NULL);
    if (!opens || ch->ruling == RULING_ALLOW)
        return;
    struct day day =
        wall_at(ch->until, f->party->zone_count > 0 ? f->party->zones[0] : p->view->zone).day;
    put(row, "opens", words_within(x, moment_there(p, f->party, ch->until)));
    put(row, "opens_day",
        day.number == p->view->today.number
            ? words_clock(x, ch->until,
                          f->party->zone_count > 0 ? f->party->zones[0] : p->view->zone)
            : words_within(x, words_day_near(x, day, p->view->today)));
}

/* How much of a week's limits is used up: the strictest of each kind, as boxes. */
static void limits_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "limits");

    for (size_t i = 0; i < f->limit_count; i++) {
        const struct limit_view *l = &f->limits[i];
        json_t *row = list_add(list), *boxes = put_list(row, "boxes");
        put(row, "title", l->title);
        put_int(row, "used", l->used);
        put_int(row, "most", l->most);
        put_true(row, "is_full", l->used >= l->most);
        put_rule(p, row, l->rule);
        for (uint32_t k = 0; k < l->most && k < 14; k++)
            put_true(list_add(boxes), "is_used", k < l->used);
    }
    put_true(p->context, "any_limits", f->limit_count > 0);
}

static void channels_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "channels");

    for (size_t i = 0; i < f->channel_count; i++)
        channel_put(p, f, list_add(list), &f->channels[i]);
    clocks_put(p, f);
    limits_put(p, f);
}

/* ---- What they told us ------------------------------------------------------------------- */

static bool holds(const struct page *p, const struct fact_row *f)
{
    return f->at.us <= p->view->now.us && f->until.us > p->view->now.us;
}

/* A field of the detail of a fact, "name=value" to a line; NULL when it is not there. */
const char *fact_detail(struct page *p, const struct fact_row *f, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = f->detail; at != NULL && *at != '\0';) {
        size_t line = strcspn(at, "\n");
        if (line > length && strncmp(at, name, length) == 0 && at[length] == '=')
            return arena_copy_n(p->arena, at + length + 1, line - length - 1);
        at += line + (at[line] == '\n');
    }
    return NULL;
}

static const char *hour_words(struct page *p, int32_t second)
{
    int hour = second / 3600 % 24, minute = second / 60 % 60;

    return arena_print(p->arena, "%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12, minute,
                       hour < 12 ? "am" : "pm");
}

static const char *days_words(struct page *p, int32_t weekdays)
{
    static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    const char *text = NULL;

    if (weekdays == 0 || weekdays == 0x7f)
        return "every day";
    if (weekdays == 0x1f)
        return "weekdays";
    if (weekdays == 0x60)
        return "weekends";
    for (int i = 0; i < 7; i++) {
        if ((weekdays >> i & 1) != 0)
            text = text == NULL ? names[i] : arena_print(p->arena, "%s, %s", text, names[i]);
    }
    return text;
}

static const char *hours_words(struct page *p, const struct fact_row *f)
{
    if (f->from == 0 && f->to == 0)
        return arena_print(p->arena, "%s, all day", days_words(p, f->weekdays));
    return arena_print(p->arena, "%s, %s to %s", days_words(p, f->weekdays),
                       hour_words(p, f->from), hour_words(p, f->to));
}

static void told_row(json_t *list, const char *label, const char *text, const char *since)
{
    json_t *row = list_add(list);

    put(row, "label", label);
    put(row, "text", text);
    put(row, "since", since);
}

static const char *since_of(struct page *p, const struct fact_row *f)
{
    return arena_print(
        p->arena, "since %s%s%s",
        words_day_near(p->arena, wall_at(f->at, p->view->zone).day, p->view->today),
        f->source[0] != '\0' ? ", " : "", f->source);
}

/* "Letter, every way" of a stop or an agreement; no address is spelled out here. */
static const char *way_words(struct page *p, const struct fact_row *f)
{
    const char *way = f->channel[0] != '\0' ? words_channel(f->channel) : "Every way";

    return text_equal(f->scope, "address") || strchr(f->value, '@') != NULL ||
                   f->value[0] == '+'
               ? arena_print(p->arena, "%s, one address", way)
               : way;
}

static const char *hold_words(struct page *p, const struct fact_row *f)
{
    const char *kind = f->scope[0] != '\0' ? words_plain(p->arena, f->scope) : "On hold";
    const char *said =
        f->value[0] != '\0' ? arena_print(p->arena, "%s: %s", kind, f->value) : kind;

    if (f->until.us == INSTANT_NEVER.us)
        return said;
    return arena_print(
        p->arena, "%s, until %s", said,
        words_day_near(p->arena,
                       wall_at((struct instant){ f->until.us - 1 }, p->view->zone).day,
                       p->view->today));
}

static void fact_told(struct page *p, json_t *list, const struct fact_row *f)
{
    static const struct {
        const char *type, *label;
    } plain[] = {
        { "opt_out", "Said stop" },         { "consent", "Agreed to" },
        { "tcpa_consent", "Agreed to" },    { "esign_consent", "Agreed to" },
        { "tcpa_revocation", "Said stop" }, { "employer_prohibits", "At work" },
        { "refusal_to_pay", "Refuses" },    { "location_confirmed", "Where" },
        { "inconvenient_place", "Not at" },
    };
    const char *since = since_of(p, f);

    if (text_equal(f->type, "preference") && f->channel[0] == '\0')
        return; /* it carries what helps them: needs_put */
    if (text_equal(f->type, "preference"))
        told_row(list, "Prefers", words_channel(f->channel), since);
    else if (text_equal(f->type, "inconvenient_time"))
        told_row(list, "Bad hours", hours_words(p, f), since);
    else if (text_equal(f->type, "consent") && (f->from != 0 || f->to != 0))
        told_row(list, "Best time", hours_words(p, f), since);
    else if (text_equal(f->type, "hold"))
        told_row(list, "Situation", hold_words(p, f), since);
    else if (text_equal(f->type, "employer_prohibits"))
        told_row(list, "At work", "No calls", since);
    else if (text_equal(f->type, "refusal_to_pay"))
        told_row(list, "Refuses", "To pay", since);
    else if (text_equal(f->type, "tcpa_consent") || text_equal(f->type, "tcpa_revocation"))
        told_row(list, text_equal(f->type, "tcpa_consent") ? "Agreed to" : "Said stop",
                 "Automated calls and texts", since);
    else
        for (size_t i = 0; i < COUNT(plain); i++) {
            if (text_equal(plain[i].type, f->type))
                told_row(list, plain[i].label, way_words(p, f), since);
        }
}

/* What a fact of any type may carry beside it. */
static void needs_put(struct page *p, const struct casefile_view *f, json_t *list)
{
    static const char *const fields[][2] = { { "spare", "Spare money" },
                                             { "payday", "Payday" },
                                             { "needs", "Support needs" } };

    for (size_t k = 0; k < COUNT(fields); k++) {
        for (size_t i = 0; i < f->fact_count; i++) {
            const char *text = fact_detail(p, &f->facts[i], fields[k][0]);
            if (!holds(p, &f->facts[i]) || text == NULL)
                continue;
            told_row(list, fields[k][1], text, since_of(p, &f->facts[i]));
            break;
        }
    }
}

static bool is_shown_above(const struct fact_row *f)
{
    static const char *const types[] = { "deceased",
                                         "bankruptcy",
                                         "attorney",
                                         "cease",
                                         "military",
                                         "dispute",
                                         "validation",
                                         "debt_detail",
                                         "email_basis",
                                         "sms_basis",
                                         "attorney_consent",
                                         "original_creditor_request",
                                         "ca_on_written_notice",
                                         "nyc_collection_procedures",
                                         "first_spoken_contact" };

    for (size_t i = 0; i < COUNT(types); i++) {
        if (text_equal(types[i], f->type))
            return true;
    }
    return false;
}

static void told_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "told"), *known = put_list(p->context, "known"),
           *past = put_list(p->context, "past_facts");

    told_row(list, "Language", words_language(f->party->language), NULL);
    for (size_t i = 0; i < f->fact_count; i++) {
        if (holds(p, &f->facts[i]) && !is_shown_above(&f->facts[i]))
            fact_told(p, list, &f->facts[i]);
    }
    needs_put(p, f, list);
    for (size_t i = 0; i < f->fact_count; i++) {
        const struct fact_row *fact = &f->facts[i];
        if (text_equal(fact->type, "debt_detail"))
            continue;
        if (!holds(p, fact) || is_shown_above(fact))
            told_row(holds(p, fact) ? known : past, NULL, words_fact(p->arena, fact->type),
                     since_of(p, fact));
    }
    put_true(p->context, "any_known", json_array_size(known) > 0);
    put_true(p->context, "any_past_facts", json_array_size(past) > 0);
}

/* ---- How the amount adds up ---------------------------------------------------------------
 */

static void sum_line(struct page *p, json_t *lines, const char *label, int64_t minor,
                     enum currency currency)
{
    json_t *line = list_add(lines);

    put(line, "label", label);
    put(line, "amount", words_money(p->arena, minor, currency));
}

static void sum_put(struct page *p, json_t *object, const struct owed_sum *s)
{
    json_t *lines = put_list(object, "lines");

    sum_line(p, lines,
             s->since.number != DAY_NEVER.number
                 ? arena_print(p->arena, "Owed since %s", words_day(p->arena, s->since))
                 : "Owed",
             s->charged[COMPONENT_PRINCIPAL], s->currency);
    sum_line(p, lines, "Interest since", s->charged[COMPONENT_INTEREST], s->currency);
    sum_line(p, lines, "Fees since", s->charged[COMPONENT_FEES], s->currency);
    if (s->charged[COMPONENT_COSTS] != 0)
        sum_line(p, lines, "Costs", s->charged[COMPONENT_COSTS], s->currency);
    sum_line(p, lines, "Paid", -s->paid, s->currency);
    if (s->waiting != 0)
        sum_line(p, lines, "Theirs, waits to be used or sent back", -s->waiting, s->currency);
    put(object, "total", words_money(p->arena, s->total, s->currency));
    put(object, "currency", currency_code(s->currency));
}

static void sums_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "sums");

    for (size_t i = 0; i < f->owed.count; i++) {
        json_t *object = list_add(list);
        sum_put(p, object, &f->owed.sums[i]);
        put_true(object, "several", f->owed.count > 1);
    }
    put_true(p->context, "any_sums", f->owed.count > 0);
    put_true(p->context, "check_agrees", f->check.told > 0 && f->check.count == 0);
    put(p->context, "statement",
        arena_print(p->arena, "%s/statement", account_link(p, f->casefile->reference)));
}

void side_put(struct page *p, const struct casefile_view *f)
{
    channels_put(p, f);
    told_put(p, f);
    sums_put(p, f);
}

/* ---- Everything that the rules said --------------------------------------------------------
 */

static void findings_put(struct page *p, json_t *row, const struct verdict *v)
{
    json_t *against = put_list(row, "against"), *fine = put_list(row, "satisfied");

    for (size_t i = 0; v != NULL && i < v->finding_count; i++) {
        const struct finding *finding = &v->findings[i];
        bool passes = finding->ruling == RULING_ALLOW;
        json_t *line = list_add(passes ? fine : against);
        put_ruling(line, ruling_name(finding->ruling));
        put(line, "reason", passes ? rule_title(finding->rule) : finding->reason);
        put(line, "strength", words_plain(p->arena, rule_strength(finding->rule)));
        put(line, "unknown",
            finding->unknown != NULL ? words_unknown(p->arena, finding->unknown) : NULL);
        put_rule(p, line, rule_id(finding->rule));
        put(line, "cite_whole", rule_cite(finding->rule));
    }
    put_int(row, "satisfied_count", (json_int_t)json_array_size(fine));
    put_true(row, "any_satisfied", json_array_size(fine) > 0);
    put_true(row, "any_against", json_array_size(against) > 0);
}

static void ways_put(struct page *p, json_t *row, const struct casefile_view *f,
                     const struct cures *cures)
{
    json_t *list = put_list(row, "ways");

    for (size_t i = 0; cures != NULL && i < cures->way_count; i++) {
        const struct cure_way *way = &cures->ways[i];
        json_t *line = list_add(list);
        put(line, "words", cure_way_words(p->arena, way));
        put(line, "opens",
            way->opens.us != INSTANT_NEVER.us && way->opens.us > p->view->now.us
                ? moment_there(p, f->party, way->opens)
                : NULL);
        put_true(line, "is_more", i > 0);
    }
    put_true(row, "any_ways", json_array_size(list) > 0);
}

void side_put_whole(struct page *p, const struct casefile_view *f)
{
    side_put(p, f);
    json_t *list = json_object_get(p->context, "channels");
    for (size_t i = 0; i < f->channel_count; i++) {
        json_t *row = json_array_get(list, i);
        findings_put(p, row, f->channels[i].verdict);
        ways_put(p, row, f, f->channels[i].cures);
    }
}
