/* API: what happened to one account, its notes, papers and decisions. */
#include "web/api.h"

#include "base/digest.h"
#include "base/secret.h"
#include "base/text.h"
#include "flow/api_list.h"
#include "flow/book_dispute.h"
#include "flow/file_check.h"
#include "flow/note.h"
#include "web/page.h"

enum { PAPER_MOST = 10 * 1024 * 1024 };

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field event_rows[] = {
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "kind", API_TEXT, API_MUST, "contact, message, note, or the kind of the record", NULL },
    { "channel", API_TEXT, API_OR_NULL, "by which", NULL },
    { "outcome", API_TEXT, API_OR_NULL, "what came of it", NULL },
    { "details", API_TEXT, API_OR_NULL, "its words", NULL },
    { "by", API_TEXT, API_OR_NULL, "who", NULL },
    { "record", API_TEXT, API_OR_NULL, "of the journal", NULL },
    API_END,
};
static const struct api_field timeline_query[] = { API_AFTER, API_END };
static const struct api_field timeline_reply[] = {
    { "timeline", API_ROWS, API_MUST, "the latest first", event_rows },
    API_NEXT,
    API_END,
};
static const struct api_field note_rows[] = {
    { "note", API_INT, API_MUST, "its number in the account", NULL },
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "text", API_TEXT, API_MUST, "what is to be known", NULL },
    { "author", API_TEXT, API_OR_NULL, "who", NULL },
    { "withdrawn_at", API_MOMENT, API_OR_NULL, "it was taken back then", NULL },
    API_END,
};
static const struct api_field notes_reply[] = {
    { "notes", API_ROWS, API_MUST, "the latest first", note_rows },
    API_NEXT,
    API_END,
};
#define DOCUMENT_FIELDS                                                                        \
    { "document", API_TEXT, API_MUST, "for getDocument: e12, s3, m45", NULL },                 \
    { "kind", API_TEXT, API_MUST, "message, statement, paper", NULL },                         \
    { "at", API_MOMENT, API_MUST, "when", NULL },                                              \
    { "name", API_TEXT, API_OR_NULL, "of the file, or its subject", NULL },                    \
    { "channel", API_TEXT, API_OR_NULL, "of a message", NULL },                                \
    { "state", API_TEXT, API_OR_NULL, "of a message", NULL },                                  \
    { "author", API_TEXT, API_OR_NULL, "who", NULL },                                          \
    {                                                                                          \
        "bytes", API_INT, API_MUST, "its length; 0: not made yet", NULL                        \
    }
static const struct api_field document_rows[] = { DOCUMENT_FIELDS, API_END };
static const struct api_field documents_reply[] = {
    { "documents", API_ROWS, API_MUST, "the latest first", document_rows },
    { "more", API_BOOL, API_MUST, "there are older ones, which are not listed", NULL },
    API_END,
};
static const struct api_field document_body[] = {
    { "name", API_TEXT, API_MUST, "of the file", NULL },
    { "content", API_TEXT, API_MUST, "its bytes, base64; or a file of a form, up to 10 MB", NULL },
    API_END,
};
static const struct api_field balance_body[] = {
    { "debt", API_TEXT, API_MUST, "its reference", NULL },
    { "checked", API_TEXT, API_MUST, "what was looked at, and why our figure stands", NULL },
    API_END,
};
static const struct api_field decision_rows[] = {
    { "record", API_TEXT, API_MUST, "for getDecision", NULL },
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "kind", API_TEXT, API_MUST, "decision, refusal, …", NULL },
    { "content", API_ANY, API_MUST, "as it was recorded", NULL },
    API_END,
};
static const struct api_field decisions_reply[] = {
    { "decisions", API_ROWS, API_MUST, "the latest first", decision_rows },
    API_NEXT,
    API_END,
};

/* ---- What happened ------------------------------------------------------------------------- */

static const char *happening_kind(const struct happening *h)
{
    switch (h->kind) {
    case HAPPENED_CONTACT:
        return "contact";
    case HAPPENED_MESSAGE:
        return "message";
    case HAPPENED_NOTE:
        return "note";
    case HAPPENED_RECORD:
        break;
    }
    return h->what;
}

