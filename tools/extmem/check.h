/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What there is to be said of a board.
 */
#ifndef EXTMEM_CHECK_H
#define EXTMEM_CHECK_H

#include "board.h"

/* Of advice, so that one kind can be switched off. */
enum check_kind {
	CHECK_ERROR,			/* none: the kernel refuses it */
	CHECK_HUGE_PAGES,
	CHECK_SLOW_POLICY,
	CHECK_NO_MAP,
	CHECK_MEMORY_HOLE,
	CHECK_MEMORY_OVERLAP,
	CHECK_SHARED_ADDRESS,
	CHECK_NO_DEVICE,
	CHECK_POOL_ALIGNMENT,
	CHECK_RESERVED_MEMORY,
	CHECK_MACHINE,
	CHECK_KINDS
};

struct check_message {
	struct check_message *next;
	enum check_kind kind;
	const struct tree_node *node;
	const char *prop;		/* or NULL */
	const char *text;		/* "<node>: <property>: ...", the kernel's of an error */
};

struct check {
	struct board *board;
	unsigned int allowed;		/* a bit for each kind of advice that is not wanted */
	unsigned int errors;
	unsigned int advice;
	struct check_message *messages;
	struct check_message **end;
};

/* "huge-pages" */
const char *check_kind_name(enum check_kind kind);

void check_board(struct check *check, struct board *board, unsigned int allowed);
void check_advise(struct check *check, enum check_kind kind, struct tree_node *node,
		  const char *prop, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* --- check-advice.c, check-memory.c --- */
void check_add_advice(struct check *check);
void check_add_memory_advice(struct check *check);

/* --- check-report.c, check-json.c: each gives the exit code of its output --- */
int check_report(const struct check *check);
int check_report_json(const struct check *check);

#endif /* EXTMEM_CHECK_H */
