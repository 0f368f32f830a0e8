/* ui_ask.c - see ui_ask.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/ui.h"

void
ui_question_clear(SxSession *s)
{
    Question *q = &s->ui->question;
    if (q->free_data)
        q->free_data(q->data);
    *q = (Question){0};
}

/* The question is gone before it is answered, since the answer may ask the next one. */
static void
answered(SxSession *s, char key)
{
    Question q = s->ui->question;
    s->ui->question = (Question){0};
    q.answer(s, key, q.data);
    if (q.free_data)
        q.free_data(q.data);
    ui_settle(s);
}

static Question *
open_question(SxSession *s, Answer *answer, void *data, void (*free_data)(void *))
{
    if (ui_question_on(s))
        answered(s, 0);
    Question *q = &s->ui->question;
    *q = (Question){.answer = answer, .data = data, .free_data = free_data};
    ui_input_clear(s);
    return q;
}

void
ui_ask(SxSession *s, Answer *answer, void *data, void (*free_data)(void *), const char *fmt, ...)
{
    Question *q = open_question(s, answer, data, free_data);
    va_list list;
    va_start(list, fmt);
    vsnprintf(q->text, sizeof q->text, fmt, list);
    va_end(list);
}

void
ui_ask_live(SxSession *s, Answer *answer, void *data, void (*free_data)(void *), QuestionText *refresh)
{
    open_question(s, answer, data, free_data)->refresh = refresh;
    (void)ui_question_text(s);
}

const char *
ui_question_text(SxSession *s)
{
    Question *q = &s->ui->question;
    if (q->refresh)
        q->refresh(s, q->data, q->text, sizeof q->text);
    return q->text;
}

bool
ui_question_on(const SxSession *s)
{
    return s->ui->question.answer != NULL;
}

static bool
offers(const Question *q, uint32_t code)
{
    for (const char *p = strchr(q->text, '['); p; p = strchr(p + 1, '[')) {
        if (p[1] && p[2] == ']' && (unsigned char)p[1] == code)
            return true;
    }
    return false;
}

void
ui_question_key(SxSession *s, SxKey key)
{
    Question *q = &s->ui->question;
    if (!q->armed)
        return;
    if (sx_key_is(key, SX_KEY_ESC, 0) || sx_key_is(key, 'c', SX_MOD_CTRL) || sx_key_is(key, 'g', SX_MOD_CTRL)) {
        answered(s, 0);
        return;
    }
    /* a capital is as good: no answer depends on the case */
    uint32_t code = key.code >= 'A' && key.code <= 'Z' ? key.code + 32 : key.code;
    if (key.mods == 0 && code < 128 && offers(q, code))
        answered(s, (char)code);
}
