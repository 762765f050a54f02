#include "web/page.h"

const struct route routes_texts[] = {
    { 0 },
};
