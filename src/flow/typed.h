/*
 * Typed: days as people type them, in a command or in a field of a form.
 *
 *   2026-11-20, today, tomorrow, yesterday, +7d, -3d, +2w, fri, next fri (the first Friday after
 *   today, both)
 */
#ifndef FLOW_TYPED_H
#define FLOW_TYPED_H

#include "domain/calendar.h"

/* False, leaving *out alone, when it is no day. */
bool typed_day(const char *text, struct day today, struct day *out);

#endif
