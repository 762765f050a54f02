/*
 * Roles: which permissions go together under a name. Data (folder roles).
 *
 * Refused as a whole (BAD_PACK "file:line:column: …") when a permission is not known, a name
 * stands twice, or nobody could administer users.
 */
#ifndef FORMATS_ROLES_H
#define FORMATS_ROLES_H

#include "domain/permission.h"
#include "formats/yaml.h"

struct role {
    const char *name;      /* "team_lead" */
    const char *title;     /* "Team lead" */
    const char *authority; /* its role in authority/; NULL: it grants nothing */
    permissions can;
};

struct roles {
    size_t count;
    const struct role *list; /* in the order of the file */
};

struct roles *roles_parse(struct arena *a, const char *file, const char *bytes, size_t length,
                          struct fault *why);
/* roles/house.yaml */
struct roles *roles_load(struct arena *a, struct fault *why);
const struct role *role_find(const struct roles *roles, const char *name); /* or NULL */

#endif
