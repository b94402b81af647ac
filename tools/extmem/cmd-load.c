// SPDX-License-Identifier: GPL-2.0
/*
 * extmem load: a file's bytes into a region.
 *
 * What was loaded when it stopped is in the region, and nowhere is it written how much that
 * is. So --resume compares from the beginning, and writes from the first difference on:
 * what it skips is known to be right.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "copy.h"

static const char help[] =
	"usage: extmem load [OPTION...] REGION FILE\n"
	"\n"
	"Write FILE into a region, and print the SHA-256 of what was written. FILE can be\n"
	"- for standard input. A file that does not fit is refused before anything is\n"
	"written; behind the last byte of a shorter one, the region stays as it is.\n"
	"\n"
	"  -s, --offset N    to this byte of the region on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    no more than so many bytes (to the end)\n"
	"  -r, --resume      go on where a load of the same file was stopped: what is in\n"
	"                    the region already is compared and skipped\n"
	"  -v, --verify      read it back and compare\n"
	"  -q, --quiet       no progress bar\n"
	"\n"
	"A load that is stopped says how much of the region is new.\n";

struct load {
	struct window window;
	struct source source;
	uint64_t done;		/* bytes of the region that are as in the file */
	uint64_t skipped;	/* of them, those that were so before */
	struct sha256 sha;
	struct progress progress;
	bool resume, verify, quiet;
};

/* One line: what went wrong, and what the region has now. */
static int give_up(struct load *load, enum exit_code code, const char *why)
{
	progress_end(&load->progress);
	if (load->done == load->skipped)
		return fail(code, "%s; nothing was written", why);
	return fail(code,
		    "%s; %s has the first %#llx bytes, and behind them what it had: --resume goes on",
		    why, load->window.name, (unsigned long long)load->done);
}

static int stopped_by_signal(struct load *load)
{
	char why[64];

	snprintf(why, sizeof(why), "%s: stopped by %s", load->window.name, interrupt_name());
	return give_up(load, interrupt_code(), why);
}

static int stopped_by_region(struct load *load, int ret)
{
	if (interrupted())
		return stopped_by_signal(load);
	if (ret == -ENODATA)
		return give_up(load, EXIT_FAILED, "the region is shorter than it was");
	return give_up(load, code_of(ret), extmem_error(load->window.context));
}

/* From the first difference on, all is written. */
static int write_piece(struct load *load, const unsigned char *piece, size_t length,
		       unsigned char *found)
{
	uint64_t at = load->window.offset + load->done;
	int ret;

	if (load->resume) {
		ret = window_read(&load->window, found, length, at);
		if (ret)
			return ret;
		if (!memcmp(piece, found, length)) {
			load->skipped += length;
			load->done += length;
			return 0;
		}
		load->resume = false;
	}
	ret = window_write(&load->window, piece, length, at, &load->done);
	if (ret || !load->verify)
		return ret;
	ret = window_read(&load->window, found, length, at);
	if (ret)
		return ret;
	return memcmp(piece, found, length) ? -EBADE : 0;
}

static int differs(struct load *load, uint64_t at, const unsigned char *piece,
		   const unsigned char *found)
{
	size_t i = 0;

	while (piece[i] == found[i])
		i++;
	progress_end(&load->progress);
	return fail(EXIT_FOUND, "%s: at %#llx, 0x%02x was written and 0x%02x is read back",
		    load->window.name,
		    (unsigned long long)(at + i), piece[i], found[i]);
}

/* Of a stream nobody knows before. */
static int check_end(struct load *load)
{
	unsigned char more;

	if (load->done < load->window.length || source_read(&load->source, &more, 1) <= 0)
		return EXIT_GOOD;
	return fail(EXIT_FAILED,
		    "%s has more than the %#llx bytes that there is room for; those are written",
		    load->source.name, (unsigned long long)load->window.length);
}

static int move_bytes(struct load *load)
{
	static unsigned char piece[CHUNK], found[CHUNK];
	ssize_t got = 1;
	uint64_t at;
	int ret;

	while (load->done < load->window.length) {
		got = source_read(&load->source, piece, piece_of(&load->window, load->done));
		if (interrupted())
			return stopped_by_signal(load);
		if (got < 0)
			return give_up(load, EXIT_FAILED, strerror(-got));
		if (!got)
			break;
		at = load->window.offset + load->done;
		ret = write_piece(load, piece, got, found);
		if (ret == -EBADE)
			return differs(load, at, piece, found);
		if (ret)
			return stopped_by_region(load, ret);
		sha256_add(&load->sha, piece, got);
		progress_show(&load->progress, load->done);
	}
	return check_end(load);
}

static int check_length(const struct load *load)
{
	if (!load->source.length_known || load->source.length <= load->window.length)
		return EXIT_GOOD;
	return fail(EXIT_USAGE,
		    "%s has %#llx bytes, and there is room for %#llx in %s from %#llx on",
		    load->source.name, (unsigned long long)load->source.length,
		    (unsigned long long)load->window.length, load->window.name,
		    (unsigned long long)load->window.offset);
}

static int copy_in(struct load *load)
{
	char sum[SHA256_TEXT];
	int code = check_length(load);

	if (code)
		return code;
	if (load->resume && load->window.is_mmio)
		return fail(EXIT_USAGE,
			    "%s is registers: they cannot be compared, so there is no --resume",
			    load->window.name);
	sha256_begin(&load->sha);
	if (!load->quiet)
		progress_begin(&load->progress, load->window.name, 0,
			       load->source.length_known ? load->source.length :
							   load->window.length);
	code = move_bytes(load);
	progress_end(&load->progress);
	if (!code)
		code = window_persist(&load->window);
	if (code)
		return code;
	printf("%s  %s\n", sha256_end(&load->sha, sum), load->source.name);
	return finish_output();
}

static int load(struct load *load, const char *region, const char *file,
		const struct window_options *options)
{
	int code;

	/* --resume and --verify read, too. */
	code = window_open(&load->window, region, O_RDWR, options);
	if (code)
		return code;
	catch_interrupts();
	code = source_open(&load->source, file);
	if (!code) {
		code = copy_in(load);
		source_close(&load->source);
	}
	window_close(&load->window);
	return code;
}

int cmd_load(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "resume", no_argument, NULL, 'r' },
		{ "verify", no_argument, NULL, 'v' },
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "rvq", longs };
	struct window_options window = {};
	struct load state = {};
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
		case 'r':
			state.resume = true;
			break;
		case 'v':
			state.verify = true;
			break;
		case 'q':
			state.quiet = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 2, 2, "[OPTION...] REGION FILE");
	return code ? code : load(&state, argv[optind], argv[optind + 1], &window);
}
