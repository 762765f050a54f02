#include "web/page.h"

const struct route routes_admin[] = {
    { 0 },
};
