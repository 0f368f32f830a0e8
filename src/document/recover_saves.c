/*
 * recover_saves.c - what files the document had: those that are named, saves, and what others made of them.
 */
#include "document/recover_play.h"

#include <stdlib.h>
#include <string.h>

#include "document/witness.h"

bool
recovery_file_room(Recovery *r, uint16_t number)
{
    uint16_t made;
    while (r->d->store->count <= number)
        if (!store_add_file(r->d->store, NULL, 0, &made, &r->error))
            return false;
    return true;
}

/* Files come one after the other: a number far beyond those that were named is none. */
static KnownFile *
file_named(Recovery *r, uint16_t number)
{
    enum { GAP = 64 };
    if (number >= r->n_files) {
        if (number > r->n_files + GAP) {
            play_contradicts(r, "a file out of turn");
            return NULL;
        }
        KnownFile *files = realloc(r->files, ((size_t)number + 1) * sizeof *files);
        if (!files) {
            play_no_memory(r);
            return NULL;
        }
        memset(files + r->n_files, 0, ((size_t)number + 1 - r->n_files) * sizeof *files);
        r->files = files;
        r->n_files = (size_t)number + 1;
    }
    return recovery_file_room(r, number) ? &r->files[number] : NULL;
}

bool
play_name(Recovery *r, const JournalEntry *e)
{
    KnownFile *f = file_named(r, e->file.source);
    char *path = f ? strdup(e->file.path) : NULL;
    if (!f)
        return false;
    if (!path)
        return play_no_memory(r);
    free(f->path);
    f->path = path;
    f->named = true;
    f->other = e->type == JOURNAL_TYPE_OTHER;
    f->identity = e->file.identity;
    return true;
}

File *
recovery_file(const Recovery *r)
{
    return store_file(r->d->store, r->d->file);
}

/* --- saves --------------------------------------------------------------------------------------------------------- */

static bool
in_place(const PlayedSave *s)
{
    return s->way == SX_SAVE_IN_PLACE || s->way == SX_SAVE_COPY_OVER;
}

static void
save_over(Recovery *r)
{
    PlayedSave *s = &r->save;
    meanwhile_end(&s->meanwhile, r->d);
    node_release(s->root, r->d->reaper);
    free(s->moved);
    *s = (PlayedSave){0};
    r->d->saving = false;
}

void
recovery_unsaved(Recovery *r)
{
    if (in_place(&r->save))
        r->pending.count = 0;
    save_over(r);
}

bool
play_save_begin(Recovery *r, const JournalEntry *e)
{
    SxDocument *d = r->d;
    PlayedSave *s = &r->save;
    play_step_end(r);
    /* one that was cut off and could not be taken back: what it wrote is known, and not more */
    if (!recovery_images(r))
        return false;
    if (s->runs)
        save_over(r);
    if (e->mark.number > SX_SAVE_NEW)
        return play_contradicts(r, "a way to save that nobody knows");
    *s = (PlayedSave){
        .runs = true,
        .way = (SxSaveWay)e->mark.number,
        .step = d->history.current,
        .root = node_retain(d->tree.root),
        .epoch = recovery_file(r)->epoch,
        .length = document_length(d),
        .file = d->file,
    };
    r->through = false;
    d->saving = true;
    return meanwhile_begin(&s->meanwhile, d, &r->error);
}

/* The new file has the name, and what was live in the old one is where the journal says. */
static void
adopt_file(Recovery *r, uint16_t file)
{
    SxDocument *d = r->d;
    PlayedSave *s = &r->save;
    if (s->moved && s->rebased != file && s->rebased < r->n_files) {
        KnownFile *old = &r->files[s->rebased];
        free(old->moved);
        old->moved = s->moved;
        old->n_moved = s->n_moved;
        s->moved = NULL;
    }
    d->file = file;
    d->kind = SX_KIND_FILE;
    d->missing = false;
    d->offset = 0;
    d->part = false;
    r->touched = false;
}

