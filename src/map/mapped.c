/*
 * mapped.c - a backing over mmap: one standing mapping of everything, or, where that is too large, windows.
 *
 *      windows of length W begin at every multiple of W/2, so that whatever is not longer than W/2 lies in one:
 *
 *          |---- 0 ----|---- 2 ----|---- 4
 *                |---- 1 ----|---- 3 ----|
 *
 * Spans that no window holds, and large scans, get a mapping of their own, which goes with its pin; small scans share a few.
 */
#include "map/backing.h"
#include "map/holes.h"
#include "map/page.h"
#include "map/peek.h"
#include "map/residency.h"
#include "map/spans.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOWS = 8 };
#define STANDING_MAX (UINT64_C(1) << 44) /* of the 47 bits of address space that every 64-bit Linux gives */
#define WINDOW       (UINT64_C(1) << 36)
#define SMALL_WINDOW (UINT64_C(1) << 28)  /* where the address space is limited */
#define SCAN_OWN     (UINT64_C(64) << 20) /* smaller files leave few page tables behind: 2 MiB for each GiB */
#define SCAN_SMALL                                                                                           \
    (UINT64_C(64) << 10) /* islands of sparse files: mapping them would cost more than reading them */

/* Small scans, of pieces that lie near each other in the file, share mappings. */
#define SCAN_SHARED (UINT64_C(1) << 20) /* what is small */
#define SCAN_WINDOW (UINT64_C(8) << 20)

enum { SCANS = 4 };

typedef struct Mapped {
    Backing backing;
    Region *scan[SCANS]; /* the last ones that are shared. Under lock */
    size_t next_scan;
    Region *standing; /* NULL: windows. Under lock */
    Region *window[WINDOWS];
    uint64_t used[WINDOWS]; /* when, by `clock` */
    uint64_t clock;
    uint64_t window_len;
    uint64_t keep;     /* larger files leave the cache behind a scan */
    atomic_bool waits; /* the file system cannot read without waiting */
    pthread_mutex_t lock;
    Damage damage;
} Mapped;

static SxSpan
in_file(const Mapped *m, SxSpan span)
{
    return (SxSpan){m->backing.base + span.at, span.len};
}

/* --- finding a region ----------------------------------------------------------------------------------- */

static void
drop_windows(Mapped *m)
{
    for (size_t i = 0; i < WINDOWS; i++) {
        region_release(m->window[i]);
        m->window[i] = NULL;
    }
    for (size_t i = 0; i < SCANS; i++) {
        region_release(m->scan[i]);
        m->scan[i] = NULL;
    }
}

/*
 * A file that was cut has zero pages in its old mappings. Once it reaches beyond the cut again, new mappings
 * show what it has now. `ask`: the file system, or else it is what is known.
 */
static void
revive(Mapped *m, bool ask)
{
    uint64_t size, tail = atomic_load_explicit(&m->damage.tail, memory_order_acquire);
    if (tail != UINT64_MAX && ask)
        (void)file_size_now(m->backing.file, &size);
    bool back = tail != UINT64_MAX && sx_span_end(in_file(m, (SxSpan){0, backing_known_cut(&m->backing).at})) > tail;
    bool copied = m->standing && atomic_load_explicit(&m->standing->copied, memory_order_relaxed);
    if (!back && !copied)
        return;
    if (back)
        damage_tail_back(&m->damage);
    drop_windows(m);
    Region *fresh;
    if (m->standing &&
        region_map(&fresh, m->backing.file, in_file(m, (SxSpan){0, m->backing.size}), &m->damage, NULL)) {
        region_release(m->standing);
        m->standing = fresh;
    }
}

static size_t
oldest_window(const Mapped *m)
{
    size_t oldest = 0;
    for (size_t i = 0; i < WINDOWS; i++) {
        if (!m->window[i])
            return i;
        if (m->used[i] < m->used[oldest])
            oldest = i;
    }
    return oldest;
}

/* The window in which `span` of the file should lie; too short for it when none can hold it. */
static SxSpan
window_of(const Mapped *m, SxSpan span)
{
    uint64_t stride = m->window_len > page_size() ? page_down(m->window_len / 2) : m->window_len;
    uint64_t at = span.at / stride * stride, end = page_up(m->backing.base + m->backing.size);
    return (SxSpan){at, m->window_len < end - at ? m->window_len : end - at};
}

