// A patch file that is chosen or dropped in the page, and files that are not one.

import { strict as assert } from 'node:assert';
import { selectionOfText } from '../../machine/patches/diff/choice';
import type { Check } from './check';
import { text } from './check';
import type { Tab } from './tab';

/** One line of setup_arch() that moves, as take 1 of thread 003 has it. */
const TAKE_1 = `From: a mail with one hunk moved

--- a/arch/x86/kernel/setup.c
+++ b/arch/x86/kernel/setup.c
@@ -798,1 +798,0 @@ void __init setup_arch(char **cmdline_p)
-\tearly_ioremap_init();
@@ -890,0 +890,1 @@ void __init setup_arch(char **cmdline_p)
+\tearly_ioremap_init();
`;

const choose = (tab: Tab, name: string, content: string): Promise<void> => tab.page.setInputFiles('input[name="diff"]', { name, mimeType: 'text/plain', buffer: Buffer.from(content) });

/** Drops a text as a file on the form, as a reader does with the mouse. */
const drop = (tab: Tab, name: string, content: string): Promise<void> => tab.page.evaluate(`{
  const data = new DataTransfer();
  data.items.add(new File([${JSON.stringify(content)}], ${JSON.stringify(name)}, { type: 'text/plain' }));
  document.getElementById('request').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
}`);

const said = async (tab: Tab, words: string): Promise<void> => {
  await tab.page.locator('.diff-says', { hasText: words }).waitFor({ timeout: 10_000 });
};

const complaintAbout = (content: string, name: string): string => {
  try {
    selectionOfText(content, name, 'drop one of them');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('this text should have been refused');
};

export const diffs: readonly Check[] = [
  {
    says: 'a patch file that is chosen or dropped switches on its hunks, in a situation of its patch; another one is refused',
    async run(tab) {
      for (const give of [choose, drop]) {
        await tab.go('explore');
        await tab.page.selectOption('select[name="situation"]', 'flush-tlb/classic');
        await give(tab, 'take-1.diff', TAKE_1);
        await said(tab, 'exactly vmi-boot@take-1');
        const expected = selectionOfText(TAKE_1, 'take-1.diff', '').selection;
        assert.equal(await tab.page.locator('input[name="patches"]').inputValue(), expected);
        assert.match(await tab.page.locator('select[name="situation"]').inputValue(), /^vmi-boot\//);
        assert.equal(await tab.page.locator('input[name="hunk"]:checked').count(), 1);
        assert.ok(await tab.page.locator('input[value="vmi-boot/ioremap-late"]').isChecked());
        await give(tab, 'letter.txt', 'Dear maintainers,\n');
        await said(tab, 'letter.txt contains no diff');
        assert.equal(await text(tab, '.diff-says'), complaintAbout('Dear maintainers,\n', 'letter.txt'));
        assert.equal(await tab.page.locator('input[name="patches"]').inputValue(), expected);
      }
    },
  },
];
