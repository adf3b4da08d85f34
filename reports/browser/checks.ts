// What must be true of the page: each check is a sentence and a function that throws if it is not.

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { check, prepare, type Request } from '../../machine/situations/check';
import { SITUATIONS } from '../../machine/situations';
import { formatMoment, parseMoment } from '../moment';
import { conclusionOf } from '../static/words';
import { addresses } from './addresses';
import { diffs } from './diffs';
import type { Check } from './check';
import { stepOf, text, witnessOf } from './check';
import type { Tab } from './tab';

/** What the panes of state and code show, with the cells that are marked. */
const SHOWN = `[...document.querySelectorAll('.panes > *, .source > *')].filter((part) => !part.hidden).map((part) => part.textContent).join('|') + '|' + [...document.querySelectorAll('.value.changed')].map((value) => value.dataset.cell).sort().join() + '|' + document.querySelector('.source .now')?.textContent`;

const visibleRows = (tab: Tab): Promise<number> => tab.page.locator('.ledger tbody tr:visible').count();

const ledger: Check[] = [
  {
    says: 'the ledger has a line for every claim, and the counts of the run',
    async run(tab, report) {
      assert.equal(await visibleRows(tab), report.ledger.length);
      const passed = report.scenarios.filter(({ status }) => status === 'PASSED').length;
      assert.equal(await text(tab, '#passed-count'), `${passed} passed, ${report.scenarios.length - passed} failed`);
    },
  },
  {
    says: 'a search, a thread and a verdict narrow the ledger',
    async run(tab, report) {
      const [entry] = report.ledger;
      await tab.page.fill('#search', entry!.claim.id);
      assert.equal(await visibleRows(tab), report.ledger.filter(({ claim }) => claim.id.includes(entry!.claim.id)).length);
      await tab.page.fill('#search', 'no such word anywhere');
      assert.equal(await visibleRows(tab), 0);
      assert.ok(await tab.page.locator('#no-claims').isVisible());
      await tab.page.fill('#search', '');
      const { thread } = report.chapters[0]!;
      await tab.page.selectOption('#filter-thread', thread);
      assert.equal(await visibleRows(tab), report.chapters[0]!.entries.length);
      await tab.page.selectOption('#filter-thread', '');
      await tab.page.uncheck(`input[name="verdict"][value="${entry!.verdict}"]`);
      const rest = report.ledger.filter(({ verdict }) => verdict !== entry!.verdict).length;
      assert.equal(await visibleRows(tab), rest);
      assert.equal(await text(tab, '#shown-count'), rest === report.ledger.length ? `${rest} claims` : `${rest} of ${report.ledger.length} claims`);
      await tab.page.check(`input[name="verdict"][value="${entry!.verdict}"]`);
    },
  },
  {
    says: 'with everything unfolded the page is no wider than a telephone',
    async run(tab) {
      await tab.page.setViewportSize({ width: 360, height: 740 });
      await tab.page.evaluate('for (const part of document.querySelectorAll("details")) part.open = true');
      assert.equal(await tab.overflow(), 0);
    },
  },
  {
    says: 'on a telephone the navigation shows "Ledger" and "Explore" in full',
    async run(tab) {
      for (const width of [320, 360, 390]) {
        await tab.page.setViewportSize({ width, height: 740 });
        const room = await tab.page.evaluate<number>(`(() => {
          const nav = document.querySelector('.top nav');
          return nav.getBoundingClientRect().right - nav.querySelector('[href="#explore"]').getBoundingClientRect().right;
        })()`);
        assert.ok(room >= 0, `"Explore" is cut by ${-room} pixels at ${width}`);
      }
    },
  },
  {
    says: 'the theme can be chosen',
    async run(tab) {
      const paper = (): Promise<string> => tab.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await tab.page.selectOption('#theme', 'dark');
      const dark = await paper();
      await tab.page.selectOption('#theme', 'light');
      assert.notEqual(await paper(), dark);
      await tab.page.selectOption('#theme', '');
    },
  },
  {
    says: 'the address of a scenario opens it',
    async run(tab, report) {
      const scenario = report.chapters.flatMap(({ features }) => features)[0]!.rules[0]!.scenarios[0]!;
      await tab.go(scenario.id);
      assert.ok(await tab.page.locator(`[id="${scenario.id}"] .steps`).isVisible());
    },
  },
];

