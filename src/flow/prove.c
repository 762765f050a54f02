#include "flow/prove.h"

#include "base/json.h"
#include "flow/book.h"
#include "flow/prove_parts.h"
#include "flow/replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *title, *noun;
} checks[] = {
#define X(code, name, title, noun) { name, title, noun },
    CHECKS(X)
#undef X
};

struct query prove_begin(struct proof *p, enum query_name name)
{
    struct query q = query_begin(p->store, name);

    bind_int(&q, p->bucket);
    return q;
}

void prove_find(struct proof *p, enum check check, const char *expected, const char *found,
                const char *where, ...)
{
    va_list args;

    p->faults[check]++;
    if (p->listed == FINDINGS_LISTED)
        return;
    va_start(args, where);
    const char *place = arena_vprint(&p->arena, where, args);
    va_end(args);
    p->findings[p->listed++] = (struct prove_finding){
        .check = check,
        .where = arena_print(&p->kept, "bucket %" PRId64 ", %s", p->bucket, place),
        .expected = arena_copy(&p->kept, expected),
        .found = arena_copy(&p->kept, found),
    };
}

static bool prove_bucket(struct proof *p)
{
    arena_reset(&p->arena);
    return prove_money(p) && prove_books(p) && prove_payments(p) && prove_steps(p) &&
           prove_faces(p) && prove_journal(p) && prove_outbox(p) && prove_casefiles(p) &&
           prove_tasks(p) && prove_complaints(p) && prove_reviews(p) && prove_publications(p);
}

static size_t fault_count(const struct proof *p)
{
    size_t count = 0;

    for (size_t check = 0; check < CHECK_COUNT; check++)
        count += (size_t)p->faults[check];
    return count;
}

static void finding_json(struct json_writer *w, const struct prove_finding *f)
{
    json_open(w, '{');
    json_text_at(w, "check", checks[f->check].name);
    json_text_at(w, "where", f->where);
    json_text_at(w, "expected", f->expected);
    json_text_at(w, "found", f->found);
    json_close(w, '}');
}

static void print_json(const struct proof *p, FILE *out)
{
    struct text text = { 0 };
    struct json_writer w = { &text, false };

    json_open(&w, '{');
    json_key(&w, "checked");
    json_open(&w, '{');
    for (size_t check = 0; check < CHECK_COUNT; check++)
        json_int_at(&w, checks[check].noun, p->counts[check]);
    json_close(&w, '}');
    json_key(&w, "findings");
    json_open(&w, '[');
    for (size_t i = 0; i < p->listed; i++)
        finding_json(&w, &p->findings[i]);
    json_close(&w, ']');
    if (fault_count(p) > p->listed)
        json_int_at(&w, "unlisted", (int64_t)(fault_count(p) - p->listed));
    json_close(&w, '}');
    fprintf(out, "%s\n", text_of(&text));
    text_free(&text);
}

/* The first of these that is set decides, as in every program of the system. */
static bool locale_is_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
                   strstr(value, "UTF8") != NULL || strstr(value, "utf-8") != NULL;
    }
    return false;
}

static void print_check(const struct proof *p, enum check check, bool utf8, FILE *out)
{
    bool fine = p->faults[check] == 0;
    const char *mark = fine ? utf8 ? "✓" : "ok" : utf8 ? "✗" : "x";

    fprintf(out, "%-*s %s  %" PRId64 " %s\n", utf8 ? (int)strlen(mark) : 2, mark,
            checks[check].title, p->counts[check], checks[check].noun);
    for (size_t i = 0; i < p->listed; i++) {
        const struct prove_finding *f = &p->findings[i];
        if (f->check == check)
            fprintf(out, "   %s: expected %s, found %s\n", f->where, f->expected, f->found);
    }
}

static void print_people(const struct proof *p, FILE *out)
{
    bool utf8 = locale_is_utf8();
    size_t count = fault_count(p);

    for (int check = 0; check < CHECK_COUNT; check++)
        print_check(p, (enum check)check, utf8, out);
    if (count > p->listed)
        fprintf(out, "%zu more differences are not listed.\n", count - p->listed);
    if (count == 0)
        fprintf(out, "The book is sound.\n");
    else
        fprintf(out, "%zu difference%s found.\n", count, count == 1 ? " was" : "s were");
}

/* Empty buckets are not walked; where head rows are missing, all are. */
static bool buckets_to_walk(struct proof *p, bool walk[BUCKETS])
{
    static const unsigned char nothing[32];
    int64_t heads = 0;
    struct query q = query_begin(p->store, Q_PROVE_BUCKETS);

    memset(walk, 0, BUCKETS * sizeof *walk);
    bind_blob(&q, nothing, sizeof nothing);
    while (query_next(&q)) {
        int64_t bucket = row_int(&q, 0);
        if (bucket >= 0 && bucket < BUCKETS)
            walk[bucket] = true;
    }
    if (!query_end(&q, p->why))
        return false;
    q = query_begin(p->store, Q_PROVE_HEAD_COUNT);
    if (query_next(&q))
        heads = row_int(&q, 0);
    if (heads != BUCKETS)
        memset(walk, true, BUCKETS * sizeof *walk);
    return query_end(&q, p->why);
}

static bool zone_read(struct proof *p)
{
    const char *name;

    if (!book_setting(p->store, &p->kept, "zone", &name, p->why))
        return false;
    p->zone = zone_find(name != NULL ? name : "UTC");
    return p->zone != NULL ||
           fail(p->why, DB_ROW, "The organisation's time zone \"%s\" is not known here.", name);
}

static bool last_read(struct proof *p)
{
    for (p->bucket = 0; p->bucket < BUCKETS; p->bucket++) {
        struct query q = prove_begin(p, Q_PROVE_LAST);
        if (query_next(&q) && row_int(&q, 0) > p->last_at.us)
            p->last_at.us = row_int(&q, 0);
        if (!query_end(&q, p->why))
            return false;
    }
    return true;
}

bool prove_book(struct store *s, FILE *out, bool json, size_t *findings, struct fault *why)
{
    struct proof *p = calloc(1, sizeof *p);
    struct replay replay = { .store = s };
    bool read = false;

    must(p != NULL);
    p->store = s;
    p->replay = &replay;
    p->why = why;
    *findings = 0;
    if (store_read_begin(s, why)) {
        bool walk[BUCKETS];
        read = zone_read(p) && last_read(p) && buckets_to_walk(p, walk);
        for (p->bucket = 0; read && p->bucket < BUCKETS; p->bucket++)
            read = !walk[p->bucket] || prove_bucket(p);
        store_read_end(s);
    }
    if (read) {
        *findings = fault_count(p);
        (json ? print_json : print_people)(p, out);
    }
    replay_free(&replay);
    arena_free(&p->arena);
    arena_free(&p->kept);
    free(p);
    return read;
}
