/*
 * test_add.c - the add buffer against a plain array: files, memory, moving between the two, failing, threads, a crash.
 */
#include "document/add.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/tap.h"

enum { PIECES = 2000, LONGEST = 300 };

typedef struct Kept {
    uint64_t at;
    size_t len;
    unsigned seed;
} Kept;

static uint8_t
byte_of(unsigned seed, size_t i)
{
    return (uint8_t)((seed * 2654435761u >> 13) + i * 7);
}

static bool
append(Add *a, Kept *k, unsigned seed, size_t len)
{
    uint8_t *bytes = malloc(len + 1);
    for (size_t i = 0; i < len; i++)
        bytes[i] = byte_of(seed, i);
    *k = (Kept){.len = len, .seed = seed};
    bool done = add_append(a, sx_bytes(bytes, len), &k->at, NULL);
    free(bytes);
    return done;
}

static bool
same(const Add *a, const Kept *k)
{
    if (k->len == 0)
        return true;
    if (!add_holds(a, k->at, k->len))
        return false;
    SxBytes b = add_at(a, k->at);
    if (b.len < k->len)
        return false;
    for (size_t i = 0; i < k->len; i++)
        if (b.data[i] != byte_of(k->seed, i))
            return false;
    return true;
}

static size_t
count_same(const Add *a, const Kept *kept, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += same(a, &kept[i]);
    return count;
}

static void
make_dir(char dir[64])
{
    strcpy(dir, "/tmp/sextant-add.XXXXXX");
    if (!mkdtemp(dir)) {
        perror(dir);
        exit(EXIT_FAILURE);
    }
}

/* Remove `dir` and its files; returns how many there were. */
static size_t
remove_dir(const char *dir, unsigned *modes)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
        struct stat st;
        if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st, 0) != 0)
            continue;
        if (modes)
            *modes |= st.st_mode & 0777;
        unlinkat(dirfd(d), e->d_name, 0);
        n++;
    }
    if (d)
        closedir(d);
    rmdir(dir);
    return n;
}

static void
test_random(bool files, size_t chunk, unsigned seed)
{
    char dir[64];
    make_dir(dir);
    Add *a = NULL;
    ok(add_new(&a, files ? dir : NULL, chunk, NULL), "made, %s, chunks from %zu", files ? "files" : "memory", chunk);
    static Kept kept[PIECES];
    srandom(seed);
    size_t made = 0;
    uint64_t last = 0;
    bool ascending = true;
    for (; made < PIECES; made++) {
        size_t len = (size_t)random() % LONGEST;
        if (!append(a, &kept[made], (unsigned)random(), len))
            break;
        ascending = ascending && kept[made].at >= last;
        last = kept[made].at + len;
    }
    ok(made == PIECES && ascending && add_size(a) == last, "%zu appends, offsets ascend", made);
    ok(count_same(a, kept, made) == made, "each reads back in one piece, seed %u", seed);
    ok(!add_holds(a, last, 1) && !add_holds(a, UINT64_MAX, 1) && !add_holds(a, UINT64_MAX / 2, UINT64_MAX),
       "holds nothing behind the end");
    ok(add_sync(a, NULL) && !add_unprotected(a, NULL), "synced, protected");
    add_release(a);
    unsigned modes = 0;
    size_t n = remove_dir(dir, &modes);
    ok(files ? n > 0 && modes == 0600 : n == 0, "%zu files, mode %o", n, modes);
}

static void
test_move(unsigned seed)
{
    char first[64], second[64];
    make_dir(first);
    make_dir(second);
    Add *a = NULL;
    static Kept kept[600];
    add_new(&a, NULL, 64, NULL);
    for (unsigned i = 0; i < 200; i++)
        append(a, &kept[i], seed + i, i);
    const uint8_t *before = add_at(a, kept[100].at).data;
    ok(add_attach(a, first, NULL), "memory becomes files");
    for (unsigned i = 200; i < 400; i++)
        append(a, &kept[i], seed + i, i);
    ok(add_attach(a, second, NULL), "files move to another directory");
    add_detach(a);
    for (unsigned i = 400; i < 600; i++)
        append(a, &kept[i], seed + i, i);
    ok(!add_unprotected(a, NULL), "detached is not unprotected");
    ok(count_same(a, kept, 600) == 600, "all reads back through the moves");
    ok(add_at(a, kept[100].at).data == before, "pointers stay");
    SxError err;
    ok(!add_attach(a, "/nonexistent/dir", &err) && err.code == SX_ERR_MISSING && count_same(a, kept, 600) == 600,
       "a directory that is missing: %s", err.text);
    add_release(a);
    remove_dir(first, NULL);
    remove_dir(second, NULL);
}

