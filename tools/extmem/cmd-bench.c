// SPDX-License-Identifier: GPL-2.0
/*
 * extmem bench: how fast the CPU gets at a region's bytes, in the ways that programs use.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "copy.h"

static const char help[] =
	"usage: extmem bench [OPTION...] REGION\n"
	"\n"
	"Measure how fast a region is read by read(), and through a mapping, and how long\n"
	"a single access takes. Nothing is changed.\n"
	"\n"
	"  -s, --offset N    from this byte on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    on so many bytes (16M, or to the end)\n"
	"  -t, --time MS     so many milliseconds for each row (200)\n"
	"  -w, --write       writing, too: what is there is written once more, which\n"
	"                    undoes what others write to it meanwhile\n"
	"  -j, --json        for programs: version 1\n"
	"\n"
	"Rates are in MB/s, of 1,000,000 bytes. What is cached is as fast as the cache if\n"
	"it fits: give a length. A dash is a way that the region has not: one that is not\n"
	"whole pages, or whose offset is not, cannot be mapped.\n";

#define USUAL_LENGTH (16u << 20)

struct bench {
	struct window window;
	struct extmem_map map;
	unsigned char *copy;	/* what was there */
	double seconds;
	bool write, json;
};

struct way {
	const char *name;
	bool writes, single;
	/* Moves all of it once, or makes one access; a negative errno, and -ENODEV: no way. */
	int (*run)(struct bench *bench);
};

static int by_read(struct bench *bench)
{
	static unsigned char piece[CHUNK];
	const struct window *window = &bench->window;
	uint64_t done;
	int ret = 0;

	for (done = 0; done < window->length && !ret; done += piece_of(window, done))
		ret = window_read(window, piece, piece_of(window, done), window->offset + done);
	return ret;
}

static int by_write(struct bench *bench)
{
	const struct window *window = &bench->window;
	uint64_t done = 0;
	int ret = 0;

	while (done < window->length && !ret)
		ret = window_write(window, bench->copy + done, piece_of(window, done),
				   window->offset + done, &done);
	return ret;
}

/* Words of the machine's own, each once: uncached memory takes no others. */
static int by_load(struct bench *bench)
{
	const volatile unsigned long *at = bench->map.address;
	size_t i, count = bench->map.length / sizeof(*at);
	unsigned long sum = 0;

	if (!at)
		return -ENODEV;
	for (i = 0; i < count; i++)
		sum += at[i];
	__asm__ volatile("" : : "r" (sum));
	return 0;
}

static int by_store(struct bench *bench)
{
	volatile unsigned long *at = bench->map.address;
	const unsigned long *from = (void *)bench->copy;
	size_t i, count = bench->map.length / sizeof(*at);

	if (!at)
		return -ENODEV;
	for (i = 0; i < count; i++)
		at[i] = from[i];
	return 0;
}

#define MANY 1000

static int one_read(struct bench *bench)
{
	unsigned char four[4];
	int i, ret = 0;

	for (i = 0; i < MANY && !ret; i++)
		ret = window_read(&bench->window, four, sizeof(four), bench->window.offset);
	return ret;
}

/* Each waits for the one before, as a program does that looks at what it has read. */
static int one_load(struct bench *bench)
{
	const volatile unsigned int *at = bench->map.address;
	unsigned int i, zero = 0;

	if (!at)
		return -ENODEV;
	for (i = 0; i < MANY; i++) {
		unsigned int value = at[zero];

		__asm__ volatile("" : "+r" (value));
		zero = value & 0;
		__asm__ volatile("" : "+r" (zero));
	}
	return 0;
}

static const struct way ways[] = {
	{ "read()", false, false, by_read },
	{ "mapping, read", false, false, by_load },
	{ "write()", true, false, by_write },
	{ "mapping, written", true, false, by_store },
	{ "read() of 4 bytes", false, true, one_read },
	{ "load of 4 bytes", false, true, one_load },
};

/* MB/s, or ns; less than 0 where there is no such way. */
static int measure(struct bench *bench, const struct way *way, double *result)
{
	double begin, spent;
	unsigned int times = 0;
	int ret;

	*result = -1;
	ret = way->run(bench);
	if (ret)
		return ret == -ENODEV && !bench->map.address ? 0 : ret;
	begin = clock_now();
	do {
		ret = way->run(bench);
		times++;
		spent = clock_now() - begin;
	} while (!ret && !interrupted() && spent < bench->seconds);
	if (interrupted())
		return -EINTR;
	if (ret)
		return ret;
	*result = way->single ? spent * 1e9 / times / MANY :
				bench->window.length * (double)times / spent / 1e6;
	return 0;
}

