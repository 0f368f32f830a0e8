/*
 * recover_play.c - the records of a journal done again, each checked against what came before.
 *
 * The document that is played on mirrors the one that was: live pieces, epochs, steps. Images are held back until their
 * change is known to have happened, since a save that was given up leaves the file as it was.
 */
#include "document/recover.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sextant/text.h>

#include "document/witness.h"

static bool
contradicts(Recovery *r, const char *what)
{
    return sx_fail(&r->damage, SX_ERR_SYNTAX, "the journal contradicts itself at record %" PRIu64 ": %s", r->sequence,
                   what);
}

static bool
no_memory(Recovery *r)
{
    return sx_fail(&r->error, SX_ERR_NOMEM, "no memory to recover");
}

/* An edit that failed: for want of memory, or because it could not be. */
static bool
edit_failed(Recovery *r, const SxError *why)
{
    if (why->code == SX_ERR_NOMEM)
        return no_memory(r);
    return contradicts(r, why->text);
}

/* --- files ------------------------------------------------------------------------------------------------------------- */

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
            contradicts(r, "a file out of turn");
            return NULL;
        }
        KnownFile *files = realloc(r->files, ((size_t)number + 1) * sizeof *files);
        if (!files) {
            no_memory(r);
            return NULL;
        }
        memset(files + r->n_files, 0, ((size_t)number + 1 - r->n_files) * sizeof *files);
        r->files = files;
        r->n_files = (size_t)number + 1;
    }
    return recovery_file_room(r, number) ? &r->files[number] : NULL;
}

static bool
name_file(Recovery *r, const JournalEntry *e)
{
    KnownFile *f = file_named(r, e->file.source);
    char *path = f ? strdup(e->file.path) : NULL;
    if (!f)
        return false;
    if (!path)
        return no_memory(r);
    free(f->path);
    f->path = path;
    f->named = true;
    f->other = e->type == JOURNAL_TYPE_OTHER;
    f->identity = e->file.identity;
    return true;
}

static File *
current_file(const Recovery *r)
{
    return store_file(r->d->store, r->d->file);
}

/* --- images ---------------------------------------------------------------------------------------------------------------- */

static int
image_order(const void *a, const void *b)
{
    const Image *x = a;
    const Image *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->add_at < y->add_at ? -1 : x->add_at > y->add_at;
}

/* Ascending and disjoint: of two that overlap, both of one epoch, each has the same old bytes. */
static void
order_images(Images *p)
{
    size_t kept = 0;
    uint64_t end = 0;
    qsort(p->list, p->count, sizeof *p->list, image_order);
    for (size_t i = 0; i < p->count; i++) {
        Image m = p->list[i];
        uint64_t cut = m.at < end ? end - m.at : 0;
        if (cut >= m.len)
            continue;
        m.at += cut;
        m.add_at += image_lost(&m) ? 0 : cut;
        m.len -= cut;
        end = m.at + m.len;
        p->list[kept++] = m;
    }
    p->count = kept;
}

/* A live piece that was changed in the file shows what was there before. */
static bool
add_split(Builder *b, Before *before, Piece p, uint32_t epoch)
{
    while (p.len > 0) {
        bool covered;
        uint64_t n = before_stretch(before, (SxSpan){p.offset, p.len}, EPOCHS_SINCE(epoch), &covered);
        Piece part = piece_part(&p, 0, n);
        part.epoch = covered ? epoch : EPOCH_LIVE;
        if (!builder_add(b, &part))
            return false;
        p = piece_part(&p, n, p.len - n);
    }
    return true;
}

static bool
split_live(Recovery *r, uint32_t epoch)
{
    SxDocument *d = r->d;
    Builder *b = builder_new(d->tree.fanout, d->reaper);
    Cursor c;
    Node *root;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, d->tree.root, 0); added && more; more = cursor_next(&c))
        added = piece_live(&c.piece) ? add_split(b, &current_file(r)->before, c.piece, epoch) : builder_add(b, &c.piece);
    if (!added) {
        builder_free(b);
        return no_memory(r);
    }
    if (!builder_finish(b, &root))
        return no_memory(r);
    tree_take(&d->tree, root);
    document_changed(d);
    return true;
}

