/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The events of the trace system "extmem". Names, types and order of the fields are what
 * tools are written for: tools/testing/guest/inside.fields has them, and a test compares.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM extmem

#if !defined(_EXTMEM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _EXTMEM_TRACE_H

#include <linux/extmem-backend.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

/*
 * Not __assign_str(), whose arguments depend on the kernel. A name does not change while
 * there is a region.
 */
#define extmem_assign_name(region)						\
	strscpy(__get_str(name), dev_name(&(region)->dev),			\
		__get_dynamic_array_len(name))

DECLARE_EVENT_CLASS(extmem_life,
	TP_PROTO(const struct extmem_region *region),
	TP_ARGS(region),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, base)
		__field(u64, size)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->base = region->base;
		__entry->size = region->size;
	),
	TP_printk("name=%s base=0x%llx size=0x%llx",
		  __get_str(name), __entry->base, __entry->size)
);

/* A region or a partition is there, and can be opened. */
DEFINE_EVENT(extmem_life, extmem_region_add,
	TP_PROTO(const struct extmem_region *region),
	TP_ARGS(region)
);

/* It is not there any more. Who has it open can still close it. */
DEFINE_EVENT(extmem_life, extmem_region_remove,
	TP_PROTO(const struct extmem_region *region),
	TP_ARGS(region)
);

DECLARE_EVENT_CLASS(extmem_file,
	TP_PROTO(const struct extmem_region *region, bool exclusive),
	TP_ARGS(region, exclusive),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(bool, exclusive)
		__field(int, open_count)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->exclusive = exclusive;
		__entry->open_count = atomic_read(&region->open_count);
	),
	TP_printk("name=%s exclusive=%d open_count=%d",
		  __get_str(name), __entry->exclusive, __entry->open_count)
);

DEFINE_EVENT(extmem_file, extmem_open,
	TP_PROTO(const struct extmem_region *region, bool exclusive),
	TP_ARGS(region, exclusive)
);

DEFINE_EVENT(extmem_file, extmem_close,
	TP_PROTO(const struct extmem_region *region, bool exclusive),
	TP_ARGS(region, exclusive)
);

DECLARE_EVENT_CLASS(extmem_mapping,
	TP_PROTO(const struct extmem_region *region, const struct vm_area_struct *vma),
	TP_ARGS(region, vma),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, address)
		__field(u64, offset)
		__field(u64, size)
		__field(bool, write)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->address = vma->vm_start;
		__entry->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
		__entry->size = vma->vm_end - vma->vm_start;
		__entry->write = vma->vm_flags & VM_WRITE;
	),
	TP_printk("name=%s address=0x%llx offset=0x%llx size=0x%llx write=%d",
		  __get_str(name), __entry->address, __entry->offset, __entry->size,
		  __entry->write)
);

/* A mapping more: by mmap(), or a part or a child's of one that was there. */
DEFINE_EVENT(extmem_mapping, extmem_map,
	TP_PROTO(const struct extmem_region *region, const struct vm_area_struct *vma),
	TP_ARGS(region, vma)
);

DEFINE_EVENT(extmem_mapping, extmem_unmap,
	TP_PROTO(const struct extmem_region *region, const struct vm_area_struct *vma),
	TP_ARGS(region, vma)
);

/*
 * A user's access to a page that was not mapped: 1 << order pages are now, if ret is
 * VM_FAULT_NOPAGE. After VM_FAULT_FALLBACK the kernel tries a smaller order.
 */
TRACE_EVENT(extmem_fault,
	TP_PROTO(const struct extmem_region *region, const struct vm_fault *vmf,
		 unsigned int order, vm_fault_t ret),
	TP_ARGS(region, vmf, order, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, address)
		__field(u64, offset)
		__field(unsigned int, order)
		__field(bool, write)
		__field(unsigned int, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->address = vmf->address;
		__entry->offset = (u64)vmf->pgoff << PAGE_SHIFT;
		__entry->order = order;
		__entry->write = vmf->flags & FAULT_FLAG_WRITE;
		__entry->ret = (__force unsigned int)ret;
	),
	TP_printk("name=%s address=0x%llx offset=0x%llx order=%u write=%d ret=0x%x",
		  __get_str(name), __entry->address, __entry->offset, __entry->order,
		  __entry->write, __entry->ret)
);

