#include "flow/template_check.h"

#include "base/text.h"
#include "domain/ask.h"
#include "domain/validation.h"
#include "flow/policy.h"
#include "formats/letter_wording.h"
#include "formats/rulepack.h"

#include <string.h>

enum { FILE_MOST = 1024 * 1024 };

/* What one message would be: a text, how, by whom, to whom, where and when. */
struct asked {
    const struct letter_text *text;
    enum channel channel;
    enum actor_role role;
    bool business;
    enum letter_stage stage;
};

struct check {
    const struct template_check_request *r;
    struct template_findings *out;
    struct arena *a;
    struct rulebook rules;
    struct letter_saying *saying;
    struct letter_wording *wording;
    size_t place_count, place_room;
    const char **places;
    bool stage_given;
    enum letter_stage stage;
    bool role_given;
    enum actor_role role;
    struct asked now;
    struct fault *why;
};

/* ---- findings ---------------------------------------------------------------------------- */

static bool same_finding(const struct template_finding *a, const struct template_finding *b)
{
    return a->line == b->line && strcmp(a->file, b->file) == 0 &&
           strcmp(a->rule, b->rule) == 0 && strcmp(a->what, b->what) == 0 &&
           strcmp(a->template, b->template) == 0 && strcmp(a->language, b->language) == 0 &&
           strcmp(a->kind, b->kind) == 0;
}

static bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ','))
            return true;
    }
    return false;
}

static const char *list_with(struct arena *a, const char *list, const char *word)
{
    if (*word == '\0' || list_has(list, word))
        return list;
    return *list == '\0' ? word : arena_print(a, "%s, %s", list, word);
}

/* The same thing for another channel, writer, stage or place is the same finding. */
static void finding_put(struct check *c, struct template_finding finding)
{
    for (size_t i = 0; i < c->out->count; i++) {
        struct template_finding *old = &c->out->all[i];
        if (!same_finding(old, &finding))
            continue;
        old->channel = list_with(c->a, old->channel, finding.channel);
        old->role = list_with(c->a, old->role, finding.role);
        old->stage = list_with(c->a, old->stage, finding.stage);
        old->places = list_with(c->a, old->places, finding.places);
        return;
    }
    *arena_push(c->a, c->out->all, c->out->count, c->out->room) = finding;
}

static struct template_finding finding_of(const struct check *c, const char *kind)
{
    return (struct template_finding){ .file = letter_text_path(c->now.text),
                                      .line = 1,
                                      .template = letter_text_name(c->now.text),
                                      .language = letter_text_language(c->now.text),
                                      .kind = kind,
                                      .what = "",
                                      .channel = channel_name(c->now.channel),
                                      .role = actor_role_name(c->now.role),
                                      .stage = letter_stage_name(c->now.stage),
                                      .places = "" };
}

/* ---- by the rules ------------------------------------------------------------------------ */

static const char *day_in(struct check *c, int days)
{
    struct day today = wall_at(c->r->now, zone_find("UTC")).day;

    return day_print(day_plus(today, days), arena_alloc(c->a, DAY_TEXT));
}

/* The notice went out long ago, or a week ago; before the first word there was none. */
static size_t facts_of(struct check *c, struct gate_fact *fact)
{
    bool runs = c->now.stage == STAGE_VALIDATION;
    struct gate_field *fields = arena_array(c->a, struct gate_field, 3);
    int ago = runs ? 7 : 90;

    if (c->now.stage == STAGE_INITIAL)
        return 0;
    fields[0] = (struct gate_field){ "provided", day_in(c, -ago) };
    fields[1] = (struct gate_field){ "end_date", day_in(c, 41 - ago) };
    fields[2] = (struct gate_field){ "method", "mail" };
    *fact = (struct gate_fact){ .type = FACT_VALIDATION,
                                .party = PARTY_DEBTOR,
                                .debt = 1,
                                .at = { c->r->now.us - (int64_t)ago * SECONDS_A_DAY * 1000000 },
                                .until = INSTANT_NEVER,
                                .detail = { 3, fields } };
    return 1;
}

