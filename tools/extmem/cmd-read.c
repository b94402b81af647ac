// SPDX-License-Identifier: GPL-2.0
/*
 * extmem read: a region's bytes for people, or as they are.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "copy.h"

static const char help[] =
	"usage: extmem read [OPTION...] REGION\n"
	"\n"
	"Print what is in a region, in hexadecimal and as text, with the offsets in it.\n"
	"A * stands for lines that are as the one before.\n"
	"\n"
	"  -s, --offset N    from this byte on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    so many bytes (to the end)\n"
	"  -w, --width N     as numbers of 1, 2, 4 or 8 bytes in the CPU's order; of\n"
	"                    registers, each is one access, and the default is 4\n"
	"  -r, --raw         the bytes as they are, for a pipe\n"
	"\n"
	"Of registers say which by -s and -n: to read one can have effects.\n";

#define LINE 16

struct reading {
	struct window window;
	unsigned int width;	/* 0: bytes, and text beside them */
	bool raw;
	unsigned char last[LINE];
	bool repeating;
	uint64_t done;
};

/* Registers one by one, other memory as fast as it goes. */
static int read_piece(const struct reading *reading, unsigned char *buffer, size_t length)
{
	const struct window *window = &reading->window;
	uint64_t at = window->offset + reading->done;
	size_t i, width = reading->width;
	int ret = 0;

	if (!window->is_mmio)
		return window_read(window, buffer, length, at);
	for (i = 0; i < length && !ret; i += width)
		ret = window_read(window, buffer + i, width, at + i);
	return ret;
}

static uint64_t native(const unsigned char *at, unsigned int width)
{
	uint64_t eight;
	uint32_t four;
	uint16_t two;

	switch (width) {
	case 8:
		memcpy(&eight, at, sizeof(eight));
		return eight;
	case 4:
		memcpy(&four, at, sizeof(four));
		return four;
	case 2:
		memcpy(&two, at, sizeof(two));
		return two;
	default:
		return *at;
	}
}

static void print_bytes(const unsigned char *line, size_t length)
{
	size_t i;

	for (i = 0; i < LINE; i++) {
		if (i < length)
			printf(" %02x%s", line[i], i == 7 ? " " : "");
		else
			printf("   %s", i == 7 ? " " : "");
	}
	fputs("  |", stdout);
	for (i = 0; i < length; i++)
		putchar(line[i] >= ' ' && line[i] <= '~' ? line[i] : '.');
	puts("|");
}

static void print_line(struct reading *reading, uint64_t at, const unsigned char *line,
		       size_t length, bool first)
{
	size_t i;

	if (!first && length == LINE && !memcmp(line, reading->last, LINE)) {
		if (!reading->repeating)
			puts("*");
		reading->repeating = true;
		return;
	}
	reading->repeating = false;
	memcpy(reading->last, line, length);
	printf("%08llx ", (unsigned long long)at);
	if (!reading->width) {
		print_bytes(line, length);
		return;
	}
	for (i = 0; i < length; i += reading->width)
		printf(" %0*llx", 2 * (int)reading->width,
		       (unsigned long long)native(line + i, reading->width));
	putchar('\n');
}

static void print_piece(struct reading *reading, const unsigned char *piece, size_t length)
{
	size_t i;

	for (i = 0; i < length; i += LINE)
		print_line(reading, reading->window.offset + reading->done + i, piece + i,
			   length - i < LINE ? length - i : LINE, !reading->done && !i);
}

static int give_up(const struct reading *reading)
{
	return fail(interrupt_code(), "%s: stopped by %s after %#llx of %#llx bytes",
		    reading->window.name, interrupt_name(), (unsigned long long)reading->done,
		    (unsigned long long)reading->window.length);
}

static int output_failed(const struct reading *reading, int error)
{
	return fail(EXIT_FAILED, "standard output: %s; %#llx of %#llx bytes were read for it",
		    strerror(error), (unsigned long long)reading->done,
		    (unsigned long long)reading->window.length);
}

static int read_all(struct reading *reading)
{
	static unsigned char piece[CHUNK];
	const struct window *window = &reading->window;
	size_t length;
	int ret;

	while (reading->done < window->length) {
		length = piece_of(window, reading->done);
		ret = read_piece(reading, piece, length);
		if (interrupted())
			return give_up(reading);
		if (ret)
			return window_fail(window, ret);
		if (reading->raw) {
			ret = write_all(STDOUT_FILENO, piece, length, &reading->done);
		} else {
			print_piece(reading, piece, length);
			ret = fflush(stdout) ? -errno : 0;
			reading->done += length;
		}
		if (interrupted())
			return give_up(reading);
		if (ret)
			return output_failed(reading, -ret);
	}
	if (!reading->raw)
		printf("%08llx\n", (unsigned long long)(window->offset + window->length));
	return finish_output();
}

static int check_units(const struct reading *reading)
{
	unsigned int width = reading->width ? reading->width : 1;

	if (!(reading->window.offset % width) && !(reading->window.length % width))
		return EXIT_GOOD;
	return fail(EXIT_USAGE,
		    "%s: offset %#llx and length %#llx are no multiples of %u: choose others, or another --width",
		    reading->window.name, (unsigned long long)reading->window.offset,
		    (unsigned long long)reading->window.length, width);
}

int cmd_read(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "width", required_argument, NULL, 'w' },
		{ "raw", no_argument, NULL, 'r' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "w:r", longs };
	struct window_options window = {};
	struct reading reading = {};
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
			code = parse_width_of("--width", optarg, &reading.width);
			if (code)
				return code;
			break;
		case 'r':
			reading.raw = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 1, 1, "[OPTION...] REGION");
	if (!code)
		code = window_open(&reading.window, argv[optind], O_RDONLY, &window);
	if (code)
		return code;
	if (reading.window.is_mmio && !reading.width)
		reading.width = 4;
	code = window_needs_length(&reading.window, "read");
	if (!code)
		code = check_units(&reading);
	if (!code) {
		catch_interrupts();
		code = read_all(&reading);
	}
	window_close(&reading.window);
	return code;
}
