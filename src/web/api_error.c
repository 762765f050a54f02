/* API: everything that an error may say of itself, in one table. Codes never change their meaning;
 * docs/api.md lists them, and tests/api_errors_test.py meets each. */
#include "web/api.h"

#include "base/text.h"
#include "web/page.h"

static const struct api_error_words words[] = {
    [API_BAD_REQUEST] = { "bad-request", 400, "it is no request of HTTP that is taken here" },
    [API_NOT_SIGNED_IN] = { "not-signed-in", 401, "no token, or one that is not good any more" },
    [API_NOT_PERMITTED] = { "not-permitted", 403, "the token has not the scope for this" },
    [API_READ_ONLY] = { "read-only", 403, "this server only shows the book" },
    [API_NOT_FOUND] = { "not-found", 404, "there is no such thing, or its user may not see it" },
    [API_NO_METHOD] = { "no-such-method", 405, "the address is there, and does not take that" },
    [API_CONFLICT] = { "conflict", 409, "it changed meanwhile, or is in another state" },
    [API_KEY_REUSED] = { "key-reused", 409,
                         "the Idempotency-Key was used for something else: nothing was done" },
    [API_TOO_MUCH] = { "too-much", 413, "the body is larger than this address takes" },
    [API_NOT_JSON] = { "not-json", 415, "the body is of a kind that this address does not take" },
    [API_KEY_MISSING] = { "key-missing", 422, "what writes needs an Idempotency-Key" },
    [API_VALUE_BAD] = { "value.bad", 422, "a field or parameter cannot be: the message names it" },
    [API_FILE_BAD] = { "file.bad", 422, "a file breaks its format" },
    [API_FILE_REJECTS] = { "file.rejects", 422,
                           "more than one row in a hundred would be left out: nothing was loaded" },
    [API_PACK_BAD] = { "pack.bad", 422, "a strategy, text or map cannot be loaded" },
    [API_NOT_ALLOWED] = { "not-allowed", 422,
                          "the house does not let this user do that, whatever the scopes" },
    [API_RULE_BLOCKED] = { "rule-blocked", 422, "the gate said no: with its decision" },
    [API_PROVIDER_REFUSED] = { "provider.refused", 422, "the mail server said no, for good" },
    [API_INTERNAL] = { "internal", 500, "something went wrong on our side; it is in the log" },
    [API_PROVIDER_SILENT] = { "provider.silent", 500,
                              "the mail server fell silent: it may or may not have gone out" },
    [API_BUSY] = { "busy", 503, "nothing was done: try again after Retry-After" },
    [API_PROVIDER_BUSY] = { "provider.busy", 503, "the mail server did not take it just now" },
};

const struct api_error_words *api_error_words(enum api_error error)
{
    return &words[error];
}

enum api_error api_error_of_fault(enum fault_code code)
{
    static const enum api_error errors[] = {
        [BAD_VALUE] = API_VALUE_BAD,
        [BAD_USAGE] = API_VALUE_BAD,
        [BAD_FILE] = API_FILE_BAD,
        [TOO_MANY_REJECTS] = API_FILE_REJECTS,
        [BAD_PACK] = API_PACK_BAD,
        [NOT_FOUND] = API_NOT_FOUND,
        [NOT_ALLOWED] = API_NOT_ALLOWED,
        [CONFLICT] = API_CONFLICT,
        [DB_BUSY] = API_BUSY,
        [INTERRUPTED] = API_BUSY,
        [PROVIDER_BUSY] = API_PROVIDER_BUSY,
        [PROVIDER_REFUSED] = API_PROVIDER_REFUSED,
        [PROVIDER_SILENT] = API_PROVIDER_SILENT,
    };

    return (size_t)code < COUNT(errors) && errors[code] != API_NO_ERROR ? errors[code]
                                                                         : API_INTERNAL;
}

enum api_error api_error_of_status(int status)
{
    static const struct {
        int status;
        enum api_error error;
    } errors[] = { { 403, API_NOT_PERMITTED }, { 404, API_NOT_FOUND }, { 405, API_NO_METHOD },
                   { 413, API_TOO_MUCH },      { 415, API_NOT_JSON },  { 500, API_INTERNAL },
                   { 503, API_BUSY } };

    for (size_t i = 0; i < COUNT(errors); i++) {
        if (errors[i].status == status)
            return errors[i].error;
    }
    return API_BAD_REQUEST;
}
