#include "store/books.h"

#include "store/pack.h"

#include <string.h>

enum { BOOKS_VERSION = 2 };

static void pack_slice(const struct ledger_slice *s, struct text *out)
{
    pack_int(out, s->debt);
    pack_int(out, s->instalment);
    pack_int(out, s->currency);
    pack_int(out, s->placed_day.number);
    pack_int(out, s->due_day.number);
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        pack_int(out, s->owed[i]);
        pack_int(out, s->paid[i]);
    }
    pack_int(out, s->first_change.number);
    pack_int(out, s->last_change.number);
    pack_int(out, s->last_paid.number);
    pack_int(out, s->run.minor);
    pack_int(out, s->run.rest);
    pack_int(out, s->run_start.number);
    pack_int(out, s->run_to.number);
    pack_int(out, s->run_posted);
    pack_int(out, s->compounded);
    pack_int(out, s->compound_to.number);
    pack_int(out, s->late_fees);
    pack_int(out, s->fees_to.number);
    pack_int(out, s->terms_from.number);
}

static void unpack_slice(struct unpacker *r, struct ledger_slice *s)
{
    s->debt = unpack_small(r);
    s->instalment = unpack_small(r);
    s->currency = (enum currency)unpack_int(r);
    s->placed_day = unpack_day(r);
    s->due_day = unpack_day(r);
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        s->owed[i] = unpack_int(r);
        s->paid[i] = unpack_int(r);
    }
    s->first_change = unpack_day(r);
    s->last_change = unpack_day(r);
    s->last_paid = unpack_day(r);
    s->run.minor = unpack_int(r);
    s->run.rest = unpack_int(r);
    s->run_start = unpack_day(r);
    s->run_to = unpack_day(r);
    s->run_posted = unpack_int(r);
    s->compounded = unpack_int(r);
    s->compound_to = unpack_day(r);
    s->late_fees = unpack_int(r);
    s->fees_to = unpack_day(r);
    s->terms_from = unpack_day(r);
}

static void pack_last(const struct movement *m, struct text *out)
{
    pack_text(out, m->reference);
    if (m->reference == NULL)
        return;
    pack_int(out, m->day.number);
    pack_int(out, m->kind);
    pack_int(out, m->debt);
    pack_int(out, m->instalment);
    pack_int(out, m->component);
    pack_int(out, m->number);
}

static void unpack_last(struct unpacker *r, struct movement *m)
{
    *m = (struct movement){ .reference = unpack_text(r) };
    if (m->reference == NULL)
        return;
    m->day = unpack_day(r);
    m->kind = (enum movement_kind)unpack_small(r);
    m->debt = unpack_small(r);
    m->instalment = unpack_small(r);
    m->component = (enum component)unpack_small(r);
    m->number = unpack_small(r);
}

void books_pack(const struct ledger_state *state, struct day settled, struct text *out)
{
    text_clear(out);
    pack_int(out, BOOKS_VERSION);
    pack_int(out, settled.number);
    pack_int(out, state->frontier.number);
    pack_last(&state->last, out);
    pack_int(out, (int64_t)state->slice_count);
    for (size_t i = 0; i < state->slice_count; i++)
        pack_slice(&state->slices[i], out);
    pack_int(out, (int64_t)state->wait_count);
    for (size_t i = 0; i < state->wait_count; i++) {
        pack_int(out, state->waits[i].currency);
        pack_int(out, state->waits[i].minor);
    }
    pack_int(out, (int64_t)state->freeze_count);
    for (size_t i = 0; i < state->freeze_count; i++) {
        pack_int(out, state->freezes[i].debt);
        pack_int(out, state->freezes[i].from.number);
        pack_int(out, state->freezes[i].until.number);
    }
    pack_int(out, (int64_t)state->dispute_count);
    for (size_t i = 0; i < state->dispute_count; i++) {
        const struct ledger_dispute *d = &state->disputes[i];
        pack_int(out, d->debt);
        pack_int(out, d->instalment);
        pack_int(out, d->component);
        pack_int(out, d->minor);
        pack_int(out, d->from.number);
        pack_int(out, d->until.number);
    }
    pack_int(out, (int64_t)state->terms_count);
    for (size_t i = 0; i < state->terms_count; i++) {
        pack_int(out, state->terms[i].debt);
        pack_text(out, state->terms[i].digest);
    }
}

static void unpack_disputes(struct unpacker *r, struct ledger_state *out)
{
    out->dispute_count = out->dispute_room = unpack_count(r);
    out->disputes = arena_array(r->a, struct ledger_dispute, out->dispute_count);
    for (size_t i = 0; i < out->dispute_count; i++) {
        struct ledger_dispute *d = &out->disputes[i];
        int64_t component;
        d->debt = unpack_small(r);
        d->instalment = unpack_small(r);
        component = unpack_int(r);
        r->broken = r->broken || component < 0 || component > COMPONENT_COUNT;
        d->component = r->broken ? COMPONENT_COUNT : (enum component)component;
        d->minor = unpack_int(r);
        d->from = unpack_day(r);
        d->until = unpack_day(r);
    }
}

static void unpack_lists(struct unpacker *r, struct ledger_state *out)
{
    out->slice_count = out->slice_room = unpack_count(r);
    out->slices = arena_array(r->a, struct ledger_slice, out->slice_count);
    for (size_t i = 0; i < out->slice_count; i++)
        unpack_slice(r, &out->slices[i]);
    out->wait_count = unpack_count(r);
    if (out->wait_count > LEDGER_CURRENCIES) {
        out->wait_count = 0;
        r->broken = true;
    }
    for (size_t i = 0; i < out->wait_count; i++) {
        out->waits[i].currency = (enum currency)unpack_int(r);
        out->waits[i].minor = unpack_int(r);
    }
    out->freeze_count = out->freeze_room = unpack_count(r);
    out->freezes = arena_array(r->a, struct ledger_freeze, out->freeze_count);
    for (size_t i = 0; i < out->freeze_count; i++) {
        out->freezes[i].debt = unpack_small(r);
        out->freezes[i].from = unpack_day(r);
        out->freezes[i].until = unpack_day(r);
    }
    unpack_disputes(r, out);
    out->terms_count = out->terms_room = unpack_count(r);
    out->terms = arena_array(r->a, struct ledger_terms, out->terms_count);
    for (size_t i = 0; i < out->terms_count; i++) {
        out->terms[i].debt = unpack_small(r);
        out->terms[i].digest = unpack_text(r);
    }
}

bool books_unpack(const void *bytes, size_t length, struct arena *a, struct ledger_state *out,
                  struct day *settled)
{
    if (bytes == NULL || length == 0)
        return false;
    const unsigned char *copy = (const unsigned char *)arena_copy_n(a, bytes, length);
    struct unpacker r = { copy, copy + length, false, a };

    *out = (struct ledger_state){ 0 };
    if (unpack_int(&r) != BOOKS_VERSION)
        return false;
    *settled = unpack_day(&r);
    out->frontier = unpack_day(&r);
    unpack_last(&r, &out->last);
    unpack_lists(&r, out);
    return !r.broken && r.at == r.end;
}
