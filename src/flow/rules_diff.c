#include "flow/rules_diff.h"

#include "base/text.h"
#include "flow/replay.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST_PACK = 4 * 1024 * 1024, FOLDERS_DEEP = 8 };

/* ---- Packs from files ------------------------------------------------------------------- */

struct paths {
    struct arena *a;
    const char **all;
    size_t count, room;
};

static bool is_folder(const char *path)
{
    struct stat seen;

    return stat(path, &seen) == 0 && S_ISDIR(seen.st_mode);
}

static void walk(struct paths *paths, const char *folder, int depth)
{
    DIR *dir = depth > 0 ? opendir(folder) : NULL;
    struct dirent *entry;

    if (dir == NULL)
        return;
    while ((entry = readdir(dir)) != NULL) {
        const char *path = arena_print(paths->a, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (is_folder(path))
            walk(paths, path, depth - 1);
        else if (text_ends(path, ".yaml"))
            *arena_push(paths->a, paths->all, paths->count, paths->room) = path;
    }
    closedir(dir);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool paths_find(struct paths *paths, const char *path, struct fault *why)
{
    const char *rules = arena_print(paths->a, "%s/rules", path);

    if (!is_folder(path)) {
        *arena_push(paths->a, paths->all, paths->count, paths->room) = path;
        return true;
    }
    walk(paths, is_folder(rules) ? rules : path, FOLDERS_DEEP);
    if (paths->count == 0)
        return fail(why, NOT_FOUND, "There is no pack (.yaml) in the folder \"%s\".", path);
    qsort(paths->all, paths->count, sizeof *paths->all, by_bytes);
    return true;
}

bool rules_diff_load(struct arena *a, const char *path, struct rulebook *out,
                     struct fault *why)
{
    struct paths paths = { .a = a };

    if (!paths_find(&paths, path, why))
        return false;
    const struct rule_pack **packs = arena_array(a, const struct rule_pack *, paths.count);
    for (size_t i = 0; i < paths.count; i++) {
        struct rulebook one;
        size_t length;
        char *bytes;
        if (!text_read_file(paths.all[i], LARGEST_PACK, a, &bytes, &length, why) ||
            !rulepack_parse(a, paths.all[i], bytes, length, &one, why))
            return false;
        packs[i] = one.packs[0];
    }
    return rulebook_of(a, paths.count, packs, out, why);
}

/* ---- Rules laid over those of a day ----------------------------------------------------- */

/* The rulebook of some verdicts, as it would have been. */
struct variant {
    struct variant *next;
    const struct rulebook *base; /* as stored */
    struct rulebook olds, news;
};

struct diffing {
    const struct rules_diff_request *r;
    struct store *store;
    struct arena *a;       /* of the answer */
    struct arena variants; /* of the rulebooks */
    struct variant *first;
    struct replay replay;
    struct verdict_changes *out;
    size_t room;
    struct fault *why;
};

/* Packs of `base`, each replaced by its namesake, without those gone; then those that join. */
static bool lay_over(struct diffing *d, const struct rulebook *base,
                     const struct rulebook *gone, const struct rulebook *over,
                     struct rulebook *out)
{
    const struct rule_pack **packs = arena_array(&d->variants, const struct rule_pack *,
                                                 base->pack_count + over->pack_count);
    size_t count = 0;

    for (size_t i = 0; i < base->pack_count; i++) {
        const char *name = rulepack_name(base->packs[i]);
        const struct rule_pack *namesake = rulepack_find(over, name);
        if (namesake != NULL)
            packs[count++] = namesake;
        else if (gone == NULL || rulepack_find(gone, name) == NULL)
            packs[count++] = base->packs[i];
    }
    for (size_t i = 0; i < over->pack_count; i++) {
        if (rulepack_find(base, rulepack_name(over->packs[i])) == NULL)
            packs[count++] = over->packs[i];
    }
    return rulebook_of(&d->variants, count, packs, out, d->why);
}

static struct variant *variant_of(struct diffing *d, const struct rulebook *base)
{
    const struct rules_diff_request *r = d->r;
    struct variant *v = d->first;

    while (v != NULL && v->base->digest != base->digest)
        v = v->next;
    if (v != NULL)
        return v;
    v = arena_make(&d->variants, struct variant);
    v->base = base;
    v->olds = *base;
    if (r->olds != NULL && !lay_over(d, base, NULL, r->olds, &v->olds))
        return NULL;
    if (!lay_over(d, base, r->olds, r->news, &v->news))
        return NULL;
    v->next = d->first;
    d->first = v;
    return v;
}

/* ---- One verdict ------------------------------------------------------------------------ */

static bool packs_have(struct gate_packs packs, const struct rule_pack *pack)
{
    for (size_t i = 0; i < packs.count; i++) {
        if (strcmp(rulepack_digest(packs.packs[i]), rulepack_digest(pack)) == 0)
            return true;
    }
    return false;
}

/* Equal texts give equal verdicts: only a pack that the other side lacks can change one. */
static bool may_differ(struct gate_packs olds, struct gate_packs news)
{
    bool same = olds.count == news.count;

    for (size_t i = 0; same && i < olds.count; i++)
        same = packs_have(news, olds.packs[i]) && packs_have(olds, news.packs[i]);
    return !same;
}

/* A finding in the other verdict that says the same; rules are found by their name. */
static bool is_said(const struct finding *f, const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *g = &verdict->findings[i];
        if (strcmp(rule_id(f->rule), rule_id(g->rule)) == 0 && f->ruling == g->ruling &&
            text_equal(f->unknown, g->unknown) &&
            (f->ruling != RULING_DEFER || f->until.us == g->until.us))
            return true;
    }
    return false;
}

static const char *says(const struct finding *f)
{
    return f->ruling == RULING_ALLOW ? " passes" : "";
}

/* What one verdict says and the other does not: first what blocks. */
static const char *rules_only_in(struct arena *a, const struct verdict *one,
                                 const struct verdict *other)
{
    const char *names = "";

    for (int ruling = RULING_DENY; ruling >= RULING_ALLOW; ruling--) {
        for (size_t i = 0; i < one->finding_count; i++) {
            const struct finding *f = &one->findings[i];
            if ((int)f->ruling == ruling && !is_said(f, other))
                names = arena_print(a, "%s%s%s%s", names, *names != '\0' ? ", " : "",
                                    rule_id(f->rule), says(f));
        }
    }
    return names;
}

static bool has_duty(const struct verdict *verdict, const struct duty *duty)
{
    for (size_t i = 0; i < verdict->duty_count; i++) {
        const struct duty *other = &verdict->duties[i];
        if (strcmp(rule_id(duty->rule), rule_id(other->rule)) == 0 &&
            text_equal(duty->what, other->what) && text_equal(duty->text, other->text) &&
            duty->due.number == other->due.number)
            return true;
    }
    return false;
}

/* Duties of a contact that is not made bind nobody. */
static size_t duties_of(const struct verdict *verdict)
{
    return verdict->ruling == RULING_ALLOW ? verdict->duty_count : 0;
}

static const char *duties_only_in(struct arena *a, const char *names,
                                  const struct verdict *one, const struct verdict *other)
{
    for (size_t i = 0; i < duties_of(one); i++) {
        const struct duty *duty = &one->duties[i];
        if (duties_of(other) == 0 || !has_duty(other, duty))
            names = arena_print(a, "%s%s%s duty %s", names, *names != '\0' ? ", " : "",
                                rule_id(duty->rule), duty->what);
    }
    return names;
}

static struct instant until_of(const struct verdict *verdict)
{
    return verdict->ruling == RULING_DEFER ? verdict->until : INSTANT_NEVER;
}

static void keep_change(struct diffing *d, struct query *row, int64_t bucket,
                        const struct gate_question *q, const struct verdict *before,
                        const struct verdict *after)
{
    struct arena *scratch = &d->replay.arena;
    const char *from =
        duties_only_in(scratch, rules_only_in(scratch, before, after), before, after);
    const char *to =
        duties_only_in(scratch, rules_only_in(scratch, after, before), after, before);
    bool moved =
        before->ruling != after->ruling || until_of(before).us != until_of(after).us;

    if (!moved && *from == '\0' && *to == '\0')
        return;
    d->out->moved += moved;
    *arena_push(d->a, d->out->all, d->out->count, d->room) =
        (struct verdict_change){ .bucket = bucket,
                                 .seq = row_int(row, 0),
                                 .account = row_copy(row, 1, d->a),
                                 .kind = row_copy(row, 2, d->a),
                                 .at = q->at,
                                 .channel = q->channel,
                                 .before = before->ruling,
                                 .after = after->ruling,
                                 .before_until = until_of(before),
                                 .after_until = until_of(after),
                                 .before_rules = arena_copy(d->a, from),
                                 .after_rules = arena_copy(d->a, to) };
}

static bool diff_one(struct diffing *d, struct query *row, int64_t bucket)
{
    struct arena *scratch = &d->replay.arena;
    struct verdict before, after;
    struct replayed stored;

    d->out->verdicts++;
    if (!replay_prepare(&d->replay, row_text(row, 3), row_text(row, 4), &stored, d->why))
        return false;
    if (stored.problem != NULL) {
        d->out->unreadable++;
        return true;
    }
    struct variant *v = variant_of(d, stored.rulebook);
    if (v == NULL)
        return false;
    struct gate_packs olds = replay_choose(scratch, &v->olds, &stored.question);
    struct gate_packs news = replay_choose(scratch, &v->news, &stored.question);
    if (!may_differ(olds, news))
        return true;
    d->out->asked++;
    gate_judge(olds, &stored.question, &before);
    gate_judge(news, &stored.question, &after);
    keep_change(d, row, bucket, &stored.question, &before, &after);
    return true;
}

/* ---- All of them ------------------------------------------------------------------------ */

/* One page of records behind `*seq`; *seq is moved on, and stays at the end. */
static bool diff_page(struct diffing *d, int64_t bucket, int64_t *seq)
{
    struct query q = query_begin(d->store, Q_VERDICTS_STORED);
    bool fine = true;

    bind_int(&q, bucket);
    bind_int(&q, *seq);
    while (fine && query_next(&q)) {
        *seq = row_int(&q, 0);
        fine = diff_one(d, &q, bucket);
    }
    return query_end(&q, fine ? d->why : NULL) && fine;
}

static bool diff_book(struct diffing *d)
{
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        int64_t seq = 0, before;
        do {
            before = seq;
            if (!diff_page(d, bucket, &seq))
                return false;
        } while (seq > before);
    }
    return true;
}

bool rules_diff(const struct rules_diff_request *request, struct arena *a,
                struct verdict_changes *out, struct fault *why)
{
    struct diffing d = { .r = request, .a = a, .out = out, .why = why };
    bool done = false;

    *out = (struct verdict_changes){ 0 };
    d.store = d.replay.store = store_open(request->url, STORE_READ, why);
    if (d.store == NULL)
        return false;
    if (store_read_begin(d.store, why)) {
        done = diff_book(&d);
        store_read_end(d.store);
    }
    store_close(d.store);
    replay_free(&d.replay);
    arena_free(&d.variants);
    return done;
}
