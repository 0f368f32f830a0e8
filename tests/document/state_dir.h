/* state_dir.h - the state directory of a test: copied and removed by the shell, and the one journal in it. */
#pragma once

#include <dirent.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 2))) static inline bool
shell(const char *fmt, ...)
{
    char command[900];
    va_list args;
    va_start(args, fmt);
    vsnprintf(command, sizeof command, fmt, args);
    va_end(args);
    return system(command) == 0;
}

/* The one journal in `state`. */
static inline bool
find_journal(const char *state, char dir[512])
{
    DIR *d = opendir(state);
    bool found = false;
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
        if (e->d_name[0] != '.' && !strstr(e->d_name, ".lock")) {
            snprintf(dir, 512, "%s/%s", state, e->d_name);
            found = true;
        }
    if (d)
        closedir(d);
    return found;
}
