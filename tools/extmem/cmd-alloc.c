// SPDX-License-Identifier: GPL-2.0
/*
 * extmem alloc: a buffer from a pool, for as long as a command runs, or until Ctrl-C.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extmem.h"

static const char help[] =
	"usage: extmem alloc [OPTION...] POOL SIZE [COMMAND [ARGUMENT...]]\n"
	"\n"
	"Take a buffer from a pool: contiguous, zeroed, of whole pages. It is held until\n"
	"Ctrl-C, and its facts are printed; or COMMAND runs with it.\n"
	"\n"
	"  -j, --json        the facts for programs: version 1\n"
	"\n"
	"COMMAND has in its environment\n"
	"  EXTMEM_FD         the descriptor of the dma-buf, which it can map, and hand to\n"
	"                    V4L2, DRM or another program\n"
	"  EXTMEM_LENGTH     its bytes\n"
	"  EXTMEM_DMA_ADDR   its address for the device of the pool's node; root alone\n"
	"The exit code is the command's. The buffer is free when nobody has it any more.\n"
	"\n"
	"A pool is a region of type cma whose node has no buffer-size. Its figures are in\n"
	"extmem info POOL.\n";

static int print_facts(const char *pool, const struct extmem_buffer *buffer, bool json)
{
	bool known = buffer->dma_addr != EXTMEM_PHYS_ADDR_NONE;
	struct json_object *document;

	if (!json) {
		printf("pool      %s\nlength    0x%llx\n", pool,
		       (unsigned long long)buffer->length);
		if (known)
			printf("dma_addr  0x%llx\n", (unsigned long long)buffer->dma_addr);
		else
			puts("dma_addr  -  (for root alone)");
		return finish_output();
	}
	document = json_document("alloc");
	json_object_object_add(document, "pool", json_string(pool));
	json_object_object_add(document, "length", json_bytes(buffer->length));
	json_object_object_add(document, "dma_addr",
			       known ? json_bytes(buffer->dma_addr) : NULL);
	return json_finish(document);
}

static int hold(const char *pool, const struct extmem_buffer *buffer, bool json)
{
	sigset_t all;
	int code;

	catch_interrupts();
	/* Blocked between the look and the wait, or a signal could come there. */
	sigemptyset(&all);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGHUP);
	sigprocmask(SIG_BLOCK, &all, NULL);
	code = print_facts(pool, buffer, json);
	sigemptyset(&all);
	while (!code && !interrupted())
		sigsuspend(&all);
	return code;
}

static void set_number(const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)number);
	setenv(name, text, 1);
}

static int run(const struct extmem_buffer *buffer, char **command)
{
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", buffer->fd);
	setenv("EXTMEM_FD", fd, 1);
	set_number("EXTMEM_LENGTH", buffer->length);
	unsetenv("EXTMEM_DMA_ADDR");
	if (buffer->dma_addr != EXTMEM_PHYS_ADDR_NONE)
		set_number("EXTMEM_DMA_ADDR", buffer->dma_addr);
	/* It takes the place of this one, and what it does with signals is its own. */
	if (fcntl(buffer->fd, F_SETFD, 0))
		return fail(EXIT_FAILED, "the buffer: %s", strerror(errno));
	execvp(*command, command);
	return fail(errno == ENOENT ? 127 : 126, "%s: %s", *command, strerror(errno));
}

static int alloc(const char *pool, uint64_t size, char **command, bool json)
{
	extmem_auto(context) struct extmem_context *context = extmem_new();
	extmem_auto(buffer) struct extmem_buffer buffer = { .fd = -1 };
	struct extmem_file *file;
	int ret;

	if (!context)
		return fail(EXIT_FAILED, "out of memory");
	ret = extmem_open(context, pool, O_RDWR, &file);
	if (ret)
		return fail_library(context, ret);
	ret = extmem_alloc(file, size, &buffer);
	/* The buffer outlives it. */
	extmem_close(file);
	if (ret == -ENOTTY)
		return fail(EXIT_REFUSED, "%s", extmem_error(context));
	if (ret)
		return fail_library(context, ret);
	return *command ? run(&buffer, command) : hold(pool, &buffer, json);
}

int cmd_alloc(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	/* The options of the command are its own. */
	static const struct options options = { help, "+j", longs };
	bool json = false;
	char **command;
	uint64_t size;
	int code, got;

	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 'j':
			json = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 2, 1 << 20,
				"[OPTION...] POOL SIZE [COMMAND [ARGUMENT...]]");
	if (!code)
		code = parse_size_of("alloc: the size", argv[optind + 1], &size);
	if (!code && !size)
		code = fail(EXIT_USAGE, "alloc: a buffer of no bytes: give a size");
	if (code)
		return code;
	command = argv + optind + 2;
	/* "--" between the size and the command is a habit of many. */
	if (*command && !strcmp(*command, "--"))
		command++;
	return alloc(argv[optind], size, command, json);
}
