/* test_intern.c - equal values have equal ids, and ids give their values back. */
#include <sextant/intern.h>

#include "support/tap.h"

typedef struct Value {
    uint32_t a, b, c;
} Value;

static Value
value(uint32_t i)
{
    return (Value){i, i * 2654435761u, ~i};
}

int
main(void)
{
    SxIntern t = {.size = sizeof(Value)};
    Value zero = {0, 0, 0}, got;
    memcpy(&got, sx_intern_at(&t, 7), sizeof got);
    is(sx_intern(&t, &zero), 0, "zeros are always there");
    ok(memcmp(&got, &zero, sizeof got) == 0, "and stand for what is not");
    unsigned wrong = 0;
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 1; i <= 20000; i++) {
            Value v = value(i % 5000 + 1);
            memcpy(&got, sx_intern_at(&t, sx_intern(&t, &v)), sizeof got);
            wrong += memcmp(&got, &v, sizeof got) != 0;
        }
        is(t.count, 5000, "each once");
        sx_intern_reset(&t);
    }
    is(wrong, 0, "all come back");
    is(t.count, 0, "forgotten");
    uint16_t last = 1;
    for (uint32_t i = 1; i <= 40000; i++) {
        Value v = value(i);
        last = sx_intern(&t, &v);
    }
    is(last, 0, "what has no room is as zeros");
    is(t.count, 32768, "the others are there");
    Value v = value(77);
    is(sx_intern(&t, &v), 77, "and known again");
    sx_intern_free(&t);
    is(sx_intern(&t, &v), 1, "empty again");
    sx_intern_free(&t);
    return done_testing();
}
