// SPDX-License-Identifier: GPL-2.0
/*
 * extmem test: bad cells of memory.
 *
 * Each pattern is written all over the memory, and then all of it is read: two cells that
 * are one, for an address line that is broken, show in no other way. Each is there upside
 * down, too, so that every bit was 0 and 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "copy.h"

static const char help[] =
	"usage: extmem test --destroy [OPTION...] REGION\n"
	"\n"
	"Write patterns all over a region and see whether they are there. What was in it\n"
	"is lost. Stops at the first bad cell, says where it is, and gives exit code 1.\n"
	"\n"
	"  -d, --destroy     yes, destroy it; else you are asked, on a terminal\n"
	"  -s, --offset N    from this byte on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    so many bytes (to the end)\n"
	"  -l, --loops N     so many times (1)\n"
	"  -S, --seed N      what random numbers begin with (another each time)\n"
	"      --share       though others have the region open\n"
	"  -q, --quiet       no progress bar\n"
	"  -j, --json        for programs: version 1\n"
	"\n"
	"The patterns are walking bits, each cell's own address, and random numbers.\n"
	"Memory that is cached is written back between writing and reading, where this\n"
	"machine can; where it cannot, a note says that the cache may have answered.\n";

struct bad {
	uint64_t at;
	unsigned char wrote, read;
	const char *pattern;
};

struct testing {
	struct window window;
	uint64_t seed, loops;
	uint64_t address;	/* of the region */
	bool destroy, share, quiet, json, lost;
	struct bad bad;
	struct progress progress;
	uint64_t done;
};

/* --- patterns: what the cell of 8 bytes at @offset has --- */

static uint64_t walking(uint64_t offset, uint64_t seed)
{
	(void)seed;
	/* The next row begins with another bit, or a column of chips had always the same. */
	return 1ull << ((offset / 8 + offset / 512) % 64);
}

static uint64_t address(uint64_t offset, uint64_t seed)
{
	(void)seed;
	return offset;
}

