#include "flow/compose_parts.h"

#include "base/text.h"
#include "domain/validation.h"
#include "flow/book.h"
#include "flow/opt_out.h"
#include "flow/spoken.h"
#include "formats/letter_pdf.h"
#include "formats/letter_print.h"
#include "formats/mime.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAY_DAYS_EMAIL = 10, PAY_DAYS_LETTER = 14 };

int compose_pay_days(enum channel channel)
{
    return channel == CHANNEL_EMAIL ? PAY_DAYS_EMAIL : PAY_DAYS_LETTER;
}

struct kept_text {
    struct kept_text *next;
    const char *name, *language;
    struct letter_text *text;
    struct letter_content email, letter;
};

struct composer {
    struct store *store;
    struct arena arena;
    struct sender sender;
    struct letter_html *html;
    struct letter_saying *saying;
    struct kept_text *texts;
};

static bool sender_load(struct store *s, struct arena *a, struct sender *out, struct fault *why)
{
    const char *org, *name;

    if (!book_setting(s, a, "org", &org, why) || !book_setting(s, a, "name", &name, why) ||
        !book_setting(s, a, "address", &out->address, why) ||
        !book_setting(s, a, "country", &out->country, why) ||
        !book_setting(s, a, "email", &out->email, why) ||
        !book_setting(s, a, "phone", &out->phone, why) ||
        !book_setting(s, a, "supervisory_authority", &out->authority, why) ||
        !book_setting(s, a, "base_url", &out->base_url, why) ||
        !book_setting(s, a, "secret", &out->secret, why))
        return false;
    out->name = org != NULL ? org : name != NULL ? name : "recoup";
    return true;
}

struct composer *composer_open(struct store *s, struct fault *why)
{
    struct composer *composer = calloc(1, sizeof *composer);

    must(composer != NULL);
    composer->store = s;
    composer->html = letter_html_load(&composer->arena, why);
    composer->saying = letter_saying_load(&composer->arena, why);
    if (composer->html != NULL && composer->saying != NULL && sender_load(s, &composer->arena, &composer->sender, why))
        return composer;
    composer_close(composer);
    return NULL;
}

void composer_close(struct composer *composer)
{
    if (composer == NULL)
        return;
    arena_free(&composer->arena);
    free(composer);
}

const struct sender *composer_sender(const struct composer *composer)
{
    return &composer->sender;
}

static bool text_for(struct composer *composer, const char *name, const char *language,
                     const struct kept_text **out, struct fault *why)
{
    struct letter_text *text;

    for (struct kept_text *k = composer->texts; k != NULL; k = k->next) {
        if (text_equal(k->name, name) && text_equal(k->language, language)) {
            *out = k;
            return true;
        }
    }
    if (!letter_text_load(&composer->arena, name, language, &text, why))
        return false;
    struct kept_text *k = arena_make(&composer->arena, struct kept_text);
    *k = (struct kept_text){ .next = composer->texts,
                             .name = arena_copy(&composer->arena, name),
                             .language = arena_copy(&composer->arena, language),
                             .text = text };
    letter_content_read(composer->saying, &composer->arena, text, CHANNEL_EMAIL, &k->email);
    letter_content_read(composer->saying, &composer->arena, text, CHANNEL_LETTER, &k->letter);
    composer->texts = k;
    *out = k;
    return true;
}

const char *compose_day(const struct composing *c, struct day day)
{
    return spoken_day(c->a, c->language, c->country, day);
}

const char *compose_money(const struct composing *c, struct money money)
{
    return spoken_money(c->a, c->language, money);
}

/* ---- The context of a letter (letters/README.md) -------------------------------------------- */

static json_t *sender_object(const struct sender *s, const char *name)
{
    json_t *object = context_sender(s, name);

    context_put(object, "supervisory_authority", s->authority);
    return object;
}

