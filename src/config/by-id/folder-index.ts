import type { FoundConfig } from './config-source.ts';

/** What is known of one file of a config folder. */
export interface FileState {
  readonly fileName: string;
  /** Changes whenever the file does. */
  readonly fingerprint: string;
  /** What it is found by: of the last good version, or after the file's name when there was none. */
  readonly id: string;
  /** The last good version. */
  readonly found?: FoundConfig;
  /** Why the newest version cannot be used. Completes `Config file prod.yaml …`. */
  readonly problem?: string;
  /** The file was gone when last looked for. */
  readonly isMissing?: boolean;
}

/** A config folder by ID. */
export interface FolderIndex {
  readonly good: ReadonlyMap<string, FoundConfig>;
  /** The file that each of these stands in. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that never had a good version, by the ID they would have. */
  readonly broken: ReadonlyMap<string, FileState>;
  /** Files passed over because an earlier one has their ID: what to tell about each. */
  readonly shadowed: readonly string[];
}

/** Arranges files by ID. Of two with one ID the first by name counts, whatever the order in which they were found. */
export function indexFiles(files: Iterable<FileState>): FolderIndex {
  const good = new Map<string, FoundConfig>();
  const broken = new Map<string, FileState>();
  const owners = new Map<string, string>();
  const shadowed: string[] = [];
  for (const file of [...files].sort((a, b) => (a.fileName < b.fileName ? -1 : 1))) {
    const owner = owners.get(file.id);
    if (file.found === undefined) broken.set(file.id, file);
    else if (owner === undefined) {
      good.set(file.id, file.found);
      owners.set(file.id, file.fileName);
    } else shadowed.push(`Config files ${owner} and ${file.fileName} have the same ID "${file.id}". ${owner} counts.`);
  }
  return { good, files: owners, broken, shadowed };
}

/** IDs whose config differs between two indexes: changed, appeared or gone. */
export function changedIds(before: FolderIndex, after: FolderIndex): readonly string[] {
  const ids = new Set([...before.good.keys(), ...after.good.keys()]);
  return [...ids].filter((id) => before.good.get(id)?.version !== after.good.get(id)?.version);
}
