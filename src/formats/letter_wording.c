#include "formats/letter_wording.h"

#include "base/text.h"
#include "domain/money.h"
#include "domain/validation.h"
#include "formats/yaml.h"

#include <ctype.h>
#include <string.h>

enum place_of_words { IN_TEXT, IN_SUBJECT, IN_ENVELOPE };
enum kind_of_check {
    CHECK_WORDS,
    CHECK_TYPED_AMOUNT,
    CHECK_UNKNOWN_VALUE,
    CHECK_AMOUNT,
    CHECK_SHOWS
};
static const char *const place_names[] = { "text", "subject", "envelope", NULL };
static const char *const check_names[] = { "words",  "typed_amount",  "unknown_value",
                                           "amount", "shows_wording", NULL };
static const char *const writer_names[] = { "anybody", "creditor", "collector", NULL };
static const char *const reader_names[] = { "anybody", "person", "business", NULL };

struct words_of_language {
    const char *language;
    struct yaml_texts words; /* folded */
};

struct wording_rule {
    const char *id, *cite, *reason, *unless;
    int in, from, to, check; /* places in the lists of names above */
    unsigned stages;         /* 0: all */
    size_t language_count;
    struct words_of_language *languages;
};

struct letter_wording {
    size_t count;
    struct wording_rule *rules;
    size_t currency_count;
    struct words_of_language *currency;
};

/* ---- stages ------------------------------------------------------------------------------ */

static const char *const stage_names[] = {
#define X(code, name) name,
    LETTER_STAGES(X)
#undef X
};

const char *letter_stage_name(enum letter_stage stage)
{
    return stage_names[stage];
}

bool letter_stage_parse(const char *name, enum letter_stage *out)
{
    for (int i = 0; i < LETTER_STAGE_COUNT; i++) {
        if (strcmp(name, stage_names[i]) == 0) {
            *out = (enum letter_stage)i;
            return true;
        }
    }
    return false;
}

static bool declares(const struct letter_text *text, const char *field)
{
    const char *const *says;
    size_t count = letter_text_says(text, &says);

    for (size_t i = 0; i < count; i++) {
        if (text_equal(says[i], field))
            return true;
    }
    return false;
}

unsigned letter_stages_of(const struct letter_text *text)
{
    const char *purpose = letter_text_purpose(text);

    if (text_equal(purpose, VALIDATION_NOTICE) || text_equal(purpose, "initial"))
        return 1u << STAGE_INITIAL;
    if (declares(text, "threatens_suit"))
        return 1u << STAGE_LATER;
    return 1u << STAGE_LATER | 1u << STAGE_TIME_BARRED;
}

/* ---- letters/wording.yaml ---------------------------------------------------------------- */

static int one_of(struct yaml_reader *r, const char *key, const char *const names[])
{
    const char *text = yaml_text_or(r, key, names[0]);

    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(text, names[i]) == 0)
            return i;
    }
    r->ok = yaml_fail(yaml_find(r->map, key), r->why, "\"%s\" is none of what \"%s\" may be",
                      text, key);
    return 0;
}

static void languages_read(struct yaml_reader *r, struct arena *a, const char *key,
                           struct words_of_language **out, size_t *count)
{
    const struct yaml *map = yaml_map_or(r, key);

    *count = 0;
    *out = arena_array(a, struct words_of_language, map != NULL ? map->count : 0);
    for (size_t i = 0; map != NULL && i < map->count && r->ok; i++) {
        struct yaml_reader m = yaml_read(map, r->why);
        struct yaml_texts words = yaml_texts(&m, a, map->keys[i]);
        const char **folded = arena_array(a, const char *, words.count);
        for (size_t k = 0; k < words.count; k++)
            folded[k] = text_fold(a, words.texts[k]);
        (*out)[(*count)++] =
            (struct words_of_language){ map->keys[i], { words.count, folded } };
        r->ok = m.ok;
    }
}

