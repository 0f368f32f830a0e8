/*
 * ui_find_offer.c - after a miss, a key opens the find prompt again: the same text, read as the next kind or in any case.
 *
 * It is an offer for one key only, and only while the message that makes it stands there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

static void
offer_free(FindOffer *o)
{
    if (!o)
        return;
    sx_pattern_release(o->pattern);
    free((char *)o->text);
    free(o);
}

void
ui_find_offer_clear(SxSession *s)
{
    offer_free(s->ui->offer);
    s->ui->offer = NULL;
}

void
ui_find_offer_make(SxSession *s, const FindOffer *offer)
{
    ui_find_offer_clear(s);
    FindOffer *o = malloc(sizeof *o);
    if (!o)
        return;
    *o = *offer;
    o->pattern = sx_pattern_retain(offer->pattern);
    o->text = strdup(offer->text);
    if (o->text)
        s->ui->offer = o;
    else
        offer_free(o);
}

const char *
ui_find_offer(SxSession *s, const SxPattern *pattern, char *buf, size_t size)
{
    const FindOffer *o = s->ui->offer;
    buf[0] = '\0';
    if (o && o->pattern == pattern && o->key.code == SX_KEY_TAB)
        snprintf(buf, size, ". Tab: %s", ui_kind_name(o->kind));
    else if (o && o->pattern == pattern)
        snprintf(buf, size, ". M-c: in any case");
    return buf;
}

bool
ui_find_take_offer(SxSession *s, SxKey key)
{
    FindOffer *o = s->ui->offer;
    const Find *f = &ui_tab(s)->find;
    if (!o || f->task || ui_prompt_on(s))
        return false;
    bool take = sx_key_is(key, o->key.code, o->key.mods) && s->ui->said_visible && !f->has_current &&
                f->pattern == o->pattern;
    s->ui->offer = NULL;
    if (take)
        ui_find_open_as(s, o);
    offer_free(o);
    return take;
}
