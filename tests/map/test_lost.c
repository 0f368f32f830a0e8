/* test_lost.c - files that shrink, grow and shrink again under their mapping, in this thread and beside
 * it. */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { SIZE = 1 << 20 };

static void
cut(const char *path, off_t size)
{
    if (truncate(path, size) != 0)
        abort();
}

/* Sum so that nothing is optimised away. */
static unsigned
touch(const uint8_t *bytes, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += ((const volatile uint8_t *)bytes)[i];
    return sum;
}

static bool
all_zero(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i])
            return false;
    return true;
}

static void
test_cut(const char *path, SxPinUse use, size_t window)
{
    const uint64_t half = SIZE / 2 + 100;
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    SxSpan lost[4];
    works(sx_source_pin(s, (SxSpan){0, SIZE}, use, &pin, err));
    ok(sx_source_lost(s, SX_SPAN_ALL, NULL, 0) == 0 && !sx_map_lost(m, SX_SPAN_ALL), "nothing is lost yet");
    cut(path, (off_t)half);
    is(sx_source_lost(s, SX_SPAN_ALL, lost, 4), 1, "a cut is known before anybody looks (window %zu)",
       window);
    ok(lost[0].at == half && sx_span_end(lost[0]) == SIZE, "from its byte on");
    touch(pin.data, SIZE);
    ok(pin.data[half - 1] == known_byte(half - 1) && all_zero(pin.data + half, SIZE - half),
       "what is there is there, what is lost reads as zeros");
    is(sx_source_lost(s, (SxSpan){half - 1, 1}, lost, 4), 0, "the last byte is not lost");
    is(sx_source_lost(s, (SxSpan){half - 1, 2}, lost, 4), 1, "the next is");
    sx_source_unpin(s, &pin);
    fails(sx_map_get(m, (int64_t)half, &(uint8_t){0}, err), SX_ERR_LOST);
    works(sx_map_get(m, (int64_t)half - 1, &(uint8_t){0}, err));
    fails(sx_map_peek(m, half - 5, (uint8_t[10]){0}, 10, &(size_t){0}, err), SX_ERR_LOST);
    fails(sx_map_peek(m, SIZE - 5, (uint8_t[10]){0}, 10, &(size_t){0}, err), SX_ERR_LOST);
    uint8_t bytes[20], states[20];
    sx_source_peek(s, (SxSpan){half - 10, 20}, bytes, states);
    ok(states[9] == SX_BYTE_HERE && states[10] == SX_BYTE_LOST && bytes[10] == 0 &&
           states[19] == SX_BYTE_LOST,
       "peek tells them apart");
    SxExtent e;
    works(sx_source_extent(s, half, &e, err));
    ok(e.kind == SX_EXTENT_LOST && sx_span_end(e.span) == SIZE, "so does the extent");
    works(sx_source_extent(s, half + 5000, &e, err));
    ok(e.kind == SX_EXTENT_LOST && e.span.at <= half + 5000 && sx_span_end(e.span) == SIZE,
       "also further on, after the handler was there");
    uint64_t at;
    is(sx_map_find(m, sx_bytes("\0\0\0", 3), 0, SX_TO_END, NULL, &at, NULL), SX_ABSENT,
       "lost bytes are no zeros to find");
    is(sx_map_rfind(m, sx_bytes("\0\0\0", 3), 0, SX_TO_END, NULL, &at, NULL), SX_ABSENT, "nor from behind");
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_return(const char *path, size_t window)
{
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_WRITE, window);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){SIZE / 2, 1000}, SX_PIN_VIEW, &pin, err));
    cut(path, 0);
    touch(pin.data, 1000);
    fails(sx_map_store(m, 10, text_bytes("x"), err), SX_ERR_LOST);
    struct stat st;
    ok(stat(path, &st) == 0 && st.st_size == 0, "a store into what is lost does not make the file longer");
    write_known(path, SIZE);
    ok(sx_map_lost(m, (SxSpan){SIZE / 2, 1000}),
       "what was read as zeros stays lost until somebody reads again");
    uint8_t byte = 0;
    works(sx_map_get(m, SIZE / 2, &byte, err));
    is(byte, known_byte(SIZE / 2), "a file that comes back is read");
    ok(sx_source_stale(s, &pin), "and the old pin is stale");
    ok(!sx_map_lost(m, SX_SPAN_ALL), "nothing is lost any more");
    sx_source_unpin(s, &pin);
    works(sx_map_store(m, SIZE - 1, text_bytes("x"), err));
    sx_source_release(s);
    sx_map_free(m);
}

