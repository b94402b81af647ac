// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts: where sysfs and the device nodes are, and what went wrong last.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

struct extmem_context *extmem_new_at(const char *sysfs, const char *dev)
{
	struct extmem_context *context = calloc(1, sizeof(*context));

	if (!context)
		return NULL;
	context->sysfs = strdup(sysfs ? sysfs : "/sys");
	context->dev = strdup(dev ? dev : "/dev");
	if (context->sysfs && context->dev)
		return context;
	extmem_free(context);
	return NULL;
}

/* Not of the environment of a program with more rights than who has called it. */
struct extmem_context *extmem_new(void)
{
	return extmem_new_at(secure_getenv("EXTMEM_SYSFS"), secure_getenv("EXTMEM_DEV"));
}

void extmem_free(struct extmem_context *context)
{
	if (!context)
		return;
	extmem_forget_regions(context);
	free(context->sysfs);
	free(context->dev);
	free(context);
}

const char *extmem_error(const struct extmem_context *context)
{
	return context ? context->error : "no memory for a context";
}

const char *extmem_version(void)
{
	return VERSION;
}

int extmem_fail(struct extmem_context *context, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(context->error, sizeof(context->error), format, arguments);
	va_end(arguments);
	return -error;
}
