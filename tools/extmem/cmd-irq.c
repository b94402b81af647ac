// SPDX-License-Identifier: GPL-2.0
/*
 * extmem irq: wait for an interrupt of a region, and see to it by a command.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "extmem.h"

extern char **environ;

static const char help[] =
	"usage: extmem irq [OPTION...] REGION [COMMAND [ARGUMENT...]]\n"
	"\n"
	"Wait until an interrupt of a region comes, and print how often it did. COMMAND\n"
	"runs each time, and is to remove the cause.\n"
	"\n"
	"  -i, --interrupt I  which: its name, or its number; the first, if not given\n"
	"  -c, --count N      end when it came N times: 1, if not given; 0 is never\n"
	"  -t, --timeout S    end after S seconds in which nothing came: exit code 5\n"
	"  -l, --list         show which there are and how they stand; wait for none\n"
	"  -j, --json         for programs: version 1; all at the end\n"
	"\n"
	"A level stays up until its cause is removed, and is masked until then. Without\n"
	"COMMAND, it comes at once again as long as there is a cause. With -c 0, Ctrl-C\n"
	"ends it.\n"
	"\n"
	"A region has interrupts if its node has; a partition has none.\n";

struct wish {
	struct window window;
	const char *interrupt;
	const char *timeout;
	uint64_t seconds;
	uint64_t count;		/* 0: without end */
	bool list, json;
	char **command;
	unsigned int index;
	uint64_t came;
	sigset_t signals;	/* that end the wait, and nothing else */
};

static struct json_object *json_irq(const struct extmem_irq_read *irq, uint64_t events)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "index", json_bytes(irq->index));
	json_object_object_add(object, "name", json_string(irq->name));
	json_object_object_add(object, "level",
			       json_object_new_boolean(irq->state & EXTMEM_IRQ_LEVEL));
	json_object_object_add(object, "masked",
			       json_object_new_boolean(irq->state & EXTMEM_IRQ_MASKED));
	json_object_object_add(object, "count", json_bytes(irq->count));
	json_object_object_add(object, "events", json_bytes(events));
	return object;
}

static int print_json(const struct wish *wish, struct json_object *interrupts)
{
	struct json_object *document = json_document("irq");

	json_object_object_add(document, "region", json_string(wish->window.name));
	json_object_object_add(document, "interrupts", interrupts);
	return json_finish(document);
}

static void add_row(struct table *table, const struct extmem_irq_read *irq)
{
	char text[24];

	snprintf(text, sizeof(text), "%u", irq->index);
	table_add(table, text);
	table_add(table, irq->name);
	table_add(table, irq->state & EXTMEM_IRQ_LEVEL ? "level" : "edge");
	table_add(table, irq->state & EXTMEM_IRQ_MASKED ? "masked" : "-");
	snprintf(text, sizeof(text), "%llu", (unsigned long long)irq->count);
	table_add(table, text);
}

/* A region without interrupts is one that was asked for what it cannot do. */
static int fail_of_irq(const struct wish *wish, int ret)
{
	if (ret == -ENOTTY)
		return fail(EXIT_REFUSED, "%s", extmem_error(wish->window.context));
	return fail_library(wish->window.context, ret);
}

/* Until the kernel says that there is none of that index. */
static int list(struct wish *wish)
{
	static const char * const heading[] = { "INDEX", "NAME", "TRIGGER", "STATE", "COUNT" };
	struct json_object *interrupts = json_object_new_array();
	struct table *table = table_new(ARRAY_SIZE(heading));
	struct extmem_irq_read irq;
	unsigned int i;
	int ret, code;

	for (i = 0; i < ARRAY_SIZE(heading); i++)
		table_add(table, heading[i]);
	for (i = 0; !(ret = extmem_irq_read(wish->window.file, i, &irq)); i++) {
		add_row(table, &irq);
		json_object_array_add(interrupts, json_irq(&irq, 0));
	}
	if (ret != -EINVAL) {
		code = fail_of_irq(wish, ret);
		json_object_put(interrupts);
	} else if (wish->json) {
		code = print_json(wish, interrupts);
	} else {
		table_print(table, stdout, true);
		json_object_put(interrupts);
		code = finish_output();
	}
	table_free(table);
	return code;
}

/* Not to be stopped by what stops this one: a terminal sends it to both. */
static int run(const struct wish *wish)
{
	posix_spawnattr_t attributes;
	int status, error;
	pid_t pid;

	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &wish->signals);
	error = posix_spawnp(&pid, *wish->command, NULL, &attributes, wish->command, environ);
	posix_spawnattr_destroy(&attributes);
	if (error)
		return fail(error == ENOENT ? 127 : 126, "%s: %s", *wish->command,
			    strerror(error));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fail(EXIT_FAILED, "%s: %s", *wish->command, strerror(errno));
	if (WIFSIGNALED(status))
		return fail(EXIT_FAILED, "%s: ended by signal %d: the interrupt is not armed again",
			    *wish->command, WTERMSIG(status));
	if (WEXITSTATUS(status))
		return fail(EXIT_FAILED, "%s: exit code %d: the interrupt is not armed again",
			    *wish->command, WEXITSTATUS(status));
	return EXIT_GOOD;
}

