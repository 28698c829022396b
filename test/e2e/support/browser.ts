/** A real browser, without a screen, for the tests that use the web UI as a person does. */
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { ensureBrowser } from '../../../src/lab/provision/operator-tools';

/** For a machine without a graphics card and without a user session; nothing of it calls home. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Letters without coloured edges, so that pictures are the same on every machine.
  '--disable-lcd-text',
];

/** Wide enough for both halves of the details page, and readable as a picture (px). */
const viewport = { width: 1280, height: 1000 };

/** One step of a page on a machine that upgrades brokers at the same time (ms). */
const patienceMs = 30_000;

export interface OpenBrowser {
  page: Page;
  close: () => Promise<void>;
}

/** Starts the browser of this machine with an empty profile of its own, which goes away with it. */
export const openBrowser = async (): Promise<OpenBrowser> => {
  const executablePath = await ensureBrowser({ log: (line) => process.stderr.write(`${line}\n`) });
  const browser: Browser = await chromium.launch({ executablePath, args: flags, headless: true, timeout: patienceMs });
  const page = await browser.newPage({ viewport, timezoneId: 'UTC' });
  page.setDefaultTimeout(patienceMs);
  return { page, close: () => browser.close() };
};
