/* book FILE CASEFILES NOW [MONTHS]: a book of invented debtors whose history ends at NOW. */
#include "flow/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct fault why = { 0 };
    struct instant now;
    struct book b;

    if (argc < 4 || argc > 5 || !instant_parse(argv[3], &now)) {
        fputs("usage: book FILE CASEFILES NOW [MONTHS]\n", stderr);
        return 2;
    }
    struct demo_request r = { .casefiles = atoll(argv[2]),
                              .months = argc > 4 ? atoi(argv[4]) : 0 };
    double began = seconds_now();
    if (!demo_create(argv[1], &why) || !book_open(&b, argv[1], now, &why)) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    bool done = demo_fill(&b, r, &why);
    book_close(&b);
    if (!done) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    printf("{\"seconds\":%.3f}\n", seconds_now() - began);
    return 0;
}
