/*
 * CSRF: how the token of a session stands in pages, never twice the same. Private to src/web.
 *
 * Pages are compressed, and whoever sees their lengths on the line could guess a secret that
 * stands in all of them, letter by letter, by having his guesses shown on the same page
 * (BREACH). So each page has the token under a mask of its own.
 */
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "base/arena.h"

/* 64 hex digits: a random mask, and the token under it. */
const char *csrf_mask(struct arena *a, const char *token);
bool csrf_fits(const char *shown, const char *token);

#endif
