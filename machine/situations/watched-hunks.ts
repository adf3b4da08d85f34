import type { HunkId } from '../patches/types';

/** The hunks of a kernel, which notes what it asks for after its set-up. */
export class WatchedHunks extends Set<HunkId> {
  private isSettingUp = false;
  private isCopied = false;
  private readonly asked = new Set<HunkId>();

  /** Builds a machine. */
  duringSetUp<Machine>(build: () => Machine): Machine {
    this.isSettingUp = true;
    try {
      return build();
    } finally {
      this.isSettingUp = false;
    }
  }

  /** What was asked for afterwards, on or off; null if it cannot be told, because the machine uses a copy. */
  get later(): readonly HunkId[] | null {
    return this.isCopied ? null : [...this.asked];
  }

  override has(hunk: HunkId): boolean {
    if (!this.isSettingUp) this.asked.add(hunk);
    return super.has(hunk);
  }

  override [Symbol.iterator](): SetIterator<HunkId> {
    return this.values();
  }

  override values(): SetIterator<HunkId> {
    this.isCopied = true;
    return super.values();
  }

  override keys(): SetIterator<HunkId> {
    return this.values();
  }

  override entries(): SetIterator<[HunkId, HunkId]> {
    this.isCopied = true;
    return super.entries();
  }

  override forEach(...given: Parameters<Set<HunkId>['forEach']>): void {
    this.isCopied = true;
    super.forEach(...given);
  }
}