static struct json_object *json_row(const struct way *way, double result)
{
	struct json_object *row = json_object_new_object();

	json_object_object_add(row, "way", json_string(way->name));
	json_object_object_add(row, "unit", json_string(way->single ? "ns" : "MB/s"));
	json_object_object_add(row, "result",
			       result < 0 ? NULL : json_object_new_double(result));
	return row;
}

static void print_row(const struct way *way, double result)
{
	if (result < 0)
		printf("%-18s %10s\n", way->name, "-");
	else
		printf("%-18s %10.1f %s\n", way->name, result, way->single ? "ns" : "MB/s");
	fflush(stdout);
}

static int failed(const struct bench *bench, const struct way *way, int ret)
{
	if (interrupted())
		return fail(interrupt_code(),
			    "%s: stopped by %s in \"%s\"; what was in it is in it",
			    bench->window.name, interrupt_name(), way->name);
	return window_fail(&bench->window, ret);
}

static int run(struct bench *bench)
{
	struct json_object *rows = json_object_new_array(), *document;
	double result;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (ways[i].writes && !bench->write)
			continue;
		ret = measure(bench, &ways[i], &result);
		if (ret) {
			json_object_put(rows);
			return failed(bench, &ways[i], ret);
		}
		if (bench->json)
			json_object_array_add(rows, json_row(&ways[i], result));
		else
			print_row(&ways[i], result);
	}
	if (!bench->json) {
		json_object_put(rows);
		return finish_output();
	}
	document = json_document("bench");
	json_object_object_add(document, "region", json_string(bench->window.name));
	json_object_object_add(document, "offset", json_bytes(bench->window.offset));
	json_object_object_add(document, "length", json_bytes(bench->window.length));
	json_object_object_add(document, "results", rows);
	return json_finish(document);
}

/* What is written is what was there. A mapping is made if there can be one. */
static int prepare(struct bench *bench)
{
	const struct window *window = &bench->window;
	int ret;

	if (window->is_mmio)
		return fail(EXIT_REFUSED, "%s is registers, not memory: each access has effects",
			    window->name);
	if (window->length < sizeof(long))
		return fail(EXIT_USAGE, "%s: %llu bytes are too few to measure", window->name,
			    (unsigned long long)window->length);
	extmem_map(window->file, window->offset, window->length,
		   PROT_READ | (bench->write ? PROT_WRITE : 0), &bench->map);
	if (!bench->write)
		return EXIT_GOOD;
	if (window->length > SIZE_MAX)
		return fail(EXIT_USAGE, "%s: more than there is room for: give a --length",
			    window->name);
	bench->copy = malloc(window->length);
	if (!bench->copy)
		return fail(EXIT_FAILED, "no memory for a copy of %llu bytes: give a --length",
			    (unsigned long long)window->length);
	ret = window_read(window, bench->copy, window->length, window->offset);
	return ret ? window_fail(window, ret) : EXIT_GOOD;
}

int cmd_bench(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "time", required_argument, NULL, 't' },
		{ "write", no_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "t:wj", longs };
	struct window_options window = {};
	struct bench bench = {};
	uint64_t milliseconds = 200;
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
			code = parse_size_of("--time", optarg, &milliseconds);
			if (code)
				return code;
			break;
		case 'w':
			bench.write = true;
			break;
		case 'j':
			bench.json = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 1, 1, "[OPTION...] REGION");
	if (!code)
		code = window_open(&bench.window, argv[optind],
				   bench.write ? O_RDWR : O_RDONLY, &window);
	if (code)
		return code;
	bench.seconds = milliseconds / 1e3;
	if (!bench.window.length_given && bench.window.length > USUAL_LENGTH)
		bench.window.length = USUAL_LENGTH;
	catch_interrupts();
	code = prepare(&bench);
	if (!code)
		code = run(&bench);
	extmem_unmap(&bench.map);
	free(bench.copy);
	window_close(&bench.window);
	return code;
}
