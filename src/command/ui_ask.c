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
ui_ask_lightly(SxSession *s, Answer *answer, const char *fmt, ...)
{
    Question *q = open_question(s, answer, NULL, NULL);
    q->lightly = true;
    q->since = ui_now();
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

void
ui_ask_exactly(SxSession *s)
{
    s->ui->question.exact = true;
}

/* Letters in brackets, but for those in the name of the file. */
static bool
offers(SxSession *s, const Question *q, uint32_t code)
{
    char name[64];
    size_t len = strlen(ui_name(session_tab(s), name, sizeof name));
    const char *from = q->text + (strncmp(q->text, name, len) == 0 ? len : 0);
    for (const char *p = strchr(from, '['); p; p = strchr(p + 1, '[')) {
        if (p[1] && p[2] == ']' && (unsigned char)p[1] == code)
            return true;
    }
    return false;
}

static bool
is_cancel(SxKey key)
{
    return sx_key_is(key, SX_KEY_ESC, 0) || sx_key_is(key, 'c', SX_MOD_CTRL) || sx_key_is(key, 'g', SX_MOD_CTRL);
}

bool
ui_at_rest(SxSession *s)
{
    const struct UiTab *u = ui_tab(s);
    bool looks = u->mode == SX_MODE_BROWSE || u->mode == SX_MODE_SELECT;
    return looks && !u->half.on && !ui_prompt_on(s) && !s->ui->list && !ui_input_waits(s);
}

void
ui_question_settle(SxSession *s)
{
    if (ui_question_on(s) && s->ui->question.lightly && !ui_at_rest(s))
        ui_question_clear(s);
}

/* A question that nobody has asked for goes with the next other key, when there was time to read it. */
static bool
passes_by(SxSession *s)
{
    enum { READ_MS = 1500 };
    const Question *q = &s->ui->question;
    if (q->armed && ui_now() - q->since > READ_MS)
        ui_question_clear(s);
    return false;
}

bool
ui_question_key(SxSession *s, SxKey key)
{
    Question *q = &s->ui->question;
    if (!ui_question_on(s))
        return false;
    if (!q->armed)
        return !q->lightly;
    /* a capital is as good: no answer depends on the case */
    uint32_t code = key.code >= 'A' && key.code <= 'Z' && !q->lightly && !q->exact ? key.code + 32 : key.code;
    if (is_cancel(key))
        answered(s, 0);
    else if (key.mods == 0 && code < 128 && offers(s, q, code))
        answered(s, (char)code);
    else
        return q->lightly ? passes_by(s) : true;
    return true;
}
