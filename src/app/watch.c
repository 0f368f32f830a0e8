/* watch.c - the thread beside a batch. */
#include "app/watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sextant/text.h>

enum { PERIOD = 200 * 1000 * 1000, PATIENCE = 1000 * 1000 * 1000 }; /* nanoseconds; what is shorter says nothing */

struct Watch {
    SxSession *session;
    pthread_t thread;
    pthread_mutex_t lock; /* of stderr */
    atomic_bool ends;
    bool shows;   /* stderr is a terminal */
    bool shown;   /* a progress line stands there */
    bool pressed; /* SIGINT came once */
    sigset_t before;
};

static sigset_t
signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGUSR2); /* wakes the thread at the end */
    return set;
}

static void
wipe(Watch *w)
{
    if (w->shown)
        (void)fputs("\r\033[K", stderr);
    w->shown = false;
}

void
watch_say(Watch *w, const char *line)
{
    if (w) {
        pthread_mutex_lock(&w->lock);
        wipe(w);
    }
    (void)fprintf(stderr, "sextant: %s\n", line);
    if (w)
        pthread_mutex_unlock(&w->lock);
}

/* M23: "count 41%, 3.1 GiB/s, 9 s, 12 so far (C-c stops)" */
static void
show(Watch *w, const char *what, const SxProgress *p)
{
    char speed[24], time[32];
    double seconds = (double)p->nanoseconds / 1e9;
    unsigned percent = p->total ? (unsigned)((double)p->done * 100 / (double)p->total) : 0;
    sx_text_size(speed, sizeof speed, (uint64_t)((double)p->done / seconds));
    sx_text_duration(time, sizeof time, p->nanoseconds);
    (void)fprintf(stderr, "\r\033[K%s", what);
    if (p->total)
        (void)fprintf(stderr, " %u%%", percent < 100 ? percent : 100);
    (void)fprintf(stderr, ", %s/s, %s", speed, time);
    if (p->found)
        (void)fprintf(stderr, ", %llu so far", (unsigned long long)p->found);
    (void)fputs(" (C-c stops)", stderr);
    (void)fflush(stderr);
    w->shown = true;
}

static void
progress(Watch *w)
{
    char what[32];
    SxProgress p;
    pthread_mutex_lock(&w->lock);
    if (sx_session_progress(w->session, what, sizeof what, &p) && p.nanoseconds > PATIENCE)
        show(w, what, &p);
    else
        wipe(w);
    pthread_mutex_unlock(&w->lock);
}

static void
interrupted(Watch *w)
{
    if (w->pressed)
        _exit(SX_EXIT_STOPPED); /* a read that never comes back cannot be cancelled */
    w->pressed = true;
    sx_session_cancel(w->session);
}

static void *
watch(void *data)
{
    Watch *w = data;
    sigset_t set = signals();
    struct timespec period = {0, PERIOD};
    while (!atomic_load(&w->ends)) {
        int signal = w->shows ? sigtimedwait(&set, NULL, &period) : sigwaitinfo(&set, NULL);
        if (signal == SIGINT)
            interrupted(w);
        else if (signal < 0 && w->shows)
            progress(w);
    }
    return NULL;
}

Watch *
watch_start(SxSession *session)
{
    Watch *w = calloc(1, sizeof *w);
    sigset_t set = signals();
    if (!w)
        return NULL;
    w->session = session;
    w->shows = isatty(STDERR_FILENO);
    pthread_mutex_init(&w->lock, NULL);
    pthread_sigmask(SIG_BLOCK, &set, &w->before);
    if (pthread_create(&w->thread, NULL, watch, w) == 0)
        return w;
    pthread_sigmask(SIG_SETMASK, &w->before, NULL);
    free(w);
    return NULL;
}

void
watch_stop(Watch *w)
{
    if (!w)
        return;
    atomic_store(&w->ends, true);
    pthread_kill(w->thread, SIGUSR2);
    pthread_join(w->thread, NULL);
    wipe(w);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
