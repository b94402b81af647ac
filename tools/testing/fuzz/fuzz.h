/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzers of user space have in common: what must hold of any description of
 * memory, however wrong, besides that nothing crashes.
 */
#ifndef _EXTMEM_FUZZ_H
#define _EXTMEM_FUZZ_H

#include "rules.h"

/* What libFuzzer calls, and replay.c without it; and what it has for a mutator. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max_size);

/* Says what does not hold, and ends the program so that a fuzzer takes it for a find. */
#define expect(holds, ...)					\
do {								\
	if (!(holds))						\
		expect_failed(#holds, __VA_ARGS__);		\
} while (0)
void __attribute__((noreturn, format(printf, 2, 3)))
expect_failed(const char *what, const char *format, ...);

void expect_refused(const struct extmem_verdict *verdict, int ret, const char *node);
void expect_good(const struct extmem_verdict *verdict, int ret, const char *node);
void expect_region(const struct extmem_node *node, const struct extmem_desc *desc,
		   const struct extmem_machine *machine, enum extmem_overlap ram);
void expect_partition(const struct extmem_desc *desc, const struct extmem_desc *parent,
		      u64 parent_size);
void expect_same(const struct extmem_desc *desc, const struct extmem_desc *again);
void expect_neighbours(const struct extmem_desc *desc, const struct extmem_desc *other,
		       const struct extmem_machine *machine);
void expect_siblings(const struct extmem_desc *desc, const struct extmem_desc *other);
void expect_pages(const struct extmem_desc *desc, const struct extmem_place *place);

#endif /* _EXTMEM_FUZZ_H */
