// SPDX-License-Identifier: GPL-2.0
/*
 * loadnth load FILE	a module is loaded
 * loadnth wait DEVICE	a device of a region whose backend is not there is bound
 *
 * As failnth.c: each allocation on the way fails once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nth.h"
#include "stress.h"

/*
 * Catches: a device that waits for nothing, or of which nobody knows that it waits. The
 * kernel tells who binds it by hand to come again.
 */
static void try_waiting(const char *device)
{
	unsigned int nth, points = 0, failures = 0;
	bool came = true;

	for (nth = 1; came; nth++) {
		long ret;

		step("bind without a backend, failure %u", nth);
		nth_arm(nth);
		ret = driver_write("bind", device);
		came = nth_disarm();
		if (ret != -EAGAIN && !(came && (ret == -ENOMEM || ret == -EFAULT)))
			fail("bind without a backend, failure %u: %ld", nth, ret);
		points += came;
		failures += ret != -EAGAIN;
	}
	nth_count("bind without a backend", points, failures);
}

/* Catches: what is left of a module that could not be loaded, so that it never can be. */
static void try_loading(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	unsigned int nth, points = 0, failures = 0;
	char name[64], *dash;
	bool came = true;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	while ((dash = strchr(name, '-')))
		*dash = '_';
	for (nth = 1; came; nth++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		long ret;

		step("loading of %s, failure %u", name, nth);
		if (fd < 0)
			fail("%s: %s", path, strerror(errno));
		nth_arm(nth);
		ret = or_errno(syscall(SYS_finit_module, fd, "", 0));
		came = nth_disarm();
		close(fd);
		if (ret < 0 && !came)
			fail("loading of %s, failure %u: %s", name, nth, strerror(-ret));
		if (!ret)
			must("unloading", or_errno(syscall(SYS_delete_module, name, O_NONBLOCK)));
		points += came;
		failures += ret < 0;
	}
	nth_count("loading", points, failures);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		fail("usage: loadnth (load FILE | wait DEVICE)");
	watch();
	nth_start();
	if (!strcmp(argv[1], "load"))
		try_loading(argv[2]);
	else
		try_waiting(argv[2]);
	nth_end();
}
