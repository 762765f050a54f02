#include "web/page.h"

const struct route routes_rules[] = {
    { 0 },
};