static void put_parties(struct composing *c)
{
    const struct casefile *file = c->r->casefile;
    const struct sender *s = c->sender;
    json_t *debtor = json_object(), *creditor;
    const char *letter = NULL;

    for (size_t i = 0; i < file->point_count; i++) {
        if (file->points[i].channel == CHANNEL_LETTER && file->points[i].good &&
            file->points[i].party == c->r->party->number)
            letter = file->points[i].address;
    }
    if (file->role == ACTOR_FIRST_PARTY_CREDITOR) {
        creditor = sender_object(s, text_equal(file->creditor, "us") ? s->name : file->creditor);
    } else {
        creditor = json_object();
        const char *address = compose_client_address(c);
        context_put(creditor, "name", file->creditor);
        if (address != NULL)
            json_object_set_new(creditor, "address", context_lines(address));
        json_object_set_new(c->context, "collector", sender_object(s, s->name));
    }
    json_object_set_new(c->context, "creditor", creditor);
    json_object_set_new(c->context, "bought", json_boolean(file->role == ACTOR_DEBT_BUYER));
    context_put(debtor, "name", c->r->party->name);
    context_put(debtor, "salutation", c->r->party->name);
    context_put(debtor, "language", c->r->party->language);
    json_object_set_new(debtor, "address",
                        context_lines(context_address(letter, c->r->party->name)));
    json_object_set_new(c->context, "debtor", debtor);
}

static void add_total(struct composing *c, enum currency currency, int64_t minor)
{
    size_t i = 0;

    while (i < c->total_count && c->totals[i].currency != currency)
        i++;
    if (i == COUNT(c->totals))
        return;
    if (i == c->total_count)
        c->totals[c->total_count++].currency = currency;
    c->totals[i].open_minor += minor;
}

bool compose_balance(struct composing *c, const struct instalment *item,
                     struct ledger_balance *out)
{
    const struct casefile *file = c->r->casefile;

    if (c->books.arena == NULL &&
        !books_as_of(c->store, c->a, file->key, c->r->today, INSTANT_NEVER, &c->books, c->why))
        return false;
    const struct ledger_slice *slice =
        ledger_slice_find(&c->books.state, item->debt, item->number);
    *out = (struct ledger_balance){ 0 };
    return slice == NULL ||
           ledger_slice_balance(&c->books.state, slice, c->r->today, out, c->why);
}

bool compose_description(struct composing *c, int32_t debt, const char **out)
{
    struct query q = query_begin(c->store, Q_DEBT_REFERENCES);

    bind_int(&q, c->r->casefile->key.bucket);
    bind_int(&q, c->r->casefile->key.id);
    bind_int(&q, debt);
    *out = query_next(&q) ? row_copy(&q, 2, c->a) : NULL;
    return query_end(&q, c->why);
}

static bool put_item(struct composing *c, json_t *items, const struct instalment *i,
                     const struct debt *d)
{
    json_t *item = json_object();
    struct ledger_balance balance;
    const char *description;

    if (!compose_description(c, d->number, &description) || !compose_balance(c, i, &balance) ||
        !compose_check_item(c, i, d, &balance)) {
        json_decref(item);
        return false;
    }
    int64_t principal = balance.open[COMPONENT_PRINCIPAL];
    int64_t interest = balance.open[COMPONENT_INTEREST];
    int64_t fees = balance.open[COMPONENT_FEES] + balance.open[COMPONENT_COSTS];
    context_put(item, "description", description);
    if (!compose_claim(c, d, interest, fees, item)) {
        json_decref(item);
        return false;
    }
    int64_t open = principal + interest + fees - i->disputed_minor;
    context_put(item, "reference", d->reference);
    context_put(item, "invoice_date", compose_day(c, d->invoice_day));
    context_put(item, "itemization_date", compose_day(c, d->invoice_day));
    context_put(item, "due_date", compose_day(c, i->due_day));
    json_object_set_new(item, "days_past_due",
                        json_integer(c->r->today.number - i->due_day.number));
    context_put(item, "original", compose_money(c, money_of(i->amount_minor, d->currency)));
    context_put(item, "paid", compose_money(c, money_of(i->amount_minor - principal, d->currency)));
    if (i->disputed_minor > 0)
        context_put(item, "disputed", compose_money(c, money_of(i->disputed_minor, d->currency)));
    context_put(item, "interest", compose_money(c, money_of(interest, d->currency)));
    context_put(item, "fees", compose_money(c, money_of(fees, d->currency)));
    context_put(item, "open", compose_money(c, money_of(open, d->currency)));
    json_array_append_new(items, item);
    add_total(c, d->currency, open);
    if (i->due_day.number < c->oldest_due.number)
        c->oldest_due = i->due_day;
    return true;
}

