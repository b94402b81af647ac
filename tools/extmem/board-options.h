/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of the verbs that read a board.
 */
#ifndef EXTMEM_BOARD_OPTIONS_H
#define EXTMEM_BOARD_OPTIONS_H

#include "board.h"

#define BOARD_MAX_INCLUDES 32

struct board_arguments {
	struct board_options options;
	const char *includes[BOARD_MAX_INCLUDES + 1];
	int include_count;
};

/* For the tables of getopt_long(). */
#define BOARD_SHORTS "I:"
#define BOARD_LONGS \
	{ "arch", required_argument, NULL, 'A' }, \
	{ "of-id", required_argument, NULL, 'O' }, \
	{ "page-size", required_argument, NULL, 'P' }, \
	{ "simulate", no_argument, NULL, 'S' }

/* Takes an option if it is one of these: EXIT_GOOD, or an exit code and a line said. */
bool board_option(struct board_arguments *arguments, int option, const char *value, int *code);

#endif /* EXTMEM_BOARD_OPTIONS_H */
