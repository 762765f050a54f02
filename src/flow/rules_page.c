#include "flow/rules_page.h"

#include "domain/rule.h"

#include <string.h>

/* A bar would end the cell. */
static void cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            fputs("&#124;", out);
        else
            fputc(*text, out);
    }
}

static void binds_write(unsigned binds, FILE *out)
{
    const char *between = "";

    if (binds == BINDS_ANYONE) {
        fputs("anyone", out);
        return;
    }
    for (int role = ACTOR_FIRST_PARTY_CREDITOR; role <= ACTOR_DEBT_BUYER; role++) {
        if ((binds >> role & 1u) == 0)
            continue;
        fprintf(out, "%s%s", between, actor_role_name((enum actor_role)role));
        between = ", ";
    }
    if ((binds & BINDS_PSEUDONYM) != 0)
        fprintf(out, "%screditor_pseudonym", between);
}

static const char *debts_words(enum debts_bound debts)
{
    switch (debts) {
    case DEBTS_ANY:
        return "";
    case DEBTS_CONSUMER:
        return "; consumer debts";
    case DEBTS_BUSINESS:
        return "; business debts";
    }
    return "";
}

static void dates_write(const struct rule *rule, FILE *out)
{
    char text[DAY_TEXT];
    bool begins = rule->from.number != DAY_NONE.number;
    bool ends = rule->to.number != DAY_NEVER.number;

    if (!begins && !ends)
        fputs("not recorded", out);
    if (begins)
        fprintf(out, "from %s", day_print(rule->from, text));
    if (ends)
        fprintf(out, "%sto %s", begins ? " " : "", day_print(rule->to, text));
}

static void rule_write(const struct rule *rule, FILE *out)
{
    fprintf(out, "| `%s`", rule->id);
    if (rule->part != NULL)
        fprintf(out, " (%s)", rule->part);
    fputs(" | ", out);
    cell(rule->title, out);
    fputs(" | ", out);
    binds_write(rule->binds, out);
    fputs(debts_words(rule->debts), out);
    fprintf(out, " | %s | ", rule_strength(rule));
    dates_write(rule, out);
    fputs(" | ", out);
    cell(rule->cite, out);
    fprintf(out, " | %s |\n", rule_confidence(rule));
}

static void pack_write(const struct rule_pack *pack, FILE *out)
{
    fprintf(out, "\n## %s\n\nPack `%s`, file `%s`", pack->title, pack->name, pack->path);
    if (pack->within != NULL)
        fprintf(out, ", brought along by `%s`", pack->within);
    fputs(". Places: ", out);
    for (size_t i = 0; i < pack->places.count; i++)
        fprintf(out, "%s%s", i == 0 ? "" : ", ", pack->places.names[i]);
    fputs(".\n\n| Rule | What it asks | Binds | Strength | In force | Citation | Confidence |\n"
          "|---|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < pack->rule_count; i++)
        rule_write(&pack->rules[i], out);
}

void rules_page(const struct rulebook *book, FILE *out)
{
    size_t rules = 0;

    for (size_t i = 0; i < book->pack_count; i++)
        rules += book->packs[i]->rule_count;
    fprintf(
        out,
        "# Every rule\n\nMade by `recoup rules list --markdown` from the packs that the gate "
        "itself reads; a test\nsays when it is not current. [How to read a "
        "pack](how-to-read-a-pack.md) says what the\ncolumns mean.\n\n"
        "%zu rules in %zu packs. Not legal advice.\n",
        rules, book->pack_count);
    for (size_t i = 0; i < book->pack_count; i++)
        pack_write(book->packs[i], out);
}
