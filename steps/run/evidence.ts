// The evidence of a search for readers of other reports: what was searched, in words, and each
// witness as a picture. The page of the project draws both from the data.

import { type Attachment, AttachmentContentEncoding } from '@cucumber/messages';
import type { Evidence } from '../../machine/situations/check';
import { checkLine, replayLine } from '../../reports/command-line';
import { EVIDENCE } from '../../reports/messages';
import { conclusionOf, searchOf } from '../../reports/static/words';
import { timelineSvg } from '../../reports/trace/timeline-svg';

/** The attachments that replace this one: itself, unless it is evidence. */
export function readableEvidence(attachment: Attachment): Attachment[] {
  if (attachment.mediaType !== EVIDENCE) return [attachment];
  const evidence = JSON.parse(Buffer.from(attachment.body, 'base64').toString('utf8')) as Evidence;
  const { request, situation, invariants, verdict } = evidence;
  const words = [
    `${conclusionOf(evidence)}: ${invariants.join(', ')} in ${situation}, hunks: ${evidence.hunks.join(', ') || 'none'}`,
    searchOf(evidence),
    checkLine({ ...request, situation }),
    ...verdict.findings.flatMap(({ message, witness }) => ['', message, replayLine({ ...request, situation }, witness.schedule)]),
  ].join('\n');
  const pictures = verdict.findings.map(({ invariant, message, witness }) => as(attachment, 'image/svg+xml', `${invariant}.svg`, timelineSvg(witness, message)));
  return [as(attachment, 'text/plain', 'What was explored', words), ...pictures];
}

function as(attachment: Attachment, mediaType: string, fileName: string, body: string): Attachment {
  return { ...attachment, mediaType, fileName, body: Buffer.from(body, 'utf8').toString('base64'), contentEncoding: AttachmentContentEncoding.BASE64 };
}
