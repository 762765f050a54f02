#include "web/page.h"

const struct route routes_work[] = {
    { 0 },
};
