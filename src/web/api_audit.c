/* API: the journal held against itself, records on paper, samples and what was found in them. */
#include "web/api.h"

#include "base/text.h"
#include "flow/audit_chain.h"
#include "flow/channel_trial.h"
#include "flow/evidence_pack.h"
#include "flow/review.h"
#include "web/page.h"

#include <string.h>

enum { VERIFY_NEW = 20000, VERIFY_SAMPLE = 2000 };

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field verify_reply[] = {
    { "chains", API_INT, API_MUST, "heads that were compared", NULL },
    { "records", API_INT, API_MUST, "there are so many", NULL },
    { "checked", API_INT, API_MUST, "of them now", NULL },
    { "left", API_INT, API_MUST, "new ones that were not reached: ask again", NULL },
    { "problems", API_INT, API_MUST, "records that do not fit", NULL },
    API_END,
};
static const struct api_field sample_rows[] = {
    { "sample", API_INT, API_MUST, "its number", NULL },
    { "of", API_TEXT, API_MUST, "decisions, contacts, risks", NULL },
    { "from", API_DAY, API_MUST, "the first day", NULL },
    { "to", API_DAY, API_MUST, "the last day", NULL },
    { "seed", API_INT, API_MUST, "gives the same draw again", NULL },
    { "at", API_MOMENT, API_MUST, "when it was drawn", NULL },
    { "by", API_INT, API_OR_NULL, "number of the user", NULL },
    { "size", API_INT, API_MUST, "records in it", NULL },
    { "done", API_INT, API_MUST, "of them reviewed", NULL },
    API_END,
};
static const struct api_field samples_reply[] = {
    { "samples", API_ROWS, API_MUST, "the latest first", sample_rows },
    API_NEXT,
    API_END,
};
static const struct api_field item_rows[] = {
    { "item", API_INT, API_MUST, "for reviewRecord", NULL },
    { "record", API_TEXT, API_MUST, "for getDecision", NULL },
    { "by", API_TEXT, API_OR_NULL, "who did it", NULL },
    { "rule", API_TEXT, API_OR_NULL, "that decided", NULL },
    { "done", API_BOOL, API_MUST, "somebody reviewed it", NULL },
    { "answers", API_TEXT, API_OR_NULL, "a letter for each question: y, n, -", NULL },
    { "note", API_TEXT, API_OR_NULL, "of who reviewed it", NULL },
    API_END,
};
static const struct api_field question_rows[] = {
    { "question", API_TEXT, API_MUST, "as people read it", NULL },
    API_END,
};
static const struct api_field sample_reply[] = {
    { "sample", API_INT, API_MUST, "its number", NULL },
    { "questions", API_ROWS, API_MUST, "of the house, in the order of the answers",
      question_rows },
    { "items", API_ROWS, API_MUST, "those that the reader may see", item_rows },
    API_END,
};
static const struct api_field draw_body[] = {
    { "of", API_TEXT, API_MUST, "decisions, contacts, risks", NULL },
    { "from", API_DAY, API_MUST, "the first day", NULL },
    { "to", API_DAY, API_MUST, "the last day", NULL },
    { "wanted", API_INT, API_MAY, "so many, 1 to 200 (20)", NULL },
    { "seed", API_INT, API_MAY, "below 2^53", NULL },
    { "channel", API_TEXT, API_MAY, "only of this channel", NULL },
    { "client", API_TEXT, API_MAY, "only of this client", NULL },
    { "desk", API_TEXT, API_MAY, "only of this desk", NULL },
    { "agent", API_TEXT, API_MAY, "only by this user, an address", NULL },
    { "pack", API_TEXT, API_MAY, "of decisions: asked of this pack", NULL },
    { "rule", API_TEXT, API_MAY, "of decisions: decided by this rule", NULL },
    { "rule_asked", API_BOOL, API_MAY, "true: the rule said no, or not yet", NULL },
    API_END,
};
static const struct api_field drawn_reply[] = {
    { "sample", API_INT, API_MUST, "its number", NULL },
    { "size", API_INT, API_MUST, "records in it", NULL },
    { "looked", API_INT, API_MUST, "records that were looked at", NULL },
    { "tired", API_BOOL, API_MUST, "it stopped looking: there may be more", NULL },
    API_END,
};
static const struct api_field review_body[] = {
    { "answers", API_TEXT, API_MUST, "a letter for each question: y, n, or - (does not apply)",
      NULL },
    { "note", API_TEXT, API_MAY, "for who did it", NULL },
    API_END,
};
static const struct api_field reviewed_reply[] = {
    { "sample", API_INT, API_MUST, "its number", NULL },
    { "item", API_INT, API_MUST, "which", NULL },
    { "change", API_TEXT, API_MUST, "updated, or none: it stood so already", NULL },
    API_END,
};
static const struct api_field tested_reply[] = {
    { "said", API_TEXT, API_MUST, "where it went", NULL },
    API_END,
};