const stepping: Check[] = [
  {
    says: 'a witness is stepped through with the keyboard, and its moment is the address',
    async run(tab, report) {
      const address = witnessOf(report);
      await tab.go(address);
      const last = await stepOf(tab);
      assert.ok(last > 0);
      await tab.page.locator('.run').focus();
      await tab.page.keyboard.press('Home');
      assert.equal(await stepOf(tab), 0);
      await tab.page.keyboard.press('ArrowDown');
      const first = await stepOf(tab);
      assert.ok(first > 0);
      await tab.page.keyboard.press('j');
      await tab.page.keyboard.press('ArrowUp');
      assert.equal(await stepOf(tab), first);
      await tab.page.keyboard.press('End');
      assert.equal(await stepOf(tab), last);
      await tab.page.keyboard.press('Home');
      await tab.page.keyboard.press('n');
      assert.ok((await stepOf(tab)) > 0, 'n goes to a shared step');
    },
  },
  {
    says: 'the same address shows the same moment again',
    async run(tab, report) {
      await tab.go(witnessOf(report));
      await tab.page.click('[data-go="previous"]');
      const [hash, state] = [await tab.hash(), await tab.page.locator('.panes').innerHTML()];
      await tab.go(hash.slice(1));
      assert.equal(await tab.hash(), hash);
      assert.equal(await tab.page.locator('.panes').innerHTML(), state);
    },
  },
  {
    says: 'state and code after stepping back and forth are those of a moment that is opened directly',
    async run(tab, report) {
      for (const situation of ['flush-tlb/classic', 'xen-pte-lock/exit']) {
        const { request, schedule } = parseMoment(witnessOf(report, (steps) => steps > 20, situation))!;
        const shown = (): Promise<string> => tab.page.evaluate<string>(SHOWN);
        await tab.go(formatMoment({ request, schedule, step: 0, against: null }));
        await tab.page.locator('.run').focus();
        const seen = new Map<number, string>();
        for (const key of [...Array<string>(12).fill('ArrowDown'), ...Array<string>(5).fill('ArrowUp'), 'End', ...Array<string>(4).fill('ArrowUp'), 'Home', 'ArrowDown', 'v', 'ArrowUp']) {
          await tab.page.keyboard.press(key);
          const at = Number(await tab.page.locator('[data-scrub]').inputValue());
          const now = await shown();
          assert.equal(now, seen.get(at) ?? now, `step ${at} looks different when it is reached another way`);
          seen.set(at, now);
        }
        assert.ok(new Set(seen.values()).size > 10, 'stepping changes what is shown');
        for (const at of [...seen.keys()].filter((_, i) => i % 4 === 1)) {
          await tab.go(formatMoment({ request, schedule, step: at, against: null }));
          assert.equal(await shown(), seen.get(at), `step ${at} looks different when it is opened directly`);
        }
      }
    },
  },
  {
    says: 'folds open, and folding can be turned off and on',
    async run(tab, report) {
      await tab.go(witnessOf(report, (steps) => steps > 40));
      const rows = (): Promise<number> => tab.page.locator('.rows > li').count();
      const folded = await rows();
      if ((await tab.page.locator('.open').count()) > 0) {
        await tab.page.locator('.open').first().click();
        assert.ok((await rows()) > folded, 'one fold opens');
      }
      await tab.page.uncheck('[data-fold]');
      assert.equal(await rows(), 1 + parseMoment(await tab.hash())!.schedule.split(',').reduce((sum, word) => sum + Number(/: (\d+)$/.exec(word)?.[1] ?? 1), 0));
      await tab.page.check('[data-fold]');
      assert.equal(await rows(), folded);
    },
  },
  {
    says: 'a value leads to the step that wrote it last, and a button to the decisive step',
    async run(tab, report) {
      await tab.go(witnessOf(report));
      await tab.page.click('[data-go="last"]');
      await tab.page.locator('.panes [data-cell]').first().click();
      assert.match(await text(tab, '.said'), /was last written by step \d+|since the beginning/);
      if (await tab.page.locator('.tools [data-go="violation"]').isEnabled()) {
        await tab.page.click('[data-go="first"]');
        await tab.page.click('.tools [data-go="violation"]');
        assert.ok(await tab.page.locator('li[aria-current] .block-violating').count());
      }
    },
  },
  {
    says: 'a run can be copied as text and as an address, and saved as SVG and as PNG',
    async run(tab, report) {
      await tab.go(witnessOf(report));
      await tab.page.locator('.more > summary').click();
      const copied = async (what: string): Promise<string> => {
        await tab.page.click(`[data-take="${what}"]`);
        await tab.page.locator('.said', { hasText: 'copied' }).waitFor();
        return tab.page.evaluate<string>('navigator.clipboard.readText()');
      };
      const mail = await copied('text');
      assert.match(mail, /npx paravirt-spec replay /);
      assert.ok(mail.split('\n').filter((line) => !line.startsWith('npx ')).every((line) => line.length <= 78), 'lines of a mail are short');
      assert.ok((await copied('link')).includes(formatMoment(parseMoment(await tab.hash())!)));
      for (const kind of ['svg', 'png']) {
        const [download] = await Promise.all([tab.page.waitForEvent('download'), tab.page.click(`[data-take="${kind}"]`)]);
        const bytes = readFileSync(await download.path());
        assert.ok(kind === 'svg' ? bytes.toString('utf8').includes('</svg>') : bytes.subarray(1, 4).toString() === 'PNG', `${kind} is what it says`);
      }
    },
  },
  {
    says: 'the other kernel is shown beside it, with the place where they diverge',
    async run(tab) {
      const request: Request = { situation: 'flush-tlb/classic', patches: 'none', invariants: ['cr3IsActiveMm'] };
      const [finding] = check(request).verdict.findings;
      await tab.go(formatMoment({ request, schedule: finding!.witness.schedule, step: 1, against: 'all' }));
      assert.match(await text(tab, '.parting'), /The runs diverge/);
      assert.ok(await tab.page.locator('.rows.along .only-right').count(), 'what the patch adds is on one side only');
      assert.equal(await tab.page.locator('.ends .violated').count(), 1);
      assert.equal(await tab.page.locator('.ends .kept').count(), 1);
      await tab.page.locator('.run').focus();
      await tab.page.keyboard.press('ArrowDown');
      assert.ok((await stepOf(tab)) > 1);
    },
  },
];

