/* Where debtors may be: what a file says of them, what follows from it, what they say. */
#include "flow/import_fixture.h"

#include "domain/location.h"
#include "store/casefiles.h"

static const char *const contacts_map =
    "map: people\nkind: contacts\n"
    "debtor: {reference: '{no}', name: '{name}', phone: '{phone?}', country: '{country?}',\n"
    "  postcode: '{zip?}', places: '{place?}', zones: '{zone?}',\n"
    "  address: \"{street?}\\n{town?}\",\n"
    "  business: 'false', role: third_party_collector}\n";

static void expect_location(struct import_book *t, const char *reference, const char *zones,
                            const char *places)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct casefile *c;

    assert_fine(casefile_load(t->book.store, &a, casefile_key_of(reference),
                              fixture_day("2026-03-01"), &c, &why),
                why);
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    const char *words = location_words(&a, debtor->clues_text, debtor->zones_text);
    if (strcmp(words, zones) != 0 || strcmp(debtor->places_text, places) != 0)
        fail_msg("%s: %s, %s", reference, words, debtor->places_text);
    /* what the gate gets are the zones that the words name */
    size_t named = 0;
    for (const char *at = zones; (at = strstr(at, " (")) != NULL; at++)
        named++;
    assert_int_equal(debtor->zone_count, named);
    arena_free(&a);
}

static void infer(struct import_book *t)
{
    import_text(t, contacts_map,
                "no,name,phone,street,town,zip,country,place,zone\n"
                "1,Ann,+12135550123,1 Long Lane,\"Chicago, IL 60601\",,,,\n"
                "2,Bob,,,,86503,US,,\n"
                "3,Cy,+18005550123,,,,,,\n"
                "4,Di,,,,,,US-TX,\n"
                "5,Eve,+12135550123,1 Long Lane,\"Chicago, IL 60601\",,,US-NY,America/Denver\n"
                "6,Flo,,Weg 1,10117 Berlin,,Germany,,\n"
                "7,Gus,+491701234567,,,,,,\n"
                "8,Hal,,,,,Atlantis,,\n"
                "9,Ida,,1 High Street,Edinburgh EH1 1QS,,,,\n");
    expect_counts(&report, 9, 9, 0, 0, 0);
    expect_location(t, "1",
                    "America/Chicago (address 60601), America/Los_Angeles (area code 213)",
                    "US-IL,US-CA");
    expect_location(t, "2", "America/Denver (postcode 86503), America/Phoenix (postcode 86503)",
                    "US-AZ");
    expect_location(t, "3", "", "");
    expect_location(t, "4", "America/Chicago (place US-TX), America/Denver (place US-TX)",
                    "US-TX");
    expect_location(t, "5", "America/Denver (stated by people)", "US-IL,US-NY");
    expect_location(t, "6", "Europe/Berlin (place DE)", "DE");
    expect_location(t, "7", "Europe/Berlin (calling code +49)", "DE");
    expect_location(t, "8", "", "");
    assert_int_equal(report.note_count, 1);
    assert_int_equal(report.notes[0].kind, PROBLEM_PLACE);
    assert_int_equal(report.notes[0].line, 9);
    expect_location(t, "9", "Europe/London (address EH11QS)", "GB-SCT");
}

static void zones_are_inferred(void **state)
{
    (void)state;
    with_each_database(infer);
}

/* A later file knows another number, or another address: what followed from the old is gone. */
static void change(struct import_book *t)
{
    import_text(t, contacts_map,
                "no,name,phone,street,town\n"
                "1,Ann,+12135550123,1 Long Lane,\"Chicago, IL 60601\"\n");
    import_text(t, contacts_map, "no,name,phone\n1,Ann,+13035550123\n");
    assert_int_equal(report.debtors_updated, 1);
    expect_location(t, "1", "America/Chicago (address 60601), America/Denver (area code 303)",
                    "US-IL,US-CO");
    import_text(t, contacts_map,
                "no,name,street,town\n1,Ann,2 Short Lane,\"Fresno, CA 93721\"\n");
    expect_location(t, "1",
                    "America/Los_Angeles (address 93721), America/Denver (area code 303)",
                    "US-CA,US-CO");
    import_text(t, contacts_map, "no,name,phone\n1,Ann,+18335550123\n");
    expect_location(t, "1", "America/Los_Angeles (address 93721)", "US-CA");
    import_text(t, contacts_map, "no,name,phone\n1,Ann,+18335550123\n");
    assert_int_equal(report.debtors_updated, 0);
    /* of an address that tells nothing, nothing is kept: nobody knows */
    import_text(t, contacts_map, "no,name,street,town\n1,Ann,3 New Lane,Town\n");
    expect_location(t, "1", "", "");
}

