#include "flow/review.h"

#include "base/digest.h"
#include "base/sort.h"
#include "flow/book_parts.h"
#include "flow/user.h"
#include "flow/view_parts.h"

#include <jansson.h>
#include <string.h>

bool review_list(struct store *s, struct arena *a, int64_t sample, struct review **out,
                 size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_REVIEW_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, sample);
    while (query_next(&q)) {
        struct review *r = arena_push(a, *out, *count, room);
        *r = (struct review){ .item = row_int(&q, 0),
                              .bucket = row_int(&q, 1),
                              .seq = row_int(&q, 2),
                              .casefile = row_int(&q, 3),
                              .actor = row_copy(&q, 4, a),
                              .rule = row_copy(&q, 5, a),
                              .done = text_equal(row_text(&q, 6), "done"),
                              .sheet = row_copy(&q, 7, a),
                              .answers = row_copy(&q, 8, a),
                              .note = row_copy(&q, 9, a),
                              .by = row_int(&q, 10),
                              .at = { row_int(&q, 11) } };
    }
    return query_end(&q, why);
}

/* ---- Saving ---- */

static bool find(struct book *b, const struct review_input *in, struct review *out,
                 struct fault *why)
{
    struct review *all;
    size_t count;

    if (!review_list(b->store, &b->arena, in->sample, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].item == in->item) {
            *out = all[i];
            return true;
        }
    }
    return fail(why, NOT_FOUND, "Sample %lld has no record %lld.", (long long)in->sample,
                (long long)in->item);
}

static bool answers_check(const struct review_sheet *sheet, const struct review_input *in,
                          struct fault *why)
{
    size_t length = strlen(in->answers);

    for (size_t i = 0; i < sheet->count; i++) {
        if (i >= length || strchr("yn-", in->answers[i]) == NULL)
            return fail(why, BAD_VALUE, "Answer question %zu, too: %s", i + 1,
                        sheet->questions[i].text);
    }
    if (length != sheet->count)
        return fail(why, BAD_VALUE, "There are more answers than questions.");
    return in->note == NULL || strlen(in->note) <= REVIEW_NOTE_MOST ||
           fail(why, BAD_VALUE, "A note has at most %d characters.", REVIEW_NOTE_MOST);
}

static bool may_review(const struct review *r, const struct reviewer *by, struct fault *why)
{
    if (r->actor != NULL && text_equal(r->actor, by->email))
        return fail(why, NOT_ALLOWED, "You did this yourself: somebody else reviews it.");
    return !r->done || r->by == by->number ||
           fail(why, CONFLICT,
                "Somebody else has reviewed this meanwhile. Their answers stand.");
}

static bool record_add(struct book *b, const struct review *r, const struct review_sheet *sheet,
                       const struct reviewer *by, const struct review_input *in,
                       struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char hex[DIGEST_HEX];

    json_int_at(&w, "sample", in->sample);
    json_int_at(&w, "item", in->item);
    json_text_at(&w, "change", r->done ? "changed" : "saved");
    json_text_at(
        &w, "record",
        arena_print(&b->arena, "D-%lld.%lld", (long long)r->bucket, (long long)r->seq));
    json_text_at(&w, "sheet", sheet->digest);
    json_text_at(&w, "answers", in->answers);
    if (in->note != NULL)
        json_text_at(&w, "digest", digest_print(digest_of(in->note, strlen(in->note)), hex));
    json_int_at(&w, "user", by->number);
    return book_record_end(b, &w, (struct casefile_key){ 0, 0 }, "review", why);
}

bool review_save(struct book *b, const struct review_sheet *sheet, const struct reviewer *by,
                 const struct review_input *in, enum change *change, struct fault *why)
{
    struct review r = { 0 };

    *change = CHANGE_NONE;
    if (!answers_check(sheet, in, why) || !head_open(b->heads, 0, why) ||
        !find(b, in, &r, why) || !may_review(&r, by, why))
        return false;
    if (r.done && text_equal(r.answers, in->answers) && text_equal(r.note, in->note) &&
        text_equal(r.sheet, sheet->digest))
        return true;
    struct query q = query_begin(b->store, Q_REVIEW_SAVE);
    bind_text(&q, sheet->digest);
    bind_text(&q, in->answers);
    bind_text(&q, in->note);
    bind_int(&q, by->number);
    bind_int(&q, b->now.us);
    bind_int(&q, in->sample);
    bind_int(&q, in->item);
    *change = r.done ? CHANGE_UPDATED : CHANGE_ADDED;
    return query_run(&q, why) && record_add(b, &r, sheet, by, in, why);
}

/* ---- What was found ---- */

struct counting {
    struct view *v;
    struct review_results *out;
    size_t rule_room, actor_room;
};

static void tally(struct arena *a, struct review_tally **list, size_t *count, size_t *room,
                  const char *key, bool passed)
{
    size_t i = 0;

    key = key != NULL ? key : "";
    while (i < *count && strcmp((*list)[i].key, key) != 0)
        i++;
    if (i == *count)
        *arena_push(a, *list, *count, *room) =
            (struct review_tally){ .key = arena_copy(a, key) };
    (*list)[i].reviewed++;
    (*list)[i].passed += passed;
}

