// Searches that can be saved in a file and continued from there.

import { reportOf, type Engine, type Report, type Standing } from '../../explorer/engine';
import { Optimal, type SavedReduction } from '../../explorer/optimal/engine';
import type { Program } from '../../explorer/program';
import { StatefulSearch, type Bounds, type SavedSearch } from '../../explorer/stateful/search';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import type { Subject } from './subject';

export interface KeptSearch extends Engine {
  /** Writes everything needed to continue later. */
  keep(): void;
}

/** The search of `subject`, as far as it was saved in `file`. */
export function keptSearch(subject: Subject, program: Program, bounds: Bounds, file: string): KeptSearch {
  return subject.options.engine === 'optimal' ? new KeptReduction(subject, program, file) : new KeptStates(subject, program, bounds, file);
}

class KeptStates implements KeptSearch {
  private readonly search: StatefulSearch;

  constructor(private readonly subject: Subject, program: Program, bounds: Bounds, private readonly file: string) {
    const kept = readCheckpoint<SavedSearch['notes']>(file, subject);
    const [fingerprints, edges] = kept?.tables ?? [];
    this.search = new StatefulSearch(program(), bounds, kept ? { notes: kept.notes, fingerprints: fingerprints!, edges: edges! } : undefined);
  }

  advance(events: number): Standing {
    return this.search.advance(events);
  }

  get progress(): Engine['progress'] {
    return this.search.progress;
  }

  keep(): void {
    const { notes, fingerprints, edges } = this.search.save();
    writeCheckpoint(this.file, this.subject, { notes, tables: [fingerprints, edges] });
  }

  report(): Report {
    return reportOf(this.search.result());
  }
}

class KeptReduction extends Optimal implements KeptSearch {
  constructor(private readonly subject: Subject, program: Program, private readonly file: string) {
    super(program, [], readCheckpoint<SavedReduction>(file, subject)?.notes);
  }

  keep(): void {
    writeCheckpoint(this.file, this.subject, { notes: this.save(), tables: [] });
  }
}
