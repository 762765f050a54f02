/* The two tables of law among the rates: statutory interest, and what a payment pays first. */
#include "base/text.h"
#include "formats/rates.h"

#include <string.h>

static const int32_t ppm_most = 10000000; /* a thousand percent */

struct law {
    struct arena *a;
    struct fault *why;
    struct rate_book *book;
    struct statutory_rate *rates;
    size_t room;
};

enum reference { REFERENCE_FIRST_DAY, REFERENCE_DAY_BEFORE, REFERENCE_EVERY_DAY };

/* The place of a word in a list that ends with NULL; faults stick to the reader. */
static int word_read(struct yaml_reader *r, const char *key, const char *const words[],
                     int otherwise)
{
    const char *text = yaml_text_or(r, key, NULL);

    if (text == NULL)
        return otherwise;
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    if (r->ok)
        r->ok = yaml_fail(yaml_find(r->map, key), r->why, "\"%s\" is no %s", text, key);
    return otherwise;
}

void interest_words_read(struct yaml_reader *r, struct interest_terms *out)
{
    static const char *const compounding[] = { "never", "monthly", "quarterly", "yearly",
                                               NULL };
    const char *count = yaml_text_or(r, "day_count", NULL);

    if (count != NULL && !day_count_parse(count, &out->day_count) && r->ok)
        r->ok = yaml_fail(yaml_find(r->map, "day_count"), r->why,
                          "\"%s\" is no day count; use act/365f, act/360, act/act, 30/360 or "
                          "30e/360",
                          count);
    out->compounding =
        (enum compounding)word_read(r, "compounding", compounding, (int)out->compounding);
}

static struct day half_begins(int half) /* counted from the first of year 0 */
{
    return day_of_date((struct date){ half / 2, half % 2 * 6 + 1, 1 });
}

static int half_of(struct day day)
{
    struct date date = date_of_day(day);

    return date.year * 2 + (date.month > 6);
}

/* One step for every half-year whose reference day has a rate that is known. */
static struct rates by_halves(struct arena *a, const struct rate_series *series, bool before,
                              struct day *known_to)
{
    int first = half_of(series->rates.steps[0].from) + 1, last = half_of(series->known_to) + 1;
    struct rate_step *steps = arena_array(a, struct rate_step, (size_t)(last - first) + 2);
    size_t count = 0;

    for (int half = first - 1; half <= last; half++) {
        struct day from = half_begins(half), reference = day_plus(from, before ? -1 : 0);
        if (reference.number < series->rates.steps[0].from.number ||
            reference.number > series->known_to.number)
            continue;
        steps[count++] = (struct rate_step){ from, rate_on(series->rates, reference) };
        *known_to = day_plus(half_begins(half + 1), -1);
    }
    return (struct rates){ count, steps };
}

/* Up to the next multiple. */
static void round_up(struct rates rates, struct rate_step *steps, int32_t multiple)
{
    for (size_t i = 0; i < rates.count && multiple > 0; i++)
        steps[i].ppm = (steps[i].ppm + multiple - 1) / multiple * multiple;
}

/* What ran before this day is left out; the step that holds on it begins with it. */
static struct rates since(struct rates rates, struct rate_step *steps, struct day from)
{
    size_t begun = 0;

    while (begun < rates.count && steps[begun].from.number <= from.number)
        begun++;
    if (begun == 0)
        return rates;
    steps[begun - 1].from = from;
    return (struct rates){ rates.count - begun + 1, steps + begun - 1 };
}

static void series_rate_read(struct law *l, struct yaml_reader *r, struct interest_terms *out)
{
    static const char *const references[] = { "first_day", "day_before", "every_day", NULL };
    const char *name = yaml_text(r, "series");
    const struct rate_series *series = rate_series_find(l->book, name);
    int32_t margin = yaml_percent(r, "margin", 0, ppm_most), multiple = 0;

    yaml_text(r, "reference");
    enum reference reference = (enum reference)word_read(r, "reference", references, 0);
    yaml_text(r, "from");
    struct day from = yaml_day_or(r, "from", DAY_NONE);
    if (yaml_find(r->map, "round_up") != NULL)
        multiple = yaml_percent(r, "round_up", 1, ppm_most);
    if (r->ok && series == NULL)
        r->ok =
            yaml_fail(yaml_find(r->map, "series"), l->why, "there is no series \"%s\"", name);
    if (!r->ok)
        return;
    out->known_to = series->known_to;
    struct rates base =
        reference == REFERENCE_EVERY_DAY
            ? series->rates
            : by_halves(l->a, series, reference == REFERENCE_DAY_BEFORE, &out->known_to);
    struct rates raised = rates_plus(l->a, base, margin);
    struct rate_step *steps = arena_array(l->a, struct rate_step, raised.count + 1);
    memcpy(steps, raised.steps, raised.count * sizeof *steps);
    raised.steps = steps;
    round_up(raised, steps, multiple);
    out->rates = since(raised, steps, from);
}

static void fixed_rate_read(struct law *l, struct yaml_reader *r, struct interest_terms *out)
{
    struct rate_step *step = arena_make(l->a, struct rate_step);

    step->ppm = yaml_percent(r, "fixed", 1, ppm_most);
    step->from = yaml_day_or(r, "from", day_of_date((struct date){ 1600, 1, 1 }));
    out->rates = (struct rates){ 1, step };
    out->known_to = DAY_NEVER;
    if (r->ok && yaml_find(r->map, "series") != NULL)
        r->ok = yaml_fail(r->map, l->why, "either a fixed rate or a series with a margin");
}