static bool put_items(struct composing *c)
{
    const struct casefile *file = c->r->casefile;
    json_t *items = json_array(), *totals = json_array();
    const char *sum = NULL;

    json_object_set_new(c->context, "items", items);
    json_object_set_new(c->context, "totals", totals);
    for (size_t i = 0; i < c->r->item_count; i++) {
        const struct instalment *item = c->r->items[i];
        if (!put_item(c, items, item, casefile_debt(file, item->debt)))
            return false;
    }
    if (!compose_check_totals(c))
        return false;
    for (size_t i = 0; i < c->total_count; i++) {
        json_t *total = json_object();
        struct money m = money_of(c->totals[i].open_minor, c->totals[i].currency);
        const char *shown = compose_money(c, m);
        context_put(total, "currency", currency_code(m.currency));
        context_put(total, "open", shown);
        json_array_append_new(totals, total);
        sum = sum == NULL ? shown : arena_print(c->a, "%s + %s", sum, shown);
    }
    context_put(c->context, "amount", sum);
    return true;
}

/* Of the whole case file: what nobody is asked for is not among the items. */
static void put_disputed(struct composing *c)
{
    const struct casefile *file = c->r->casefile;
    json_t *parts = json_array();

    for (size_t i = 0; i < file->instalment_count; i++) {
        const struct instalment *item = &file->instalments[i];
        const struct debt *debt = casefile_debt(file, item->debt);
        if (item->disputed_minor <= 0 || c->r->today.number < debt->invoice_day.number)
            continue;
        json_t *part = json_object();
        context_put(part, "reference", debt->reference);
        context_put(part, "due_date", compose_day(c, item->due_day));
        context_put(part, "amount",
                    compose_money(c, money_of(item->disputed_minor, debt->currency)));
        json_array_append_new(parts, part);
    }
    json_object_set_new(c->context, "has_disputed", json_boolean(json_array_size(parts) > 0));
    json_object_set_new(c->context, "disputed_parts", parts);
}

static void put_dates_and_links(struct composing *c)
{
    const struct sender *s = c->sender;
    int pay_days = compose_pay_days(c->r->channel);
    struct day today = c->r->today;

    context_put(c->context, "reference", c->r->casefile->reference);
    context_put(c->context, "today", compose_day(c, today));
    context_put(c->context, "oldest_due", compose_day(c, c->oldest_due));
    context_put(c->context, "pay_by", compose_day(c, day_plus(today, pay_days)));
    context_put(c->context, "dispute_by",
                compose_day(c, validation_end(party_day(c->r->party, c->r->now, today))));
    if (s->base_url == NULL || s->secret == NULL)
        return;
    context_put(c->context, "opt_out_url",
             arena_print(c->a, "%s/u/%s", s->base_url,
                         opt_out_token(c->a, s->secret, c->r->casefile->key, c->r->address)));
}

/* ---- What the law wants said ------------------------------------------------------------------ */

