/*
 * Spoken: dates, amounts and rates as the reader of a language writes them. Texts live in the
 * arena.
 */
#ifndef FLOW_SPOKEN_H
#define FLOW_SPOKEN_H

#include "base/arena.h"
#include "domain/calendar.h"
#include "domain/money.h"

/* "November 20, 2026" for English in the United States and Canada, "20 November 2026" elsewhere,
 * "20.11.2026" in German, "2026-11-20" in other languages. `country` may be NULL. */
const char *spoken_day(struct arena *a, const char *language, const char *country,
                       struct day day);

/* The same for tables: "Nov 20, 2026", "20 Nov 2026". */
const char *spoken_short_day(struct arena *a, const char *language, const char *country,
                             struct day day);

/* "$1,234.56", in German "1.234,56 €"; always with its currency. */
const char *spoken_money(struct arena *a, const char *language, struct money money);

/* Millionths as percent: "10.27%", in German "10,27 %". */
const char *spoken_percent(struct arena *a, const char *language, int32_t ppm);

#endif
