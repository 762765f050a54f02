#include "flow/audit_log.h"

#include "base/text.h"
#include "domain/rule.h"
#include "flow/user.h"
#include "flow/view_parts.h"
#include "formats/rulepack.h"
#include "store/casefiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_ROWS_FIRST = 60, STREAM_ROWS = 480, STREAMS_MOST = 5 + 200 };

/* One index walked from newer to older. */
struct stream {
    enum query_name query;
    const char *key;
    struct casefile_key casefile;
    struct log_place place; /* of the last row that was read */
    struct log_row *rows;
    size_t count, next, asked; /* asked: rows of the last reading; more each time */
    bool dry;
};

struct listing {
    struct view *v;
    const struct log_request *r;
    size_t stream_count, looked;
    struct stream streams[STREAMS_MOST];
    struct casefile_key known; /* whose names these are */
    const char *reference, *name, *creditor, *desk;
    struct fault *why;
};

bool log_number_parse(const char *text, int64_t *bucket, int64_t *seq)
{
    int end = 0;
    long long left, right;

    if (text_starts(text, "D-") || text_starts(text, "d-"))
        text += 2;
    if (strspn(text, "0123456789.") != strlen(text) || strlen(text) > 30 ||
        sscanf(text, "%lld.%lld%n", &left, &right, &end) != 2 || text[end] != '\0')
        return false;
    *bucket = left;
    *seq = right;
    return left < BUCKETS && right > 0;
}

/* ---- Rules ------------------------------------------------------------------------------ */

bool log_rule_holds(const struct view *v, const char *id)
{
    const struct rule *rule = text_is_empty(id) ? NULL : view_rule(v, id);

    return rule != NULL && (rule->shape == SHAPE_HOLD || rule->shape == SHAPE_DISPUTE ||
                            rule->shape == SHAPE_BANKRUPTCY);
}

static bool is_of_pack(const struct view *v, const char *rule, const char *pack)
{
    const struct rule_pack *found = rulepack_find(v->policy->rulebook, pack);

    for (size_t i = 0; found != NULL && i < rulepack_rule_count(found); i++) {
        if (text_equal(rule_id(rulepack_rule(found, i)), rule))
            return true;
    }
    return false;
}

/* ---- Streams ---------------------------------------------------------------------------- */

static struct log_place newest(void)
{
    return (struct log_place){ INSTANT_NEVER, BUCKETS, INT64_MAX };
}

static struct log_place first_place(const struct log_request *r)
{
    struct log_place end = { r->to, -1, 0 };

    if (r->before.seq != 0 && r->before.at.us < r->to.us)
        return r->before;
    return r->to.us >= INSTANT_NEVER.us ? newest() : end;
}

static void stream_add(struct listing *l, enum query_name query, const char *key)
{
    if (l->stream_count < STREAMS_MOST)
        l->streams[l->stream_count++] =
            (struct stream){ .query = query, .key = key, .place = first_place(l->r) };
}

static void row_read(struct view *v, struct query *q, struct log_row *row)
{
    *row = (struct log_row){ .at = view_instant(q, 0),
                             .bucket = row_int(q, 1),
                             .seq = row_int(q, 2),
                             .kind = view_text(v, q, 3),
                             .casefile = row_int(q, 4),
                             .outcome = view_text(v, q, 5),
                             .channel = view_text(v, q, 6),
                             .rule = view_text(v, q, 7),
                             .actor = view_text(v, q, 8) };
}

