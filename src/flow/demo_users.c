/* The people who work at the invented firm: one for each role, all with the same password. */
#include "flow/demo.h"
#include "flow/user.h"

const char demo_password[] = "demo-1234-demo";

bool demo_users(struct book *b, struct fault *why)
{
    static const struct user_input people[] = {
        { "priya@fairhaven.example", "Priya Nair", "collector", NULL, NULL, demo_password },
        { "omar@fairhaven.example", "Omar Diallo", "collector", NULL, NULL, demo_password },
        { "lena@fairhaven.example", "Lena Fischer", "team_lead", NULL, NULL, demo_password },
        { "rosa@fairhaven.example", "Rosa Okoye", "manager", NULL, NULL, demo_password },
        { "helen@fairhaven.example", "Helen Park", "compliance", NULL, NULL, demo_password },
        { "ada@fairhaven.example", "Ada Byrne", "administrator", NULL, NULL, demo_password },
        { "vic@fairhaven.example", "Vic Moss", "read_only", NULL, NULL, demo_password },
    };
    struct roles *roles = roles_load(&b->arena, why);

    for (size_t i = 0; i < COUNT(people); i++) {
        int64_t number;
        if (roles == NULL || !user_add(b, roles, &people[i], &number, why))
            return false;
    }
    return true;
}
