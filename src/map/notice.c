/*
 * notice.c - a watch on the file, and one on its directory, since a name that is given to another file is an event of
 * the directory alone. Watches of one inode are one number: it is given back when the last who has it lets go.
 */
#include <sextant/notice.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if __has_include(<sys/inotify.h>)
#include <sys/inotify.h>
#endif

typedef struct Watched {
    uint64_t id;
    int file;      /* number of the watch, -1: none */
    int directory; /* the same */
    char *name;    /* in the directory */
    bool told;     /* something happened that sx_notice_next has not said */
} Watched;

struct SxNotice {
    atomic_uint refs;
    int fd; /* -1: this system tells nothing */
    pthread_mutex_t lock; /* guards what follows */
    Watched *watched;
    size_t count, room;
    bool beside; /* something happened that may have been nobody's business */
};

#ifdef IN_NONBLOCK

enum {
    OF_FILE = IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF,
    OF_DIRECTORY = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
};

static int
open_events(void)
{
    return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

static int
watch_file(int fd, const char *path)
{
    return inotify_add_watch(fd, path, OF_FILE);
}

static int
watch_directory(int fd, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *parent = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int watch = parent ? inotify_add_watch(fd, parent, OF_DIRECTORY) : -1;
    free(parent);
    return watch;
}

static void
drop_watch(const SxNotice *n, int watch)
{
    if (watch >= 0)
        (void)inotify_rm_watch(n->fd, watch);
}

static void
tell(SxNotice *n, const struct inotify_event *e)
{
    n->beside = true;
    const char *name = e->len > 0 ? e->name : NULL;
    for (size_t i = 0; i < n->count; i++) {
        Watched *w = &n->watched[i];
        bool all = e->mask & IN_Q_OVERFLOW;
        bool own = e->wd == w->file, beside = e->wd == w->directory && (!name || strcmp(name, w->name) == 0);
        w->told |= all || own || beside;
        if (own && (e->mask & IN_IGNORED))
            w->file = -1;
        if (e->wd == w->directory && (e->mask & IN_IGNORED))
            w->directory = -1;
    }
}

static void
take_events(SxNotice *n)
{
    _Alignas(struct inotify_event) char events[4096];
    for (ssize_t len; (len = read(n->fd, events, sizeof events)) > 0;) {
        for (ssize_t at = 0; at < len;) {
            const struct inotify_event *e = (const void *)(events + at);
            tell(n, e);
            at += (ssize_t)(sizeof *e + e->len);
        }
    }
}

#else

static int
open_events(void)
{
    return -1;
}

static int
watch_file(int fd, const char *path)
{
    (void)fd, (void)path;
    return -1;
}

static int
watch_directory(int fd, const char *path)
{
    (void)fd, (void)path;
    return -1;
}

static void
drop_watch(const SxNotice *n, int watch)
{
    (void)n, (void)watch;
}

static void
take_events(SxNotice *n)
{
    (void)n;
}

#endif

SxNotice *
sx_notice_new(void)
{
    SxNotice *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    atomic_init(&n->refs, 1);
    pthread_mutex_init(&n->lock, NULL);
    n->fd = open_events();
    return n;
}

SxNotice *
sx_notice_retain(SxNotice *n)
{
    if (n)
        atomic_fetch_add_explicit(&n->refs, 1, memory_order_relaxed);
    return n;
}

void
sx_notice_release(SxNotice *n)
{
    if (!n || atomic_fetch_sub_explicit(&n->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < n->count; i++)
        free(n->watched[i].name);
    free(n->watched);
    if (n->fd >= 0)
        close(n->fd);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

int
sx_notice_fd(const SxNotice *n)
{
    return n->fd;
}

/* --- who is watched: under the lock --------------------------------------------------------------------------------- */

static Watched *
find(SxNotice *n, uint64_t id)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->watched[i].id == id)
            return &n->watched[i];
    return NULL;
}

static Watched *
find_or_add(SxNotice *n, uint64_t id)
{
    Watched *w = find(n, id);
    if (w)
        return w;
    if (n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 4;
        Watched *more = realloc(n->watched, room * sizeof *more);
        if (!more)
            return NULL;
        n->watched = more;
        n->room = room;
    }
    w = &n->watched[n->count++];
    *w = (Watched){.id = id, .file = -1, .directory = -1};
    return w;
}

/* One inode has one watch, however many files are looked at through it. */
static void
drop_unused(SxNotice *n, int watch)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->watched[i].file == watch || n->watched[i].directory == watch)
            return;
    drop_watch(n, watch);
}

static void
set(SxNotice *n, Watched *w, int file, int directory, char *name)
{
    int old_file = w->file, old_directory = w->directory;
    free(w->name);
    w->file = file;
    w->directory = directory;
    w->name = name;
    drop_unused(n, old_file);
    drop_unused(n, old_directory);
}

void
sx_notice_watch(SxNotice *n, uint64_t id, const char *path)
{
    if (n->fd < 0)
        return;
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path);
    if (!name)
        return;
    /* outside the lock: this may last */
    int directory = watch_directory(n->fd, path), file = watch_file(n->fd, path);
    pthread_mutex_lock(&n->lock);
    Watched *w = find_or_add(n, id);
    if (w) {
        set(n, w, file, directory, name);
    } else {
        free(name);
        drop_unused(n, file);
        drop_unused(n, directory);
    }
    pthread_mutex_unlock(&n->lock);
}

void
sx_notice_unwatch(SxNotice *n, uint64_t id)
{
    pthread_mutex_lock(&n->lock);
    Watched *w = find(n, id);
    if (w) {
        set(n, w, -1, -1, NULL);
        *w = n->watched[--n->count];
    }
    pthread_mutex_unlock(&n->lock);
}

bool
sx_notice_next(SxNotice *n, uint64_t *id)
{
    bool found = false;
    pthread_mutex_lock(&n->lock);
    if (n->fd >= 0)
        take_events(n);
    for (size_t i = 0; i < n->count && !found; i++) {
        found = n->watched[i].told;
        if (found) {
            n->watched[i].told = false;
            *id = n->watched[i].id;
        }
    }
    if (!found && n->beside) {
        found = true;
        *id = 0;
    }
    n->beside = false;
    pthread_mutex_unlock(&n->lock);
    return found;
}