static bool stream_fill(struct listing *l, struct stream *s)
{
    struct query q = query_begin(l->v->store, s->query);
    bool of_casefile = s->query == Q_LOG_BY_CASEFILE;

    s->asked = s->asked == 0 ? STREAM_ROWS_FIRST : s->asked < STREAM_ROWS ? s->asked * 2 : s->asked;
    s->rows = arena_array(&l->v->arena, struct log_row, s->asked);
    if (of_casefile)
        bind_int(&q, s->casefile.id);
    else
        bind_text(&q, s->key);
    bind_int(&q, l->r->from.us);
    bind_int(&q, s->place.at.us);
    bind_int(&q, s->place.bucket);
    bind_int(&q, s->place.seq);
    if (of_casefile)
        bind_int(&q, s->casefile.bucket);
    bind_int(&q, (int64_t)s->asked);
    for (s->count = s->next = 0; query_next(&q); s->count++)
        row_read(l->v, &q, &s->rows[s->count]);
    s->dry = s->count < s->asked;
    if (s->count > 0) {
        const struct log_row *last = &s->rows[s->count - 1];
        s->place = (struct log_place){ last->at, last->bucket, last->seq };
    }
    return query_end(&q, l->why);
}

static bool is_newer(const struct log_row *a, const struct log_row *b)
{
    if (a->at.us != b->at.us)
        return a->at.us > b->at.us;
    return a->bucket != b->bucket ? a->bucket > b->bucket : a->seq > b->seq;
}

/* The newest row of all streams; *row is NULL when there is none left. */
static bool next_row(struct listing *l, struct log_row **row)
{
    struct stream *chosen = NULL;

    *row = NULL;
    for (size_t i = 0; i < l->stream_count; i++) {
        struct stream *s = &l->streams[i];
        if (s->next == s->count && !s->dry && !stream_fill(l, s))
            return false;
        if (s->next < s->count &&
            (chosen == NULL || is_newer(&s->rows[s->next], &chosen->rows[chosen->next])))
            chosen = s;
    }
    if (chosen != NULL)
        *row = &chosen->rows[chosen->next++];
    return true;
}

/* ---- Which ------------------------------------------------------------------------------ */

static bool actors_add(struct listing *l)
{
    struct query q = query_begin(l->v->store, Q_LOG_ACTORS);

    bind_int(&q, STREAMS_MOST);
    while (query_next(&q))
        stream_add(l, Q_LOG_BY_ACTOR, view_text(l->v, &q, 0));
    return query_end(&q, l->why);
}

static bool account_add(struct listing *l)
{
    struct fault near = { 0 }; /* names accounts that are near: not for everybody's eyes */

    stream_add(l, Q_LOG_BY_CASEFILE, NULL);
    if (casefile_find(l->v->store, l->r->account, &l->streams[0].casefile, &near))
        return true;
    if (near.code == NOT_FOUND)
        return fail(l->why, NOT_FOUND, "There is no account \"%s\".", l->r->account);
    *l->why = near;
    return false;
}

static void outcomes_add(struct listing *l)
{
    static const char *const all[] = { "allowed", "moved", "blocked", "held", "" };
    const char *wanted = l->r->outcome;

    for (size_t i = 0; i < COUNT(all); i++) {
        bool is_none = all[i][0] == '\0';
        bool fits = text_is_empty(wanted) ? !is_none || l->r->view == LOG_RECORDS
                                          : text_equal(wanted, all[i]);
        if (fits || (text_equal(wanted, "held") && text_equal(all[i], "blocked")))
            stream_add(l, Q_LOG_BY_OUTCOME, all[i]);
    }
}

/* The narrowest index that there is for what is asked. */
static bool streams_open(struct listing *l)
{
    const struct log_request *r = l->r;

    if (!text_is_empty(r->account))
        return account_add(l);
    if (!text_is_empty(r->actor))
        stream_add(l, Q_LOG_BY_ACTOR, r->actor);
    else if (!text_is_empty(r->rule))
        stream_add(l, Q_LOG_BY_RULE, r->rule);
    else if (r->view == LOG_PEOPLE)
        return actors_add(l);
    else
        outcomes_add(l);
    return true;
}

static bool equal_or_any(const char *wanted, const char *is)
{
    return text_is_empty(wanted) || strcmp(wanted, is) == 0;
}

