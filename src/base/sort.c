#include "base/sort.h"

#include <stdlib.h>

void sort_array(void *array, size_t count, size_t size,
                int (*compare)(const void *left, const void *right))
{
    if (count > 1)
        qsort(array, count, size, compare);
}