bool
recovery_images(Recovery *r)
{
    Images *p = &r->pending;
    if (p->count == 0)
        return true;
    uint32_t epoch = p->list[0].epoch;
    order_images(p);
    if (!before_add(&current_file(r)->before, p->list, p->count) || !split_live(r, epoch))
        return no_memory(r);
    current_file(r)->epoch = epoch + 1;
    p->count = 0;
    r->touched = true;
    return true;
}

/* The offset in the file as the document counts it. */
static bool
file_place(Recovery *r, uint64_t file_at, uint64_t *at)
{
    uint64_t base = (uint64_t)r->d->offset;
    *at = file_at - base;
    return file_at >= base || contradicts(r, "bytes before the part of the file that it is about");
}

/* A number that is greater than the file's epoch means the file as it is now: what was to be written is there. */
static bool
epoch_reached(Recovery *r, uint32_t epoch)
{
    if (epoch <= current_file(r)->epoch)
        return true;
    if (!recovery_images(r))
        return false;
    if (current_file(r)->epoch < epoch)
        current_file(r)->epoch = epoch;
    return true;
}

static bool
play_before(Recovery *r, const JournalEntry *e)
{
    Images *p = &r->pending;
    Image m = {.len = e->before.span.len, .add_at = e->before.add_at, .epoch = e->before.epoch};
    if (m.len == 0)
        return true;
    if (m.epoch < current_file(r)->epoch || m.epoch > EPOCH_LIVE / 2)
        return contradicts(r, "old bytes of a time that is over");
    if (!file_place(r, e->before.span.at, &m.at))
        return false;
    if (!epoch_reached(r, m.epoch))
        return false;
    if (!sx_grow(&p->list, &p->room, p->count + 1, sizeof *p->list))
        return no_memory(r);
    p->list[p->count++] = m;
    return true;
}

/* --- pieces -------------------------------------------------------------------------------------------------------------- */

static bool
piece_known(Recovery *r, const Piece *p)
{
    if (p->kind != PIECE_FILE && p->kind != PIECE_OTHER)
        return true;
    if (p->source >= r->n_files || piece_live(p) || p->epoch > EPOCH_LIVE / 2)
        return contradicts(r, "a piece of a file that it never named");
    return p->kind != PIECE_FILE || p->source != r->d->file || epoch_reached(r, p->epoch);
}

/* All of them, and their bytes can be counted in the place of `removed`. */
static bool
pieces_known(Recovery *r, SxSpan span, const Piece *pieces, size_t count)
{
    uint64_t length = document_length(r->d);
    if (span.at > length || span.len > length - span.at)
        return contradicts(r, "a change outside the document");
    uint64_t room = UINT64_MAX - 1 - (length - span.len);
    for (size_t i = 0; i < count; i++) {
        if (!piece_known(r, &pieces[i]))
            return false;
        if (pieces[i].len > room)
            return contradicts(r, "more bytes than can be counted");
        room -= pieces[i].len;
    }
    return true;
}

static bool
play_witness(Recovery *r, const JournalEntry *e)
{
    Image m = {.len = e->before.span.len, .add_at = e->before.add_at, .epoch = e->before.epoch};
    if (m.len == 0)
        return true;
    return file_place(r, e->before.span.at, &m.at) &&
           (before_add(&current_file(r)->seen, &m, 1) || no_memory(r));
}

/* --- steps ------------------------------------------------------------------------------------------------------------------ */

static void
end_step(Recovery *r)
{
    History *h = &r->d->history;
    if (r->bulk)
        sx_bulk_cancel(r->bulk);
    r->bulk = NULL;
    if (!r->stepping)
        return;
    if (h->count > r->count)
        steps_change(h->steps, h->count - 1)->time = r->began;
    sx_document_end(r->d);
    r->stepping = false;
}

/* Is it the one that is current, the next one, or one in the place of a step that never came to be? */
static bool
step_number(Recovery *r, uint64_t number)
{
    History *h = &r->d->history;
    r->again = number > 0 && number == h->current;
    if (!r->again && number + 1 == h->count)
        history_drop_newest(h);
    return r->again || number == h->count || contradicts(r, "a step out of turn");
}

