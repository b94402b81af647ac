/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the verbs of the command share.
 *
 * A verb is a function int cmd_VERB(int argc, char **argv), whose argv[0] is its name. It
 * returns an exit code, having said on one line of stderr what is wrong if that is not
 * EXIT_GOOD. Only what was asked for goes to stdout.
 */
#ifndef EXTMEM_COMMAND_H
#define EXTMEM_COMMAND_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <libextmem.h>

struct json_object;

#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

/* As extmem(1) has them. A signal that ends a verb gives 128 and its number. */
enum exit_code {
	EXIT_GOOD = 0,
	EXIT_FOUND = 1,		/* it was done, and what it looked for is there: a difference */
	EXIT_USAGE = 2,		/* the command line asks for what cannot be */
	EXIT_ABSENT = 3,	/* no such region, no such file, no extmem in the kernel */
	EXIT_REFUSED = 4,	/* not allowed, or busy */
	EXIT_FAILED = 5,	/* it went wrong on the way: disk full, region gone, pipe closed */
};

/* --- what is said: error.c --- */

/* One line, "extmem: " before it. Returns the code, for a return statement. */
int fail(enum exit_code code, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The end of a verb that has written to stdout: a full disk is no success. */
int finish_output(void);

/* --- colours: colour.c --- */

enum colour {
	COLOUR_NONE,
	COLOUR_BOLD,
	COLOUR_DIM,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_YELLOW,
	COLOUR_BLUE,
	COLOUR_MAGENTA,
	COLOUR_CYAN,
	COLOUR_COUNT
};

/* A terminal that understands them, and nobody who has set NO_COLOR. */
bool colours_wanted(FILE *stream);
/* The escape that begins it, COLOUR_NONE to end it; "" where none are wanted. */
const char *colour(FILE *stream, enum colour which);

/* --- options: options.c --- */

enum { OPTION_END = -1, OPTION_STOP = -2 };

/* --help prints @help: 24 lines of 80 columns at most. Each has -h, --help by itself. */
struct options {
	const char *help;
	const char *shorts;		/* as of getopt(), without h */
	const struct option *longs;	/* as of getopt_long(), without --help, zero-ended */
};

/*
 * The next option, or OPTION_END when there are none, or OPTION_STOP when the verb is to
 * return *@code: after --help, and after an option that it does not know.
 */
int next_option(int argc, char **argv, const struct options *options, int *code);

/* There are @least to @most arguments after the options, or one line says how to call it. */
int expect_arguments(int argc, char **argv, int least, int most, const char *synopsis);

/* --- sizes: size.c --- */

/* "4096", "0x1000", "4k", "2M": whole numbers, with k M G T for powers of 1024. */
bool parse_size(const char *text, uint64_t *value);
/* The same for an option, with a line if it is none; EXIT_GOOD or EXIT_USAGE. */
int parse_size_of(const char *what, const char *text, uint64_t *value);
/* About: "4 KiB", "1.5 MiB"; @buffer has SIZE_TEXT bytes and is returned. */
#define SIZE_TEXT 24
const char *size_text(uint64_t bytes, char *buffer);
/* Exactly, and as parse_size() takes it: "4k", "1536k", "100". */
const char *size_exact(uint64_t bytes, char *buffer);
/* Of this machine. */
static inline bool is_big_endian(void)
{
	const uint16_t one = 1;

	return !*(const unsigned char *)&one;
}

/* 1, 2, 4 or 8; EXIT_GOOD or EXIT_USAGE. */
int parse_width_of(const char *what, const char *text, unsigned int *width);

/* --- what machines read: json.c --- */

/*
 * Each --json prints one object: "version", which is 1 until a member changes its meaning
 * or goes, "verb", and what the verb has to say. schema/VERB.json describes it. Bytes and
 * addresses are numbers; what is not known is null.
 */
struct json_object *json_document(const char *verb);
struct json_object *json_string(const char *text);	/* null for NULL */
struct json_object *json_bytes(uint64_t bytes);
/* Prints it, gives it back, and ends the verb as finish_output() does. */
int json_finish(struct json_object *document);

/* What list and info say of a region. */
struct json_object *json_region(const struct extmem_region *region);

/* --- tables for people: table.c --- */

#define TABLE_COLUMNS 16

struct table;
struct table *table_new(unsigned int columns);
void table_free(struct table *table);
/* The next cell of the last row, or the first of a new one. Out of memory ends it all. */
void table_add(struct table *table, const char *text);
void table_print(const struct table *table, FILE *stream, bool first_is_heading);

/* --- signals: interrupt.c --- */

/* From here on a SIGINT, SIGTERM or SIGHUP is only noted, and ends a system call. */
void catch_interrupts(void);
/* The one that came, or 0. */
int interrupted(void);
/* "SIGINT", and the exit code for it. */
const char *interrupt_name(void);
int interrupt_code(void);

/* --- a region that a verb works on: window.c --- */

/* The options -s and -n of a verb; zeroed at first. */
struct window_options {
	const char *offset, *length;
};

#define WINDOW_SHORTS "s:n:"
#define WINDOW_OFFSET { "offset", required_argument, NULL, 's' }
#define WINDOW_LENGTH { "length", required_argument, NULL, 'n' }

struct window {
	struct extmem_context *context;
	struct extmem_file *file;
	const char *name;	/* the region's */
	bool is_mmio;
	bool length_given;
	uint64_t offset, length;
};

/* Opens it as extmem_open() does, and finds what part of it was asked for. */
int window_open(struct window *window, const char *name, int flags,
		const struct window_options *options);
void window_close(struct window *window);
/* Registers have effects: of them a verb wants to be told which. */
int window_needs_length(const struct window *window, const char *verb);
/* The exit code for what the library returned. */
enum exit_code code_of(int error);
/* The line of the library's, and that code. */
int fail_library(const struct extmem_context *context, int error);
/* All of them, in pieces; 0 or a negative errno, -EINTR when interrupted. */
int window_read(const struct window *window, void *buffer, size_t length, uint64_t offset);
/* *@done counts on, also when it fails. */
int window_write(const struct window *window, const void *buffer, size_t length,
		 uint64_t offset, uint64_t *done);

/* After the last: memory that remembers has it when the power goes. */
int window_persist(const struct window *window);
/* The line for what they returned, if it was no interruption, and the exit code. */
int window_fail(const struct window *window, int ret);

/* How much goes in one call: soon done, and long enough for a DMA engine. */
#define CHUNK (256u << 10)

/* --- how far a long one is: progress.c --- */

struct progress {
	const char *what;
	uint64_t from, total;
	double began, shown;
	bool visible;
};

/* On stderr, if that is a terminal. @from bytes were done before. */
void progress_begin(struct progress *progress, const char *what, uint64_t from,
		    uint64_t total);
void progress_show(struct progress *progress, uint64_t done);
void progress_end(struct progress *progress);
/* Seconds of a clock that only goes forward. */
double clock_now(void);

/* --- sha256.c --- */

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;
	unsigned char block[64];
};

#define SHA256_TEXT 65

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t length);
const char *sha256_end(struct sha256 *sha, char *text);

/* --- the verbs --- */

int cmd_alloc(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_cmp(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_fill(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_irq(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_peek(int argc, char **argv);
int cmd_poke(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_test(int argc, char **argv);
int cmd_write(int argc, char **argv);

#endif /* EXTMEM_COMMAND_H */
