#include "web/api.h"

#include "base/secret.h"
#include "base/text.h"
#include "flow/api_reply.h"
#include "flow/typed.h"
#include "flow/user_token.h"
#include "web/csrf.h"
#include "web/page.h"
#include "web/server.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT_USUAL = 50, LIMIT_MOST = 200, REPLY_USUAL = 2000, RETRY_SECONDS = 2 };

static const char api_policy[] = "default-src 'none'; frame-ancestors 'none'";

/* ---- Replies ----------------------------------------------------------------------------- */

static void reply_json(struct reply *reply, int status, const json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);

    must(text != NULL);
    text_clear(&reply->body);
    text_add(&reply->body, text);
    free(text);
    reply->status = status;
}

void api_give(struct api *call, int status, json_t *object)
{
    reply_json(call->reply, status, object);
    json_decref(object);
}

void api_give_sheet(struct api *call, struct sheet *sheet)
{
    text_clear(&call->reply->body);
    text_more(&call->reply->body, REPLY_USUAL); /* at once, not doubled five times */
    text_clear(&call->reply->body);
    sheet_json(sheet, &call->reply->body);
    sheet_free(sheet);
    call->reply->status = 200;
}

static void refuse(struct reply *reply, enum api_error error, const char *message,
                   const char *hint)
{
    const struct api_error_words *words = api_error_words(error);
    json_t *root = json_object(), *o = put_object(root, "error");

    put(o, "code", words->code);
    put(o, "message", message);
    if (!text_is_empty(hint))
        put(o, "hint", hint);
    reply_json(reply, words->status, root);
    json_decref(root);
    if (words->status == 503)
        reply->retry_after = RETRY_SECONDS;
}

static void refuse_fault(const struct api *call, const struct fault *why)
{
    enum api_error error =
        call->error != API_NO_ERROR ? call->error : api_error_of_fault(why->code);
    int status = api_error_words(error)->status;

    if (status >= 500) {
        call->reply->fault = why->code;
        call->reply->fault_where = why->where;
    }
    if (error == API_INTERNAL) /* what it says is for the log, not for strangers */
        refuse(call->reply, error, "Something went wrong on our side.",
               arena_print(call->arena, "Look for the request %s in the log.", call->ask->id));
    else if (error == API_BUSY)
        refuse(call->reply, error, "The book is busy just now. Nothing was done.", NULL);
    else
        refuse(call->reply, error, why->text, why->hint);
}

void api_refuse(int status, const char *what, struct reply *reply)
{
    reply->type = "application/json";
    reply->policy = api_policy;
    refuse(reply, api_error_of_status(status), what, NULL);
    reply->status = status;
}

/* ---- Who -----------------------------------------------------------------------------------
 */

/* A note that may be left out when somebody else writes. */
static void use_note(const struct api *call, const struct token *token)
{
    const struct server *server = call->hand->server;
    struct fault ignored;

    if (!token_is_due(token, call->view->now) || (server != NULL && server->read_only))
        return;
    struct book *b = hand_writer(call->hand, call->site->book, call->view->now,
                                 call->user.email, &ignored);
    call->reply->noted = true;
    if (b != NULL)
        token_used(b, token);
}

static bool by_token(struct api *call, bool *in, struct fault *why)
{
    struct token_bearer bearer;

    if (!token_find(call->view->store, call->arena, call->hand->roles, call->ask->authorization,
                    call->view->now, &bearer, why))
        return false;
    *in = bearer.token.number != 0 && bearer.role != NULL;
    call->user = bearer.user;
    call->role = bearer.role;
    call->can = bearer.can;
    if (*in)
        use_note(call, &bearer.token);
    return true;
}

/* A browser's session; what it writes must come from a page of ours. */
static bool by_session(struct api *call, const struct session *session)
{
    bool reads = strcmp(call->ask->method, "GET") == 0;

    if (session->user.number == 0 || session->fresh)
        return false;
    if (!reads && (call->ask->csrf == NULL || !csrf_fits(call->ask->csrf, session->csrf)))
        return false;
    call->user = session->user;
    call->session = session->digest;
    call->role = role_find(call->hand->roles, session->user.role);
    call->can = call->role != NULL ? call->role->can : 0;
    return call->role != NULL;
}

