/* audit: the decision log, and whether the journal is whole. */
#include "base/json.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/period.h"
#include "cli/progress.h"
#include "flow/audit_chain.h"
#include "flow/audit_log.h"
#include "flow/audit_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- log -------------------------------------------------------------------------------- */

enum {
    LOG_ACCOUNT,
    LOG_PERIOD,
    LOG_DECISION,
    LOG_CHANNEL,
    LOG_RULE,
    LOG_PACK,
    LOG_USER,
    LOG_KIND,
    LOG_CLIENT,
    LOG_VIEW,
    LOG_BEFORE
};

static const struct option log_options[] = {
    [LOG_ACCOUNT] = { OPTION_TEXT, "account", "REF", "only of this account", "Which records",
                      false, 0, NULL },
    [LOG_PERIOD] = { OPTION_TEXT, "period", "RANGE",
                     "30d, 2026-10, 2026-11-20 or 2026-01..2026-06 (all)", NULL, false, 0,
                     NULL },
    [LOG_DECISION] = { OPTION_TEXT, "decision", "WORD", "allowed, moved, blocked or held", NULL,
                       false, 0, NULL },
    [LOG_CHANNEL] = { OPTION_CHANNEL, "channel", "CHANNEL", "only by this channel", NULL, false,
                      0, NULL },
    [LOG_RULE] = { OPTION_TEXT, "rule", "RULE", "only what this rule stopped or put off", NULL,
                   false, 0, NULL },
    [LOG_PACK] = { OPTION_TEXT, "pack", "PACK", "only what a rule of this pack stopped", NULL,
                   false, 0, NULL },
    [LOG_USER] = { OPTION_TEXT, "user", "EMAIL", "only what this user did", NULL, false, 0,
                   NULL },
    [LOG_KIND] = { OPTION_TEXT, "kind", "KIND", "only records of this kind: message, fact, …",
                   NULL, false, 0, NULL },
    [LOG_CLIENT] = { OPTION_TEXT, "client", "NAME", "only accounts of this client", NULL, false,
                     0, NULL },
    [LOG_VIEW] = { OPTION_TEXT, "show", "WHAT",
                   "decisions, people (what users did) or records (decisions)", NULL, false, 0,
                   NULL },
    [LOG_BEFORE] = { OPTION_TEXT, "before", "PLACE",
                     "go on from here: the place that the page before ended with", NULL, false,
                     0, NULL },
    { .kind = OPTION_END },
};

static bool view_typed(const struct call *call, enum log_view *out, struct fault *why)
{
    static const char *const names[] = { "decisions", "people", "records" };
    const char *text = call_text(call, LOG_VIEW);

    *out = call_text(call, LOG_USER) != NULL || call_text(call, LOG_KIND) != NULL
               ? LOG_RECORDS
               : LOG_DECISIONS;
    for (int i = 0; text != NULL && i < (int)COUNT(names); i++) {
        if (text_equal(text, names[i])) {
            *out = (enum log_view)i;
            return true;
        }
    }
    return text == NULL ||
           fail(why, BAD_USAGE, "--show takes decisions, people or records, not \"%s\".", text);
}

static bool outcome_typed(const char *text, struct fault *why)
{
    static const char *const names[] = { "allowed", "moved", "blocked", "held" };

    for (size_t i = 0; text != NULL && i < COUNT(names); i++) {
        if (text_equal(text, names[i]))
            return true;
    }
    return text == NULL ||
           fail(why, BAD_USAGE, "--decision takes allowed, moved, blocked or held, not \"%s\".",
                text);
}

static bool period_of_call(const struct call *call, const struct zone *zone,
                           struct log_request *r, struct fault *why)
{
    const char *text = call_text(call, LOG_PERIOD);

    r->from = (struct instant){ INT64_MIN / 2 };
    r->to = INSTANT_NEVER;
    return text == NULL || period_moments(call, text, zone, &r->from, &r->to, why);
}

