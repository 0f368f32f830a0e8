/* ui_access.c - COPY, WRITE-THROUGH, READ: going from one to the other, and the questions on the way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* M12 */
static void
pending_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'w')
        set(s, SX_ACCESS_WRITE, SX_PENDING_WRITE);
    else if (key == 'd')
        set(s, SX_ACCESS_WRITE, SX_PENDING_DISCARD);
    else
        ui_sayf(s, "stays in COPY");
}

static bool
device_named(SxSession *s, const char *text)
{
    const char *path = sx_document_path(session_document(s));
    if (!path || strcmp(text, path) != 0) {
        ui_badf(s, "that is not its name; stays as it is");
        return true;
    }
    set(s, SX_ACCESS_WRITE, SX_PENDING_REFUSE);
    return true;
}

/* Where the kernel says that a device is mounted; false: nowhere. */
static bool
mounted_on(const char *device, char *buf, size_t size)
{
    FILE *f = fopen("/proc/self/mounts", "re");
    char line[1024], source[256], target[256];
    bool found = false;
    while (f && !found && fgets(line, sizeof line, f)) {
        found = sscanf(line, "%255s %255s", source, target) == 2 && strcmp(source, device) == 0;
        if (found)
            sx_text_printable(buf, size, sx_bytes(target, strlen(target)), SX_PRINTABLE_UTF8);
    }
    if (f)
        fclose(f);
    return found;
}

/* M14: a device wants its name typed. */
static void
ask_device(SxSession *s)
{
    const char *path = sx_document_path(session_document(s));
    char mount[128], name[64], printable[256], label[160];
    sx_text_printable(printable, sizeof printable, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    sx_text_middle(name, sizeof name, printable, 24);
    if (mounted_on(path, mount, sizeof mount))
        snprintf(label, sizeof label, "%s is mounted on %.40s. To write to it at once type its name: ", name, mount);
    else
        snprintf(label, sizeof label, "%s is a device. To write to it at once type its name: ", name);
    ui_prompt_ask(s, label, "", device_named);
}

static void
through(SxSession *s)
{
    const Tab *tab = session_tab(s);
    SxMapKind kind = sx_document_kind(tab->document);
    char name[64], words[64];
    const char *shown = ui_name(tab, name, sizeof name);
    if (!sx_document_path(tab->document)) {
        ui_badf(s, "%s belongs to no file yet: :w NAME first", shown);
        return;
    }
    if (sx_document_modified(tab->document)) {
        SxChangeCount c = sx_document_changes(tab->document);
        (void)words;
        ui_ask(s, pending_answered, NULL, NULL, "%llu change%s pending in %s. [w]rite now [d]iscard Esc: stay in COPY",
               (unsigned long long)c.hunks, c.hunks == 1 ? "" : "s", shown);
        return;
    }
    if (kind == SX_KIND_BLOCK || kind == SX_KIND_CHAR || kind == SX_KIND_PROC)
        ask_device(s);
    else
        set(s, SX_ACCESS_WRITE, SX_PENDING_REFUSE);
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