static void stages_read(struct yaml_reader *r, struct arena *a, unsigned *out)
{
    struct yaml_texts names = yaml_texts(r, a, "stages");
    enum letter_stage stage;

    for (size_t i = 0; i < names.count && r->ok; i++) {
        if (letter_stage_parse(names.texts[i], &stage))
            *out |= 1u << stage;
        else
            r->ok = yaml_fail(yaml_find(r->map, "stages"), r->why, "there is no stage \"%s\"",
                              names.texts[i]);
    }
}

static bool rule_read(struct arena *a, const struct yaml *map, struct wording_rule *out,
                      struct fault *why)
{
    struct yaml_reader r = yaml_read(map, why);

    yaml_only(&r, "id", "in", "from", "to", "stages", "unless", "check", "words", "cite",
              "reason", NULL);
    *out = (struct wording_rule){ .id = yaml_text(&r, "id"),
                                  .cite = yaml_text(&r, "cite"),
                                  .reason = yaml_text(&r, "reason"),
                                  .unless = yaml_text_or(&r, "unless", NULL) };
    out->in = one_of(&r, "in", place_names);
    out->from = one_of(&r, "from", writer_names);
    out->to = one_of(&r, "to", reader_names);
    out->check = one_of(&r, "check", check_names);
    stages_read(&r, a, &out->stages);
    languages_read(&r, a, "words", &out->languages, &out->language_count);
    if (r.ok && (out->check == CHECK_WORDS) != (out->language_count > 0))
        return yaml_fail(map, why, "a rule has words, or another check");
    return r.ok;
}

struct letter_wording *letter_wording_load(struct arena *a, struct fault *why)
{
    static const char path[] = "letters/wording.yaml";
    struct letter_wording *w = arena_make(a, struct letter_wording);
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    const struct yaml *top = yaml_parse(a, path, (const char *)file.bytes, file.length, why);
    if (top == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(top, why);
    yaml_only(&r, "rules", "currency_words", NULL);
    const struct yaml *rules = yaml_list(&r, "rules");
    languages_read(&r, a, "currency_words", &w->currency, &w->currency_count);
    if (!r.ok)
        return NULL;
    w->rules = arena_array(a, struct wording_rule, rules->count);
    for (; w->count < rules->count; w->count++) {
        if (!rule_read(a, rules->items[w->count], &w->rules[w->count], why))
            return NULL;
    }
    return w;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* How long the phrase is in the text, any blanks between its words; 0: it is not there. */
static size_t phrase_at(const char *text, const char *phrase)
{
    const char *at = text;

    for (; *phrase != '\0' && *phrase != '*'; phrase++) {
        if (*phrase != ' ') {
            if (*at++ != *phrase)
                return 0;
            continue;
        }
        if (!isspace((unsigned char)*at))
            return 0;
        while (isspace((unsigned char)*at))
            at++;
    }
    return *phrase == '*' || !is_letter(*at) ? (size_t)(at - text) : 0;
}

static const char *phrase_find(const char *text, const char *phrase)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || !is_letter(at[-1])) && phrase_at(at, phrase) > 0)
            return at;
    }
    return NULL;
}

static int lines_before(const char *text, const char *at)
{
    int lines = 0;

    for (; text < at; text++)
        lines += *text == '\n';
    return lines;
}

/* The words of the letter's language; one that is not listed is looked through for all. */
static bool is_for_language(const struct words_of_language *words, const char *language,
                            bool listed)
{
    return !listed || text_equal(words->language, language);
}

static bool is_listed(size_t count, const struct words_of_language *all, const char *language)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(all[i].language, language))
            return true;
    }
    return false;
}

/* ---- amounts ----------------------------------------------------------------------------- */

/* The length of the sign of a currency here: $ ¢ £ ¤ ¥, and U+20A0 to U+20CF. */
static size_t currency_sign(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    if (b[0] == '$')
        return 1;
    if (b[0] == 0xC2 && b[1] >= 0xA2 && b[1] <= 0xA5)
        return 2;
    if (b[0] == 0xE2 && ((b[1] == 0x82 && b[2] >= 0xA0) || (b[1] == 0x83 && b[2] <= 0x8F)))
        return 3;
    return 0;
}

