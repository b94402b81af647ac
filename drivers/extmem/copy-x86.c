// SPDX-License-Identifier: GPL-2.0
/*
 * x86: an ordinary load of write-combined memory fetches no more than itself; a
 * streaming one fetches its line, and the next three find it in the fill buffer.
 */
#include <linux/align.h>
#include <linux/cpufeature.h>
#include <linux/string.h>

#include <asm/fpu/api.h>

#include "internal.h"

#define STREAM_LINE 64

/**
 * extmem_has_streaming() - whether extmem_copy_streaming() gains anything here
 */
bool extmem_has_streaming(void)
{
	return static_cpu_has(X86_FEATURE_XMM4_1);
}

/* @from is aligned to a line. */
static void copy_line(void *to, const void *from)
{
	asm volatile("movntdqa   (%0), %%xmm0\n"
		     "movntdqa 16(%0), %%xmm1\n"
		     "movntdqa 32(%0), %%xmm2\n"
		     "movntdqa 48(%0), %%xmm3\n"
		     "movups %%xmm0,   (%1)\n"
		     "movups %%xmm1, 16(%1)\n"
		     "movups %%xmm2, 32(%1)\n"
		     "movups %%xmm3, 48(%1)\n"
		     : : "r" (from), "r" (to) : "memory");
}

/**
 * extmem_copy_streaming() - copy from write-combined memory
 * @to: where to; ordinary memory
 * @from: where from
 * @size: bytes
 */
void extmem_copy_streaming(void *to, const void *from, size_t size)
{
	size_t head = min_t(size_t, size, -(uintptr_t)from & (STREAM_LINE - 1));
	size_t lines = (size - head) / STREAM_LINE;

	memcpy(to, from, head);
	to += head;
	from += head;
	size -= head;
	if (lines) {
		kernel_fpu_begin();
		for (; lines; lines--, size -= STREAM_LINE) {
			copy_line(to, from);
			to += STREAM_LINE;
			from += STREAM_LINE;
		}
		kernel_fpu_end();
	}
	memcpy(to, from, size);
}
