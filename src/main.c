#include "cli/edge.h"

int main(int count, char *words[])
{
    struct neighbours neighbours = { 0 };

    return cli_main(count, words, &neighbours);
}
