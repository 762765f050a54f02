/*
 * Sort: puts an array in order. For the domain, which names nothing of the system by itself.
 *
 * What compares as equal may come out in any order: a comparison that must not depend on that
 * has to tell all apart.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

/* `array` may be NULL when count is 0. */
void sort_array(void *array, size_t count, size_t size,
                int (*compare)(const void *left, const void *right));

#endif
