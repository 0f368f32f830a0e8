/*
 * model.c - see model.h.
 */
#include "document/model.h"

#include <fcntl.h>
#include <unistd.h>

static void
state_set(State *s, const uint8_t *bytes, size_t len)
{
    free(s->bytes);
    s->bytes = malloc(len + 1);
    if (len > 0)
        memcpy(s->bytes, bytes, len);
    s->len = len;
}

/* --- marks ----------------------------------------------------------------------------------------------------------------------- */

static const char *const mark_names[MODEL_MARKS] = {"a", "b", "c", "d", "e", "f"};

static void
set_marks(Model *m)
{
    for (size_t i = 0; i < MODEL_MARKS; i++) {
        SxMark mark = {.name = mark_names[i]};
        mark.span.at = model_random(m, m->now.len + 1);
        mark.span.len = i == 0 ? 0 : model_random(m, m->now.len - mark.span.at + 1);
        (void)!sx_document_mark_set(m->d, &mark, NULL);
    }
}

static void
get_marks(const Model *m, SxSpan *out)
{
    for (size_t i = 0; i < MODEL_MARKS; i++) {
        SxMark mark = {0};
        sx_document_mark_find(m->d, mark_names[i], &mark);
        out[i] = mark.span;
    }
}

/* Undone, the marks are where they were; done again they may be elsewhere, where edits joined. */
static bool
marks_right(Model *m, uint64_t from)
{
    State *s = &m->steps[sx_document_step_current(m->d)];
    SxSpan now[MODEL_MARKS];
    SxStep step;
    get_marks(m, now);
    uint64_t above = from;
    while (above > sx_document_step_current(m->d) && sx_document_step(m->d, above, &step))
        above = step.parent;
    bool undone = above == sx_document_step_current(m->d);
    bool right = !undone || !s->marked || memcmp(now, s->marks, sizeof now) == 0;
    if (!undone)
        for (size_t i = 0; i < m->n_steps; i++)
            m->steps[i].marked = false;
    memcpy(s->marks, now, sizeof now);
    s->marked = true;
    return right;
}

/* --- hearing ------------------------------------------------------------------------------------------------------------------ */

static void
hear(void *data, const SxChange *c)
{
    Model *m = data;
    if (c->at + c->removed > m->heard_len || m->heard_len - c->removed + c->inserted > sizeof m->heard) {
        m->deaf = true;
        return;
    }
    size_t rest = m->heard_len - c->at - c->removed;
    memmove(m->heard + c->at + c->inserted, m->heard + c->at + c->removed, rest);
    memmove(m->known + c->at + c->inserted, m->known + c->at + c->removed, rest);
    memset(m->known + c->at, 0, c->inserted);
    m->heard_len = m->heard_len - c->removed + c->inserted;
}

static bool
heard_right(Model *m)
{
    bool right = !m->deaf && m->heard_len == m->now.len;
    for (size_t i = 0; right && i < m->heard_len; i++)
        right = !m->known[i] || m->heard[i] == m->now.bytes[i];
    memcpy(m->heard, m->now.bytes, m->now.len);
    memset(m->known, 1, m->now.len);
    m->heard_len = m->now.len;
    m->deaf = false;
    return right;
}

/* --- life --------------------------------------------------------------------------------------------------------------------- */

/* A document of the file, or of `length` zeros, whose content the caller knows. */
static void
open_document(Model *m, const uint8_t *bytes, size_t length)
{
    SxError err = {0};
    bool opened = m->path ? sx_document_open(&m->d, m->path, &m->options, &err)
                          : sx_document_new(&m->d, length, &m->options, &err);
    if (!opened) {
        printf("Bail out! cannot open: %s\n", err.text);
        exit(1);
    }
    state_set(&m->now, bytes, length);
    set_marks(m);
    model_note_step(m);
    heard_right(m);
    (void)!sx_document_listen(m->d, hear, m, NULL);
}

static void
close_document(Model *m)
{
    sx_document_free(m->d, false);
    for (size_t i = 0; i < m->n_steps; i++)
        free(m->steps[i].bytes);
    free(m->steps);
    m->steps = NULL;
    m->n_steps = 0;
}

void
model_open(Model *m, const char *path, size_t length, const SxDocumentOptions *o, uint64_t seed)
{
    *m = (Model){.path = path, .options = *o, .seed = seed};
    uint8_t bytes[MODEL_MOST] = {0};
    if (path) {
        int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)model_random(m, 256);
        if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
            printf("Bail out! cannot make %s\n", path);
        close(fd);
    }
    open_document(m, bytes, length);
}

