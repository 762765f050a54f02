/* Cases that stand in rule packs are short: what they leave unsaid is filled in here. */
#include "flow/situation.h"

#include "base/text.h"
#include "domain/rule.h"

#include <string.h>

/* Plain words are numbers, truths and nulls where JSON has them; quoted ones stay text. */
static json_t *json_of_yaml(const struct yaml *node)
{
    json_t *out;

    if (node->kind == YAML_TEXT) {
        if (!node->quoted && (strcmp(node->text, "null") == 0 || strcmp(node->text, "~") == 0))
            return json_null();
        if (!node->quoted && strcmp(node->text, "true") == 0)
            return json_true();
        if (!node->quoted && strcmp(node->text, "false") == 0)
            return json_false();
        return json_string(node->text);
    }
    out = node->kind == YAML_LIST ? json_array() : json_object();
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_LIST)
            json_array_append_new(out, json_of_yaml(node->items[i]));
        else
            json_object_set_new(out, node->keys[i], json_of_yaml(node->items[i]));
    }
    return out;
}

/* Moves a field of the short form to its place in the long one. */
static void moved(json_t *from, const char *key, json_t *to)
{
    json_t *value = json_object_get(from, key);

    if (value == NULL)
        return;
    json_object_set(to, key, value);
    json_object_del(from, key);
}

static void text_unless(json_t *object, const char *key, const char *value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set_new(object, key, json_string(value));
}

/* The role that the rule binds first: most cases need not name it. */
static const char *usual_role(const struct rule_case *c)
{
    unsigned binds = c->rule->binds;

    return (binds >> ACTOR_THIRD_PARTY_COLLECTOR & 1u) != 0 ? "third_party_collector"
                                                            : "first_party_creditor";
}

static void debts_fill(const struct rule_case *c, json_t *root, json_t *proposed)
{
    enum debts_bound bound = c->rule->debts;
    json_t *about = json_array(), *debt;
    size_t i;

    if (json_object_get(root, "debts") == NULL)
        json_object_set_new(root, "debts",
                            json_pack("[{s:s,s:s,s:b}]", "id", "D1", "kind",
                                      bound == DEBTS_BUSINESS ? "invoice" : "credit_card",
                                      "b2b", bound == DEBTS_BUSINESS));
    json_array_foreach(json_object_get(root, "debts"), i, debt)
        json_array_append(about, json_object_get(debt, "id"));
    if (json_object_get(proposed, "about") != NULL) {
        json_decref(about);
        about = json_incref(json_object_get(proposed, "about"));
        json_object_del(proposed, "about");
    }
    json_object_set_new(proposed, "debts", about);
}

static void history_fill(json_t *root)
{
    json_t *entry, *first;
    size_t i;

    if (json_object_get(root, "history") == NULL)
        json_object_set_new(root, "history", json_array());
    json_array_foreach(json_object_get(root, "history"), i, entry)
    {
        bool in = text_equal(situation_text(entry, "direction"), "in");
        text_unless(entry, in ? "from" : "to", "P1");
        first = json_object_get(json_array_get(json_object_get(root, "debts"), 0), "id");
        if (json_object_get(entry, "debts") == NULL && first != NULL)
            json_object_set_new(entry, "debts", json_pack("[O]", first));
    }
}

json_t *situation_of_case(const struct rule_case *c)
{
    static const char *const tops[] = { "facts", "history", "history_known",
                                        "debts", "actor",   "jurisdiction" };
    json_t *root = json_object(), *person = json_object(), *actor = json_object();
    json_t *proposed = json_of_yaml(c->given);
    char at[INSTANT_TEXT];

    for (size_t i = 0; i < COUNT(tops); i++)
        moved(proposed, tops[i], root);
    moved(proposed, "relation", person);
    moved(proposed, "zones", person);
    moved(proposed, "locality", person);
    moved(proposed, "role", actor);
    text_unless(person, "relation", "consumer");
    text_unless(actor, "role", usual_role(c));
    text_unless(proposed, "to", "P1");
    json_object_set_new(proposed, "at", json_string(instant_print(c->at, at)));
    debts_fill(c, root, proposed);
    history_fill(root);
    json_object_set_new(root, "person", person);
    if (json_object_get(root, "actor") == NULL)
        json_object_set(root, "actor", actor);
    json_decref(actor);
    json_object_set_new(root, "proposed", proposed);
    return root;
}
