/* ui_recover.c - what earlier sessions left: offered when the file is opened, looked at, taken up. M5, M18, M19, M20, M26. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/recover.h"
#include "command/ui.h"

static void
free_info(void *data)
{
    waiting_clear(data);
    free(data);
}

static SxJournalInfo *
keep_info(SxJournalInfo *info)
{
    SxJournalInfo *kept = malloc(sizeof *kept);
    if (kept)
        *kept = *info;
    else
        waiting_clear(info);
    return kept;
}

/* --- doing it --------------------------------------------------------------------------------------------------------- */

static void
say_back(SxSession *s, const SxJournalInfo *info)
{
    char name[64], when[16];
    const Tab *tab = session_tab(s);
    ui_show_centred(s);
    uint64_t n = sx_document_changes(tab->document).hunks;
    ui_sayf(s, "%s: %" PRIu64 " change%s of %s %s back, in memory. u undoes, :w writes", ui_name(tab, name, sizeof name), n,
            n == 1 ? "" : "s", waiting_time(info->time, when, sizeof when), n == 1 ? "is" : "are");
}

static bool
failed(SxSession *s, const SxError *err)
{
    char name[64];
    ui_badf(s, "%s: not recovered, %s", ui_name(session_tab(s), name, sizeof name), err->text);
    return false;
}

static bool
bring_back(SxSession *s, const SxJournalInfo *info, SxRecover how)
{
    SxError err = {0};
    char name[64];
    const Tab *tab = session_tab(s);
    if (!sx_document_recover(tab->document, info->dir, how, &err))
        return failed(s, &err);
    if (how == SX_RECOVER_TAKE)
        say_back(s, info);
    else
        ui_sayf(s, "%s: what would come back, READ. :recover takes it up, q leaves it for later",
                ui_name(tab, name, sizeof name));
    if (how == SX_RECOVER_LOOK)
        ui_show_centred(s);
    return true;
}

static void
delete_answered(SxSession *s, char key, void *data)
{
    const SxJournalInfo *info = data;
    SxError err = {0};
    char name[64], words[64];
    if (key != 'y')
        ui_sayf(s, "they are kept; :recover brings them back");
    else if (sx_journal_remove(info->dir, &err))
        ui_sayf(s, "%s: %s deleted", ui_name(session_tab(s), name, sizeof name), waiting_words(info, words, sizeof words));
    else
        ui_badf(s, "not deleted, %s", err.text);
}

static void
ask_delete(SxSession *s, const SxJournalInfo *info)
{
    char name[64], words[64];
    SxJournalInfo again = *info;
    again.dir = strdup(info->dir);
    again.path = strdup(info->path);
    SxJournalInfo *kept = keep_info(&again);
    if (kept && kept->dir)
        ui_ask(s, delete_answered, kept, free_info, "%s: delete %s for good? [y]es Esc",
               ui_name(session_tab(s), name, sizeof name), waiting_words(info, words, sizeof words));
}

/* Changes that do not fit the file any more leave as a patch. */
static void
export(SxSession *s, const SxJournalInfo *info)
{
    char line[160], name[96];
    if (!bring_back(s, info, SX_RECOVER_LOOK))
        return;
    snprintf(line, sizeof line, "export patch %s.patch", ui_name(session_tab(s), name, sizeof name));
    ui_prompt_open(s, &prompt_command, line, NULL, NULL);
}

/* --- the questions ---------------------------------------------------------------------------------------------------------- */

static void
offer_answered(SxSession *s, char key, void *data)
{
    const SxJournalInfo *info = data;
    if (key == 'r')
        bring_back(s, info, SX_RECOVER_TAKE);
    else if (key == 'l')
        bring_back(s, info, SX_RECOVER_LOOK);
    else if (key == 'x')
        ask_delete(s, info);
    else if (key == 'e')
        export(s, info);
    else
        ui_sayf(s, "left for later; :recover brings them back");
}

static void
mend_answered(SxSession *s, char key, void *data)
{
    const SxJournalInfo *info = data;
    const Tab *tab = session_tab(s);
    SxError err = {0};
    char name[64];
    if (key != 'f' && key != 'b') {
        bring_back(s, info, SX_RECOVER_LOOK);
        return;
    }
    if (!sx_document_mend(tab->document, info->dir, key == 'f', &err))
        failed(s, &err);
    else
        ui_sayf(s, key == 'f' ? "%s: the write is finished; u takes it back"
                              : "%s: the old bytes are back in the file; the changes are pending",
                ui_name(tab, name, sizeof name));
}

/* Takes what `info` owns. */
static void
ask(SxSession *s, SxJournalInfo *info)
{
    char name[64], words[64], when[16];
    ui_name(session_tab(s), name, sizeof name);
    waiting_words(info, words, sizeof words);
    SxJournalInfo *kept = keep_info(info);
    if (!kept)
        return;
    if (kept->state == SX_JOURNAL_TORN && kept->relation == SX_RELATION_SAME)
        ui_ask(s, mend_answered, kept, free_info, "%s: a write stopped half-way at %s. [f]inish [b]ack Esc: look, READ",
               name, waiting_time(kept->time, when, sizeof when));
    else if (kept->relation != SX_RELATION_SAME && kept->state != SX_JOURNAL_DISCARDED)
        ui_ask(s, offer_answered, kept, free_info, "%s: %s, file %s. [l]ook [e]xport [i]gnore", name, words,
               kept->relation == SX_RELATION_MISSING ? "gone" : "newer");
    else
        ui_ask(s, offer_answered, kept, free_info, "%s: %s. [r]ecover [l]ook [i]gnore [x]delete", name, words);
    ui_ask_exactly(s);
}

