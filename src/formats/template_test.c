#include "formats/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Partials of the cases below. */
static const char *const partials[][2] = {
    { "name", "[{{who}}]" },
    { "two", "one\n{{who}}\n\nthree\n" },
    { "tag-first", "{{who}}\n{{#list}}\n{{.}}\n{{/list}}\n" },
    { "outer", "(\n  {{>two}}\n)\n" },
    { "tree", "<{{value}}{{#children}}{{>tree}}{{/children}}>" },
    { "endless", "{{>endless}}" },
    { "broken", "fine\n{{#open}}\n" },
    { "blank-needed", "a\n{{absent}}\n" },
    { "bars", "|{{who}}|" },
};

static bool find_partial(void *self, struct arena *a, const char *name, struct file *out)
{
    (void)self;
    (void)a;
    for (size_t i = 0; i < COUNT(partials); i++) {
        if (strcmp(partials[i][0], name) == 0) {
            *out = (struct file){ name, (const unsigned char *)partials[i][1],
                                  strlen(partials[i][1]) };
            return true;
        }
    }
    return false;
}

static const struct template_case {
    const char *name, *source, *context, *expected;
} cases[] = {
    { "plain text stays", "Nothing to fill.\n", "{}", "Nothing to fill.\n" },
    { "a value", "Dear {{who}},", "{'who':'Maya'}", "Dear Maya," },
    { "blanks inside a tag", "{{  who }}|{{ & who }}|{{{ who }}}", "{'who':'M'}", "M|M|M" },
    { "a value keeps the blanks around it", "  {{who}}  \n", "{'who':'M'}", "  M  \n" },
    { "HTML is escaped", "{{x}}", "{'x':'<a href=\\'\\u0022\\'>&'}",
      "&lt;a href=&#39;&quot;&#39;&gt;&amp;" },
    { "three braces do not escape", "{{{x}}}", "{'x':'<b>&\\u0022'}", "<b>&\"" },
    { "an ampersand does not escape", "{{&x}}", "{'x':'<b>&\\u0022'}", "<b>&\"" },
    { "whole numbers", "{{n}} {{{n}}} {{&n}}", "{'n':85}", "85 85 85" },
    { "decimals are short", "{{n}} {{m}}", "{'n':1.21,'m':0.1}", "1.21 0.1" },
    { "truth", "{{t}} {{f}}", "{'t':true,'f':false}", "true false" },
    { "null and absent are blank", "({{n}}{{{n}}}{{&n}}{{none}})", "{'n':null}", "()" },
    { "dotted names", "{{a.b.c}}", "{'a':{'b':{'c':'deep'}}}", "deep" },
    { "a broken chain is blank", "({{a.b.c}})", "{'a':{'c':1}}", "()" },
    { "a chain starts at the nearest and does not go back", "({{#a}}{{b.c}}{{/a}})",
      "{'a':{'b':{}},'b':{'c':'no'}}", "()" },
    { "a null hides what is outside", "({{#a}}{{b}}{{/a}})", "{'a':{'b':null},'b':'no'}",
      "()" },
    { "the thing at hand", "({{.}}{{{.}}}{{&.}})", "'<'", "(&lt;<<)" },

    { "a section that is true", "{{#y}}in{{/y}}", "{'y':true}", "in" },
    { "a section that is false", "({{#y}}in{{/y}})", "{'y':false}", "()" },
    { "null, empty text and empty list are nothing",
      "({{#n}}a{{/n}}{{#e}}b{{/e}}{{#l}}c{{/l}}{{#none}}d{{/none}})",
      "{'n':null,'e':'','l':[]}", "()" },
    { "nought is something", "({{#n}}{{.}}{{/n}})", "{'n':0}", "(0)" },
    { "an object is entered", "{{#c}}Hi {{who}}{{/c}}", "{'c':{'who':'Joe'}}", "Hi Joe" },
    { "outer values are seen inside", "{{#a}}{{x}}{{y}}{{/a}}", "{'a':{'x':1},'x':9,'y':2}",
      "12" },
    { "a list", "{{#l}}{{n}};{{/l}}", "{'l':[{'n':1},{'n':2},{'n':3}]}", "1;2;3;" },
    { "a list of plain values", "{{#l}}({{.}}){{/l}}", "{'l':['a',2,1.5]}", "(a)(2)(1.5)" },
    { "a list of lists", "{{#l}}<{{#.}}{{.}}{{/.}}>{{/l}}", "{'l':[[1,2],['a']]}", "<12><a>" },
    { "sections in sections",
      "{{#a}}{{one}}{{#b}}{{one}}{{two}}{{#c}}{{three}}{{one}}{{/c}}"
      "{{/b}}{{/a}}",
      "{'a':{'one':1},'b':{'two':2},'c':{'three':3}}",
      "1"
      "12"
      "31" },
    { "the same name inside itself", "{{#a}}x{{#a}}y{{/a}}z{{/a}}", "{'a':true}", "xyz" },
    { "a text as section", "{{#who}}Dear {{who}}{{/who}}", "{'who':'Joe'}", "Dear Joe" },
    { "a dotted section", "({{#a.b}}here{{/a.b}}{{#a.c}}no{{/a.c}})", "{'a':{'b':true}}",
      "(here)" },
    { "a section keeps blanks inside a line", " {{#y}} \t in\n {{/y}} x", "{'y':true}",
      "  \t in\n  x" },

    { "inverted: nothing", "{{^y}}none{{/y}}", "{'y':false}", "none" },
    { "inverted: something", "({{^y}}none{{/y}})", "{'y':[0]}", "()" },
    { "inverted: empty list, null, absent", "{{^l}}a{{/l}}{{^n}}b{{/n}}{{^none}}c{{/none}}",
      "{'l':[],'n':null}", "abc" },
    { "inverted: the context stays", "{{^n}}{{who}}{{/n}}", "{'who':'J'}", "J" },
    { "either or", "{{#y}}yes{{/y}}{{^y}}no{{/y}}", "{'y':false}", "no" },
    { "inverted: dotted", "{{^a.b.c}}none{{/a.b.c}}", "{'a':{}}", "none" },

    { "a tag line leaves no line", "a\n{{#y}}\nb\n{{/y}}\nc\n", "{'y':true}", "a\nb\nc\n" },
    { "an indented tag line leaves no line", "a\n  {{#y}}  \nb\n\t{{/y}}\nc", "{'y':true}",
      "a\nb\nc" },
    { "with CR LF", "a\r\n{{#y}}\r\nb\r\n{{/y}}\r\nc", "{'y':true}", "a\r\nb\r\nc" },
    { "on the first and the last line", "{{#y}}\nb\n{{/y}}", "{'y':true}", "b\n" },
    { "two tags on a line are not alone", "a\n{{#y}}{{/y}}\nb", "{'y':true}", "a\n\nb" },
    { "a value is never alone", "a\n{{n}}\nb", "{'n':''}", "a\n\nb" },
    { "false sections take their lines along", "a\n{{#n}}\nb\n{{/n}}\nc", "{}", "a\nc" },
    { "inverted sections alone", "a\n {{^n}}\nb\n {{/n}}\nc", "{}", "a\nb\nc" },

    { "a remark", "a{{! not said }}b", "{}", "ab" },
    { "a remark over lines", "a{{!\n not\n said }}b", "{}", "ab" },
    { "a remark alone", "a\n  {{! x }}\nb", "{}", "a\nb" },
    { "a remark over lines, alone", "a\n{{!\nx\n}}\nb", "{}", "a\nb" },
    { "a remark is not a value", "({{!who}})", "{'who':1,'!who':2}", "()" },
    { "a remark may hold anything", "({{! {{#x}} = > }})", "{}", "( = > }})" },

    { "a partial", "Hi {{> name }}!", "{'who':'M'}", "Hi [M]!" },
    { "a partial that is not there", "({{>none}})", "{}", "()" },
    { "a partial sees the thing at hand", "{{#l}}{{>name}}{{/l}}", "{'l':[{'who':1}]}", "[1]" },
    { "a partial holding itself", "{{>tree}}",
      "{'value':1,'children':[{'value':2,'children':[]},{'value':3,'children':[]}]}",
      "<1<2><3>>" },
    { "a partial in a line", "  {{>name}}\t|\n", "{'who':1}", "  [1]\t|\n" },
    { "a partial alone passes its indentation on", "a\n  {{>two}}\nb", "{'who':'x\\ny'}",
      "a\n  one\n  x\ny\n\n  three\nb" },
    { "tags at the start of a line are indented", " {{>tag-first}}\n|",
      "{'who':'x','list':[1,2]}", " x\n 1\n 2\n|" },
    { "indentation adds up", " {{>outer}}", "{'who':'x'}",
      " (\n   one\n   x\n\n   three\n )\n" },

    { "other delimiters", "{{=<% %>=}}(<%n%>{{n}})", "{'n':1}", "(1{{n}})" },
    { "delimiters and back", "{{=| |=}}|n||={{ }}=|{{n}}", "{'n':1}", "11" },
    { "delimiters in a section", "{{=| |=}}|#y|{{n}}|n||/y|", "{'y':true,'n':2}", "{{n}}2" },
    { "delimiters stay outside partials", "{{=[ ]=}}[>bars]", "{'who':7}", "|7|" },
    { "delimiters alone on a line", "a\n{{=<% %>=}}\nb", "{}", "a\nb" },
    { "raw with other delimiters", "{{=<% %>=}}<%& x %><%{x}%>", "{'x':'<'}", "<<" },

    { "braces that are no tags", "{ {x} } }}", "{}", "{ {x} } }}" },
    { "UTF-8", "Grüße, {{ort}} — مرحبا", "{'ort':'Köln'}", "Grüße, Köln — مرحبا" },
};