static int end_early(const struct wish *wish)
{
	if (!wish->count)
		return EXIT_GOOD;
	return fail(interrupt_code(), "%s: stopped by %s; interrupt %u came %llu of %llu times",
		    wish->window.name, interrupt_name(), wish->index,
		    (unsigned long long)wish->came, (unsigned long long)wish->count);
}

/* EXIT_GOOD when there is something to read, or when it was stopped. */
static int wait_for(const struct wish *wish)
{
	struct timespec timeout = { .tv_sec = wish->seconds };
	int ret;

	do {
		ret = extmem_irq_wait(wish->window.file, wish->timeout ? &timeout : NULL,
				      &wish->signals);
	} while (ret == -EINTR && !interrupted());
	if (!ret)
		return fail(EXIT_FAILED, "%s: interrupt %u did not come within %llu s",
			    wish->window.name, wish->index, (unsigned long long)wish->seconds);
	return ret < 0 && ret != -EINTR ? fail_library(wish->window.context, ret) : EXIT_GOOD;
}

static int tell(const struct wish *wish, const struct extmem_irq_read *irq)
{
	if (wish->json)
		return EXIT_GOOD;
	printf("%s: %llu new, %llu in all\n", irq->name, (unsigned long long)irq->events,
	       (unsigned long long)irq->count);
	return finish_output();
}

static int listen_to(struct wish *wish)
{
	struct extmem_irq_read irq = {};
	int ret, code = EXIT_GOOD;

	while (!code && (!wish->count || wish->came < wish->count)) {
		ret = extmem_irq_arm(wish->window.file, wish->index);
		if (ret)
			return fail_library(wish->window.context, ret);
		code = wait_for(wish);
		if (code)
			return code;
		ret = extmem_irq_read(wish->window.file, wish->index, &irq);
		if (ret)
			return fail_library(wish->window.context, ret);
		wish->came += irq.events;
		if (irq.events)
			code = tell(wish, &irq);
		if (!code && irq.events && *wish->command)
			code = run(wish);
		if (!code && interrupted()) {
			code = end_early(wish);
			break;
		}
	}
	if (!code && wish->json) {
		struct json_object *interrupts = json_object_new_array();

		json_object_array_add(interrupts, json_irq(&irq, wish->came));
		code = print_json(wish, interrupts);
	}
	return code;
}

/* A name is one before it is a number: there may be one that is called 1. */
static int choose(struct wish *wish)
{
	struct extmem_irq_read irq;
	uint64_t number = 0;
	int ret;

	ret = wish->interrupt ? extmem_irq_find(wish->window.file, wish->interrupt) : 0;
	if (ret == -ENOENT && parse_size(wish->interrupt, &number) && number <= UINT32_MAX)
		ret = 0;
	else
		number = ret > 0 ? ret : 0;
	if (ret >= 0)
		ret = extmem_irq_read(wish->window.file, number, &irq);
	if (ret)
		return fail_of_irq(wish, ret);
	wish->index = number;
	return EXIT_GOOD;
}

static int irq(struct wish *wish)
{
	sigset_t blocked;
	int code;

	if (wish->list)
		return list(wish);
	code = choose(wish);
	if (code)
		return code;
	catch_interrupts();
	/* Let through in the wait alone, or one could come before it and be missed. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, &wish->signals);
	return listen_to(wish);
}

int cmd_irq(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "interrupt", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'c' },
		{ "timeout", required_argument, NULL, 't' },
		{ "list", no_argument, NULL, 'l' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	/* The options of the command are its own. */
	static const struct options options = { help, "+i:c:t:lj", longs };
	struct wish wish = { .count = 1 };
	const char *count = NULL;
	int code, got;

	while ((got = next_option(argc, argv, &options, &code)) != OPTION_END) {
		switch (got) {
		case OPTION_STOP:
			return code;
		case 'i':
			wish.interrupt = optarg;
			break;
		case 'c':
			count = optarg;
			break;
		case 't':
			wish.timeout = optarg;
			break;
		case 'l':
			wish.list = true;
			break;
		case 'j':
			wish.json = true;
			break;
		}
	}
	code = expect_arguments(argc, argv, 1, 1 << 20,
				"[OPTION...] REGION [COMMAND [ARGUMENT...]]");
	if (!code && count)
		code = parse_size_of("irq: the count", count, &wish.count);
	if (!code && wish.timeout)
		code = parse_size_of("irq: the timeout", wish.timeout, &wish.seconds);
	if (!code && wish.seconds > INT32_MAX)
		code = fail(EXIT_USAGE, "irq: a timeout of more than %d seconds: leave it out",
			    INT32_MAX);
	if (code)
		return code;
	wish.command = argv + optind + 1;
	if (*wish.command && !strcmp(*wish.command, "--"))
		wish.command++;
	if (*wish.command && (wish.json || wish.list))
		return fail(EXIT_USAGE, "irq: --json and --list run no command: leave it out");
	code = window_open(&wish.window, argv[optind], O_RDONLY, &(struct window_options) {});
	if (code)
		return code;
	code = irq(&wish);
	window_close(&wish.window);
	return code;
}
