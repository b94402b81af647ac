/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's names for types, for user space. */
#ifndef _TOOLS_LINUX_TYPES_H
#define _TOOLS_LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <asm/types.h>	/* those of the ABI */

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

#define __printf(fmt, first) __attribute__((format(printf, fmt, first)))

#endif /* _TOOLS_LINUX_TYPES_H */
