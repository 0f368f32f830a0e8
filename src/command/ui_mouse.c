/* ui_mouse.c - click puts the cursor, drag selects, the wheel scrolls; in lists click chooses. */
#include <stdio.h>

#include "command/ui.h"

enum { WHEEL_ROWS = 3 };

static void
wheel(SxSession *s, int rows)
{
    char line[32];
    if (ui_question_on(s))
        return;
    if (s->ui->list) {
        ui_list_wheel(s, rows);
        return;
    }
    snprintf(line, sizeof line, "scroll %d", rows);
    /* at the border a wheel says nothing: it turns on by itself */
    size_t said = s->ui->n_said;
    ui_run(s, line);
    if (s->ui->n_said != said)
        s->ui->said_visible = false;
}

static void
go_there(SxSession *s, const SxHit *hit)
{
    struct UiTab *u = ui_tab(s);
    ui_half_drop(s, true);
    if (u->mode == SX_MODE_SELECT)
        ui_selection_drop(s);
    bool bytes = hit->kind == SX_HIT_HEX || hit->kind == SX_HIT_TEXT;
    if (bytes && ui_beside(s))
        ui_text_show(s, hit->kind == SX_HIT_TEXT);
    else if (!u->text.on && (hit->kind == SX_HIT_HEX || hit->kind == SX_HIT_TEXT))
        u->text_column = hit->kind == SX_HIT_TEXT;
    if (hit->kind == SX_HIT_MAP)
        jumps_add(&session_tab(s)->jumps, sx_document_tell(session_document(s)));
    session_goto(s, hit->at, NULL);
    u->drag_from = hit->at;
}

static void
press(SxSession *s, const SxHit *hit)
{
    if (ui_question_on(s))
        return;
    switch (hit->kind) {
    case SX_HIT_POPUP:
        if (s->ui->list)
            ui_list_click(s, hit->row);
        break;
    case SX_HIT_TITLE:
        if (hit->row < s->n_tabs && !ui_prompt_on(s) && !s->ui->list)
            s->active = hit->row;
        break;
    case SX_HIT_HEX:
    case SX_HIT_TEXT:
    case SX_HIT_OFFSET:
    case SX_HIT_MAP:
        if (!ui_prompt_on(s) && !s->ui->list)
            go_there(s, hit);
        break;
    case SX_HIT_NONE:
    case SX_HIT_STATUS:
    case SX_HIT_MESSAGE: break;
    }
}

static void
drag(SxSession *s, const SxHit *hit)
{
    struct UiTab *u = ui_tab(s);
    bool bytes = hit->kind == SX_HIT_HEX || hit->kind == SX_HIT_TEXT;
    if (!bytes || ui_question_on(s) || ui_prompt_on(s) || s->ui->list)
        return;
    if (u->mode != SX_MODE_SELECT && hit->at != u->drag_from) {
        ui_run(s, "select-mode bytes");
        u->anchor = u->drag_from;
        if (!s->ui->drag_said)
            ui_sayf(s, "dragging selects bytes; Shift+drag is the terminal's own; zo turns the mouse off");
        s->ui->drag_said = true;
    }
    if (u->mode == SX_MODE_SELECT)
        session_goto(s, hit->at, NULL);
}

/* What lies there now: keys that came before the click may have closed what the last frame showed. */
static SxHit
hit_at(SxSession *s, unsigned x, unsigned y)
{
    bool armed = s->ui->question.armed;
    const SxScreen *screen = sx_session_screen(s, s->ui->width, s->ui->height);
    s->ui->question.armed = armed; /* this was no frame that anybody saw */
    return sx_screen_hit(screen, x, y);
}

void
ui_mouse(SxSession *s, const SxEvent *event)
{
    SxHit hit = hit_at(s, event->x, event->y);
    ui_message_touch(s);
    switch (event->mouse) {
    case SX_MOUSE_PRESS: press(s, &hit); break;
    case SX_MOUSE_DRAG: drag(s, &hit); break;
    case SX_MOUSE_RELEASE: break;
    case SX_MOUSE_WHEEL_UP: wheel(s, -WHEEL_ROWS); break;
    case SX_MOUSE_WHEEL_DOWN: wheel(s, WHEEL_ROWS); break;
    }
    ui_settle(s);
}
