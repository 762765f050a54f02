/* What was charged to a case file, and what allows it. */
#include "flow/line_words.h"
#include "web/page_parts.h"

enum { CHARGES_SHOWN = 12 };

static bool is_charge(const struct balance_line *l)
{
    return l->kind == LINE_CHARGE || l->kind == LINE_INTEREST || l->kind == LINE_RUNNING ||
           l->kind == LINE_LATE_FEE;
}

static bool charge_put(struct page *p, json_t *row, const struct balance *b,
                       const struct balance_line *l, enum currency currency,
                       const struct line_words *words, struct fault *why)
{
    const char *what, *ground = line_ground(p->arena, l);

    if (!line_words_say(words, p->arena, b, l, &what, why))
        return false;
    put(row, "what", what);
    put(row, "day", words_day(p->arena, l->day));
    put(row, "amount", words_money(p->arena, balance_sum_total(&l->change), currency));
    put(row, "ground", ground);
    put_true(row, "no_ground", ground == NULL);
    return true;
}

bool charges_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    const struct line_words *words = line_words_load(p->arena, "en", "US", why);
    json_t *list = put_list(p->context, "charges");
    const struct balance *b = &f->balance;

    if (words == NULL)
        return false;
    for (size_t i = 0; i < b->currency_count; i++) {
        const struct balance_currency *c = &b->currencies[i];
        for (size_t k = c->line_count; k-- > 0 && json_array_size(list) < CHARGES_SHOWN;) {
            if (is_charge(&c->lines[k]) &&
                !charge_put(p, list_add(list), b, &c->lines[k], c->currency, words, why))
                return false;
        }
    }
    put_true(p->context, "any_charges", json_array_size(list) > 0);
    put(p->context, "statement",
        arena_print(p->arena, "/accounts/%s/statement",
                    url_encode(p->arena, f->casefile->reference)));
    return true;
}