/** Explores in the page and on Node, and compares. */
async function sameVerdict(tab: Tab, request: Request): Promise<void> {
  await tab.go(formatMoment({ request, schedule: '', step: 0, against: null }));
  await tab.page.click('#explore-start');
  const verdict = tab.page.locator('#verdict');
  await verdict.waitFor({ timeout: 120_000 });
  const evidence = check(request);
  const shown = async (name: string): Promise<string | null> => verdict.getAttribute(`data-${name}`);
  const what = `${request.situation} with ${request.patches}`;
  assert.equal(await shown('conclusion'), conclusionOf(evidence), what);
  for (const count of ['states', 'transitions', 'events'] as const) assert.equal(await shown(count), String(evidence.verdict[count]), `${count} of ${what}`);
  const schedules = await tab.page.locator('#verdict [data-schedule]').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-schedule')));
  assert.deepEqual(schedules, evidence.verdict.findings.map(({ witness }) => witness.schedule), `witnesses of ${what}`);
}

/** Situations that are explored in a moment, one for each patch. */
const LIGHT: readonly Request[] = [
  { situation: 'flush-tlb/classic', patches: 'none', invariants: ['taskOnOwnPageTables'] },
  { situation: 'flush-tlb/classic', patches: 'all', invariants: ['taskOnOwnPageTables'] },
  { situation: 'flush-tlb/classic', patches: 'none,+flush-tlb@guard-after-read', parameters: { preempt: false }, invariants: ['cr3IsActiveMm'] },
];

