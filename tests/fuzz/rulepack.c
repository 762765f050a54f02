/*
 * Fuzzer of the rule pack reader: any bytes give a pack or a sentence with a place. A pack that
 * is read is judged once, so that no parameter can be read that the gate cannot live with.
 */
#include "formats/rulepack.h"
#include "base/text.h"
#include "domain/rule.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void judge_once(const struct rulebook *book, int64_t day)
{
    static struct verdict verdict;
    const struct zone *zones[] = { zone_find("America/New_York"), zone_find("Europe/London") };
    static const struct gate_debt debt = { .number = 1, .kind = "credit_card" };
    static const int32_t number = 1;
    struct gate_question q = { .at = { day * INT64_C(86400000000) },
                               .party = 1,
                               .relation = "consumer",
                               .zones = zones,
                               .zone_count = 2,
                               .debts = &debt,
                               .debt_count = 1,
                               .history_known = true,
                               .role = ACTOR_THIRD_PARTY_COLLECTOR };
    struct contact talk = { .at = { q.at.us - 3600000000 },
                            .outcome = OUTCOME_CONVERSATION,
                            .party = 1,
                            .debts = { 1, &number } };

    q.history = &talk;
    q.history_count = 1;
    gate_judge((struct gate_packs){ book->pack_count, book->packs }, &q, &verdict);
    must(verdict.finding_count <= FINDINGS_MOST);
    for (size_t i = 0; i < verdict.finding_count; i++)
        must(verdict.findings[i].ruling <= verdict.ruling);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct arena a = { 0 };
    struct rulebook book;
    struct fault why = { 0 };

    if (rulepack_parse(&a, "fuzz.yaml", (const char *)bytes, length, &book, &why))
        judge_once(&book, 20600);
    else
        must(why.code == BAD_PACK && text_starts(why.text, "fuzz.yaml"));
    arena_free(&a);
    return 0;
}
