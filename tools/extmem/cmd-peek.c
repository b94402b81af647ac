// SPDX-License-Identifier: GPL-2.0
/*
 * extmem peek and extmem poke: single numbers, each by one access of its width.
 */
#include <fcntl.h>
#include <json-c/json.h>
#include <string.h>

#include "extmem.h"

static const char help_peek[] =
	"usage: extmem peek [OPTION...] REGION OFFSET [COUNT]\n"
	"\n"
	"Read numbers from a region, each by one access, and print them in hexadecimal:\n"
	"one as it is, several with their offsets.\n"
	"\n"
	"  -w, --width N     bytes of each: 1, 2, 4 (the default) or 8\n"
	"  -e, --endian E    how its bytes lie: native (the default), little or big\n"
	"  -j, --json        for programs: version 1\n"
	"\n"
	"The offset is from the region's beginning and a multiple of the width. Of\n"
	"registers the kernel has undone the byte order that the device tree gives, so\n"
	"that native is right. Registers of 8 bytes need reg-io-width = <8> in the device\n"
	"tree; without it the kernel makes two accesses of 4.\n";

static const char help_poke[] =
	"usage: extmem poke [OPTION...] REGION OFFSET VALUE...\n"
	"\n"
	"Write numbers to a region, each by one access, one behind the other.\n"
	"\n"
	"  -w, --width N     bytes of each: 1, 2, 4 (the default) or 8\n"
	"  -e, --endian E    how its bytes will lie: native (the default), little or big\n"
	"\n"
	"The offset is from the region's beginning and a multiple of the width; a value\n"
	"is decimal or 0x and fits the width. See extmem peek --help for registers.\n";

enum endian { NATIVE, LITTLE, BIG };

struct cells {
	struct window window;
	uint64_t offset;
	unsigned int width;
	enum endian endian;
	bool json;
};

static bool must_swap(enum endian endian)
{
	return endian == (is_big_endian() ? LITTLE : BIG);
}

/* The number that the first @width bytes are. */
static uint64_t number_of(const unsigned char *bytes, const struct cells *cells)
{
	bool big = must_swap(cells->endian) != is_big_endian();
	uint64_t number = 0;
	unsigned int i;

	for (i = 0; i < cells->width; i++)
		number = number << 8 | bytes[big ? i : cells->width - 1 - i];
	return number;
}

static void bytes_of(uint64_t number, const struct cells *cells, unsigned char *bytes)
{
	bool big = must_swap(cells->endian) != is_big_endian();
	unsigned int i;

	for (i = 0; i < cells->width; i++) {
		bytes[big ? cells->width - 1 - i : i] = number;
		number >>= 8;
	}
}

static int parse_endian(const char *text, enum endian *endian)
{
	static const char * const names[] = { [NATIVE] = "native", [LITTLE] = "little",
		[BIG] = "big" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(names[i], text))
			continue;
		*endian = i;
		return EXIT_GOOD;
	}
	return fail(EXIT_USAGE, "--endian: \"%s\" is none; write native, little or big", text);
}

