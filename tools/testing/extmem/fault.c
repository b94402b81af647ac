// SPDX-License-Identifier: GPL-2.0
/*
 * LD_PRELOAD: memory that is bad, and what happens in the middle. Of a file whose name ends
 * like FAULT_FILE,
 *
 *	FAULT_OFFSET, FAULT_BITS	these bits of that byte are read as 1
 *	FAULT_AT, FAULT_SIGNAL		after so many accesses comes that signal
 *	FAULT_AT, FAULT_SIZE		after so many, the file has that size
 *	FAULT_POOL			it is a pool, whose buffers are files without a name
 *	FAULT_IRQ			it has two interrupts, and the first, a level, comes so
 *					often, each time that it is armed; then, with
 *	FAULT_GONE			the region goes
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <linux/extmem.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static int is_faulty(int fd)
{
	const char *wanted = getenv("FAULT_FILE");
	char link[64], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (!wanted || length < (ssize_t)strlen(wanted))
		return 0;
	path[length] = 0;
	return !strcmp(path + length - strlen(wanted), wanted);
}

static unsigned long long number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : 0;
}

/* How much of the access is made: half of it, if a signal comes, as the kernel does it. */
static size_t happen(int fd, size_t length)
{
	static unsigned int count;
	char link[64];

	if (!is_faulty(fd) || !getenv("FAULT_AT") || count++ != number("FAULT_AT"))
		return length;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (getenv("FAULT_SIZE") && truncate(link, number("FAULT_SIZE")))
		abort();
	if (!getenv("FAULT_SIGNAL"))
		return length;
	raise(number("FAULT_SIGNAL"));
	return length / 2;
}

ssize_t pread64(int fd, void *buffer, size_t length, off_t offset)
{
	ssize_t (*real)(int fd, void *buffer, size_t length, off_t offset) =
		dlsym(RTLD_NEXT, "pread64");
	off_t at = number("FAULT_OFFSET");
	ssize_t got;

	got = real(fd, buffer, happen(fd, length), offset);
	if (is_faulty(fd) && got > 0 && at >= offset && at < offset + got)
		((unsigned char *)buffer)[at - offset] |= number("FAULT_BITS");
	return got;
}

ssize_t pwrite64(int fd, const void *buffer, size_t length, off_t offset)
{
	ssize_t (*real)(int fd, const void *buffer, size_t length, off_t offset) =
		dlsym(RTLD_NEXT, "pwrite64");

	return real(fd, buffer, happen(fd, length), offset);
}

static int alloc(struct extmem_alloc *alloc)
{
	if (alloc->length > number("FAULT_POOL")) {
		errno = ENOMEM;
		return -1;
	}
	alloc->length = (alloc->length + 4095) & ~4095ull;
	alloc->dma_addr = 0x56000000;
	alloc->fd = memfd_create("buffer", MFD_CLOEXEC);
	return ftruncate(alloc->fd, alloc->length);
}

static int info(struct extmem_info *info)
{
	info->bytes = number("FAULT_POOL");
	info->access = EXTMEM_ACCESS_WRITE;
	info->io_width = 4;
	return 0;
}

static struct extmem_irq_read irqs[] = {
	{ .name = "alarm", .state = EXTMEM_IRQ_LEVEL },
	{ .name = "frame", .index = 1 },
};

static int is_gone(void)
{
	return getenv("FAULT_GONE") && irqs[0].count >= number("FAULT_IRQ");
}

static int find_irq(unsigned int index, struct extmem_irq_read **irq)
{
	*irq = irqs + index;
	errno = is_gone() ? ENODEV : EINVAL;
	return !is_gone() && index < 2 ? 0 : -1;
}

static int irq_arm(const struct extmem_irq_arm *arm)
{
	struct extmem_irq_read *irq;

	if (find_irq(arm->index, &irq))
		return -1;
	irq->state &= ~EXTMEM_IRQ_MASKED;
	irq->state |= EXTMEM_IRQ_ARMED;
	return 0;
}

static int irq_read(struct extmem_irq_read *read)
{
	struct extmem_irq_read *irq;

	if (find_irq(read->index, &irq))
		return -1;
	*read = *irq;
	irq->events = 0;
	return 0;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
	  const sigset_t *signals)
{
	int (*real)(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		    const sigset_t *signals) = dlsym(RTLD_NEXT, "ppoll");

	if (!getenv("FAULT_IRQ") || count != 1 || !is_faulty(fds->fd))
		return real(fds, count, timeout, signals);
	if (is_gone()) {
		fds->revents = POLLHUP | POLLERR;
		return 1;
	}
	if (irqs[0].state != (EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_ARMED) ||
	    irqs[0].count >= number("FAULT_IRQ"))
		return real(NULL, 0, timeout, signals);
	irqs[0].state |= EXTMEM_IRQ_MASKED;
	irqs[0].count++;
	irqs[0].events++;
	fds->revents = POLLPRI;
	return 1;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (is_faulty(fd) && getenv("FAULT_POOL") && request == EXTMEM_IOC_ALLOC)
		return alloc(argument);
	if (is_faulty(fd) && getenv("FAULT_POOL") && request == EXTMEM_IOC_INFO)
		return info(argument);
	if (is_faulty(fd) && getenv("FAULT_IRQ") && request == EXTMEM_IOC_IRQ_ARM)
		return irq_arm(argument);
	if (is_faulty(fd) && getenv("FAULT_IRQ") && request == EXTMEM_IOC_IRQ_READ)
		return irq_read(argument);
	errno = ENOTTY;
	return -1;
}
