/* Addresses, postcodes and numbers against facts of the map. The names of zones may be any
 * whose clocks agree since 2024. */
#include "formats/places.h"

#include "base/files.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const struct places *tables;
static struct arena a;

/* ---- Lists, whatever their order and names -------------------------------------------------
 */

static size_t list_count(const char *list)
{
    size_t count = *list != '\0';

    for (; *list != '\0'; list++)
        count += *list == ',';
    return count;
}

static bool same_zones(const char *one, const char *other)
{
    return list_count(one) == list_count(other) &&
           list_count(zones_join(&a, one, other)) == list_count(one);
}

static bool same_places(const char *one, const char *other)
{
    return list_count(one) == list_count(other) &&
           list_count(list_join(&a, one, other)) == list_count(one);
}

static void expect(const char *what, bool found, const struct clue *clue, const char *zones,
                   const char *places)
{
    if (!found && zones[0] == '\0')
        return;
    if (!found || !same_zones(clue->zones, zones) || !same_places(clue->places, places))
        fail_msg("%s: %s, %s; wanted %s, %s", what, found ? clue->zones : "nothing",
                 found ? clue->places : "nothing", zones, places);
}

/* ---- ZIP codes -----------------------------------------------------------------------------
 */

#define EASTERN  "America/New_York"
#define CENTRAL  "America/Chicago"
#define MOUNTAIN "America/Denver"
#define PACIFIC  "America/Los_Angeles"
#define ARIZONA  "America/Phoenix"

/* `zones` are all; with `also`, these are among them, and the rest is doubt between sources. */
struct zip_fact {
    const char *zips, *zones, *place;
    bool also;
};

static const struct zip_fact zip_facts[] = {
    /* states of one zone */
    { "10001", EASTERN, "US-NY-NYC", false },
    { "12207", EASTERN, "US-NY", false },
    { "60601", CENTRAL, "US-IL", false },
    { "90012", PACIFIC, "US-CA", false },
    { "80202", MOUNTAIN, "US-CO", false },
    { "96813", "Pacific/Honolulu", "US-HI", false },
    { "99501", "America/Anchorage", "US-AK", false },
    { "00901", "America/Puerto_Rico", "US-PR", false },
    { "96910", "Pacific/Guam", "US-GU", false },
    /* Arizona has no summer time but on the Navajo Nation, and codes cross its borders */
    { "85001 85701 86001", ARIZONA, "US-AZ", false },
    { "86503 86033 86045 86502 86510 86515 86520 86535 86556", ARIZONA "," MOUNTAIN, "US-AZ",
      false },
    /* Indiana: Kokomo, Indianapolis, South Bend Eastern; by the lake and in the south-west
     * Central */
    { "46901 46204 46601 47906", EASTERN, "US-IN", false },
    { "46402 46360 46534 46304 47710 47601 47586 47523", CENTRAL, "US-IN", true },
    /* Alabama's towns on the Georgia line */
    { "36867 36870 36854 36863", CENTRAL "," EASTERN, "US-AL", false },
    { "36104 36330", CENTRAL, "US-AL", false },
    /* Texas: El Paso, Fabens, Hudspeth County's Sierra Blanca and Dell City are Mountain */
    { "79901 79936 79838 79851 79837", MOUNTAIN, "US-TX", false },
    { "78701 75201 79735", CENTRAL, "US-TX", false },
    /* Nevada: West Wendover by law, Jackpot by habit; Oregon: Malheur County */
    { "89883 89825", MOUNTAIN, "US-NV", true },
    { "89501 89101", PACIFIC, "US-NV", false },
    { "97914 97918 97913", "America/Boise", "US-OR", true },
    { "97201 97801", PACIFIC, "US-OR", false },
    /* Idaho north and south of the Salmon River */
    { "83501 83814", PACIFIC, "US-ID", false },
    { "83702 83401", MOUNTAIN, "US-ID", false },
    /* Florida west of the Apalachicola: Panama City and Wewahitchka, not Port St. Joe */
    { "32401 32465 32502 32425", CENTRAL, "US-FL", false },
    { "32456 32320 32301 33602", EASTERN, "US-FL", false },
    /* Upper Michigan: four counties by Wisconsin */
    { "49801 49911 49938 49858 49935", CENTRAL, "US-MI", false },
    { "49855 49931 48201", EASTERN, "US-MI", false },
    /* Tennessee and Kentucky */
    { "37402 37902 37321", EASTERN, "US-TN", false },
    { "37203 38103 37380 37397", CENTRAL, "US-TN", false },
    { "42101 42301 42001", CENTRAL, "US-KY", true },
    { "40202 40507", EASTERN, "US-KY", false },
    /* the Dakotas, Nebraska, Kansas */
    { "58601", MOUNTAIN, "US-ND", false },
    { "58102 58501", CENTRAL, "US-ND", false },
    { "57701", MOUNTAIN, "US-SD", false },
    { "57104 57501", CENTRAL, "US-SD", false },
    { "69361 69153", MOUNTAIN, "US-NE", false },
    { "68102 69101", CENTRAL, "US-NE", false },
    { "67735 67879 67758 67836", MOUNTAIN, "US-KS", false },
    { "67202 67801", CENTRAL, "US-KS", false },
    /* habits at the edge of Oklahoma and Alaska; Adak */
    { "73946", CENTRAL "," MOUNTAIN, "US-OK", false },
    { "99923", "America/Anchorage," PACIFIC, "US-AK", false },
    { "99546", "America/Adak", "US-AK", true },
    /* no code that anybody was given, in a state that is known: all of the state */
    { "37999 38599", CENTRAL "," EASTERN, "US-TN", true },
};

