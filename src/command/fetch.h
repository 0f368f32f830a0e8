/* fetch.h - read a range, for what reading it brings: bytes in the cache, and the news of what cannot be read. */
#pragma once

#include <sextant/job.h>
#include <sextant/source.h>

/* Looks at a byte of each page that is stored; holes and what is known to be lost are passed over. Ends early when
 * cancelled or when there is no memory. */
void fetch(SxSource *source, SxSpan span, SxJob *job);
