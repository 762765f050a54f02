#include "cli/edge.h"

int main(int count, char *words[])
{
    return cli_main(count, words);
}
