import { source, type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe looks for: WCAG 2.2 up to level AA, and what it knows of good practice beside it. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Holds the page as it stands against the rules of axe-core, and names each element that breaks one.
 * The script is handed to the browser by the debugger, so our content security policy stays as it is.
 */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.evaluate(source);
  const results = await page.evaluate<AxeResults>(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} } })`,
  );
  const violations = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
  expect(violations).toEqual([]);
}