/* "2026-11-20T16:00:00Z,17.42" */
static bool place_typed(const char *text, struct log_place *out, struct fault *why)
{
    const char *comma = text == NULL ? NULL : strchr(text, ',');
    char at[INSTANT_TEXT];

    if (text == NULL)
        return true;
    if (comma != NULL && (size_t)(comma - text) < sizeof at) {
        memcpy(at, text, (size_t)(comma - text));
        at[comma - text] = '\0';
        if (instant_parse(at, &out->at) && log_number_parse(comma + 1, &out->bucket, &out->seq))
            return true;
    }
    return fail(why, BAD_USAGE, "\"%s\" is no place in the log.", text);
}

static bool log_typed(const struct call *call, const struct zone *zone, struct log_request *r,
                      struct fault *why)
{
    int64_t most =
        call->limit > 0 && call->limit <= LOG_ROWS_MOST ? call->limit : LOG_ROWS_MOST;

    *r = (struct log_request){ .outcome = call_text(call, LOG_DECISION),
                               .rule = call_text(call, LOG_RULE),
                               .pack = call_text(call, LOG_PACK),
                               .actor = call_text(call, LOG_USER),
                               .kind = call_text(call, LOG_KIND),
                               .client = call_text(call, LOG_CLIENT),
                               .account = call_text(call, LOG_ACCOUNT),
                               .most = (size_t)most };
    if (call->given[LOG_CHANNEL].is)
        r->channel = channel_name(call->given[LOG_CHANNEL].channel);
    return view_typed(call, &r->view, why) && outcome_typed(r->outcome, why) &&
           period_of_call(call, zone, r, why) &&
           place_typed(call_text(call, LOG_BEFORE), &r->before, why);
}

static void log_row(const struct call *call, struct view *v, const struct zone *zone,
                    const struct log_row *row, struct table *t)
{
    const char *title = log_outcome_title(v, row->outcome, row->rule);
    char at[INSTANT_TEXT];
    struct log_words words;

    log_words_of(v, row->kind, row->outcome, row->rule, row->record, &words);
    table_text(t, arena_print(call->arena, "D-%" PRId64 ".%" PRId64, row->bucket, row->seq));
    table_text(t, instant_print_in(row->at, zone, at));
    table_text(t, row->reference);
    table_text(t, row->kind);
    table_text(t, words.wanted);
    table_text(t, title);
    table_text(t, row->outcome);
    table_text(t, words.because);
    table_text(t, row->rule);
    table_text(t, words.asked_by);
}

static void log_print(const struct call *call, struct view *v, const struct zone *zone,
                      const struct log_page *page)
{
    static const struct table_column columns[] = {
        { "record", "Record", CELL_TEXT },    { "at", "When", CELL_TEXT },
        { "account", "Account", CELL_TEXT },  { "kind", NULL, CELL_TEXT },
        { "wanted", "Wanted to", CELL_TEXT }, { NULL, "Decision", CELL_TEXT },
        { "outcome", NULL, CELL_TEXT },       { "because", "Because", CELL_TEXT },
        { "rule", "Rule", CELL_TEXT },        { "asked_by", "Asked by", CELL_TEXT },
    };
    struct sheet sheet = { .heading = "The newest first" };
    char at[INSTANT_TEXT];
    struct table *t =
        sheet_table(&sheet, "records", "No record matches.", COUNT(columns), columns);

    for (size_t i = 0; i < page->count; i++)
        log_row(call, v, zone, &page->rows[i], t);
    const char *next =
        arena_print(call->arena, "%s,%" PRId64 ".%" PRId64, instant_print(page->last.at, at),
                    page->last.bucket, page->last.seq);
    if (page->more || page->stopped)
        sheet_field(&sheet, "next", next);
    call_print_sheet(call, &sheet);
    if (page->more || page->stopped)
        call_tell(call, "%s: --before %s\n",
                  page->more ? "Older ones go on" : "Looked this far; to look further", next);
    sheet_free(&sheet);
}

