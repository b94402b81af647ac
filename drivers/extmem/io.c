// SPDX-License-Identifier: GPL-2.0
/*
 * read() and write(): bytes between a region and a user's memory.
 *
 * The gate is held for one chunk at a time, and no user memory is faulted in while it
 * is: a page may be another program's to provide, at its leisure, and unbind would wait
 * for it. What can be copied straight is, with page faults disabled. Registers and
 * uncached memory, of which an access must have its width or at least its alignment, go
 * through a buffer of ours, and so each unit is accessed once whatever becomes of the
 * user's page.
 */
#include <linux/cleanup.h>
#include <linux/io.h>
#include <linux/iosys-map.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "internal.h"
#include "trace.h"

/* Between two looks at the gate, at signals and at who else wants the CPU. */
#define DIRECT_CHUNK	SZ_64K
#define BUFFER_SIZE	PAGE_SIZE
#define SMALL_SIZE	64	/* of a buffer on the stack */

/* Whether to go on; 1 to, 0 if that is all, -ERESTARTSYS if somebody has no time. */
static int between_chunks(const struct iov_iter *iter)
{
	if (!iov_iter_count(iter))
		return 0;
	cond_resched();
	return signal_pending(current) ? -ERESTARTSYS : 1;
}

static bool is_straight_to_write(const struct extmem_region *region)
{
	return region->root->desc.policy != EXTMEM_UNCACHED;
}

static bool is_straight_to_read(const struct extmem_region *region)
{
	if (region->root->desc.policy == EXTMEM_WRITE_COMBINE && extmem_has_streaming())
		return false;
	return is_straight_to_write(region);
}

static bool is_write(const struct iov_iter *iter)
{
	return iov_iter_rw(iter) == WRITE;
}

/*
 * The iterator's functions without the checks of hardened usercopy, as in
 * drivers/nvdimm/pmem.c: it is the rules and the caller that keep a range in its region,
 * and the checks would take a lock of the kernel's on the way to each vmap area.
 */
static size_t copy(void *mem, size_t size, struct iov_iter *iter)
{
	return is_write(iter) ? _copy_from_iter(mem, size, iter) :
				_copy_to_iter(mem, size, iter);
}

/* How much there is of the next bytes of a user's memory, once it was asked for. */
static size_t fault_in(size_t size, struct iov_iter *iter)
{
	return size - (is_write(iter) ? fault_in_iov_iter_readable(iter, size) :
					fault_in_iov_iter_writeable(iter, size));
}

static size_t copy_no_fault(void *mem, size_t size, struct iov_iter *iter)
{
	size_t copied;

	pagefault_disable();
	copied = copy(mem, size, iter);
	pagefault_enable();
	return copied;
}

/* By itself, so that who finds the view there needs no room for a window on his stack. */
static noinline ssize_t copy_by_window(struct extmem_region *region, u64 pos, size_t size,
				       struct iov_iter *iter)
{
	struct extmem_window window;
	ssize_t ret;

	ret = extmem_window_open(region, pos, size, &window);
	if (ret)
		return ret;
	ret = copy_no_fault(window.map.vaddr, size, iter);
	extmem_window_close(region, &window);
	return ret;
}

static ssize_t copy_chunk(struct extmem_region *region, u64 pos, size_t size,
			  struct iov_iter *iter)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	if (!extmem_has_view(region))
		return copy_by_window(region, pos, size, iter);
	return copy_no_fault(region->root->view.vaddr + extmem_offset_in_root(region) + pos,
			     size, iter);
}

static ssize_t go_straight(struct extmem_region *region, u64 pos, struct iov_iter *iter)
{
	size_t done = 0, room = DIRECT_CHUNK;
	int ret;

	do {
		size_t size = min_t(size_t, iov_iter_count(iter), room);
		ssize_t copied = copy_chunk(region, pos + done, size, iter);

		if (copied < 0)
			return done ?: copied;
		done += copied;
		size -= copied;
		room = DIRECT_CHUNK;
		if (size) {
			/* No more than is there: a copy in blocks would not get on. */
			room = fault_in(size, iter);
			if (!room)
				return done ?: -EFAULT;
		}
		ret = between_chunks(iter);
	} while (ret > 0);
	return done ?: ret;
}

/**
 * extmem_io_get() - copy from a region to the kernel's memory
 * @region: the region, whose gate the caller is inside, or which he is linked to
 * @units: what extmem_units() gave
 * @pos: first byte; in the region, and so is the last one
 * @buf: where to
 * @size: bytes
 *
 * Return: 0, or as extmem_window_open().
 */
