/* Prove: a verdict, given again from its question and by the rules of its day. */
#include "flow/prove_parts.h"
#include "flow/replay.h"

#include <inttypes.h>

/* A question without a verdict is nobody's. */
bool prove_verdict(struct proof *p, int64_t seq, const char *record, const char *question)
{
    struct replayed again;

    if (!record_has_verdict(record)) {
        if (question != NULL)
            prove_find(p, CHECK_VERDICTS, "no question", "a question without a verdict",
                       "record %" PRId64, seq);
        return true;
    }
    p->counts[CHECK_VERDICTS]++;
    if (!replay_judge(p->replay, record, question, &again, p->why))
        return false;
    if (again.problem != NULL)
        prove_find(p, CHECK_VERDICTS, again.expected, again.found, "record %" PRId64 ", %s",
                   seq, again.problem);
    return true;
}
