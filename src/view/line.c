/*
 * line.c - the message line: messages, questions, prompts, hints.
 *
 * A prompt's text scrolls so that its cursor is seen; a question keeps its answers whatever the width.
 */
#include <stdio.h>
#include <string.h>

#include <sextant/text.h>

#include "view/draw.h"

enum { LINE_TEXT = 1024, LABEL_SHARE = 2, HINT_MIN = 8, TEXT_MIN = 8 };

/* Whether it has something to say that is worth the place of the status line. */
static bool
line_matters(const SxScreen *s)
{
    const SxLine *line = &s->line;
    bool said = line->text && line->text[0];
    return line->kind == SX_LINE_PROMPT || (said && line->kind != SX_LINE_HINT);
}

static SxStyles
line_style(SxLineKind kind)
{
    SxStyles style = SX_STYLE(MESSAGE);
    if (kind == SX_LINE_BAD)
        style |= SX_STYLE(MESSAGE_BAD);
    if (kind == SX_LINE_HINT)
        style |= SX_STYLE(STATUS_HINT);
    return style;
}

/* A question that is too long loses its middle; its answers, from the first bracket on, stay whole. */
static void
shorten(char *buf, size_t size, const char *text, unsigned width)
{
    if (text_cells(text) <= width) {
        snprintf(buf, size, "%s", text);
        return;
    }
    const char *answers = strchr(text, '[');
    unsigned tail = answers ? text_cells(answers) : 0;
    if (!answers || tail + 2 > width) {
        sx_text_middle(buf, size, answers ? answers : text, width);
        return;
    }
    char head[LINE_TEXT];
    snprintf(head, sizeof head, "%.*s", (int)(answers - text - (answers > text)), text);
    sx_text_middle(buf, size, head, width - tail - 1);
    size_t len = strlen(buf);
    snprintf(buf + len, size - len, " %s", answers);
}

/* The letter between brackets answers: it stands out. */
static void
mark_keys(SxGrid *g, unsigned y, unsigned cells)
{
    for (unsigned x = 0; x + 2 < cells && x + 2 < g->width; x++) {
        const SxCell *cell = &g->cells[(size_t)y * g->width + x];
        if (cell[0].code == '[' && cell[2].code == ']')
            sx_grid_style(g, (SxRect){x + 1, y, 1, 1}, SX_STYLE(MESSAGE_KEY));
    }
}

static void
draw_question(SxGrid *g, bool ascii, unsigned y, const char *question)
{
    char text[LINE_TEXT];
    shorten(text, sizeof text, question, g->width);
    unsigned used = draw_text(g, ascii, 0, y, g->width, text, line_style(SX_LINE_QUESTION));
    mark_keys(g, y, used);
    sx_grid_cursor(g, used < g->width ? used : g->width - 1, y, SX_CURSOR_BLOCK);
}

static void
draw_message(SxGrid *g, const SxScreen *s, unsigned y)
{
    bool ascii = s->options && s->options->ascii;
    const char *text = s->line.text ? s->line.text : "";
    if (screen_options(s).speak && !text[0] && s->spoken)
        text = s->spoken;
    if (s->line.kind == SX_LINE_QUESTION)
        draw_question(g, ascii, y, text);
    else
        draw_cut(g, ascii, 0, y, g->width, text, line_style(s->line.kind));
}

/* Take the last part away; false: there is but one. */
static bool
drop_part(char *buf)
{
    char *part = NULL;
    for (char *p = strstr(buf, "   "); p; p = strstr(p + 3, "   "))
        part = p;
    if (part)
        *part = '\0';
    return part;
}

/*
 * What may stand at the right: all of it, or its parts (three blanks between) from the first on. `label` and `typed`
 * are the cells at the left.
 */
static unsigned
fit_hint(char *buf, size_t size, const SxLine *line, unsigned label, unsigned typed, unsigned width)
{
    unsigned left = label + typed + 1 + 2, least = label + TEXT_MIN + 2;
    unsigned room = left < width ? width - left : 0;
    snprintf(buf, size, "%s", line->right ? line->right : "");
    if (line->right_bad && least < width && room < width - least)
        room = width - least; /* what is wrong is worth more than the end of the text */
    while (buf[0] && text_cells(buf) > room && drop_part(buf))
        ;
    if (text_cells(buf) > room)
        buf[text_fitting(buf, line->right_bad && room > HINT_MIN ? room : 0)] = '\0';
    return text_cells(buf);
}

/* Bytes of the text before the first character shown, so that the cursor has a cell among `room`. */
static size_t
scroll(const char *text, size_t cursor, unsigned room)
{
    char before[LINE_TEXT];
    size_t start = 0;
    for (;;) {
        snprintf(before, sizeof before, "%.*s", (int)(cursor - start < LINE_TEXT ? cursor - start : LINE_TEXT - 1),
                 text + start);
        if (start >= cursor || text_cells(before) < room)
            return start;
        uint32_t code;
        start += sx_utf8_decode(sx_bytes(text + start, cursor - start), &code);
    }
}

static void
draw_prompt(SxGrid *g, const SxScreen *s, unsigned y)
{
    const SxLine *line = &s->line;
    bool ascii = s->options && s->options->ascii;
    const char *typed = line->text ? line->text : "";
    size_t cursor = line->cursor < strlen(typed) ? line->cursor : strlen(typed);
    char label[LINE_TEXT], hint[LINE_TEXT];
    unsigned full = text_cells(line->label);
    sx_text_middle(label, sizeof label, line->label ? line->label : "",
                   full + 8 > g->width ? g->width / LABEL_SHARE : full);
    unsigned x = draw_text(g, ascii, 0, y, g->width, label, SX_STYLE(MESSAGE) | SX_STYLE(PROMPT));
    unsigned right = fit_hint(hint, sizeof hint, line, x, text_cells(typed), g->width);
    unsigned taken = x + (right ? right + 2 : 0), room = g->width > taken ? g->width - taken : 0;
    size_t start = scroll(typed, cursor, room);
    draw_text(g, ascii, x, y, room, typed + start, SX_STYLE(MESSAGE));
    SxStyles style = SX_STYLE(MESSAGE) | SX_STYLE(PROMPT_HINT) | (line->right_bad ? SX_STYLE(MESSAGE_BAD) : 0);
    draw_text(g, ascii, g->width - right, y, right, hint, style);
    char before[LINE_TEXT];
    snprintf(before, sizeof before, "%.*s", (int)(cursor - start), typed + start);
    unsigned at = x + text_cells(before);
    sx_grid_cursor(g, at < g->width ? at : g->width - 1, y, SX_CURSOR_BAR);
}

void
draw_line(SxGrid *g, const SxHexLayout *l, const SxScreen *s)
{
    unsigned y = (unsigned)l->message_y;
    if (l->message_y < 0 || !g->width || (l->status_y == l->message_y && !line_matters(s)))
        return;
    sx_grid_fill(g, (SxRect){0, y, g->width, 1}, ' ', SX_STYLE(MESSAGE));
    if (s->line.kind == SX_LINE_PROMPT)
        draw_prompt(g, s, y);
    else
        draw_message(g, s, y);
}