int extmem_io_get(struct extmem_region *region, struct extmem_units units, u64 pos,
		  void *buf, size_t size)
{
	struct extmem_window window;
	int ret;

	ret = extmem_window_open(region, pos, size, &window);
	if (ret)
		return ret;
	extmem_units_read(units, &window.map, buf, size);
	extmem_window_close(region, &window);
	return 0;
}

/**
 * extmem_io_put() - copy from the kernel's memory to a region
 * @region: as extmem_io_get()
 * @units: as there
 * @pos: as there
 * @buf: where from
 * @size: bytes
 *
 * Return: as there.
 */
int extmem_io_put(struct extmem_region *region, struct extmem_units units, u64 pos,
		  const void *buf, size_t size)
{
	struct extmem_window window;
	int ret;

	ret = extmem_window_open(region, pos, size, &window);
	if (ret)
		return ret;
	extmem_units_write(units, &window.map, buf, size);
	extmem_window_close(region, &window);
	extmem_note_write(region);
	return 0;
}

static int read_to_buffer(struct extmem_region *region, struct extmem_units units,
			  u64 pos, void *buf, size_t size)
{
	CLASS(extmem_gate, gate)(region);
	return gate.open ? extmem_io_get(region, units, pos, buf, size) : -ENODEV;
}

static int write_from_buffer(struct extmem_region *region, struct extmem_units units,
			     u64 pos, const void *buf, size_t size)
{
	CLASS(extmem_gate, gate)(region);
	return gate.open ? extmem_io_put(region, units, pos, buf, size) : -ENODEV;
}

static size_t in_whole_units(size_t size, struct extmem_units units)
{
	return units.width ? round_down(size, units.width) : size;
}

static ssize_t read_by_buffer(struct extmem_region *region, struct extmem_units units,
			      u64 pos, struct iov_iter *to, void *buf, size_t room)
{
	size_t done = 0, limit = room, size, copied;
	int ret;

	do {
		size = min(iov_iter_count(to), limit);
		/* A unit that nobody could be given is not read. */
		if (units.width)
			size = in_whole_units(fault_in(size, to), units);
		if (!size)
			return done ?: -EFAULT;
		ret = read_to_buffer(region, units, pos + done, buf, size);
		if (ret)
			return done ?: ret;
		copied = _copy_to_iter(buf, size, to);
		done += copied;
		size -= copied;
		if (size && units.width)
			return done ?: -EFAULT;
		limit = room;
		if (size)
			limit = fault_in(size, to);
		ret = between_chunks(to);
	} while (ret > 0);
	return done ?: ret;
}

static ssize_t write_by_buffer(struct extmem_region *region, struct extmem_units units,
			       u64 pos, struct iov_iter *from, void *buf, size_t room)
{
	size_t done = 0, size, copied;
	int ret;

	do {
		size = min(iov_iter_count(from), room);
		/* A copy alone may stop long before what is missing begins. */
		size = fault_in(size, from);
		copied = _copy_from_iter(buf, size, from);
		size = in_whole_units(copied, units);
		iov_iter_revert(from, copied - size);
		if (!size)
			return done ?: -EFAULT;
		ret = write_from_buffer(region, units, pos + done, buf, size);
		if (ret)
			return done ?: ret;
		done += size;
		ret = between_chunks(from);
	} while (ret > 0);
	return done ?: ret;
}

static noinline_for_stack ssize_t go_by_buffer(struct extmem_region *region, u64 pos,
					       struct iov_iter *iter)
{
	void *large __free(kfree) = NULL;
	struct extmem_units units = extmem_units(&region->root->desc,
			extmem_offset_in_root(region) + pos, iov_iter_count(iter));
	u64 small[SMALL_SIZE / sizeof(u64)];
	size_t room = sizeof(small);
	void *buf = small;

	if (iov_iter_count(iter) > room) {
		large = kmalloc(BUFFER_SIZE, GFP_KERNEL);
		if (!large)
			return -ENOMEM;
		buf = large;
		room = BUFFER_SIZE;
	}
	if (is_write(iter))
		return write_by_buffer(region, units, pos, iter, buf, room);
	return read_by_buffer(region, units, pos, iter, buf, room);
}

