/* Two strategies: which lines differ, and which case files of a book go another way. */
#include "flow/strategy_diff.h"

#include "base/files.h"
#include "base/text.h"
#include "flow/demo.h"
#include "formats/strategy_compare.h"
#include "formats/strategy_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { CASEFILES = 400 };

static char url[] = "/tmp/recoup-diff-XXXXXX";
static struct arena keep;
static const char *b2b; /* the text of strategies/b2b-invoices.yaml */

static const char *replaced(const char *text, const char *piece, const char *instead)
{
    const char *at = strstr(text, piece);

    assert_non_null(at);
    return arena_print(&keep, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(piece));
}

static const struct strategy *parsed(const char *text)
{
    struct fault why = { 0 };
    struct strategy *s = strategy_parse(&keep, "s.yaml", text, strlen(text), &why);

    if (s == NULL)
        fail_msg("%s", why.text);
    return s;
}

static void collect(void *context, const struct strategy_change *change)
{
    text_add_print(context, "%c %s\n", change->mark, change->text);
}

static void lines_are_compared(void **state)
{
    const struct strategy *old_one = parsed(b2b);
    const char *changed = replaced(b2b, "total_open_minor < 25000", "total_open_minor < 30000");
    struct text lines = { 0 };

    (void)state;
    changed = replaced(changed, "  - name: standard\n", "  - name: usual\n");
    changed =
        replaced(changed, "{name: normal, ladder: standard}", "{name: normal, ladder: usual}");
    changed =
        replaced(changed, "{id: early_call, after_due: 3", "{id: early_call, after_due: 4");
    changed = replaced(changed, "grace_days: 2", "grace_days: 1");
    assert_int_equal(strategy_compare(&keep, old_one, old_one, collect, &lines), 0);
    assert_string_equal(text_of(&lines), "");
    size_t marked = strategy_compare(&keep, old_one, parsed(changed), collect, &lines);
    assert_int_equal(marked, 24);
    const char *const some[] = {
        "  strategy\n- promises are kept from 95% on, up to 2 days late\n"
        "+ promises are kept from 95% on, up to 1 days late\n  segments\n",
        "- small        total_open_minor < 25000                 -> small\n"
        "+ small        total_open_minor < 30000                 -> small\n",
        "  ladder standard\n- highest step first, gap 3 days, stale after 30\n"
        "- day  -3  friendly_reminder    email            friendly-reminder\n",
        "- end after 14 days: hand_over\n  ladder large\n"
        "- day   3  early_call           call             call-script  when has_phone\n"
        "+ day   4  early_call           call             call-script  when has_phone\n"
        "  ladder usual\n+ highest step first",
    };
    for (size_t i = 0; i < COUNT(some); i++) {
        if (strstr(text_of(&lines), some[i]) == NULL)
            fail_msg("%s\nis not in\n%s", some[i], text_of(&lines));
    }
    text_free(&lines);
}

static struct strategy_moves moves_to(const char *text)
{
    struct strategy_diff_request r = {
        .url = url, .old_one = parsed(b2b), .new_one = parsed(text), .samples = 2
    };
    struct strategy_moves moves;
    struct fault why = { 0 };

    assert_true(instant_parse("2026-11-20T09:40:00-06:00", &r.now));
    if (!strategy_diff(&r, &keep, &moves, &why))
        fail_msg("%s", why.text);
    int64_t sum = moves.resegmented;
    for (size_t i = 0; i < moves.count; i++) {
        sum += moves.all[i].count;
        assert_true(moves.all[i].sample_count == (moves.all[i].count < 2 ? 1 : 2));
        assert_true(i == 0 || moves.all[i - 1].count >= moves.all[i].count);
    }
    assert_int_equal(sum, moves.different);
    assert_true(moves.touched <= moves.casefiles);
    return moves;
}

static void the_same_strategy_moves_nobody(void **state)
{
    struct strategy_moves moves = moves_to(b2b);

    (void)state;
    assert_int_equal(moves.casefiles, CASEFILES);
    assert_true(moves.touched > 0);
    assert_int_equal(moves.different, 0);
    assert_int_equal(moves.count, 0);
}

static void another_strategy_moves_some(void **state)
{
    struct strategy_moves moves = moves_to(replaced(b2b, "< 25000", "< 90000000"));

    (void)state;
    assert_true(moves.different > 0);
    moves = moves_to(replaced(b2b, "business && role", "business == false && role"));
    assert_true(moves.touched > 0 && moves.different > 0);
}

static int begin(void **state)
{
    struct demo_request r = { .casefiles = CASEFILES, .seed = 7, .months = 6 };
    struct fault why = { 0 };
    struct instant now;
    struct file file;
    struct book b;
    int fd = mkstemp(url);

    (void)state;
    if (fd < 0 || close(fd) != 0 || unlink(url) != 0)
        return -1;
    assert_true(instant_parse("2026-11-20T09:40:00-06:00", &now));
    assert_true(files_load(&keep, "strategies/b2b-invoices.yaml", &file, &why));
    b2b = (const char *)file.bytes;
    if (!demo_create(url, &why) || !book_open(&b, url, now, &why) || !demo_fill(&b, r, &why)) {
        print_error("%s\n", why.text);
        return -1;
    }
    book_close(&b);
    return 0;
}

static int end(void **state)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };

    (void)state;
    for (size_t i = 0; i < COUNT(suffixes); i++)
        unlink(arena_print(&keep, "%s%s", url, suffixes[i]));
    arena_free(&keep);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_compared),
        cmocka_unit_test(the_same_strategy_moves_nobody),
        cmocka_unit_test(another_strategy_moves_some),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
