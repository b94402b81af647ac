// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of linux/extmem.h, and what their errors mean.
 */
#include <errno.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/ioctl.h>

#include "internal.h"

/* What any of them can give. */
static int fail_ioctl(struct extmem_file *file, const char *what, int error)
{
	switch (error) {
	case ENODEV:
		return extmem_fail(file->context, error,
				   "%s has gone: its driver was unbound or its overlay removed; open it again when it is back",
				   file->name);
	case ENOTTY:
		return extmem_fail(file->context, error,
				   "%s: this kernel's extmem has no %s: is it older than this program?",
				   file->name, what);
	case E2BIG:
		return extmem_fail(file->context, error,
				   "%s: %s: this kernel's extmem is older than what was asked for",
				   file->name, what);
	default:
		return extmem_fail(file->context, error, "%s: %s: %s", file->name, what,
				   strerror(error));
	}
}

int extmem_info(struct extmem_file *file, struct extmem_info *info)
{
	*info = (struct extmem_info) { .size = sizeof(*info) };
	return ioctl(file->fd, EXTMEM_IOC_INFO, info) ? fail_ioctl(file, "INFO", errno) : 0;
}

int extmem_sync(struct extmem_file *file, uint64_t offset, uint64_t length,
		unsigned int flags)
{
	struct extmem_sync sync = {
		.size = sizeof(sync),
		.flags = flags,
		.offset = offset,
		.length = length,
	};

	if (!ioctl(file->fd, EXTMEM_IOC_SYNC, &sync))
		return sync.done;
	switch (errno) {
	case EOPNOTSUPP:
		return extmem_fail(file->context, errno,
				   "%s is cached, and this machine has no way to write its caches back: let its cache-policy be write-combine, or its node dma-coherent if its devices are",
				   file->name);
	case EINVAL:
		return extmem_fail(file->context, errno,
				   "%s: %#llx bytes at %#llx cannot be synchronised: they are not in it, or none, or it was not said for what",
				   file->name, (unsigned long long)length,
				   (unsigned long long)offset);
	default:
		return fail_ioctl(file, "SYNC", errno);
	}
}

int extmem_alloc(struct extmem_file *pool, uint64_t length, struct extmem_buffer *buffer)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = length };

	*buffer = (struct extmem_buffer) { .fd = -1, .dma_addr = EXTMEM_PHYS_ADDR_NONE };
	if (!ioctl(pool->fd, EXTMEM_IOC_ALLOC, &alloc)) {
		buffer->fd = alloc.fd;
		buffer->length = alloc.length;
		buffer->dma_addr = alloc.dma_addr;
		return 0;
	}
	switch (errno) {
	case ENOTTY:
		return extmem_fail(pool->context, errno,
				   "%s is no pool: buffers come from a cma region whose node has no buffer-size",
				   pool->name);
	case EACCES:
		return extmem_fail(pool->context, errno,
				   "%s is open for reading alone: open it for writing, too",
				   pool->name);
	case EINVAL:
		return extmem_fail(pool->context, errno, "%s: a buffer of no bytes", pool->name);
	case ENOMEM:
		return extmem_fail(pool->context, errno,
				   "%s has no room for %#llx bytes in one piece: dmesg says how it stands; free buffers, or make the pool larger in the device tree",
				   pool->name, (unsigned long long)length);
	default:
		return fail_ioctl(pool, "ALLOC", errno);
	}
}

int extmem_export(struct extmem_file *file, uint64_t offset, uint64_t length)
{
	struct extmem_export export = {
		.size = sizeof(export),
		.offset = offset,
		.length = length,
	};

	if (!ioctl(file->fd, EXTMEM_IOC_EXPORT, &export))
		return export.fd;
	switch (errno) {
	case EINVAL:
		return extmem_fail(file->context, errno,
				   "%s: %#llx bytes at %#llx are no window of it: both must be whole pages of %ld bytes, and in it",
				   file->name, (unsigned long long)length,
				   (unsigned long long)offset, sysconf(_SC_PAGESIZE));
	case EPERM:
		return extmem_fail(file->context, errno,
				   "%s is registers, which are not handed out", file->name);
	case ENXIO:
		return extmem_fail(file->context, errno,
				   "%s is a pool: take a buffer from it instead", file->name);
	case EOPNOTSUPP:
		return extmem_fail(file->context, errno,
				   "%s has no one address and cannot be handed out", file->name);
	default:
		return fail_ioctl(file, "EXPORT", errno);
	}
}

static int fail_copy(struct extmem_file *file, int error)
{
	switch (error) {
	case EBADF:
		return extmem_fail(file->context, error,
				   "copy: the source must be open for reading, the destination for writing");
	case EINVAL:
		return extmem_fail(file->context, error,
				   "copy: both ends must be regions, buffers or windows, the bytes in both, and not the same");
	case EPERM:
		return extmem_fail(file->context, error,
				   "copy: one end is registers, or the destination is read-only");
	case ENXIO:
		return extmem_fail(file->context, error,
				   "copy: a pool has no bytes of its own: give a buffer of it");
	default:
		return fail_ioctl(file, "COPY", error);
	}
}

/* One call of the kernel's copies less than 2 GiB. */
int64_t extmem_copy(struct extmem_file *file, int to, uint64_t to_offset, int from,
		    uint64_t from_offset, uint64_t length)
{
	uint64_t done = 0;

	while (done < length) {
		struct extmem_copy copy = {
			.size = sizeof(copy),
			.src_fd = from,
			.dst_fd = to,
			.src_offset = from_offset + done,
			.dst_offset = to_offset + done,
			.length = length - done,
		};

		if (ioctl(file->fd, EXTMEM_IOC_COPY, &copy))
			return done ? (int64_t)done : fail_copy(file, errno);
		done += copy.copied;
		/* A signal came: the caller must have a chance to act on it. */
		if (copy.copied < copy.length && copy.copied < INT32_MAX - 0xffff)
			break;
	}
	return done;
}

/* The flags are the same by design. */
int extmem_buffer_sync(struct extmem_context *context, int fd, unsigned int flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	while (ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync)) {
		if (errno != EINTR && errno != EAGAIN)
			return extmem_fail(context, errno, "a buffer cannot be synchronised: %s",
					   strerror(errno));
	}
	return 0;
}
