import { writeFile } from 'node:fs/promises';
import { pages } from './pages.ts';

for (const [path, text] of Object.entries(await pages())) {
  await writeFile(new URL(`../../${path}`, import.meta.url), text);
}
