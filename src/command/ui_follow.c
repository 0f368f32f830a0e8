/* ui_follow.c - taking what others append to the file, and what a rotation or a truncation leaves. */
#include "command/ui_follow.h"

#include <string.h>

#include "command/ui.h"

static TabFollow *
follow_of(SxSession *s)
{
    return &ui_tab(s)->follow;
}

bool
ui_follow_on(SxSession *s)
{
    return follow_of(s)->on;
}

void
ui_follow_to_end(SxSession *s)
{
    SxDocument *d = session_document(s);
    sx_document_seek_to(d, ui_last(s), NULL);
    ui_settle(s);
    follow_of(s)->end = sx_document_tell(d);
}

/* In the last row, or behind it; or where the end was, when lines that a filter shows have been found since. */
static bool
at_end(SxSession *s)
{
    uint64_t cursor = sx_document_tell(session_document(s));
    return cursor == follow_of(s)->end || ui_row(s, cursor) >= ui_row(s, ui_filter_nearest(s, ui_last(s)));
}

bool
ui_follow_at_end(SxSession *s)
{
    return ui_follow_on(s) && at_end(s);
}

bool
ui_follow_reload(SxSession *s, SxForeign kind, const char *doing)
{
    const Tab *tab = session_tab(s);
    TabFollow *f = follow_of(s);
    char name[64];
    SxError err;
    /* what was only lengthened need not be counted and searched anew */
    f->grows = f->on && kind == SX_FOREIGN_LONGER;
    bool ok = sx_document_reload(tab->document, &err);
    f->grows = false;
    if (!ok)
        ui_badf(s, "%s ended: %s", doing, err.text);
    else if (kind == SX_FOREIGN_SHORTER)
        ui_sayf(s, "%s became shorter; %s it from there", ui_name(tab, name, sizeof name), doing);
    else if (kind == SX_FOREIGN_REPLACED)
        ui_sayf(s, "%s is another file now; %s that one", ui_name(tab, name, sizeof name), doing);
    return ok;
}

static void
take(SxSession *s, SxForeign kind)
{
    bool stay = at_end(s);
    follow_of(s)->on = ui_follow_reload(s, kind, "following");
    if (stay && ui_follow_on(s))
        ui_follow_to_end(s);
    ui_settle(s);
}

bool
ui_follow_take(SxSession *s, SxForeign kind)
{
    TabFollow *f = follow_of(s);
    char name[64];
    if (!f->on)
        return false;
    if (kind == SX_FOREIGN_DELETED && !f->gone)
        ui_sayf(s, "%s is gone; waiting for a new file of that name", ui_name(session_tab(s), name, sizeof name));
    f->gone = kind == SX_FOREIGN_DELETED;
    if (kind != SX_FOREIGN_NONE && kind != SX_FOREIGN_DELETED)
        take(s, kind);
    else if (ui_filter_on(s) && at_end(s))
        ui_follow_to_end(s);
    return true;
}

bool
ui_follow_stop(SxSession *s)
{
    TabFollow *f = follow_of(s);
    bool was = f->on;
    *f = (TabFollow){0};
    sx_document_hold(session_document(s), false);
    if (was)
        ui_sayf(s, "not following any more");
    return was;
}

static void
begin(SxSession *s, bool descriptor)
{
    const Tab *tab = session_tab(s);
    char name[64];
    *follow_of(s) = (TabFollow){.on = true, .descriptor = descriptor};
    sx_document_hold(tab->document, descriptor);
    ui_follow_to_end(s);
    ui_sayf(s, "following %s%s; Esc ends, moving away only looks", ui_name(tab, name, sizeof name),
            ui_pour_on(s) ? "" : descriptor ? " by descriptor" : " by name");
}

SxExit
cmd_follow(SxSession *s, const Args *a, SxError *err)
{
    const char *word = a->arg[0].given ? a->arg[0].word : ui_follow_on(s) ? "off" : "name";
    SxDocument *d = session_document(s);
    if (!ui_pour_on(s) && (!sx_document_path(d) || sx_document_kind(d) != SX_KIND_FILE))
        return outcome(sx_fail(err, SX_ERR_KIND, "only a file grows: there is nothing to follow here"), err);
    if (strcmp(word, "off") == 0)
        ui_follow_stop(s);
    else
        begin(s, strcmp(word, "descriptor") == 0);
    return SX_EXIT_DONE;
}