static bool
begin_step(Recovery *r, const JournalEntry *e)
{
    History *h = &r->d->history;
    if (r->stepping && e->mark.number == (h->open ? h->open : h->count))
        return true;
    end_step(r);
    if (!recovery_arrived(r) || !step_number(r, e->mark.number))
        return false;
    if (!(r->again ? document_begin_again(r->d, &r->error) : sx_document_begin(r->d, &r->error)))
        return false;
    r->count = h->count;
    r->stepping = true;
    r->kind = e->mark.detail <= SX_STEP_MANY ? (SxStepKind)e->mark.detail : SX_STEP_MANY;
    r->began = e->mark.time / 1000000000;
    return true;
}

static bool
cancel_step(Recovery *r)
{
    if (!r->stepping || r->again)
        return contradicts(r, "nothing to cancel");
    if (r->bulk)
        sx_bulk_cancel(r->bulk);
    r->bulk = NULL;
    sx_document_cancel(r->d);
    r->stepping = false;
    return true;
}

static bool
walk(Recovery *r, uint64_t number)
{
    SxError why = {0};
    end_step(r);
    if (!recovery_arrived(r))
        return false;
    if (number >= r->d->history.count)
        return contradicts(r, "a step that is not there");
    if (!sx_document_goto_step(r->d, number, &why))
        return edit_failed(r, &why);
    r->through = r->access == SX_ACCESS_WRITE;
    return true;
}

/* Without a step: what the document began with. */
static bool
begin_with(Recovery *r, SxSpan span, const JournalEntry *e)
{
    SxDocument *d = r->d;
    if (d->history.count > 1)
        return contradicts(r, "a change outside of a step");
    d->saved_step = UINT32_MAX;
    document_changed(d);
    return tree_replace(&d->tree, span.at, span.len, e->splice.inserted, e->splice.count) || no_memory(r);
}

static bool
play_splice(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    SxSpan span = {e->splice.at, e->splice.removed};
    if (r->bulk)
        return contradicts(r, "a change in the middle of another");
    if (!pieces_known(r, span, e->splice.inserted, e->splice.count))
        return false;
    if (!r->stepping)
        return begin_with(r, span, e);
    r->through = r->access == SX_ACCESS_WRITE;
    return document_edit(r->d, r->kind, span, e->splice.inserted, e->splice.count, &why) || edit_failed(r, &why);
}

static bool
bulk_places(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    JournalPlaces places = journal_places(e);
    SxSpan span;
    Piece piece;
    uint64_t moved = 0;
    while (journal_place_next(&places, &span, &piece)) {
        SxSpan old = {span.at - r->bulk_shift, span.len};
        if (piece.len > 0 && !piece_known(r, &piece))
            return false;
        if (!document_bulk_put(r->bulk, old, &piece, &why))
            return edit_failed(r, &why);
        moved += piece.len - span.len;
    }
    r->bulk_shift += moved;
    return true;
}

static bool
play_bulk(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    bool first = e->bulk.flags & JOURNAL_BULK_FIRST;
    if (!r->stepping || first != !r->bulk)
        return contradicts(r, "a part of a long change out of turn");
    if (first && !sx_document_bulk_begin(r->d, &r->bulk, &why))
        return edit_failed(r, &why);
    if (first)
        r->bulk_shift = 0;
    if (!bulk_places(r, e))
        return false;
    if (!(e->bulk.flags & JOURNAL_BULK_LAST))
        return true;
    SxBulk *b = r->bulk;
    r->bulk = NULL;
    r->through = r->access == SX_ACCESS_WRITE;
    return sx_bulk_commit(b, &why) || edit_failed(r, &why);
}

/* --- what was written through ------------------------------------------------------------------------------------------------- */

/* The document is the file again, whole. */
static bool
all_live(Recovery *r)
{
    SxDocument *d = r->d;
    uint64_t length = document_length(d);
    Piece all = {0, length, EPOCH_LIVE, d->file, PIECE_FILE};
    if (!tree_replace(&d->tree, 0, length, &all, length > 0))
        return no_memory(r);
    d->file_size = length;
    d->saved_step = UINT32_MAX; /* the file is not what the last save made it */
    current_file(r)->zeros = length;
    if (!d->part)
        r->file_len = length;
    document_changed(d);
    return true;
}

