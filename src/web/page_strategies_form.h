/* Strategies: a draft as a form, beside its text. Private to src/web/page_strategies*.c. */
#ifndef WEB_PAGE_STRATEGIES_FORM_H
#define WEB_PAGE_STRATEGIES_FORM_H

#include "flow/strategy_form.h"
#include "web/page_strategies.h"

/* What a call has instead of a letter. */
#define STRATEGY_CALL_TEXT "call-script"

struct strategy_editor {
    const char *text; /* with what came back written into it; NULL: nothing came */
    size_t ladder;    /* that is shown */
    const struct strategy_reach *reach; /* who comes to each step; NULL: not counted */
    bool both;                          /* form and text were both changed: the text counts */
    bool unwritten; /* the fields could not be written; they are shown as they came */
};
/* False with *why when the form cannot be written into the text, which then stays. */
bool strategy_editor_read(struct page *p, struct strategy_editor *out, struct fault *why);

/* The fields of e->text, which is not NULL: "form", unless it cannot be read. */
bool strategy_editor_put(struct page *p, struct strategy_editor *e, struct fault *why);

#endif
