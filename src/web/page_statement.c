/* The statement of an account: any days, and what was given out. */
#include "base/text.h"
#include "flow/statement.h"
#include "web/page_parts.h"

static bool day_asked(struct page *p, const char *name, struct day otherwise, struct day *out,
                      struct fault *why)
{
    const char *text = page_field(p, name);

    *out = otherwise;
    return text == NULL || day_parse(text, out) ||
           fail(why, BAD_VALUE, "\"%s\" is no day: write it as 2026-10-31.", text);
}

static const char *plain(struct page *p, struct day day)
{
    return day_print(day, arena_alloc(p->arena, DAY_TEXT));
}

static void period_put(struct page *p, json_t *list, const char *title, struct day from,
                       struct day to, const struct statement *shown)
{
    json_t *row = list_add(list);

    put(row, "title", title);
    put(row, "link", arena_print(p->arena, "/accounts/%s/statement?from=%s&to=%s",
                                 url_encode(p->arena, p->hole), plain(p, from), plain(p, to)));
    put_true(row, "is_shown",
             shown->from.number == from.number && shown->to.number == to.number);
}

/* Days that are asked for most. */
static void periods_put(struct page *p, const struct statement *shown)
{
    json_t *list = put_list(p->context, "periods");
    struct day today = p->view->today;
    struct date d = date_of_day(today);
    struct day month = day_plus(today, 1 - d.day), year = day_of_date((struct date){ d.year, 1, 1 });
    struct day before = day_plus(month, -1);

    period_put(p, list, "This month", month, today, shown);
    period_put(p, list, "Last month", day_plus(before, 1 - date_of_day(before).day), before, shown);
    period_put(p, list, "This year", year, today, shown);
}

/* Columns as statement_list has them. */
enum { KEPT_NUMBER, KEPT_KIND, KEPT_ABOUT, KEPT_FROM, KEPT_TO, KEPT_AT, KEPT_STATE };

static bool kept_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "kept");
    struct sheet sheet = { 0 };
    bool done = statement_rows(p->view->store, p->hole, p->view->now, p->view->zone, &sheet, why);
    const struct table *t = &sheet.tables[0];

    for (size_t at = 0; done && at < t->cell_count; at += t->column_count) {
        const struct table_cell *cells = &t->cells[at];
        json_t *row = list_add(list);
        put_int(row, "number", cells[KEPT_NUMBER].count);
        put(row, "kind", words_plain(p->arena, cells[KEPT_KIND].text));
        put(row, "about", cells[KEPT_ABOUT].text);
        put(row, "from", cells[KEPT_FROM].text);
        put(row, "to", cells[KEPT_TO].text);
        put(row, "at", arena_copy_n(p->arena, cells[KEPT_AT].text, 10));
        put(row, "state", cells[KEPT_STATE].text);
        put_true(row, "stands", text_equal(cells[KEPT_STATE].text, "stands"));
    }
    put_true(p->context, "any_kept", json_array_size(list) > 0);
    sheet_free(&sheet);
    return done;
}

bool page_statement(struct page *p, struct fault *why)
{
    struct statement_request request = { .reference = p->hole,
                                         .now = p->view->now,
                                         .zone = p->view->zone,
                                         .language = "en" };
    struct casefile_key key;
    struct statement drawn;

    if (!view_find(p->view, p->hole, &key, why) ||
        !day_asked(p, "from", DAY_NONE, &request.from, why) ||
        !day_asked(p, "to", p->view->today, &request.to, why) ||
        !statement_draw(p->view->store, p->arena, &request, &drawn, why))
        return false;
    json_object_update(p->context, json_object_get(drawn.content, "shown"));
    put(p->context, "title", arena_print(p->arena, "Statement of %s", p->hole));
    put(p->context, "shown_reference", p->hole);
    put(p->context, "account", arena_print(p->arena, "/accounts/%s", url_encode(p->arena, p->hole)));
    put(p->context, "action",
        arena_print(p->arena, "/accounts/%s/statement", url_encode(p->arena, p->hole)));
    put(p->context, "from", plain(p, drawn.from));
    put(p->context, "to", plain(p, drawn.to));
    periods_put(p, &drawn);
    statement_done(&drawn);
    return kept_put(p, why);
}