void
model_close(Model *m)
{
    close_document(m);
    free(m->now.bytes);
}

uint64_t
model_random(Model *m, uint64_t below)
{
    return below ? tap_random(&m->seed) % below : 0;
}

void
model_replace(Model *m, size_t at, size_t len, const uint8_t *bytes, size_t count)
{
    uint8_t *new = malloc(m->now.len - len + count + 1);
    if (at > 0)
        memcpy(new, m->now.bytes, at);
    if (count > 0)
        memcpy(new + at, bytes, count);
    if (m->now.len > at + len)
        memcpy(new + at + count, m->now.bytes + at + len, m->now.len - at - len);
    m->now.len = m->now.len - len + count;
    free(m->now.bytes);
    m->now.bytes = new;
}

void
model_note_step(Model *m)
{
    size_t number = sx_document_step_current(m->d);
    if (number >= m->n_steps) {
        m->steps = realloc(m->steps, (number + 1) * sizeof *m->steps);
        memset(m->steps + m->n_steps, 0, (number + 1 - m->n_steps) * sizeof *m->steps);
        m->n_steps = number + 1;
    }
    state_set(&m->steps[number], m->now.bytes, m->now.len);
    get_marks(m, m->steps[number].marks);
    m->steps[number].marked = true;
}

void
model_recall_step(Model *m, uint64_t from)
{
    const State *s = &m->steps[sx_document_step_current(m->d)];
    state_set(&m->now, s->bytes, s->len);
    if (!marks_right(m, from))
        m->astray = true;
}

/* --- agreement ------------------------------------------------------------------------------------------------------------------ */

static bool
same_bytes(Model *m, SxSnapshot *s)
{
    uint8_t bytes[MODEL_MOST];
    SxError err;
    if (sx_snapshot_length(s) != m->now.len || m->now.len > sizeof bytes)
        return false;
    return sx_source_read(sx_snapshot_source(s), (SxSpan){0, m->now.len}, bytes, &err) &&
           memcmp(bytes, m->now.bytes, m->now.len) == 0;
}

