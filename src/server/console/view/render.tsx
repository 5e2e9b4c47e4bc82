import type { Child } from 'hono/jsx';
import type { ConsoleContext } from '../console-env.ts';
import { cookieNames, cookieOf } from '../security/cookies.ts';
import { Layout } from './layout.tsx';

/** What a page says of itself. */
export interface PageFacts {
  readonly title: string;
  /** Path of the page in the navigation: `/logs`. */
  readonly current?: string;
  readonly hasCharts?: boolean;
  readonly status?: 200 | 400 | 403 | 404 | 409 | 422 | 500 | 503;
}

/** Answers with `content` in the frame of the console. */
export function answerPage(
  c: ConsoleContext,
  { title, current, hasCharts = false, status = 200 }: PageFacts,
  content: Child,
) {
  const frame = {
    title,
    current,
    hasCharts,
    pages: c.get('pages'),
    theme: themeOf(c),
    hasSession: c.get('hasSession'),
  };
  return c.html(`<!doctype html>${<Layout {...frame}>{content}</Layout>}`, status);
}

/** The colours the visitor chose; undefined: those of the system. */
export function themeOf(c: ConsoleContext): 'light' | 'dark' | undefined {
  const chosen = cookieOf(c, cookieNames.theme);
  return chosen === 'light' || chosen === 'dark' ? chosen : undefined;
}
