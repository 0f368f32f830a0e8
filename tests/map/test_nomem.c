/*
 * test_nomem.c - every call with its first allocation or mapping failing, then its second, and so on.
 *
 * The linker puts the functions below in front of the allocator (--wrap). A call that fails must say "nomem",
 * leave the map as it was and leak nothing.
 */
#include "support.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

static long countdown; /* the allocation that fails; 0: none */
static long blocks, mappings;
static bool failed;

static bool
fails_now(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    failed = true;
    errno = ENOMEM;
    return true;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
void __real_free(void *p);
void *__real_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t len);

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
void __wrap_free(void *p);
void *__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t len);

static void *
counted(void *p)
{
    blocks += p != NULL;
    return p;
}

void *
__wrap_malloc(size_t n)
{
    return fails_now() ? NULL : counted(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : counted(__real_calloc(n, size));
}

void *
__wrap_realloc(void *p, size_t n)
{
    if (fails_now())
        return NULL;
    return p ? __real_realloc(p, n) : counted(__real_realloc(p, n));
}

char *
__wrap_strdup(const char *s)
{
    return fails_now() ? NULL : counted(__real_strdup(s));
}

void
__wrap_free(void *p)
{
    blocks -= p != NULL;
    __real_free(p);
}

void *
__wrap_mmap64(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
    if (fails_now())
        return MAP_FAILED;
    mappings += !(flags & MAP_FIXED);
    return __real_mmap64(at, len, prot, flags, fd, offset);
}

int
__wrap_munmap(void *at, size_t len)
{
    mappings--;
    return __real_munmap(at, len);
}

/* --- opening -------------------------------------------------------------------------------------------- */

static char path[160];

typedef bool Opener(SxMap **out, SxError *err);

static bool
open_read(SxMap **out, SxError *err)
{
    return sx_map_open(out, path, &(SxMapOptions){.access = SX_ACCESS_READ}, err);
}

static bool
open_write(SxMap **out, SxError *err)
{
    return sx_map_open(out, path, &(SxMapOptions){.access = SX_ACCESS_WRITE}, err);
}

static bool
open_windows(SxMap **out, SxError *err)
{
    return sx_map_open(out, path, &(SxMapOptions){.access = SX_ACCESS_WRITE, .window = 4096}, err);
}

static bool
open_copy(SxMap **out, SxError *err)
{
    return sx_map_open(out, path, &(SxMapOptions){.access = SX_ACCESS_COPY}, err);
}

static bool
open_descriptor(SxMap **out, SxError *err)
{
    int fd = open(path, O_RDWR);
    bool done = sx_map_open_fd(out, fd, NULL, err);
    close(fd);
    return done;
}

static bool
open_memory(SxMap **out, SxError *err)
{
    return sx_map_open_anonymous(out, 20000, 0, err);
}

static bool
open_private(SxMap **out, SxError *err)
{
    return sx_map_open_anonymous(out, 20000, SX_MAP_PRIVATE, err);
}

static bool
open_stream(SxMap **out, SxError *err)
{
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "from a pipe", 11) != 11)
        abort();
    close(ends[1]);
    bool done = sx_map_open_stream(out, ends[0], "pipe", NULL, err);
    close(ends[0]);
    return done;
}

static bool
open_process(SxMap **out, SxError *err)
{
    return sx_map_open(out, "/proc/self/mem", NULL, err);
}

static bool
open_status(SxMap **out, SxError *err)
{
    return sx_map_open(out, "/proc/self/status", NULL, err);
}

static bool
open_zero(SxMap **out, SxError *err)
{
    return sx_map_open(out, "/dev/zero", &(SxMapOptions){.length = 20000}, err);
}

