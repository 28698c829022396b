/** The pictures of the documentation are taken by the tests that show what is in them, when they are asked to. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const directory = join(__dirname, '..', '..', '..', 'docs', 'images');

/** Takes a picture for the documentation when `DOCS_SCREENSHOTS` is set (`npm run docs:screenshots`); nothing otherwise. */
export const takePicture = async (page: Page, name: string): Promise<void> => {
  if (process.env['DOCS_SCREENSHOTS'] === undefined) return;
  await page.screenshot({ path: join(directory, `${name}.png`), animations: 'disabled' });
};