/* A file that may not grow stands for a full disk. */
static void
test_full(void)
{
    char dir[64];
    make_dir(dir);
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 1000;
    Add *a = NULL;
    static Kept kept[100];
    add_new(&a, dir, 4096, NULL);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    size_t made = 0;
    for (unsigned i = 0; i < 100; i++)
        made += append(a, &kept[i], i, 300);
    setrlimit(RLIMIT_FSIZE, &old);
    SxError why = {0};
    ok(made == 100 && count_same(a, kept, 100) == 100, "a full disk: appends go on in memory");
    ok(add_unprotected(a, &why) && why.code == SX_ERR_NOSPACE, "and say why: %s", why.text);
    char again[64];
    make_dir(again);
    ok(add_attach(a, again, NULL) && !add_unprotected(a, NULL) && count_same(a, kept, 100) == 100,
       "elsewhere they are protected again");
    add_release(a);
    remove_dir(dir, NULL);
    remove_dir(again, NULL);
}

typedef struct Shared {
    Add *add;
    Kept kept[4000];
    atomic_uint ready;
    atomic_bool done;
    atomic_uint wrong;
} Shared;

static void *
reader(void *data)
{
    Shared *s = data;
    unsigned seed = 1;
    while (!atomic_load(&s->done)) {
        unsigned n = atomic_load(&s->ready);
        seed = seed * 1103515245 + 12345;
        if (n > 0 && !same(s->add, &s->kept[(seed >> 8) % n]))
            atomic_fetch_add(&s->wrong, 1);
    }
    return NULL;
}

static void *
syncer(void *data)
{
    Shared *s = data;
    while (!atomic_load(&s->done))
        if (!add_sync(s->add, NULL))
            atomic_fetch_add(&s->wrong, 1);
    return NULL;
}

static void
test_threads(bool files)
{
    char dir[64];
    make_dir(dir);
    static Shared s;
    memset(&s, 0, sizeof s);
    add_new(&s.add, files ? dir : NULL, 64, NULL);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, i == 2 ? syncer : reader, &s);
    for (unsigned i = 0; i < 4000; i++) {
        append(s.add, &s.kept[i], i, 1 + i % 200);
        atomic_store(&s.ready, i + 1);
    }
    atomic_store(&s.done, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    ok(atomic_load(&s.wrong) == 0, "readers and a syncer beside the appender, %s", files ? "files" : "memory");
    add_release(s.add);
    remove_dir(dir, NULL);
}

static void
test_crash(void)
{
    char dir[64];
    make_dir(dir);
    static Kept kept[500];
    int pipes[2];
    if (pipe(pipes) != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        Add *a = NULL;
        if (!add_new(&a, dir, 128, NULL))
            _exit(1);
        for (unsigned i = 0; i < 500; i++) {
            append(a, &kept[i], i, 1 + i % 97);
            if (write(pipes[1], &kept[i], sizeof kept[i]) < 0)
                _exit(1);
        }
        raise(SIGKILL);
    }
    close(pipes[1]);
    size_t n = 0;
    while (n < 500 && read(pipes[0], &kept[n], sizeof kept[n]) == (ssize_t)sizeof kept[n])
        n++;
    close(pipes[0]);
    waitpid(child, NULL, 0);
    Add *a = NULL;
    SxError err = {0};
    ok(add_recover(&a, dir, 128, &err), "recovered after a kill %s", err.text);
    ok(a && n == 500 && count_same(a, kept, n) == n, "with every byte that was appended");
    Kept more;
    ok(a && append(a, &more, 7, 5000) && same(a, &more) && count_same(a, kept, n) == n, "and goes on");
    add_release(a);
    remove_dir(dir, NULL);
}

static void
test_long(void)
{
    Add *a = NULL;
    add_new(&a, NULL, 16, NULL);
    Kept kept[3];
    ok(append(a, &kept[0], 1, 10) && append(a, &kept[1], 2, 5 << 20) && append(a, &kept[2], 3, 10),
       "an append much longer than a chunk");
    ok(count_same(a, kept, 3) == 3, "lies in one piece");
    add_release(a);
}

int
main(void)
{
    unsigned seed = (unsigned)tap_seed();
    test_random(false, 16, seed);
    test_random(true, 16, seed);
    test_random(true, 1, seed);
    test_random(true, 0, seed);
    test_move(seed);
    test_full();
    test_threads(false);
    test_threads(true);
    test_crash();
    test_long();
    return done_testing();
}
