import { readFile, writeFile } from 'node:fs/promises';
import { withProviderTable } from './provider-table.ts';

const readme = new URL('../../README.md', import.meta.url);
await writeFile(readme, withProviderTable(await readFile(readme, 'utf8')));
