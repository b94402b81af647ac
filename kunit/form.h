/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a refusal and a name look like, as the documentation promises it. For user space,
 * too.
 */
#ifndef _EXTMEM_FORM_H
#define _EXTMEM_FORM_H

#include <linux/types.h>

/* NULL, or what is wrong with it. */
const char *form_of_refusal(const char *text, const char *node);
const char *form_of_name(const char *name, size_t most);

#endif /* _EXTMEM_FORM_H */