/* The wording of a duty, with what the book knows put in: {{licence_number}}. */
static bool wording_of(struct composing *c, const struct duty *duty, json_t *values,
                       const char **out)
{
    struct template_options options = { .escape = TEMPLATE_PLAIN, .strict = true };
    struct text made = { 0 };
    struct template *wording = template_compile(c->a, rule_id(duty->rule), duty->text,
                                                strlen(duty->text), &options, c->why);
    bool fine = wording != NULL && template_render(wording, values, &made, c->why);

    if (wording != NULL && !fine)
        fault_hint(c->why, "the wording of a rule needs it: recoup setting list");
    *out = text_trim(c->a, text_of(&made));
    text_free(&made);
    return fine;
}

static json_t *wording_values(struct composing *c)
{
    json_t *values = json_copy(c->context);
    const char *licence;

    must(values != NULL);
    if (!book_setting(c->store, c->a, "licence_number", &licence, c->why)) {
        json_decref(values);
        return NULL;
    }
    context_put(values, "licence_number", licence);
    return values;
}

static bool is_said(const json_t *texts, const char *text)
{
    for (size_t i = 0; i < json_array_size(texts); i++) {
        if (text_equal(json_string_value(json_array_get(texts, i)), text))
            return true;
    }
    return false;
}

/* What is said of an old debt stands by itself: a validation notice shows it on its front. */
static bool put_wording(struct composing *c, json_t *values, json_t *others, json_t *old_debt)
{
    const struct verdict *v = c->r->verdict;

    for (size_t i = 0; v != NULL && i < v->duty_count; i++) {
        const struct duty *duty = &v->duties[i];
        json_t *into = text_equal(duty->what, "tbd_disclosure") ? old_debt : others;
        const char *text;
        if (duty->text == NULL)
            continue;
        if (!wording_of(c, duty, values, &text))
            return false;
        if (!is_said(into, text))
            json_array_append_new(into, json_string(text));
    }
    return true;
}

static bool put_disclosures(struct composing *c)
{
    json_t *others = json_array(), *old_debt = json_array(), *values = wording_values(c);
    bool fine = values != NULL && put_wording(c, values, others, old_debt);

    json_object_set_new(c->context, "has_disclosures", json_boolean(json_array_size(others) > 0));
    json_object_set_new(c->context, "disclosures", others);
    json_object_set_new(c->context, "old_debt_disclosures", old_debt);
    json_decref(values);
    return fine;
}

/* ---- What somebody wrote --------------------------------------------------------------------- */

/* Paragraphs end at an empty line; a line that ends within one goes on. */
static void put_reply(struct composing *c)
{
    const char *words = c->r->words;

    if (words == NULL)
        return;
    json_t *reply = json_object(), *paragraphs = json_array();
    for (const char *at = words + strspn(words, "\r\n "); *at != '\0';) {
        const char *end = strstr(at, "\n\n");
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        json_array_append_new(paragraphs,
                              json_pack("{s:s}", "text", arena_copy_n(c->a, at, length)));
        at += length;
        at += strspn(at, "\r\n ");
    }
    json_object_set_new(reply, "subject",
                        json_string(c->r->subject != NULL ? c->r->subject : ""));
    json_object_set_new(reply, "paragraphs", paragraphs);
    json_object_set_new(c->context, "reply", reply);
}

/* ---- Bytes ---------------------------------------------------------------------------------- */

static const char *domain_of(const char *email)
{
    const char *at = email != NULL ? strchr(email, '@') : NULL;

    return at != NULL ? at + 1 : "recoup.example";
}

/* "mailto:" with a subject that names the account; what is not plain is percent-encoded. */
static const char *stop_by_mail(struct composing *c, const char *address)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    struct text text = { 0 };

    text_add_print(&text, "mailto:%s?subject=stop%%20", address);
    for (const char *at = c->r->casefile->reference; *at != '\0'; at++) {
        if (strchr(plain, *at) != NULL)
            text_add_char(&text, *at);
        else
            text_add_print(&text, "%%%02X", (unsigned)(unsigned char)*at);
    }
    const char *copy = arena_copy(c->a, text_of(&text));
    text_free(&text);
    return copy;
}

