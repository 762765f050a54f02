/* Our zones against the C library's, which reads the same files by other code. */
#include "formats/tzif.h"

#include "base/text.h"

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const char *const zones[] = {
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Indiana/Knox",
    "America/Toronto",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Nuuk",
    "Pacific/Honolulu",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Easter",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Lisbon",
    "Europe/Moscow",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Asia/Jerusalem",
    "Asia/Gaza",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Australia/Brisbane",
    "Australia/Eucla",
    "Australia/Adelaide",
    "Antarctica/Troll",
    "Etc/UTC",
    "Etc/GMT+12",
    "EST",
    "EST5EDT",
};

static int64_t seconds_of_year(int year)
{
    return (int64_t)day_of_date((struct date){ year, 1, 1 }).number * SECONDS_A_DAY;
}

static void library_zone(const char *name)
{
    setenv("TZ", name, 1);
    tzset();
}

static void check_offset(const struct zone *zone, int64_t second)
{
    time_t moment = (time_t)second;
    struct tm local;

    localtime_r(&moment, &local);
    int32_t ours = zone_offset_at(zone, (struct instant){ second * 1000000 });
    if (ours != local.tm_gmtoff)
        fail_msg("%s at %lld: we say %d, the C library %ld", zone_name(zone), (long long)second,
                 ours, local.tm_gmtoff);
}

static void offsets_are_those_of_the_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        const struct zone *zone = zone_find(zones[i]);
        assert_non_null(zone);
        library_zone(zones[i]);
        for (int64_t at = seconds_of_year(1970); at < seconds_of_year(2101); at += 9 * 3600 + 7)
            check_offset(zone, at);
    }
}

/* Every second around every change, and far beyond the last one that is written down. */
static void changes_happen_at_the_second(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        const struct zone *zone = zone_find(zones[i]);
        library_zone(zones[i]);
        for (size_t s = 1; s < zone->count; s++) {
            int64_t starts = zone->segments[s].starts;
            if (starts < seconds_of_year(1902) || starts > seconds_of_year(2300))
                continue;
            for (int64_t at = starts - 2; at <= starts + 2; at++)
                check_offset(zone, at);
        }
        for (int year = 2300; year < 3300; year += 37)
            check_offset(zone, seconds_of_year(year) + 190 * SECONDS_A_DAY);
    }
}

/* The first instant that shows a wall time; or, in a gap, the first after the gap. */
static int64_t first_by_search(const struct zone *zone, int64_t local)
{
    int64_t jumped = INT64_MAX;

    for (int64_t at = local - 15 * 3600; at <= local + 15 * 3600; at += 900) {
        int64_t shown = at + zone_offset_at(zone, (struct instant){ at * 1000000 });
        if (shown == local)
            return at;
        if (shown > local && at < jumped)
            jumped = at;
    }
    return jumped;
}

static void walls_are_found_in_gaps_and_overlaps(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(zones); i++) {
        const struct zone *zone = zone_find(zones[i]);
        for (size_t s = 1; s < zone->count; s++) {
            int64_t starts = zone->segments[s].starts;
            if (starts < seconds_of_year(1975) || starts > seconds_of_year(2101) ||
                starts % 900 != 0 || zone->segments[s].offset % 900 != 0)
                continue;
            int64_t near = starts + zone->segments[s].offset;
            for (int64_t local = near - 4 * 3600; local < near + 4 * 3600; local += 900) {
                int64_t day = local / SECONDS_A_DAY;
                struct wall wall = { { (int32_t)day }, (int32_t)(local - day * SECONDS_A_DAY) };
                int64_t ours = instant_of_wall(wall, zone).us / 1000000;
                if (ours != first_by_search(zone, local))
                    fail_msg("%s: wall %lld", zone_name(zone), (long long)local);
            }
        }
    }
}

static void known_nights(void **state)
{
    const struct zone *zone = zone_find("America/New_York");
    char text[INSTANT_TEXT];
    struct day day;

    (void)state;
    assert_true(day_parse("2026-03-08", &day)); /* 02:30 is never shown */
    assert_string_equal(instant_print(instant_of_wall((struct wall){ day, 9000 }, zone), text),
                        "2026-03-08T07:00:00Z");
    assert_true(day_parse("2026-11-01", &day)); /* 01:30 is shown twice: the first */
    assert_string_equal(instant_print(instant_of_wall((struct wall){ day, 5400 }, zone), text),
                        "2026-11-01T05:30:00Z");
    assert_true(day_parse("9876-07-01", &day)); /* an era or twenty later */
    assert_string_equal(
        instant_print_in(instant_of_wall((struct wall){ day, 28800 }, zone), zone, text),
        "9876-07-01T08:00:00-04:00");
}

