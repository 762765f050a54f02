/*
 * Stands in for libFuzzer: feeds every file of the folders and files named to a fuzzer, so that
 * what once broke it is tried in the ordinary tests, whatever the compiler.
 *
 *   build/check/tests/fuzz/condition tests/fuzz/corpus/condition
 *
 * The empty input is always tried. Under sanitizers a fault ends the program.
 */
#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

/* A block of exactly this size, so that a read past its end is seen. */
static void feed(const char *bytes, size_t length)
{
    unsigned char *exact = malloc(length == 0 ? 1 : length);

    must(exact != NULL);
    if (length > 0)
        memcpy(exact, bytes, length);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
}

static void feed_file(const char *path)
{
    struct text text = { 0 };
    char piece[4096];
    size_t got;
    FILE *in = fopen(path, "rb");

    if (in == NULL) {
        perror(path);
        exit(1);
    }
    fprintf(stderr, "%s\n", path); /* the last one named is the one that broke it */
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        text_add_n(&text, piece, got);
    fclose(in);
    feed(text.bytes, text.length);
    text_free(&text);
}

static int feed_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;

    must(entries != NULL);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        feed_file(path);
        count++;
    }
    closedir(entries);
    return count;
}

int main(int argc, char **argv)
{
    int count = 1;

    feed(NULL, 0);
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) == 0 && S_ISDIR(status.st_mode)) {
            count += feed_folder(argv[i]);
        } else {
            feed_file(argv[i]);
            count++;
        }
    }
    printf("replay: %d passed, 0 failed\n", count);
    return 0;
}
