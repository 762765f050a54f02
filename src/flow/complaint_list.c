/* Complaints over all accounts. */
#include "flow/account_cells.h"
#include "flow/complaint.h"
#include "flow/user.h"

enum { READ_AT_ONCE = 200 };

static void row_take(struct query *q, struct arena *a, enum complaint_state state,
                     struct complaint_row *out)
{
    *out = (struct complaint_row){ .key = { row_int(q, 1), row_int(q, 2) },
                                   .reference = row_copy(q, 4, a),
                                   .name = row_copy(q, 5, a),
                                   .creditor = row_copy(q, 6, a),
                                   .desk = row_copy(q, 7, a),
                                   .is = { .number = (int32_t)row_int(q, 3),
                                           .channel = row_copy(q, 8, a),
                                           .words = row_copy(q, 9, a),
                                           .received = { (int32_t)row_int(q, 10) },
                                           .acknowledge_by = { (int32_t)row_int(q, 11) },
                                           .answer_by = { (int32_t)row_int(q, 0) },
                                           .acknowledged = { (int32_t)row_int(q, 12) },
                                           .state = state,
                                           .state_day = { (int32_t)row_int(q, 13) },
                                           .result = row_copy(q, 14, a),
                                           .cause = row_copy(q, 15, a),
                                           .changed = row_copy(q, 16, a) } };
}

bool complaint_rows(struct store *s, struct arena *a, const char *clients, const char *desks,
                    enum complaint_state state, struct complaint_place after, size_t most,
                    struct complaint_row **out, size_t *count, struct complaint_place *last,
                    bool *more, struct fault *why)
{
    size_t room = 0, read = READ_AT_ONCE;

    *out = NULL;
    *count = 0;
    *last = after;
    *more = false;
    while (read == READ_AT_ONCE && !*more) {
        struct query q = query_begin(s, Q_COMPLAINT_LIST);
        struct complaint_place at = *last;
        bind_text(&q, complaint_state_name(state));
        bind_int(&q, at.day);
        bind_int(&q, at.casefile);
        bind_int(&q, at.number);
        bind_int(&q, READ_AT_ONCE);
        for (read = 0; !*more && query_next(&q); read++) {
            struct complaint_row row;
            row_take(&q, a, state, &row);
            bool seen = user_sees(clients, desks, row.creditor, row.desk);
            *more = seen && *count == most;
            if (*more)
                break;
            *last = (struct complaint_place){ row_int(&q, 0), row.key.id, row.is.number };
            if (seen)
                *arena_push(a, *out, *count, room) = row;
        }
        if (!query_end(&q, why))
            return false;
    }
    return true;
}

bool complaint_list(struct store *s, enum complaint_state state, size_t most, struct sheet *out,
                    bool *more, struct fault *why)
{
    static const struct table_column columns[] = {
        { "account", "Account", CELL_TEXT },   { "name", "Name", CELL_TEXT },
        { "complaint", "No", CELL_COUNT },     { "words", "What they say", CELL_TEXT },
        { "received", "Received", CELL_TEXT }, { "answer_by", "Answer by", CELL_TEXT },
        { "state", "State", CELL_TEXT },
    };
    const struct complaint_place first = { 0 };
    struct complaint_place last;
    struct complaint_row *rows;
    size_t count;

    out->heading = "Complaints, the first to be answered first";
    struct table *t = sheet_table(out, "complaints", "No complaints.", COUNT(columns), columns);
    if (!complaint_rows(s, t->arena, NULL, NULL, state, first, most, &rows, &count, &last, more,
                        why))
        return false;
    for (size_t i = 0; i < count; i++) {
        table_text(t, rows[i].reference);
        table_text(t, rows[i].name);
        table_count(t, rows[i].is.number);
        table_text(t, rows[i].is.words);
        table_text(t, day_text(t->arena, rows[i].is.received.number));
        table_text(t, day_text(t->arena, rows[i].is.answer_by.number));
        table_text(t, complaint_state_name(state));
    }
    return true;
}
