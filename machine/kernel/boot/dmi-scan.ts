import { path, type Path } from '../../path';
import { get, printk, set, type BootKernel } from './boot-kernel';
import { e820_update_range } from './e820';
import { early_ioremap, early_iounmap } from './ioremap';
import { bytesOf, readWords, textOf } from './memcpy';

// drivers/firmware/dmi_scan.c: finds out who made the BIOS. Its first mapping
// is the first use of early_ioremap on a machine without setup_data.

export const DMI_AREA = 0xf0000;
export const DMI_AREA_SIZE = 0x10000;
const PARAGRAPH = 16;

/** Whether the scan comes before the kernel's page tables: 2216d199b143 in 2.6.28-rc1, 5c371b31be32 in 2.6.27.6. */
export const scansEarly = (k: BootKernel): boolean => k.since('2.6.27.6') && k.before('vmi-boot/dmi-late');

/**
 * drivers/firmware/dmi_scan.c:362-407 (2.6.27), dmi_scan_machine(), on a machine without EFI; `kept` is the address of a mapping that a wrong fix made earlier.
 * Model: leaves out smbios, p, dmi_ioremap, dmi_iounmap, dmi_available: dmi_ioremap() and dmi_iounmap() are the early ones here, and what the machine says about itself is one string.
 * Model: adds early_ioremap, early_iounmap: what the C calls by the names of dmi.h.
 */
export const dmi_scan_machine = path(function* dmi_scan_machine(k: BootKernel, kept: number | null): Path {
  const area = kept ?? (yield* early_ioremap(k, DMI_AREA, DMI_AREA_SIZE));
  if (area === 0) return;
  for (let q = area; q < area + DMI_AREA_SIZE; q += PARAGRAPH) {
    const isPresent = yield* dmi_present(k, q);
    if (isPresent) break;
  }
  yield* early_iounmap(k, area, DMI_AREA_SIZE);
});

/**
 * drivers/firmware/dmi_scan.c:336-360 (2.6.27), dmi_present(): "_DMI_", checksum, length and address of the table.
 * Model: leaves out memcmp, dmi_checksum, dmi_num, dmi_len, dmi_base, dmi_walk_early: the header's numbers are locals, and the table is walked at once.
 * Model: adds dmi_table: dmi_walk_early() of it.
 */
const dmi_present = path(function* dmi_present(k: BootKernel, q: number): Path<boolean> {
  const buf = yield* readWords(q, 4);
  const bytes = bytesOf(buf).slice(0, 15);
  if (String.fromCharCode(...bytes.slice(0, 5)) !== '_DMI_') return false;
  if (bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0) !== 0) return false;
  const length = bytes[6]! + 256 * bytes[7]!;
  const base = bytes[8]! + 256 * (bytes[9]! + 256 * (bytes[10]! + 256 * bytes[11]!));
  return yield* dmi_table(k, base, length);
});

/**
 * drivers/firmware/dmi_scan.c:65-91 (2.6.27), dmi_table(): maps the table and reads the vendor; false where it cannot be mapped, so that the search goes on. Model: the table is one string, of whole words.
 * Model: leaves out decode: the table is one string, which is decoded where it is read.
 * Model: adds dmi_check_system: setup_arch() calls it after dmi_scan_machine(), when nothing more is mapped for that; it maps nothing itself.
 */
const dmi_table = path(function* dmi_table(k: BootKernel, base: number, length: number): Path<boolean> {
  const buf = yield* early_ioremap(k, base, length);
  if (buf === 0) return false;
  const words = yield* readWords(buf, length / 4);
  yield* early_iounmap(k, buf, length);
  yield* set(k, 'dmi_available', true);
  yield* printk(k, `DMI present: ${textOf(words)}`);
  yield* dmi_check_system(k, textOf(words));
  return true;
});

/** Whether bad_bios_dmi_table lists the vendor: until 2.6.27.7 and 2.6.28-rc5, only with a comma that not every BIOS has (0af40a4b1050). */
function isListed(k: BootKernel, vendor: string): boolean {
  const isExact = !k.since('2.6.27.8') || (k.since('2.6.28-rc1') && !k.since('2.6.28-rc6'));
  return k.since('2.6.27.6') && vendor.includes(isExact ? 'Phoenix Technologies, LTD' : 'Phoenix Technologies');
}

/**
 * drivers/firmware/dmi_scan.c:422-444 (2.6.27), dmi_check_system(), with bad_bios_dmi_table: these BIOSes may write into the first 64 KiB at any time.
 * Model: leaves out ident, matches, slot, strstr, substr, callback: the list of BIOSes has one entry, whose vendor is compared.
 * Model: adds e820_update_range: the entry's callback.
 */
const dmi_check_system = path(function* dmi_check_system(k: BootKernel, vendor: string): Path {
  if (!isListed(k, vendor)) return;
  yield* e820_update_range(k, 0, 0x10000, 'reserved');
  const table_end = yield* get(k, 'table_end');
  yield* set(k, 'lowReserved', table_end === 0);
  yield* printk(k, `${vendor} detected: BIOS may corrupt low RAM, working around it.`);
});
