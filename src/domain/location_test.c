/* What follows from several clues, and how it is written down. */
#include "domain/location.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct settled {
    const char *what;
    struct clues clues;
    const char *zones, *places, *words;
};

static const struct settled cases[] = {
    { "nothing is known", { { { 0 } } }, "", "", "" },
    { "an address and a number of another place",
      { { [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_NUMBER] = { "area code 213", "America/Los_Angeles", "US-CA" } } },
      "America/Chicago,America/Los_Angeles",
      "US-IL,US-CA",
      "America/Chicago (address 60601), America/Los_Angeles (area code 213)" },
    { "two sources of one zone, by two of its names",
      { { [CLUE_ADDRESS] = { "address 48201", "America/Detroit", "US-MI" },
          [CLUE_NUMBER] = { "area code 212", "America/New_York", "US-NY-NYC" } } },
      "America/Detroit",
      "US-MI,US-NY-NYC",
      "America/Detroit (address 48201, area code 212)" },
    { "what they said replaces the rest, but not where else they may be",
      { { [CLUE_SAID] = { "they said so on 2026-06-03", "America/Denver", "" },
          [CLUE_STATED] = { "stated by a file", "Europe/Paris", "" },
          [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_NUMBER] = { "area code 213", "America/Los_Angeles", "US-CA" } } },
      "America/Denver",
      "US-IL",
      "America/Denver (they said so on 2026-06-03)" },
    { "they named the place as well",
      { { [CLUE_SAID] = { "they said so on 2026-06-03", "America/Denver", "US-CO" },
          [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" } } },
      "America/Denver",
      "US-CO",
      "America/Denver (they said so on 2026-06-03)" },
    { "a visit is one more place",
      { { [CLUE_VISIT] = { "they said so on 2026-06-03", "America/Denver", "US-CO" },
          [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" } } },
      "America/Denver,America/Chicago",
      "US-CO,US-IL",
      "America/Denver (they said so on 2026-06-03), America/Chicago (address 60601)" },
    { "zones of a file stand for address and number",
      { { [CLUE_STATED] = { "stated by a file", "America/Denver", "" },
          [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_NUMBER] = { "area code 213", "America/Los_Angeles", "US-CA" } } },
      "America/Denver",
      "US-IL",
      "America/Denver (stated by a file)" },
    { "the address tells where in the state",
      { { [CLUE_ADDRESS] = { "address 79901", "America/Denver", "US-TX" },
          [CLUE_PLACE] = { "place US-TX", "America/Chicago,America/Denver", "US-TX" } } },
      "America/Denver",
      "US-TX",
      "America/Denver (address 79901)" },
    { "an address in another state than the file says",
      { { [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_PLACE] = { "place US-CO", "America/Denver", "US-CO" } } },
      "America/Chicago,America/Denver",
      "US-IL,US-CO",
      "America/Chicago (address 60601), America/Denver (place US-CO)" },
    { "two places in the file, the address in one of them",
      { { [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_PLACE] = { "place US-IL,US-CO", "America/Chicago,America/Denver",
                           "US-IL,US-CO" } } },
      "America/Chicago,America/Denver",
      "US-IL,US-CO",
      "America/Chicago (address 60601, place US-IL,US-CO), America/Denver (place "
      "US-IL,US-CO)" },
    { "a number of the country they are known to be in",
      { { [CLUE_ADDRESS] = { "address 2000", "Australia/Sydney", "AU-NSW" },
          [CLUE_COUNTRY] = { "calling code +61", "Australia/Perth,Australia/Sydney", "AU" } } },
      "Australia/Sydney",
      "AU-NSW",
      "Australia/Sydney (address 2000)" },
    { "a number of another country",
      { { [CLUE_ADDRESS] = { "address 60601", "America/Chicago", "US-IL" },
          [CLUE_COUNTRY] = { "calling code +49", "Europe/Berlin", "DE" } } },
      "America/Chicago,Europe/Berlin",
      "US-IL,DE",
      "America/Chicago (address 60601), Europe/Berlin (calling code +49)" },
    { "a part says more than its country",
      { { [CLUE_PLACE] = { "place US", "America/New_York", "US" },
          [CLUE_NUMBER] = { "area code 213", "America/Los_Angeles", "US-CA" } } },
      "America/New_York,America/Los_Angeles",
      "US-CA",
      "America/New_York (place US), America/Los_Angeles (area code 213)" },
};

static void clues_are_settled(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct settled *s = &cases[i];
        const char *zones = clues_zones(&a, &s->clues), *places = clues_places(&a, &s->clues);
        const char *words = clues_words(&a, &s->clues);
        if (strcmp(zones, s->zones) != 0 || strcmp(places, s->places) != 0 ||
            strcmp(words, s->words) != 0)
            fail_msg("%s:\n  %s\n  %s\n  %s", s->what, zones, places, words);
    }
    arena_free(&a);
}

static void what_is_printed_is_read(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct clues again;
        const char *text = clues_print(&a, &cases[i].clues);
        clues_parse(&a, text, &again);
        assert_string_equal(clues_print(&a, &again), text);
        assert_string_equal(clues_words(&a, &again), cases[i].words);
    }
    arena_free(&a);
}

static void what_is_not_understood_is_left_out(void **state)
{
    static const char *const texts[] = { "address|address 60601|America/Chicago|US-IL\n",
                                         ("rumour|x|y|z\naddress|address 60601|America/Chicago|"
                                          "US-IL|more\nnumber"),
                                         "||\n\naddress|address 60601|America/Chicago|US-IL" };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct clues clues;
        clues_parse(&a, texts[i], &clues);
        assert_string_equal(clues_zones(&a, &clues), "America/Chicago");
        assert_string_equal(clues_places(&a, &clues), "US-IL");
    }
    arena_free(&a);
}

static void agree(const char *one, const char *other, bool wanted)
{
    struct instant since;

    assert_true(instant_parse("2024-01-01T00:00:00Z", &since));
    if (zones_agree(zone_find(one), zone_find(other), since) != wanted)
        fail_msg("%s and %s", one, other);
    assert_int_equal(zones_agree(zone_find(other), zone_find(one), since), wanted);
}

static void clocks_that_agree(void **state)
{
    struct instant long_ago;

    (void)state;
    agree("America/New_York", "America/Indiana/Indianapolis", true);
    agree("America/Chicago", "America/Indiana/Knox", true);
    agree("America/Denver", "America/Boise", true);
    agree("America/New_York", "America/Toronto", true);
    agree("Europe/Berlin", "Europe/Paris", true);
    agree("America/Denver", "America/Phoenix", false); /* half the year */
    agree("America/New_York", "America/Chicago", false);
    agree("Europe/London", "Africa/Casablanca", false);
    agree("Australia/Sydney", "Australia/Brisbane", false);
    agree("Australia/Sydney", "Australia/Lord_Howe", false);
    agree("UTC", "Atlantic/Reykjavik", true);
    /* Kokomo had no summer time before 2006 */
    assert_true(instant_parse("2004-01-01T00:00:00Z", &long_ago));
    assert_false(zones_agree(zone_find("America/New_York"),
                             zone_find("America/Indiana/Indianapolis"), long_ago));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clues_are_settled),
        cmocka_unit_test(what_is_printed_is_read),
        cmocka_unit_test(what_is_not_understood_is_left_out),
        cmocka_unit_test(clocks_that_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