/* Where the address space is used up, the windows let go of theirs. */
static bool
map_in_space(Mapped *m, SxSpan span, Region **out, SxError *err)
{
    SxError why = {0};
    if (region_map(out, m->backing.file, span, &m->damage, &why))
        return true;
    if (why.code == SX_ERR_NOMEM) {
        drop_windows(m);
        if (region_map(out, m->backing.file, span, &m->damage, &why))
            return true;
    }
    if (err)
        *err = why;
    return false;
}

static Region *
known_window(Mapped *m, SxSpan span)
{
    for (size_t i = 0; i < WINDOWS; i++) {
        if (m->window[i] && region_holds(m->window[i], span) && !atomic_load(&m->window[i]->copied)) {
            m->used[i] = ++m->clock;
            return region_retain(m->window[i]);
        }
    }
    return NULL;
}

/* The window that holds `span` of the file, mapped when it is not, or a mapping for it alone where none
 * can. Windows become smaller when there is no room for them. */
static Region *
window_region(Mapped *m, SxSpan span, SxError *err)
{
    Region *r = known_window(m, span);
    while (!r) {
        SxError why = {0};
        SxSpan window = window_of(m, span);
        bool alone = span.at - window.at + span.len > window.len;
        if (map_in_space(m, alone ? span : window, &r, &why)) {
            if (alone)
                return r;
            size_t i = oldest_window(m);
            region_release(m->window[i]);
            m->window[i] = region_retain(r);
            m->used[i] = ++m->clock;
        } else if (alone || why.code != SX_ERR_NOMEM || m->window_len <= SMALL_WINDOW) {
            if (err)
                *err = why;
            return NULL;
        } else {
            m->window_len = page_down(m->window_len / 2);
        }
    }
    return r;
}

/* Under lock. */
static Region *
lasting_region(Mapped *m, SxSpan span, SxError *err)
{
    return m->standing ? region_retain(m->standing) : window_region(m, span, err);
}

static Region *
view_region(Mapped *m, SxSpan span, bool ask, SxError *err)
{
    pthread_mutex_lock(&m->lock);
    revive(m, ask);
    Region *r = lasting_region(m, span, err);
    pthread_mutex_unlock(&m->lock);
    return r;
}

/* A mapping of its own. The lock is not held, unless others must let go of theirs: making one takes as long as reading
 * a good part of it, and who waits for a lock is put on the processor of the one who held it. */
static Region *
scan_map(Mapped *m, SxSpan span, SxError *err)
{
    Region *r;
    if (!region_map(&r, m->backing.file, span, &m->damage, NULL)) {
        pthread_mutex_lock(&m->lock);
        bool mapped = map_in_space(m, span, &r, err);
        pthread_mutex_unlock(&m->lock);
        if (!mapped)
            return NULL;
    }
    region_scan(r, m->backing.size, m->keep);
    return r;
}

static Region *
known_scan(const Mapped *m, SxSpan span)
{
    for (size_t i = 0; i < SCANS; i++)
        if (m->scan[i] && region_holds(m->scan[i], span) && !atomic_load(&m->scan[i]->copied))
            return region_retain(m->scan[i]);
    return NULL;
}

/* Takes the place of the one that was shared first. */
static void
share_scan(Mapped *m, Region *r)
{
    pthread_mutex_lock(&m->lock);
    Region *old = m->scan[m->next_scan];
    m->scan[m->next_scan] = region_retain(r);
    m->next_scan = (m->next_scan + 1) % SCANS;
    pthread_mutex_unlock(&m->lock);
    region_release(old);
}

/* A mapping that those behind in the file will want, too. What is very small makes none, but takes one that is there. */
static Region *
scan_shared(Mapped *m, SxSpan span, SxError *err)
{
    pthread_mutex_lock(&m->lock);
    revive(m, true);
    Region *r = known_scan(m, span);
    if (!r && span.len <= SCAN_SMALL)
        r = lasting_region(m, span, err);
    pthread_mutex_unlock(&m->lock);
    if (r || span.len <= SCAN_SMALL)
        return r;
    uint64_t at = page_down(span.at), end = page_up(m->backing.base + m->backing.size);
    r = scan_map(m, (SxSpan){at, end - at < SCAN_WINDOW ? end - at : SCAN_WINDOW}, err);
    if (r)
        share_scan(m, r);
    return r;
}