static void
test_refresh(const char *path, size_t window)
{
    write_known(path, 10000);
    SxMap *m = must_open(path, SX_ACCESS_READ, window), *part = NULL;
    SxSource *s = sx_map_source(m);
    bool changed = true;
    uint64_t n;
    works(sx_map_open(&part, path, &(SxMapOptions){.offset = 100, .length = 9000, .window = window}, err));
    works(sx_map_refresh(m, &changed, err));
    ok(!changed, "nothing changed");
    write_known(path, 30000);
    works(sx_map_length(m, &n, err));
    is(n, 10000, "growth is not noticed by itself");
    works(sx_map_refresh(m, &changed, err));
    works(sx_map_length(m, &n, err));
    ok(changed && n == 30000, "but by refresh");
    uint8_t byte = 0;
    works(sx_map_get(m, -1, &byte, err));
    is(byte, known_byte(29999), "with its bytes");
    is(sx_source_size(s), 10000, "a source keeps its size");
    cut(path, 50);
    works(sx_map_refresh(m, &changed, err));
    works(sx_map_length(m, &n, err));
    ok(changed && n == 50 && !sx_map_lost(m, SX_SPAN_ALL), "shrinkage too");
    works(sx_map_refresh(part, &changed, err));
    works(sx_map_length(part, &n, err));
    ok(!changed && n == 9000 && sx_map_lost(part, SX_SPAN_ALL), "a part keeps its length");
    cut(path, 0);
    works(sx_map_refresh(m, &changed, err));
    works(sx_map_length(m, &n, err));
    ok(changed && n == 0, "to nothing at all");
    ok(slice_is(m, 0, SX_TO_END, ""), "which can be sliced");
    fails(sx_map_get(m, 0, &byte, err), SX_ERR_RANGE);
    write_text(path, "back");
    works(sx_map_refresh(m, NULL, err));
    ok(slice_is(m, 0, SX_TO_END, "back"), "and back");
    sx_source_release(s);
    sx_map_free(m);
    sx_map_free(part);
}

/* --- under load ----------------------------------------------------------------------------------------- */

typedef struct Load {
    SxSource *source;
    atomic_bool stop;
    uint64_t rounds, wrong, lost;
} Load;

/* Every byte is the known one, or zero where the file was short for a moment; never anything else. */
static void *
read_under_load(void *data)
{
    Load *load = data;
    uint64_t seed = (uintptr_t)load;
    while (!atomic_load(&load->stop)) {
        enum { LEN = 20000 };
        uint8_t copy[LEN];
        uint64_t at = tap_random(&seed) % (SIZE - LEN);
        SxPin pin;
        if (!sx_source_pin(load->source, (SxSpan){at, LEN}, at % 3 ? SX_PIN_VIEW : SX_PIN_SCAN, &pin, NULL))
            abort();
        memcpy(copy, pin.data, LEN);
        for (size_t i = 0; i < LEN; i++)
            load->wrong += copy[i] != known_byte(at + i) && copy[i] != 0;
        load->lost += sx_source_lost(load->source, pin.span, NULL, 0) > 0;
        sx_source_unpin(load->source, &pin);
        load->rounds++;
    }
    return NULL;
}

static void
test_load(const char *path, size_t window)
{
    enum { THREADS = 2, CUTS = 150 };
    write_known(path, SIZE);
    SxMap *m = must_open(path, SX_ACCESS_READ, window);
    Load loads[THREADS] = {0};
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        loads[i].source = sx_map_source(m);
        pthread_create(&threads[i], NULL, read_under_load, &loads[i]);
    }
    uint64_t seed = 7;
    for (int i = 0; i < CUTS; i++) {
        cut(path, (off_t)(tap_random(&seed) % SIZE));
        usleep(1000);
        int fd = open(path, O_WRONLY);
        static uint8_t all[SIZE];
        for (size_t k = 0; i == 0 && k < SIZE; k++)
            all[k] = known_byte(k);
        if (pwrite(fd, all, SIZE, 0) != SIZE)
            abort();
        close(fd);
        SxMap *other = must_open(path, SX_ACCESS_READ, window);
        sx_map_free(other);
    }
    uint64_t rounds = 0, wrong = 0;
    for (size_t i = 0; i < THREADS; i++) {
        atomic_store(&loads[i].stop, true);
        pthread_join(threads[i], NULL);
        rounds += loads[i].rounds;
        wrong += loads[i].wrong;
        sx_source_release(loads[i].source);
    }
    diag("%" PRIu64 " readings beside %d cuts", rounds, CUTS);
    is(wrong, 0, "readers beside a file that shrinks and grows saw its bytes or zeros (window %zu)", window);
    ok(rounds > 0, "and went on");
    bool fine = true;
    for (uint64_t at = 0; at < SIZE; at += 4097) {
        uint8_t byte = 0;
        fine &= sx_map_get(m, (int64_t)at, &byte, NULL) && byte == known_byte(at);
    }
    ok(fine, "at the end everything is there again");
    sx_map_free(m);
}

/* --- somebody else's handler, and none ------------------------------------------------------------------ */

static sig_atomic_t others;
static void *other_page;

