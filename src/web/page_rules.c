/* Rules: what the law and the house allow, as somebody reads it who is not a programmer. */
#include "web/page_audit.h"

#include "base/text.h"
#include "domain/rule.h"
#include "flow/audit_rules.h"
#include "flow/audit_words.h"
#include "flow/rulebook.h"
#include "web/page_parts.h"

#include <stdio.h>
#include <string.h>

enum { FIRED_DAYS = 30, RECENT_SHOWN = 10, LIST_MOST = 400 };

/* ---- Words ------------------------------------------------------------------------------ */

/* Who asks for it: the law, the regulator, or the house. */
static const char *kind_of(const struct rule *rule)
{
    return rule->strength == STRENGTH_POLICY     ? "House"
           : rule->strength == STRENGTH_GUIDANCE ? "Guidance"
                                                 : "Law";
}

static const char *strength_words(const struct rule *rule)
{
    switch (rule->strength) {
    case STRENGTH_PROHIBITED:
        return "a flat ban";
    case STRENGTH_PRESUMPTION:
        return "presumed to be a breach";
    case STRENGTH_SAFE_HARBOR:
        return "protection is lost without it";
    case STRENGTH_CONTENT:
        return "what a message must hold, or must not";
    case STRENGTH_TIMING:
        return "a wait or a deadline";
    case STRENGTH_GUIDANCE:
        return "what a regulator expects";
    case STRENGTH_POLICY:
        return "what the house asks of itself";
    case STRENGTH_COUNT:
        break;
    }
    return "";
}

static void kind_put(json_t *row, const struct rule *rule)
{
    put(row, "kind", kind_of(rule));
    put_true(row, "is_house", rule->strength == STRENGTH_POLICY);
}

static const char *places_of(struct page *p, const struct rule_pack *pack)
{
    const char *const *places;
    size_t count = rulepack_places(pack, &places);
    const char *words = "";

    for (size_t i = 0; i < count && i < 6; i++) {
        const char *one = strcmp(places[i], "everywhere") == 0 ? "everywhere"
                                                               : words_place(p->arena, places[i]);
        words = arena_print(p->arena, "%s%s%s", words, i > 0 ? "; " : "", one);
    }
    return count > 6 ? arena_print(p->arena, "%s and %zu more", words, count - 6) : words;
}

static const char *channels_of(struct page *p, uint32_t channels)
{
    const char *words = "";
    int count = 0;

    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if ((channels >> i & 1u) == 0)
            continue;
        words = arena_print(p->arena, "%s%s%s", words, count++ > 0 ? ", " : "",
                            words_small(p->arena, words_channel(channel_name((enum channel)i))));
    }
    return count == CHANNEL_COUNT ? "every channel" : words;
}

static const char *binds_of(struct page *p, const struct rule *rule)
{
    static const char *const roles[] = { "creditors in their own name", "collectors for others",
                                         "debt buyers" };
    const char *words = "";

    if (rule->binds == BINDS_ANYONE)
        return "anyone who asks for money";
    for (int i = 0; i < (int)COUNT(roles); i++) {
        if ((rule->binds >> i & 1u) != 0)
            words = arena_print(p->arena, "%s%s%s", words, words[0] != '\0' ? ", " : "", roles[i]);
    }
    if ((rule->binds & BINDS_PSEUDONYM) != 0)
        words = arena_print(p->arena, "%s%screditors that use another name", words,
                            words[0] != '\0' ? ", " : "");
    return words;
}

static const char *debts_of(const struct rule *rule)
{
    return rule->debts == DEBTS_CONSUMER   ? "consumer debts"
           : rule->debts == DEBTS_BUSINESS ? "business debts"
                                           : "any debt";
}

static const char *dates_of(struct page *p, const struct rule *rule)
{
    bool begins = rule->from.number != DAY_NONE.number, ends = rule->to.number != DAY_NEVER.number;

    if (begins && ends)
        return arena_print(p->arena, "%s to %s", words_day(p->arena, rule->from),
                           words_day(p->arena, rule->to));
    if (begins)
        return arena_print(p->arena, "since %s", words_day(p->arena, rule->from));
    return ends ? arena_print(p->arena, "until %s", words_day(p->arena, rule->to))
                : "first day not recorded";
}

/* ---- The list ---------------------------------------------------------------------------- */

struct listed {
    const char *pack, *search, *kind, *channel;
    int channel_bit; /* -1: any */
};

static bool holds(struct page *p, const char *text, const char *folded)
{
    return text != NULL && strstr(text_fold(p->arena, text), folded) != NULL;
}