/* By the CPU. */
static ssize_t go(struct extmem_region *region, u64 pos, struct iov_iter *iter)
{
	bool straight = is_write(iter) ? is_straight_to_write(region) :
					 is_straight_to_read(region);

	return straight ? go_straight(region, pos, iter) : go_by_buffer(region, pos, iter);
}

/* The first bytes of it. */
static ssize_t go_some(struct extmem_region *region, u64 pos, struct iov_iter *iter,
		       size_t size)
{
	size_t rest = iov_iter_count(iter) - size;
	ssize_t ret;

	if (!size)
		return 0;
	iov_iter_truncate(iter, size);
	ret = go(region, pos, iter);
	iov_iter_reexpand(iter, iov_iter_count(iter) + rest);
	return ret;
}

/* By the engine, as much as it takes; the ends and what it does not do by the CPU. */
static ssize_t go_by_engine(struct extmem_region *region, u64 pos, struct iov_iter *iter)
{
	size_t done = 0, head, size;
	ssize_t ret;

	do {
		size = extmem_engine_part(region, pos + done, iter, &head);
		if (!size)
			head = iov_iter_count(iter);
		ret = go_some(region, pos + done, iter, head);
		if (ret < 0)
			return done ?: ret;
		done += ret;
		if (!size || ret < head)
			return done;
		ret = extmem_engine_move(region, pos + done, iter, size);
		if (!ret)
			ret = go_some(region, pos + done, iter, size);
		if (ret < 0)
			return done ?: ret;
		done += ret;
		if (ret < size)
			return done;
		ret = between_chunks(iter);
	} while (ret > 0);
	return done ?: ret;
}

static ssize_t move(struct extmem_region *region, u64 pos, struct iov_iter *iter)
{
	return region->root->engine ? go_by_engine(region, pos, iter) : go(region, pos, iter);
}

static ssize_t read_some(struct extmem_region *region, u64 pos, struct iov_iter *to)
{
	ssize_t ret;

	if (!extmem_has_memory(region))
		return -ENXIO;
	if (!extmem_is_whole(region, pos, iov_iter_count(to)))
		return -EINVAL;
	if (pos >= region->size || !iov_iter_count(to))
		return extmem_is_there(region) ? 0 : -ENODEV;
	iov_iter_truncate(to, region->size - pos);
	ret = move(region, pos, to);
	if (ret > 0)
		extmem_count(region, EXTMEM_BYTES_READ, ret);
	return ret;
}

/**
 * extmem_io_read() - copy from a region
 * @region: the region; the caller is outside its gate
 * @pos: first byte; may be past the end
 * @to: where to
 *
 * Return: the bytes copied, 0 at the end, or a negative errno if there were none:
 * -EINVAL for registers and a range that is not of whole ones, -ENXIO for a pool,
 * -EFAULT, -ERESTARTSYS, -ENODEV.
 */
ssize_t extmem_io_read(struct extmem_region *region, u64 pos, struct iov_iter *to)
{
	size_t size = iov_iter_count(to);
	ssize_t ret = read_some(region, pos, to);

	trace_extmem_io(region, false, pos, size, ret);
	return ret;
}

static ssize_t write_some(struct extmem_region *region, u64 pos, struct iov_iter *from)
{
	ssize_t ret;

	if (!extmem_has_memory(region))
		return -ENXIO;
	if (!extmem_is_writable(region))
		return -EPERM;
	if (!extmem_is_whole(region, pos, iov_iter_count(from)))
		return -EINVAL;
	if (!iov_iter_count(from))
		return extmem_is_there(region) ? 0 : -ENODEV;
	if (pos >= region->size)
		return -ENOSPC;
	iov_iter_truncate(from, region->size - pos);
	ret = move(region, pos, from);
	if (ret > 0) {
		extmem_note_write(region);
		extmem_count(region, EXTMEM_BYTES_WRITTEN, ret);
	}
	return ret;
}

/**
 * extmem_io_write() - copy to a region
 * @region: the region; the caller is outside its gate
 * @pos: first byte; may be past the end
 * @from: where from
 *
 * Return: the bytes copied, or a negative errno if there were none: as
 * extmem_io_read(), -EPERM for what is read-only, -ENOSPC past the end.
 */
ssize_t extmem_io_write(struct extmem_region *region, u64 pos, struct iov_iter *from)
{
	size_t size = iov_iter_count(from);
	ssize_t ret = write_some(region, pos, from);

	trace_extmem_io(region, true, pos, size, ret);
	return ret;
}