/* JSON with ' for ", so that the table can be read. */
static json_t *context_of(const char *text)
{
    char json[2048];
    size_t length = 0;

    for (; *text != '\0'; text++) {
        bool escaped = text[0] == '\\' && text[1] == '\'';
        text += escaped;
        json[length++] = *text == '\'' && !escaped ? '"' : *text;
    }
    json[length] = '\0';
    json_t *context = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(context);
    return context;
}

static bool render(const char *source, const char *context, struct template_options options,
                   struct text *out, struct fault *why)
{
    struct arena a = { 0 };
    json_t *values = context_of(context);

    options.partial = find_partial;
    struct template *t = template_compile(&a, "case", source, strlen(source), &options, why);
    bool fine = t != NULL && template_render(t, values, out, why);
    json_decref(values);
    arena_free(&a);
    return fine;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text out = { 0 };
        struct fault why = { 0 };
        if (!render(cases[i].source, cases[i].context, (struct template_options){ 0 }, &out,
                    &why) ||
            strcmp(text_of(&out), cases[i].expected) != 0)
            fail_msg("%s: got \"%s\" %s", cases[i].name, text_of(&out), why.text);
        text_free(&out);
    }
}

static const struct fault_case {
    const char *source, *context;
    bool strict;
    enum fault_code code;
    const char *says;
} fault_cases[] = {
    { "a\n{{#x}}\nb", "{}", false, BAD_FILE, "case:2: the section \"x\" is never closed" },
    { "a\n\n{{/x}}", "{}", false, BAD_FILE, "case:3: \"x\" is closed here" },
    { "{{#x}}{{#y}}{{/x}}", "{}", false, BAD_FILE, "case:1: \"x\" is closed here" },
    { "a {{x", "{}", false, BAD_FILE, "never closed" },
    { "{{{x}}", "{}", false, BAD_FILE, "never closed" },
    { "{{}}", "{}", false, BAD_FILE, "needs one name" },
    { "{{a b}}", "{}", false, BAD_FILE, "needs one name" },
    { "{{a..b}}", "{}", false, BAD_FILE, "a dot stands" },
    { "{{=x=}}", "{}", false, BAD_FILE, "delimiters" },
    { "{{>endless}}", "{}", false, BAD_VALUE, "endless:1: partials are nested too deep" },
    { "x{{>broken}}", "{}", false, BAD_FILE, "broken:2: the section \"open\"" },
    { "\xff", "{}", false, BAD_FILE, "not UTF-8" },
    { "You owe\n{{open}}.", "{}", true, BAD_VALUE, "case:2: \"open\" is missing" },
    { "{{open}}", "{'open':''}", true, BAD_VALUE, "\"open\" is missing" },
    { "{{open}}", "{'open':' '}", true, BAD_VALUE, "\"open\" is missing" },
    { "{{&open}}", "{'open':null}", true, BAD_VALUE, "\"open\" is missing" },
    { "{{open.amount}}", "{'open':{}}", true, BAD_VALUE, "\"open.amount\" is missing" },
    { "{{open}}", "{'open':[1]}", true, BAD_VALUE, "\"open\" is missing" },
    { "{{>none}}", "{}", true, BAD_FILE, "there is no partial \"none\"" },
    { "{{>blank-needed}}", "{}", true, BAD_VALUE, "blank-needed:2: \"absent\" is missing" },
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fault_cases); i++) {
        const struct fault_case *c = &fault_cases[i];
        struct text out = { 0 };
        struct fault why = { 0 };
        bool fine = render(c->source, c->context,
                           (struct template_options){ .strict = c->strict }, &out, &why);
        if (fine || why.code != c->code || strstr(why.text, c->says) == NULL)
            fail_msg("%s: \"%s\"", c->source, fine ? "no fault" : why.text);
        text_free(&out);
    }
}