static void answers_count(struct counting *c, const struct review_sheet *sheet,
                          const char *answers, const char *rule, const char *actor)
{
    struct review_results *out = c->out;
    bool passed = strchr(answers, 'n') == NULL;

    out->reviewed++;
    out->passed += passed;
    for (size_t i = 0; i < sheet->count && answers[i] != '\0'; i++) {
        out->yes[i] += answers[i] == 'y';
        out->no[i] += answers[i] == 'n';
        out->none[i] += answers[i] == '-';
    }
    tally(&c->v->arena, &out->rules, &out->rule_count, &c->rule_room, rule, passed);
    tally(&c->v->arena, &out->actors, &out->actor_count, &c->actor_room, actor, passed);
}

static int by_count(const void *left, const void *right)
{
    const struct review_tally *a = left, *b = right;

    if (a->reviewed != b->reviewed)
        return a->reviewed > b->reviewed ? -1 : 1;
    return strcmp(a->key, b->key);
}

/* Whoever sees some clients only sees what was found of theirs. */
static bool is_seen(struct view *v, int64_t bucket, int64_t casefile, bool *seen,
                    struct fault *why)
{
    *seen = v->clients == NULL && v->desks == NULL;
    if (*seen)
        return true;
    struct query q = query_begin(v->store, Q_LOG_CASEFILE);
    bind_int(&q, bucket);
    bind_int(&q, casefile);
    *seen = query_next(&q) && user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2));
    return query_end(&q, why);
}

bool review_found(struct view *v, const struct review_sheet *sheet, struct instant from,
                  struct review_results *out, struct fault *why)
{
    struct counting c = { .v = v, .out = out };
    struct query q = query_begin(v->store, Q_REVIEW_FOUND);
    int64_t read = 0;
    bool done = true, seen;

    *out = (struct review_results){ 0 };
    bind_int(&q, from.us);
    bind_int(&q, REVIEWS_COUNTED);
    while (done && query_next(&q)) {
        read++;
        done = is_seen(v, row_int(&q, 4), row_int(&q, 5), &seen, why);
        if (!done || !seen)
            continue;
        if (text_equal(row_text(&q, 2), sheet->digest))
            answers_count(&c, sheet, row_text(&q, 3), row_text(&q, 0), row_text(&q, 1));
        else
            out->older++;
    }
    out->at_least = read == REVIEWS_COUNTED;
    sort_array(out->rules, out->rule_count, sizeof *out->rules, by_count);
    sort_array(out->actors, out->actor_count, sizeof *out->actors, by_count);
    return query_end(&q, done ? why : NULL) && done;
}

/* ---- As a file ---- */

/* Whole per cent; nothing where there is too little to compare. */
static void share_cell(struct table *t, int64_t part, int64_t whole)
{
    table_text(
        t, whole < REVIEWS_COMPARED_LEAST
               ? NULL
               : arena_print(t->arena, "%lld", (long long)((part * 100 + whole / 2) / whole)));
}

static void tallies_put(struct table *t, const char *by, const struct review_tally *all,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        table_text(t, by);
        table_text(t, all[i].key[0] != '\0' ? all[i].key : "none");
        table_count(t, all[i].reviewed);
        table_count(t, all[i].passed);
        table_count(t, all[i].reviewed - all[i].passed);
        table_count(t, 0);
        share_cell(t, all[i].passed, all[i].reviewed);
    }
}

void review_results_sheet(const struct review_results *r, const struct review_sheet *sheet,
                          struct sheet *out)
{
    static const struct table_column columns[] = {
        { "by", "By", CELL_TEXT },
        { "key", "What", CELL_TEXT },
        { "counted", "Counted", CELL_COUNT },
        { "yes", "Passed", CELL_COUNT },
        { "no", "Failed", CELL_COUNT },
        { "not_applicable", "Does not apply", CELL_COUNT },
        { "share", "Passed, %", CELL_TEXT },
    };
    struct table *t = sheet_table(out, "reviews", "No reviews.", COUNT(columns), columns);

    for (size_t i = 0; i < sheet->count; i++) {
        table_text(t, "question");
        table_text(t, sheet->questions[i].name);
        table_count(t, r->yes[i] + r->no[i]);
        table_count(t, r->yes[i]);
        table_count(t, r->no[i]);
        table_count(t, r->none[i]);
        share_cell(t, r->yes[i], r->yes[i] + r->no[i]);
    }
    tallies_put(t, "rule", r->rules, r->rule_count);
    tallies_put(t, "agent", r->actors, r->actor_count);
}

/* ---- What it was about ---- */

bool review_contact(struct view *v, const struct audited *a, struct reviewed_contact *out,
                    struct fault *why)
{
    json_t *record = text_equal(a->kind, "contact") ? json_loads(a->record, 0, NULL) : NULL;
    const char *text = json_string_value(json_object_get(record, "at"));
    bool dated = text != NULL && instant_parse(text, &out->at);

    json_decref(record);
    out->found = false;
    if (!dated)
        return true;
    struct query q = query_begin(v->store, Q_SAMPLE_CONTACT);
    bind_int(&q, a->bucket);
    bind_int(&q, a->casefile);
    bind_int(&q, out->at.us);
    if (query_next(&q)) {
        out->found = true;
        out->note = row_copy(&q, 0, &v->arena);
        out->incoming = row_int(&q, 1) != 0;
        out->outcome = view_text(v, &q, 2);
    }
    return query_end(&q, why);
}