static bool rule_listed(struct page *p, const struct rule *rule, const struct listed *l)
{
    if (l->kind != NULL && strcmp(words_small(p->arena, kind_of(rule)), l->kind) != 0)
        return false;
    if (l->channel_bit >= 0 && (rule->channels >> l->channel_bit & 1u) == 0)
        return false;
    return l->search == NULL || holds(p, rule->id, l->search) || holds(p, rule->title, l->search) ||
           holds(p, rule->cite, l->search);
}

static const struct log_reason *reason_of(const struct log_totals *t, const char *rule)
{
    for (size_t i = 0; i < t->reason_count; i++) {
        if (strcmp(t->reasons[i].rule, rule) == 0)
            return &t->reasons[i];
    }
    return NULL;
}

static int64_t fired_by(const struct log_totals *t, const char *rule)
{
    const struct log_reason *r = reason_of(t, rule);

    return r != NULL ? r->moved + r->blocked + r->held : 0;
}

static const char *rule_link(struct page *p, const char *id)
{
    return arena_print(p->arena, "/rules/%s", url_encode(p->arena, id));
}

static void rule_row_put(struct page *p, json_t *list, const struct rule *rule,
                         const struct rule_pack *pack, const struct log_totals *t)
{
    json_t *row = list_add(list);
    int64_t fired = fired_by(t, rule->id);

    put(row, "id", rule->id);
    put(row, "link", rule_link(p, rule->id));
    put(row, "title", rule->title);
    put(row, "part", rule->part);
    put(row, "cite", rule->cite_first);
    put(row, "pack", rulepack_name(pack));
    put(row, "places", places_of(p, pack));
    put(row, "dates", dates_of(p, rule));
    put_true(row, "not_now", !rule_in_force_on(rule, p->view->today));
    kind_put(row, rule);
    put(row, "fired", fired > 0 ? words_count(p->arena, fired) : NULL);
}

static void rules_put(struct page *p, const struct listed *l, const struct log_totals *t)
{
    const struct rulebook *book = p->view->policy->rulebook;
    json_t *list = put_list(p->context, "rules");
    size_t all = 0;

    for (size_t i = 0; i < book->pack_count; i++) {
        const struct rule_pack *pack = book->packs[i];
        if (l->pack != NULL && strcmp(rulepack_name(pack), l->pack) != 0)
            continue;
        for (size_t k = 0; k < rulepack_rule_count(pack); k++) {
            const struct rule *rule = rulepack_rule(pack, k);
            if (!rule_listed(p, rule, l))
                continue;
            if (all++ < LIST_MOST)
                rule_row_put(p, list, rule, pack, t);
        }
    }
    put_true(p->context, "any", all > 0);
    put(p->context, "count", words_count(p->arena, (int64_t)all));
}

static void packs_put(struct page *p, const char *chosen, const struct log_totals *t)
{
    const struct rulebook *book = p->view->policy->rulebook;
    json_t *list = put_list(p->context, "packs");

    for (size_t i = 0; i < book->pack_count; i++) {
        const struct rule_pack *pack = book->packs[i];
        json_t *row = list_add(list);
        int64_t fired = 0;
        for (size_t k = 0; k < rulepack_rule_count(pack); k++) {
            bool again = k > 0 && strcmp(rule_id(rulepack_rule(pack, k - 1)),
                                         rule_id(rulepack_rule(pack, k))) == 0;
            fired += again ? 0 : fired_by(t, rule_id(rulepack_rule(pack, k)));
        }
        put(row, "name", rulepack_name(pack));
        put(row, "title", rulepack_title(pack));
        put(row, "rules", words_count(p->arena, rules_in_force(pack, p->view->today)));
        put(row, "version", arena_copy_n(p->arena, rulepack_digest(pack), 8));
        put(row, "link",
            arena_print(p->arena, "/rules?pack=%s", url_encode(p->arena, rulepack_name(pack))));
        put(row, "fired", fired > 0 ? words_count(p->arena, fired) : NULL);
        put_true(row, "is_chosen", text_equal(chosen, rulepack_name(pack)));
    }
}

static bool month_count(struct page *p, struct log_totals *t, struct fault *why)
{
    struct log_request r = {
        .from = { p->view->now.us - (int64_t)FIRED_DAYS * 86400 * 1000000 },
        .to = INSTANT_NEVER,
    };

    return log_count(p->view, &r, t, why);
}

