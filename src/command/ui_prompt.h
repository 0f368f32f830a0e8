/*
 * ui_prompt.h - a prompt on the message line: label, the line being typed, what it would do, history.
 *
 * Each kind of prompt (command, find, goto, a file's name ...) is a const PromptKind; editing and history are the same
 * for all.
 */
#pragma once

#include <sextant/session.h>

#include "command/history.h"
#include "command/prompt_line.h"

struct PromptKind;

typedef struct Prompt {
    const struct PromptKind *kind; /* NULL: no prompt is open */
    PromptLine line;
    size_t back;        /* entries back in the history, 0: what is being typed */
    char *draft;        /* what was being typed, while the history is shown */
    bool literal;       /* the next key goes in as it is */
    char label[160];
    char right[160];
    bool right_bad;
    uint64_t cursor, top; /* of the document before */
    void *data;           /* the kind's own */
    void (*free_data)(void *);
} Prompt;

typedef struct PromptKind {
    const char *history; /* the name it is kept under, NULL: none is kept */
    void (*describe)(SxSession *s, Prompt *p);            /* label and right, before each frame */
    void (*changed)(SxSession *s, Prompt *p);             /* the text is another one; may be NULL */
    bool (*key)(SxSession *s, Prompt *p, SxKey key);      /* keys of its own first; may be NULL */
    bool (*accept)(SxSession *s, Prompt *p, const char *text); /* Enter; false: the prompt comes back. */
    void (*cancel)(SxSession *s, Prompt *p);              /* may be NULL */
    /* What the history keeps beside the text, and what of an entry is text again; both or none. */
    void (*store)(SxSession *s, Prompt *p, const char *text, SxString *out);
    const char *(*recall)(SxSession *s, Prompt *p, const char *entry);
    void (*tick)(SxSession *s, Prompt *p);                /* may be NULL */
} PromptKind;

void ui_prompt_open(SxSession *s, const PromptKind *kind, const char *text, void *data, void (*free_data)(void *));
void ui_prompt_close(SxSession *s); /* no accept, no cancel */
void ui_prompt_key(SxSession *s, SxKey key);
void ui_prompt_paste(SxSession *s, SxBytes text);
void ui_prompt_cancel(SxSession *s);
bool ui_prompt_on(const SxSession *s);
void ui_prompt_text(SxSession *s, const char *text); /* replaces what is typed */
/* `column 4: "(" is never closed` of an error, for the right of the line: `kind` stands at its left, and what to do is for
 * the message line. */
void ui_prompt_complaint(const char *kind, const SxError *err, char *buf, size_t size);

extern const PromptKind prompt_command;
extern const PromptKind prompt_goto;
extern const PromptKind prompt_find;
extern const PromptKind prompt_filter;
extern const PromptKind prompt_only; /* & */
/* Ask for a line: `then` gets it. Label as given. */
typedef bool LineThen(SxSession *s, const char *text);
void ui_prompt_ask(SxSession *s, const char *label, const char *text, LineThen *then);