/* `r`, or instead of it, where the span has holes: a region of this pin alone, in which they are covered. */
static Region *
mind_holes(Mapped *m, Region *r, bool own, SxSpan span, SxError *err)
{
    Region *alone = r;
    holes_fetch(m->backing.file, span);
    if (!holes_in(r, span))
        return r;
    if (!own) {
        region_release(r);
        if (!region_map(&alone, m->backing.file, span, &m->damage, err))
            return NULL;
    }
    holes_cover(alone);
    return alone;
}

/* --- operations ----------------------------------------------------------------------------------------- */

static unsigned
generation(const Mapped *m)
{
    return atomic_load(&m->damage.generation);
}

static bool
mapped_pin(Backing *b, SxSpan span, SxPinUse use, SxPin *out, SxError *err)
{
    Mapped *m = (Mapped *)b;
    uint64_t ticket = (uint64_t)generation(m) << 32 | (b->file ? atomic_load(&b->file->writes.count) : 0);
    bool scan = use == SX_PIN_SCAN && b->file && b->size > SCAN_OWN;
    bool own = scan && span.len > SCAN_SHARED, sparse = b->file && holes_any(b->file);
    Region *copy = sparse && span.len <= SCAN_SMALL ? holes_copy(b->file, in_file(m, span)) : NULL;
    Region *r = copy   ? copy
                : own    ? scan_map(m, in_file(m, span), err)
                : scan ? scan_shared(m, in_file(m, span), err)
                       : view_region(m, in_file(m, span), true, err);
    if (r && sparse && !copy)
        r = mind_holes(m, r, own, in_file(m, span), err);
    if (!r)
        return false;
    *out = (SxPin){.data = region_byte(r, b->base + span.at), .span = span, .owner = r, .ticket = ticket};
    return true;
}

static void
mapped_unpin(Backing *b, SxPin *pin)
{
    (void)b;
    region_release(pin->owner);
}

static bool
mapped_stale(Backing *b, const SxPin *pin)
{
    Mapped *m = (Mapped *)b;
    return generation(m) != (unsigned)(pin->ticket >> 32) ||
           (b->file && writes_crossed(&b->file->writes, (unsigned)pin->ticket, in_file(m, pin->span)));
}

static Region *
mapped_standing(Backing *b)
{
    Mapped *m = (Mapped *)b;
    pthread_mutex_lock(&m->lock);
    Region *r = region_retain(m->standing);
    pthread_mutex_unlock(&m->lock);
    return r;
}

static size_t
mapped_lost(Backing *b, SxSpan span, SxSpan *out, size_t max)
{
    Mapped *m = (Mapped *)b;
    SxSpan known[DAMAGE_RANGES + 2];
    SxSpan cut = in_file(m, backing_cut(b));
    size_t n = damage_any(&m->damage) ? damage_list(&m->damage, known) : 0;
    if (cut.len > 0) { /* all behind it is in it */
        while (n > 0 && known[n - 1].at >= cut.at)
            n--;
        known[n++] = cut;
    }
    size_t count = 0;
    uint64_t end = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t from = known[i].at > b->base ? known[i].at - b->base : 0;
        uint64_t to = sx_span_end(known[i]) > b->base ? sx_span_end(known[i]) - b->base : 0;
        from = from > span.at ? from : span.at;
        to = to < sx_span_end(span) ? to : sx_span_end(span);
        count = spans_emit(out, max, count, sx_span(from, to), &end);
    }
    return count;
}

static bool
mapped_extent(Backing *b, uint64_t at, SxExtent *out, SxError *err)
{
    (void)err;
    Mapped *m = (Mapped *)b;
    backing_extent(b, at, true, out);
    SxSpan bad;
    if (!damage_any(&m->damage) || mapped_lost(b, out->span, &bad, 1) == 0)
        return true;
    if (bad.at <= at)
        *out = (SxExtent){.span = bad, .kind = SX_EXTENT_LOST};
    else
        out->span = sx_span(at, bad.at);
    return true;
}

static uint64_t
mapped_data_from(Backing *b, uint64_t at)
{
    return backing_data_from(b, at);
}

static bool
mapped_sparse(Backing *b)
{
    return backing_sparse(b);
}

static bool
mapped_store(Backing *b, uint64_t at, SxBytes bytes, SxError *err)
{
    Mapped *m = (Mapped *)b;
    if (b->file)
        return backing_store(b, at, bytes, err);
    memcpy(region_byte(m->standing, at), bytes.data, bytes.len);
    return true;
}

