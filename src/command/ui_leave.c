/* ui_leave.c - leaving, closing and suspending: what is unwritten is never lost without a question. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ui.h"

static size_t
modified_tabs(SxSession *s, size_t *first)
{
    size_t n = 0;
    for (size_t i = s->n_tabs; i-- > 0;) {
        if (!sx_document_modified(s->tabs[i]->document))
            continue;
        *first = i;
        n++;
    }
    return n;
}

static void
end(SxSession *s)
{
    s->ended = true;
    s->ui->ended = true;
    s->ui->code = SX_EXIT_DONE;
}

/* M3: "discard" keeps the journal. */
static void
discard(SxSession *s)
{
    for (size_t i = 0; i < s->n_tabs; i++) {
        const Tab *tab = s->tabs[i];
        char name[64];
        if (!sx_document_modified(tab->document))
            continue;
        uint64_t n = sx_document_changes(tab->document).hunks;
        char kept[80] = "";
        if (sx_document_journal(tab->document))
            snprintf(kept, sizeof kept, "; sextant --recover has %s for %" PRIu64 " days", n == 1 ? "it" : "them",
                     s->ui->options.journaldays);
        sx_string_addf(&s->ui->farewell, "%s%s: %" PRIu64 " change%s discarded%s", s->ui->farewell.len ? "\n" : "",
                       ui_name(tab, name, sizeof name), n, n == 1 ? "" : "s",
                       kept);
    }
    end(s);
}

static void
write_and_leave(SxSession *s)
{
    size_t first;
    SxError err = {0};
    if (modified_tabs(s, &first) == 0) {
        end(s);
        return;
    }
    s->active = first;
    ui_save(s, NULL, 0, SAVE_THEN_QUIT, false, &err);
    if (err.code != SX_OK)
        ui_say(s, true, err.text);
}

/* What is shown has changes to review, or the first file that has. */
static void
review(SxSession *s)
{
    size_t first = s->active;
    if (!sx_document_modified(session_document(s)) && modified_tabs(s, &first) > 0)
        s->active = first;
    ui_list_open(s, &list_changes, NULL);
}

static void
leave_answered(SxSession *s, char key, void *data)
{
    (void)data;
    if (key == 'w')
        write_and_leave(s);
    else if (key == 'd')
        discard(s);
    else if (key == 'r')
        review(s);
}

/* M1, M2 */
void
ui_quit(SxSession *s)
{
    size_t first = 0, n = modified_tabs(s, &first);
    char name[64], words[64];
    ui_half_drop(s, false);
    if (ui_saving(s, NULL)) {
        ui_badf(s, "a write is running; it is done first, or C-c stops it");
        return;
    }
    if (n == 0) {
        end(s);
        return;
    }
    if (n > 1) {
        ui_ask(s, leave_answered, NULL, NULL,
               "%zu files have unwritten changes. [w]rite all [r]eview [d]iscard all Esc", n);
        return;
    }
    s->active = first;
    const Tab *tab = s->tabs[first];
    ui_ask(s, leave_answered, NULL, NULL, "%s: %s unwritten. [w]rite [r]eview [d]iscard Esc",
           ui_name(tab, name, sizeof name), changes_words(tab->document, words, sizeof words));
}

void
ui_write_quit(SxSession *s)
{
    ui_half_drop(s, false);
    if (ui_saving(s, NULL))
        s->ui->saving.then = SAVE_THEN_QUIT;
    else
        write_and_leave(s);
}

void
ui_save_then(SxSession *s, Tab *tab, SaveThen then)
{
    if (then == SAVE_THEN_QUIT)
        write_and_leave(s);
    for (size_t i = 0; then == SAVE_THEN_CLOSE && i < s->n_tabs; i++) {
        if (s->tabs[i] == tab && !sx_document_modified(tab->document))
            session_close(s, i, NULL);
    }
}

/* --- closing one --------------------------------------------------------------------------------------------------------- */

static void
close_answered(SxSession *s, char key, void *data)
{
    SxError err = {0};
    (void)data;
    if (key == 'w')
        ui_save(s, NULL, 0, SAVE_THEN_CLOSE, false, &err);
    else if (key == 'd')
        session_close(s, s->active, &err);
    else if (key == 'r')
        ui_list_open(s, &list_changes, NULL);
    if (err.code != SX_OK)
        ui_say(s, true, err.text);
}

bool
ui_close_asks(SxSession *s)
{
    char name[64], words[64];
    const Tab *tab = session_tab(s);
    if (!sx_document_modified(tab->document))
        return false;
    ui_ask(s, close_answered, NULL, NULL, "%s: %s unwritten. [w]rite [r]eview [d]iscard Esc",
           ui_name(tab, name, sizeof name), changes_words(tab->document, words, sizeof words));
    return true;
}

/* --- C-z --------------------------------------------------------------------------------------------------------------------- */

/* M30 */
void
ui_suspend(SxSession *s)
{
    struct Ui *ui = s->ui;
    char name[64];
    size_t first = 0, n = modified_tabs(s, &first);
    uint64_t changes = n ? sx_document_changes(s->tabs[first]->document).hunks : 0;
    sx_string_clear(&ui->suspend_text);
    if (n == 1)
        sx_string_addf(&ui->suspend_text, "sextant: waiting with %" PRIu64 " unsaved change%s in %s; fg brings it back",
                       changes, changes == 1 ? "" : "s", ui_name(s->tabs[first], name, sizeof name));
    else if (n > 1)
        sx_string_addf(&ui->suspend_text, "sextant: waiting with unsaved changes in %zu files; fg brings it back", n);
    else
        sx_string_add(&ui->suspend_text, "sextant: waiting; fg brings it back");
    ui->wish_suspend = true;
}

/* --- a name that does not exist --------------------------------------------------------------------------------------------------- */

static void
new_answered(SxSession *s, char key, void *data)
{
    SxError err = {0};
    if (key == 'n') {
        if (!session_open(s, data, true, &err))
            ui_say(s, true, err.text);
        return;
    }
    /* the only thing asked for does not exist and is not wanted */
    const Tab *tab = session_tab(s);
    bool nothing = s->n_tabs == 1 && !sx_document_path(tab->document) && sx_document_length(tab->document) == 0;
    if (nothing && s->ui->welcome)
        end(s);
}

void
ui_ask_new(SxSession *s, const char *path)
{
    char name[128], printable[512];
    sx_text_printable(printable, sizeof printable, sx_bytes(path, strlen(path)), SX_PRINTABLE_UTF8);
    sx_text_middle(name, sizeof name, printable, 48);
    ui_ask(s, new_answered, strdup(path), free, "%s does not exist. [n]ew Esc", name);
}
