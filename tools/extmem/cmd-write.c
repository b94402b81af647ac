// SPDX-License-Identifier: GPL-2.0
/*
 * extmem write and extmem fill: bytes from the command line, or the same ones again and
 * again.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"

static const char help_write[] =
	"usage: extmem write [OPTION...] REGION [BYTES]\n"
	"\n"
	"Write bytes to a region. BYTES is hexadecimal, as 'de ad be ef' or deadbeef;\n"
	"without it and without --text, they are standard input, as they are.\n"
	"\n"
	"  -s, --offset N    to this byte of the region on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    no more than so many (to the end)\n"
	"  -t, --text        BYTES is text, and is written as it stands, without a 0\n"
	"\n"
	"What does not fit is an error. Registers are written in one piece, whose width\n"
	"the kernel chooses: see extmem poke for single ones, and extmem load for files.\n";

static const char help_fill[] =
	"usage: extmem fill [OPTION...] REGION VALUE\n"
	"\n"
	"Write the same number all over a region, or over a part of it.\n"
	"\n"
	"  -s, --offset N    from this byte on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    so many bytes (to the end)\n"
	"  -w, --width N     bytes of the number: 1 (the default), 2, 4 or 8; they lie as\n"
	"                    the CPU has them\n"
	"  -q, --quiet       no progress bar\n"
	"\n"
	"Offset and length are multiples of the width. Of registers say which by -s and\n"
	"-n: each is written by one access.\n";

struct writing {
	struct window window;
	uint64_t done;
	unsigned int width;
	bool text, quiet;
	struct progress progress;
};

static int give_up(struct writing *writing, int ret)
{
	unsigned long long done = writing->done;
	const char *name = writing->window.name;

	progress_end(&writing->progress);
	if (interrupted())
		return fail(interrupt_code(),
			    "%s: stopped by %s; %#llx bytes are written, the rest is as it was",
			    name, interrupt_name(), done);
	if (!done)
		return window_fail(&writing->window, ret);
	return fail(code_of(ret), "%s; %#llx bytes are written, the rest is as it was",
		    extmem_error(writing->window.context), done);
}

static int put_piece(struct writing *writing, const unsigned char *piece, size_t length)
{
	const struct window *window = &writing->window;
	int ret = window_write(window, piece, length, window->offset + writing->done,
			       &writing->done);

	return ret ? give_up(writing, ret) : EXIT_GOOD;
}

static int too_much(const struct writing *writing, const char *what)
{
	return fail(EXIT_USAGE,
		    "%s more than the %#llx bytes that there is room for in %s; %#llx are written",
		    what, (unsigned long long)writing->window.length, writing->window.name,
		    (unsigned long long)writing->done);
}

static int write_stream(struct writing *writing)
{
	static unsigned char piece[CHUNK];
	struct source source;
	ssize_t got = 1;
	int code;

	code = source_open(&source, "-");
	while (!code && got > 0) {
		/* One more than fits, to see whether there is more. */
		got = source_read(&source, piece, sizeof(piece));
		if (interrupted())
			code = give_up(writing, 0);
		else if (got < 0)
			code = source_fail(&source, got);
		else if ((uint64_t)got > writing->window.length - writing->done)
			code = too_much(writing, "standard input has");
		else if (got)
			code = put_piece(writing, piece, got);
	}
	source_close(&source);
	return code;
}

/* Pairs of digits, with blanks between them as one likes. */
static int parse_bytes(const char *text, unsigned char *bytes, size_t *length)
{
	const char *at = text;

	for (*length = 0; *at;) {
		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
			return fail(EXIT_USAGE,
				    "write: \"%s\" is no row of bytes: write 'de ad be ef', or use --text",
				    text);
		bytes[(*length)++] = strtoul((char[]) { at[0], at[1], 0 }, NULL, 16);
		at += 2;
	}
	return EXIT_GOOD;
}

