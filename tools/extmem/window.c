// SPDX-License-Identifier: GPL-2.0
/*
 * The part of a region that a verb works on, and moving its bytes.
 */
#include <errno.h>
#include <string.h>

#include "extmem.h"

enum exit_code code_of(int error)
{
	switch (error < 0 ? -error : error) {
	case 0:
		return EXIT_GOOD;
	case ENOENT:
		return EXIT_ABSENT;
	case EACCES:
	case EPERM:
	case EBUSY:
	case ENXIO:
		return EXIT_REFUSED;
	case EINVAL:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

int fail_library(const struct extmem_context *context, int error)
{
	return fail(code_of(error), "%s", extmem_error(context));
}

static int choose_window(struct window *window, const struct window_options *options)
{
	uint64_t size = extmem_file_size(window->file);
	int code = EXIT_GOOD;

	if (options->offset)
		code = parse_size_of("--offset", options->offset, &window->offset);
	if (!code && window->offset > size)
		code = fail(EXIT_USAGE, "%s ends at %#llx: the offset %#llx is not in it",
			    window->name, (unsigned long long)size,
			    (unsigned long long)window->offset);
	if (code)
		return code;
	window->length = size - window->offset;
	if (!options->length)
		return EXIT_GOOD;
	window->length_given = true;
	code = parse_size_of("--length", options->length, &window->length);
	if (!code && window->length > size - window->offset)
		code = fail(EXIT_USAGE, "%s ends at %#llx: %#llx bytes at %#llx are not all in it",
			    window->name, (unsigned long long)size,
			    (unsigned long long)window->length,
			    (unsigned long long)window->offset);
	return code;
}

static bool is_mmio(struct window *window)
{
	const struct extmem_region *region = extmem_find(window->context, window->name);
	const char *type = region ? extmem_region_fact(region, "type") : NULL;

	return type && !strcmp(type, "mmio");
}

int window_open(struct window *window, const char *name, int flags,
		const struct window_options *options)
{
	int ret, code;

	*window = (struct window) { .name = name, .context = extmem_new() };
	if (!window->context)
		return fail(EXIT_FAILED, "out of memory");
	ret = extmem_open(window->context, name, flags, &window->file);
	if (ret) {
		code = fail_library(window->context, ret);
	} else {
		window->is_mmio = is_mmio(window);
		code = choose_window(window, options);
	}
	if (code)
		window_close(window);
	return code;
}

void window_close(struct window *window)
{
	extmem_close(window->file);
	extmem_free(window->context);
	*window = (struct window) {};
}

int window_needs_length(const struct window *window, const char *verb)
{
	if (!window->is_mmio || window->length_given)
		return EXIT_GOOD;
	return fail(EXIT_USAGE,
		    "%s is registers, where each access has effects: say which to %s by -s and -n",
		    window->name, verb);
}

int window_fail(const struct window *window, int ret)
{
	if (ret == -ENODATA)
		return fail(EXIT_FAILED, "%s is shorter than it was: see extmem list and try again",
			    window->name);
	return fail_library(window->context, ret);
}

int window_read(const struct window *window, void *buffer, size_t length, uint64_t offset)
{
	ssize_t got;

	while (length) {
		got = interrupted() ? -EINTR :
				      extmem_read(window->file, buffer, length, offset);
		if (got == -EINTR && !interrupted())
			continue;
		if (got < 0)
			return got;
		if (!got)
			return -ENODATA;
		buffer += got;
		length -= got;
		offset += got;
	}
	return 0;
}

int window_write(const struct window *window, const void *buffer, size_t length,
		 uint64_t offset, uint64_t *done)
{
	ssize_t put;

	while (length) {
		put = interrupted() ? -EINTR :
				      extmem_write(window->file, buffer, length, offset);
		if (put == -EINTR && !interrupted())
			continue;
		if (put < 0)
			return put;
		if (!put)
			return -ENODATA;
		*done += put;
		buffer += put;
		length -= put;
		offset += put;
	}
	return 0;
}

int window_persist(const struct window *window)
{
	if (!fdatasync(extmem_fd(window->file)))
		return EXIT_GOOD;
	if (errno != EOPNOTSUPP)
		return fail(EXIT_FAILED, "%s is written, but: %s", window->name, strerror(errno));
	note("%s is written, but its caches cannot be written back: a loss of power may undo it",
	     window->name);
	return EXIT_GOOD;
}
