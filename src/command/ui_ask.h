/*
 * ui_ask.h - questions on the message line, answered by one key.
 *
 * The letters that answer stand in [brackets] in the text; Esc is always "nothing happens". Keys typed before the
 * question was visible are thrown away: it is armed by the frame that shows it, and the loop drains the input before.
 */
#pragma once

#include <sextant/error.h>
#include <sextant/session.h>

/* key: one of the bracketed letters, or 0 for Esc. */
typedef void Answer(SxSession *s, char key, void *data);

/* The text of a question as it is now: what it counts may still grow. */
typedef void QuestionText(SxSession *s, void *data, char *buf, size_t size);

typedef struct Question {
    Answer *answer; /* NULL: nothing is asked */
    void *data;
    void (*free_data)(void *);
    QuestionText *refresh; /* NULL: the text stays what it is */
    char text[SX_ERROR_TEXT];
    bool armed; /* a frame has it */
    bool exact;   /* capitals do not answer: nobody has asked for it, and who types R means to type over */
    bool lightly; /* keys that do not answer do what they always do */
    uint64_t since; /* when it was asked */
} Question;

/* Ask; `data` is freed by free_data (may be NULL) after the answer. A question that stands is answered with Esc. */
void ui_ask(SxSession *s, Answer *answer, void *data, void (*free_data)(void *), const char *fmt, ...) SX_PRINTF(5, 6);
/* What nobody has asked for: it takes no key but its answers, goes with the next other one when it could be read, and at
 * once when the user is in the middle of something. Ask only at rest. */
void ui_ask_lightly(SxSession *s, Answer *answer, const char *fmt, ...) SX_PRINTF(3, 4);
/* The question that stands is not asked for: see exact. */
void ui_ask_exactly(SxSession *s);
void ui_ask_live(SxSession *s, Answer *answer, void *data, void (*free_data)(void *), QuestionText *refresh);
const char *ui_question_text(SxSession *s);
bool ui_question_on(const SxSession *s);
bool ui_question_key(SxSession *s, SxKey key); /* false: nothing is asked, or the key means something else */
void ui_question_clear(SxSession *s); /* unanswered */
void ui_question_settle(SxSession *s); /* behind a key: what was asked lightly stands at rest only */
/* Looking, with nothing half-typed: the next key is no part of something else. */
bool ui_at_rest(SxSession *s);
