/* about.c - which PCRE2 this is. */
#include <sextant/search.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

const char *
sx_search_engine(char *buf, size_t size)
{
    char version[32] = "";
    uint32_t jit = 0;
    (void)pcre2_config(PCRE2_CONFIG_VERSION, version);
    (void)pcre2_config(PCRE2_CONFIG_JIT, &jit);
    (void)snprintf(buf, size, "PCRE2 %s, %s", version, jit ? "JIT" : "no JIT");
    return buf;
}
