/* about.c - which curses this is. */
#include <sextant/term.h>

#include <curses.h>
#include <stdio.h>

const char *
sx_term_library(char *buf, size_t size)
{
    (void)snprintf(buf, size, "%s", curses_version());
    return buf;
}
