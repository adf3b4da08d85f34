// Which scenarios may run at the same time. Those of one chapter share what was explored, and those
// of one feature the commands that were run; on two workers each would do all of it again.

import { setParallelCanAssign } from '@cucumber/cucumber';
import { chapterOf } from './chapter';

setParallelCanAssign((pickle, running) => !running.some((other) => other && chapterOf(other.uri) === chapterOf(pickle.uri)));
