#include "web/page.h"

const struct route routes_approvals[] = {
    { 0 },
};
