import { readFile, writeFile } from 'node:fs/promises';
import { withProviderTable } from './provider-table.ts';

const page = new URL('../../docs/providers.md', import.meta.url);
await writeFile(page, withProviderTable(await readFile(page, 'utf8')));
