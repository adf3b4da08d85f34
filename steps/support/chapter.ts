// Features that explore the same kernels.

/** `features/patches/002` for all of thread 002; for other features the feature itself. */
export const chapterOf = (uri: string): string => /^features\/patches\/\d+/.exec(uri)?.[0] ?? uri;