/* splitmix64: any cell's number without those before it. */
static uint64_t any(uint64_t offset, uint64_t seed)
{
	uint64_t x = seed + (offset / 8 + 1) * 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

struct pattern {
	const char *name;
	uint64_t (*cell)(uint64_t offset, uint64_t seed);
};

static const struct pattern patterns[] = {
	{ "walking bits", walking },
	{ "address", address },
	{ "random", any },
};

/* The bytes from @at on, which need not be where a cell begins. */
static void fill(unsigned char *piece, size_t length, uint64_t at,
		 const struct pattern *pattern, bool inverse, uint64_t seed)
{
	uint64_t cell;
	size_t i, skip, part;

	for (i = 0; i < length; i += part) {
		skip = (at + i) % 8;
		part = 8 - skip < length - i ? 8 - skip : length - i;
		cell = pattern->cell(at + i - skip, seed);
		if (inverse)
			cell = ~cell;
		memcpy(piece + i, (unsigned char *)&cell + skip, part);
	}
}

/* --- passes --- */

static int give_up(struct testing *testing, int ret, const char *pattern)
{
	progress_end(&testing->progress);
	if (!testing->lost)
		return interrupted() ? fail(interrupt_code(),
					    "%s: stopped by %s; nothing was written",
					    testing->window.name, interrupt_name()) :
				       window_fail(&testing->window, ret);
	if (interrupted())
		return fail(interrupt_code(),
			    "%s: stopped by %s in \"%s\"; nothing bad was found until then, and what was in it is lost",
			    testing->window.name, interrupt_name(), pattern);
	return fail(code_of(ret), "%s; what was in it is lost",
		    extmem_error(testing->window.context));
}

/* So that the memory answers, and not a cache. A file of a test's has no such call. */
static int leave_caches(struct testing *testing)
{
	const struct window *window = &testing->window;
	static bool told;
	int ret;

	ret = extmem_sync(window->file, window->offset, window->length,
			  EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END);
	if (ret >= 0)
		ret = extmem_sync(window->file, window->offset, window->length,
				  EXTMEM_SYNC_READ);
	if (ret == -EOPNOTSUPP && !told) {
		progress_end(&testing->progress);
		note("%s is cached, and this machine cannot write its caches back: they may answer",
		     window->name);
		told = true;
	}
	return ret == -EOPNOTSUPP || ret == -ENOTTY || ret > 0 ? 0 : ret;
}

static void find_bad(struct testing *testing, uint64_t at, const unsigned char *wrote,
		     const unsigned char *read, const char *pattern)
{
	size_t i = 0;

	while (wrote[i] == read[i])
		i++;
	testing->bad = (struct bad) { at + i, wrote[i], read[i], pattern };
}

/* Writes it all over, or reads it; 0, a negative errno, or EXIT_FOUND. */
static int pass(struct testing *testing, const struct pattern *pattern, bool inverse,
		bool check)
{
	static unsigned char piece[CHUNK], found[CHUNK];
	const struct window *window = &testing->window;
	uint64_t done = 0, written = 0, at;
	size_t length;
	int ret;

	while (done < window->length) {
		length = piece_of(window, done);
		at = window->offset + done;
		fill(piece, length, at, pattern, inverse, testing->seed);
		if (!check && !interrupted())
			testing->lost = true;
		ret = check ? window_read(window, found, length, at) :
			      window_write(window, piece, length, at, &written);
		if (interrupted())
			return -EINTR;
		if (ret)
			return ret;
		if (check && memcmp(piece, found, length)) {
			find_bad(testing, at, piece, found, pattern->name);
			return EXIT_FOUND;
		}
		done += length;
		testing->done += length;
		progress_show(&testing->progress, testing->done);
	}
	return 0;
}

static int run_pattern(struct testing *testing, const struct pattern *pattern, bool inverse)
{
	int ret = pass(testing, pattern, inverse, false);

	if (!ret)
		ret = leave_caches(testing);
	return ret ? ret : pass(testing, pattern, inverse, true);
}

static int run_all(struct testing *testing)
{
	uint64_t loop;
	size_t i;
	int ret;

	for (loop = 0; loop < testing->loops; loop++) {
		for (i = 0; i < 2 * ARRAY_SIZE(patterns); i++) {
			ret = run_pattern(testing, &patterns[i / 2], i % 2);
			if (ret == EXIT_FOUND)
				return ret;
			if (ret)
				return give_up(testing, ret, patterns[i / 2].name);
		}
		testing->seed++;
	}
	return EXIT_GOOD;
}

/* --- what is said --- */

static int print_json(const struct testing *testing, uint64_t seed, int code)
{
	struct json_object *document = json_document("test"), *bad = NULL;
	uint64_t physical = testing->address + testing->bad.at;

	if (code == EXIT_FOUND) {
		bad = json_object_new_object();
		json_object_object_add(bad, "offset", json_bytes(testing->bad.at));
		json_object_object_add(bad, "phys_addr",
				       testing->address == EXTMEM_PHYS_ADDR_NONE ? NULL :
				       json_bytes(physical));
		json_object_object_add(bad, "wrote", json_bytes(testing->bad.wrote));
		json_object_object_add(bad, "read", json_bytes(testing->bad.read));
		json_object_object_add(bad, "pattern", json_string(testing->bad.pattern));
	}
	json_object_object_add(document, "region", json_string(testing->window.name));
	json_object_object_add(document, "offset", json_bytes(testing->window.offset));
	json_object_object_add(document, "length", json_bytes(testing->window.length));
	json_object_object_add(document, "loops", json_bytes(testing->loops));
	json_object_object_add(document, "seed", json_bytes(seed));
	json_object_object_add(document, "bad", bad);
	return json_finish(document) ? EXIT_FAILED : code;
}

static int say_bad(const struct testing *testing)
{
	const struct bad *bad = &testing->bad;
	char where[64] = "its physical address is not for you: be root";

	if (testing->address != EXTMEM_PHYS_ADDR_NONE)
		snprintf(where, sizeof(where), "physical address %#llx",
			 (unsigned long long)(testing->address + bad->at));
	return fail(EXIT_FOUND,
		    "%s: bad byte at 0x%llx (%s): 0x%02x was written and 0x%02x is read, in \"%s\"",
		    testing->window.name, (unsigned long long)bad->at, where, bad->wrote,
		    bad->read, bad->pattern);
}

static int run(struct testing *testing)
{
	uint64_t seed = testing->seed;
	char size[SIZE_TEXT];
	int code;

	if (!testing->quiet)
		progress_begin(&testing->progress, testing->window.name, 0,
			       testing->loops * testing->window.length * 4 *
			       ARRAY_SIZE(patterns));
	code = run_all(testing);
	progress_end(&testing->progress);
	if (code && code != EXIT_FOUND)
		return code;
	if (testing->json)
		return print_json(testing, seed, code);
	if (code)
		return say_bad(testing);
	printf("%s: %s are good: walking bits, addresses, random numbers from seed 0x%llx\n",
	       testing->window.name, size_text(testing->window.length, size),
	       (unsigned long long)seed);
	return finish_output();
}

/* --- before it begins --- */

static int ask(const struct testing *testing, const char *region)
{
	char answer[256] = "";

	if (testing->destroy)
		return EXIT_GOOD;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return fail(EXIT_USAGE,
			    "test: what is in %s would be lost: say --destroy if that is right",
			    region);
	fprintf(stderr, "What is in %s will be lost. Type its name to go on: ", region);
	if (fgets(answer, sizeof(answer), stdin))
		answer[strcspn(answer, "\n")] = 0;
	return strcmp(answer, region) ? fail(EXIT_REFUSED, "%s is left as it is", region) :
					EXIT_GOOD;
}

static int look(struct testing *testing)
{
	const struct extmem_region *region;

	region = extmem_find(testing->window.context, testing->window.name);
	testing->address = region ? extmem_region_address(region) : EXTMEM_PHYS_ADDR_NONE;
	if (testing->window.is_mmio)
		return fail(EXIT_REFUSED, "%s is registers, not memory: each access has effects",
			    testing->window.name);
	if (region && extmem_region_is_read_only(region))
		return fail(EXIT_REFUSED,
			    "%s is read-only: its type is rom, or its node has read-only",
			    testing->window.name);
	if (testing->loops > UINT64_MAX / 16 / ARRAY_SIZE(patterns) / (testing->window.length + 1))
		return fail(EXIT_USAGE, "--loops: so many times will never end");
	return EXIT_GOOD;
}

static int test(struct testing *testing, const char *name,
		const struct window_options *options)
{
	int code;

	code = ask(testing, name);
	/* Alone, if possible: who uses the memory meanwhile would be taken for bad cells. */
	if (!code)
		code = window_open(&testing->window, name,
				   O_RDWR | (testing->share ? 0 : O_EXCL), options);
	if (code)
		return code;
	code = look(testing);
	if (!code) {
		catch_interrupts();
		code = run(testing);
	}
	window_close(&testing->window);
	return code;
}

static int parse_option(struct testing *testing, struct window_options *window, int option)
{
	switch (option) {
	case 's':
		window->offset = optarg;
		break;
	case 'n':
		window->length = optarg;
		break;
	case 'd':
		testing->destroy = true;
		break;
	case 'l':
		return parse_size_of("--loops", optarg, &testing->loops);
	case 'S':
		return parse_size_of("--seed", optarg, &testing->seed);
	case 'X':
		testing->share = true;
		break;
	case 'q':
		testing->quiet = true;
		break;
	case 'j':
		testing->json = true;
		break;
	}
	return EXIT_GOOD;
}

int cmd_test(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "destroy", no_argument, NULL, 'd' },
		{ "loops", required_argument, NULL, 'l' },
		{ "seed", required_argument, NULL, 'S' },
		{ "share", no_argument, NULL, 'X' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "dl:S:qj", longs };
	struct window_options window = {};
	struct testing testing = { .loops = 1 };
	int code, got;

	if (getrandom(&testing.seed, sizeof(testing.seed), GRND_NONBLOCK) < 0)
		testing.seed = clock_now() * 1e9;
	/* So that JSON can have it as a number everywhere. */
	testing.seed >>= 16;
	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		if (got == OPTION_STOP)
			return code;
		code = parse_option(&testing, &window, got);
		if (code)
			return code;
	}
	code = expect_arguments(argc, argv, 1, 1, "--destroy [OPTION...] REGION");
	return code ? code : test(&testing, argv[optind], &window);
}
