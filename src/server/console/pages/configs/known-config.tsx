import type { DocumentVersion } from '../../../../core/document-store.ts';
import { ConfigNotFoundError } from '../../../../core/errors/config-error.ts';
import type { Gateway } from '../../../gateway.ts';
import type { ConsoleContext } from '../../console-env.ts';
import { answerPage } from '../../view/render.tsx';
import { NoSuchConfig } from './config-detail.tsx';

/** What all pages of configs say of themselves. */
export const frame = { title: 'Configs', current: '/configs' } as const;

/** All versions of a config, the latest first. */
export type Versions = readonly [DocumentVersion, ...DocumentVersion[]];

/** Answers with what `answer` makes of the config that the path names; with 404 where there is none. */
export async function versionsOr404(
  c: ConsoleContext,
  { callers }: Gateway,
  answer: (versions: Versions) => Promise<Response>,
): Promise<Response> {
  const slug = c.req.param('slug') ?? '';
  try {
    const admin = await callers.own.admin.configs();
    const [latest, ...older] = await admin.versions(slug);
    if (latest === undefined) throw new ConfigNotFoundError(slug, 'does not exist.');
    return await answer([latest, ...older]);
  } catch (error) {
    if (!(error instanceof ConfigNotFoundError)) throw error;
    return answerPage(c, { ...frame, title: 'No such config', status: 404 }, <NoSuchConfig slug={slug} />);
  }
}