bool
recovery_arrived(Recovery *r)
{
    if (!r->through)
        return true;
    r->through = false;
    return recovery_images(r) && all_live(r);
}

/* --- saves ---------------------------------------------------------------------------------------------------------------------- */

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

static bool
begin_save(Recovery *r, const JournalEntry *e)
{
    SxDocument *d = r->d;
    PlayedSave *s = &r->save;
    end_step(r);
    /* one that was cut off and could not be taken back: what it wrote is known, and not more */
    if (!recovery_images(r))
        return false;
    if (s->runs)
        save_over(r);
    if (e->mark.number > SX_SAVE_NEW)
        return contradicts(r, "a way to save that nobody knows");
    *s = (PlayedSave){
        .runs = true,
        .way = (SxSaveWay)e->mark.number,
        .step = d->history.current,
        .root = node_retain(d->tree.root),
        .epoch = current_file(r)->epoch,
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
        return no_memory(r);
    d->saving = false;
    tree_take(&d->tree, root);
    if (!in_place(s))
        adopt_file(r, file);
    d->file_size = s->length;
    current_file(r)->zeros = s->length;
    if (!d->part)
        r->file_len = s->length;
    d->saved_step = s->step;
    d->saved_file = d->file;
    d->saved_epoch = current_file(r)->epoch;
    steps_change(d->history.steps, s->step)->saved = true;
    if (in_place(s)) {
        Reading saved = {.root = s->root, .epoch = s->epoch, .file = s->file, .length = s->length};
        document_witness_saved(d, &saved);
    }
    document_changed(d);
    save_over(r);
    return true;
}

static bool
end_save(Recovery *r, bool done)
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
        return contradicts(r, "a save without a file");
    bool saved = recovery_saved(r, in_place(s) ? r->d->file : s->temp);
    r->touched = false; /* its identity was noted behind the last write */
    return saved;
}

static bool
play_rebase(Recovery *r, const JournalEntry *e)
{
    PlayedSave *s = &r->save;
    if (!s->runs)
        return true;
    for (size_t i = 0; i < e->rebase.count; i++) {
        const JournalMoved *m = &e->rebase.moved[i];
        bool ascends = i == 0 || m->offset >= m[-1].offset + m[-1].home.len;
        if (!ascends || m->home.len > UINT64_MAX - m->offset || !piece_known(r, &m->home))
            return contradicts(r, "bytes that are in two places");
    }
    free(s->moved);
    s->moved = calloc(e->rebase.count + 1, sizeof *s->moved);
    if (!s->moved)
        return no_memory(r);
    memcpy(s->moved, e->rebase.moved, e->rebase.count * sizeof *s->moved);
    s->n_moved = e->rebase.count;
    s->rebased = e->rebase.source;
    return true;
}

/* --- files that others change ----------------------------------------------------------------------------------------------------- */

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
    Node *root;
    bool added = b != NULL;
    for (bool more = cursor_at(&c, v.root, 0); added && more; more = cursor_next(&c))
        added = add_moved(b, &v, &c.piece, file, size);
    if (!added) {
        builder_free(b);
        return no_memory(r);
    }
    if (!builder_finish(b, &root))
        return no_memory(r);
    tree_take(&d->tree, root);
    d->file = file;
    d->file_size = size;
    current_file(r)->epoch++;
    current_file(r)->zeros = size;
    document_changed(d);
    return true;
}

static bool
note_backup(Recovery *r, const JournalEntry *e)
{
    free(r->backup);
    r->backup = strdup(e->file.path);
    return r->backup || no_memory(r);
}

static bool
play_file(Recovery *r, const JournalEntry *e)
{
    uint16_t source = e->file.source;
    bool temp = e->file.role == JOURNAL_ROLE_TEMP;
    if (e->file.role == JOURNAL_ROLE_BACKUP)
        return note_backup(r, e);
    if (temp && (!r->save.runs || source == 0))
        return true;
    if (!name_file(r, e))
        return false;
    if (temp)
        r->save.temp = source;
    if (temp || r->save.runs) {
        r->save.temp = in_place(&r->save) ? r->save.temp : source;
        r->touched = false;
        return true;
    }
    end_step(r);
    r->touched = false;
    if (!r->d->part)
        r->file_len = e->file.identity.size;
    return recovery_arrived(r) &&
           recovery_reload(r, source, r->d->part ? r->d->file_size : e->file.identity.size);
}

