// SPDX-License-Identifier: GPL-2.0
/*
 * Files that bytes come from and go to.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "copy.h"

int source_open(struct source *source, const char *name)
{
	struct stat status;

	*source = (struct source) { .name = name };
	if (!strcmp(name, "-")) {
		source->name = "standard input";
		source->fd = dup(STDIN_FILENO);
	} else {
		source->fd = open(name, O_RDONLY | O_CLOEXEC);
	}
	if (source->fd < 0 || fstat(source->fd, &status))
		return fail(code_of(errno), "%s: %s", source->name, strerror(errno));
	if (S_ISDIR(status.st_mode)) {
		source_close(source);
		return fail(EXIT_USAGE, "%s is a folder: give a file", name);
	}
	source->length_known = S_ISREG(status.st_mode);
	source->length = status.st_size;
	return EXIT_GOOD;
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	source->fd = -1;
}

ssize_t source_read(const struct source *source, void *buffer, size_t length)
{
	size_t done = 0;
	ssize_t got;

	while (done < length) {
		got = interrupted() ? -1 : read(source->fd, buffer + done, length - done);
		if (interrupted())
			return -EINTR;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		done += got;
	}
	return done;
}

int source_fail(const struct source *source, int ret)
{
	return fail(EXIT_FAILED, "%s: %s", source->name, strerror(-ret));
}

int write_all(int fd, const void *buffer, size_t length, uint64_t *done)
{
	ssize_t put;

	while (length) {
		put = interrupted() ? -1 : write(fd, buffer, length);
		if (interrupted())
			return -EINTR;
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		buffer += put;
		length -= put;
		*done += put;
	}
	return 0;
}

size_t piece_of(const struct window *window, uint64_t done)
{
	uint64_t rest = window->length - done;

	return rest < CHUNK ? rest : CHUNK;
}