static bool make_email(struct composing *c, const struct letter_document *d,
                       struct composed *out)
{
    const struct sender *s = c->sender;

    letter_print_text(d, &c->text);
    if (!letter_print_html(c->composer->html, d, &c->html, c->why))
        return false;
    const char *url = json_string_value(json_object_get(c->context, "opt_out_url"));
    const char *from = s->email != NULL ? s->email : "collections@recoup.example";
    struct mime_message m = {
        .from = { d->sender.count > 0 ? d->sender.lines[0] : s->name, from },
        .to = { c->r->party->name, c->r->address },
        .subject = d->subject,
        .date = c->r->now,
        .message_id = arena_print(c->a, "%s@%s", out->key, domain_of(s->email)),
        .text = text_of(&c->text),
        .html = text_of(&c->html),
        .language = d->language,
        .unsubscribe_url = url != NULL && text_starts(url, "https://") ? url : NULL,
        .unsubscribe_mail = stop_by_mail(c, from),
    };

    return mime_build(c->a, &m, &out->bytes, &out->length, c->why);
}

/* An email holds them all, one after the other. */
static struct letter_document joined(struct composing *c, size_t count,
                                     const struct letter_document *documents)
{
    struct letter_document all = documents[0];
    struct letter_block *blocks = NULL;
    size_t room = 0;

    all.block_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < documents[i].block_count; k++)
            *arena_push(c->a, blocks, all.block_count, room) = documents[i].blocks[k];
    }
    all.blocks = blocks;
    return all;
}

static bool render_all(struct composing *c, const struct letter_text *text,
                       struct letter_document **documents, size_t *count)
{
    if (text_equal(letter_text_purpose(text), VALIDATION_NOTICE))
        return compose_notices(c, text, documents, count);
    *documents = arena_make(c->a, struct letter_document);
    *count = 1;
    return letter_text_render(c->a, text, c->context, c->r->channel, *documents, c->why);
}

static bool render(struct composing *c, const struct letter_text *text, struct composed *out)
{
    struct letter_document *documents;
    size_t count;

    if (!render_all(c, text, &documents, &count))
        return false;
    out->subject = documents[0].subject;
    if (c->r->channel == CHANNEL_EMAIL) {
        struct letter_document document = joined(c, count, documents);
        return make_email(c, &document, out);
    }
    return letter_pdf_make_all(c->a, count, documents, c->r->now, &out->bytes, &out->length, NULL,
                               c->why);
}

bool compose(struct composer *composer, struct arena *a, const struct compose_request *request,
             struct composed *out, struct fault *why)
{
    struct composing c = { .r = request,
                           .composer = composer,
                           .store = composer->store,
                           .sender = &composer->sender,
                           .a = a,
                           .country = composer->sender.country,
                           .context = json_object(),
                           .oldest_due = DAY_NEVER,
                           .why = why };
    struct casefile_key key = request->casefile->key;
    const struct kept_text *kept;

    out->key = arena_print(a, "m%" PRId64 "-%" PRId32, key.id, request->outbox);
    bool done = text_for(composer, request->template, request->party->language, &kept, why);
    if (done) { /* dates and amounts are written as in the language of the words */
        c.language = letter_text_language(kept->text);
        c.says = request->channel == CHANNEL_EMAIL ? kept->email.fields : kept->letter.fields;
        done = compose_authority_is_known(&c) && put_items(&c);
    }
    if (done) {
        put_parties(&c);
        put_disputed(&c);
        put_dates_and_links(&c);
        compose_debit(&c);
        put_reply(&c);
        done = compose_agreement(&c) && put_disclosures(&c) && render(&c, kept->text, out);
    }
    json_decref(c.context);
    text_free(&c.text);
    text_free(&c.html);
    return done;
}
