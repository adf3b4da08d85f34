// Cucumber's own HTML report, with prose shown as prose (see prose.ts) and evidence as a
// picture (see evidence.ts).

import html from '@cucumber/cucumber/lib/formatter/builtin/html';
import type { Envelope } from '@cucumber/messages';
import { readableEvidence } from './evidence';
import { dedentProse } from './prose';

const readable = (message: Envelope): Envelope[] =>
  message.attachment ? readableEvidence(message.attachment).map((attachment) => ({ attachment })) : [dedentProse(message)];

type Context = Parameters<typeof html.formatter>[0];

export const readableHtml: typeof html = {
  ...html,
  formatter: (context: Context) =>
    html.formatter({
      ...context,
      on: (key, handler) => context.on(key, (message: Envelope) => readable(message).forEach(handler)),
    }),
};