static size_t history_of(struct check *c, const struct gate_fact *fact, struct contact *contact)
{
    static const int32_t first[] = { 1 };

    if (c->now.stage == STAGE_INITIAL)
        return 0;
    *contact = (struct contact){ .at = fact->at,
                                 .channel = CHANNEL_LETTER,
                                 .outcome = OUTCOME_SENT,
                                 .party = PARTY_DEBTOR,
                                 .debts = { 1, first },
                                 .purpose = VALIDATION_NOTICE };
    return 1;
}

static struct gate_debt debt_of(struct check *c)
{
    struct gate_field *fields = arena_array(c->a, struct gate_field, 6);
    bool old = c->now.stage == STAGE_TIME_BARRED;

    fields[0] = (struct gate_field){ "cfpb_product", c->now.business ? "false" : "true" };
    fields[1] = (struct gate_field){ "sol_expired", old ? "true" : "false" };
    fields[2] = (struct gate_field){ "creditor", "creditor" };
    fields[3] = (struct gate_field){ "due", day_in(c, old ? -36500 : -365) };
    fields[4] = (struct gate_field){ "contract", "written" };
    fields[5] = (struct gate_field){ "id", "1" };
    return (struct gate_debt){ .number = 1,
                               .kind = c->now.business ? "invoice" : "credit_card",
                               .business = c->now.business,
                               .detail = { 6, fields } };
}

/* As flow/policy.c reads it for the gate. */
static struct message_content *content_of(struct check *c)
{
    struct message_content *content = arena_make(c->a, struct message_content);
    struct letter_content read;

    letter_content_read(c->saying, c->a, c->now.text, c->now.channel, &read);
    message_content_of(c->a, c->now.text, c->now.channel, &read, content);
    return content;
}

/* What the gate says of a message that holds nothing shows which rules its words broke. */
static bool is_denied(const struct verdict *verdict, const struct rule *rule)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].rule == rule && verdict->findings[i].ruling == RULING_DENY)
            return true;
    }
    return false;
}

static void put_denied(struct check *c, const struct verdict *with,
                       const struct verdict *without, const char *place)
{
    for (size_t i = 0; i < with->finding_count; i++) {
        const struct finding *f = &with->findings[i];
        if (f->ruling != RULING_DENY)
            continue;
        bool asks_for_words = rule_is_about_words(f->rule);
        if (!asks_for_words && is_denied(without, f->rule))
            continue;
        struct template_finding finding =
            finding_of(c, f->unknown != NULL && asks_for_words ? "missing" : "forbidden");
        finding.rule = rule_id(f->rule);
        finding.cite = rule_cite(f->rule);
        finding.what = f->unknown != NULL ? f->unknown : "";
        finding.text = f->reason;
        finding.places = place;
        finding_put(c, finding);
    }
}

static void judge_in(struct check *c, const struct message_content *content, const char *place)
{
    static const struct party nobody = { .number = PARTY_DEBTOR };
    const struct zone *zones[] = { zone_find("UTC") };
    const char *places[] = { place };
    struct gate_fact fact;
    struct contact contact;
    struct gate_debt debt = debt_of(c);
    struct gate_packs packs =
        rulepack_choose(&c->rules, c->a, places, 1, c->now.role, c->now.business);
    struct gate_question q = { .at = c->r->now,
                               .channel = c->now.channel,
                               .party = PARTY_DEBTOR,
                               .relation = "consumer",
                               .address = "reader@example.com",
                               .role = c->now.role,
                               .places = places,
                               .place_count = 1,
                               .zones = zones,
                               .zone_count = 1,
                               .debts = &debt,
                               .debt_count = 1,
                               .casefile_debts = &debt,
                               .casefile_debt_count = 1,
                               .facts = &fact,
                               .fact_count = facts_of(c, &fact),
                               .history = &contact,
                               .history_known = true };
    struct verdict with, without;

    q.history_count = history_of(c, &fact, &contact);
    if (c->now.stage == STAGE_INITIAL && c->now.role != ACTOR_FIRST_PARTY_CREDITOR)
        q.purpose = "initial";
    question_hold(&q, content, &nobody, wall_at(q.at, zones[0]).day, c->a);
    gate_judge(packs, &q, &with);
    q.content = (struct gate_fields){ 0 };
    gate_judge(packs, &q, &without);
    c->out->asked++;
    put_denied(c, &with, &without, place);
}

