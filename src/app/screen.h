/* screen.h - with a screen: opens the files, takes the terminal, runs the loop. */
#pragma once

#include "app/arguments.h"

/* The exit code of the process. */
int screen_run(const Arguments *a);
