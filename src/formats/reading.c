#include "formats/reading.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_LEAST = 30, SCHOOL_AGE = 5 };

static bool is_vowel(char c)
{
    return c != '\0' && strchr("aeiouyAEIOUY", c) != NULL;
}

/* Groups of vowels; a last e alone is not heard. */
static int syllables_of(const char *word, size_t length)
{
    int groups = 0;

    for (size_t i = 0; i < length; i++)
        groups += is_vowel(word[i]) && (i == 0 || !is_vowel(word[i - 1]));
    if (length > 2 && (word[length - 1] == 'e' || word[length - 1] == 'E') &&
        !is_vowel(word[length - 2]) && groups > 1)
        groups--;
    return groups > 0 ? groups : 1;
}

static bool is_shouted(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!isupper((unsigned char)word[i]))
            return false;
    }
    return length >= 3;
}

/* A sentence ends with its mark, or with its line where no mark stands. */
static bool ends_sentence(const char *at)
{
    if (*at == '\n')
        return at[1] == '\n' || at[1] == '-' || at[1] == '\0';
    return (*at == '.' || *at == '!' || *at == '?' || *at == ':') &&
           (at[1] == ' ' || at[1] == '\n' || at[1] == '\0');
}

struct reading reading_of(const char *text)
{
    struct reading r = { 0 };
    bool words_since = false;

    for (const char *at = text; *at != '\0';) {
        size_t length = 0;
        while (isalpha((unsigned char)at[length]) || at[length] == '\'')
            length++;
        if (length > 0) {
            r.words++;
            r.syllables += syllables_of(at, length);
            r.capitals += is_shouted(at, length);
            words_since = true;
            at += length;
            continue;
        }
        if (words_since && ends_sentence(at)) {
            r.sentences++;
            words_since = false;
        }
        at++;
    }
    r.sentences += words_since;
    if (r.words < WORDS_LEAST)
        return r;
    /* In hundred-thousandths, so that no fraction is lost on the way. */
    long grade = 39000L * r.words / r.sentences + 1180000L * r.syllables / r.words - 1559000L;
    r.grade_tenths = grade > 0 ? (int)(grade / 10000) : 0;
    r.age = SCHOOL_AGE + (r.grade_tenths + 5) / 10;
    return r;
}