/* Also those of Arabic. */
static bool is_digit(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return isdigit(b[0]) || (b[0] == 0xD9 && b[1] >= 0xA0 && b[1] <= 0xA9);
}

static bool digit_before(const char *text, const char *at)
{
    while (at > text && at[-1] == ' ')
        at--;
    return at > text && (isdigit((unsigned char)at[-1]) ||
                         (at - text > 1 && (unsigned char)at[-2] == 0xD9 && is_digit(at - 2)));
}

/* A value may follow the text, which is then an amount as well. */
static bool digit_after(const char *at)
{
    while (*at == ' ')
        at++;
    return *at == '\0' || is_digit(at);
}

/* "USD", or "dollars" in the language of the letter; 0: neither stands here. */
static size_t currency_name(const struct letter_wording *w, struct arena *a,
                            const char *language, const char *at)
{
    char code[4] = { 0 };

    strncpy(code, at, 3);
    if (strlen(code) == 3 && !is_letter(at[3]) && isupper((unsigned char)code[0]) &&
        isupper((unsigned char)code[1]) && isupper((unsigned char)code[2]) &&
        currency_parse(code) != CURRENCY_NONE)
        return 3;
    const char *folded = text_fold(a, arena_copy_n(a, at, strcspn(at, " \n.,;:!")));
    for (size_t i = 0; i < w->currency_count; i++) {
        if (!is_for_language(&w->currency[i], language, true))
            continue;
        for (size_t k = 0; k < w->currency[i].words.count; k++) {
            if (strcmp(folded, w->currency[i].words.texts[k]) == 0)
                return strcspn(at, " \n.,;:!");
        }
    }
    return 0;
}

static const char *amount_find(const struct letter_wording *w, struct arena *a,
                               const char *language, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        size_t sign = currency_sign(at), name = 0;
        if (sign > 0 && (digit_before(text, at) || digit_after(at + sign)))
            return at;
        if (sign == 0 && (at == text || !is_letter(at[-1])) && is_letter(*at))
            name = currency_name(w, a, language, at);
        if (name > 0 &&
            (digit_before(text, at) || (at[name] != '\0' && digit_after(at + name))))
            return at;
    }
    return NULL;
}

/* ---- one text ---------------------------------------------------------------------------- */

struct checking {
    const struct letter_wording *wording;
    const struct letter_saying *saying;
    const struct letter_text *text;
    struct arena *a;
    enum channel channel;
    enum letter_stage stage;
    void (*found)(void *self, const struct wording_finding *finding);
    void *self;
};

static void report_because(struct checking *c, const struct wording_rule *rule,
                           const char *reason, const char *file, int line, const char *what)
{
    struct wording_finding finding = { rule->id, rule->cite, reason, file, line, what };

    c->found(c->self, &finding);
}

static void report(struct checking *c, const struct wording_rule *rule, const char *file,
                   int line, const char *what)
{
    report_because(c, rule, rule->reason, file, line, what);
}

static bool rule_applies(const struct checking *c, const struct wording_rule *rule)
{
    bool collector = letter_text_is_from_collector(c->text);
    enum letter_reader reader = letter_text_reader(c->text);

    return (rule->from == 0 || (rule->from == 2) == collector) &&
           (rule->to == 0 || reader == LETTER_TO_ANYBODY ||
            (rule->to == 1) == (reader == LETTER_TO_PERSON)) &&
           (rule->stages == 0 || (rule->stages & 1u << c->stage) != 0) &&
           (rule->unless == NULL || !declares(c->text, rule->unless));
}

static void check_words(struct checking *c, const struct wording_rule *rule, const char *typed,
                        const char *file, int line)
{
    const char *language = letter_text_language(c->text), *folded = text_fold(c->a, typed);
    bool listed = is_listed(rule->language_count, rule->languages, language);

    for (size_t i = 0; i < rule->language_count; i++) {
        const struct words_of_language *words = &rule->languages[i];
        if (!is_for_language(words, language, listed))
            continue;
        for (size_t k = 0; k < words->words.count; k++) {
            const char *at = phrase_find(folded, words->words.texts[k]);
            if (at != NULL)
                report(c, rule, file, line + lines_before(folded, at), words->words.texts[k]);
        }
    }
}

