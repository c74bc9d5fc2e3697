import { source, type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe looks for: WCAG 2.2 up to level AA, and what it knows of good practice beside it. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What can be another by night and on a narrow screen: what is read, and what is said of it, stays the same. */
export const looks = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/**
 * Holds the page as it stands against the rules of axe-core, and names each element that breaks one.
 * The script is handed to the browser by the debugger, so our content security policy stays as it is.
 *
 * @param rules these only; all of them when there are none
 */
export async function expectNoViolations(page: Page, rules: string[] = []): Promise<void> {
  await page.evaluate(source);
  const runOnly = rules.length === 0 ? { type: 'tag', values: tags } : { type: 'rule', values: rules };
  const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(runOnly)} })`);
  const violations = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
  expect(violations).toEqual([]);
}