static bool outcome_fits(const struct listing *l, const struct log_row *row)
{
    const char *wanted = l->r->outcome;

    if (text_is_empty(wanted))
        return l->r->view != LOG_DECISIONS || row->outcome[0] != '\0';
    bool holds = text_equal(row->outcome, "blocked") && log_rule_holds(l->v, row->rule);
    return strcmp(wanted, holds ? "held" : row->outcome) == 0;
}

static bool row_fits(const struct listing *l, const struct log_row *row)
{
    const struct log_request *r = l->r;

    return outcome_fits(l, row) && equal_or_any(r->channel, row->channel) &&
           equal_or_any(r->rule, row->rule) && equal_or_any(r->kind, row->kind) &&
           equal_or_any(r->actor, row->actor) &&
           (r->view != LOG_PEOPLE || row->actor[0] != '\0') &&
           (text_is_empty(r->pack) || is_of_pack(l->v, row->rule, r->pack));
}

static bool casefile_read(struct listing *l, const struct log_row *row, bool *found)
{
    struct view *v = l->v;

    *found = l->reference != NULL;
    if (l->reference != NULL && l->known.bucket == row->bucket && l->known.id == row->casefile)
        return true;
    struct query q = query_begin(v->store, Q_LOG_CASEFILE);
    bind_int(&q, row->bucket);
    bind_int(&q, row->casefile);
    *found = query_next(&q);
    l->looked += 3;
    l->known = (struct casefile_key){ row->bucket, row->casefile };
    l->reference = *found ? view_text(v, &q, 0) : NULL;
    l->creditor = *found ? view_text(v, &q, 1) : NULL;
    l->desk = *found ? view_text(v, &q, 2) : NULL;
    l->name = *found ? view_text(v, &q, 3) : NULL;
    return query_end(&q, l->why);
}

/* Fills in whose it is; *seen: they may see it. */
static bool row_name(struct listing *l, struct log_row *row, bool *seen)
{
    const struct view *v = l->v;
    bool found = false;

    row->reference = row->name = row->creditor = "";
    *seen = v->clients == NULL && v->desks == NULL;
    if (row->casefile != 0 && !casefile_read(l, row, &found))
        return false;
    if (!found)
        return true;
    row->reference = l->reference;
    row->name = l->name;
    row->creditor = l->creditor;
    *seen = user_sees(v->clients, v->desks, l->creditor, l->desk);
    return true;
}

/* ---- The page --------------------------------------------------------------------------- */

/* Looks until the page is full and one more is found, or for long enough. */
static bool rows_gather(struct listing *l, struct log_page *out)
{
    size_t room = 0;
    struct log_row *row;

    while (l->looked < LOG_LOOKED) {
        bool seen = false;
        if (!next_row(l, &row))
            return false;
        if (row == NULL)
            return true;
        l->looked++;
        if (row_fits(l, row) && !row_name(l, row, &seen))
            return false;
        seen = seen && equal_or_any(l->r->client, row->creditor);
        if (seen && out->count == l->r->most) {
            out->more = true;
            return true;
        }
        out->last = (struct log_place){ row->at, row->bucket, row->seq };
        if (seen)
            *arena_push(&l->v->arena, out->rows, out->count, room) = *row;
    }
    out->stopped = true;
    return true;
}

static bool records_read(struct listing *l, struct log_page *out)
{
    for (size_t i = 0; i < out->count; i++) {
        struct query q = query_begin(l->v->store, Q_LOG_RECORD);
        bind_int(&q, out->rows[i].bucket);
        bind_int(&q, out->rows[i].seq);
        out->rows[i].record = query_next(&q) ? view_text(l->v, &q, 0) : "{}";
        if (!query_end(&q, l->why))
            return false;
    }
    return true;
}

/* An account that they may not see is as if it were not there. */
static bool account_known(struct listing *l)
{
    struct log_row row = { 0 };
    bool seen = true;

    if (!text_is_empty(l->r->account)) {
        row.bucket = l->streams[0].casefile.bucket;
        row.casefile = l->streams[0].casefile.id;
        if (!row_name(l, &row, &seen))
            return false;
    }
    return seen || fail(l->why, NOT_FOUND, "There is no account \"%s\".", l->r->account);
}