/* ---- The journal --------------------------------------------------------------------------- */

static bool post_verify(struct api *call, struct fault *why)
{
    const struct chain_request request = { .new_most = VERIFY_NEW,
                                           .sample_most = VERIFY_SAMPLE,
                                           .seed = (uint64_t)call->view->now.us };
    struct chain_result *made = arena_make(call->arena, struct chain_result);

    if (!chain_verify(call->view->store, call->arena, &request, made, why) ||
        !chain_keep(call->book, made, false, why))
        return false;
    json_t *out = json_object();
    put_int(out, "chains", made->buckets);
    put_int(out, "records", made->records);
    put_int(out, "checked", made->checked);
    put_int(out, "left", made->left);
    put_int(out, "problems", made->problems);
    api_give(call, 201, out);
    return true;
}

/* That it was made is itself a record. */
static bool post_summary(struct api *call, struct fault *why)
{
    struct log_place place;
    struct text pdf = { 0 };
    struct pack_made made;
    const struct pack_request r = { .numbers = &place,
                                    .number_count = 1,
                                    .by = call->user.email };

    if (!log_number_parse(call->holes[0], &place.bucket, &place.seq))
        return fail(why, NOT_FOUND, "There is no record \"%.40s\".", call->holes[0]);
    bool done = evidence_summary(call->view, &r, &pdf, &made, why) &&
                evidence_pack_note(call->book, &r, &made, true, why);
    if (done)
        api_give_file(call, 201,
                      arena_print(call->arena, "%s.pdf",
                                  api_record(call, place.bucket, place.seq)),
                      text_of(&pdf), pdf.length);
    text_free(&pdf);
    return done;
}

/* ---- Samples ------------------------------------------------------------------------------- */

static bool get_samples(struct api *call, struct fault *why)
{
    int64_t limit, before;
    struct sample *all;
    size_t count;

    if (!api_limit(call, &limit, why) || !api_after(call, 0, &before, why) ||
        !sample_list(call->view->store, call->arena, before, (size_t)limit + 1, &all, &count,
                     why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "samples");
    size_t shown = count < (size_t)limit ? count : (size_t)limit;
    for (size_t i = 0; i < shown; i++) {
        json_t *row = list_add(rows);
        put_int(row, "sample", all[i].number);
        put(row, "of", sample_of_name(all[i].filter.of));
        api_put_day(row, "from", all[i].filter.from);
        api_put_day(row, "to", all[i].filter.to);
        put_int(row, "seed", (int64_t)all[i].seed);
        api_put_moment(call, row, "at", all[i].at);
        api_put_number(row, "by", all[i].by);
        put_int(row, "size", all[i].size);
        put_int(row, "done", all[i].done);
    }
    api_put_next(call, out, count > shown, shown > 0 ? all[shown - 1].number : 0);
    api_give(call, 200, out);
    return true;
}

/* A record that the reader may not see is as if it were not there. */
static bool item_seen(struct api *call, const struct review *r, bool *seen, struct fault *why)
{
    struct fault no = { 0 };
    struct audited found;

    *seen = audit_load(call->view, r->bucket, r->seq, &found, &no);
    if (*seen || no.code == NOT_FOUND)
        return true;
    *why = no;
    return false;
}

static bool items_put(struct api *call, json_t *rows, const struct review items[], size_t count,
                      struct fault *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct review *r = &items[i];
        bool seen;
        if (!item_seen(call, r, &seen, why))
            return false;
        if (!seen)
            continue;
        json_t *row = list_add(rows);
        put_int(row, "item", r->item);
        put(row, "record", api_record(call, r->bucket, r->seq));
        api_put_or_null(row, "by", r->actor);
        api_put_or_null(row, "rule", r->rule);
        put_true(row, "done", r->done);
        api_put_or_null(row, "answers", r->done ? r->answers : NULL);
        api_put_or_null(row, "note", r->note);
    }
    return true;
}

