// Which scenarios may run at the same time. Those of one chapter share what was explored, and those
// of one feature the commands that were run; on two workers each would do all of it again.

import { setParallelCanAssign } from '@cucumber/cucumber';

/** `features/patches/002` for all of thread 002; for other features the feature itself. */
const chapterOf = (uri: string): string => /^features\/patches\/\d+/.exec(uri)?.[0] ?? uri;

setParallelCanAssign((pickle, running) => !running.some((other) => other && chapterOf(other.uri) === chapterOf(pickle.uri)));