static bool run_audit_log(struct call *call, struct fault *why)
{
    struct loaded_policy *policy = NULL;
    const struct zone *zone;
    struct view *v = NULL;
    struct log_request r;
    struct log_page page;
    struct instant now;
    bool done = call_zone(call, &zone, why) && call_now(call, &now, why) &&
                log_typed(call, zone, &r, why);

    if (done)
        policy = policy_load(zone, now, why);
    if (policy != NULL)
        v = view_open(call->settings.db.value, policy_of(policy), zone, why);
    done = v != NULL && view_begin(v, now, why);
    if (done) {
        done = log_list(v, &r, &page, why);
        if (done)
            log_print(call, v, zone, &page);
        view_end(v);
    }
    view_close(v);
    policy_free(policy);
    return done;
}

const struct command command_audit_log = {
    .name = "audit log",
    .section = "Trust",
    .summary = "List decisions, and who changed what, the newest first.",
    .examples = { "recoup audit log --account FH-20418 --show records",
                  "recoup audit log --rule us.federal.call_frequency --period 30d --csv" },
    .options = log_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "At most 500 at once; --before goes on. recoup explain D-17.42 shows one whole.",
    .run = run_audit_log,
};

/* ---- verify ----------------------------------------------------------------------------- */

enum { VERIFY_ANCHORS };

static const struct option verify_options[] = {
    [VERIFY_ANCHORS] = { OPTION_TEXT, "anchors", "FILE",
                         "also: the heads in this file, made by audit anchor, must be in the "
                         "chain",
                         "What is checked", false, 0, NULL },
    { .kind = OPTION_END },
};

enum { ANCHOR_BYTES_MOST = 1 << 20 };

