#include "flow/decision_record.h"

#include "flow/verdict_record.h"

static void until_at(struct json_writer *w, struct instant until)
{
    char text[INSTANT_TEXT];

    if (until.us != INSTANT_NEVER.us)
        json_text_at(w, "until", instant_print(until, text));
}

static void write_items(struct json_writer *w, const struct decision *d)
{
    json_key(w, "items");
    json_open(w, '[');
    for (size_t i = 0; i < d->item_count; i++) {
        const struct decided_item *item = &d->items[i];
        json_open(w, '{');
        json_int_at(w, "debt", item->instalment->debt);
        json_int_at(w, "instalment", item->instalment->number);
        if (item->step != NULL)
            json_text_at(w, "step", item->step->id);
        json_int_at(w, "open", item->instalment->open_minor);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_tries(struct json_writer *w, const struct decision *d)
{
    json_key(w, "tried");
    json_open(w, '[');
    for (size_t i = 0; i < d->try_count; i++) {
        const struct try *try = &d->tries[i];
        json_open(w, '{');
        json_text_at(w, "channel", channel_name(try->channel));
        if (try->point == NULL) {
            json_text_at(w, "ruling", "no_address");
        } else {
            json_text_at(w, "ruling", ruling_name(try->ruling));
            if (try->ruling != RULING_ALLOW && try->decisive != NULL)
                json_text_at(w, "rule", rule_id(try->decisive->rule));
            until_at(w, try->until);
        }
        json_close(w, '}');
    }
    json_close(w, ']');
}

bool decision_record(const struct decision *d, const struct rulebook *rulebook,
                     struct text *out, struct text *question)
{
    struct json_writer w = { out, false };
    char at[INSTANT_TEXT];

    json_open(&w, '{');
    json_text_at(&w, "standing", standing_name(d->standing));
    if (d->segment != NULL) {
        json_text_at(&w, "strategy", d->strategy->name);
        json_text_at(&w, "version", d->strategy->digest);
        json_text_at(&w, "segment", d->segment->name);
        json_text_at(&w, "ladder", d->segment->ladder->name);
    }
    if (d->end_reached)
        json_text_at(&w, "then", d->segment->ladder->end_then);
    if (d->step != NULL) {
        json_text_at(&w, "step", d->step->id);
        json_text_at(&w, "template", d->step->template);
    }
    if (d->chosen != NULL) {
        json_text_at(&w, "channel", channel_name(d->chosen->channel));
        json_int_at(&w, "party", d->chosen->point->party);
        json_int_at(&w, "point", d->chosen->point->number);
        json_text_at(&w, "send_at", instant_print(d->send_at, at));
    }
    write_items(&w, d);
    write_tries(&w, d);
    if (d->question != NULL)
        judged_write(&w, &(struct judged){ d->question, d->packs, rulebook, d->verdict },
                     question);
    json_close(&w, '}');
    return d->question != NULL;
}
