// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for the interrupts of a region.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#include "internal.h"

static int fail_irq(struct extmem_file *file, unsigned int index, int error)
{
	switch (error) {
	case ENOTTY:
		return extmem_fail(file->context, error,
				   "%s has no interrupts: its node needs \"interrupts\", and partitions have none",
				   file->name);
	case EINVAL:
		return extmem_fail(file->context, error,
				   "%s has no interrupt %u: they count from 0; see /sys/class/extmem/%s/interrupts",
				   file->name, index, file->name);
	case ENODEV:
		return extmem_fail(file->context, error,
				   "%s has gone: its driver was unbound or its overlay removed; open it again when it is back",
				   file->name);
	default:
		return extmem_fail(file->context, error, "%s: interrupt %u: %s", file->name,
				   index, strerror(error));
	}
}

static int arm(struct extmem_file *file, unsigned int index, unsigned int flags, int eventfd)
{
	struct extmem_irq_arm arm = {
		.size = sizeof(arm),
		.flags = flags,
		.index = index,
		.eventfd = eventfd,
	};

	return ioctl(file->fd, EXTMEM_IOC_IRQ_ARM, &arm) ? fail_irq(file, index, errno) : 0;
}

int extmem_irq_arm(struct extmem_file *file, unsigned int index)
{
	return arm(file, index, 0, 0);
}

int extmem_irq_disarm(struct extmem_file *file, unsigned int index)
{
	return arm(file, index, EXTMEM_IRQ_DISARM, 0);
}

int extmem_irq_eventfd(struct extmem_file *file, unsigned int index, int eventfd)
{
	return arm(file, index, EXTMEM_IRQ_EVENTFD, eventfd);
}

int extmem_irq_read(struct extmem_file *file, unsigned int index, struct extmem_irq_read *irq)
{
	*irq = (struct extmem_irq_read) { .size = sizeof(*irq), .index = index };
	return ioctl(file->fd, EXTMEM_IOC_IRQ_READ, irq) ? fail_irq(file, index, errno) : 0;
}

int extmem_irq_find(struct extmem_file *file, const char *name)
{
	struct extmem_irq_read irq;
	unsigned int index;
	int ret;

	for (index = 0; !(ret = extmem_irq_read(file, index, &irq)); index++)
		if (!strcmp(irq.name, name))
			return index;
	/* The first that is not there ends the search. */
	if (ret != -EINVAL)
		return ret;
	return extmem_fail(file->context, ENOENT,
			   "%s has no interrupt \"%s\": see /sys/class/extmem/%s/interrupts",
			   file->name, name, file->name);
}

int extmem_irq_wait(struct extmem_file *file, const struct timespec *timeout,
		    const sigset_t *signals)
{
	struct pollfd pollfd = { .fd = file->fd, .events = POLLPRI };
	int ret = ppoll(&pollfd, 1, timeout, signals);

	if (ret < 0)
		return extmem_fail(file->context, errno, "%s: waiting for an interrupt: %s",
				   file->name, strerror(errno));
	if (pollfd.revents & (POLLHUP | POLLERR))
		return fail_irq(file, 0, ENODEV);
	return ret;
}
