/* fuzz_keys.c - any text as keys: each that is read is printed, and read back as itself. */
#include <string.h>

#include <sextant/key.h>
#include <sextant/text.h>

#include "fuzz/fuzz.h"

static void
check_printed(SxKey key)
{
    char name[64];
    SxKey again = {0, 0};
    size_t used = 0;
    size_t len = sx_key_print(name, sizeof name, key);
    FUZZ_CHECK(len > 0 && len < sizeof name && strlen(name) == len);
    FUZZ_CHECK(sx_key_parse(sx_bytes(name, len), &again, &used, NULL));
    FUZZ_CHECK(used == len && again.code == key.code && again.mods == key.mods);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SxBytes text = {data, size};
    SxKey key;
    SxError err = {.code = SX_OK};
    size_t used = 0;
    while (sx_key_parse(text, &key, &used, &err)) {
        FUZZ_CHECK(used > 0 && used <= text.len);
        check_printed(key);
        text = sx_bytes(text.data + used, text.len - used);
    }
    FUZZ_CHECK(err.code == SX_ERR_SYNTAX && err.column >= 1 && err.column <= text.len + 1 && err.text[0]);
    return 0;
}
