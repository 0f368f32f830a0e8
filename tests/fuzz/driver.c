/*
 * driver.c - runs a fuzz target without libFuzzer.
 *
 *     fuzz_NAME -dict=FILE [-runs=N]     N random inputs (SEED from the environment), as a TAP test
 *     fuzz_NAME FILE...                  these inputs, to look at one that failed
 *
 * An input is random bytes, or words of the dictionary with a little in between, or one of the last inputs with a few
 * bytes changed. The input that a target dies of is printed, ready for xxd -r -p.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <sextant/text.h>

#include "fuzz/fuzz.h"
#include "support/tap.h"

enum { LONGEST = 512, WORDS = 512, KEPT = 16 };

typedef struct Input {
    uint8_t data[LONGEST];
    size_t len;
} Input;

typedef struct Words {
    Input list[WORDS];
    size_t count;
} Words;

/* What runs now, for the handler that prints it. */
static Input now;

static void
print_input(int signo)
{
    static const char digits[] = "0123456789abcdef";
    char hex[2 * LONGEST + 16] = "# input: ";
    size_t at = 9;
    for (size_t i = 0; i < now.len; i++) {
        hex[at++] = digits[now.data[i] >> 4];
        hex[at++] = digits[now.data[i] & 15];
    }
    hex[at++] = '\n';
    if (write(STDOUT_FILENO, hex, at) < 0)
        _exit(2);
    raise(signo); /* the handler is gone: this ends it */
}

static void
catch_deaths(void)
{
    static const int deaths[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
    for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
        struct sigaction action = {.sa_handler = print_input, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
        sigaction(deaths[i], &action, NULL);
    }
}

static void
run(const Input *input)
{
    enum { SECONDS = 10 }; /* for one input */
    now = *input;
    /* A copy of the exact size, so that reading past it is seen by ASan. */
    uint8_t *copy = malloc(input->len ? input->len : 1);
    if (!copy)
        exit(2);
    memcpy(copy, input->data, input->len);
    alarm(SECONDS);
    LLVMFuzzerTestOneInput(copy, input->len);
    free(copy);
}

/* A line of libFuzzer's dictionaries: [name=]"text", escaped as our own texts are. */
static bool
read_word(const char *line, Input *out)
{
    const char *start = strchr(line, '"');
    const char *end = strrchr(line, '"');
    if (line[0] == '#' || !start || end <= start || (size_t)(end - start) > LONGEST)
        return false;
    return sx_text_unescape(out->data, &out->len, sx_bytes(start + 1, (size_t)(end - start - 1)), NULL);
}

static void
read_dictionary(const char *path, Words *words)
{
    char line[2 * LONGEST];
    FILE *file = fopen(path, "r");
    while (file && words->count < WORDS && fgets(line, sizeof line, file))
        words->count += read_word(line, &words->list[words->count]);
    if (file)
        fclose(file);
    ok(words->count > 0, "%zu words in the dictionary", words->count);
}

static void
append(Input *input, const void *data, size_t len)
{
    if (len > LONGEST - input->len)
        len = LONGEST - input->len;
    memcpy(input->data + input->len, data, len);
    input->len += len;
}

static Input
random_bytes(uint64_t *seed)
{
    Input input = {.len = tap_random(seed) % 64};
    for (size_t i = 0; i < input.len; i++)
        input.data[i] = (uint8_t)tap_random(seed);
    return input;
}

static Input
random_words(const Words *words, uint64_t *seed)
{
    Input input = {.len = 0};
    uint8_t first = (uint8_t)tap_random(seed); /* targets take their options from the first byte */
    append(&input, &first, 1);
    for (uint64_t n = tap_random(seed) % 12; n > 0; n--) {
        const Input *word = &words->list[tap_random(seed) % words->count];
        uint64_t r = tap_random(seed);
        append(&input, word->data, word->len);
        if (r % 8 == 0)
            append(&input, " ", 1);
        else if (r % 29 == 0)
            append(&input, &r, 1);
    }
    return input;
}

static void
change(Input *input, uint64_t *seed)
{
    for (uint64_t n = 1 + tap_random(seed) % 4; n > 0 && input->len > 0; n--) {
        uint64_t r = tap_random(seed);
        size_t at = (r >> 8) % input->len;
        if (r % 3 == 0)
            input->data[at] = (uint8_t)(r >> 40);
        else if (r % 3 == 1)
            input->data[at] ^= (uint8_t)(1u << ((r >> 40) & 7));
        else
            input->len = at;
    }
}

static void
run_random(const Words *words, long rounds)
{
    static Input kept[KEPT];
    uint64_t seed = tap_seed();
    for (long i = 0; i < rounds; i++) {
        Input *input = &kept[tap_random(&seed) % KEPT];
        uint64_t kind = tap_random(&seed) % 8;
        if (kind == 0)
            *input = random_bytes(&seed);
        else if (kind < 5)
            *input = random_words(words, &seed);
        else
            change(input, &seed);
        run(input);
    }
    ok(true, "%ld inputs", rounds);
}

static void
run_file(const char *path)
{
    Input input;
    FILE *file = fopen(path, "rb");
    input.len = file ? fread(input.data, 1, sizeof input.data, file) : 0;
    if (file)
        fclose(file);
    run(&input);
    ok(file != NULL, "%s", path);
}

int
main(int argc, char **argv)
{
    static Words words;
    long rounds = 20000;
    bool files = false;
    catch_deaths();
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "-dict=", 6) == 0) {
            read_dictionary(argv[i] + 6, &words);
        } else if (strncmp(argv[i], "-runs=", 6) == 0) {
            rounds = strtol(argv[i] + 6, NULL, 10);
        } else {
            files = true;
            run_file(argv[i]);
        }
    }
    if (!files && words.count > 0)
        run_random(&words, rounds);
    return done_testing();
}
