#include "web/page.h"

#include "base/text.h"
#include "flow/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *field_of(const struct field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return text_is_empty(fields[i].value) ? NULL : fields[i].value;
    }
    return NULL;
}

const char *page_field(const struct page *p, const char *name)
{
    return field_of(p->ask->query, p->ask->query_count, name);
}

const char *page_form(const struct page *p, const char *name)
{
    return field_of(p->ask->form, p->ask->form_count, name);
}

const char *page_form_or(const struct page *p, const char *name, const char *otherwise)
{
    const char *value = page_form(p, name);

    return value != NULL ? value : otherwise;
}

bool page_need(const struct page *p, const char *name, const char *what, const char **out,
               struct fault *why)
{
    *out = page_form(p, name);
    return *out != NULL || fail(why, BAD_VALUE, "Say %s.", what);
}

bool page_may(const struct page *p, enum permission permission)
{
    return (p->can & PERMISSION_BIT(permission)) != 0;
}

/* ---- What it does ---- */

struct book *hand_writer(struct hand *hand, const char *url, struct instant now,
                         const char *by, struct fault *why)
{
    if (!hand->writes) {
        hand->writes = book_open(&hand->book, url, now, why);
        if (!hand->writes)
            return NULL;
        if (hand->patience != NULL && !book_patience(&hand->book, *hand->patience, why))
            return NULL;
    }
    hand->book.now = now;
    hand->book.by = by;
    return &hand->book;
}

bool hand_begin(struct hand *hand, struct fault *why)
{
    if (book_begin(&hand->book, why))
        return true;
    if (why->code != DB_BUSY) { /* the next one opens it again */
        book_close(&hand->book);
        hand->writes = false;
    }
    return false;
}

struct book *page_writer(struct page *p, struct fault *why)
{
    return hand_writer(p->hand, p->site->book, p->view->now,
                       p->session->user.number != 0 ? p->session->user.email : NULL, why);
}

struct book *page_book(struct page *p, struct fault *why)
{
    struct book *b = page_writer(p, why);

    if (b == NULL || !hand_begin(p->hand, why))
        return NULL;
    p->begun = true;
    return b;
}

void page_seen(struct page *p)
{
    struct fault why;
    struct book *b = session_is_due(p->session, p->view->now) ? page_writer(p, &why) : NULL;

    if (b != NULL)
        session_seen(b, p->session);
}

bool page_commit(struct page *p, struct fault *why)
{
    p->begun = false;
    return book_commit(&p->hand->book, why);
}

void page_abandon(struct page *p)
{
    if (p->begun)
        book_undo(&p->hand->book);
    p->begun = false;
}

void page_go(struct page *p, const char *path)
{
    p->reply->status = 303;
    p->reply->location = path;
}

void page_say(struct page *p, const char *text)
{
    p->said = text;
}

void page_undo(struct page *p, const char *path)
{
    p->undo = path;
}

void page_file(struct page *p, const char *type, const char *name, struct text *body)
{
    p->reply->status = 200;
    p->reply->type = type;
    p->reply->file = name;
    text_free(&p->reply->body);
    p->reply->body = *body;
    *body = (struct text){ 0 };
}

bool page_sheet(struct page *p, const struct sheet *sheet, const char *name)
{
    struct text body = { 0 };
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);

    must(out != NULL);
    sheet_print(sheet, FORMAT_CSV, false, out);
    fclose(out);
    text_add_n(&body, bytes, length);
    free(bytes);
    page_file(p, "text/csv; charset=utf-8", name, &body);
    return true;
}

/* Both are shown within a page of ours: an email brings styles of its own, and the browser's reader
 * of PDF draws with some. */
static const char email_policy[] =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'";
static const char pdf_policy[] = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
                                 "base-uri 'none'; frame-ancestors 'self'";

static void page_framed(struct page *p, const char *type, const char *policy, const void *bytes,
                        size_t length)
{
    p->reply->status = 200;
    p->reply->type = type;
    p->reply->policy = policy;
    text_add_n(&p->reply->body, (const char *)bytes, length);
}

void page_email(struct page *p, const char *markup)
{
    page_framed(p, "text/html; charset=utf-8", email_policy, markup, strlen(markup));
}

void page_pdf(struct page *p, const void *bytes, size_t length)
{
    page_framed(p, "application/pdf", pdf_policy, bytes, length);
}

bool page_pair(const char *text, int64_t *first, int64_t *second)
{
    char left[24];
    const char *dot = strchr(text, '.');

    if (dot == NULL || dot == text || (size_t)(dot - text) >= sizeof left)
        return false;
    memcpy(left, text, (size_t)(dot - text));
    left[dot - text] = '\0';
    return text_to_int(left, first) && text_to_int(dot + 1, second) && *first >= 0 &&
           *first<BUCKETS && * second> 0;
}

bool page_place(const char *text, size_t count, int64_t *numbers)
{
    char one[24];

    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, ".");
        if (length >= sizeof one || (text[length] == '.') != (i + 1 < count))
            return false;
        memcpy(one, text, length);
        one[length] = '\0';
        if (!text_to_int(one, &numbers[i]))
            return false;
        text += length + 1;
    }
    return true;
}

const char *page_place_print(struct arena *a, size_t count, const int64_t *numbers)
{
    const char *out = arena_print(a, "%lld", (long long)numbers[0]);

    for (size_t i = 1; i < count; i++)
        out = arena_print(a, "%s.%lld", out, (long long)numbers[i]);
    return out;
}

void put(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

void put_int(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

void put_true(json_t *object, const char *key, bool truth)
{
    json_object_set_new(object, key, json_boolean(truth));
}

json_t *put_list(json_t *object, const char *key)
{
    json_t *list = json_array();

    json_object_set_new(object, key, list);
    return list;
}

json_t *put_object(json_t *object, const char *key)
{
    json_t *inner = json_object();

    json_object_set_new(object, key, inner);
    return inner;
}

json_t *list_add(json_t *list)
{
    json_t *object = json_object();

    json_array_append_new(list, object);
    return object;
}

void put_standing(struct page *p, json_t *object, const char *key, struct standing_words words)
{
    json_t *inner = put_object(object, key);
    static const char *const tones[] = { "ok", "warn", "stop", "info", "hold" };

    put(inner, "name", words.name);
    put(inner, "title", words.title);
    put(inner, "meaning", words.meaning);
    put(inner, "tone", words.tone);
    for (size_t i = 0; i < COUNT(tones);
         i++) /* all of them: what is absent is looked up above */
        put_true(inner, arena_print(p->arena, "is_%s", tones[i]),
                 strcmp(tones[i], words.tone) == 0);
}

const char *moment_within(const struct page *p, struct instant at)
{
    return words_within(p->arena, words_moment(p->arena, at, p->view->zone, p->view->today));
}

void put_rule(struct page *p, json_t *object, const char *id)
{
    const struct rule *rule = text_is_empty(id) ? NULL : view_rule(p->view, id);

    put(object, "rule", id != NULL ? id : "");
    put(object, "cite", rule != NULL ? rule_cite_first(rule) : "");
    put(object, "rule_title", rule != NULL ? rule_title(rule) : "");
}

const char *url_encode(struct arena *a, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, strlen(text) * 3 + 1), *at = out;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
        if (plain) {
            *at++ = (char)c;
            continue;
        }
        *at++ = '%';
        *at++ = hex[c >> 4];
        *at++ = hex[c & 15];
    }
    return out;
}
