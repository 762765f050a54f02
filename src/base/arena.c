#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

enum { BLOCK_SIZE = 64 * 1024 };

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = malloc(sizeof *block + size);

    must(block != NULL);
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

void arena_free(struct arena *a)
{
    struct arena_block *block = a->first;

    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    *a = (struct arena){ 0 };
}

void arena_reset(struct arena *a)
{
    for (struct arena_block *block = a->first; block != NULL; block = block->next)
        block->used = 0;
    a->current = a->first;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t aligned = (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    struct arena_block *block = a->current;

    while (block != NULL && block->size - block->used < aligned) {
        block = block->next;
        if (block != NULL)
            a->current = block;
    }
    if (block == NULL) {
        block = block_new(aligned > BLOCK_SIZE ? aligned : BLOCK_SIZE);
        if (a->current != NULL) {
            block->next = a->current->next;
            a->current->next = block;
        } else {
            a->first = block;
        }
        a->current = block;
    }
    void *memory = block->bytes + block->used;
    block->used += aligned;
    a->used += aligned;
    return memset(memory, 0, aligned);
}

char *arena_copy_n(struct arena *a, const char *text, size_t length)
{
    char *copy = arena_alloc(a, length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *arena_copy(struct arena *a, const char *text)
{
    return text == NULL ? NULL : arena_copy_n(a, text, strlen(text));
}

char *arena_vprint(struct arena *a, const char *format, va_list args)
{
    char brief[256]; /* most are; the others are printed again, where they fit */
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(brief, sizeof brief, format, again);
    va_end(again);
    must(length >= 0);
    if ((size_t)length < sizeof brief)
        return arena_copy_n(a, brief, (size_t)length);

    char *text = arena_alloc(a, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_print(struct arena *a, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vprint(a, format, args);
    va_end(args);
    return text;
}

void *arena_grow(struct arena *a, void *array, size_t size, size_t count, size_t *room)
{
    if (count < *room)
        return array;
    *room = *room == 0 ? 4 : *room * 2;
    void *grown = arena_alloc(a, size * *room);
    if (count > 0)
        memcpy(grown, array, size * count);
    return grown;
}
