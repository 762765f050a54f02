/*
 * Books: where the books of a case file stand, packed into a column of its row, so that the next
 * movement is added to them instead of making them again from all movements.
 *
 * Derived, as the face is: `recoup prove` makes the books from the movements and compares.
 */
#ifndef STORE_BOOKS_H
#define STORE_BOOKS_H

#include "base/text.h"
#include "domain/ledger.h"

/* `settled`: the day to which time has run in them. Clears `out` first. */
void books_pack(const struct ledger_state *state, struct day settled, struct text *out);

/*
 * False when they cannot be read (none, or packed by another version): make them again. Terms
 * have their digest only; ledger_bind gives them to the instalments once they are found.
 */
bool books_unpack(const void *bytes, size_t length, struct arena *a, struct ledger_state *out,
                  struct day *settled);

#endif