static int write_bytes(struct writing *writing, const char *text)
{
	size_t length = strlen(text);
	unsigned char *bytes = malloc(length + 1);
	int code = EXIT_GOOD;

	if (!bytes)
		return fail(EXIT_FAILED, "out of memory");
	if (writing->text)
		memcpy(bytes, text, length);
	else
		code = parse_bytes(text, bytes, &length);
	if (!code && length > writing->window.length)
		code = too_much(writing, "that is");
	else if (!code)
		code = put_piece(writing, bytes, length);
	free(bytes);
	return code;
}

int cmd_write(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "text", no_argument, NULL, 't' },
		{}
	};
	static const struct options options = { help_write, WINDOW_SHORTS "t", longs };
	struct window_options window = {};
	struct writing writing = {};
	int code, got;

	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 's':
			window.offset = optarg;
			break;
		case 'n':
			window.length = optarg;
			break;
		case 't':
			writing.text = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 1 + writing.text, 2, "[OPTION...] REGION [BYTES]");
	if (!code)
		code = window_open(&writing.window, argv[optind], O_RDWR, &window);
	if (code)
		return code;
	catch_interrupts();
	if (optind + 1 < argc)
		code = write_bytes(&writing, argv[optind + 1]);
	else
		code = write_stream(&writing);
	if (!code)
		code = window_persist(&writing.window);
	window_close(&writing.window);
	return code;
}

static void repeat(unsigned char *piece, uint64_t value, unsigned int width)
{
	unsigned char bytes[8];
	unsigned int i;

	for (i = 0; i < width; i++) {
		unsigned int from = is_big_endian() ? width - 1 - i : i;

		bytes[i] = value >> (8 * from);
	}
	for (i = 0; i < CHUNK; i += width)
		memcpy(piece + i, bytes, width);
}

static int fill(struct writing *writing, uint64_t value)
{
	static unsigned char piece[CHUNK];
	const struct window *window = &writing->window;
	size_t length;
	int code = EXIT_GOOD;

	repeat(piece, value, writing->width);
	if (!writing->quiet)
		progress_begin(&writing->progress, window->name, 0, window->length);
	while (!code && writing->done < window->length) {
		length = window->is_mmio ? writing->width : piece_of(window, writing->done);
		code = put_piece(writing, piece, length);
		progress_show(&writing->progress, writing->done);
	}
	progress_end(&writing->progress);
	return code;
}

static int check_fill(const struct writing *writing, const char *text, uint64_t *value)
{
	const struct window *window = &writing->window;

	if (!parse_size(text, value))
		return fail(EXIT_USAGE,
			    "fill: \"%s\" is no number of 64 bits: write it in decimal or with 0x",
			    text);
	if (writing->width < 8 && *value >> (8 * writing->width))
		return fail(EXIT_USAGE, "fill: %s does not fit %u bytes: choose another --width",
			    text, writing->width);
	if (window->offset % writing->width || window->length % writing->width)
		return fail(EXIT_USAGE,
			    "%s: offset %#llx and length %#llx are no multiples of %u: choose others, or another --width",
			    window->name, (unsigned long long)window->offset,
			    (unsigned long long)window->length, writing->width);
	return window_needs_length(window, "fill");
}

int cmd_fill(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "width", required_argument, NULL, 'w' },
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	static const struct options options = { help_fill, WINDOW_SHORTS "w:q", longs };
	struct window_options window = {};
	struct writing writing = { .width = 1 };
	uint64_t value;
	int code, got;

	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 's':
			window.offset = optarg;
			break;
		case 'n':
			window.length = optarg;
			break;
		case 'w':
			code = parse_width_of("--width", optarg, &writing.width);
			if (code)
				return code;
			break;
		case 'q':
			writing.quiet = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 2, 2, "[OPTION...] REGION VALUE");
	if (!code)
		code = window_open(&writing.window, argv[optind], O_RDWR, &window);
	if (code)
		return code;
	code = check_fill(&writing, argv[optind + 1], &value);
	if (!code) {
		catch_interrupts();
		code = fill(&writing, value);
	}
	if (!code)
		code = window_persist(&writing.window);
	window_close(&writing.window);
	return code;
}