/* --- marks ---------------------------------------------------------------------------------------------------------------------------- */

static bool
play_note(Recovery *r, const JournalEntry *e)
{
    SxError why = {0};
    const SxMark *mark = &e->note.mark;
    uint64_t length = document_length(r->d);
    bool inside = mark->span.at <= length && mark->span.len <= length - mark->span.at;
    r->noted = true;
    if (!inside)
        return contradicts(r, "a mark outside the document");
    if (e->note.what == JOURNAL_NOTE_PLACE)
        marks_place(&r->d->marks, mark->name, mark->span);
    else if (e->note.what == JOURNAL_NOTE_CLEAR)
        marks_clear(&r->d->marks);
    else if (e->note.what == JOURNAL_NOTE_GONE)
        sx_document_mark_remove(r->d, mark->name);
    else if (e->note.what == JOURNAL_NOTE_SET && !sx_document_mark_set(r->d, mark, &why))
        return edit_failed(r, &why);
    return true;
}

/* --- one record --------------------------------------------------------------------------------------------------------------------- */

static bool
play_mark(Recovery *r, const JournalEntry *e)
{
    r->closed = e->mark.mark == JOURNAL_CLOSED;
    r->discarded = r->closed && e->mark.detail != 0;
    r->time = e->mark.time / 1000000000;
    switch ((JournalMark)e->mark.mark) {
    case JOURNAL_STEP_BEGIN:
        return begin_step(r, e);
    case JOURNAL_STEP_END:
        end_step(r);
        return recovery_arrived(r);
    case JOURNAL_STEP_CANCEL:
        r->aside = false;
        return cancel_step(r);
    case JOURNAL_UNDO:
    case JOURNAL_REDO:
        r->aside = false;
        return walk(r, e->mark.number);
    case JOURNAL_ASIDE:
        r->aside = true;
        r->aside_of = e->mark.number;
        return true;
    case JOURNAL_SAVE_BEGIN:
        return begin_save(r, e);
    case JOURNAL_SAVE_END:
        end_step(r);
        return end_save(r, e->mark.number == 1);
    case JOURNAL_ACCESS:
        end_step(r);
        r->access = (SxAccess)e->mark.number;
        return recovery_arrived(r);
    case JOURNAL_CURSOR:
    case JOURNAL_CLOSED:
        return true;
    }
    return true;
}

bool
recovery_play(Recovery *r, const JournalEntry *e)
{
    r->sequence = e->sequence;
    if (r->bulk && e->type != JOURNAL_TYPE_BULK && e->type != JOURNAL_TYPE_BEFORE && e->type != JOURNAL_TYPE_LOST &&
        e->type != JOURNAL_TYPE_MARK)
        return contradicts(r, "something in the middle of a long change");
    switch (e->type) {
    case JOURNAL_TYPE_MARK:
        return play_mark(r, e);
    case JOURNAL_TYPE_SPLICE:
        return play_splice(r, e);
    case JOURNAL_TYPE_BULK:
        return play_bulk(r, e);
    case JOURNAL_TYPE_BEFORE:
    case JOURNAL_TYPE_LOST:
        return play_before(r, e);
    case JOURNAL_TYPE_WITNESS:
        return play_witness(r, e);
    case JOURNAL_TYPE_RESIZE:
        r->touched = true;
        return true;
    case JOURNAL_TYPE_OTHER:
        return name_file(r, e);
    case JOURNAL_TYPE_FILE:
        return play_file(r, e);
    case JOURNAL_TYPE_REBASE:
        return play_rebase(r, e);
    case JOURNAL_TYPE_NOTE:
        return play_note(r, e);
    case JOURNAL_TYPES:
        break;
    }
    return true;
}

void
recovery_play_end(Recovery *r)
{
    end_step(r);
}