static const struct {
    const char *name;
    Opener *open;
    bool editable;
} openers[] = {
    {"read", open_read, false},
    {"write", open_write, true},
    {"windows", open_windows, true},
    {"copy", open_copy, true},
    {"descriptor", open_descriptor, true},
    {"memory", open_memory, true},
    {"private", open_private, true},
    {"stream", open_stream, false},
    {"process", open_process, false},
    {"status", open_status, false},
    {"zero", open_zero, false},
};

enum { OPENERS = sizeof openers / sizeof *openers };

/* Until it succeeds without having met the failing allocation. */
static void
test_open(size_t i)
{
    long before = blocks, mapped = mappings;
    bool clean = true, said = true;
    int n = 1;
    for (;; n++) {
        SxMap *m = NULL;
        SxError err = {0};
        countdown = n;
        failed = false;
        bool done = openers[i].open(&m, &err);
        countdown = 0;
        bool met = failed;
        said &= done || (met && m == NULL && err.code == SX_ERR_NOMEM);
        sx_map_free(m);
        clean &= blocks == before && mappings == mapped;
        if (!met || n > 100)
            break;
    }
    ok(said && clean && n > 1 && n <= 100, "opening %s fails cleanly at each of %d allocations",
       openers[i].name, n - 1);
}

/* --- calls ---------------------------------------------------------------------------------------------- */

typedef bool Call(SxMap *m, SxError *err);

static bool
call_slice(SxMap *m, SxError *err)
{
    uint8_t *bytes;
    size_t len;
    if (!sx_map_slice(m, 10, 9000, &bytes, &len, err))
        return false;
    free(bytes);
    return true;
}

static bool
call_steps(SxMap *m, SxError *err)
{
    uint8_t *bytes;
    size_t len;
    if (!sx_map_slice_step(m, 10, 900, 7, &bytes, &len, err))
        return false;
    free(bytes);
    return true;
}

static bool
call_readline(SxMap *m, SxError *err)
{
    uint8_t *bytes;
    size_t len;
    if (!sx_map_readline(m, &bytes, &len, err))
        return false;
    free(bytes);
    return sx_map_seek(m, 0, SX_SEEK_START, err);
}

static bool
call_find(SxMap *m, SxError *err)
{
    uint64_t at;
    return sx_map_find(m, text_bytes("absent!"), 0, 20000, NULL, &at, err) != SX_FAILED &&
           sx_map_rfind(m, text_bytes("absent!"), 0, 20000, NULL, &at, err) != SX_FAILED;
}

static bool
call_store(SxMap *m, SxError *err)
{
    static uint8_t bytes[10000];
    memset(bytes, 'S', sizeof bytes);
    return sx_map_store(m, 3000, sx_bytes(bytes, sizeof bytes), err);
}

static bool
call_move(SxMap *m, SxError *err)
{
    return sx_map_move(m, 0, 5000, 10000, err);
}

static bool
call_resize(SxMap *m, SxError *err)
{
    return sx_map_resize(m, 15000, err) && sx_map_resize(m, 20000, err);
}

static bool
call_source(SxMap *m, SxError *err)
{
    SxSource *s = sx_map_source(m);
    if (!s)
        return sx_fail(err, SX_ERR_NOMEM, "no memory for a source");
    bool done = true;
    for (int use = 0; use < 2 && done; use++) {
        SxPin pin;
        done = sx_source_pin(s, (SxSpan){100, 9000}, use ? SX_PIN_SCAN : SX_PIN_VIEW, &pin, err);
        if (done)
            sx_source_unpin(s, &pin);
    }
    sx_source_release(s);
    return done;
}

static bool
call_access(SxMap *m, SxError *err)
{
    SxAccess was = sx_map_access(m);
    if (!sx_map_set_access(m, SX_ACCESS_COPY, err))
        return false;
    return was == SX_ACCESS_COPY || sx_map_set_access(m, was, err);
}

static const struct {
    const char *name;
    Call *call;
    bool edits;
} calls[] = {
    {"slice", call_slice, false}, {"step slice", call_steps, false}, {"readline", call_readline, false},
    {"find", call_find, false},   {"source", call_source, false},    {"store", call_store, true},
    {"move", call_move, true},    {"resize", call_resize, true},     {"set_access", call_access, true},
};

