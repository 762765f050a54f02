/* Timing: clocks of the measurements, and the row that each prints as JSON for bench/run. */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Time this program worked for: other programs on the machine do not count. */
static inline double cpu_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

enum { REPEATS = 7 };

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Runs each function REPEATS times, one after the other in turn; medians in seconds. */
static inline void measure(size_t count, void (*const runs[])(void *), void *context,
                           double medians[])
{
    double took[8][REPEATS];

    for (int repeat = 0; repeat < REPEATS; repeat++) {
        for (size_t i = 0; i < count; i++) {
            double began = cpu_now();
            runs[i](context);
            took[i][repeat] = cpu_now() - began;
        }
    }
    for (size_t i = 0; i < count; i++) {
        qsort(took[i], REPEATS, sizeof took[i][0], by_size);
        medians[i] = took[i][REPEATS / 2];
    }
}

#endif
