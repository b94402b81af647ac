// SPDX-License-Identifier: GPL-2.0
/*
 * Ctrl-C and its like, for verbs that have something to say about it.
 */
#include <signal.h>
#include <string.h>

#include "extmem.h"

static volatile sig_atomic_t caught;

static void note_signal(int number)
{
	caught = number;
}

void catch_interrupts(void)
{
	/* No SA_RESTART: what waits is to wake up. */
	struct sigaction action = { .sa_handler = note_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		/* What nohup or a shell's background has switched off stays so. */
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	/* A pipe that is closed is an error like others, with a line of its own. */
	sigaction(SIGPIPE, &ignore, NULL);
}

int interrupted(void)
{
	return caught;
}

const char *interrupt_name(void)
{
	switch (caught) {
	case SIGINT:
		return "SIGINT";
	case SIGTERM:
		return "SIGTERM";
	default:
		return "SIGHUP";
	}
}

int interrupt_code(void)
{
	return 128 + caught;
}