static bool get_timeline(struct api *call, struct fault *why)
{
    struct casefile_view f;
    struct story story;

    if (!view_casefile(call->view, call->holes[0], &f, why) ||
        !view_casefile_story(call->view, &f, STORY_ALL, api_query(call, "after"), &story, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "timeline");
    for (size_t i = 0; i < story.count; i++) {
        const struct happening *h = &story.all[i];
        json_t *row = list_add(rows);
        api_put_moment(call, row, "at", h->at);
        put(row, "kind", happening_kind(h));
        api_put_or_null(row, "channel", h->channel);
        api_put_or_null(row, "outcome", h->outcome != NULL ? h->outcome : h->state);
        api_put_or_null(row, "details", h->text != NULL ? h->text : h->subject);
        api_put_or_null(row, "by", h->by);
        api_put_or_null(row, "record",
                        h->seq > 0 ? api_record(call, f.casefile->key.bucket, h->seq) : NULL);
    }
    api_put_or_null(out, "next", story.before);
    api_give(call, 200, out);
    return true;
}

static bool get_decisions(struct api *call, struct fault *why)
{
    struct casefile_view f;
    struct decisions list;
    int64_t before;

    if (!api_after(call, INT64_MAX, &before, why) ||
        !view_casefile(call->view, call->holes[0], &f, why) ||
        !view_casefile_decisions(call->view, &f, before, &list, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "decisions");
    for (size_t i = 0; i < list.count; i++) {
        json_t *row = list_add(rows), *content = json_loads(list.all[i].record, 0, NULL);
        put(row, "record", api_record(call, f.casefile->key.bucket, list.all[i].seq));
        api_put_moment(call, row, "at", list.all[i].at);
        put(row, "kind", list.all[i].kind);
        json_object_set_new(row, "content", content != NULL ? content : json_object());
    }
    api_put_or_null(out, "next",
                    list.more ? arena_print(call->arena, "%lld",
                                            (long long)list.all[list.count - 1].seq)
                              : NULL);
    api_give(call, 200, out);
    return true;
}

/* ---- Notes --------------------------------------------------------------------------------- */

static bool get_notes(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct api_note *notes;
    int64_t limit, before;
    size_t count;

    if (!api_key(call, &key, why) || !api_limit(call, &limit, why) ||
        !api_after(call, INT64_MAX, &before, why) ||
        !api_notes(call->view, key, before, (size_t)limit + 1, &notes, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "notes");
    size_t shown = count < (size_t)limit ? count : (size_t)limit;
    for (size_t i = 0; i < shown; i++) {
        json_t *row = list_add(rows);
        put_int(row, "note", notes[i].number);
        api_put_moment(call, row, "at", notes[i].at);
        put(row, "text", notes[i].text);
        api_put_or_null(row, "author", notes[i].author);
        api_put_moment(call, row, "withdrawn_at", notes[i].ended_at);
    }
    api_put_or_null(out, "next",
                    count > shown ? arena_print(call->arena, "%d", (int)notes[shown - 1].number)
                                  : NULL);
    api_give(call, 200, out);
    return true;
}

static bool post_note_withdraw(struct api *call, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !book_note_withdraw(call->book, call->account.key, number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

/* ---- Papers -------------------------------------------------------------------------------- */

static void document_put(struct api *call, json_t *row, const struct paper *p)
{
    static const struct {
        const char *kind, *letter;
    } kinds[] = { [PAPER_MESSAGE] = { "message", "m" },
                  [PAPER_STATEMENT] = { "statement", "s" },
                  [PAPER_EVIDENCE] = { "paper", "e" } };

    put(row, "document",
        arena_print(call->arena, "%s%lld", kinds[p->kind].letter, (long long)p->number));
    put(row, "kind", kinds[p->kind].kind);
    api_put_moment(call, row, "at", p->at);
    api_put_or_null(row, "name", p->name);
    api_put_or_null(row, "channel", p->channel);
    api_put_or_null(row, "state", p->state);
    api_put_or_null(row, "author", p->author);
    put_int(row, "bytes", p->length);
}

static bool get_documents(struct api *call, struct fault *why)
{
    struct casefile_view f;
    struct papers papers;

    if (!view_casefile(call->view, call->holes[0], &f, why) ||
        !view_casefile_papers(call->view, &f, &papers, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "documents");
    for (size_t i = 0; i < papers.count; i++)
        document_put(call, list_add(rows), &papers.all[i]);
    put_true(out, "more", papers.more);
    api_give(call, 200, out);
    return true;
}

static bool document_read(struct api *call, struct casefile_key key, const char **name,
                          const unsigned char **bytes, size_t *length, struct fault *why)
{
    const char *hole = call->holes[1];
    struct message_view m;
    int64_t number;

    if ((hole[0] != 'e' && hole[0] != 's' && hole[0] != 'm') ||
        !text_to_int(hole + 1, &number) || number < 1)
        return fail(why, NOT_FOUND, "There is no document \"%.40s\".", hole);
    if (hole[0] != 'm')
        return view_paper(call->view, key, hole[0] == 'e' ? PAPER_EVIDENCE : PAPER_STATEMENT,
                          number, name, bytes, length, why);
    if (!view_message(call->view, key.bucket, number, &m, why))
        return false;
    if (m.row.casefile_id != key.id || m.bytes == NULL)
        return fail(why, NOT_FOUND, "There is no document \"%.40s\".", hole);
    *name = arena_print(call->arena, "%s.%s", hole, m.is_pdf ? "pdf" : "eml");
    *bytes = m.bytes;
    *length = m.length;
    return true;
}

static bool get_document(struct api *call, struct fault *why)
{
    struct casefile_key key;
    const char *name;
    const unsigned char *bytes;
    size_t length;

    if (!api_key(call, &key, why) || !document_read(call, key, &name, &bytes, &length, why))
        return false;
    api_give_file(call, 200, name, bytes, length);
    return true;
}

static bool post_document(struct api *call, struct fault *why)
{
    char digest[DIGEST_HEX];
    const void *bytes;
    size_t length;

    if (!api_bytes(call, "content", &bytes, &length, why))
        return false;
    const char *name = api_line(call, "name");
    if (name == NULL || length > PAPER_MOST)
        return fail(why, BAD_VALUE, "A paper has a name, and at most 10 MB.");
    if (!book_evidence_add(call->book, call->account.key, "account", name,
                           digest_print(digest_of(bytes, length), digest), bytes, length,
                           call->user.name, why))
        return false;
    api_give_done(call, CHANGE_ADDED);
    return true;
}

/* ---- A figure that differed ---------------------------------------------------------------- */

static bool post_balance(struct api *call, struct fault *why)
{
    enum change change;
    int32_t debt;

    if (!account_debt(call->book, &call->account, api_text(call, "debt"), &debt, why))
        return false;
    if (debt == 0)
        return fail(why, BAD_VALUE, "The field \"debt\" is empty.");
    if (!file_check_settle(call->book, call->account.key, debt, api_text(call, "checked"),
                           call->user.name, &change, why))
        return false;
    api_give_done(call, change);
    return true;
}

const struct route routes_api_file[] = {
    API_GIVES(OF_ACCOUNT "/timeline", MAY_SEE, "listEvents", "What happened, the latest first",
              timeline_query, timeline_reply, get_timeline, "account"),
    API_GIVES(OF_ACCOUNT "/decisions", MAY_SEE, "listDecisionsOfAccount",
              "What was decided, the latest first", timeline_query, decisions_reply,
              get_decisions, "account"),
    API_GIVES(OF_ACCOUNT "/notes", MAY_SEE, "listNotes", "Notes, the latest first",
              api_page_query, notes_reply, get_notes, "account"),
    API_TAKES(OF_ACCOUNT "/notes/{}/withdraw", MAY_WORK, "withdrawNote",
              "It is taken back; the history keeps it", api_nothing, api_made_reply,
              post_note_withdraw, "account", "note"),
    API_GIVES(OF_ACCOUNT "/documents", MAY_SEE, "listDocuments", "Messages, statements, papers",
              NULL, documents_reply, get_documents, "account"),
    API_GIVES(OF_ACCOUNT "/documents/{}", MAY_SEE, "getDocument", "One of them, byte for byte",
              NULL, api_content_reply, get_document, "account", "document"),
    API_TAKES_FILE(OF_ACCOUNT "/documents", MAY_WORK, "addDocument", "Keeps a paper", document_body,
              api_done_reply, post_document, "account"),
    API_TAKES(OF_ACCOUNT "/balance-checked", MAY_ANSWER, "settleBalance",
              "A client's file says another balance: ours stands", balance_body, api_done_reply,
              post_balance, "account"),
    { 0 },
};
