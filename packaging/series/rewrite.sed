# SPDX-License-Identifier: GPL-2.0
#
# Where things are in a kernel's tree, for the documentation.
s,:doc:`\.\./abi`,``Documentation/ABI/testing/sysfs-class-extmem``,
s,\.\./\.\./samples/,../../samples/extmem/,
s,``bindings/extmem/,``Documentation/devicetree/bindings/extmem/,
