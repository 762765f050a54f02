/*
 * Reading: how hard an English text is to read: the Flesch-Kincaid grade (Kincaid et al. 1975),
 * 0.39 × words per sentence + 11.8 × syllables per word - 15.59. Syllables are counted by
 * groups of vowels, which is right for most words; so the grade is a hint, never a verdict.
 */
#ifndef FORMATS_READING_H
#define FORMATS_READING_H

#include "base/text.h"

struct reading {
    int words, sentences, syllables;
    int grade_tenths; /* 74: grade 7.4; 0 when there are fewer than 30 words */
    int age;          /* years at which most people read it with ease        */
    int capitals;     /* words of three letters and more, all in capitals    */
};

struct reading reading_of(const char *text);

#endif
