import { join } from 'node:path';
import { source, type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { screenshotsDir } from '../support/env';

const desktop = { width: 1280, height: 860 };
/** The narrowest that WCAG 2.2 asks for (1.4.10, reflow). */
const narrow = { width: 320, height: 720 };

/** What axe checks: WCAG 2.2 up to level AA, and its own best practices. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules whose result can differ in dark mode or on a narrow screen. */
const visualRules = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/**
 * Expects a page as it stands to break no accessibility rule, on a desktop in light mode and on a narrow screen in dark mode,
 * and to need no sideways scrolling there. Takes a screenshot for the documentation where that is asked for.
 */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.setViewportSize(desktop);
  const directory = screenshotsDir();
  if (directory !== undefined) await page.screenshot({ path: join(directory, `${name}.png`) });
  await expectNoViolations(page, { type: 'tag', values: tags });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(narrow);
  await expectNoViolations(page, { type: 'rule', values: visualRules });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(narrow.width);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
}

/** Names each element that breaks a rule. The debugger injects axe, so the page's security policy stays as it is. */
async function expectNoViolations(page: Page, runOnly: { type: 'tag' | 'rule'; values: string[] }): Promise<void> {
  await page.evaluate(source);
  const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(runOnly)} })`);
  const violations = results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
  expect(violations).toEqual([]);
}