/* ---- by the words ------------------------------------------------------------------------ */

static void put_wording(void *self, const struct wording_finding *found)
{
    struct check *c = self;
    struct template_finding finding =
        finding_of(c, *found->what == '\0' ? "missing" : "forbidden");

    finding.rule = found->id;
    finding.cite = found->cite;
    finding.text = found->reason;
    finding.file = found->file;
    finding.line = found->line;
    finding.what = found->what;
    finding_put(c, finding);
}

static void check_message(struct check *c)
{
    const struct message_content *content = content_of(c);

    letter_wording_check(c->wording, c->saying, c->a, c->now.text, c->now.channel, c->now.stage,
                         c->r->sender, put_wording, c);
    for (size_t i = 0; i < c->place_count; i++) {
        if (c->r->place != NULL || letter_text_is_for_place(c->now.text, c->places[i]))
            judge_in(c, content, c->places[i]);
    }
}

/* ---- every message that a text may become -------------------------------------------------
 */

static bool role_can_send(const struct check *c, enum actor_role role)
{
    bool collects = role != ACTOR_FIRST_PARTY_CREDITOR;

    return collects == letter_text_is_from_collector(c->now.text) &&
           (!c->role_given || c->role == role);
}

static bool reader_can_be(const struct check *c, bool business)
{
    enum letter_reader reader = letter_text_reader(c->now.text);

    return reader == LETTER_TO_ANYBODY || (reader == LETTER_TO_BUSINESS) == business;
}

static void check_stages(struct check *c)
{
    unsigned stages = c->stage_given ? 1u << c->stage : letter_stages_of(c->now.text);

    for (int stage = 0; stage < LETTER_STAGE_COUNT; stage++) {
        c->now.stage = (enum letter_stage)stage;
        if ((stages & 1u << stage) != 0)
            check_message(c);
    }
}

static void check_roles(struct check *c)
{
    static const enum actor_role roles[] = { ACTOR_FIRST_PARTY_CREDITOR,
                                             ACTOR_THIRD_PARTY_COLLECTOR, ACTOR_DEBT_BUYER };

    for (size_t i = 0; i < COUNT(roles); i++) {
        for (int business = 0; business < 2; business++) {
            c->now.role = roles[i];
            c->now.business = business == 1;
            if (role_can_send(c, roles[i]) && reader_can_be(c, business == 1))
                check_stages(c);
        }
    }
}

static void check_text(struct check *c, const struct letter_text *text)
{
    static const enum channel channels[] = { CHANNEL_EMAIL, CHANNEL_LETTER };

    c->out->templates++;
    c->now.text = text;
    for (size_t i = 0; i < COUNT(channels); i++) {
        c->now.channel = channels[i];
        if (letter_text_is_for(text, channels[i]) &&
            (!c->r->channel_given || c->r->channel == channels[i]))
            check_roles(c);
    }
}

/* ---- which texts, which places ------------------------------------------------------------
 */

static void place_put(struct check *c, const char *place)
{
    for (size_t i = 0; i < c->place_count; i++) {
        if (strcmp(c->places[i], place) == 0)
            return;
    }
    *arena_push(c->a, c->places, c->place_count, c->place_room) = place;
}

static void find_places(struct check *c)
{
    const char *const *names;

    if (c->r->place != NULL) {
        place_put(c, c->r->place);
        return;
    }
    for (size_t i = 0; i < c->rules.pack_count; i++) {
        size_t count = rulepack_places(c->rules.packs[i], &names);
        for (size_t k = 0; k < count; k++) {
            if (strcmp(names[k], "everywhere") != 0)
                place_put(c, names[k]);
        }
    }
}