/* A journal that is damaged is named once; it stays where it is. */
static void
tell_broken(SxSession *s, SxDocument *d)
{
    SxJournalInfo *list;
    size_t count;
    char name[64];
    char *real = realpath(sx_document_path(d), NULL);
    bool any = real && sx_journal_any(s->options.state_dir, real);
    if (any && sx_journal_list(s->options.state_dir, real, &list, &count, NULL)) {
        for (size_t i = 0; i < count; i++)
            if (list[i].state == SX_JOURNAL_BROKEN)
                ui_badf(s, "%s: a journal cannot be used: %s", ui_name(session_tab(s), name, sizeof name),
                        list[i].why.text);
        sx_journal_list_free(list, count);
    }
    free(real);
}

void
ui_recover_offer(SxSession *s)
{
    SxJournalInfo info;
    Tab *tab = session_tab(s);
    const char *path = sx_document_path(tab->document);
    if (tab->offered || ui_question_on(s) || !s->options.state_dir)
        return;
    tab->offered = true;
    if (!path)
        return;
    sx_document_recall_marks(tab->document);
    if (waiting_find(s, tab->document, s->options.recover, &info)) {
        if (s->options.recover)
            ui_recover(s, &info);
        else
            ask(s, &info);
    } else {
        tell_broken(s, tab->document);
    }
}

/* Asked for: without a question where there is none to ask. */
void
ui_recover(SxSession *s, SxJournalInfo *info)
{
    bool plain = info->state != SX_JOURNAL_TORN && info->relation == SX_RELATION_SAME;
    if (!plain) {
        ask(s, info);
        return;
    }
    bring_back(s, info, SX_RECOVER_TAKE);
    waiting_clear(info);
}

SxExit
ui_recover_command(SxSession *s)
{
    SxJournalInfo info;
    if (waiting_find(s, session_document(s), true, &info))
        ui_recover(s, &info);
    else
        ui_badf(s, "no unsaved changes wait for this file");
    return SX_EXIT_DONE;
}

/* --- undo beyond this session ------------------------------------------------------------------------------------------------- */

static void
earlier_answered(SxSession *s, char key, void *data)
{
    Tab *tab = session_tab(s);
    if (key != 'y')
        return;
    tab->undoes_earlier = true;
    ui_run(s, data);
}

/* M26 */
bool
ui_undo_asks(SxSession *s, const Args *a, bool redo)
{
    const Tab *tab = session_tab(s);
    SxDocument *d = tab->document;
    SxStep step;
    char line[48], when[16];
    sx_document_recall(d, NULL);
    bool earlier = redo ? sx_document_redo_earlier(d, &step) : sx_document_undo_earlier(d, &step);
    if (!earlier || tab->undoes_earlier || sx_document_access(d) == SX_ACCESS_READ)
        return false;
    bool through = sx_document_access(d) == SX_ACCESS_WRITE;
    uint64_t bytes = step.inserted > step.removed ? step.inserted : step.removed;
    snprintf(line, sizeof line, "%s %" PRIu64, redo ? "redo" : "undo", a->arg[0].given ? a->arg[0].offset : 1);
    ui_ask(s, earlier_answered, strdup(line), free, "Next %s: %" PRIu64 " byte%s at 0x%" PRIx64 ", %s %s. %s %s? [y]es Esc",
           redo ? "redo" : "undo", bytes, bytes == 1 ? "" : "s", step.at, redo ? "made" : "written",
           waiting_time(step.time, when, sizeof when), redo ? "Do again" : through ? "Put back" : "Take back",
           through ? "in the file" : "in memory");
    return true;
}

/* --- no journal can be kept ---------------------------------------------------------------------------------------------------- */

/* As much of it as a line holds: the reason first, which of an error of the system is what stands last. */
static void
say_unprotected(SxSession *s, const SxError *why)
{
    enum { LINE = 80 };
    static const struct Form {
        const char *before, *behind;
    } forms[] = {
        {"a crash would lose changes: ", ":w or :journal DIR"},
        {"a crash would lose changes: ", ":journal DIR"},
        {"", ":w or :journal DIR"},
    };
    const char *last = why->sys ? strrchr(why->text, ':') : NULL;
    const char *reason = last && last[1] ? last + 2 : why->text;
    char line[SX_ERROR_TEXT + 80];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        snprintf(line, sizeof line, "UNPROTECTED: %s%s. %s", forms[i].before, reason, forms[i].behind);
        if (strlen(line) <= LINE)
            break;
    }
    ui_badf(s, "%s", line);
}

/* M29, once each time it comes to that. */
void
ui_protection_tell(SxSession *s)
{
    Tab *tab = session_tab(s);
    SxError why = {0};
    bool lost = sx_document_unprotected(tab->document, &why);
    bool news = lost && !tab->unprotected_said;
    tab->unprotected_said = lost;
    if (!news)
        return;
    char dir[32], printable[512];
    const char *state = s->options.state_dir ? s->options.state_dir : "";
    sx_text_printable(printable, sizeof printable, sx_bytes(state, strlen(state)), SX_PRINTABLE_UTF8);
    sx_text_middle(dir, sizeof dir, printable, 11);
    if (why.code == SX_ERR_NOSPACE)
        ui_badf(s, "UNPROTECTED: a crash would lose changes, %s is full. :w or :journal DIR", dir);
    else
        say_unprotected(s, &why);
}