static void
other_handler(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
    others++;
    if (mmap(other_page, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
        _exit(2);
}

/* In a child: a mapping that is not ours faults. Returns how it ended. */
static int
fault_outside(const char *path, bool with_handler)
{
    pid_t child = fork();
    if (child == 0) {
        struct sigaction act = {.sa_sigaction = other_handler, .sa_flags = SA_SIGINFO};
        if (with_handler)
            sigaction(SIGBUS, &act, NULL);
        (void)sx_map_sigbus(true, NULL);
        write_known(path, 8192);
        SxMap *m = must_open(path, SX_ACCESS_READ, 0);
        int fd = open(path, O_RDONLY);
        other_page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
        cut(path, 100);
        uint8_t byte;
        bool lost = !sx_map_get(m, 5000, &byte, NULL);
        touch(other_page, 1);
        _exit(lost && others == 1 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

static void
test_chain(const char *path)
{
    int status = fault_outside(path, true);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
       "a fault elsewhere goes to the handler that was there before");
    status = fault_outside(path, false);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS, "or ends the program, as without us");
    pid_t child = fork();
    if (child == 0) {
        (void)sx_map_sigbus(true, NULL);
        raise(SIGBUS);
        _exit(0);
    }
    waitpid(child, &status, 0);
    ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS, "a signal that was sent is no fault of ours");
}

static void
test_declined(const char *path)
{
    write_known(path, 100000);
    SxMap *m = must_open(path, SX_ACCESS_READ, 0);
    fails(sx_map_sigbus(false, err), SX_ERR_BUSY);
    sx_map_free(m);
    works(sx_map_sigbus(false, err));
    struct sigaction now;
    sigaction(SIGBUS, NULL, &now);
    ok(!(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL, "declined, the handler is gone");
    m = must_open(path, SX_ACCESS_WRITE, 0);
    SxSource *s = sx_map_source(m);
    SxPin pin;
    works(sx_source_pin(s, (SxSpan){0, 100000}, SX_PIN_SCAN, &pin, err));
    ok(pin.data[99999] == known_byte(99999), "files are read all the same");
    sx_source_unpin(s, &pin);
    works(sx_map_store(m, 50000, text_bytes("!"), err));
    uint64_t at = 0;
    is(sx_map_find(m, text_bytes("!"), 40001, SX_TO_END, NULL, &at, NULL), SX_FOUND, "and searched");
    cut(path, 60000);
    fails(sx_map_get(m, 70000, &(uint8_t){0}, err), SX_ERR_LOST);
    ok(sx_map_lost(m, (SxSpan){60000, 1}) && !sx_map_lost(m, (SxSpan){0, 60000}), "what is lost is known");
    uint8_t bytes[2], states[2];
    sx_source_peek(s, (SxSpan){59999, 2}, bytes, states);
    ok(states[0] == SX_BYTE_HERE && states[1] == SX_BYTE_LOST, "by peek too");
    sx_source_release(s);
    sx_map_free(m);
    works(sx_map_sigbus(true, err));
}

/* Its memory is lost with a process, and asking for it is harmless. */
static void
test_process_ends(void)
{
    char path[64];
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/mem", (int)child);
    SxMap *m = must_open(path, SX_ACCESS_READ, 0);
    SxSource *s = sx_map_source(m);
    uint64_t at = (uint64_t)(uintptr_t)&test_process_ends;
    SxExtent e;
    SxPin pin;
    works(sx_source_extent(s, at, &e, err));
    ok(e.kind == SX_EXTENT_DATA && sx_span_end(e.span) > at, "where code is there are bytes");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    usleep(300000); /* what was known of it holds for a quarter of a second */
    works(sx_source_extent(s, at, &e, err));
    ok(e.kind == SX_EXTENT_LOST && e.span.at == at && sx_span_end(e.span) == sx_source_size(s),
       "behind its end all is lost");
    works(sx_source_pin(s, (SxSpan){at, 16}, SX_PIN_VIEW, &pin, err));
    ok(sx_source_lost(s, pin.span, NULL, 0) == 1, "and what is read");
    sx_source_unpin(s, &pin);
    sx_source_release(s);
    sx_map_free(m);
}

int
main(void)
{
    const char *folder = make_folder();
    char path[160];
    snprintf(path, sizeof path, "%s", in_folder(folder, "file"));
    size_t page = (size_t)sysconf(_SC_PAGESIZE), windows[] = {0, page, 16 * page};
    test_chain(path);
    for (size_t i = 0; i < 3; i++) {
        test_cut(path, SX_PIN_VIEW, windows[i]);
        test_cut(path, SX_PIN_SCAN, windows[i]);
        test_return(path, windows[i]);
        test_refresh(path, windows[i]);
        test_load(path, windows[i]);
    }
    test_declined(path);
    drop_folder(folder);
    test_process_ends();
    return done_testing();
}
