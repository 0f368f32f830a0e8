/* recoverable.h - sextant --list-recoverable. */
#pragma once

/* Prints file, time, number of unsaved changes and what they are, a line each; returns the exit code: ABSENT when none wait. */
int recoverable_list(void);