static bool get_sample(struct api *call, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(call->arena, why);
    struct review *items;
    struct sample s;
    int32_t number;
    size_t count;

    if (sheet == NULL || !api_number(call, 0, &number, why) ||
        !sample_load(call->view->store, call->arena, number, &s, why) ||
        !review_list(call->view->store, call->arena, number, &items, &count, why))
        return false;
    json_t *out = json_object(), *questions = put_list(out, "questions");
    put_int(out, "sample", s.number);
    for (size_t i = 0; i < sheet->count; i++)
        put(list_add(questions), "question", sheet->questions[i].text);
    if (!items_put(call, put_list(out, "items"), items, count, why)) {
        json_decref(out);
        return false;
    }
    api_give(call, 200, out);
    return true;
}

static bool draw_read(struct api *call, struct sample_request *r, struct fault *why)
{
    struct sample_filter *f = &r->filter;
    int64_t wanted = api_int(call, "wanted", 20);
    int64_t seed = api_int(call, "seed", call->view->now.us ^ (call->user.number << 20));

    *r = (struct sample_request){ .filter = { .channel = api_text(call, "channel"),
                                              .client = api_text(call, "client"),
                                              .desk = api_text(call, "desk"),
                                              .actor = api_text(call, "agent"),
                                              .pack = api_text(call, "pack"),
                                              .rule = api_text(call, "rule"),
                                              .decided = !api_flag(call, "rule_asked"),
                                              .seen_clients = call->view->clients,
                                              .seen_desks = call->view->desks } };
    if (!sample_of_parse(api_text(call, "of"), &f->of))
        return fail(why, BAD_VALUE, "\"of\" is decisions, contacts or risks.");
    if (f->of != SAMPLE_DECISIONS && (f->rule != NULL || f->pack != NULL))
        return fail(why, BAD_VALUE, "Rules decide decisions: leave \"rule\" and \"pack\" out.");
    if (f->rule != NULL && view_rule(call->view, f->rule) == NULL)
        return fail(why, BAD_VALUE, "There is no rule \"%.80s\".", f->rule);
    if (wanted < 1 || wanted > SAMPLE_MOST || seed < 0)
        return fail(why, BAD_VALUE, "\"wanted\" is 1 to %d, and a seed from 0 on.", SAMPLE_MOST);
    r->wanted = (size_t)wanted;
    r->seed = (uint64_t)seed & ((UINT64_C(1) << 53) - 1);
    return api_day(call, "from", DAY_NONE, &f->from, why) &&
           api_day(call, "to", DAY_NONE, &f->to, why);
}

static bool post_draw(struct api *call, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(call->arena, why);
    struct sample_request r;
    struct sample_drawn drawn;
    int64_t number;

    if (sheet == NULL || !draw_read(call, &r, why) ||
        !sample_draw(call->view, sheet, &r, &drawn, why))
        return false;
    if (drawn.count == 0)
        return fail(why, BAD_VALUE, "Nothing fits: choose a longer period, or fewer filters.");
    if (!sample_keep(call->book, &r, &drawn, call->user.number, &number, why))
        return false;
    json_t *out = json_object();
    put_int(out, "sample", number);
    put_int(out, "size", (int64_t)drawn.count);
    put_int(out, "looked", drawn.looked);
    put_true(out, "tired", drawn.tired);
    api_give(call, 201, out);
    return true;
}

