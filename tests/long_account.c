/*
 * long_account BOOK NOW: adds one account, LONG-1, with a history that nobody ought to have: 10,000
 * payments, 5,000 contacts and 2,000 notes. Pages about it are as fast as those about others.
 */
#include "flow/note.h"

#include <stdio.h>

enum { PAYMENTS = 10000, CONTACTS = 5000, NOTES = 2000 };

static bool start(struct book *b, struct casefile_key *key, int32_t *debt, struct fault *why)
{
    struct debtor_input who = { .reference = "LONG-1",
                                .creditor = "Fairhaven Supply",
                                .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                .name = "Maya Long",
                                .language = "en",
                                .places = "US-WI",
                                .zones = "America/Chicago",
                                .email = "maya.long@example.com",
                                .phone = "+16085550132",
                                .address = "Maya Long\n12 Elm Street\nMadison WI 53703",
                                .source = "test" };
    struct day today = wall_at(b->now, b->zone).day;
    struct instalment_input whole = { day_plus(today, -700), (PAYMENTS + 50) * 100 };
    struct debt_input owed = { .reference = "LONG-1-A",
                               .kind = "credit_card",
                               .currency = CURRENCY_USD,
                               .invoice_day = day_plus(today, -730),
                               .instalment_count = 1,
                               .instalments = &whole };
    enum change change;

    return book_debtor_put(b, &who, key, &change, why) &&
           book_debt_put(b, *key, &owed, debt, &change, why);
}

static bool pay(struct book *b, struct casefile_key key, int32_t debt, struct fault *why)
{
    struct day today = wall_at(b->now, b->zone).day;
    char reference[32];

    for (int i = 0; i < PAYMENTS; i++) {
        struct payment_input in = { reference, debt, day_plus(today, -700 + i * 690 / PAYMENTS),
                                    CURRENCY_USD, 100, "transfer", false };
        enum change change;
        snprintf(reference, sizeof reference, "LONG-%05d", i);
        if (!book_payment_put(b, key, &in, &change, why))
            return false;
    }
    return true;
}

static bool talk(struct book *b, struct casefile_key key, struct fault *why)
{
    const int64_t hour = 3600ll * 1000000;

    for (int i = 0; i < CONTACTS; i++) {
        struct contact c = { .at = { b->now.us - (CONTACTS - i) * 3 * hour },
                             .channel = i % 5 == 0 ? CHANNEL_CALL : CHANNEL_EMAIL,
                             .direction = i % 3 == 0 ? DIRECTION_IN : DIRECTION_OUT,
                             .outcome = i % 5 == 0 ? OUTCOME_NO_ANSWER : OUTCOME_MESSAGE,
                             .party = PARTY_DEBTOR };
        if (!book_contact_add(b, key, &c, i % 3 == 0 ? "I wrote to you again." : NULL, why))
            return false;
        book_step(b);
    }
    for (int i = 0; i < NOTES; i++) {
        struct note_input in = { "They asked again what the balance is.", "Priya Nair", NULL };
        int32_t number;
        enum change change;
        if (!book_note_add(b, key, &in, &number, &change, why))
            return false;
        book_step(b);
    }
    return true;
}

int main(int argc, char **argv)
{
    struct fault why = { 0 };
    struct casefile_key key;
    struct instant now;
    struct book b;
    int32_t debt;

    if (argc != 3 || !instant_parse(argv[2], &now)) {
        fputs("usage: long_account BOOK NOW\n", stderr);
        return 2;
    }
    bool done = book_open(&b, argv[1], now, &why);
    if (done) {
        done = book_begin(&b, &why) && start(&b, &key, &debt, &why) &&
               pay(&b, key, debt, &why) && talk(&b, key, &why) && book_commit(&b, &why);
        book_close(&b);
    }
    if (!done)
        fprintf(stderr, "%s\n", why.text);
    return done ? 0 : 1;
}
