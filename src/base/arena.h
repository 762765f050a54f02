/*
 * Arena: memory that lives as long as one unit of work (a request, a batch, a file row).
 *
 * Everything is freed at once by arena_free, or emptied for the next unit by arena_reset,
 * which keeps the blocks. Memory is zeroed. Running out of memory stops the program: rows
 * make restart safe. An arena is not shared between threads.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/fault.h"

#include <stdarg.h>
#include <stdint.h>

struct arena_block;

struct arena {
    struct arena_block *first, *current;
    size_t used; /* bytes handed out since the last reset */
};

void arena_free(struct arena *a);
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
#define arena_make(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

char *arena_copy(struct arena *a, const char *text);
char *arena_copy_n(struct arena *a, const char *text, size_t length);
char *arena_print(struct arena *a, const char *format, ...) PRINTF(2, 3);
char *arena_vprint(struct arena *a, const char *format, va_list args) PRINTF(2, 0);

/*
 * Grows an array in the arena: makes room for one more element and returns a pointer to it.
 * `array`, `count` and `room` are lvalues; the old copy stays in the arena until it is reset.
 */
#define arena_push(a, array, count, room)                                                      \
    ((array) = arena_grow((a), (array), sizeof *(array), (count), &(room)), &(array)[(count)++])
void *arena_grow(struct arena *a, void *array, size_t size, size_t count, size_t *room);

#endif