static void check_typed(struct checking *c, const struct wording_rule *rule,
                        const struct letter_piece *p)
{
    if (rule->check == CHECK_WORDS)
        check_words(c, rule, p->text, p->file, p->line);
    if (rule->check != CHECK_TYPED_AMOUNT)
        return;
    const char *at = amount_find(c->wording, c->a, letter_text_language(c->text), p->text);
    if (at != NULL)
        report(c, rule, p->file, p->line + lines_before(p->text, at),
               arena_copy_n(c->a, at, strcspn(at, "\n") < 16 ? strcspn(at, "\n") : 16));
}

static void check_value(struct checking *c, const struct wording_rule *rule,
                        const struct letter_piece *p)
{
    bool unknown = rule->check == CHECK_UNKNOWN_VALUE && p->group == NULL;
    bool amount = rule->check == CHECK_AMOUNT && text_equal(p->group, "ledger");
    const char *near = unknown ? letter_saying_nearest(c->saying, p->text) : NULL;
    const char *reason =
        near == NULL ? rule->reason
                     : arena_print(c->a, "%s The nearest name is {{%s}}.", rule->reason, near);

    if (unknown || amount)
        report_because(c, rule, reason, p->file, p->line, arena_print(c->a, "{{%s}}", p->text));
}

/* A subject is looked at as such, where others see it, and as text like all the rest. */
static void check_piece(void *self, const struct letter_piece *p)
{
    struct checking *c = self;

    for (size_t i = 0; i < c->wording->count; i++) {
        const struct wording_rule *rule = &c->wording->rules[i];
        bool seen = p->in_subject && c->channel == CHANNEL_EMAIL;
        if (!rule_applies(c, rule) || rule->in == IN_ENVELOPE ||
            (rule->in == IN_SUBJECT && !seen))
            continue;
        if (p->kind == PIECE_TYPED)
            check_typed(c, rule, p);
        if (p->kind == PIECE_VALUE)
            check_value(c, rule, p);
    }
}

static void check_whole(struct checking *c, const struct letter_saying *saying,
                        const char *sender)
{
    struct letter_content content;

    letter_content_read(saying, c->a, c->text, c->channel, &content);
    for (size_t i = 0; i < c->wording->count; i++) {
        const struct wording_rule *rule = &c->wording->rules[i];
        if (!rule_applies(c, rule))
            continue;
        if (rule->check == CHECK_SHOWS && !content.shows_disclosures)
            report(c, rule, letter_text_path(c->text), 1, "");
        if (rule->in == IN_ENVELOPE && sender != NULL && c->channel == CHANNEL_LETTER)
            check_words(c, rule, sender, letter_text_path(c->text), 1);
    }
}

static void check_says(struct checking *c, const struct letter_saying *saying)
{
    const char *const *says;
    size_t count = letter_text_says(c->text, &says);

    for (size_t i = 0; i < c->wording->count; i++) {
        const struct wording_rule *rule = &c->wording->rules[i];
        for (size_t k = 0; rule->check == CHECK_UNKNOWN_VALUE && k < count; k++) {
            if (!letter_saying_declares(saying, says[k]))
                report(c, rule, letter_text_path(c->text), 1,
                       arena_print(c->a, "says: %s", says[k]));
        }
    }
}

void letter_wording_check(const struct letter_wording *wording,
                          const struct letter_saying *saying, struct arena *a,
                          const struct letter_text *text, enum channel channel,
                          enum letter_stage stage, const char *sender,
                          void (*found)(void *self, const struct wording_finding *finding),
                          void *self)
{
    struct checking c = { wording, saying, text, a, channel, stage, found, self };

    check_says(&c, saying);
    check_whole(&c, saying, sender);
    letter_pieces(saying, a, text, channel, check_piece, &c);
}
