// SPDX-License-Identifier: GPL-2.0
/*
 * extmem dump: a region's bytes into a file.
 *
 * They go to a file beside it, which gets the name at the end: what has the name is whole.
 * What is left of a dump that was stopped has the part of the region in its own name, so
 * that it is never taken for the beginning of another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "copy.h"

static const char help[] =
	"usage: extmem dump [OPTION...] REGION FILE\n"
	"\n"
	"Save a region, or a part of it, in FILE, and print the SHA-256 as sha256sum\n"
	"does. FILE can be - for standard output; the sum is on standard error then.\n"
	"\n"
	"  -s, --offset N    from this byte of the region on; 4096, 0x1000, 4k, 2M, 1G\n"
	"  -n, --length N    so many bytes (to the end)\n"
	"  -r, --resume      go on where the same dump was stopped\n"
	"  -q, --quiet       no progress bar\n"
	"\n"
	"FILE is there when all of it is. A dump that is stopped, by Ctrl-C or a full\n"
	"disk, leaves FILE.REGION-OFFSET-LENGTH.part and says so. --resume keeps what\n"
	"that has, which is from before: if the region has changed, dump it anew.\n";

struct dump {
	struct window window;
	const char *name;	/* FILE */
	char *part;		/* NULL: FILE itself, for it is no ordinary one */
	int fd;
	uint64_t done;
	struct sha256 sha;
	struct progress progress;
	bool resume, quiet;
};

static bool is_stdout(const struct dump *dump)
{
	return !strcmp(dump->name, "-");
}

/* One line: what went wrong, where the bytes are, and how one goes on. */
static int give_up(struct dump *dump, enum exit_code code, const char *why)
{
	unsigned long long done = dump->done, length = dump->window.length;

	progress_end(&dump->progress);
	if (!dump->part)
		return fail(code, "%s; %#llx of %#llx bytes went to %s", why, done, length,
			    is_stdout(dump) ? "standard output" : dump->name);
	if (done)
		return fail(code, "%s; %#llx of %#llx bytes are in %s, and --resume goes on", why,
			    done, length, dump->part);
	unlink(dump->part);
	return fail(code, "%s; nothing was written", why);
}

static int stopped_by_signal(struct dump *dump)
{
	char why[64];

	snprintf(why, sizeof(why), "%s: stopped by %s", dump->window.name, interrupt_name());
	return give_up(dump, interrupt_code(), why);
}

static int stopped_by_file(struct dump *dump, int error)
{
	char why[512];

	snprintf(why, sizeof(why), "%s: %s", is_stdout(dump) ? "standard output" : dump->name,
		 strerror(error));
	return give_up(dump, EXIT_FAILED, why);
}

/* A link stays one; what is no file, /dev/full or a FIFO, cannot be replaced. */
static int choose_files(struct dump *dump)
{
	char *real = realpath(dump->name, NULL);
	struct stat status;
	int got;

	if (is_stdout(dump) || (!stat(dump->name, &status) && !S_ISREG(status.st_mode))) {
		free(real);
		return dump->resume ? fail(EXIT_USAGE,
					   "%s is no file: a dump to it cannot be resumed",
					   dump->name) : EXIT_GOOD;
	}
	got = asprintf(&dump->part, "%s.%s-0x%llx-0x%llx.part", real ? real : dump->name,
		       dump->window.name, (unsigned long long)dump->window.offset,
		       (unsigned long long)dump->window.length);
	free(real);
	if (got >= 0)
		return EXIT_GOOD;
	dump->part = NULL;
	return fail(EXIT_FAILED, "out of memory");
}

static int open_file(struct dump *dump)
{
	const char *name = dump->part ? dump->part : dump->name;

	if (is_stdout(dump)) {
		dump->fd = dup(STDOUT_FILENO);
		return dump->fd < 0 ? fail(EXIT_FAILED, "standard output: %s", strerror(errno)) :
				      EXIT_GOOD;
	}
	dump->fd = open(name, O_RDWR | O_CLOEXEC | (dump->part ? O_CREAT : 0), 0666);
	/* A FIFO or a printer may be for writing alone. */
	if (dump->fd < 0 && !dump->part)
		dump->fd = open(name, O_WRONLY | O_CLOEXEC);
	if (dump->fd < 0)
		return fail(code_of(errno), "%s: %s", name, strerror(errno));
	if (dump->part && flock(dump->fd, LOCK_EX | LOCK_NB))
		return fail(EXIT_REFUSED, "%s: another dump is writing it", dump->part);
	if (dump->part && !dump->resume && ftruncate(dump->fd, 0))
		return fail(EXIT_FAILED, "%s: %s", dump->part, strerror(errno));
	return EXIT_GOOD;
}

