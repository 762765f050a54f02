#include "flow/terms_kept.h"

bool terms_kept(struct store *s, const char *digest, const struct terms **out,
                struct fault *why)
{
    (void)s, (void)out;
    return fail(why, NOT_FOUND, "The book keeps no terms with the digest %s.", digest);
}