static bool let_in(struct api *call, const struct session *session, struct fault *why)
{
    bool in = false;

    bool reads = strcmp(call->ask->method, "GET") == 0;
    if (!reads && !server_takes_changes(call->hand->server, call->route)) {
        refuse(call->reply, API_READ_ONLY, "This server only shows the book.", NULL);
        return false;
    }
    if (call->route->may == MAY_ANYBODY)
        return true;
    if (call->ask->authorization != NULL) {
        if (!by_token(call, &in, why)) {
            refuse_fault(call, why);
            return false;
        }
    } else {
        in = by_session(call, session);
    }
    if (!in) {
        refuse(call->reply, API_NOT_SIGNED_IN, "This needs a token that is still good.",
               "Authorization: Bearer TOKEN");
        return false;
    }
    if (call->route->may >= 0 && !(call->can & PERMISSION_BIT(call->route->may))) {
        refuse(call->reply, API_NOT_PERMITTED,
               arena_print(call->arena, "This token may not %s.",
                           permission_words((enum permission)call->route->may)),
               NULL);
        return false;
    }
    call->view->clients = call->user.clients;
    call->view->desks = call->user.desks;
    return true;
}

/* ---- What comes in -------------------------------------------------------------------------
 */

static bool query_check(const struct api *call, struct fault *why)
{
    for (size_t i = 0; i < call->ask->query_count; i++) {
        if (api_field_find(call->route->call->query, call->ask->query[i].name) == NULL)
            return fail(why, BAD_VALUE, "There is no parameter \"%.60s\" here.",
                        call->ask->query[i].name);
    }
    return true;
}

static bool body_read(struct api *call, struct fault *why)
{
    if (call->route->call->body == NULL)
        return true;
    if (call->route->takes == TAKES_FILE && call->ask->type != NULL &&
        text_starts(call->ask->type, "multipart/form-data")) {
        call->body = api_body_of_form(call->ask, call->route->call->body, why);
        call->file = call->ask->upload_count > 0 ? &call->ask->uploads[0] : NULL;
        return call->body != NULL;
    }
    if (call->ask->type == NULL || !text_starts(call->ask->type, "application/json")) {
        refuse(call->reply, API_NOT_JSON, "The body has to be JSON.",
               "Content-Type: application/json");
        return false;
    }
    call->body = api_body_read(call->ask->body == NULL ? "" : call->ask->body,
                               call->ask->body_length, call->route->call->body, why);
    return call->body != NULL;
}

const char *api_query(const struct api *call, const char *name)
{
    for (size_t i = 0; i < call->ask->query_count; i++) {
        if (strcmp(call->ask->query[i].name, name) == 0)
            return text_is_empty(call->ask->query[i].value) ? NULL : call->ask->query[i].value;
    }
    return NULL;
}

bool api_limit(const struct api *call, int64_t *limit, struct fault *why)
{
    const char *text = api_query(call, "limit");

    *limit = LIMIT_USUAL;
    if (text == NULL || (text_to_int(text, limit) && *limit >= 1 && *limit <= LIMIT_MOST))
        return true;
    return fail(why, BAD_VALUE, "limit is a number from 1 to %d.", LIMIT_MOST);
}

const char *api_text(const struct api *call, const char *name)
{
    const char *text = json_string_value(json_object_get(call->body, name));

    return text_is_empty(text) ? NULL : text;
}

const char *api_line(const struct api *call, const char *name)
{
    const char *text = api_text(call, name);
    char *copy = text == NULL ? NULL : text_trim(call->arena, text);

    for (char *at = copy; at != NULL && *at != '\0'; at++)
        *at = *at == '\n' || *at == '\r' ? ' ' : *at;
    return text_is_empty(copy) ? NULL : copy;
}