static void
mapped_destroy(Backing *b)
{
    Mapped *m = (Mapped *)b;
    region_release(m->standing);
    drop_windows(m);
    pthread_mutex_destroy(&m->lock);
    file_release(b->file);
    free(m);
}

static void
peek_mapping(Mapped *m, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Region *r = view_region(m, in_file(m, span), false, NULL);
    if (r)
        peek_region(&m->backing, r, span, bytes, states);
    else
        peek_fill(bytes, states, span.len, SX_BYTE_PENDING);
    region_release(r);
}

/* Pages that could not be read: the mapping has zeros for them, and the file still waits for them. What a cut file has
 * lost was looked up when it was peeked at. */
static void
peek_damage(const Mapped *m, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    SxSpan known[DAMAGE_RANGES + 1];
    size_t n = damage_any(&m->damage) ? damage_list(&m->damage, known) : 0;
    SxSpan want = in_file(m, span);
    for (size_t i = 0; i < n; i++) {
        bool tail = sx_span_end(known[i]) == UINT64_MAX;
        uint64_t from = known[i].at > want.at ? known[i].at : want.at;
        uint64_t to = sx_span_end(known[i]) < sx_span_end(want) ? sx_span_end(known[i]) : sx_span_end(want);
        if (!tail && to > from)
            peek_fill(bytes + (from - want.at), states + (from - want.at), to - from, SX_BYTE_LOST);
    }
}

static void
mapped_peek(Backing *b, SxSpan span, uint8_t *bytes, uint8_t *states)
{
    Mapped *m = (Mapped *)b;
    if (!b->file) {
        memcpy(bytes, region_byte(m->standing, span.at), span.len);
        memset(states, SX_BYTE_HERE, span.len);
        return;
    }
    if (atomic_load_explicit(&m->waits, memory_order_relaxed) || !peek_file(b, span, bytes, states)) {
        atomic_store_explicit(&m->waits, true, memory_order_relaxed);
        peek_mapping(m, span, bytes, states);
    }
    peek_damage(m, span, bytes, states);
}

/* --- making one ----------------------------------------------------------------------------------------- */

static const BackingOps mapped_ops = {
    .pin = mapped_pin,
    .unpin = mapped_unpin,
    .stale = mapped_stale,
    .lost = mapped_lost,
    .peek = mapped_peek,
    .extent = mapped_extent,
    .data_from = mapped_data_from,
    .sparse = mapped_sparse,
    .store = mapped_store,
    .standing = mapped_standing,
    .destroy = mapped_destroy,
};

static Mapped *
mapped_new(File *file, uint64_t base, uint64_t size, SxError *err)
{
    Mapped *m = calloc(1, sizeof *m);
    if (!m) {
        sx_fail(err, SX_ERR_NOMEM, "no memory for a mapping");
        return NULL;
    }
    m->backing =
        (Backing){.ops = &mapped_ops, .refs = 1, .file = file_retain(file), .base = base, .size = size};
    pthread_mutex_init(&m->lock, NULL);
    damage_init(&m->damage);
    m->keep = residency_keep();
    return m;
}

bool
mapped_open(Backing **out, File *file, uint64_t base, uint64_t size, uint64_t window, SxError *err)
{
    Mapped *m = mapped_new(file, base, size, err);
    if (!m)
        return false;
    uint64_t limit = window ? page_up(window) : STANDING_MAX;
    SxError why = {0};
    bool good =
        size <= limit && region_map(&m->standing, file, in_file(m, (SxSpan){0, size}), &m->damage, &why);
    if (!good && (size > limit || why.code == SX_ERR_NOMEM)) {
        /* a first window, so that what cannot be mapped fails at opening */
        m->window_len = limit < WINDOW ? limit : WINDOW;
        Region *first = window_region(m, in_file(m, (SxSpan){0, 1}), &why);
        region_release(first);
        good = first != NULL;
    }
    if (!good) {
        mapped_destroy(&m->backing);
        if (err)
            *err = why;
        return false;
    }
    *out = &m->backing;
    return true;
}

bool
backing_private(Backing **out, uint64_t size, SxError *err)
{
    Mapped *m = mapped_new(NULL, 0, size, err);
    if (!m)
        return false;
    if (!region_private(&m->standing, size, err)) {
        mapped_destroy(&m->backing);
        return false;
    }
    *out = &m->backing;
    return true;
}