static bool zip_find(const char *zip, struct clue *out)
{
    struct home home = { .postcode = zip, .country = "US" };

    return places_of_address(tables, &a, &home, out);
}

static void zip_check(const struct zip_fact *f, const char *zip)
{
    struct clue clue = { 0 };
    bool found = zip_find(zip, &clue);

    if (!f->also) {
        expect(zip, found, &clue, f->zones, f->place);
        return;
    }
    if (!found || list_count(zones_join(&a, clue.zones, f->zones)) != list_count(clue.zones) ||
        !same_places(clue.places, f->place))
        fail_msg("%s: %s, %s", zip, found ? clue.zones : "nothing", f->zones);
}

static void zip_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zip_facts); i++) {
        for (const char *at = zip_facts[i].zips; *at != '\0';) {
            size_t length = strcspn(at, " ");
            zip_check(&zip_facts[i], arena_copy_n(&a, at, length));
            at += length + (at[length] == ' ');
        }
    }
}

/* The tables that ours was made from: no zone that one of them names is lost. */
static void every_zip_of_the_sources(void **state)
{
    static const char path[] =
        "../shared/data/05_reference/zip_to_timezone/zip_timezone_two_sources.csv";
    char line[200], zip[8], zones[2][80];
    int checked = 0;
    FILE *in = fopen(path, "r");

    (void)state;
    if (in == NULL)
        skip();
    while (fgets(line, sizeof line, in) != NULL) {
        zones[0][0] = zones[1][0] = '\0';
        int parts = sscanf(line, "%5[0-9],%79[^,\r\n],%79[^\r\n]", zip, zones[0], zones[1]);
        if (parts == 1)
            parts = sscanf(line, "%5[0-9],,%79[^\r\n]", zip, zones[0]);
        /* the post of the forces has no place, and 88888 is Father Christmas */
        if (parts < 2 || strncmp(zip, "09", 2) == 0 || strcmp(zip, "88888") == 0)
            continue;
        struct clue clue = { 0 };
        if (!zip_find(zip, &clue))
            fail_msg("%s is not known", zip);
        for (int i = 0; i < 2; i++) {
            if (list_count(zones_join(&a, clue.zones, zones[i])) != list_count(clue.zones))
                fail_msg("%s: %s lacks %s", zip, clue.zones, zones[i]);
        }
        checked++;
        if (checked % 1000 == 0)
            arena_reset(&a);
    }
    fclose(in);
    assert_in_range(checked, 42000, 43000);
}

