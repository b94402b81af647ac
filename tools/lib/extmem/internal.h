/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the library share.
 */
#ifndef LIBEXTMEM_INTERNAL_H
#define LIBEXTMEM_INTERNAL_H

#include "libextmem.h"

/* What a file of sysfs said: a value, or why there is none. */
struct fact {
	char *name;
	char *value;
	int error;
};

struct extmem_region {
	struct extmem_context *context;
	char *name;
	char *parent_name;	/* of its device; may be no region */
	struct extmem_region *parent;
	struct extmem_region *next;
	struct fact *facts;
	size_t fact_count;
	uint64_t size;
	uint64_t address;
};

struct extmem_context {
	char *sysfs;
	char *dev;
	struct extmem_region **regions;	/* in the order of extmem_next() */
	size_t count;
	bool scanned;
	char error[1024];
};

struct extmem_file {
	struct extmem_context *context;
	char *name;
	uint64_t size;
	int fd;
};

/* Sets the context's error. Returns -@error. */
int extmem_fail(struct extmem_context *context, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* There is no region @name: which there are instead. Returns -ENOENT. */
int extmem_fail_absent(struct extmem_context *context, const char *name);

void extmem_forget_regions(struct extmem_context *context);
struct extmem_region *extmem_read_region(struct extmem_context *context, const char *name);
void extmem_free_region(struct extmem_region *region);

#endif /* LIBEXTMEM_INTERNAL_H */
