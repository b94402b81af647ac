/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A board's device tree from a file, whichever kind of file it is.
 */
#ifndef EXTMEM_BOARD_READ_H
#define EXTMEM_BOARD_READ_H

#include <stddef.h>

#include "board-tree.h"

/* The kernel of no architecture takes as much. */
#define TREE_MAX_BYTES	(16 << 20)

/*
 * A .dtb, a .dts, or a folder such as /proc/device-tree. @includes are the folders that
 * a .dts includes from, NULL after the last. tree_free() in any case.
 */
bool tree_read(struct tree *tree, const char *file, const char * const *includes,
	       struct tree_error *error);

/* Of these, one each. */
bool tree_read_blob(struct tree *tree, const void *blob, size_t size,
		    struct tree_error *error);
bool tree_read_folder(struct tree *tree, const char *folder, struct tree_error *error);
bool tree_read_source(struct tree *tree, const char *file, const char * const *includes,
		      struct tree_error *error);

bool tree_fail(struct tree_error *error, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* All of a file, which the caller frees; NULL, and why. */
void *tree_slurp(const char *file, size_t *size, struct tree_error *error);

#endif /* EXTMEM_BOARD_READ_H */