/* ---- Addresses -----------------------------------------------------------------------------
 */

struct address_fact {
    const char *address, *places, *zones, *found; /* places: what the file says */
};

static const struct address_fact address_facts[] = {
    { "Ann\n1 Long Lane\nMadison, WI 53703", NULL, CENTRAL, "US-WI" },
    { "Ann\n1 Long Lane\nMadison, Wisconsin 53703-1234", NULL, CENTRAL, "US-WI" },
    { "Ann\n1 Long Lane\nMadison, WI 53703\nUSA", NULL, CENTRAL, "US-WI" },
    { "Ann\n1 Long Lane\nSan Juan, PR 00901", NULL, "America/Puerto_Rico", "US-PR" },
    { "Ann\n1 Long Lane\nSan Juan 00901\nPuerto Rico", NULL, "America/Puerto_Rico", "US-PR" },
    { "Ann\n1 Long Lane\nAtlanta, Georgia 30303", NULL, EASTERN, "US-GA" },
    { "Ann\n1 Long Lane\nBrooklyn, NY 11201", NULL, EASTERN, "US-NY-NYC" },
    /* no code: the state, if it is known that it is one */
    { "Ann\n1 Long Lane\nHouston, TX\nUnited States", NULL, CENTRAL "," MOUNTAIN, "US-TX" },
    { "Ann\n1 Long Lane\nHouston, TX", "US", CENTRAL "," MOUNTAIN, "US-TX" },
    { "Ann\n1 Long Lane\nHouston, TX", NULL, "", "" },
    { "Ann\n12345 Long Lane\nHouston", "US-TX", "", "" }, /* a house is no ZIP code */
    /* codes that contradict the state before them are nobody's */
    { "Ann\n1 Long Lane\nMadison, WI 10001", NULL, "", "" },
    { "Ann\n1 Long Lane\n53703 Madison", NULL, "", "" },
    { "Ann\n1 Long Lane\nPerth WA 6000", NULL, "Australia/Perth", "AU-WA" },
    /* Britain and its nations; a postcode has a shape of its own */
    { "Ann\n1 Long Lane\nLondon EC1A 1BB\nUnited Kingdom", NULL, "Europe/London", "GB-ENG" },
    { "Ann\n1 Long Lane\nEdinburgh\nEH1 1QS", NULL, "Europe/London", "GB-SCT" },
    { "Ann\n1 Long Lane\nEdinburgh EH11QS\nScotland", NULL, "Europe/London", "GB-SCT" },
    { "Ann\n1 Long Lane\nCardiff CF10 1AA", NULL, "Europe/London", "GB-WLS" },
    { "Ann\n1 Long Lane\nBelfast BT1 1AA", "GB", "Europe/London", "GB-NIR" },
    { "Ann\n1 Long Lane\nBerwick TD15 1AA", NULL, "Europe/London", "GB-ENG,GB-SCT" },
    { "Ann\n1 Long Lane\nGalashiels TD1 1AA", NULL, "Europe/London", "GB-SCT" },
    { "Ann\n1 Long Lane\nWrexham\nWales", NULL, "Europe/London", "GB-WLS" },
    { "Ann\n1 Long Lane\nDouglas IM1 1AA", NULL, "Europe/London", "IM" },
    /* Canada */
    { "Ann\n1 Long Lane\nToronto ON M5V 2T6\nCanada", NULL, "America/Toronto", "CA-ON" },
    { "Ann\n1 Long Lane\nThunder Bay, ON P7B 5E1", NULL, "America/Toronto", "CA-ON" },
    { "Ann\n1 Long Lane\nKenora ON P9N 1A1", NULL, "America/Winnipeg", "CA-ON" },
    { "Ann\n1 Long Lane\nDryden ON p8n2z6", NULL, "America/Winnipeg", "CA-ON" },
    { "Ann\n1 Long Lane\nMontréal QC H2Y 1C6", NULL, "America/Toronto", "CA-QC" },
    { "Ann\n1 Long Lane\nCap-aux-Meules QC G4T 1A1", NULL, "America/Halifax", "CA-QC" },
    { "Ann\n1 Long Lane\nCranbrook BC V1C 1A1", NULL, "America/Edmonton", "CA-BC" },
    { "Ann\n1 Long Lane\nLabrador City NL A2V 1A1", NULL, "America/Halifax", "CA-NL" },
    { "Ann\n1 Long Lane\nSaskatoon SK S7K 1A1", NULL, "America/Regina", "CA-SK" },
    { "Ann\n1 Long Lane\nIqaluit NU X0A 0H0", NULL, "America/Toronto", "CA-NU" },
    { "Ann\n1 Long Lane\nOttawa, Ontario\nCanada", NULL,
      "America/Toronto,America/Winnipeg,America/Atikokan", "CA-ON" },
    /* Australia */
    { "Ann\n1 Long Lane\nSydney NSW 2000\nAustralia", NULL, "Australia/Sydney", "AU-NSW" },
    { "Ann\n1 Long Lane\nBroken Hill NSW 2880", NULL, "Australia/Broken_Hill", "AU-NSW" },
    { "Ann\n1 Long Lane\nBrisbane QLD 4000", NULL, "Australia/Brisbane", "AU-QLD" },
    { "Ann\n1 Long Lane\nDarwin NT 0800", NULL, "Australia/Darwin", "AU-NT" },
    { "Ann\n1 Long Lane\nCanberra 2601", "AU", "Australia/Sydney", "AU-ACT" },
    /* elsewhere: the country, and parts with a clock of their own */
    { "Ann\nLerchenweg 1\n10117 Berlin\nGermany", NULL, "Europe/Berlin", "DE" },
    { "Ann\nLerchenweg 1\n10117 Berlin\nDeutschland", NULL, "Europe/Berlin", "DE" },
    { "Ann\nLerchenweg 1\n10117 Berlin", "DE", "", "" }, /* the place says it already */
    { "Ann\n20100 Milano, Italy", NULL, "Europe/Rome", "IT" },
    { "Ann\nCalle 1\n28001 Madrid\nSpain", NULL, "Europe/Madrid", "ES" },
    { "Ann\nCalle 1\n35001 Las Palmas\nEspaña", NULL, "Atlantic/Canary", "ES-CN" },
    { "Ann\nRua 1\n9500-150 Ponta Delgada\nPortugal", NULL, "Atlantic/Azores", "PT-20" },
    { "Ann\nRue 1\n97400 Saint-Denis\nFrance", NULL, "Indian/Reunion", "RE" },
    { "Ann\nRue 1\n75001 Paris\nFRANCE", NULL, "Europe/Paris", "FR" },
    { "Ann\nShop 1\nAuckland 1010\nNew Zealand", NULL, "Pacific/Auckland,Pacific/Chatham",
      "NZ" },
    /* nothing */
    { "Ann", NULL, "", "" },
    { "", NULL, "", "" },
    { "\n\n \n", NULL, "", "" },
    { "Ann\nsomewhere\nTbilisi, Georgia", NULL, "", "" }, /* a state bears the name as well */
    { "Ann\n1 Long Lane\nTown", NULL, "", "" },
    { "Ann\n1 Long Lane\nQQ1 1AA", NULL, "", "" },
};

