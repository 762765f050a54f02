#include "flow/verdict_record.h"

#include "formats/question.h"

#include <string.h>

static void until_at(struct json_writer *w, struct instant until)
{
    char text[INSTANT_TEXT];

    if (until.us != INSTANT_NEVER.us)
        json_text_at(w, "until", instant_print(until, text));
}

static void write_finding(struct json_writer *w, const struct finding *f)
{
    json_open(w, '{');
    json_text_at(w, "rule", rule_id(f->rule));
    json_text_at(w, "ruling", ruling_name(f->ruling));
    if (f->ruling != RULING_ALLOW)
        json_text_at(w, "cite", rule_cite_first(f->rule));
    if (f->ruling == RULING_DEFER)
        until_at(w, f->until);
    if (f->unknown != NULL)
        json_text_at(w, "unknown", f->unknown);
    json_close(w, '}');
}

static void write_duties(struct json_writer *w, const struct verdict *v)
{
    char day[DAY_TEXT];

    json_key(w, "duties");
    json_open(w, '[');
    for (size_t i = 0; i < v->duty_count; i++) {
        const struct duty *duty = &v->duties[i];
        json_open(w, '{');
        json_text_at(w, "rule", rule_id(duty->rule));
        json_text_at(w, duty->text == NULL ? "notice" : "wording", duty->what);
        if (duty->text == NULL)
            json_text_at(w, "due", day_print(duty->due, day));
        json_close(w, '}');
    }
    json_close(w, ']');
}

void verdict_write(struct json_writer *w, const struct verdict *v)
{
    json_open(w, '{');
    json_text_at(w, "ruling", ruling_name(v->ruling));
    if (v->ruling == RULING_DEFER)
        until_at(w, v->until);
    json_key(w, "findings");
    json_open(w, '[');
    for (size_t i = 0; i < v->finding_count; i++)
        write_finding(w, &v->findings[i]);
    json_close(w, ']');
    if (v->ruling == RULING_ALLOW && v->duty_count > 0)
        write_duties(w, v);
    json_close(w, '}');
}

void judged_write(struct json_writer *w, const struct judged *judged, struct text *question)
{
    char hex[DIGEST_HEX];

    text_clear(question);
    question_print(judged->question, question);
    json_text_at(w, "facts", digest_print(digest_of(question->bytes, question->length), hex));
    json_text_at(w, "rulebook", judged->rulebook->digest);
    json_key(w, "packs");
    json_open(w, '[');
    for (size_t i = 0; i < judged->packs.count; i++)
        json_text(w, rulepack_name(judged->packs.packs[i]));
    json_close(w, ']');
    json_key(w, "verdict");
    verdict_write(w, judged->verdict);
}

/* A key in quotes never stands inside a text of JSON: there its quotes have strokes before them. */
static const char *behind(const char *at, const char *words)
{
    const char *found = at == NULL ? NULL : strstr(at, words);

    return found == NULL ? NULL : found + strlen(words);
}

static bool digest_take(const char *at, char out[DIGEST_HEX])
{
    if (at == NULL || strspn(at, "0123456789abcdef") != DIGEST_HEX - 1)
        return false;
    memcpy(out, at, DIGEST_HEX - 1);
    out[DIGEST_HEX - 1] = '\0';
    return true;
}

bool record_has_verdict(const char *record)
{
    return behind(record, "\"verdict\":") != NULL;
}

bool judged_find(const char *record, struct judged_words *out)
{
    const char *facts = behind(record, ",\"facts\":\"");
    const char *rulebook = behind(facts, "\",\"rulebook\":\"");
    const char *packs = behind(rulebook, "\",\"packs\":[");
    const char *verdict = behind(packs, "],\"verdict\":");

    if (verdict == NULL || !digest_take(facts, out->facts) ||
        !digest_take(rulebook, out->rulebook) || record[strlen(record) - 1] != '}')
        return false;
    out->grounds = rulebook;
    out->grounds_length = (size_t)(verdict - rulebook);
    out->packs = packs;
    out->packs_length = (size_t)(verdict - packs) - strlen("],\"verdict\":");
    out->verdict = verdict;
    out->verdict_length = strlen(verdict) - 1; /* the record ends behind it */
    return true;
}