static bool verify_read(struct call *call, struct chain_result *out, struct fault *why)
{
    struct progress progress = progress_begin(call, "Checking", "records");
    struct chain_request request = { .all = true,
                                     .progress = progress_tell,
                                     .context = &progress };
    const char *anchors = call_text(call, VERIFY_ANCHORS);
    char *anchor = NULL;
    size_t length;

    if (anchors != NULL &&
        !text_read_file(anchors, ANCHOR_BYTES_MOST, call->arena, &anchor, &length, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = false;
    if (store_read_begin(s, why)) {
        done = chain_verify(s, call->arena, &request, out, why) &&
               (anchor == NULL || chain_anchor_check(s, call->arena, anchor, out, why));
        store_read_end(s);
    }
    store_close(s);
    progress_end(&progress);
    return done;
}

/* What was found is kept, so that the pages of the console know it, too. */
static bool verify_keep(struct call *call, const struct chain_result *result, struct fault *why)
{
    struct book b;
    struct instant now;
    bool done = false;

    if (!call_now(call, &now, why) || !book_open(&b, call->settings.db.value, now, why))
        return false;
    if (book_begin(&b, why))
        done = (chain_keep(&b, result, true, why) || book_undo(&b)) && book_commit(&b, why);
    book_close(&b);
    return done;
}

static void verify_print(const struct call *call, const struct chain_result *r)
{
    struct arena *a = call->arena;
    char at[INSTANT_TEXT], head[DIGEST_HEX];

    if (r->problems == 0)
        fprintf(call->out,
                "  %s chain      every record follows the one before, none missing\n",
                sign_of(call, SIGN_DONE));
    for (size_t i = 0; i < r->finding_count; i++) {
        const struct chain_finding *f = &r->findings[i];
        const char *what =
            f->seq > 0 ? arena_print(a, "record D-%" PRId64 ".%" PRId64, f->bucket, f->seq)
                       : arena_print(a, "the head of bucket %" PRId64, f->bucket);
        fprintf(call->out,
                "  %s chain      %s %s%s%s\n               expected %s\n"
                "               found    %s\n",
                sign_of(call, SIGN_WRONG), what, f->problem, f->at.us != 0 ? " · " : "",
                f->at.us != 0 ? instant_print(f->at, at) : "", f->expected, f->found);
    }
    if ((int64_t)r->finding_count < r->problems)
        fprintf(call->out, "  and %s more\n",
                show_count(a, r->problems - (int64_t)r->finding_count));
    fprintf(call->out, "  %s heads      %s compared\n", sign_of(call, SIGN_DONE),
            show_count(a, r->heads));
    fprintf(call->out, "  %s questions  %s are the ones that were judged\n",
            sign_of(call, SIGN_DONE), show_count(a, r->questions));
    if (r->back > 0)
        fprintf(call->out,
                "  %s clock      %s older than the one before: a turned clock, or history that "
                "was loaded\n",
                sign_of(call, SIGN_LOOK), show_many(a, r->back, "record is", "records are"));
    fprintf(call->out, "%s in %s. All heads together: %s\n",
            show_many(a, r->records, "record", "records"),
            show_many(a, r->buckets, "chain", "chains"), digest_print(r->head, head));
    if (r->problems > 0)
        fprintf(call->out, "What is written before a broken record is whole. Do not repair by "
                           "hand.\n");
}

static void verify_print_json(const struct call *call, const struct chain_result *r)
{
    struct text out = { 0 };
    struct json_writer w = { &out, false };
    char head[DIGEST_HEX];

    json_open(&w, '{');
    json_int_at(&w, "records", r->records);
    json_int_at(&w, "chains", r->buckets);
    json_int_at(&w, "questions", r->questions);
    json_int_at(&w, "older_than_before", r->back);
    json_text_at(&w, "head", digest_print(r->head, head));
    json_int_at(&w, "problems", r->problems);
    json_key(&w, "findings");
    json_open(&w, '[');
    for (size_t i = 0; i < r->finding_count; i++) {
        const struct chain_finding *f = &r->findings[i];
        json_open(&w, '{');
        json_int_at(&w, "bucket", f->bucket);
        json_int_at(&w, "seq", f->seq);
        json_text_at(&w, "problem", f->problem);
        json_text_at(&w, "expected", f->expected);
        json_text_at(&w, "found", f->found);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
}

static bool run_audit_verify(struct call *call, struct fault *why)
{
    struct chain_result *result = arena_make(call->arena, struct chain_result);

    if (!verify_read(call, result, why))
        return false;
    if (!call->global[GLOBAL_DRY_RUN].is && !verify_keep(call, result, why))
        return false;
    if (call->format == FORMAT_JSON)
        verify_print_json(call, result);
    else
        verify_print(call, result);
    if (result->problems > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_audit_verify = {
    .name = "audit verify",
    .section = "Trust",
    .summary = "Make every hash of the journal anew and compare: was anything changed?",
    .examples = { "recoup audit verify",
                  "recoup audit verify --anchors anchor-2026-11-01.json" },
    .options = verify_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "Exit code 8 when a record does not fit. What was checked is kept for the console\n"
        "and written into the journal; with --dry-run it is not.",
    .run = run_audit_verify,
};

/* ---- anchor ----------------------------------------------------------------------------- */

static bool run_audit_anchor(struct call *call, struct fault *why)
{
    struct text out = { 0 };
    struct instant now;

    if (!call_now(call, &now, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = store_read_begin(s, why);
    if (done) {
        done = chain_anchor(s, now, &out, why);
        store_read_end(s);
    }
    store_close(s);
    if (done)
        fprintf(call->out, "%s\n", text_of(&out));
    text_free(&out);
    return done;
}

const struct command command_audit_anchor = {
    .name = "audit anchor",
    .section = "Trust",
    .summary = "Print where every chain of the journal ends now, to be kept somewhere else.",
    .examples = { "recoup audit anchor -o anchor-2026-11-20.json",
                  "recoup audit anchor --now 2026-11-20T18:00:00Z" },
    .notes = "Whoever can write the whole database can write a new chain to its end, but not one\n"
             "that holds heads which were kept elsewhere: audit verify --anchors tells.",
    .run = run_audit_anchor,
};
