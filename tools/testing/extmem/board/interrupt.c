// SPDX-License-Identifier: GPL-2.0
/*
 * LD_PRELOAD: a signal at the worst moment, when a picture's file is there and nothing is in
 * it. Not Ctrl-C's own: who runs tests in the background has that one ignored.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>

int mkstemp64(char *name);

int mkstemp64(char *name)
{
	int (*real)(char *name) = (int (*)(char *))dlsym(RTLD_NEXT, "mkstemp64");
	int fd = real(name);

	raise(SIGTERM);
	return fd;
}
