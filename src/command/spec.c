/* spec.c - reads the usage lines of the table: "PATTERN [RANGE] [max N]". See command.h for the language. */
#include "command/spec.h"

#include <ctype.h>
#include <string.h>

static const struct TypeWord {
    const char *word;
    ArgType type;
} type_words[] = {
    {"OFFSET", ARG_OFFSET},   {"DEST", ARG_OFFSET},       {"SRC", ARG_OFFSET},   {"INDEX", ARG_INDEX},
    {"N", ARG_NUMBER},        {"COUNT", ARG_LENGTH},      {"LENGTH", ARG_LENGTH}, {"EXPRESSION", ARG_EXPRESSION},
    {"RANGE", ARG_RANGE},     {"BYTES", ARG_BYTES},       {"PATTERN", ARG_PATTERN}, {"FORM", ARG_FORM},
    {"REPLACEMENT", ARG_REPLACEMENT},
    {"FIELDS", ARG_FIELDS},   {"COLOUR", ARG_COLOUR},     {"TEXT", ARG_TEXT},    {"COMMAND", ARG_TEXT},
    {"NAME", ARG_WORD},       {"FILE", ARG_WORD},         {"DIR", ARG_WORD},           {"WORD", ARG_WORD},    {"TIME", ARG_WORD},
    {"TYPE", ARG_WORD},       {"KEY", ARG_WORD},          {"OPTION", ARG_WORD},  {"FORMAT", ARG_WORD}, {"NUMBERS", ARG_WORD},
    {"ENCODING", ARG_WORD},
};

ArgType
spec_type(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof type_words / sizeof *type_words; i++)
        if (strlen(type_words[i].word) == len && memcmp(type_words[i].word, word, len) == 0)
            return type_words[i].type;
    return ARG_NONE;
}

bool
spec_choice(const char *choices, const char *word, size_t len)
{
    while (*choices) {
        size_t n = strcspn(choices, "/");
        if (n == len && memcmp(choices, word, n) == 0)
            return true;
        choices += n;
        choices += *choices == '/';
    }
    return false;
}

static bool
append(char *to, size_t size, const char *text, size_t len)
{
    size_t used = strlen(to);
    size_t slash = used > 0;
    if (used + slash + len >= size)
        return false;
    if (slash)
        to[used] = '/';
    memcpy(to + used + slash, text, len);
    to[used + slash + len] = '\0';
    return true;
}

/* "RANGE/all/none": at most one type, any number of words. */
static bool
read_alternatives(ArgSpec *out, const char *text, size_t len)
{
    while (len > 0) {
        const char *slash = memchr(text, '/', len);
        size_t n = slash ? (size_t)(slash - text) : len;
        if (n == 0)
            return false;
        if (isupper((unsigned char)text[0])) {
            if (out->type != ARG_NONE)
                return false;
            out->type = spec_type(text, n);
            if (out->type == ARG_NONE || !append(out->name, sizeof out->name, text, n))
                return false;
        } else if (!append(out->choices, sizeof out->choices, text, n)) {
            return false;
        }
        text += n + (slash != NULL);
        len -= n + (slash != NULL);
    }
    return true;
}

/* The inside of [ ], or a part that is not in brackets: a keyword and a value, or alternatives. */
static bool
read_part(ArgSpec *out, const char *text, size_t len)
{
    const char *blank = memchr(text, ' ', len);
    if (blank) {
        size_t n = (size_t)(blank - text);
        if (!append(out->keyword, sizeof out->keyword, text, n))
            return false;
        text += n + 1;
        len -= n + 1;
    }
    return read_alternatives(out, text, len);
}

bool
args_spec(const char *spec, ArgSpec out[ARGS_MAX], size_t *count)
{
    *count = 0;
    while (spec && *spec) {
        ArgSpec part = {.optional = *spec == '['};
        spec += part.optional;
        size_t len = strcspn(spec, part.optional ? "]" : " ");
        bool misplaced = !part.optional && *count > 0 && out[*count - 1].optional;
        if (*count == ARGS_MAX || len == 0 || misplaced || !read_part(&part, spec, len))
            return false;
        out[(*count)++] = part;
        spec += len;
        spec += strspn(spec, "] ");
    }
    return true;
}