const exploring: Check[] = [
  { says: 'exploring in the page gives the verdict of the command line', async run(tab) { for (const request of LIGHT) await sameVerdict(tab, request); } },
  {
    says: 'every situation can be built and begun in the page',
    async run(tab) {
      for (const { id } of SITUATIONS) {
        prepare({ situation: id, patches: 'none' });
        await tab.go(formatMoment({ request: { situation: id, patches: 'none' }, schedule: '', step: 0, against: null }));
        assert.equal(await text(tab, '#run-error'), '', id);
        assert.ok(await tab.page.locator('.panes .pane').count(), `${id} shows its state`);
      }
    },
  },
  {
    says: 'hunks are toggled one by one, by name and by variant, in the same grammar',
    async run(tab) {
      await tab.go(formatMoment({ request: { situation: 'flush-tlb/classic', patches: 'none' }, schedule: '', step: 0, against: null }));
      const words = tab.page.locator('input[name="patches"]');
      await tab.page.click('[data-patches="all"]');
      await tab.page.uncheck('input[value="flush-tlb/i386"]');
      assert.match(await words.inputValue(), /^all,-flush-tlb\/i386$/);
      await words.fill('none,+flush-tlb@irqs-off');
      await words.blur();
      assert.ok(await tab.page.locator('input[value="flush-tlb/irqs-off"]').isChecked());
      await tab.page.click('[data-patches="none"]');
      assert.equal(await tab.page.locator('input[name="hunk"]:checked').count(), 0);
    },
  },
  {
    says: 'a word that names nothing gets the error of the command line',
    async run(tab) {
      await tab.go('explore');
      await tab.page.fill('input[name="patches"]', 'flush-tbl');
      let message = '';
      try {
        prepare({ situation: 'flush-tlb', patches: 'flush-tbl' });
      } catch (error) {
        message = (error as Error).message;
      }
      await tab.page.click('#explore-start');
      assert.equal(await text(tab, '#explore-result [role="alert"]'), message);
    },
  },
  {
    says: 'a search can be stopped',
    async run(tab) {
      await tab.go(formatMoment({ request: { situation: 'flush-tlb/classic', patches: 'all', parameters: { accesses: 6, flushes: 4 } }, schedule: '', step: 0, against: null }));
      await tab.page.click('#explore-start');
      await tab.page.locator('#explore-progress', { hasText: /states?, / }).waitFor({ timeout: 60_000 });
      await tab.page.click('#explore-stop');
      assert.match(await text(tab, '#explore-progress'), /undecided/);
    },
  },
  {
    says: 'a schedule can be edited by hand, is refused where it does not fit, and can be continued move by move',
    async run(tab) {
      await tab.go(formatMoment({ request: { situation: 'flush-tlb/classic', patches: 'none' }, schedule: '', step: 0, against: null }));
      await tab.page.fill('#schedule', 'nobody: 3');
      await tab.page.click('#schedule-form [type="submit"]');
      assert.match(await text(tab, '#run-error'), /does not fit at choice 1: it says "nobody"; legal: editor/);
      await tab.page.fill('#schedule', '');
      await tab.page.click('#schedule-form [type="submit"]');
      await tab.page.locator('#next-moves [data-move]').first().click();
      await tab.page.locator('#next-moves [data-move]').first().click();
      assert.equal(await stepOf(tab), 2);
      assert.match(await tab.page.inputValue('#schedule'), /: 2$/);
    },
  },
];

export const checks: readonly Check[] = [...ledger, ...stepping, ...exploring, ...diffs, ...addresses];