/* Sets *@stop when the verb is to return the code. */
static int parse(int argc, char **argv, const struct options *options, struct cells *cells,
		 bool *stop)
{
	int code, got;

	*stop = true;
	while ((got = next_option(argc, argv, options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 'w':
			code = parse_width_of("--width", optarg, &cells->width);
			break;
		case 'e':
			code = parse_endian(optarg, &cells->endian);
			break;
		case 'j':
			cells->json = true;
			code = EXIT_GOOD;
			break;
		}
		if (code)
			return code;
	}
	*stop = false;
	return EXIT_GOOD;
}

static int check_range(const struct cells *cells, uint64_t count)
{
	uint64_t size = extmem_file_size(cells->window.file);

	if (cells->offset % cells->width)
		return fail(EXIT_USAGE,
			    "%s: %#llx is no multiple of %u: choose another offset or --width",
			    cells->window.name, (unsigned long long)cells->offset, cells->width);
	if (cells->offset >= size || count > (size - cells->offset) / cells->width)
		return fail(EXIT_USAGE, "%s ends at %#llx: %llu of %u bytes at %#llx are not in it",
			    cells->window.name, (unsigned long long)size,
			    (unsigned long long)count, cells->width,
			    (unsigned long long)cells->offset);
	return EXIT_GOOD;
}

/* One access, or an error: half a number is none. */
static int peek_one(const struct cells *cells, uint64_t offset, uint64_t *number)
{
	unsigned char bytes[8];
	ssize_t got = extmem_read(cells->window.file, bytes, cells->width, offset);

	if (got < 0)
		return fail_library(cells->window.context, got);
	if (got != (ssize_t)cells->width)
		return fail(EXIT_FAILED, "%s: only %zd of %u bytes at %#llx could be read",
			    cells->window.name, got, cells->width, (unsigned long long)offset);
	*number = number_of(bytes, cells);
	return EXIT_GOOD;
}

static void print_one(const struct cells *cells, uint64_t offset, uint64_t number, bool alone)
{
	if (!alone)
		printf("0x%08llx: ", (unsigned long long)offset);
	printf("0x%0*llx\n", 2 * (int)cells->width, (unsigned long long)number);
}

static int peek(const struct cells *cells, uint64_t count)
{
	struct json_object *values = json_object_new_array();
	struct json_object *document;
	uint64_t number = 0, i, offset;
	int code = EXIT_GOOD;

	for (i = 0; i < count && !code; i++) {
		offset = cells->offset + i * cells->width;
		code = peek_one(cells, offset, &number);
		if (code)
			break;
		if (cells->json)
			json_object_array_add(values, json_bytes(number));
		else
			print_one(cells, offset, number, count == 1);
	}
	if (code || !cells->json) {
		json_object_put(values);
		return code ? code : finish_output();
	}
	document = json_document("peek");
	json_object_object_add(document, "region", json_string(cells->window.name));
	json_object_object_add(document, "offset", json_bytes(cells->offset));
	json_object_object_add(document, "width", json_bytes(cells->width));
	json_object_object_add(document, "values", values);
	return json_finish(document);
}

int cmd_peek(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "width", required_argument, NULL, 'w' },
		{ "endian", required_argument, NULL, 'e' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	static const struct options options = { help_peek, "w:e:j", longs };
	struct cells cells = { .width = 4 };
	uint64_t count = 1;
	bool stop;
	int code;

	code = parse(argc, argv, &options, &cells, &stop);
	if (stop)
		return code;
	code = expect_arguments(argc, argv, 2, 3, "[OPTION...] REGION OFFSET [COUNT]");
	if (!code)
		code = parse_size_of("peek: the offset", argv[optind + 1], &cells.offset);
	if (!code && optind + 2 < argc)
		code = parse_size_of("peek: the count", argv[optind + 2], &count);
	if (!code)
		code = window_open(&cells.window, argv[optind], O_RDONLY,
				   &(struct window_options) {});
	if (code)
		return code;
	code = check_range(&cells, count);
	if (!code)
		code = peek(&cells, count);
	window_close(&cells.window);
	return code;
}

static int parse_value(const struct cells *cells, const char *text, uint64_t *value)
{
	if (!parse_size(text, value))
		return fail(EXIT_USAGE,
			    "poke: \"%s\" is no number of 64 bits: write it in decimal or with 0x",
			    text);
	if (cells->width < 8 && *value >> (8 * cells->width))
		return fail(EXIT_USAGE, "poke: %s does not fit %u bytes: choose another --width",
			    text, cells->width);
	return EXIT_GOOD;
}

static int poke_one(const struct cells *cells, uint64_t offset, uint64_t value)
{
	unsigned char bytes[8];
	ssize_t put;

	bytes_of(value, cells, bytes);
	put = extmem_write(cells->window.file, bytes, cells->width, offset);
	if (put < 0)
		return fail_library(cells->window.context, put);
	if (put != (ssize_t)cells->width)
		return fail(EXIT_FAILED, "%s: only %zd of %u bytes at %#llx could be written",
			    cells->window.name, put, cells->width, (unsigned long long)offset);
	return EXIT_GOOD;
}

/* All values are looked at before the first is written. */
static int poke(const struct cells *cells, char **texts, int count)
{
	int i, code = EXIT_GOOD;
	uint64_t value;

	for (i = 0; i < count && !code; i++)
		code = parse_value(cells, texts[i], &value);
	if (!code)
		code = check_range(cells, count);
	for (i = 0; i < count && !code; i++) {
		parse_size(texts[i], &value);
		code = poke_one(cells, cells->offset + (uint64_t)i * cells->width, value);
		if (code && i)
			note("%s: %d of %d numbers are written", cells->window.name, i, count);
	}
	return code;
}

int cmd_poke(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "width", required_argument, NULL, 'w' },
		{ "endian", required_argument, NULL, 'e' },
		{}
	};
	static const struct options options = { help_poke, "w:e:", longs };
	struct cells cells = { .width = 4 };
	bool stop;
	int code;

	code = parse(argc, argv, &options, &cells, &stop);
	if (stop)
		return code;
	code = expect_arguments(argc, argv, 3, 1 << 20, "[OPTION...] REGION OFFSET VALUE...");
	if (!code)
		code = parse_size_of("poke: the offset", argv[optind + 1], &cells.offset);
	if (!code)
		code = window_open(&cells.window, argv[optind], O_RDWR,
				   &(struct window_options) {});
	if (code)
		return code;
	code = poke(&cells, argv + optind + 2, argc - optind - 2);
	window_close(&cells.window);
	return code;
}
