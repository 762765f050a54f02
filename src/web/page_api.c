#include "web/page.h"

const struct route routes_api[] = {
    { 0 },
};