/* As save.c does it behind a save that went well. */
bool
recovery_saved(Recovery *r, uint16_t file)
{
    SxDocument *d = r->d;
    PlayedSave *s = &r->save;
    Node *root;
    if (!recovery_images(r) || !recovery_file_room(r, file))
        return false;
    if (!meanwhile_rebuild(&s->meanwhile, d, file, &root))
        return play_no_memory(r);
    d->saving = false;
    tree_take(&d->tree, root);
    if (!in_place(s))
        adopt_file(r, file);
    d->file_size = s->length;
    recovery_file(r)->zeros = s->length;
    if (!d->part)
        r->file_len = s->length;
    d->saved_step = s->step;
    d->saved_file = d->file;
    d->saved_epoch = recovery_file(r)->epoch;
    steps_change(d->history.steps, s->step)->saved = true;
    if (in_place(s)) {
        Reading saved = {.root = s->root, .epoch = s->epoch, .file = s->file, .length = s->length};
        document_witness_saved(d, &saved);
    }
    document_changed(d);
    save_over(r);
    return true;
}

bool
play_save_end(Recovery *r, bool done)
{
    PlayedSave *s = &r->save;
    if (!s->runs && done)
        return recovery_arrived(r);
    if (!s->runs) {
        r->pending.count = 0;
        r->through = false;
        return true;
    }
    if (!done) {
        recovery_unsaved(r);
        return true;
    }
    if (!in_place(s) && s->temp == 0)
        return play_contradicts(r, "a save without a file");
    bool saved = recovery_saved(r, in_place(s) ? r->d->file : s->temp);
    r->touched = false; /* its identity was noted behind the last write */
    return saved;
}

bool
play_rebase(Recovery *r, const JournalEntry *e)
{
    PlayedSave *s = &r->save;
    if (!s->runs)
        return true;
    for (size_t i = 0; i < e->rebase.count; i++) {
        const JournalMoved *m = &e->rebase.moved[i];
        bool ascends = i == 0 || m->offset >= m[-1].offset + m[-1].home.len;
        if (!ascends || m->home.len > UINT64_MAX - m->offset || !play_piece_known(r, &m->home))
            return play_contradicts(r, "bytes that are in two places");
    }
    free(s->moved);
    s->moved = calloc(e->rebase.count + 1, sizeof *s->moved);
    if (!s->moved)
        return play_no_memory(r);
    memcpy(s->moved, e->rebase.moved, e->rebase.count * sizeof *s->moved);
    s->n_moved = e->rebase.count;
    s->rebased = e->rebase.source;
    return true;
}

/* --- files that others change -------------------------------------------------------------------------------------- */

/* Live as far as the file reaches; what is behind that stays what it was. */
static bool
add_moved(Builder *b, const Reading *v, const Piece *piece, uint16_t file, uint64_t size)
{
    Piece old = reading_resolve(v, piece);
    if (!piece_live(piece))
        return builder_add(b, &old);
    uint64_t there = sx_span_clip((SxSpan){old.offset, old.len}, size).len;
    Piece live = {old.offset, there, EPOCH_LIVE, file, PIECE_FILE};
    Piece rest = piece_part(&old, there, old.len - there);
    return (there == 0 || builder_add(b, &live)) && (rest.len == 0 || builder_add(b, &rest));
}

bool
recovery_reload(Recovery *r, uint16_t file, uint64_t size)
{
    SxDocument *d = r->d;
    Reading v = document_reading(d);
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, v.root, 0); added && more; more = cursor_next(&c))
        added = add_moved(b, &v, &c.piece, file, size);
    if (!play_built(r, b, added))
        return false;
    d->file = file;
    d->file_size = size;
    recovery_file(r)->epoch++;
    recovery_file(r)->zeros = size;
    return true;
}

static bool
note_backup(Recovery *r, const JournalEntry *e)
{
    free(r->backup);
    r->backup = strdup(e->file.path);
    return r->backup || play_no_memory(r);
}

bool
play_file(Recovery *r, const JournalEntry *e)
{
    uint16_t source = e->file.source;
    bool temp = e->file.role == JOURNAL_ROLE_TEMP;
    if (e->file.role == JOURNAL_ROLE_BACKUP)
        return note_backup(r, e);
    if (temp && (!r->save.runs || source == 0))
        return true;
    if (!play_name(r, e))
        return false;
    if (temp)
        r->save.temp = source;
    if (temp || r->save.runs) {
        r->save.temp = in_place(&r->save) ? r->save.temp : source;
        r->touched = false;
        return true;
    }
    play_step_end(r);
    r->touched = false;
    if (!r->d->part)
        r->file_len = e->file.identity.size;
    return recovery_arrived(r) &&
           recovery_reload(r, source, r->d->part ? r->d->file_size : e->file.identity.size);
}