static void addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(address_facts); i++) {
        const struct address_fact *f = &address_facts[i];
        struct home home = { .address = f->address, .places = f->places };
        struct clue clue = { 0 };
        bool found = places_of_address(tables, &a, &home, &clue);
        if (f->zones[0] == '\0' && found)
            fail_msg("%s: found %s", f->address, clue.words);
        expect(f->address, found, &clue, f->zones, f->found);
    }
}

static void words_name_the_source(void **state)
{
    struct home home = { .address = "Ann\n1 Long Lane\nMadison, WI 53703-1234" };
    struct clue clue;
    enum clue_kind kind;

    (void)state;
    assert_true(places_of_address(tables, &a, &home, &clue));
    assert_string_equal(clue.words, "address 53703");
    home = (struct home){ .postcode = "k1p 5g4", .country = "Canada" };
    assert_true(places_of_address(tables, &a, &home, &clue));
    assert_string_equal(clue.words, "postcode K1P5G4");
    home = (struct home){ .address = "Ann\nBerlin\nGermany" };
    assert_true(places_of_address(tables, &a, &home, &clue));
    assert_string_equal(clue.words, "address in DE");
    assert_true(places_of_list(tables, &a, "US-NY,US-NJ", &clue));
    assert_string_equal(clue.words, "place US-NY,US-NJ");
    assert_true(places_of_number(tables, &a, "+12135550123", &kind, &clue));
    assert_string_equal(clue.words, "area code 213");
    assert_true(places_of_number(tables, &a, "+61255501234", &kind, &clue));
    assert_string_equal(clue.words, "area code +61 2");
    assert_true(places_of_number(tables, &a, "+491701234567", &kind, &clue));
    assert_string_equal(clue.words, "calling code +49");
}