static bool rate_read(struct law *l, const struct yaml *node, struct statutory_rate *out)
{
    struct yaml_reader r = yaml_read(node, l->why);
    struct interest_terms *interest = &out->interest;

    yaml_only(&r, "series", "margin", "reference", "from", "fixed", "round_up", "day_count",
              "compounding", "fixed_at_start", "cite", NULL);
    interest->runs = true;
    interest->ground.law = yaml_text(&r, "cite");
    interest->fixed_at_start = yaml_bool_or(&r, "fixed_at_start", false);
    interest_words_read(&r, interest);
    if (yaml_find(node, "fixed") != NULL)
        fixed_rate_read(l, &r, interest);
    else
        series_rate_read(l, &r, interest);
    return r.ok;
}

static bool country_read(struct law *l, const struct yaml *node)
{
    static const char *const keys[] = { "business", "consumer" };
    struct yaml_reader r = yaml_read(node, l->why);
    struct statutory_rate row = { 0 };
    size_t before = l->book->statutory_count;

    yaml_only(&r, "country", "business", "consumer", "confidence", "note", NULL);
    row.country = yaml_text(&r, "country");
    row.note = yaml_text_or(&r, "note", NULL);
    const char *confidence = yaml_text(&r, "confidence");
    if (r.ok && !confidence_parse(confidence, &row.confidence))
        r.ok =
            yaml_fail(yaml_find(node, "confidence"), l->why, "confidence: high, medium or low");
    for (size_t i = 0; i < COUNT(keys); i++) {
        const struct yaml *rate = yaml_map_or(&r, keys[i]);
        row.consumer = i == 1;
        row.interest = (struct interest_terms){ 0 };
        if (rate == NULL || !r.ok)
            continue;
        if (statutory_rate_find(l->book, row.country, row.consumer) != NULL)
            return yaml_fail(node, l->why, "%s stands here twice", row.country);
        r.ok = rate_read(l, rate, &row);
        *arena_push(l->a, l->rates, l->book->statutory_count, l->room) = row;
        l->book->statutory = l->rates;
    }
    if (r.ok && l->book->statutory_count == before)
        r.ok = yaml_fail(node, l->why, "a country needs a rate for business or consumer");
    return r.ok;
}

/* The list under the only key of a file. */
static const struct yaml *list_of_file(struct arena *a, const char *file, const char *bytes,
                                       size_t length, const char *key, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);

    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_only(&r, key, NULL);
    const struct yaml *list = yaml_list(&r, key);
    return r.ok ? list : NULL;
}

bool statutory_read(struct arena *a, const char *file, const char *bytes, size_t length,
                    struct rate_book *book, struct fault *why)
{
    struct law l = { .a = a, .why = why, .book = book };
    const struct yaml *list = list_of_file(a, file, bytes, length, "statutory", why);

    book->statutory_count = 0;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (!country_read(&l, list->items[i]))
            return false;
    }
    return list != NULL;
}

void allocation_read(struct yaml_reader *r, struct arena *a, struct allocation_order *out)
{
    static const char *const by[] = { "instalment", "component", NULL };
    struct yaml_texts order = yaml_texts(r, a, "order");
    unsigned seen = 0;

    yaml_text(r, "by");
    out->by_component = word_read(r, "by", by, 0) == 1;
    for (size_t i = 0; r->ok && i < order.count; i++) {
        enum component component;
        if (!component_parse(order.texts[i], &component)) {
            r->ok =
                yaml_fail(yaml_find(r->map, "order"), r->why,
                          "\"%s\" is no part of a debt; use principal, interest, fees, costs",
                          order.texts[i]);
            return;
        }
        seen |= 1U << component;
        if (i < COMPONENT_COUNT)
            out->order[i] = component;
    }
    if (r->ok && (order.count != COMPONENT_COUNT || seen != (1U << COMPONENT_COUNT) - 1))
        r->ok = yaml_fail(r->map, r->why,
                          "\"order\" must name principal, interest, fees and costs, each once");
}

static bool order_read(struct arena *a, const struct yaml *node, struct named_order *out,
                       struct fault *why)
{
    struct yaml_reader r = yaml_read(node, why);

    yaml_only(&r, "place", "order", "by", "cite", "confidence", NULL);
    out->place = yaml_text(&r, "place");
    out->allocation.ground.law = yaml_text(&r, "cite");
    const char *confidence = yaml_text(&r, "confidence");
    if (r.ok && !confidence_parse(confidence, &out->confidence))
        r.ok = yaml_fail(yaml_find(node, "confidence"), why, "confidence: high, medium or low");
    allocation_read(&r, a, &out->allocation);
    return r.ok;
}

bool orders_read(struct arena *a, const char *file, const char *bytes, size_t length,
                 struct rate_book *book, struct fault *why)
{
    const struct yaml *list = list_of_file(a, file, bytes, length, "orders", why);

    if (list == NULL)
        return false;
    struct named_order *orders = arena_array(a, struct named_order, list->count + 1);
    book->orders = orders;
    book->order_count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!order_read(a, list->items[i], &orders[i], why))
            return false;
        if (allocation_of_place(book, orders[i].place) != NULL)
            return yaml_fail(list->items[i], why, "%s stands here twice", orders[i].place);
        book->order_count++;
    }
    return true;
}
