/* ui_access.c - COPY, WRITE-THROUGH, READ: going from one to the other, and the questions on the way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/mounts.h"
#include "command/ui.h"

static void
set(SxSession *s, SxAccess access, SxPending pending)
{
    const Tab *tab = session_tab(s);
    char name[64];
    const char *shown = ui_name(tab, name, sizeof name);
    SxError err = {0};
    ui_half_drop(s, true);
    if (!sx_document_set_access(tab->document, access, pending, &err)) {
        ui_say(s, true, err.text);
        return;
    }
    switch (access) {
    case SX_ACCESS_WRITE:
        ui_sayf(s, "%s: changes now go into the file at once; u puts old bytes back", shown);
        break;
    case SX_ACCESS_READ:
        if (!keymap_modeless_now(s))
            ui_mode_set(s, SX_MODE_BROWSE);
        ui_sayf(s, "%s is READ now, nothing can change. C or ga changes that", shown);
        break;
    case SX_ACCESS_COPY:
    case SX_ACCESS_DEFAULT:
        ui_sayf(s, "%s is COPY now: changes wait in memory until :w", shown);
        break;
    }
}

/* --- devices ------------------------------------------------------------------------------------------------------------ */

static bool
is_device(const SxDocument *d)
{
    SxMapKind kind = sx_document_kind(d);
    return kind == SX_KIND_BLOCK || kind == SX_KIND_CHAR || kind == SX_KIND_PROC;
}

static bool
named(SxSession *s, const char *text, SxPending pending)
{
    const char *path = sx_document_path(session_document(s));
    if (path && strcmp(text, path) == 0)
        set(s, SX_ACCESS_WRITE, pending);
    else
        ui_badf(s, "that is not its name; it stays as it is");
    return true;
}

static bool
device_named(SxSession *s, const char *text)
{
    return named(s, text, SX_PENDING_REFUSE);
}

static bool
device_named_write(SxSession *s, const char *text)
{
    return named(s, text, SX_PENDING_WRITE);
}

static bool
device_named_discard(SxSession *s, const char *text)
{
    return named(s, text, SX_PENDING_DISCARD);
}

/* Where it is mounted is what matters: the rest is said in fewer words where there is no room. */
static void
mounted_label(const SxSession *s, char *label, size_t size, const char *name, const char *mount)
{
    enum { TYPED = 10, LEAST = 8 };
    char place[64];
    int n = snprintf(label, size, "%s is mounted on %s. To write to it at once type its name: ", name, mount);
    if (n + TYPED <= (int)s->ui->width)
        return;
    int others = snprintf(label, size, "%s is mounted on . Its name writes at once: ", name);
    int room = (int)s->ui->width - TYPED - others;
    sx_text_middle(place, sizeof place, mount, room > LEAST ? (size_t)room : LEAST);
    snprintf(label, size, "%s is mounted on %s. Its name writes at once: ", name, place);
}

/* M14: a device wants its name typed. */
static void
ask_device(SxSession *s, SxPending pending)
{
    static bool (*const accept[])(SxSession *, const char *) = {
        [SX_PENDING_REFUSE] = device_named,
        [SX_PENDING_WRITE] = device_named_write,
        [SX_PENDING_DISCARD] = device_named_discard,
    };
    const char *path = sx_document_path(session_document(s));
    char mount[256], name[64], printable[256], label[200];
    sx_text_printable(printable, sizeof printable, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    sx_text_middle(name, sizeof name, printable, 24);
    if (mounted_on(path, mount, sizeof mount))
        mounted_label(s, label, sizeof label, name, mount);
    else
        snprintf(label, sizeof label, "%s is a device. To write to it at once type its name: ", name);
    ui_prompt_ask(s, label, "", accept[pending]);
}

/* --- to WRITE-THROUGH ------------------------------------------------------------------------------------------------- */

/* What is pending may be much to write: a worker does it. */
static void
settled(SxSession *s, SxPending pending)
{
    if (is_device(session_document(s)))
        ask_device(s, pending);
    else if (pending == SX_PENDING_WRITE)
        ui_run(s, "access! write-through");
    else
        set(s, SX_ACCESS_WRITE, pending);
}

/* M12 */
static void
pending_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'w')
        settled(s, SX_PENDING_WRITE);
    else if (key == 'd')
        settled(s, SX_PENDING_DISCARD);
    else
        ui_sayf(s, "stays in COPY");
}

static void
through(SxSession *s)
{
    const Tab *tab = session_tab(s);
    char name[64];
    const char *shown = ui_name(tab, name, sizeof name);
    if (!sx_document_path(tab->document)) {
        ui_badf(s, "%s belongs to no file yet: :w NAME first", shown);
        return;
    }
    if (!sx_document_modified(tab->document)) {
        settled(s, SX_PENDING_REFUSE);
        return;
    }
    SxChangeCount c = sx_document_changes(tab->document);
    ui_ask(s, pending_answered, NULL, NULL, "%llu change%s pending in %s. [w]rite now [d]iscard Esc: stay in COPY",
           (unsigned long long)c.hunks, c.hunks == 1 ? "" : "s", shown);
}

void
ui_access_set(SxSession *s, SxAccess access, bool force)
{
    if (ui_saving(s, session_tab(s))) {
        ui_badf(s, "a write is running; C-c stops it");
    } else if (access == sx_document_access(session_document(s))) {
        ui_sayf(s, "it is %s already", access == SX_ACCESS_WRITE ? "WRITE-THROUGH" : access == SX_ACCESS_READ ? "READ" : "COPY");
    } else if (access == SX_ACCESS_WRITE && force) {
        set(s, access, SX_PENDING_WRITE);
    } else if (access == SX_ACCESS_WRITE) {
        through(s);
    } else {
        set(s, access, SX_PENDING_REFUSE);
    }
}

static void
off_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'y')
        through(s);
    else
        ui_sayf(s, "stays in COPY");
}

/* C: back to COPY never asks, WRITE-THROUGH does, once at least. */
SxExit
cmd_toggle_access(SxSession *s, const Args *a, SxError *err)
{
    const Tab *tab = session_tab(s);
    char name[64];
    (void)a, (void)err;
    switch (sx_document_access(tab->document)) {
    case SX_ACCESS_READ: ui_badf(s, "%s is READ; :access copy edits in memory", ui_name(tab, name, sizeof name)); break;
    case SX_ACCESS_WRITE: ui_access_set(s, SX_ACCESS_COPY, false); break;
    case SX_ACCESS_COPY:
    case SX_ACCESS_DEFAULT:
        if (sx_document_modified(tab->document))
            through(s);
        else
            ui_ask(s, off_answered, NULL, NULL, "%s: copy mode off, changes go into the file at once? [y]es Esc",
                   ui_name(tab, name, sizeof name));
        break;
    }
    return SX_EXIT_DONE;
}

static void
menu_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'c')
        ui_access_set(s, SX_ACCESS_COPY, false);
    else if (key == 'w')
        ui_access_set(s, SX_ACCESS_WRITE, false);
    else if (key == 'r')
        ui_access_set(s, SX_ACCESS_READ, false);
}

SxExit
cmd_access_menu(SxSession *s, const Args *a, SxError *err)
{
    const Tab *tab = session_tab(s);
    char name[64];
    (void)a, (void)err;
    ui_ask(s, menu_answered, NULL, NULL, "%s: access [c]opy [w]rite-through [r]ead Esc", ui_name(tab, name, sizeof name));
    return SX_EXIT_DONE;
}