static void what_changes_is_inferred_anew(void **state)
{
    (void)state;
    with_each_database(change);
}

static int32_t say(struct import_book *t, const char *zone, const char *place,
                   struct instant until)
{
    struct gate_field fields[2];
    size_t count = 0;
    struct fault why = { 0 };
    int32_t number;

    if (zone != NULL)
        fields[count++] = (struct gate_field){ "zone", zone };
    if (place != NULL)
        fields[count++] = (struct gate_field){ "place", place };
    struct gate_fact fact = { .type = FACT_LOCATION_CONFIRMED,
                              .party = PARTY_DEBTOR,
                              .at = t->book.now,
                              .until = until,
                              .detail = { count, fields } };
    assert_fine(book_begin(&t->book, &why), why);
    assert_fine(book_fact_add(&t->book, casefile_key_of("1"), &fact, "test", &number, &why),
                why);
    assert_fine(book_commit(&t->book, &why), why);
    return number;
}

static void end_said(struct import_book *t, int32_t number)
{
    struct fault why = { 0 };

    assert_fine(book_begin(&t->book, &why), why);
    assert_fine(book_fact_end(&t->book, casefile_key_of("1"), number, t->book.now, &why), why);
    assert_fine(book_commit(&t->book, &why), why);
}

static void said(struct import_book *t)
{
    static const char file[] = "no,name,phone,street,town\n"
                               "1,Ann,+12135550123,1 Long Lane,\"Chicago, IL 60601\"\n";
    static const char inferred[] =
        "America/Chicago (address 60601), America/Los_Angeles (area code 213)";

    import_text(t, contacts_map, file);
    int32_t number = say(t, "America/Denver", NULL, INSTANT_NEVER);
    expect_location(t, "1", "America/Denver (they said so on 2026-03-01)", "US-IL,US-CA");
    /* the same file again, and a new number, change nothing about it */
    import_text(t, contacts_map, file);
    expect_counts(&report, 1, 0, 0, 1, 0);
    import_text(t, contacts_map, "no,name,phone\n1,Ann,+13035550123\n");
    expect_location(t, "1", "America/Denver (they said so on 2026-03-01)", "US-IL,US-CO");
    import_text(t, contacts_map, file);
    end_said(t, number);
    expect_location(t, "1", inferred, "US-IL,US-CA");
    /* a place alone stands for its zones */
    number = say(t, NULL, "US-FL", INSTANT_NEVER);
    expect_location(t, "1",
                    "America/New_York (they said so on 2026-03-01), "
                    "America/Chicago (they said so on 2026-03-01)",
                    "US-FL");
    end_said(t, number);
    /* with an end: one more place, and home again afterwards */
    number = say(t, "Europe/Paris", "FR", fixture_at("2026-03-10T00:00:00Z"));
    expect_location(t, "1",
                    "Europe/Paris (they said so on 2026-03-01), "
                    "America/Chicago (address 60601), America/Los_Angeles (area code 213)",
                    "FR,US-IL,US-CA");
    end_said(t, number);
    expect_location(t, "1", inferred, "US-IL,US-CA");
}

static void what_they_say_replaces_it(void **state)
{
    (void)state;
    with_each_database(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_are_inferred),
        cmocka_unit_test(what_changes_is_inferred_anew),
        cmocka_unit_test(what_they_say_replaces_it),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    import_report_free(&report);
    return failed;
}
