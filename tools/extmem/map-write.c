// SPDX-License-Identifier: GPL-2.0
/*
 * A picture into a file, which is there as a whole or not at all: until it is, it has a
 * name of its own beside it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extmem.h"
#include "map.h"

static int fail_file(const char *file)
{
	int code = errno == ENOENT || errno == ENOTDIR ? EXIT_ABSENT :
		   errno == EACCES || errno == EPERM || errno == EROFS ? EXIT_REFUSED :
		   EXIT_FAILED;

	return fail(code, "map: %s: %s", file, strerror(errno));
}

/* A pipe or a device cannot be replaced. */
static int write_through(struct picture *picture, const char *file)
{
	FILE *out = fopen(file, "we");

	if (!out)
		return fail_file(file);
	picture_svg(picture, out);
	if (fflush(out) || ferror(out)) {
		int code = fail_file(file);

		fclose(out);
		return code;
	}
	return fclose(out) ? fail_file(file) : EXIT_GOOD;
}

static int end_unwritten(const char *temporary, const char *file)
{
	int code;

	if (interrupted()) {
		code = fail(interrupt_code(), "map: %s: %s; nothing is written", file,
			    interrupt_name());
	} else {
		code = fail_file(file);
	}
	unlink(temporary);
	return code;
}

/* As open() would have made it: mkstemp() keeps it from others. */
static void set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	if (fchmod(fd, 0666 & ~mask))
		note("map: its mode stays 0600: %s", strerror(errno));
}

static int write_beside(struct picture *picture, char *temporary, const char *file)
{
	int fd = mkstemp(temporary);
	FILE *out;
	bool good;

	if (fd < 0)
		return fail_file(file);
	set_mode(fd);
	out = fdopen(fd, "w");
	if (!out) {
		close(fd);
		return end_unwritten(temporary, file);
	}
	picture_svg(picture, out);
	good = !fflush(out) && !ferror(out);
	if (fclose(out) || !good || interrupted() || rename(temporary, file))
		return end_unwritten(temporary, file);
	return EXIT_GOOD;
}

int map_write(struct picture *picture, const char *file)
{
	struct stat what;

	if (!strcmp(file, "-")) {
		picture_svg(picture, stdout);
		return finish_output();
	}
	if (!stat(file, &what) && !S_ISREG(what.st_mode))
		return write_through(picture, file);
	return write_beside(picture, arena_printf(picture->arena, "%s.XXXXXX", file), file);
}
