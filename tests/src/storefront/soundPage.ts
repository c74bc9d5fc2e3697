import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expectNoViolations, looks } from './axe';
import { picturesWanted } from '../support/env';

const desktop = { width: 1280, height: 860 };
/** The narrowest that WCAG 2.2 asks for (1.4.10, reflow). */
const narrow = { width: 320, height: 720 };

/**
 * Looks at a page as it stands: by day on a desktop, and by night on a narrow screen, no rule of accessibility is
 * broken and nothing has to be scrolled sideways. Takes a picture where pictures are wanted.
 */
export async function expectSound(page: Page, name: string): Promise<void> {
  await page.setViewportSize(desktop);
  const picturesDir = picturesWanted();
  if (picturesDir !== undefined) await page.screenshot({ path: join(picturesDir, `${name}.png`) });
  await expectNoViolations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(narrow);
  await expectNoViolations(page, looks);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(narrow.width);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(desktop);
}
