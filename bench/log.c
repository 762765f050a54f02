/*
 * How long a page of the decision log takes: `log BOOK DAY`, where DAY is one with many
 * records. Prints milliseconds as JSON, the median of seven; the first of each is told apart,
 * since it finds a cold cache.
 */
#include "flow/audit_chain.h"
#include "flow/audit_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TIMES = 7 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

struct measured {
    const char *name;
    struct log_request request;
    bool count;
};

static double once(struct view *v, const struct measured *m, size_t *rows)
{
    struct timespec begun;
    struct fault why = { 0 };
    struct log_page page = { 0 };
    struct log_totals totals;

    clock_gettime(CLOCK_MONOTONIC, &begun);
    if (!view_begin(v, v->now, &why) || !(m->count ? log_count(v, &m->request, &totals, &why)
                                                   : log_list(v, &m->request, &page, &why))) {
        fprintf(stderr, "%s: %s\n", m->name, why.text);
        exit(1);
    }
    *rows = m->count ? (size_t)(totals.allowed + totals.moved + totals.blocked + totals.held)
                     : page.count;
    view_end(v);
    struct timespec ended;
    clock_gettime(CLOCK_MONOTONIC, &ended);
    return (double)(ended.tv_sec - begun.tv_sec) * 1e3 +
           (double)(ended.tv_nsec - begun.tv_nsec) / 1e6;
}

static void measure(struct view *v, const struct measured *m, bool last)
{
    double took[TIMES];
    size_t rows = 0;

    for (int i = 0; i < TIMES; i++)
        took[i] = once(v, m, &rows);
    double first = took[0];
    qsort(took, TIMES, sizeof *took, by_size);
    printf("\"%s\":{\"rows\":%zu,\"first_ms\":%.1f,\"ms\":%.1f}%s", m->name, rows, first,
           took[TIMES / 2], last ? "" : ",\n");
}

int main(int argc, char **argv)
{
    struct fault why = { 0 };
    const struct zone *zone;
    struct day day;

    if (argc != 3 || !day_parse(argv[2], &day) || !view_zone(argv[1], &zone, &why)) {
        fprintf(stderr, "log BOOK DAY %s\n", why.text);
        return 2;
    }
    struct instant from = day_begins(day, zone), to = day_begins(day_plus(day, 1), zone);
    struct loaded_policy *policy = policy_load(zone, to, &why);
    struct view *v = policy != NULL ? view_open(argv[1], policy_of(policy), zone, &why) : NULL;
    if (v == NULL) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    v->now = to;
    struct log_request one_day = { .from = from, .to = to, .most = 50 }, blocked = one_day,
                       rule = one_day, people = one_day, records = one_day, channel = one_day,
                       client = one_day, ever = one_day, sifted = one_day;
    blocked.outcome = "blocked";
    rule.rule = "house.opt_out";
    rule.from.us = INT64_MIN / 2;
    people.view = LOG_PEOPLE;
    records.view = LOG_RECORDS;
    channel.channel = "sms";
    client.client = "Nobody At All";
    ever.from.us = INT64_MIN / 2;
    sifted.view = LOG_RECORDS;
    sifted.kind = "no such kind";
    const struct measured all[] = {
        { "a day", one_day, false },
        { "a day, blocked", blocked, false },
        { "a day, one channel", channel, false },
        { "a day, every record", records, false },
        { "a day, what people did", people, false },
        { "all days, a rule", rule, false },
        { "all days, decisions", ever, false },
        { "nothing matches: a client", client, false },
        { "nothing matches: a kind", sifted, false },
        { "totals of the day", one_day, true },
        { "totals of all days", ever, true },
    };
    printf("{");
    for (size_t i = 0; i < COUNT(all); i++)
        measure(v, &all[i], i + 1 == COUNT(all));
    printf("}\n");
    view_close(v);
    policy_free(policy);
    return 0;
}
