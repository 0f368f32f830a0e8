/*
 * machine.h - whether the processor has AVX2, as the C library found out when it was loaded.
 *
 * The compiler's own way, target_clones and __builtin_cpu_supports, asks the processor before main, and in a virtual
 * machine each question is a trap: a tenth of the time to the first screen.
 *
 * A loop for every machine is written once, as an always_inline body, and put into two functions:
 *
 *     FOR_AVX2 static size_t loop_avx2(...) { return body(...); }
 *     static size_t loop(...) { return machine_has_avx2() ? loop_avx2(...) : body(...); }
 */
#pragma once

#include <stdbool.h>

#if defined(__x86_64__)
#define FOR_AVX2 __attribute__((target("avx2")))
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#else
#define FOR_AVX2
#endif

static inline bool
machine_has_avx2(void)
{
#if !defined(__x86_64__)
    return false;
#elif defined(CPU_FEATURE_ACTIVE)
    return CPU_FEATURE_ACTIVE(AVX2);
#else
    return __builtin_cpu_supports("avx2");
#endif
}
