/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes between a file and a part of a region: what dump, load, cmp, read and write share.
 */
#ifndef EXTMEM_COPY_H
#define EXTMEM_COPY_H

#include "extmem.h"

/*
 * The file that the bytes come from. "-" is stdin. @length is how many it has, as far as
 * that can be known.
 */
struct source {
	const char *name;
	int fd;
	bool length_known;
	uint64_t length;
};

int source_open(struct source *source, const char *name);
void source_close(struct source *source);
/* As many as there are, up to @length; fewer at its end alone; or a negative errno. */
ssize_t source_read(const struct source *source, void *buffer, size_t length);
/* The line for what source_read() returned. */
int source_fail(const struct source *source, int ret);

/* All of it; 0 or a negative errno, *@done counts on. */
int write_all(int fd, const void *buffer, size_t length, uint64_t *done);

/* A piece of the region, no longer than CHUNK and no more than remains at @done. */
size_t piece_of(const struct window *window, uint64_t done);

#endif /* EXTMEM_COPY_H */
