import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { needProgram, programPath } from './debian-package.ts';

/** What a visitor's screen is like. */
export interface Screen {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A visitor's page, and how to see what it looks like. */
export interface Visit {
  readonly page: Page;
  /** Saves a picture of the whole page where `SCREENSHOTS` says, else nowhere. */
  picture(name: string): Promise<void>;
  /** The page fits its screen: nothing sticks out to the right. */
  expectFit(): Promise<void>;
}

/** A busy machine takes its time. */
const patienceMs = 100_000;

/** A Chromium for a whole test file. `visit` opens a fresh profile; a test fails where the browser's console tells of an error. */
export function browsers(): { visit(url: string, screen?: Screen): Promise<Visit> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    needProgram({ command: 'chromium', debianPackage: 'chromium', elsewhere: 'brew install --cask chromium' });
    const executablePath = programPath('chromium') ?? 'chromium';
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patienceMs });
  }, 300_000);
  afterAll(() => browser?.close());
  return {
    async visit(url, { width = 1280, colorScheme = 'light' } = {}) {
      if (browser === undefined) throw new Error('The browser runs only while tests do.');
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, timezoneId: 'UTC' });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      watch(context, page);
      await page.goto(url);
      return { page, picture: (name) => picture(page, name), expectFit: () => expectFit(page) };
    },
  };
}

function watch(context: BrowserContext, page: Page): void {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A page answered with 4xx is told as an error, too; tests look at such answers themselves.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) problems.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await page.screenshot({
    path: join(folder === '' ? await mkdtemp(join(tmpdir(), 'console-')) : folder, `${name}.png`),
    fullPage: true,
  });
}

async function expectFit(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
    .toBeLessThanOrEqual(0);
}
