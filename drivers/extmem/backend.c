// SPDX-License-Identifier: GPL-2.0
/*
 * The registry of backends: who can serve, and who waits for one.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kmod.h>
#include <linux/string.h>

#include "internal.h"

static DEFINE_MUTEX(backends_lock);	/* guards all that follows */
static LIST_HEAD(backends);
static void (*retry_waiting)(void);
static bool may_load = !IS_MODULE(CONFIG_EXTMEM);
static const char *said_missing[4];	/* as many as rules.c names */

static struct extmem_backend *find_backend(const char *name)
{
	struct extmem_backend *backend;

	lockdep_assert_held(&backends_lock);
	list_for_each_entry(backend, &backends, list)
		if (!strcmp(backend->name, name))
			return backend;
	return NULL;
}

static struct extmem_backend *find_vendor_backend(const char *compatible)
{
	struct extmem_backend *backend;

	lockdep_assert_held(&backends_lock);
	list_for_each_entry(backend, &backends, list)
		if (backend->compatible && !strcmp(backend->compatible, compatible))
			return backend;
	return NULL;
}

static struct extmem_backend *try_get(const char *name, const char *compatible)
{
	struct extmem_backend *backend = NULL;

	guard(mutex)(&backends_lock);
	if (compatible)
		backend = find_vendor_backend(compatible);
	if (!backend)
		backend = find_backend(name);
	if (backend && !try_module_get(backend->module))
		backend = NULL;
	return backend;
}

/* Where a name is among those, or with NULL, where there is room. */
static const char **find_said(const char *name)
{
	int i;

	lockdep_assert_held(&backends_lock);
	for (i = 0; i < ARRAY_SIZE(said_missing); i++) {
		const char *said = said_missing[i];

		if (said == name || (said && name && !strcmp(said, name)))
			return &said_missing[i];
	}
	return NULL;
}

/* Many regions may wait for one backend, each several times: one line is enough. */
static void say_missing(struct device *dev, const char *name)
{
	const char **room;

	guard(mutex)(&backends_lock);
	if (find_said(name))
		return;
	room = find_said(NULL);
	if (room)
		*room = name;
	dev_info(dev, "waiting for the backend \"%s\"; load the module extmem-%s\n",
		 name, name);
}

/* When it has come and goes again, that is news. */
static void forget_missing(const char *name)
{
	const char **said = find_said(name);

	if (said)
		*said = NULL;
}

/**
 * extmem_backend_get() - find a backend and keep its module
 * @dev: who needs it, for the message
 * @name: what rules.c chose, a string that lives for ever
 * @compatible: the node's most specific one, which a vendor's backend may serve,
 *	or NULL
 *
 * Loads the module if need be, once extmem_backend_start_loading() was called. May
 * sleep.
 *
 * Return: the backend, for extmem_backend_put(), or ERR_PTR(-EPROBE_DEFER).
 */
struct extmem_backend *extmem_backend_get(struct device *dev, const char *name,
					  const char *compatible)
{
	struct extmem_backend *backend = try_get(name, compatible);

	if (backend)
		return backend;
	if (!READ_ONCE(may_load))
		return ERR_PTR(-EPROBE_DEFER);
	request_module("extmem-backend-%s", name);
	backend = try_get(name, compatible);
	if (backend)
		return backend;
	say_missing(dev, name);
	return ERR_PTR(-EPROBE_DEFER);
}

/**
 * extmem_backend_start_loading() - from now on, load the modules of backends
 *
 * Not for this module's init: a backend's module waits for its end before it is given
 * the core's symbols, so whoever waits for that module there waits in vain.
 */
void extmem_backend_start_loading(void)
{
	WRITE_ONCE(may_load, true);
}

/**
 * extmem_backend_put() - let a backend's module go
 * @backend: what extmem_backend_get() gave
 */
void extmem_backend_put(struct extmem_backend *backend)
{
	module_put(backend->module);
}

/**
 * extmem_backend_set_retry() - whom to call when there is a new backend
 * @retry: called with a lock held: it hands the work on; NULL for nobody
 */
void extmem_backend_set_retry(void (*retry)(void))
{
	guard(mutex)(&backends_lock);
	retry_waiting = retry;
}

/**
 * __extmem_backend_register() - make a backend known
 * @backend: see extmem_backend_register()
 * @module: whose it is
 *
 * Return: 0, -EINVAL when a member of @backend is missing, -EEXIST when its name
 * is taken.
 */
int __extmem_backend_register(struct extmem_backend *backend, struct module *module)
{
	const struct extmem_backend_ops *ops = backend->ops;

	if (!backend->name || !ops || !ops->attach || !ops->detach ||
	    !ops->map || !ops->unmap)
		return -EINVAL;

	guard(mutex)(&backends_lock);
	if (find_backend(backend->name))
		return -EEXIST;
	backend->module = module;
	list_add_tail(&backend->list, &backends);
	forget_missing(backend->name);
	if (retry_waiting)
		retry_waiting();
	return 0;
}
EXPORT_SYMBOL_GPL(__extmem_backend_register);

/**
 * extmem_backend_unregister() - make a backend unknown
 * @backend: what was registered
 *
 * No region uses it any more, since each one holds its module.
 */
void extmem_backend_unregister(struct extmem_backend *backend)
{
	guard(mutex)(&backends_lock);
	list_del(&backend->list);
}
EXPORT_SYMBOL_GPL(extmem_backend_unregister);