bool log_list(struct view *v, const struct log_request *request, struct log_page *out,
              struct fault *why)
{
    struct listing *l = arena_make(&v->arena, struct listing);

    must(request->most <= LOG_ROWS_MOST);
    *out = (struct log_page){ 0 };
    l->v = v;
    l->r = request;
    l->why = why;
    return streams_open(l) && account_known(l) && rows_gather(l, out) && records_read(l, out);
}

/* ---- How a period went ------------------------------------------------------------------ */

static struct log_reason *reason_of(struct view *v, struct log_totals *out, size_t *room,
                                    const char *rule)
{
    for (size_t i = 0; i < out->reason_count; i++) {
        if (strcmp(out->reasons[i].rule, rule) == 0)
            return &out->reasons[i];
    }
    struct log_reason *made = arena_push(&v->arena, out->reasons, out->reason_count, *room);
    *made = (struct log_reason){ .rule = arena_copy(&v->arena, rule) };
    return made;
}

static void count_add(struct view *v, struct log_totals *out, size_t *room, const char *outcome,
                      const char *rule, int64_t count)
{
    if (strcmp(outcome, "allowed") == 0) {
        out->allowed += count;
        return;
    }
    bool moved = strcmp(outcome, "moved") == 0;
    bool held = !moved && (strcmp(outcome, "held") == 0 || log_rule_holds(v, rule));
    *(moved ? &out->moved : held ? &out->held : &out->blocked) += count;
    if (moved && rule[0] == '\0')
        return; /* allowed, at a later hour: nothing stood against it for good */
    struct log_reason *reason = reason_of(v, out, room, rule);
    *(moved ? &reason->moved : held ? &reason->held : &reason->blocked) += count;
}

static bool outcome_count(struct view *v, const struct log_request *r, const char *outcome,
                          struct log_totals *out, size_t *room, struct fault *why)
{
    bool limited = v->clients != NULL || v->desks != NULL || !text_is_empty(r->client);
    bool allowed = strcmp(outcome, "allowed") == 0;
    int64_t counted = 0, most = limited   ? LOG_COUNTED_LIMITED
                                : allowed ? LOG_COUNTED
                                          : LOG_COUNTED_STOPPED;
    struct query q = query_begin(v->store, limited   ? Q_LOG_COUNT_SEEN
                                           : allowed ? Q_LOG_COUNT_ALLOWED
                                                     : Q_LOG_COUNT);

    bind_text(&q, outcome);
    bind_int(&q, r->from.us);
    bind_int(&q, r->to.us);
    bind_int(&q, most);
    while (query_next(&q)) {
        const char *rule = row_text(&q, 0);
        int64_t count = row_int(&q, limited ? 3 : 1);
        counted += count;
        if (!limited || (equal_or_any(r->client, row_text(&q, 1)) &&
                         user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2))))
            count_add(v, out, room, outcome, rule != NULL ? rule : "", count);
    }
    out->at_least = out->at_least || counted >= most;
    return query_end(&q, why);
}

static int by_count(const void *a, const void *b)
{
    const struct log_reason *x = a, *y = b;
    int64_t of_x = x->moved + x->blocked + x->held, of_y = y->moved + y->blocked + y->held;

    return of_x != of_y ? (of_x < of_y) - (of_x > of_y) : strcmp(x->rule, y->rule);
}

bool log_count(struct view *v, const struct log_request *request, struct log_totals *out,
               struct fault *why)
{
    static const char *const outcomes[] = { "allowed", "moved", "blocked", "held" };
    size_t room = 0;

    *out = (struct log_totals){ 0 };
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        if (!outcome_count(v, request, outcomes[i], out, &room, why))
            return false;
    }
    if (out->reason_count > 0)
        qsort(out->reasons, out->reason_count, sizeof *out->reasons, by_count);
    return true;
}
