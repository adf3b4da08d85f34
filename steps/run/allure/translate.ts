// Cucumber's messages in a form that the stock adapter reads correctly: a step in the background of a
// rule keeps its keyword, doc strings and tables become attachments, a log is readable text, and the
// evidence of a search is a picture.

import {
  type Attachment,
  AttachmentContentEncoding,
  type Background,
  type Envelope,
  type FeatureChild,
  type GherkinDocument,
  type Pickle,
  type PickleStepArgument,
  type TableRow,
  type TestCase,
} from '@cucumber/messages';
import { readableEvidence } from '../evidence';

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function csv(rows: readonly { cells: readonly { value: string }[] }[]): string {
  return rows.map(({ cells }) => cells.map(({ value }) => quoted(value)).join(',')).join('\n') + '\n';
}

/** The adapter joins the cells of a row with bare commas, so they are quoted before it does. */
const quotedRow = (row: TableRow): TableRow => ({
  ...row,
  cells: row.cells.map((cell) => ({ ...cell, value: quoted(cell.value) })),
});

function quotedExamples(child: FeatureChild): FeatureChild {
  if (child.rule) return { rule: { ...child.rule, children: child.rule.children.map(quotedExamples) } };
  if (!child.scenario) return child;
  const examples = child.scenario.examples.map(({ tableHeader, tableBody, ...rest }) => ({
    ...rest,
    ...(tableHeader && { tableHeader: quotedRow(tableHeader) }),
    tableBody: tableBody.map(quotedRow),
  }));
  return { scenario: { ...child.scenario, examples } };
}

/** The adapter looks for backgrounds directly under the feature only. */
function readableDocument(document: GherkinDocument): GherkinDocument {
  const { feature } = document;
  if (!feature) return document;
  const ofRules = feature.children
    .flatMap(({ rule }) => rule?.children ?? [])
    .flatMap(({ background }): { background: Background }[] => (background ? [{ background }] : []));
  return { ...document, feature: { ...feature, children: [...feature.children.map(quotedExamples), ...ofRules] } };
}

function argumentAttachments(argument: PickleStepArgument | undefined): Pick<Attachment, 'body' | 'mediaType' | 'fileName'>[] {
  if (argument?.docString) {
    const { content, mediaType } = argument.docString;
    return [{ body: content, mediaType: mediaType?.includes('/') ? mediaType : 'text/plain', fileName: 'Doc string' }];
  }
  if (argument?.dataTable) return [{ body: csv(argument.dataTable.rows), mediaType: 'text/csv', fileName: 'Data table' }];
  return [];
}

export class Translator {
  private readonly arguments = new Map<string, PickleStepArgument | undefined>();
  private readonly pickleSteps = new Map<string, string>();

  /** The messages that the stock adapter gets instead of this one. */
  translate(message: Envelope): Envelope[] {
    const { gherkinDocument, pickle, testCase, testStepStarted, attachment } = message;
    if (gherkinDocument) return [{ gherkinDocument: readableDocument(gherkinDocument) }];
    if (pickle) return [{ pickle: this.withoutArguments(pickle) }];
    if (testCase) this.rememberSteps(testCase);
    if (testStepStarted) {
      const { testCaseStartedId, testStepId } = testStepStarted;
      const argument = this.arguments.get(this.pickleSteps.get(testStepId) ?? '');
      const attachments = argumentAttachments(argument).map((shown) => ({
        attachment: { ...shown, testCaseStartedId, testStepId, contentEncoding: AttachmentContentEncoding.IDENTITY },
      }));
      return [message, ...attachments];
    }
    if (attachment?.mediaType === 'text/uri-list') return [];
    if (attachment?.mediaType === 'text/x.cucumber.log+plain') {
      return [{ attachment: { ...attachment, mediaType: 'text/plain', fileName: 'Log' } }];
    }
    if (attachment) return readableEvidence(attachment).map((shown) => ({ attachment: shown }));
    return [message];
  }

  /** The arguments of a step are attached by translate(), not by the adapter. */
  private withoutArguments(pickle: Pickle): Pickle {
    const steps = pickle.steps.map(({ argument, ...step }) => {
      this.arguments.set(step.id, argument);
      return step;
    });
    return { ...pickle, steps };
  }

  private rememberSteps({ testSteps }: TestCase): void {
    for (const { id, pickleStepId } of testSteps) if (pickleStepId) this.pickleSteps.set(id, pickleStepId);
  }
}