/* What is there from before is part of the sum, too. */
static int take_up(struct dump *dump, unsigned char *buffer)
{
	struct source before = { .name = dump->part, .fd = dump->fd };
	ssize_t got = 1;

	while (dump->resume && got > 0) {
		got = source_read(&before, buffer, CHUNK);
		if (got == -EINTR)
			return stopped_by_signal(dump);
		if (got < 0)
			return source_fail(&before, got);
		sha256_add(&dump->sha, buffer, got);
		dump->done += got;
	}
	if (dump->done <= dump->window.length)
		return EXIT_GOOD;
	return fail(EXIT_FAILED, "%s has more than the %#llx bytes that it is for: remove it",
		    dump->part, (unsigned long long)dump->window.length);
}

static int move_bytes(struct dump *dump, unsigned char *buffer)
{
	const struct window *window = &dump->window;
	size_t piece;
	int ret;

	while (dump->done < window->length) {
		piece = piece_of(window, dump->done);
		ret = window_read(window, buffer, piece, window->offset + dump->done);
		if (interrupted())
			return stopped_by_signal(dump);
		if (ret == -ENODATA)
			return give_up(dump, EXIT_FAILED, "the region is shorter than it was");
		if (ret)
			return give_up(dump, code_of(ret), extmem_error(window->context));
		ret = write_all(dump->fd, buffer, piece, &dump->done);
		if (interrupted())
			return stopped_by_signal(dump);
		if (ret)
			return stopped_by_file(dump, -ret);
		sha256_add(&dump->sha, buffer, piece);
		progress_show(&dump->progress, dump->done);
	}
	return EXIT_GOOD;
}

/* On the disk before it has the name. */
static int put_in_place(struct dump *dump)
{
	char *real;
	int ret;

	if (!dump->part)
		return EXIT_GOOD;
	if (fsync(dump->fd))
		return stopped_by_file(dump, errno);
	real = realpath(dump->name, NULL);
	ret = rename(dump->part, real ? real : dump->name);
	free(real);
	return ret ? stopped_by_file(dump, errno) : EXIT_GOOD;
}

static int copy_out(struct dump *dump)
{
	static unsigned char buffer[CHUNK];
	char sum[SHA256_TEXT];
	int code;

	sha256_begin(&dump->sha);
	code = take_up(dump, buffer);
	if (code)
		return code;
	if (!dump->quiet)
		progress_begin(&dump->progress, dump->window.name, dump->done,
			       dump->window.length);
	code = move_bytes(dump, buffer);
	if (!code)
		code = put_in_place(dump);
	progress_end(&dump->progress);
	if (code)
		return code;
	fprintf(is_stdout(dump) ? stderr : stdout, "%s  %s\n", sha256_end(&dump->sha, sum),
		dump->name);
	return finish_output();
}

static int dump(struct dump *dump, const char *region, const struct window_options *options)
{
	int code;

	dump->fd = -1;
	code = window_open(&dump->window, region, O_RDONLY, options);
	if (code)
		return code;
	code = window_needs_length(&dump->window, "dump");
	if (!code)
		code = choose_files(dump);
	if (!code) {
		catch_interrupts();
		code = open_file(dump);
	}
	if (!code)
		code = copy_out(dump);
	if (dump->fd >= 0)
		close(dump->fd);
	free(dump->part);
	window_close(&dump->window);
	return code;
}

int cmd_dump(int argc, char **argv)
{
	static const struct option longs[] = {
		WINDOW_OFFSET,
		WINDOW_LENGTH,
		{ "resume", no_argument, NULL, 'r' },
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	static const struct options options = { help, WINDOW_SHORTS "rq", longs };
	struct window_options window = {};
	struct dump state = {};
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
		case 'q':
			state.quiet = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 2, 2, "[OPTION...] REGION FILE");
	if (code)
		return code;
	state.name = argv[optind + 1];
	return dump(&state, argv[optind], &window);
}