static void list_filters_put(struct page *p, const struct listed *l)
{
    static const char *const kinds[] = { "law", "guidance", "house" };
    json_t *f = put_object(p->context, "filter"), *list = put_list(p->context, "kinds");

    put(f, "pack", l->pack);
    put(f, "q", page_field(p, "q"));
    json_t *any = list_add(list);
    put(any, "value", "");
    put(any, "title", "Any");
    put_true(any, "chosen", l->kind == NULL);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        json_t *row = list_add(list);
        put(row, "value", kinds[i]);
        put(row, "title", words_plain(p->arena, kinds[i]));
        put_true(row, "chosen", text_equal(l->kind, kinds[i]));
    }
}

/* Files of a folder of the house may be changed, or broken, while a server runs. It judges by
 * those that it loaded; a pack that cannot be loaded is never judged by. */
static void files_now_put(struct page *p)
{
    struct fault unread = { 0 };
    const char *names;

    if (p->site->settings->files.value == NULL)
        return;
    if (!rulebook_changed(p->arena, p->view->policy->rulebook, &names, &unread))
        put(p->context, "unread_pack", unread.text);
    else if (*names != '\0')
        put(p->context, "changed_packs", names);
}

static bool page_rules(struct page *p, struct fault *why)
{
    const char *q = page_field(p, "q"), *channel = page_field(p, "channel");
    struct listed l = { .pack = page_field(p, "pack"), .kind = page_field(p, "kind"),
                        .channel_bit = -1 };
    enum channel bit;
    struct log_totals t;

    if (q != NULL)
        l.search = text_fold(p->arena, q);
    if (channel != NULL && channel_parse(channel, &bit))
        l.channel_bit = (int)bit;
    if (l.pack == NULL && q == NULL && l.kind == NULL)
        l.pack = "house";
    const struct rule_pack *pack =
        l.pack != NULL ? rulepack_find(p->view->policy->rulebook, l.pack) : NULL;
    if (l.pack != NULL && pack == NULL)
        return fail(why, NOT_FOUND, "There is no rule pack \"%s\".", l.pack);
    if (!month_count(p, &t, why))
        return false;
    put(p->context, "title", "Rules");
    compliance_nav(p, "rules");
    files_now_put(p);
    rules_put(p, &l, &t);
    packs_put(p, l.pack, &t);
    list_filters_put(p, &l);
    put(p->context, "chosen_title", pack != NULL ? rulepack_title(pack) : "Rules that match");
    put(p->context, "chosen_path", pack != NULL ? rulepack_path(pack) : NULL);
    put(p->context, "rulebook", p->view->policy->rulebook->digest);
    return true;
}

/* ---- One rule ---------------------------------------------------------------------------- */

static void version_put(struct page *p, json_t *list, const struct rule *rule)
{
    json_t *row = list_add(list);

    put(row, "title", rule->title);
    put(row, "part", rule->part);
    put(row, "dates", dates_of(p, rule));
    put_true(row, "in_force", rule_in_force_on(rule, p->view->today));
    put(row, "channels", channels_of(p, rule->channels));
    put(row, "binds", binds_of(p, rule));
    put(row, "debts", debts_of(rule));
    put(row, "cite", rule->cite);
    put(row, "reason", rule->reason);
    put(row, "told", rule->debtor_reason);
    put(row, "shape", words_plain(p->arena, shape_name(rule->shape)));
    put(row, "strength", strength_words(rule));
    put(row, "confidence", rule_confidence(rule));
}

static bool cases_put(struct page *p, const struct rule_pack *pack, const char *id,
                      struct fault *why)
{
    json_t *list = put_list(p->context, "cases");
    struct rule_run *runs;
    size_t count, failed = 0;

    if (!rule_runs(p->arena, pack, id, &runs, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "name", runs[i].name);
        put(row, "expected", runs[i].expected);
        put(row, "found", runs[i].found);
        put_int(row, "line", runs[i].line);
        put_true(row, "is_ok", runs[i].found == NULL);
        put_true(row, "is_no", runs[i].found != NULL);
        put_true(row, "is_later", false);
        failed += runs[i].found != NULL;
    }
    put(p->context, "case_count", words_count(p->arena, (int64_t)count));
    put(p->context, "failed", failed > 0 ? words_count(p->arena, (int64_t)failed) : NULL);
    return true;
}