/* "letters/de/past-due.md" is German; a file without such a folder is English. */
static const char *language_of(struct arena *a, const char *path)
{
    const char *last = strrchr(path, '/'), *from = last;

    if (last == NULL)
        return "en";
    while (from > path && from[-1] != '/')
        from--;
    const char *language = arena_copy_n(a, from, (size_t)(last - from));
    struct file words;
    struct fault absent = { 0 };
    return files_load(a, arena_print(a, "letters/%s/words.yaml", language), &words, &absent)
               ? language
               : "en";
}

static bool check_file(struct check *c, const char *path)
{
    struct file file = { .path = path };
    struct letter_text *text;
    char *bytes;

    if (!text_read_file(path, FILE_MOST, c->a, &bytes, &file.length, c->why))
        return false;
    file.bytes = (const unsigned char *)bytes;
    if (!letter_text_read(c->a, &file, language_of(c->a, path), &text, c->why))
        return false;
    check_text(c, text);
    return true;
}

/* A letter of the program, in every language that has it; `name` NULL: every letter. */
static bool check_named(struct check *c, const char *name, size_t *met)
{
    const char **paths;
    size_t count;

    if (!files_list(c->a, "letters/", ".md", &paths, &count, c->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *language = paths[i] + strlen("letters/"), *slash = strchr(language, '/');
        struct letter_text *text;
        if (slash == NULL || strchr(slash + 1, '/') != NULL)
            continue; /* README, or a part */
        const char *own = arena_copy_n(c->a, slash + 1, strlen(slash + 1) - strlen(".md"));
        if (name != NULL && strcmp(own, name) != 0)
            continue;
        if (!letter_text_load(c->a, own,
                              arena_copy_n(c->a, language, (size_t)(slash - language)), &text,
                              c->why))
            return false;
        check_text(c, text);
        ++*met;
    }
    return true;
}

static bool check_draft(struct check *c)
{
    struct letter_text *text;

    if (!letter_text_read(c->a, c->r->draft, c->r->draft_language, &text, c->why))
        return false;
    check_text(c, text);
    return true;
}

static bool check_targets(struct check *c)
{
    size_t met = 0;

    if (c->r->draft != NULL)
        return check_draft(c);
    if (c->r->target_count == 0)
        return check_named(c, NULL, &met);
    for (size_t i = 0; i < c->r->target_count; i++) {
        const char *target = c->r->targets[i];
        met = 0;
        if (strpbrk(target, "/.") != NULL) {
            if (!check_file(c, target))
                return false;
            continue;
        }
        if (!check_named(c, target, &met))
            return false;
        if (met == 0)
            return fail(c->why, NOT_FOUND, "There is no letter \"%s\".", target);
    }
    return true;
}

static bool read_request(struct check *c)
{
    c->stage_given = c->r->stage != NULL;
    c->role_given = c->r->role != NULL;
    if (c->stage_given && !letter_stage_parse(c->r->stage, &c->stage))
        return fail(c->why, BAD_USAGE,
                    "\"%s\" is no stage: initial, later, validation or time_barred.",
                    c->r->stage);
    if (c->role_given && !actor_role_parse(c->r->role, &c->role))
        return fail(c->why, BAD_USAGE,
                    "\"%s\" is no role: first_party_creditor, third_party_collector or "
                    "debt_buyer.",
                    c->r->role);
    return true;
}

bool template_check(struct arena *a, const struct template_check_request *request,
                    struct template_findings *out, struct fault *why)
{
    struct check c = { .r = request, .out = out, .a = a, .why = why };

    *out = (struct template_findings){ 0 };
    if (!read_request(&c) || !rulepack_load_all(a, &c.rules, why))
        return false;
    c.saying = letter_saying_load(a, why);
    c.wording = c.saying != NULL ? letter_wording_load(a, why) : NULL;
    if (c.wording == NULL)
        return false;
    find_places(&c);
    return check_targets(&c);
}