static bool reviewed_give(struct api *call, const struct review_input *in, enum change change)
{
    json_t *out = json_object();

    put_int(out, "sample", in->sample);
    put_int(out, "item", in->item);
    put(out, "change", change == CHANGE_NONE ? "none" : "updated");
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
    return true;
}

static bool post_review(struct api *call, struct fault *why)
{
    const struct review_sheet *sheet = review_sheet_load(call->arena, why);
    const struct reviewer by = { call->user.number, call->user.email };
    const struct review *one = NULL;
    struct review *items;
    int32_t sample, item;
    enum change change;
    size_t count;
    bool seen;

    if (sheet == NULL || !api_number(call, 0, &sample, why) || !api_number(call, 1, &item, why) ||
        !review_list(call->view->store, call->arena, sample, &items, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        one = items[i].item == item ? &items[i] : one;
    if (one == NULL)
        return fail(why, NOT_FOUND, "Sample %d has no record %d.", (int)sample, (int)item);
    if (!item_seen(call, one, &seen, why))
        return false;
    if (!seen)
        return fail(why, NOT_FOUND, "Sample %d has no record %d.", (int)sample, (int)item);
    const struct review_input in = { sample, item, api_text(call, "answers"),
                                     api_text(call, "note") };
    if (in.answers == NULL)
        return fail(why, BAD_VALUE, "The field \"answers\" is empty.");
    return review_save(call->book, sheet, &by, &in, &change, why) &&
           reviewed_give(call, &in, change);
}

/* ---- Channels ------------------------------------------------------------------------------ */

/* Sent before anything is begun: a mail server may take its time. */
static bool ask_try(struct api *call, struct fault *why)
{
    const char *words;

    if (!channel_trial_email(call->view->store, call->arena, call->site->settings,
                             call->user.number, call->view->now, &words, why))
        return false;
    struct book *b =
        hand_writer(call->hand, call->site->book, call->view->now, call->user.email, why);
    if (b == NULL || !hand_begin(call->hand, why))
        return false;
    if (!channel_trial_put(b, "email", why))
        return book_undo(b);
    if (!book_commit(b, why))
        return false;
    json_t *out = json_object();
    put(out, "said", words);
    api_give(call, 200, out);
    return true;
}

const struct route routes_api_audit[] = {
    API_TAKES("/api/v1/journal/verify", MAY_AUDIT, "verifyJournal",
              "Every head, what is new, and some at random, held against their hashes",
              api_nothing, verify_reply, post_verify, NULL),
    API_TAKES("/api/v1/decisions/{}/summary", MAY_AUDIT, "makeDecisionSummary",
              "One record on paper, a PDF; that it was made is journalled", api_nothing,
              api_content_reply, post_summary, "record"),
    API_GIVES("/api/v1/samples", MAY_AUDIT, "listSamples", "Records drawn for review",
              api_page_query, samples_reply, get_samples, NULL),
    API_TAKES("/api/v1/samples", MAY_AUDIT, "drawSample", "Records, by chance", draw_body,
              drawn_reply, post_draw, NULL),
    API_GIVES("/api/v1/samples/{}", MAY_AUDIT, "getSample", "What was drawn, and what was found",
              NULL, sample_reply, get_sample, "sample"),
    API_TAKES("/api/v1/samples/{}/{}", MAY_REVIEW, "reviewRecord",
              "What was found in a record; no token may", review_body, reviewed_reply,
              post_review, "sample", "item"),
    API_ASKS("/api/v1/channels/email/test", MAY_ADMIN, "testEmail",
              "One email to who asks, by the way that messages go", api_nothing, tested_reply,
              ask_try, NULL),
    { 0 },
};