enum { CALLS = sizeof calls / sizeof *calls };

static uint64_t
digest(SxMap *m)
{
    uint64_t length = 0, pos = 0, sum = 14695981039346656037u;
    (void)sx_map_length(m, &length, NULL);
    (void)sx_map_tell(m, &pos, NULL);
    static uint8_t bytes[20000];
    size_t got = 0;
    (void)sx_map_peek(m, 0, bytes, sizeof bytes, &got, NULL);
    for (size_t i = 0; i < got; i++)
        sum = (sum ^ bytes[i]) * 1099511628211u;
    return sum ^ length ^ pos << 32;
}

static bool
resizes_partly(size_t call, SxMap *m)
{
    uint64_t n = 0;
    return calls[call].call == call_resize && sx_map_length(m, &n, NULL) && n == 15000;
}

static void
test_call(size_t opener, size_t call)
{
    SxMap *m = NULL;
    write_known(path, 20000);
    if (!openers[opener].open(&m, NULL))
        abort();
    if (openers[opener].open == open_copy)
        (void)sx_map_store(m, 5000, text_bytes("changed"), NULL);
    uint64_t as_it_was = digest(m);
    bool good = true;
    int n = 1;
    for (; n < 40; n++) {
        SxError err = {0};
        countdown = n;
        failed = false;
        bool done = calls[call].call(m, &err);
        countdown = 0;
        if (done)
            break;
        /* lost bytes and an access that does not fit are errors with or without memory */
        good &= err.code == (failed ? SX_ERR_NOMEM : err.code) || err.code == SX_ERR_LOST;
        good &= digest(m) == as_it_was || resizes_partly(call, m);
        if (!failed)
            break;
    }
    ok(good, "%s of %s fails cleanly at each of %d allocations", calls[call].name, openers[opener].name,
       n - 1);
    sx_map_free(m);
}

/* Many maps, each used and freed: nothing is left. */
static void
test_many(uint64_t seed)
{
    enum { MAPS = 2000, EACH = 50 };
    long before = blocks, mapped = mappings;
    write_known(path, 20000);
    for (int i = 0; i < MAPS; i++) {
        SxMap *m = NULL;
        size_t opener = tap_random(&seed) % 7; /* those that do not read a whole process */
        if (!openers[opener].open(&m, NULL))
            abort();
        for (int k = 0; k < EACH; k++) {
            Call *call = calls[tap_random(&seed) % CALLS].call;
            if (call != call_resize || k == 0)
                (void)call(m, NULL);
        }
        sx_map_free(m);
    }
    is(blocks, before, "no block is left of %d calls", MAPS * EACH);
    is(mappings, mapped, "and no mapping");
}

/* A line of a process may be as long as its memory, and a sanitizer's has terabytes. */
static bool
reads_it_all(size_t opener, size_t call)
{
    return openers[opener].open == open_process && calls[call].call == call_readline;
}

int
main(void)
{
    const char *folder = make_folder();
    snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
    write_known(path, 20000);
    setvbuf(stdout, NULL, _IONBF, 0);
    SxMap *warm =
        must_open("/proc/self/status", SX_ACCESS_READ, 0); /* what libc and the registry keep for ever */
    sx_map_free(warm);
    for (size_t i = 0; i < OPENERS; i++)
        test_open(i);
    long before = blocks, mapped = mappings;
    for (size_t i = 0; i < OPENERS; i++)
        for (size_t k = 0; k < CALLS; k++)
            if ((openers[i].editable || !calls[k].edits) && !reads_it_all(i, k))
                test_call(i, k);
    is(blocks, before, "no block is left");
    is(mappings, mapped, "no mapping is left");
    test_many(tap_seed());
    drop_folder(folder);
    return done_testing();
}
