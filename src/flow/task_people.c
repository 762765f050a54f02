#include "flow/task_people.h"

#include "flow/user.h"

static void money_count(struct task_day *out, enum currency currency, int64_t minor)
{
    for (size_t i = 0; i < out->money_count; i++) {
        if (out->kept_money[i].currency == currency) {
            out->kept_money[i].minor += minor;
            return;
        }
    }
    if (out->money_count < COUNT(out->kept_money))
        out->kept_money[out->money_count++] = money_of(minor, currency);
}

static bool promises_read(struct store *s, const char *author, struct day from, struct day to,
                          struct task_day *out, struct fault *why)
{
    struct query q = query_begin(s, Q_ME_PROMISES);

    bind_text(&q, author);
    bind_int(&q, from.number);
    bind_int(&q, to.number);
    while (query_next(&q)) {
        int64_t count = row_int(&q, 2);
        bool kept = text_equal(row_text(&q, 0), promise_state_name(PROMISE_KEPT));
        out->promises += count;
        out->kept += kept ? count : 0;
        out->partly += text_equal(row_text(&q, 0), promise_state_name(PROMISE_PARTLY_KEPT)) ? count
                                                                                            : 0;
        if (kept)
            money_count(out, (enum currency)row_int(&q, 1), row_int(&q, 3));
    }
    return query_end(&q, why);
}

static bool calls_read(struct store *s, const char *author, struct instant from,
                       struct instant to, struct task_day *out, struct fault *why)
{
    struct query q = query_begin(s, Q_ME_CONTACTS);

    bind_text(&q, author);
    bind_int(&q, from.us);
    bind_int(&q, to.us);
    while (query_next(&q)) {
        bool call = text_equal(row_text(&q, 0), channel_name(CHANNEL_CALL));
        if (!call)
            continue;
        out->calls += row_int(&q, 3);
        if (text_equal(row_text(&q, 2), outcome_name(OUTCOME_CONVERSATION)))
            out->talks += row_int(&q, 3);
    }
    return query_end(&q, why);
}

bool task_day(struct store *s, const struct task_filter *filter, int64_t user,
              const char *email, int days, struct task_day *out, struct fault *why)
{
    struct day today = wall_at(filter->now, filter->zone).day, first = day_plus(today, 1 - days);
    struct instant from = day_begins(first, filter->zone);

    *out = (struct task_day){ 0 };
    return task_closed(s, user, from, filter->now, &out->closed, why) &&
           promises_read(s, email, first, today, out, why) &&
           calls_read(s, email, from, filter->now, out, why);
}

static struct task_load *load_of(struct arena *a, struct task_load **all, size_t *count,
                                 size_t *room, int64_t user)
{
    for (size_t i = 0; i < *count; i++) {
        if ((*all)[i].user == user)
            return &(*all)[i];
    }
    struct task_load *load = arena_push(a, *all, *count, *room);
    *load = (struct task_load){ .user = user };
    return load;
}

bool task_loads(struct store *s, struct arena *a, const struct task_filter *filter,
                struct task_load **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_TEAM_LOAD);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, filter->now.us);
    while (query_next(&q)) {
        enum task_kind kind;
        if (!task_parse(row_text(&q, 1), &kind) ||
            !user_sees(filter->clients, filter->desks, row_text(&q, 2), row_text(&q, 3)))
            continue;
        struct task_load *load = load_of(a, out, count, &room, row_int(&q, 0));
        load->kinds[kind] += row_int(&q, 4);
        load->all += row_int(&q, 4);
        load->late += row_int(&q, 5);
    }
    return query_end(&q, why);
}
