import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Axe from 'axe-core';
import type { Page } from 'playwright-core';
import { screenshotsDir } from '../support/env';

const desktop = { width: 1280, height: 860 };
export const phone = { width: 390, height: 844 };
/** The narrowest screen that WCAG 2.2 requires a page to fit (1.4.10, reflow). */
const narrow = { width: 320, height: 720 };

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that axe checks: WCAG 2.2 up to level AA, and axe's own best practices. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules whose result can differ in dark mode, on a phone or on a narrow screen. */
const visualRules = ['color-contrast', 'target-size', 'scrollable-region-focusable'];

/**
 * Expects that the page breaks no accessibility rule on a desktop in light mode, on a phone in light and in dark mode,
 * or on a narrow screen in dark mode. The narrow page must not scroll sideways. In `make screenshots`, takes a
 * screenshot for the documentation.
 *
 * @param screen the screen of the screenshot
 */
export async function expectAccessible(page: Page, name: string, screen = desktop): Promise<void> {
  const directory = screenshotsDir();
  if (directory !== undefined) {
    await page.setViewportSize(screen);
    await page.waitForFunction(() => Array.from(document.images).every((image) => image.complete));
    await page.screenshot({ path: join(directory, `${name}.png`) });
  }
  await page.setViewportSize(desktop);
  await expectNoViolations(page, { type: 'tag', values: tags });
  await page.setViewportSize(phone);
  await expectNoViolations(page, { type: 'rule', values: visualRules });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoViolations(page, { type: 'rule', values: visualRules });
  await page.setViewportSize(narrow);
  await expectNoViolations(page, { type: 'rule', values: visualRules });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(narrow.width);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
}

/**
 * Fails with the name of each element that breaks a rule. The debugger injects axe, so the page's security policy does
 * not have to allow it. Axe collects only violations, because a list of every element that passes takes much longer.
 */
async function expectNoViolations(page: Page, runOnly: { type: 'tag' | 'rule'; values: string[] }): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const options: Axe.RunOptions = { runOnly, resultTypes: ['violations'] };
  expect(await page.evaluate(findViolations, options)).toEqual([]);
}

/** Runs in the page. */
async function findViolations(options: Axe.RunOptions): Promise<string[]> {
  const axe = Reflect.get(window, 'axe') as typeof Axe;
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}
