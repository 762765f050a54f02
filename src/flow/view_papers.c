/* The papers of one case file, and what was decided about it. */
#include "base/digest.h"
#include "base/sort.h"
#include "base/text.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"

/* ---- Papers ----------------------------------------------------------------------------- */

struct gathering {
    struct view *v;
    struct casefile_key key;
    struct papers *out;
    size_t room;
    struct fault *why;
};

static struct paper *paper_add(struct gathering *g, enum paper_kind kind, int64_t number,
                               struct instant at)
{
    struct paper *p = arena_push(&g->v->arena, g->out->all, g->out->count, g->room);

    *p = (struct paper){ .kind = kind, .number = number, .at = at };
    return p;
}

static bool messages_gather(struct gathering *g)
{
    struct query q = view_of_file(g->v, Q_FILE_PAPER_MESSAGES, g->key);

    bind_int(&q, PAPERS_SHOWN + 1);
    while (query_next(&q)) {
        struct paper *p = paper_add(g, PAPER_MESSAGE, row_int(&q, 0), view_instant(&q, 1));
        p->channel = view_text(g->v, &q, 2);
        p->state = view_text(g->v, &q, 3);
        p->origin = view_text(g->v, &q, 4); /* the text it was made of */
        p->name = view_text(g->v, &q, 5);
        p->length = row_int(&q, 6);
        p->is_pdf = text_equal(p->channel, "letter");
    }
    return query_end(&q, g->why);
}

static bool statements_gather(struct gathering *g)
{
    struct query q = view_of_file(g->v, Q_FILE_PAPER_STATEMENTS, g->key);

    bind_int(&q, PAPERS_SHOWN + 1);
    while (query_next(&q)) {
        struct paper *p = paper_add(g, PAPER_STATEMENT, row_int(&q, 0), view_instant(&q, 1));
        p->name = view_text(g->v, &q, 2);
        p->state = row_int(&q, 3) != 0 ? "replaced" : "stands";
        p->length = row_int(&q, 4);
        p->is_pdf = true;
    }
    return query_end(&q, g->why);
}

static bool evidence_gather(struct gathering *g)
{
    struct query q = view_of_file(g->v, Q_FILE_PAPER_EVIDENCE, g->key);

    bind_int(&q, PAPERS_SHOWN + 1);
    while (query_next(&q)) {
        struct paper *p = paper_add(g, PAPER_EVIDENCE, row_int(&q, 0), view_instant(&q, 1));
        p->origin = view_text(g->v, &q, 2);
        p->name = view_text(g->v, &q, 3);
        p->author = view_text(g->v, &q, 4);
        p->length = row_int(&q, 5);
    }
    return query_end(&q, g->why);
}

static int newest_first(const void *left, const void *right)
{
    const struct paper *a = left, *b = right;

    if (a->at.us != b->at.us)
        return a->at.us > b->at.us ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind > b->kind ? -1 : 1;
    return (b->number > a->number) - (b->number < a->number);
}

bool view_casefile_papers(struct view *v, const struct casefile_view *f, struct papers *out,
                          struct fault *why)
{
    struct gathering g = { .v = v, .key = f->casefile->key, .out = out, .why = why };

    *out = (struct papers){ 0 };
    if (!messages_gather(&g) || !statements_gather(&g) || !evidence_gather(&g))
        return false;
    sort_array(out->all, out->count, sizeof *out->all, newest_first);
    out->more = out->count > PAPERS_SHOWN;
    out->count = out->more ? PAPERS_SHOWN : out->count;
    return true;
}

bool view_paper(struct view *v, struct casefile_key key, enum paper_kind kind, int64_t number,
                const char **name, const unsigned char **bytes, size_t *length,
                struct fault *why)
{
    struct query q = view_of_file(
        v, kind == PAPER_STATEMENT ? Q_FILE_STATEMENT_BYTES : Q_FILE_EVIDENCE_BYTES, key);

    bind_int(&q, number);
    bool found = query_next(&q), whole = false;
    if (found) {
        const void *at = row_blob(&q, 0, length);
        *bytes = (const unsigned char *)arena_copy_n(&v->arena, at, *length);
        *name = view_text(v, &q, 1);
        char hex[DIGEST_HEX];
        whole = text_equal(row_text(&q, 2), digest_print(digest_of(at, *length), hex));
    }
    if (!query_end(&q, why))
        return false;
    if (found && !whole)
        return fail(
            why, DB_ROW,
            "This paper cannot be opened: what is kept is not what was taken in. Ask for "
            "it again before anything is decided by it.");
    return found || fail(why, NOT_FOUND, "There is no such paper here.");
}

/* ---- Decisions -------------------------------------------------------------------------- */

bool view_casefile_decisions(struct view *v, const struct casefile_view *f, int64_t before,
                             struct decisions *out, struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_DECISIONS, f->casefile->key);
    size_t room = 0;

    *out = (struct decisions){ 0 };
    bind_int(&q, before);
    bind_int(&q, DECISIONS_SHOWN + 1);
    while (query_next(&q)) {
        struct decision_row *d = arena_push(&v->arena, out->all, out->count, room);
        *d = (struct decision_row){ row_int(&q, 0), view_instant(&q, 1), view_text(v, &q, 2),
                                    view_text(v, &q, 3) };
    }
    out->more = out->count > DECISIONS_SHOWN;
    out->count -= out->more;
    return query_end(&q, why);
}
