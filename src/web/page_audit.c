#include "web/page.h"

const struct route routes_audit[] = {
    { 0 },
};
