/*
 * ui_find_offer.c - after a miss, Tab opens the find prompt again: the same text, read as the next kind.
 *
 * It is an offer for one key only, and only while the message that makes it stands there.
 */
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

/* What the prompt would be opened with. */
struct FindOffer {
    SxPattern *pattern; /* that must have been missed */
    SxPatternKind kind;
    FindWay way;
    char *text;
};

void
ui_find_offer_clear(SxSession *s)
{
    struct FindOffer *o = s->ui->offer;
    s->ui->offer = NULL;
    if (!o)
        return;
    sx_pattern_release(o->pattern);
    free(o->text);
    free(o);
}

void
ui_find_offer_make(SxSession *s, SxPattern *pattern, SxPatternKind kind, FindWay way, const char *text)
{
    ui_find_offer_clear(s);
    struct FindOffer *o = calloc(1, sizeof *o);
    char *copy = strdup(text);
    if (!o || !copy) {
        free(o);
        free(copy);
        return;
    }
    *o = (struct FindOffer){sx_pattern_retain(pattern), kind, way, copy};
    s->ui->offer = o;
}

const char *
ui_find_offer(SxSession *s, const SxPattern *pattern)
{
    const struct FindOffer *o = s->ui->offer;
    return o && o->pattern == pattern ? ui_kind_name(o->kind) : NULL;
}

bool
ui_find_take_offer(SxSession *s, SxKey key)
{
    struct FindOffer *o = s->ui->offer;
    const Find *f = &ui_tab(s)->find;
    if (!o || f->task || ui_prompt_on(s))
        return false;
    bool take = sx_key_is(key, SX_KEY_TAB, 0) && s->ui->said_visible && !f->has_current && f->pattern == o->pattern;
    if (take) {
        s->ui->offer = NULL;
        ui_find_open_as(s, o->way, o->kind, o->text);
        s->ui->offer = o;
    }
    ui_find_offer_clear(s);
    return take;
}