static void days_begin_where_midnight_is_skipped(void **state)
{
    const struct zone *both[] = { zone_find("America/Santiago"), zone_find("Africa/Cairo") };
    char text[INSTANT_TEXT];
    struct day day;

    (void)state;
    assert_true(day_parse("2024-09-08", &day)); /* Chile's clocks leap at midnight */
    assert_string_equal(instant_print_in(day_begins(day, both[0]), both[0], text),
                        "2024-09-08T01:00:00-03:00");
    assert_true(day_reached_everywhere(day, 2, both).us == day_begins(day, both[0]).us);
}

static void what_is_no_zone(void **state)
{
    static const char *const names[] = {
        "",         "Mars/Olympus", "../../etc/passwd", "/etc/zone",
        "zone.tab", "America",      "America/New York"
    };

    (void)state;
    assert_null(zone_find(NULL));
    for (size_t i = 0; i < COUNT(names); i++)
        assert_null(zone_find(names[i]));
    assert_ptr_equal(zone_find("Europe/London"), zone_find("Europe/London"));
}

static void broken_files_are_refused(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const char *folder = getenv("TZDIR");
    char *bytes;
    size_t length;

    (void)state;
    assert_true(text_read_file(
        arena_print(&a, "%s/Europe/Berlin", folder ? folder : "/usr/share/zoneinfo"), 1 << 20,
        &a, &bytes, &length, &why));
    for (size_t cut = 0; cut < length; cut++) {
        struct zone zone = { 0 };
        unsigned char *copy = malloc(cut + 1);
        memcpy(copy, bytes, cut);
        assert_false(tzif_parse(&a, copy, cut, &zone));
        free(copy);
    }
    for (size_t at = 0; at < length; at++) { /* any answer will do, any crash will not */
        struct zone zone = { 0 };
        unsigned char *copy = malloc(length);
        memcpy(copy, bytes, length);
        copy[at] ^= 0xff;
        if (tzif_parse(&a, copy, length, &zone))
            zone_offset_at(&zone, (struct instant){ INT64_C(1790000000000000) });
        free(copy);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void footers(void **state)
{
    static const char *const wrong[] = { "",
                                         "EST",
                                         "E5",
                                         "EST5EDT",
                                         "EST5EDT,M3.2.0",
                                         "EST5EDT,M13.1.0,M11.1.0",
                                         "EST5EDT,M3.2.0,M11.1.0x",
                                         "EST5EDT,M3.2.7,M11.1.0",
                                         "<+03",
                                         "EST999",
                                         "EST5EDT,J0,J60",
                                         "EST5EDT,,",
                                         "EST5EDT,M,M" };
    struct segment segments[1 + ZONE_FOOTER_SEGMENTS];
    struct zone zone = { .count = 1, .segments = segments };

    (void)state;
    segments[0] = (struct segment){ INT64_MIN, 0 };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        zone.count = 1;
        assert_false(zone_continue(&zone, wrong[i]));
    }
    zone.count = 1;
    assert_true(zone_continue(&zone, "XXX3EDT4,J60/-1:30,300/167:59:59"));
}

static void *find_all(void *unused)
{
    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < COUNT(zones); i++)
            assert_non_null(zone_find(zones[i]));
    }
    return unused;
}

static void threads_may_ask(void **state)
{
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_all, NULL), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
}

static void a_look_up_is_quick(void **state)
{
    const struct zone *zone = zone_find("America/New_York");
    struct timespec begin, end;
    int64_t sum = 0;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int64_t i = 0; i < 1000000; i++)
        sum += zone_offset_at(zone, (struct instant){ (i * 7919 % 4000000000) * 1000000 });
    clock_gettime(CLOCK_MONOTONIC, &end);
    double ns =
        (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
    print_message("zone_offset_at: %.1f ns (sum %lld)\n", ns, (long long)sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_may_ask),
        cmocka_unit_test(offsets_are_those_of_the_library),
        cmocka_unit_test(changes_happen_at_the_second),
        cmocka_unit_test(walls_are_found_in_gaps_and_overlaps),
        cmocka_unit_test(known_nights),
        cmocka_unit_test(days_begin_where_midnight_is_skipped),
        cmocka_unit_test(what_is_no_zone),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(footers),
        cmocka_unit_test(a_look_up_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
