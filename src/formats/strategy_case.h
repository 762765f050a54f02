/*
 * Strategy cases: the examples that stand in a strategy's own file, run.
 *
 * A case gives facts and expects what comes of them. It becomes a case file in memory and goes
 * through the same casefile_decide as the real ones, with no rules of law, so that what is
 * tested is what runs: this strategy, alone.
 *
 *   given    the facts of strategies by their names; for one instalment, or for several under
 *            `items`; beside them last_step, last_step_days_ago, disputed, held (of an
 *            instalment), promised_in (days), payment_pending (of the case file). What adds up
 *            (open_items, total_open_minor, …) may be given to be checked. What is not given
 *            is ordinary: a person, in our own name, one invoice, every address good.
 *   expect   segment, ladder, step, channel, standing (each a name, or none), wake_in (days, or
 *            never); at least one of them. `step` is what is sent: none when something keeps
 * it.
 */
#ifndef FORMATS_STRATEGY_CASE_H
#define FORMATS_STRATEGY_CASE_H

#include "formats/strategy_file.h"

/*
 * Calls `report` with a line "file:line:column: …" for each case that fails or cannot be read;
 * counts both. `report` may be NULL.
 */
void strategy_test(const struct strategy *strategy, struct arena *a, size_t *passed,
                   size_t *failed, void (*report)(void *context, const char *line),
                   void *context);

#endif