/* ---- Places, countries, numbers ------------------------------------------------------------
 */

static void every_zone_of_a_place(void **state)
{
    static const struct {
        const char *place, *zones;
    } facts[] = {
        { "US-AL", CENTRAL },
        { "US-AK", "America/Anchorage,America/Adak" },
        { "US-AZ", ARIZONA "," MOUNTAIN },
        { "US-FL", EASTERN "," CENTRAL },
        { "US-ID", MOUNTAIN "," PACIFIC },
        { "US-IN", EASTERN "," CENTRAL },
        { "US-MI", EASTERN "," CENTRAL },
        { "US-OR", PACIFIC "," MOUNTAIN },
        { "US-TX", CENTRAL "," MOUNTAIN },
        { "US-WY", MOUNTAIN },
        { "US-NY-NYC", EASTERN },
        { "US-NY,US-CA", EASTERN "," PACIFIC },
        { "CA-SK", "America/Regina,America/Edmonton,America/Winnipeg" },
        { "GB-LND", "Europe/London" }, /* a part that is not listed: its country */
        { "DE-BE", "Europe/Berlin" },
        { "IT-25", "Europe/Rome" },
        { "CN", "Asia/Shanghai,Asia/Urumqi" },
        { "XX", "" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const char *zones = places_zones(tables, &a, facts[i].place);
        if (!same_zones(zones, facts[i].zones))
            fail_msg("%s: %s", facts[i].place, zones);
    }
}

static void countries(void **state)
{
    static const char *const facts[][2] = {
        { "DE", "DE" },
        { "Germany", "DE" },
        { "deutschland", "DE" },
        { "USA", "US" },
        { "United States", "US" },
        { "United Kingdom", "GB" },
        { "uk", "GB" },
        { "Québec", NULL },
        { "de", NULL },
        { "Atlantis", NULL },
        { "", NULL },
        { "Côte d'Ivoire", "CI" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const char *found = places_country(tables, facts[i][0]);
        if (!text_equal(found, facts[i][1]))
            fail_msg("%s: %s", facts[i][0], found == NULL ? "nothing" : found);
    }
}

static void codes_of_places(void **state)
{
    static const char *const good[] = { "US",    "US-CO",  "US-NY-NYC", "CA-ON", "DE",
                                        "DE-BE", "GB-LND", "GB-SCT",    "AU-WA" };
    static const char *const bad[] = { "US-XX",
                                       "CA-XX",
                                       "AU-XX",
                                       "XX",
                                       "",
                                       "U",
                                       "-",
                                       "US-",
                                       "us-co",
                                       "Colorado",
                                       "US-CO-a-very-long-part" };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        if (!places_known(tables, good[i]))
            fail_msg("%s", good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (places_known(tables, bad[i]))
            fail_msg("%s", bad[i]);
    }
}

static void numbers(void **state)
{
    static const struct {
        const char *number, *zones, *places;
        enum clue_kind kind;
    } facts[] = {
        { "+12135550123", PACIFIC, "US-CA", CLUE_NUMBER },
        { "+13125550123", CENTRAL, "US-IL", CLUE_NUMBER },
        { "+12125550123", EASTERN, "US-NY-NYC", CLUE_NUMBER },
        { "+19285550123", ARIZONA "," MOUNTAIN, "US-AZ", CLUE_NUMBER },
        { "+18505550123", CENTRAL "," EASTERN, "US-FL", CLUE_NUMBER },
        { "+14485550123", CENTRAL "," EASTERN, "US-FL", CLUE_NUMBER }, /* laid over 850 */
        { "+12085550123", MOUNTAIN "," PACIFIC, "US-ID", CLUE_NUMBER },
        { "+19155550123", MOUNTAIN, "US-TX", CLUE_NUMBER },
        { "+17755550123", PACIFIC "," MOUNTAIN, "US-NV", CLUE_NUMBER },
        { "+14165550123", "America/Toronto", "CA-ON", CLUE_NUMBER },
        { "+18075550123", "America/Toronto,America/Winnipeg,America/Atikokan", "CA-ON",
          CLUE_NUMBER },
        { "+17875550123", "America/Puerto_Rico", "US-PR", CLUE_NUMBER },
        { "+18765550123", "America/Jamaica", "JM", CLUE_NUMBER },
        { "+442079460123", "Europe/London", "GB", CLUE_COUNTRY },
        { "+447700900123", "Europe/London", "GB", CLUE_COUNTRY },
        { "+4930231250", "Europe/Berlin", "DE", CLUE_COUNTRY },
        { "+61255501234", "Australia/Sydney", "AU-NSW,AU-ACT", CLUE_NUMBER },
        { "+61755501234", "Australia/Brisbane", "AU-QLD", CLUE_NUMBER },
        { "+61491570006",
          "Australia/Sydney,Australia/Adelaide,Australia/Brisbane,Australia/Perth,"
          "Australia/Eucla,Australia/Darwin,Australia/Lord_Howe",
          "AU", CLUE_COUNTRY },
        { "+77012345678", "Asia/Almaty,Asia/Qyzylorda", "KZ", CLUE_COUNTRY },
        /* of no place: free, personal, satellite; and codes that nobody was given */
        { "+18005550123", "", "", CLUE_NUMBER },
        { "+18335550123", "", "", CLUE_NUMBER },
        { "+15005550123", "", "", CLUE_NUMBER },
        { "+19005550123", "", "", CLUE_NUMBER },
        { "+16005550123", "", "", CLUE_NUMBER },
        { "+448081570123", "", "", CLUE_NUMBER },
        { "+447012345678", "", "", CLUE_NUMBER },
        { "+4918012345", "", "", CLUE_NUMBER },
        { "+611300123456", "", "", CLUE_NUMBER },
        { "+80012345678", "", "", CLUE_NUMBER },
        { "+870123456789", "", "", CLUE_NUMBER },
        { "+8811234567", "", "", CLUE_NUMBER },
        { "+19995550123", "", "", CLUE_NUMBER },
        { "12135550123", "", "", CLUE_NUMBER },
        { "+", "", "", CLUE_NUMBER },
        { "", "", "", CLUE_NUMBER },
        { "+12345678901234567890", "", "", CLUE_NUMBER },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        struct clue clue = { 0 };
        enum clue_kind kind = CLUE_NUMBER;
        bool found = places_of_number(tables, &a, facts[i].number, &kind, &clue);
        if (facts[i].zones[0] == '\0' && found)
            fail_msg("%s: found %s", facts[i].number, clue.words);
        expect(facts[i].number, found, &clue, facts[i].zones, facts[i].places);
        if (kind != facts[i].kind)
            fail_msg("%s: clue of kind %d", facts[i].number, (int)kind);
    }
}

/* ---- Nights on which clocks are moved ------------------------------------------------------
 */

static int hour_at(const char *zone, const char *moment)
{
    struct instant at;

    assert_true(instant_parse(moment, &at));
    return wall_at(at, zone_find(zone)).second / 3600;
}

/* The zones of a Navajo address show two times in summer and one in winter. */
static void clocks_of_an_address(void **state)
{
    struct clue clue;

    (void)state;
    assert_true(zip_find("86503", &clue));
    assert_int_equal(list_count(clue.zones), 2);
    const char *one = arena_copy_n(&a, clue.zones, strcspn(clue.zones, ","));
    const char *other = clue.zones + strcspn(clue.zones, ",") + 1;
    /* clocks go forward on 8 March 2026 at 09:00Z, back on 1 November at 08:00Z */
    assert_int_equal(hour_at(one, "2026-03-08T08:59:59Z"),
                     hour_at(other, "2026-03-08T08:59:59Z"));
    assert_int_not_equal(hour_at(one, "2026-03-08T09:00:00Z"),
                         hour_at(other, "2026-03-08T09:00:00Z"));
    assert_int_not_equal(hour_at(one, "2026-11-01T07:59:59Z"),
                         hour_at(other, "2026-11-01T07:59:59Z"));
    assert_int_equal(hour_at(one, "2026-11-01T08:00:00Z"),
                     hour_at(other, "2026-11-01T08:00:00Z"));
}

/* ---- The tables ----------------------------------------------------------------------------
 */

/* Every zone that a table names is one of this system. */
static void every_zone_is_known(void **state)
{
    static const char *const paths[] = { "rules/places/countries.txt",
                                         "rules/places/postcodes.txt",
                                         "rules/places/numbers.txt" };
    size_t zones = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct fault why;
        struct file file;
        assert_true(files_load(&a, paths[i], &file, &why));
        for (const char *line = (const char *)file.bytes; *line != '\0';) {
            const char *tab = line + strcspn(line, "\t\n");
            for (const char *at = tab + 1; *line != '#' && *tab == '\t' && *at != '\t';) {
                size_t length = strcspn(at, ",\t\n");
                const char *name = arena_copy_n(&a, at, length);
                if (strcmp(name, "-") != 0 && zone_find(name) == NULL)
                    fail_msg("%s: there is no zone %s", paths[i], name);
                at += length + (at[length] == ',');
                zones++;
            }
            line += strcspn(line, "\n");
            line += *line == '\n';
        }
    }
    assert_true(zones > 1000);
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A generous bound, for a machine with other things to do and sanitizers: no allocation beyond
 * the arena, and halves instead of lines. */
static void looking_up_is_quick(void **state)
{
    struct home home = { .address = "Ann\n1 Long Lane\nMadison, WI 53703" };
    struct clue clue;
    enum clue_kind kind;
    enum { TIMES = 2000 };
    double start = seconds_now();

    (void)state;
    for (int i = 0; i < TIMES; i++) {
        assert_true(places_of_address(tables, &a, &home, &clue));
        assert_true(places_of_number(tables, &a, "+12135550123", &kind, &clue));
        arena_reset(&a);
    }
    double each = (seconds_now() - start) / TIMES;
    print_message("%.2f microseconds for an address and a number\n", each * 1e6);
    assert_true(each < 1e-3);
}

static int load(void **state)
{
    struct fault why;
    double start = seconds_now();

    (void)state;
    if (!places_load(&tables, &why)) {
        print_message("%s\n", why.text);
        return 1;
    }
    print_message("%.2f ms to read the tables\n", (seconds_now() - start) * 1e3);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zip_codes),
        cmocka_unit_test(every_zip_of_the_sources),
        cmocka_unit_test(addresses),
        cmocka_unit_test(words_name_the_source),
        cmocka_unit_test(every_zone_of_a_place),
        cmocka_unit_test(countries),
        cmocka_unit_test(codes_of_places),
        cmocka_unit_test(numbers),
        cmocka_unit_test(clocks_of_an_address),
        cmocka_unit_test(every_zone_is_known),
        cmocka_unit_test(looking_up_is_quick),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