/* A read() or write(), or one of their kin; of size bytes, ret were moved, or an errno. */
TRACE_EVENT(extmem_io,
	TP_PROTO(const struct extmem_region *region, bool write, u64 offset, u64 size,
		 ssize_t ret),
	TP_ARGS(region, write, offset, size, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(bool, write)
		__field(u64, offset)
		__field(u64, size)
		__field(s64, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->write = write;
		__entry->offset = offset;
		__entry->size = size;
		__entry->ret = ret;
	),
	TP_printk("name=%s write=%d offset=0x%llx size=0x%llx ret=%lld",
		  __get_str(name), __entry->write, __entry->offset, __entry->size,
		  __entry->ret)
);

DECLARE_EVENT_CLASS(extmem_buffer,
	TP_PROTO(const struct extmem_region *region, u64 size, int ret),
	TP_ARGS(region, size, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, size)
		__field(int, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->size = size;
		__entry->ret = ret;
	),
	TP_printk("name=%s size=0x%llx ret=%d", __get_str(name), __entry->size,
		  __entry->ret)
);

/* A buffer of a pool. */
DEFINE_EVENT(extmem_buffer, extmem_alloc,
	TP_PROTO(const struct extmem_region *region, u64 size, int ret),
	TP_ARGS(region, size, ret)
);

DEFINE_EVENT(extmem_buffer, extmem_free,
	TP_PROTO(const struct extmem_region *region, u64 size, int ret),
	TP_ARGS(region, size, ret)
);

/* A window of a region as a dma-buf. */
TRACE_EVENT(extmem_export,
	TP_PROTO(const struct extmem_region *region, u64 offset, u64 size, bool write,
		 int ret),
	TP_ARGS(region, offset, size, write, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, offset)
		__field(u64, size)
		__field(bool, write)
		__field(int, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->offset = offset;
		__entry->size = size;
		__entry->write = write;
		__entry->ret = ret;
	),
	TP_printk("name=%s offset=0x%llx size=0x%llx write=%d ret=%d",
		  __get_str(name), __entry->offset, __entry->size, __entry->write,
		  __entry->ret)
);

/* flags are enum extmem_sync_flags; ret is an errno or of enum extmem_sync_done. */
TRACE_EVENT(extmem_sync,
	TP_PROTO(const struct extmem_region *region, u64 offset, u64 size, u32 flags,
		 int ret),
	TP_ARGS(region, offset, size, flags, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(u64, offset)
		__field(u64, size)
		__field(u32, flags)
		__field(int, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->offset = offset;
		__entry->size = size;
		__entry->flags = flags;
		__entry->ret = ret;
	),
	TP_printk("name=%s offset=0x%llx size=0x%llx flags=0x%x ret=%d",
		  __get_str(name), __entry->offset, __entry->size, __entry->flags,
		  __entry->ret)
);

/* An interrupt of the region's came; count is how many there were so far. */
TRACE_EVENT(extmem_irq,
	TP_PROTO(const struct extmem_region *region, unsigned int irq, u64 count),
	TP_ARGS(region, irq, count),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(unsigned int, irq)
		__field(u64, count)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->irq = irq;
		__entry->count = count;
	),
	TP_printk("name=%s irq=%u count=%llu", __get_str(name), __entry->irq,
		  __entry->count)
);

/* What the memory needs was switched, or could not be. */
TRACE_EVENT(extmem_power,
	TP_PROTO(const struct extmem_region *region, bool on, int ret),
	TP_ARGS(region, on, ret),
	TP_STRUCT__entry(
		__string(name, dev_name(&region->dev))
		__field(bool, on)
		__field(int, ret)
	),
	TP_fast_assign(
		extmem_assign_name(region);
		__entry->on = on;
		__entry->ret = ret;
	),
	TP_printk("name=%s on=%d ret=%d", __get_str(name), __entry->on, __entry->ret)
);

#endif /* _EXTMEM_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

#include <trace/define_trace.h>
