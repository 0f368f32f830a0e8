/* examples.c - the examples of doc/mapping.md in C, on the data beside the tests. argv[1] is the folder of
 * the data. */
#include "support.h"

#include <sys/wait.h>

static const char *data;
static char folder[64];

/* A copy of a data file that may be changed. */
static const char *
fresh_copy(const char *name)
{
    char command[512];
    snprintf(command, sizeof command, "cp '%s/%s' '%s/%s'", data, name, folder, name);
    if (system(command) != 0)
        abort();
    return in_folder(folder, name);
}

static bool
reads(SxMap *m, size_t count, const char *want)
{
    uint8_t *bytes;
    size_t len;
    if (!sx_map_read(m, count, &bytes, &len, NULL))
        return false;
    bool same = len == strlen(want) && memcmp(bytes, want, len) == 0;
    free(bytes);
    return same;
}

static void
example_1_reading(void)
{
    SxMap *m = must_open(fresh_copy("lorem.txt"), SX_ACCESS_READ, 0);
    ok(reads(m, 10, "Lorem ipsu"), "1. read 10");
    ok(slice_is(m, 0, 10, "Lorem ipsu"), "1. the slice 0:10");
    ok(reads(m, 10, "m dolor si"), "1. read 10 again");
    sx_map_free(m);
}

/* Finds the word and turns it round; true when the map then shows it. */
static bool
reverse_word(SxMap *m, uint64_t *at)
{
    return sx_map_find(m, text_bytes("consectetuer"), 0, SX_TO_END, NULL, at, NULL) == SX_FOUND &&
           sx_map_assign(m, (int64_t)*at, (int64_t)*at + 12, text_bytes("reutetcesnoc"), NULL) &&
           slice_is(m, (int64_t)*at, (int64_t)*at + 12, "reutetcesnoc");
}

static void
example_2_writing(void)
{
    const char *path = fresh_copy("lorem.txt");
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    uint64_t at = 0;
    ok(reverse_word(m, &at), "2. the word is reversed");
    works(sx_map_flush(m, SX_SPAN_ALL, err));
    ok(strncmp(file_text(path) + at, "reutetcesnoc", 12) == 0, "2. in the file too");
    uint8_t *line;
    size_t len;
    works(sx_map_readline(m, &line, &len, err));
    ok(strncmp((const char *)line, file_text(path), len) == 0, "2. a plain read gives the same line");
    free(line);
    sx_map_free(m);
}

static void
example_3_copy(void)
{
    const char *path = fresh_copy("lorem.txt");
    SxMap *m = must_open(path, SX_ACCESS_COPY, 0);
    uint64_t at = 0;
    ok(reverse_word(m, &at), "3. memory has the new word");
    ok(strncmp(file_text(path) + at, "consectetuer", 12) == 0, "3. the file has the old one");
    works(sx_map_write_through(m, err));
    ok(strncmp(file_text(path) + at, "reutetcesnoc", 12) == 0, "3. until it is written through");
    sx_map_free(m);
}

static void
example_5_log(void)
{
    SxMap *m = must_open(fresh_copy("large_log.txt"), SX_ACCESS_WRITE, 0);
    uint64_t at = 0;
    is(sx_map_find(m, text_bytes("ERROR"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND,
       "5. the log has an ERROR");
    works(sx_map_assign(m, (int64_t)at, (int64_t)at + 5, text_bytes("FIXED"), err));
    SxError why;
    ok(!sx_map_assign(m, (int64_t)at, (int64_t)at + 5, text_bytes("FAILED"), &why) &&
           why.code == SX_ERR_LENGTH && strchr(why.text, '5') && strchr(why.text, '6'),
       "5. another length is refused: %s", why.text);
    ok(slice_is(m, (int64_t)at, (int64_t)at + 5, "FIXED"), "5. FIXED stays");
    sx_map_free(m);
}

static void
example_6_sharing(void)
{
    const char *path = fresh_copy("lorem.txt");
    int go[2];
    if (pipe(go) != 0)
        abort();
    pid_t child = fork();
    if (child == 0) {
        char byte;
        SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
        _exit(read(go[0], &byte, 1) == 1 && slice_is(m, 0, 5, "HELLO") ? 0 : 1);
    }
    SxMap *m = must_open(path, SX_ACCESS_WRITE, 0);
    works(sx_map_assign(m, 0, 5, text_bytes("HELLO"), err));
    int status = -1;
    ok(write(go[1], "!", 1) == 1 && waitpid(child, &status, 0) == child && status == 0,
       "6. the other process sees it");
    sx_map_free(m);
}

static void
example_7_walking(void)
{
    enum { ENOUGH = 10 << 20, STEP = 64 };
    const char *path = in_folder(folder, "walk");
    write_known(path, 12 << 20);
    SxMap *m = must_open(path, SX_ACCESS_READ, 0);
    uint64_t processed = 0;
    bool right = true;
    while (processed <= ENOUGH && right) {
        uint8_t bytes[STEP];
        uint64_t at;
        size_t got;
        right &= sx_map_seek(m, 64, SX_SEEK_HERE, NULL) && sx_map_tell(m, &at, NULL) &&
                 sx_map_peek(m, at, bytes, STEP, &got, NULL) && bytes[0] == known_byte(at) && got == STEP;
        right &= sx_map_seek(m, -32, SX_SEEK_HERE, NULL) && sx_map_tell(m, &at, NULL) &&
                 sx_map_peek(m, at, bytes, STEP, &got, NULL) && bytes[0] == known_byte(at) && got == STEP;
        processed += 2 * STEP;
    }
    ok(right, "7. more than 10 MB processed on the walk");
    sx_map_free(m);
}

static void
example_8_anonymous(void)
{
    enum { MIB = 1 << 20 };
    const char *path = in_folder(folder, "written out");
    static uint8_t pattern[MIB];
    memset(pattern, '.', sizeof pattern);
    SxMap *m, *out;
    works(sx_map_open_anonymous(&m, MIB, 0, err));
    works(sx_map_assign(m, 0, SX_TO_END, sx_bytes(pattern, sizeof pattern), err));
    works(sx_map_store(m, 700000, text_bytes("needle"), err));
    uint64_t at = 0;
    is(sx_map_find(m, text_bytes("needle"), 0, SX_TO_END, NULL, &at, NULL), SX_FOUND,
       "8. memory is searched");
    is(at, 700000, "8. and found in");
    works(sx_map_resize(m, 700010, err));
    SxMapOptions o = {.access = SX_ACCESS_WRITE, .length = 700010, .flags = SX_MAP_CREATE | SX_MAP_EXTEND};
    works(sx_map_open(&out, path, &o, err));
    uint8_t *bytes;
    size_t len;
    works(sx_map_slice(m, 0, SX_TO_END, &bytes, &len, err));
    works(sx_map_write(out, sx_bytes(bytes, len), err));
    free(bytes);
    struct stat st;
    ok(stat(path, &st) == 0 && st.st_size == 700010 && slice_is(out, -10, -4, "needle"),
       "8. and written to a new file");
    sx_map_free(m);
    sx_map_free(out);
}

int
main(int argc, char **argv)
{
    data = argc > 1 ? argv[1] : "tests/data";
    snprintf(folder, sizeof folder, "%s", make_folder());
    example_1_reading();
    example_2_writing();
    example_3_copy();
    example_5_log();
    example_6_sharing();
    example_7_walking();
    example_8_anonymous();
    drop_folder(folder);
    return done_testing();
}
