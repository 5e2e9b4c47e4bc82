import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage } from './errors-page.ts';
import { optionsPage } from './options-page.ts';
import { entryProgram } from './public-exports.ts';

/** The pages that are made of the source, by their path from the root. */
export async function pages(): Promise<Readonly<Record<string, string>>> {
  const program = entryProgram();
  return {
    'docs/cli.md': await cliPage(),
    'docs/config.md': configPage(program),
    'docs/errors.md': errorsPage(program),
    'docs/options.md': optionsPage(program),
  };
}
