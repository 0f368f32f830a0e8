/*
 * worker.h - threads that search in the background: how many, and how they behave.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/* As many as processors that this process may use. */
unsigned worker_count(void);
/* Starts a thread that gets no signals of the program. */
bool worker_start(pthread_t *out, void *(*run)(void *), void *data);
/* In the thread: be less urgent than what the user sees. */
void worker_begin(void);