static bool firings_put(struct page *p, const char *id, struct fault *why)
{
    struct log_request r = { .from = { INT64_MIN / 2 }, .to = INSTANT_NEVER,
                             .view = LOG_DECISIONS, .rule = id, .most = RECENT_SHOWN };
    json_t *list = put_list(p->context, "firings");
    struct rule_fired fired;
    struct log_page page;

    if (!rule_fired(p->view, id, FIRED_DAYS, &fired, why) ||
        !log_list(p->view, &r, &page, why))
        return false;
    put_true(p->context, "fired_once", fired.count == 1 && !fired.at_least);
    put(p->context, "fired",
        arena_print(p->arena, "%s%s", fired.at_least ? "over " : "",
                    words_count(p->arena, fired.count)));
    for (size_t i = 0; i < page.count; i++) {
        const struct log_row *one = &page.rows[i];
        struct log_words words;
        json_t *row = list_add(list);
        log_words_of(p->view, one->kind, one->outcome, one->rule, one->record, &words);
        put(row, "at", audit_clock(p, one->at, true));
        put(row, "link", decision_link(p, one->bucket, one->seq));
        put(row, "reference", one->reference);
        put(row, "wanted", words.wanted);
        put_outcome(p, row, one->outcome, one->rule);
    }
    put_true(p->context, "any_firing", page.count > 0);
    put(p->context, "all_firings",
        arena_print(p->arena, "/compliance/log?rule=%s&day=%d-01-01&to=%s", url_encode(p->arena, id),
                    (int)date_of_day(p->view->today).year,
                    day_print(p->view->today, arena_alloc(p->arena, DAY_TEXT))));
    return true;
}

/* ---- Try it ------------------------------------------------------------------------------ */

/* "2026-11-20T10:00" in the zone of the organisation. */
static bool moment_typed(struct page *p, const char *text, struct instant *out,
                         struct fault *why)
{
    int hour, minute, end = 0;
    char day_text[DAY_TEXT];
    struct day day;

    *out = p->view->now;
    if (text == NULL)
        return true;
    if (strlen(text) >= 16 && strlen(text) <= 19) {
        memcpy(day_text, text, 10);
        day_text[10] = '\0';
        if (day_parse(day_text, &day) && (text[10] == 'T' || text[10] == ' ') &&
            sscanf(text + 11, "%2d:%2d%n", &hour, &minute, &end) == 2 && hour >= 0 && hour < 24 &&
            minute >= 0 && minute < 60) {
            *out = instant_of_wall((struct wall){ day, hour * 3600 + minute * 60 },
                                   p->view->zone);
            return true;
        }
    }
    return fail(why, BAD_VALUE, "\"%s\" is no moment. It looks like 2026-11-20T10:00.", text);
}

static const struct finding *finding_about(const struct verdict *v, const char *rule)
{
    for (size_t i = 0; rule != NULL && i < v->finding_count; i++) {
        if (strcmp(rule_id(v->findings[i].rule), rule) == 0)
            return &v->findings[i];
    }
    return NULL;
}

static void findings_put(struct page *p, json_t *row, const struct verdict *v)
{
    json_t *list = put_list(row, "against");

    for (size_t i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        if (f->ruling == RULING_ALLOW)
            continue;
        json_t *one = list_add(list);
        put(one, "reason", f->reason);
        put(one, "rule", rule_id(f->rule));
        put(one, "link", rule_link(p, rule_id(f->rule)));
        put(one, "cite", rule_cite_first(f->rule));
        put(one, "unknown", f->unknown != NULL ? words_unknown(p->arena, f->unknown) : NULL);
    }
    put_true(row, "any_against", json_array_size(list) > 0);
    put(row, "asked", words_count(p->arena, (int64_t)v->finding_count));
}

static void this_rule_put(json_t *row, const struct tried_channel *c,
                          const char *rule)
{
    const struct finding *f = finding_about(&c->verdict, rule);

    if (rule == NULL || c->address == NULL)
        return;
    json_t *o = put_object(row, "this_rule");
    put_ruling(o, f != NULL ? ruling_name(f->ruling) : "");
    put(o, "says",
        f == NULL                      ? "is not asked about this"
        : f->ruling == RULING_ALLOW    ? "is satisfied"
        : f->unknown != NULL           ? "blocks: something it needs is not known"
        : f->ruling == RULING_DEFER    ? "says: not yet"
                                       : "blocks");
}

