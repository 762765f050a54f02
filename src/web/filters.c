/* Filters of lists, as they stand in addresses and on pages. */
#include "web/page_lists.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILTER_LENGTH = 100 };

struct filters filters_of(struct page *p, const char *path, const char *const names[],
                          size_t count)
{
    struct filters f = { .p = p, .path = path, .count = count };

    must(count <= FILTERS_MOST);
    for (size_t i = 0; i < count; i++) {
        f.all[i].name = names[i];
        f.all[i].value = page_field(p, names[i]);
        if (f.all[i].value != NULL && strlen(f.all[i].value) > FILTER_LENGTH)
            f.all[i].value = arena_copy_n(p->arena, f.all[i].value, FILTER_LENGTH);
    }
    return f;
}

const char *filters_get(const struct filters *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++) {
        if (text_equal(f->all[i].name, name))
            return f->all[i].value;
    }
    return NULL;
}

const char *filters_query(const struct filters *f, const char *name, const char *value)
{
    struct arena *a = f->p->arena;
    const char *query = "";

    for (size_t i = 0; i < f->count; i++) {
        const char *said = text_equal(f->all[i].name, name) ? value : f->all[i].value;
        if (said != NULL)
            query = arena_print(a, "%s%s%s=%s", query, query[0] != '\0' ? "&" : "",
                                f->all[i].name, url_encode(a, said));
    }
    return query;
}

static const char *with_query(const struct filters *f, const char *path, const char *query)
{
    return query[0] == '\0' ? path : arena_print(f->p->arena, "%s?%s", path, query);
}

const char *filters_link(const struct filters *f, const char *name, const char *value)
{
    return with_query(f, f->path, filters_query(f, name, value));
}

const char *filters_file(const struct filters *f)
{
    return with_query(f, arena_print(f->p->arena, "%s.csv", f->path),
                      filters_query(f, NULL, NULL));
}

bool filters_any(const struct filters *f, const char *but)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->all[i].value != NULL && !text_equal(f->all[i].name, but))
            return true;
    }
    return false;
}

/* ---- On the page ---- */

static json_t *list_of(struct page *p, const char *key)
{
    json_t *list = json_object_get(p->context, key);

    return list != NULL ? list : put_list(p->context, key);
}

static void option_put(json_t *options, const char *value, const char *title,
                       const char *chosen)
{
    json_t *option = list_add(options);

    put(option, "value", value != NULL ? value : "");
    put(option, "title", title);
    put_true(option, "is_chosen", text_equal(value, chosen));
}

void filter_select(struct filters *f, const char *name, const char *label, const char *all,
                   const struct filter_option options[], size_t count)
{
    if (count >= 2 || filters_get(f, name) != NULL)
        filter_choice(f, name, label, all, options, count);
}

void filter_choice(struct filters *f, const char *name, const char *label, const char *all,
                   const struct filter_option options[], size_t count)
{
    const char *chosen = filters_get(f, name);
    bool known = chosen == NULL;

    json_t *select = list_add(list_of(f->p, "selects"));
    put(select, "name", name);
    put(select, "label", label);
    json_t *list = put_list(select, "options");
    if (all != NULL)
        option_put(list, NULL, all, chosen);
    for (size_t i = 0; i < count; i++) {
        option_put(list, options[i].value, options[i].title, chosen);
        known = known || text_equal(options[i].value, chosen);
    }
    if (!known)
        option_put(list, chosen, chosen, chosen);
}

void filter_select_names(struct filters *f, const char *name, const char *label,
                         const char *all, const char *const names[], size_t count)
{
    struct filter_option *options = arena_array(f->p->arena, struct filter_option, count + 1);

    for (size_t i = 0; i < count; i++)
        options[i] = (struct filter_option){ names[i], names[i] };
    filter_select(f, name, label, all, options, count);
}

