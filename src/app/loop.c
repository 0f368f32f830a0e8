/*
 * loop.c - waits for the terminal, the workers, the files and the clock; hands events to the session and paints what it shows.
 *
 * One frame per turn, after the input that is there has been drained: held keys do not queue up behind painting, and
 * what was typed ahead of a question is gone before the question is seen. But at least one frame each FRAME_NS, so that
 * a flood of input does not freeze the picture.
 */
#include "app/loop.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "app/rescue.h"

enum { FRAME_NS = 16000000 };

typedef struct Loop {
    SxSession *session;
    SxTerm *term;
    int wake_fd;
    SxGrid *grid;
    bool hung_up;
} Loop;

static uint64_t
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* false: no memory for a grid of this size */
static bool
loop_paint(Loop *l)
{
    unsigned width, height;
    sx_term_size(l->term, &width, &height);
    const SxScreen *screen = sx_session_screen(l->session, width, height);
    if (l->grid && l->grid->width == screen->width && l->grid->height == screen->height) {
        sx_grid_clear(l->grid);
    } else {
        SxGrid *grid = sx_grid_new(screen->width, screen->height);
        if (!grid)
            return false;
        sx_grid_free(l->grid);
        l->grid = grid;
    }
    sx_screen_draw(l->grid, screen);
    return sx_term_paint(l->term, l->grid, sx_session_theme(l->session));
}

static void
loop_suspend(Loop *l, SxBytes text)
{
    char line[512];
    size_t len = text.len < sizeof line - 1 ? text.len : sizeof line - 1;
    for (size_t i = 0; i < len; i++)
        line[i] = (char)text.data[i];
    line[len] = '\0';
    sx_term_suspend(l->term, line);
    sx_term_redraw(l->term);
}

/* What the session wants of the terminal. */
static void
loop_wishes(Loop *l)
{
    SxBytes text;
    for (;;) {
        switch (sx_session_wish(l->session, &text)) {
        case SX_WISH_NONE: return;
        case SX_WISH_SUSPEND: loop_suspend(l, text); break;
        case SX_WISH_REDRAW: sx_term_redraw(l->term); break;
        case SX_WISH_CLIPBOARD: sx_term_clipboard(l->term, text, NULL); break;
        case SX_WISH_MOUSE_ON: sx_term_mouse(l->term, true); break;
        case SX_WISH_MOUSE_OFF: sx_term_mouse(l->term, false); break;
        }
    }
}

/* Hand on what was typed, for at most one frame's time. Returns whether there was something. */
static bool
loop_input(Loop *l)
{
    uint64_t until = now() + FRAME_NS;
    bool any = false;
    do {
        SxEvent event = sx_term_event(l->term, 0, sx_session_esc_ms(l->session));
        if (event.kind == SX_EVENT_NONE)
            return any;
        any = true;
        sx_session_event(l->session, &event);
        loop_wishes(l);
    } while (now() < until && !sx_session_ended(l->session, NULL, NULL));
    return any;
}

static void
loop_wait(Loop *l, int timeout)
{
    struct pollfd fds[] = {{.fd = sx_term_fd(l->term), .events = POLLIN},
                           {.fd = l->wake_fd, .events = POLLIN},
                           {.fd = sx_session_fd(l->session), .events = POLLIN}};
    if (poll(fds, sizeof fds / sizeof *fds, timeout) <= 0)
        return;
    uint64_t count;
    if ((fds[1].revents & POLLIN) && read(l->wake_fd, &count, sizeof count) < 0) {
        /* somebody else's wake-up was quicker: nothing to do */
    }
    if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) && !(fds[0].revents & POLLIN))
        l->hung_up = true;
}

static void
loop_signals(Loop *l)
{
    static const SxEvent ctrl_z = {.kind = SX_EVENT_KEY, .key = {.code = 'z', .mods = SX_MOD_CTRL}};
    if (rescue_suspend())
        sx_session_event(l->session, &ctrl_z);
    if (rescue_interrupt())
        sx_session_cancel(l->session);
    loop_wishes(l);
}

int
loop_run(SxSession *session, SxTerm *term, int wake_fd, const char **farewell)
{
    Loop l = {.session = session, .term = term, .wake_fd = wake_fd};
    SxExit code = SX_EXIT_DONE;
    int signal_number = 0;
    bool shown = false;
    *farewell = NULL;
    while (!sx_session_ended(session, &code, farewell)) {
        signal_number = rescue_ending();
        if (signal_number || l.hung_up || sx_term_closed(term)) {
            sx_session_hangup(session);
            break;
        }
        int timeout = shown ? sx_session_tick(session) : 0; /* the first picture comes first, before any worker */
        shown = true;
        loop_wishes(&l);
        if (sx_session_ended(session, &code, farewell))
            break;
        loop_input(&l);
        if (sx_session_ended(session, &code, farewell))
            break;
        loop_paint(&l);
        loop_wait(&l, timeout);
        loop_signals(&l);
    }
    sx_grid_free(l.grid);
    if (signal_number)
        return 128 + signal_number;
    return (int)code;
}
