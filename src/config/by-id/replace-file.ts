const { randomUUID } = process.getBuiltinModule('node:crypto');
const { rename, rm, writeFile } = process.getBuiltinModule('node:fs/promises');

/** Writes a file that only its owner may read. A reader, or a crash, meets the old file or the new one, never a part. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