void filter_field(struct filters *f, const char *name, const char *label, const char *type)
{
    json_t *field = list_add(list_of(f->p, "fields"));

    put(field, "name", name);
    put(field, "label", label);
    put(field, "type", type);
    put_true(field, "is_first", text_equal(type, "search"));
    put(field, "value", filters_get(f, name) != NULL ? filters_get(f, name) : "");
}

void filter_kept(struct filters *f, const char *name)
{
    json_t *list = list_of(f->p, "kept");

    if (filters_get(f, name) == NULL)
        return;
    json_t *field = list_add(list);
    put(field, "name", name);
    put(field, "value", filters_get(f, name));
}

void filter_chip(struct filters *f, const char *title, const char *meaning, const char *count,
                 const char *link, bool chosen)
{
    json_t *chip = list_add(list_of(f->p, "list_chips"));

    put(chip, "title", title);
    put(chip, "meaning", meaning != NULL ? meaning : "");
    put(chip, "count", count != NULL ? count : "");
    put(chip, "link", link);
    put_true(chip, "is_chosen", chosen);
}

void filter_empty_link(const struct filters *f, const char *link, const char *words)
{
    if (filters_any(f, NULL))
        return;
    json_t *way = put_object(f->p->context, "empty_link");
    put(way, "link", link);
    put(way, "words", words);
}

bool filters_end(struct filters *f, struct fault *why)
{
    list_of(f->p, "kept");
    list_of(f->p, "selects");
    list_of(f->p, "fields");
    put(f->p->context, "list_path", f->path);
    put(f->p->context, "list_query", filters_query(f, NULL, NULL));
    put(f->p->context, "first_link", filters_link(f, NULL, NULL));
    put_true(f->p->context, "is_filtered", filters_any(f, NULL));
    put_true(f->p->context, "is_narrowed", filters_any(f, "state"));
    put(f->p->context, "file_link", page_may(f->p, MAY_EXPORT) ? filters_file(f) : NULL);
    return views_put(f, why);
}

bool filter_day(const struct filters *f, const char *name, int64_t otherwise, int64_t *out,
                struct fault *why)
{
    const char *typed = filters_get(f, name);
    struct day day;

    *out = otherwise;
    if (typed == NULL)
        return true;
    if (!day_parse(typed, &day))
        return fail(why, BAD_VALUE, "\"%s\" is no day. Write it like 2026-11-20.", typed);
    *out = day.number;
    return true;
}

bool filter_after(const struct filters *f, bool *goes_on, struct list_mark *out,
                  struct fault *why)
{
    const char *typed = page_field(f->p, "after");
    int64_t place[3];

    *goes_on = typed != NULL;
    if (typed == NULL)
        return true;
    if (!page_place(typed, 3, place))
        return fail(why, BAD_VALUE, "\"%s\" is no place in this list.", typed);
    *out = (struct list_mark){ place[0], place[1], place[2] };
    return true;
}

void filter_pager(struct filters *f, bool more, bool short_of, struct list_mark after)
{
    const char *link = filters_link(f, NULL, NULL);
    const int64_t place[] = { after.key, after.casefile, after.number };

    put_true(f->p->context, "later_page", page_field(f->p, "after") != NULL);
    put_true(f->p->context, "short_of", short_of);
    put(f->p->context, "next",
        !more ? NULL
              : arena_print(f->p->arena, "%s%cafter=%s", link,
                            strchr(link, '?') == NULL ? '?' : '&',
                            page_place_print(f->p->arena, 3, place)));
}

const char *days_away(struct arena *a, int64_t day, struct day today, bool *late)
{
    int64_t days = day - today.number;

    *late = days < 0;
    if (days == 0)
        return "today";
    if (days == 1)
        return "tomorrow";
    return days > 0
               ? arena_print(a, "in %lld days", (long long)days)
               : arena_print(a, "%lld day%s late", (long long)-days, days == -1 ? "" : "s");
}
