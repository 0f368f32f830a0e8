/*
 * args.h - the text behind a command's name, as typed values.
 *
 * One parser for all commands, led by the spec in the table (command.h), so handlers get numbers, spans, bytes and
 * patterns, and completion knows what may come next.
 *
 *     OFFSET      expression, a place in the document       INDEX     the same, negative counts from the end
 *     N           expression, a number with its sign        RANGE     A:B, A +N, sel, all, 'a
 *     LENGTH      expression, not negative                  BYTES     "text\n" {75 74} u32le 4096 file NAME, a bare word
 *     EXPRESSION  any number, up to the end of the line     PATTERN   see search.h
 *     REPLACEMENT BYTES, or the same with groups of the match in it: see template.h
 *     FORM        text hex raw base64 c python dump         FIELDS    names separated by commas
 *     TEXT, COMMAND, KEYS   the rest of the line            NAME FILE WORD TIME THING TYPE FORMAT NUMBERS ...   one word, "quoted" when it has spaces
 *
 * ownership  an Args owns what it points to until args_clear
 */
#pragma once

#include <sextant/expression.h>
#include <sextant/search.h>

#include "command/form.h"
#include "command/template.h"

enum { ARGS_MAX = 8 };

typedef enum ArgType {
    ARG_NONE,
    ARG_OFFSET,
    ARG_INDEX,
    ARG_NUMBER,
    ARG_LENGTH,
    ARG_EXPRESSION,
    ARG_RANGE,
    ARG_BYTES,
    ARG_PATTERN,
    ARG_REPLACEMENT,
    ARG_FORM,
    ARG_COLOUR,
    ARG_FIELDS,
    ARG_WORD, /* NAME FILE WORD ...: one word */
    ARG_TEXT, /* the rest of the line */
} ArgType;

/* One place of a spec. */
typedef struct ArgSpec {
    bool optional;
    ArgType type;      /* NONE: only words */
    char name[16];     /* "RANGE", as written in the spec */
    char keyword[16];  /* the word that leads the value in, "" for none */
    char choices[96];  /* words separated by '/', "" for none; with a type: a word or a value */
} ArgSpec;

typedef struct Arg {
    bool given;
    bool by_choice;      /* one of the words was said, `word` is it */
    ArgType type;        /* of the value */
    char *word;          /* WORD, TEXT, FIELDS, choices: NUL-terminated */
    uint64_t offset;     /* OFFSET, INDEX, LENGTH */
    SxValue value;       /* NUMBER, EXPRESSION */
    SxSpan range;        /* RANGE */
    SxBytes bytes;       /* BYTES */
    uint8_t *owned;      /* what `bytes` points to */
    char *file;          /* BYTES: `file NAME`, instead of bytes */
    SxPattern *pattern;  /* PATTERN */
    Template *template;  /* REPLACEMENT */
    Form form;           /* FORM */
    SxBytes text;        /* the piece of the line it was read from */
} Arg;

typedef struct Args {
    const char *name;    /* of the command */
    bool force;          /* NAME! */
    size_t count;        /* places in the spec */
    Arg arg[ARGS_MAX];
    char *line;          /* copy that `text` points into */
} Args;

/* Read a spec; false: it is malformed (a bug in the table, found by the tests). */
bool args_spec(const char *spec, ArgSpec out[ARGS_MAX], size_t *count);

/*
 * Parse `text`, the line behind the command called `name`, by `spec`. errors: SX_ERR_SYNTAX with the column in `text`; what
 * evaluating an expression brings (SX_ERR_RANGE ...). On failure `out` is cleared.
 */
bool args_parse(Args *out, const char *name, const char *spec, SxBytes text, const SxScope *scope, SxError *err);
void args_clear(Args *a);

/* BYTES at the beginning of `text`, as args_parse reads them. A `file NAME` gives *file instead. Both yours to free(). */
bool bytes_parse(SxBytes text, const SxScope *scope, uint8_t **out, size_t *len, char **file, size_t *used,
                 SxError *err);

/* The bytes of a BYTES argument; those of `file NAME` are read into *loaded, which is yours to free(). At most 256 MiB. */
bool arg_bytes(const Arg *arg, uint8_t **loaded, SxBytes *out, SxError *err);
