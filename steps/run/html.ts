// Cucumber's own HTML report, with prose that is shown as prose (see prose.ts).

import html from '@cucumber/cucumber/lib/formatter/builtin/html';
import type { Envelope } from '@cucumber/messages';
import { dedentProse } from './prose';

type Context = Parameters<typeof html.formatter>[0];

export const readableHtml: typeof html = {
  ...html,
  formatter: (context: Context) =>
    html.formatter({
      ...context,
      on: (key, handler) => context.on(key, (message: Envelope) => handler(dedentProse(message))),
    }),
};
