# SPDX-License-Identifier: GPL-2.0
#
# Out-of-tree modules, and the kernel's own tools on our files; make help tells.
KDIR	?= /lib/modules/$(shell uname -r)/build

cache	:= $(or $(EXTMEM_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/extmem)
KSRC	?= $(cache)/src/linux-6.12

# Every file of ours; those that the kernel's tools read; and the two kinds that stand in for
# another kernel's headers and so ask for versions, or for gcc's own words.
files	:= $(shell git ls-files 2>/dev/null || find * -type f)
code	 = $(filter %.c %.h,$(files))
documented = $(filter drivers/% include/%,$(code))
styled	 = $(code) $(filter %.dtso %.dtsi %.yaml %.rst %Kconfig %Kbuild %file,$(files)) \
	   $(filter configs/%.dts bindings/extmem/right/%.dts,$(files))
shims	 = include/compat/% tools/include/%
shims-may = LINUX_VERSION_CODE,CONSTANT_COMPARISON,PREFER_DEFINED_ATTRIBUTE_MACRO,MACRO_ARG_REUSE,MACRO_WITH_FLOW_CONTROL
# The command and its library are programs, with the types of C and the attributes of gcc.
programs = tools/lib/extmem/% tools/extmem/% tools/testing/extmem/% tools/testing/fuzz/%
programs-may = PREFER_KERNEL_TYPES,CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO,MACRO_ARG_REUSE,VOLATILE,BIT_MACRO,COMPLEX_MACRO
# Events are written as all of the kernel's are.
events	= drivers/extmem/trace.h
events-may = OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT
checkpatch = $(KSRC)/scripts/checkpatch.pl --no-tree --no-summary --strict --terse --show-types -f

# Debian's Python, not another one: the kernel's tools need its modules.
export PATH := /usr/bin:$(PATH)

modules modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

clean:
	$(if $(wildcard $(KDIR)/.),$(MAKE) -C $(KDIR) M=$(CURDIR) clean)

# In a kernel that has extmem in it, its own build; else ours.
in-tree	 = $(shell grep -s '^CONFIG_EXTMEM=' $(KDIR)/include/config/auto.conf)
sparse:
	$(MAKE) -C $(KDIR) C=2 CF=-Wsparse-error $(if $(in-tree),drivers/extmem/,M=$(CURDIR) modules)

style: ksrc
	@echo 'checkpatch --strict: $(words $(styled)) files'
	@$(checkpatch) $(filter-out $(shims) $(programs) $(events),$(styled))
	@$(checkpatch) --ignore $(events-may) $(filter $(events),$(styled))
	@$(checkpatch) --ignore $(programs-may) $(filter $(programs),$(styled))
	@$(checkpatch) --ignore $(shims-may) $(filter $(shims),$(styled))
	@echo 'kernel-doc: $(words $(documented)) files'
	@$(KSRC)/scripts/kernel-doc -none -Werror $(documented)
	@echo 'SPDX: $(words $(files)) files'
	@! grep -L SPDX-License-Identifier: $(files) | grep .

# Each semantic patch that can report, but for those that need an OCaml compiler.
semantic = $(shell cd $(KSRC)/scripts/coccinelle && \
	     grep -rl '^virtual report' --include=*.cocci . | xargs grep -L ocaml | sort)
# Programs have not the functions that those of api/ and misc/ recommend.
in-kernel = $(filter-out tools/% Documentation/admin-guide/%,$(code))
cocci: ksrc
	@echo 'coccicheck: $(words $(code)) files, $(words $(semantic)) semantic patches'
	@# Of a folder, as coccicheck has it, spatch reads the files that have what a patch is about.
	@copies=$$(mktemp -d) && trap 'rm -rf "$$copies"' EXIT && mkdir $$copies/all $$copies/kernel && \
	cp --parents $(code) $$copies/all && cp --parents $(in-kernel) $$copies/kernel && \
	for patch in $(semantic:%=$(abspath $(KSRC))/scripts/coccinelle/%); do \
		case $$patch in */api/* | */misc/*) on=kernel ;; *) on=all ;; esac; \
		said=$$(cd $$copies/$$on && spatch -D report --no-show-diff --very-quiet \
			--include-headers --cocci-file $$patch --dir . \
			$$(sed -n 's,^// Options:,,p' $$patch) 2>/dev/null) || \
			{ echo "$$patch: spatch failed"; exit 1; }; \
		[ -z "$$said" ] || { echo "$$patch:"; echo "$$said"; exit 1; }; \
	done

docs: ksrc
	$(MAKE) -C Documentation docs KSRC=$(KSRC)

example: modules
	$(MAKE) -C Documentation example KDIR=$(KDIR)

bindings:
	scripts/check bindings

ksrc:
	@test -x $(KSRC)/scripts/checkpatch.pl || \
		{ echo "$(KSRC) is no kernel source: say KSRC=DIR, or let scripts/check fetch one" >&2; exit 1; }

help:
	@echo 'Modules:'
	@echo '  modules          build extmem and its backends (the default)'
	@echo '  modules_install  install them'
	@echo '  clean            remove what was built'
	@echo '  example          build the examples in samples/'
	@echo 'The kernel'\''s tools, on all files of ours; each fails if there is anything to say:'
	@echo '  style            checkpatch --strict and kernel-doc'
	@echo '  sparse           sparse'
	@echo '  cocci            coccicheck'
	@echo '  bindings         the DT schema and its examples'
	@echo '  docs             build the documentation'
	@echo 'Variables:'
	@echo '  KDIR=DIR         kernel headers or build folder (that of the running kernel)'
	@echo '  KSRC=DIR         kernel source with the tools ($(KSRC))'
	@echo '  W=1 C=2 ARCH=... CROSS_COMPILE=... as for any kernel module'
	@echo 'KUnit, guests and boards: scripts/check --help, scripts/demo --help, scripts/graft --help'

.PHONY: modules modules_install clean sparse style cocci docs example bindings ksrc help