static void test_strict_sections_may_ask(void **state)
{
    struct text out = { 0 };
    struct fault why;

    (void)state;
    assert_true(render("{{#url}}{{url}}{{/url}}{{^url}}by post{{/url}}", "{}",
                       (struct template_options){ .strict = true }, &out, &why));
    assert_string_equal(text_of(&out), "by post");
    text_free(&out);
}

static void test_escapes(void **state)
{
    struct text out = { 0 };
    struct fault why;

    (void)state;
    assert_true(render("{{x}}", "{'x':'<a>|b'}",
                       (struct template_options){ .escape = TEMPLATE_PLAIN }, &out, &why));
    assert_string_equal(text_of(&out), "<a>|b");
    text_clear(&out);
    assert_true(render("{{x}}", "{'x':'# a|b\\n- c'}",
                       (struct template_options){ .escape = TEMPLATE_LETTER }, &out, &why));
    assert_string_equal(text_of(&out), "\\# a\\|b \\- c");
    text_free(&out);
}

/* Lists in lists in lists end with a fault, not with a machine that stands still. */
static void test_limits(void **state)
{
    struct arena a = { 0 };
    struct text source = { 0 }, out = { 0 };
    struct template_options options = { 0 };
    struct fault why;

    (void)state;
    for (int i = 0; i < 60; i++)
        text_add(&source, "{{#l}}");
    for (int i = 0; i < 60; i++)
        text_add(&source, "{{/l}}");
    json_t *context = context_of("{'l':[1,2,3,4,5,6,7,8]}");
    struct template *t =
        template_compile(&a, "case", source.bytes, source.length, &options, &why);
    assert_non_null(t);
    assert_false(template_render(t, context, &out, &why));
    assert_int_equal(why.code, BAD_VALUE);

    text_clear(&source);
    for (int i = 0; i < 70; i++)
        text_add(&source, "{{#l}}");
    assert_null(template_compile(&a, "case", source.bytes, source.length, &options, &why));
    assert_non_null(strstr(why.text, "too deep"));
    json_decref(context);
    text_free(&source);
    text_free(&out);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_strict_sections_may_ask),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
