// Which scenarios may run at the same time. Those of one chapter share what was explored, and those
// of one feature share the commands that were run; two workers would do everything twice.

import { setParallelCanAssign } from '@cucumber/cucumber';
import { chapterOf } from './chapter';

setParallelCanAssign((pickle, running) => !running.some((other) => other && chapterOf(other.uri) === chapterOf(pickle.uri)));