int64_t api_int(const struct api *call, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(call->body, name);

    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool api_day(const struct api *call, const char *name, struct day otherwise, struct day *out,
             struct fault *why)
{
    const char *text = api_text(call, name);

    *out = otherwise;
    if (text == NULL || day_parse(text, out))
        return true;
    return fail(why, BAD_VALUE, "The field \"%s\" has to be a day such as 2026-11-20.", name);
}

bool api_money(struct api *call, struct money *out, struct fault *why)
{
    const char *amount = api_text(call, "amount"), *code = api_text(call, "currency");
    enum currency currency = code != NULL ? currency_parse(code) : CURRENCY_NONE;

    if (code == NULL && !account_currency(call->book, &call->account, 0, &currency, why))
        return false;
    if (currency == CURRENCY_NONE)
        return fail(why, BAD_VALUE, "The field \"currency\" has to be a code such as USD.");
    if (amount != NULL && money_parse(amount, '.', '\0', currency, out, why) && out->minor > 0)
        return true;
    return fail(why, BAD_VALUE, "The field \"amount\" has to be an amount such as \"185.00\".");
}

bool api_key(struct api *call, struct casefile_key *key, struct fault *why)
{
    return view_find(call->view, call->holes[0], key, why);
}

/* ---- Writing -------------------------------------------------------------------------------
 */

static const char *digest_of_ask(const struct api *call)
{
    struct digest_maker m;
    char hex[DIGEST_HEX];

    digest_begin(&m);
    digest_add(&m, call->ask->method, strlen(call->ask->method));
    digest_add(&m, call->ask->path, strlen(call->ask->path));
    digest_add(&m, call->ask->body == NULL ? "" : call->ask->body, call->ask->body_length);
    for (size_t i = 0; i < call->ask->form_count; i++) {
        const struct field *f = &call->ask->form[i];
        digest_add(&m, f->name, strlen(f->name) + 1);
        digest_add(&m, f->value, strlen(f->value) + 1);
    }
    for (size_t i = 0; i < call->ask->upload_count; i++) {
        const struct upload *u = &call->ask->uploads[i];
        digest_add(&m, u->file, strlen(u->file) + 1);
        digest_add(&m, u->bytes, u->length);
    }
    return arena_copy(call->arena, digest_print(digest_end(&m), hex));
}

static bool write_in(struct api *call, struct casefile_key key, struct fault *why)
{
    struct api_reply_kept kept;
    const char *digest = digest_of_ask(call);

    if (!api_reply_find(call->book, key, call->ask->once, call->user.number, digest, &kept,
                        why)) {
        call->error = why->code == CONFLICT ? API_KEY_REUSED : API_NO_ERROR;
        return false;
    }
    if (kept.status != 0) {
        text_add(&call->reply->body, kept.body);
        call->reply->status = kept.status;
        return true;
    }
    if (!call->route->call->answer(call, why))
        return false;
    kept = (struct api_reply_kept){ .digest = digest,
                                    .user = call->user.number,
                                    .status = call->reply->status,
                                    .body = call->kept != NULL ? call->kept
                                                            : text_of(&call->reply->body) };
    return api_reply_put(call->book, key, call->ask->once, &kept, why);
}

static bool write(struct api *call, struct fault *why)
{
    struct casefile_key key = { 0, 0 };

    call->error = API_KEY_MISSING;
    if (text_is_empty(call->ask->once) || strlen(call->ask->once) > API_KEY_MOST)
        return fail(why, BAD_VALUE,
                    "Send an Idempotency-Key of up to %d characters with what "
                    "writes.",
                    API_KEY_MOST);
    call->error = API_NO_ERROR;
    if (call->holes[0] != NULL && text_equal(call->route->call->holes[0], "account") &&
        !api_key(call, &key, why))
        return false;
    call->book =
        hand_writer(call->hand, call->site->book, call->view->now, call->user.email, why);
    if (call->book == NULL || !hand_begin(call->hand, why))
        return false;
    bool done = key.id == 0 || account_find(call->book, call->holes[0], &call->account, why);
    done = done && write_in(call, key, why);
    done = done ? book_commit(call->book, why) : book_undo(call->book);
    return done && (call->after == NULL || call->after(call, why));
}

/* ---- The whole -----------------------------------------------------------------------------
 */

static void answer(struct api *call, const struct session *session)
{
    struct fault why = { 0 };
    bool reads = strcmp(call->route->method, "GET") == 0;

    if (!let_in(call, session, &why))
        return;
    bool done = query_check(call, &why) && body_read(call, &why) &&
                (reads || call->route->call->asks ? call->route->call->answer(call, &why) : write(call, &why));
    if (!done && why.code != 0) {
        text_clear(&call->reply->body);
        refuse_fault(call, &why);
    }
    json_decref((json_t *)(uintptr_t)call->body);
    free(call->kept);
}

void api_reply(const struct site *site, struct hand *hand, const struct route *route,
               const char *const holes[PATH_HOLES], const struct session *session,
               const struct ask *ask, struct reply *reply)
{
    struct api call = { .site = site,
                        .hand = hand,
                        .view = hand->view,
                        .arena = &hand->view->arena,
                        .ask = ask,
                        .route = route,
                        .reply = reply };

    memcpy(call.holes, holes, sizeof call.holes);
    reply->type = "application/json";
    reply->policy = api_policy;
    answer(&call, session);
    reply->user = call.user.number;
}
