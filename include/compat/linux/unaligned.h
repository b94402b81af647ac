/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Found only where the kernel, before 6.12, has no such header itself.
 */
#ifndef _EXTMEM_COMPAT_UNALIGNED_H
#define _EXTMEM_COMPAT_UNALIGNED_H

#include <asm/unaligned.h>

#endif /* _EXTMEM_COMPAT_UNALIGNED_H */
