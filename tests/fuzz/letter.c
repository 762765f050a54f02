/* Any bytes as the marks of a letter: read into blocks that hold what they promise, or refused.
 */
#include "formats/letter_marks.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void check_block(const struct letter_block *block)
{
    must(block->row_count > 0);
    for (size_t i = 0; i < block->row_count; i++) {
        size_t cells = block->rows[i].cell_count;
        switch (block->kind) {
        case LETTER_TABLE:
            must(block->right != NULL && cells == block->rows[0].cell_count && cells > 0);
            break;
        case LETTER_TOTAL:
            must(cells == 2);
            break;
        case LETTER_CHOICE:
            must(block->inset != NULL && cells == 1);
            break;
        case LETTER_ACTION:
            must(text_starts(block->url, "http") && cells == 1);
            break;
        case LETTER_PARAGRAPH:
        case LETTER_HEADING:
        case LETTER_STATEMENT:
        case LETTER_CHOICE:
        case LETTER_LIST:
            must(cells == 1);
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const struct letter_block *blocks;
    size_t count;
    char *text = arena_copy_n(&a, (const char *)bytes, length);

    if (letter_marks_read(&a, "fuzz", text, &blocks, &count, &why)) {
        for (size_t i = 0; i < count; i++)
            check_block(&blocks[i]);
    } else {
        must(why.text[0] != '\0');
    }
    arena_free(&a);
    return 0;
}
