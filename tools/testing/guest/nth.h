/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Each allocation, and each copy from and to user memory, that a call makes fails once:
 * nth_start(); for (nth = 1; came; nth++) { nth_arm(nth); ret = CALL; came = nth_disarm(); }
 * nth_count(); nth_end().
 */
#ifndef NTH_H
#define NTH_H

#include <stdbool.h>
#include <stdnoreturn.h>

/* What a call returned, as the kernel says it: a negative errno. */
long or_errno(long ret);
/* It was not to fail. */
void must(const char *what, long ret);

void nth_start(void);
void nth_arm(unsigned int nth);
/* Returns: true if the failure has come. */
bool nth_disarm(void);
/* Says how many there were, of what; nth_end() has the sum. */
void nth_count(const char *what, unsigned int points, unsigned int failures);
noreturn void nth_end(void);

#endif
