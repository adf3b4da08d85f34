// What must be true of addresses, of Back, of what is refused, and of where things are shown.

import { strict as assert } from 'node:assert';
import { prepare, type Request } from '../../machine/situations/check';
import { formatMoment } from '../moment';
import { recheckTables } from '../recheck';
import { stepOf, text, witnessOf, type Check } from './check';

const SIZES = [[360, 740], [390, 844], [768, 867], [1280, 1000], [1920, 1080], [2560, 1440]] as const;

/** Whether the decisive step can be seen in its pane, with the left and the right edge of its lane. */
const INSIDE = `(() => {
  const pane = document.querySelector('.run').getBoundingClientRect();
  const step = document.querySelector('.block-violating').getBoundingClientRect();
  return step.left >= pane.left - 1 && step.right <= pane.right + 1 && step.top >= pane.top && step.top < pane.bottom - 20;
})()`;

const fresh: Request = { situation: 'flush-tlb/classic', patches: 'none' };

/** The message with which the command line refuses a request. */
function refusalOf(request: Request): string {
  try {
    prepare(request);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

export const addresses: readonly Check[] = [
  {
    says: 'the decisive step, its cause and the buttons are in sight at every size when a witness opens',
    async run(tab, report) {
      const addressesOf = ['flush-tlb/classic', 'xen-pte-lock/fork'].map((situation) => witnessOf(report, (steps) => steps > 40, situation));
      for (const [width, height, address] of SIZES.flatMap((size) => addressesOf.map((address) => [...size, address] as const))) {
        await tab.page.setViewportSize({ width, height });
        await tab.go(address);
        for (const selector of ['.block-violating', '.decisive', '[data-go="next"]', '[data-scrub]']) {
          const box = await tab.page.locator(selector).first().boundingBox();
          assert.ok(selector !== '.block-violating' || await tab.page.evaluate<boolean>(INSIDE), `the decisive step is inside its pane at ${width}x${height}`);
          assert.ok(box && box.y >= 0 && box.y + Math.min(box.height, 40) <= height && box.x >= 0 && box.x + box.width <= width + 1, `${selector} at ${width}x${height}: ${JSON.stringify(box)}`);
        }
        const where = async (): Promise<number> => (await tab.page.locator('[data-go="previous"]').boundingBox())!.y;
        const before = await where();
        for (let i = 0; i < 6; i++) await tab.page.click('[data-go="previous"]');
        assert.ok(Math.abs(await where() - before) < 8, `the buttons stay where they are at ${width}x${height}`);
      }
    },
  },
  {
    says: 'an invalid address leaves the page working',
    async run(tab) {
      for (const hash of ['%E0%A4%A', 'run&situation=%E0%A4%A&step=x', 'no-such-place']) {
        await tab.go(hash);
        await tab.page.fill('#search', '002.4').catch(() => undefined);
        assert.ok(await tab.page.locator('html[data-ready]').count(), hash);
      }
    },
  },
  {
    says: 'Back leads to where the reader was, and the title says what is shown',
    async run(tab) {
      await tab.go('thread-002');
      assert.match(await tab.page.title(), /^Thread 002: /);
      await tab.page.locator('#thread-002 .scenario:has(.searches) > details > summary').first().click();
      await tab.page.locator('#thread-002 .step-link:visible').first().scrollIntoViewIfNeeded();
      const link = tab.page.locator('#thread-002 .step-link:visible').first();
      const before = (await link.boundingBox())!.y;
      await link.click();
      await tab.page.locator('.rows').waitFor();
      assert.doesNotMatch(await tab.page.title(), /^Thread/);
      await tab.page.click('[data-go="previous"]');
      await tab.page.goBack();
      await link.waitFor();
      assert.ok(Math.abs((await link.boundingBox())!.y - before) < 3, 'the link is where it was');
      assert.match(await tab.page.title(), /^Thread 002: /);
    },
  },
  {
    says: 'a bound that is not a whole number is refused in the words of the command line',
    async run(tab) {
      for (const words of ['-3', '1.5', 'many']) {
        await tab.go(formatMoment({ request: fresh, schedule: '', step: 0, against: null }));
        await tab.page.fill('[data-bound="interrupts"]', words);
        await tab.page.click('#explore-start');
        assert.equal(await text(tab, '#explore-result [role="alert"]'), refusalOf({ ...fresh, bounds: { interrupts: words as unknown as number } }));
        assert.equal(await tab.page.locator('#verdict').count(), 0, 'no verdict');
      }
    },
  },
  {
    says: 'a verdict names what it is about, and fades when the form has changed',
    async run(tab) {
      await tab.go(formatMoment({ request: { ...fresh, bounds: { interrupts: 0 } }, schedule: '', step: 0, against: null }));
      await tab.page.click('#explore-start');
      await tab.page.locator('#verdict').waitFor();
      const words = await text(tab, '#verdict');
      assert.match(words, /flush-tlb\/classic/);
      assert.match(words, /no hunk/);
      assert.match(words, /every interleaving with no interrupt/);
      await tab.page.click('[data-patches="all"]');
      assert.ok(await tab.page.locator('#verdict.faded .changed-since:visible').count());
      await tab.page.click('[data-patches="none"]');
      assert.equal(await tab.page.locator('#verdict.faded').count(), 0);
    },
  },
  {
    says: 'an expression is watched, the run searched, a field followed, another move taken, and two schedules compared',
    async run(tab, report) {
      await tab.go(witnessOf(report, (steps) => steps > 40, 'flush-tlb/classic'));
      const last = await stepOf(tab);
      await tab.page.locator('.more > summary').click();
      await tab.page.fill('[data-expression]', 'cpu0.cr3 ==');
      await tab.page.click('[data-watch] [type="submit"]');
      assert.match(await text(tab, '.said'), /ends too early/);
      await tab.page.fill('[data-expression]', 'cpu0.cr3 != current.mm.pgd');
      await tab.page.click('[data-watch] [type="submit"]');
      assert.match(await text(tab, '.said'), /changes (once|\d+ times) in this run/);
      assert.ok(await tab.page.locator('.watch.changed').count(), 'the lane shows where it changes');
      await tab.page.fill('[data-query]', 'no such words');
      await tab.page.click('[data-find] [type="submit"]');
      assert.match(await text(tab, '.said'), /does not occur/);
      await tab.page.fill('[data-query]', 'cr3');
      await tab.page.click('[data-find] [type="submit"]');
      assert.match(await text(tab, '.said'), /"cr3" is in \d+ step/);
      const step = await stepOf(tab);
      await tab.page.click('[data-show-others]');
      const other = tab.page.locator('[data-other]').first();
      await other.click();
      assert.equal(await stepOf(tab), step + 1, 'the run continues by hand');
      const led = await tab.page.inputValue('#schedule');
      await tab.page.evaluate('for (const each of document.querySelectorAll("#bench details")) each.open = true');
      await tab.page.fill('#versus', led.replace(/,[^,]*$/, ''));
      await tab.page.click('#schedule-form [type="submit"]');
      assert.ok(await tab.page.locator('.rows.along').count(), 'two schedules are shown side by side');
      assert.ok(last > 0);
    },
  },
  {
    says: 'every mark in the tables of versions says what the scenario that it links to has found',
    async run(tab, report) {
      const marks = await tab.page.locator('.properties .mark').count();
      assert.ok(marks > 0, 'there are tables');
      assert.deepEqual(recheckTables(await tab.page.content(), report.scenarios), []);
    },
  },
];