static size_t
file_bytes(const Model *m, uint8_t *buf, size_t size)
{
    int fd = m->path ? open(m->path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd >= 0 ? read(fd, buf, size) : 0;
    if (fd >= 0)
        close(fd);
    return n > 0 ? (size_t)n : 0;
}

/* Between hunks the document is the file; going back along them finds the same; they are as many as is said. */
static bool
hunks_right(Model *m, SxSnapshot *s)
{
    uint8_t file[2 * MODEL_MOST] = {0};
    size_t size = m->path ? file_bytes(m, file, sizeof file) : m->steps[0].len;
    SxChangeCount count = sx_document_changes(m->d);
    SxHunk hunks[MODEL_MOST];
    uint64_t n = 0;
    uint64_t bytes = 0;
    uint64_t at = 0;
    uint64_t file_at = 0;
    uint64_t from = 0;
    for (SxHunk h; sx_snapshot_hunk_next(s, from, &h); n++) {
        if (n == MODEL_MOST || h.at < at || h.file_at < file_at || h.at - at != h.file_at - file_at ||
            memcmp(m->now.bytes + at, file + file_at, h.at - at) != 0 || h.inserted + h.removed == 0)
            return false;
        hunks[n] = h;
        bytes += h.inserted > h.removed ? h.inserted : h.removed;
        at = h.at + h.inserted;
        file_at = h.file_at + h.removed;
        from = h.inserted ? at : at + 1;
    }
    if (m->now.len - at != size - file_at || memcmp(m->now.bytes + at, file + file_at, size - file_at) != 0)
        return false;
    uint64_t before = UINT64_MAX;
    uint64_t back = n;
    for (SxHunk h; before > 0 && sx_snapshot_hunk_previous(s, before, &h); before = h.at)
        if (back == 0 || memcmp(&hunks[--back], &h, sizeof h) != 0)
            return false;
    return back == 0 && count.hunks == n && count.bytes == bytes && sx_document_modified(m->d) == (n > 0);
}

/* Flags say of every byte what the hunks say. */
static bool
origin_right(Model *m, SxSnapshot *s)
{
    uint8_t flags[MODEL_MOST + 1] = {0};
    uint8_t want[MODEL_MOST + 1] = {0};
    bool gap;
    uint64_t from = 0;
    for (SxHunk h; sx_snapshot_hunk_next(s, from, &h); from = h.at + (h.inserted ? h.inserted : 1)) {
        for (uint64_t i = 0; i < h.inserted; i++)
            want[h.at + i] |= i < h.removed ? SX_ORIGIN_CHANGED : SX_ORIGIN_INSERTED;
        if (h.removed > h.inserted)
            want[h.at + h.inserted] |= SX_ORIGIN_GAP;
    }
    size_t begin = model_random(m, m->now.len + 1);
    size_t len = model_random(m, m->now.len - begin + 1);
    sx_snapshot_origin(s, (SxSpan){begin, len}, flags, &gap);
    for (size_t i = 0; i < len; i++)
        if ((flags[i] & ~SX_ORIGIN_WRITTEN) != want[begin + i])
            return false;
    return begin + len < m->now.len || gap == (want[m->now.len] != 0);
}

static bool
complain(const Model *m, const char *what, const char *why)
{
    diag("%s after %s, step %" PRIu64 ", %zu bytes, access %d", why, what, sx_document_step_current(m->d), m->now.len,
         sx_document_access(m->d));
    return false;
}

bool
model_agrees(Model *m, const char *what)
{
    SxError err = {0};
    SxSnapshot *s = sx_document_snapshot(m->d);
    bool right = true;
    if (!sx_document_check(m->d, &err))
        right = complain(m, what, err.text);
    else if (!same_bytes(m, s))
        right = complain(m, what, "other bytes");
    else if (!heard_right(m))
        right = complain(m, what, "listener was told wrong");
    else if (m->astray)
        right = complain(m, what, "marks are astray");
    else if (!hunks_right(m, s))
        right = complain(m, what, "hunks are wrong");
    else if (!origin_right(m, s))
        right = complain(m, what, "origins are wrong");
    else if (sx_document_access(m->d) == SX_ACCESS_WRITE && sx_document_modified(m->d))
        right = complain(m, what, "WRITE, and not written");
    sx_snapshot_release(s);
    return right;
}

/* --- random steps ------------------------------------------------------------------------------------------------------------------ */

static size_t
some_bytes(Model *m, uint8_t *buf, size_t most)
{
    size_t n = model_random(m, most + 1);
    for (size_t i = 0; i < n; i++)
        buf[i] = (uint8_t)model_random(m, 256);
    return n;
}

static size_t
some_length(Model *m, size_t at)
{
    size_t rest = m->now.len - at;
    return model_random(m, (model_random(m, 20) == 0 ? rest : rest < 12 ? rest : 12) + 1);
}

static void
done(Model *m, bool worked, size_t at, size_t len, const uint8_t *bytes, size_t count)
{
    if (!worked)
        return;
    model_replace(m, at, len, bytes, count);
    model_note_step(m);
}

static const char *
do_replace(Model *m)
{
    uint8_t buf[40];
    size_t at = model_random(m, m->now.len + 1);
    bool full = m->now.len > MODEL_MOST / 2;
    size_t n = some_bytes(m, buf, full ? 4 : sizeof buf);
    size_t len = full ? model_random(m, m->now.len - at + 1) : some_length(m, at);
    done(m, sx_document_replace(m->d, (SxSpan){at, len}, sx_bytes(buf, n), NULL), at, len, buf, n);
    return "replace";
}

static const char *
do_insert(Model *m)
{
    uint8_t buf[16];
    size_t at = model_random(m, m->now.len + 1);
    size_t n = m->now.len > MODEL_MOST / 2 ? 0 : some_bytes(m, buf, sizeof buf);
    done(m, sx_document_insert(m->d, at, sx_bytes(buf, n), NULL), at, 0, buf, n);
    return "insert";
}

static const char *
do_delete(Model *m)
{
    size_t at = model_random(m, m->now.len + 1);
    size_t len = some_length(m, at);
    done(m, sx_document_delete(m->d, (SxSpan){at, len}, NULL), at, len, NULL, 0);
    return "delete";
}

static const char *
do_overwrite(Model *m)
{
    uint8_t buf[16];
    size_t at = model_random(m, m->now.len + 1);
    size_t n = some_bytes(m, buf, m->now.len - at < sizeof buf ? m->now.len - at : sizeof buf);
    done(m, sx_document_overwrite(m->d, at, sx_bytes(buf, n), NULL), at, n, buf, n);
    return "overwrite";
}

static const char *
do_fill(Model *m)
{
    uint8_t pattern[3];
    uint8_t buf[MODEL_MOST];
    size_t at = model_random(m, m->now.len + 1);
    size_t len = some_length(m, at);
    size_t n = some_bytes(m, pattern, sizeof pattern);
    for (size_t i = 0; n > 0 && i < len; i++)
        buf[i] = pattern[i % n];
    done(m, sx_document_fill(m->d, (SxSpan){at, len}, sx_bytes(pattern, n), NULL), at, len, buf, len);
    return "fill";
}

static const char *
do_move(Model *m)
{
    uint8_t buf[MODEL_MOST];
    size_t from = model_random(m, m->now.len + 1);
    size_t len = some_length(m, from);
    size_t to = model_random(m, m->now.len - len + 1);
    memcpy(buf, m->now.bytes + from, len);
    done(m, sx_document_move(m->d, to, from, len, NULL), to, len, buf, len);
    return "move";
}

static const char *
do_resize(Model *m)
{
    static const uint8_t zeros[MODEL_MOST];
    size_t now = m->now.len;
    size_t to = model_random(m, now < MODEL_MOST / 2 ? now + 20 : now);
    bool worked = sx_document_resize(m->d, to, NULL);
    if (worked && to < now)
        done(m, true, to, now - to, NULL, 0);
    else
        done(m, worked, now, 0, zeros, to - now);
    return "resize";
}

static const char *
do_typing(Model *m)
{
    size_t at = model_random(m, m->now.len + 1);
    bool insert = model_random(m, 2);
    sx_document_typing(m->d, true);
    for (size_t n = model_random(m, 12); n > 0; n--) {
        uint8_t byte = (uint8_t)model_random(m, 256);
        switch (model_random(m, 5)) {
        case 0: /* back */
            if (at > 0) {
                at--;
                done(m, sx_document_delete(m->d, (SxSpan){at, 1}, NULL), at, 1, NULL, 0);
            }
            break;
        case 1: /* second digit */
            if (at > 0)
                done(m, sx_document_overwrite(m->d, at - 1, sx_bytes(&byte, 1), NULL), at - 1, 1, &byte, 1);
            break;
        default:
            if (insert && m->now.len < MODEL_MOST / 2) {
                done(m, sx_document_insert(m->d, at, sx_bytes(&byte, 1), NULL), at, 0, &byte, 1);
                at += at < m->now.len;
            } else if (at < m->now.len) {
                done(m, sx_document_overwrite(m->d, at, sx_bytes(&byte, 1), NULL), at, 1, &byte, 1);
                at++;
            }
        }
    }
    sx_document_typing(m->d, false);
    return "typing";
}

static const char *
do_bulk(Model *m)
{
    SxBulk *b;
    uint8_t buf[4];
    State before = {0};
    if (!sx_document_bulk_begin(m->d, &b, NULL))
        return "bulk refused";
    state_set(&before, m->now.bytes, m->now.len);
    size_t gap = 1 + model_random(m, model_random(m, 4) ? 200 : 3);
    size_t most = m->now.len < MODEL_MOST / 4 ? 4 : 1;
    size_t shift = 0; /* modulo 2^64 */
    for (size_t at = model_random(m, gap); at < before.len; at += model_random(m, gap)) {
        size_t len = model_random(m, before.len - at < 4 ? before.len - at + 1 : 4);
        size_t n = some_bytes(m, buf, len < most ? most : len);
        if (n == 0 && len == 0)
            n = 1;
        if (sx_document_access(m->d) == SX_ACCESS_WRITE || m->now.len > MODEL_MOST / 2)
            n = len < sizeof buf ? len : sizeof buf;
        if (!sx_bulk_replace(b, (SxSpan){at, len}, sx_bytes(buf, n), NULL))
            break;
        model_replace(m, at + shift, len, buf, n);
        shift += n - len;
        at += len;
    }
    bool cancel = model_random(m, 5) == 0;
    if (cancel)
        sx_bulk_cancel(b);
    if (cancel || !sx_bulk_commit(b, NULL))
        state_set(&m->now, before.bytes, before.len);
    else
        model_note_step(m);
    free(before.bytes);
    return "bulk";
}

static const char *
do_revert(Model *m)
{
    SxSnapshot *s = sx_document_snapshot(m->d);
    SxHunk h;
    bool one = model_random(m, 4) > 0;
    bool found = sx_snapshot_hunk_next(s, model_random(m, m->now.len), &h);
    uint8_t file[2 * MODEL_MOST] = {0};
    size_t size = m->path ? file_bytes(m, file, sizeof file) : m->steps[0].len;
    sx_snapshot_release(s);
    if (one && found)
        done(m, sx_document_revert(m->d, &h, NULL), h.at, h.inserted, file + h.file_at, h.removed);
    else if (!one)
        done(m, sx_document_revert(m->d, NULL, NULL), 0, m->now.len, file, size);
    return "revert";
}

static const char *(*const edits[])(Model *m) = {
    do_replace, do_insert, do_delete, do_overwrite, do_overwrite, do_fill, do_move, do_resize, do_revert,
};
enum { EDITS = sizeof edits / sizeof *edits };

static const char *
do_edit(Model *m)
{
    return edits[model_random(m, EDITS)](m);
}

/* Without revert: while a save runs nobody here knows what the document takes for its file. */
static const char *
do_edit_in_save(Model *m)
{
    return edits[model_random(m, EDITS - 1)](m);
}

/* A group, perhaps with groups in it, each perhaps cancelled. */
static const char *
do_group(Model *m)
{
    State before = {0};
    state_set(&before, m->now.bytes, m->now.len);
    if (!sx_document_begin(m->d, NULL))
        return "no begin";
    for (size_t n = model_random(m, 6); n > 0; n--) {
        if (model_random(m, 6) == 0)
            do_group(m);
        else if (model_random(m, 12) == 0)
            do_bulk(m);
        else
            do_edit(m);
    }
    if (model_random(m, 3) == 0) {
        sx_document_cancel(m->d);
        state_set(&m->now, before.bytes, before.len);
    } else {
        sx_document_end(m->d);
    }
    model_note_step(m);
    free(before.bytes);
    return "group";
}

static const char *
do_history(Model *m)
{
    uint64_t from = sx_document_step_current(m->d);
    switch (model_random(m, 5)) {
    case 0:
    case 1:
        if (sx_document_undo(m->d, NULL, NULL))
            model_recall_step(m, from);
        return "undo";
    case 2:
    case 3:
        if (sx_document_redo(m->d, NULL, NULL))
            model_recall_step(m, from);
        return "redo";
    default:
        if (sx_document_goto_step(m->d, model_random(m, sx_document_step_count(m->d) + 1), NULL))
            model_recall_step(m, from);
        return "goto step";
    }
}

static const char *
do_access(Model *m)
{
    static const SxAccess accesses[] = {SX_ACCESS_READ, SX_ACCESS_COPY, SX_ACCESS_COPY, SX_ACCESS_WRITE};
    SxAccess access = accesses[model_random(m, m->path ? 4 : 3)];
    SxPending pending = model_random(m, 2) ? SX_PENDING_DISCARD : SX_PENDING_REFUSE;
    uint8_t file[2 * MODEL_MOST];
    bool was_modified = sx_document_modified(m->d);
    bool worked = sx_document_set_access(m->d, access, pending, NULL);
    if (worked && access == SX_ACCESS_WRITE && was_modified) {
        size_t size = file_bytes(m, file, sizeof file);
        state_set(&m->now, file, size);
        model_note_step(m);
    }
    return "access";
}

/* At once, or with edits while it runs. */
static const char *
do_save(Model *m)
{
    SxSave *save;
    SxError err;
    if (!m->path)
        return "no save";
    if (model_random(m, 2)) {
        if (sx_document_save(m->d, 0, NULL, NULL, &err)) {
            m->saves++;
            return sx_document_modified(m->d) ? "save that leaves changes" : "save";
        }
        return "save refused";
    }
    if (!sx_document_save_begin(m->d, NULL, 0, &save, &err))
        return "save refused";
    for (size_t n = model_random(m, 4); n > 0; n--)
        model_random(m, 3) ? do_edit_in_save(m) : do_history(m);
    sx_save_run(save, NULL);
    for (size_t n = model_random(m, 4); n > 0; n--)
        model_random(m, 3) ? do_edit_in_save(m) : do_history(m);
    m->saves += sx_document_save_finish(m->d, save, NULL, &err);
    return "save with edits meanwhile";
}

/* What was not saved is lost, the past too. */
static const char *
do_reopen(Model *m)
{
    uint8_t bytes[2 * MODEL_MOST];
    if (!m->path || m->stays || model_random(m, 8) > 0)
        return "no reopening";
    m->reopened++;
    close_document(m);
    open_document(m, bytes, file_bytes(m, bytes, sizeof bytes));
    return "reopening";
}

const char *
model_step(Model *m)
{
    switch (model_random(m, 18)) {
    case 17:
        return do_reopen(m);
    case 16:
        return do_save(m);
    case 0:
        return do_typing(m);
    case 1:
        return do_bulk(m);
    case 2:
    case 3:
        return do_group(m);
    case 4:
    case 5:
    case 6:
        return do_history(m);
    case 7:
        return do_access(m);
    default:
        return do_edit(m);
    }
}
