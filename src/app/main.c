/* main.c - the program: a screen, or a batch. */
#include <signal.h>
#include <stdio.h>

#include "app/arguments.h"
#include "app/batch.h"
#include "app/recoverable.h"
#include "app/screen.h"

static int
run(const Arguments *a)
{
    if (a->help) {
        arguments_help();
        return SX_EXIT_DONE;
    }
    if (a->version) {
        arguments_version();
        return SX_EXIT_DONE;
    }
    if (a->list_recoverable)
        return recoverable_list();
    return batch_wanted(a) ? batch_run(a) : screen_run(a);
}

int
main(int argc, char **argv)
{
    Arguments a;
    SxError err = {0};
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow further is said, as a full disk is */
    if (!arguments_parse(&a, argc, argv, &err)) {
        (void)fprintf(stderr, "sextant: %s\n", err.text);
        return SX_EXIT_USAGE;
    }
    int code = run(&a);
    arguments_clear(&a);
    return code;
}
