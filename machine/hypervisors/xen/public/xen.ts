// What a guest and Xen agree on: numbers, flags and argument shapes of the
// 32-bit interface (xen/include/public/xen.h). Both sides read this file, as
// both include that header.

/** Machine frame number: the number of a frame of real memory. Not a `Pfn`, which is the guest's own number. */
export type Mfn = number & { readonly unit?: 'mfn' };

/** `DOMID_SELF`: the caller means its own frames. */
export const DOMID_SELF = 0x7ff0;
/** The owner of the memory of devices. */
export const DOMID_IO = 0x7ff1;
/** Xen itself. */
export const DOMID_XEN = 0x7ff2;

/** Hypercall numbers. */
export const __HYPERVISOR = {
  set_trap_table: 0, mmu_update: 1, set_gdt: 2, update_descriptor: 10, memory_op: 12, multicall: 13, update_va_mapping: 14, xen_version: 17, grant_table_op: 20, vm_assist: 21, update_va_mapping_otherdomain: 22,
  iret: 23, mmuext_op: 26, event_channel_op: 32,
} as const;

/** The name of a hypercall number, for messages. */
export function hypercallName(op: number): string {
  return Object.entries(__HYPERVISOR).find(([, number]) => number === op)?.[0] ?? `hypercall ${op}`;
}

/** Commands of `mmuext_op`. */
export const MMUEXT = {
  PIN_L1_TABLE: 0, PIN_L2_TABLE: 1, PIN_L3_TABLE: 2, PIN_L4_TABLE: 3, UNPIN_TABLE: 4,
  NEW_BASEPTR: 5,
  // For this processor, for those of a mask, for all of the domain.
  TLB_FLUSH_LOCAL: 6, TLB_FLUSH_MULTI: 8, TLB_FLUSH_ALL: 10,
  INVLPG_LOCAL: 7, INVLPG_MULTI: 9, INVLPG_ALL: 11,
  FLUSH_CACHE: 12, SET_LDT: 13, NEW_USER_BASEPTR: 15, CLEAR_PAGE: 16, COPY_PAGE: 17, FLUSH_CACHE_GLOBAL: 18, MARK_SUPER: 19, UNMARK_SUPER: 20,
} as const;

/** The name of an `mmuext_op` command, for messages. */
export function mmuextName(cmd: number): string {
  const name = Object.entries(MMUEXT).find(([, number]) => number === cmd)?.[0];
  return name === undefined ? `mmuext command ${cmd}` : `MMUEXT_${name}`;
}

/** Low bits of the address in `mmu_update`: what kind of update. */
export const MMU_NORMAL_PT_UPDATE = 0;
export const MMU_MACHPHYS_UPDATE = 1;
/** As a normal one, but the accessed and the dirty bit stay. */
export const MMU_PT_UPDATE_PRESERVE_AD = 2;
/** As a normal one, for frame numbers that are not translated. */
export const MMU_PT_UPDATE_NO_TRANSLATE = 3;

/** Flags of `update_va_mapping`. */
export const UVMF_NONE = 0;
export const UVMF_TLB_FLUSH = 1;
export const UVMF_INVLPG = 2;
export const UVMF_FLUSHTYPE_MASK = 3;
export const UVMF_LOCAL = 0;
export const UVMF_ALL = 4;

/** `vm_assist` types. */
export const VMASST_TYPE_writable_pagetables = 2;

/** Sub-operations of `memory_op`. */
export const XENMEM_increase_reservation = 0;
export const XENMEM_decrease_reservation = 1;
export const XENMEM_exchange = 11;

/** Results of the operations on grants, apart from 0. */
export const GNTST = { general_error: -1, bad_domain: -2, bad_gntref: -3, bad_handle: -4, bad_virt_addr: -5, permission_denied: -8, bad_page: -9, bad_copy_arg: -10, address_too_big: -11 } as const;

/** `GNTST_bad_page` for -9; `0` for success. */
export function grantStatusName(status: number): string {
  const name = Object.entries(GNTST).find(([, number]) => number === status)?.[0];
  return name === undefined ? String(status) : `GNTST_${name}`;
}

/** Results: zero, or one of these. */
export const EPERM = -1;
export const ESRCH = -3;
export const ENOMEM = -12;
export const EACCES = -13;
export const EFAULT = -14;
export const EBUSY = -16;
export const EINVAL = -22;
export const ENOSYS = -38;
export const EOPNOTSUPP = -95;
/** Only within Xen: the hypercall was interrupted and continues when its virtual CPU runs again. */
export const ERESTART = -85;

const ERROR_NAMES: Readonly<Record<number, string>> = {
  [EPERM]: '-EPERM', [ESRCH]: '-ESRCH', [ENOMEM]: '-ENOMEM', [EACCES]: '-EACCES', [EFAULT]: '-EFAULT', [EBUSY]: '-EBUSY', [EINVAL]: '-EINVAL', [ENOSYS]: '-ENOSYS', [EOPNOTSUPP]: '-EOPNOTSUPP', [ERESTART]: '-ERESTART',
};

/** `-EINVAL` for -22; `0` for success. */
export function errorName(rc: number): string {
  return ERROR_NAMES[rc] ?? String(rc);
}

/** One operation of `mmuext_op`. */
export interface MmuextOp {
  readonly [key: string]: number | string | undefined;
  readonly cmd: number;
  /** `arg1.mfn`, for pins and base pointers. */
  readonly mfn?: Mfn;
  /** What the guest uses the frame for; for the reader of a trace. */
  readonly about?: string;
  /** `arg1.linear_addr`, for INVLPG. */
  readonly linear_addr?: number;
  /** `arg2.vcpumask`, one bit for each virtual CPU. */
  readonly vcpumask?: number;
  /** `arg2.src_mfn`, for COPY_PAGE. */
  readonly src_mfn?: Mfn;
  /** `arg2.nr_ents`, for SET_LDT. */
  readonly nr_ents?: number;
}

/** One request of `mmu_update`: machine address of an entry with the kind in its low bits, and the new contents. */
export interface MmuUpdate {
  readonly [key: string]: number;
  readonly ptr: number;
  readonly val: number;
}

/** One entry of a multicall. */
export interface MulticallEntry {
  readonly [key: string]: number | string | readonly number[] | readonly MmuextOp[] | readonly MmuUpdate[] | undefined;
  /** Hypercall number. */
  readonly op: number;
  /** `update_va_mapping`: address, new entry, flags. */
  readonly args?: readonly number[];
  /** What the guest maps or changes; for the reader of a trace. */
  readonly about?: string;
  /** `mmuext_op`: the operations. */
  readonly ops?: readonly MmuextOp[];
  /** `mmu_update`: the requests. */
  readonly requests?: readonly MmuUpdate[];
}
