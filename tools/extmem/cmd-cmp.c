// SPDX-License-Identifier: GPL-2.0
/*
 * extmem cmp: whether a region has what a file has.
 */
#include <fcntl.h>
#include <string.h>

#include "copy.h"

static const char help[] =
	"usage: extmem cmp [OPTION...] REGION FILE\n"
	"\n"
	"Compare a region, or a part of it, with FILE (- for standard input), byte by\n"
	"byte. The exit code is 0 if all of FILE is there, and its SHA-256 is printed; it\n"
	"is 1 if not, and the first difference is printed. The region may have more.\n"
	"\n"
	"  -s, --offset N    from this byte of the region on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    no more than so many bytes, of FILE too\n"
	"  -q, --quiet       no progress bar\n";

struct compare {
	struct window window;
	struct source source;
	uint64_t done;
	struct sha256 sha;
	struct progress progress;
	bool quiet;
};

static int give_up(struct compare *compare)
{
	progress_end(&compare->progress);
	return fail(interrupt_code(), "%s: stopped by %s; the first %#llx bytes are the same",
		    compare->window.name, interrupt_name(), (unsigned long long)compare->done);
}

static int found(struct compare *compare, const unsigned char *wanted,
		 const unsigned char *there)
{
	size_t i = 0;

	while (wanted[i] == there[i])
		i++;
	progress_end(&compare->progress);
	printf("%s and %s differ: at %#llx, 0x%02x is in the region and 0x%02x in the file\n",
	       compare->window.name, compare->source.name,
	       (unsigned long long)(compare->window.offset + compare->done + i), there[i],
	       wanted[i]);
	return finish_output() ? EXIT_FAILED : EXIT_FOUND;
}

/* A region that is too short for it has not all of it. */
static int check_end(struct compare *compare)
{
	unsigned char more;

	if (compare->window.length_given || compare->done < compare->window.length ||
	    source_read(&compare->source, &more, 1) <= 0)
		return EXIT_GOOD;
	printf("%s and %s differ: the region ends after %#llx bytes, the file goes on\n",
	       compare->window.name, compare->source.name,
	       (unsigned long long)compare->window.length);
	return finish_output() ? EXIT_FAILED : EXIT_FOUND;
}

static int compare_bytes(struct compare *compare)
{
	static unsigned char wanted[CHUNK], there[CHUNK];
	const struct window *window = &compare->window;
	ssize_t got;
	int ret;

	while (compare->done < window->length) {
		got = source_read(&compare->source, wanted, piece_of(window, compare->done));
		if (interrupted())
			return give_up(compare);
		if (got < 0)
			return source_fail(&compare->source, got);
		if (!got)
			break;
		ret = window_read(window, there, got, window->offset + compare->done);
		if (interrupted())
			return give_up(compare);
		if (ret)
			return window_fail(window, ret);
		if (memcmp(wanted, there, got))
			return found(compare, wanted, there);
		sha256_add(&compare->sha, there, got);
		compare->done += got;
		progress_show(&compare->progress, compare->done);
	}
	return check_end(compare);
}

static int compare(struct compare *compare)
{
	uint64_t total = compare->window.length;
	char sum[SHA256_TEXT];
	int code = window_needs_length(&compare->window, "compare");

	if (code)
		return code;
	if (compare->source.length_known && compare->source.length < total)
		total = compare->source.length;
	sha256_begin(&compare->sha);
	if (!compare->quiet)
		progress_begin(&compare->progress, compare->window.name, 0, total);
	code = compare_bytes(compare);
	progress_end(&compare->progress);
	if (code)
		return code;
	printf("%s  %s\n", sha256_end(&compare->sha, sum), compare->source.name);
	return finish_output();
}

int cmd_cmp(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "q", longs };
	struct window_options window = {};
	struct compare state = {};
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
		case 'q':
			state.quiet = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 2, 2, "[OPTION...] REGION FILE");
	if (!code)
		code = window_open(&state.window, argv[optind], O_RDONLY, &window);
	if (code)
		return code;
	catch_interrupts();
	code = source_open(&state.source, argv[optind + 1]);
	if (!code) {
		code = compare(&state);
		source_close(&state.source);
	}
	window_close(&state.window);
	return code;
}
