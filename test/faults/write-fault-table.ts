import { writeFile } from 'node:fs/promises';
import { faultRows, faultTable } from './fault-table.ts';

await writeFile(new URL('../../docs/faults.md', import.meta.url), faultTable(await faultRows()));