static void tried_put(struct page *p, json_t *list, const struct tried_channel *c,
                      const struct rule_trial *t, const char *rule)
{
    json_t *row = list_add(list);
    struct arena *x = p->arena;

    put(row, "channel", words_channel(channel_name(c->channel)));
    put_true(row, "no_address", c->address == NULL);
    put_ruling(row, c->address == NULL ? "no_address" : ruling_name(c->verdict.ruling));
    if (c->address == NULL)
        return;
    if (c->verdict.ruling != RULING_ALLOW && c->opens.us != INSTANT_NEVER.us) {
        put(row, "opens", moment_within(p, c->opens));
        put(row, "opens_theirs",
            t->zone != p->view->zone ? words_clock(x, c->opens, t->zone) : NULL);
    }
    findings_put(p, row, &c->verdict);
    put(row, "would_allow", cures_words(x, &c->cures));
    this_rule_put(row, c, rule);
}

/* The box is shown in any case; its answer when an account was named. */
static bool trial_put(struct page *p, const char *rule, struct fault *why)
{
    const char *account = page_field(p, "account"), *when = page_field(p, "at");
    json_t *box = put_object(p->context, "trial"), *answer;
    struct rule_trial *t = arena_make(p->arena, struct rule_trial);
    struct instant at;
    struct fault no = { 0 };

    struct wall wall = wall_at(p->view->now, p->view->zone);
    char day[DAY_TEXT];
    put(box, "account", account);
    put(box, "at",
        when != NULL ? when
                     : arena_print(p->arena, "%sT%02d:%02d", day_print(wall.day, day),
                                   wall.second / 3600, wall.second / 60 % 60));
    if (account == NULL)
        return true;
    if (!moment_typed(p, when, &at, &no) || !rules_try(p->view, account, at, t, &no)) {
        if (fault_kind_of(no.code) != FAULT_INPUT && fault_kind_of(no.code) != FAULT_ABSENT) {
            *why = no;
            return false;
        }
        put(box, "wrong", no.text);
        return true;
    }
    answer = put_object(p->context, "tried");
    put(answer, "reference", t->reference);
    put(answer, "name", t->name);
    put(answer, "account", arena_print(p->arena, "/accounts/%s", url_encode(p->arena, t->reference)));
    put(answer, "at", moment_within(p, at));
    put(answer, "there", arena_print(p->arena, "%s in %s", words_clock(p->arena, at, t->zone),
                                     words_zone(p->arena, t->zone)));
    put_true(answer, "of_rule", rule != NULL);
    json_t *list = put_list(answer, "channels");
    for (int i = 0; i < TRIED_CHANNELS; i++)
        tried_put(p, list, &t->channels[i], t, rule);
    return true;
}

static bool page_rule(struct page *p, struct fault *why)
{
    const char *id = p->hole;
    const struct rule_pack *pack = rule_pack_of(p->view, id);
    json_t *versions = put_list(p->context, "versions");
    const struct rule *shown = NULL;

    if (pack == NULL)
        return fail(why, NOT_FOUND, "There is no rule \"%s\".", id);
    for (size_t i = 0; i < rulepack_rule_count(pack); i++) {
        const struct rule *rule = rulepack_rule(pack, i);
        if (strcmp(rule->id, id) != 0)
            continue;
        version_put(p, versions, rule);
        if (shown == NULL || (!rule_in_force_on(shown, p->view->today) &&
                              rule_in_force_on(rule, p->view->today)))
            shown = rule;
    }
    put(p->context, "title", shown->title);
    put(p->context, "id", id);
    kind_put(p->context, shown);
    put_true(p->context, "several", json_array_size(versions) > 1);
    put(p->context, "pack", rulepack_name(pack));
    put(p->context, "pack_title", rulepack_title(pack));
    put(p->context, "pack_path", rulepack_path(pack));
    put(p->context, "pack_version", rulepack_digest(pack));
    put(p->context, "pack_link",
        arena_print(p->arena, "/rules?pack=%s", url_encode(p->arena, rulepack_name(pack))));
    put(p->context, "places", places_of(p, pack));
    put(p->context, "written", rule_as_written(p->arena, pack, id));
    compliance_nav(p, "rules");
    return cases_put(p, pack, id, why) && firings_put(p, id, why) && trial_put(p, id, why);
}

static bool page_why(struct page *p, struct fault *why)
{
    put(p->context, "title", "Why, or why not?");
    compliance_nav(p, "rules");
    return trial_put(p, NULL, why);
}

const struct route routes_rules[] = {
    { "GET", "/rules", MAY_READ_RULES, "compliance", "rules", page_rules, NULL },
    { "GET", "/rules/why", MAY_READ_RULES, "compliance", "rules_why", page_why, NULL },
    { "GET", "/rules/{}", MAY_READ_RULES, "compliance", "rules_one", page_rule, NULL },
    { 0 },
};
