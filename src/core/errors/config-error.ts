import { nameClass, PortkeyError } from './portkey-error.ts';

/** One thing wrong in what the user wrote. */
export interface ConfigIssue {
  /** JSON path: `$.targets[1].provider`; `$` is the config, `options` the constructor's argument. */
  readonly path: string;
  /** What is wrong, with the value, and what would be valid. */
  readonly message: string;
}

/** A config, or an option, that cannot work. Lists everything wrong at once. */
export class ConfigError extends PortkeyError {
  readonly issues: readonly ConfigIssue[];

  static {
    nameClass(ConfigError, 'ConfigError');
  }

  constructor(issues: readonly ConfigIssue[], subject = 'Invalid config') {
    super('config', `${subject}:\n${issues.map((issue) => `  ${issue.path}: ${issue.message}`).join('\n')}`);
    this.issues = issues;
  }
}

/** A config ID that cannot be resolved to a usable config. */
export class ConfigNotFoundError extends PortkeyError {
  static {
    nameClass(ConfigNotFoundError, 'ConfigNotFoundError');
  }

  constructor(id: string, message: string, cause?: unknown) {
    super('config', `Config "${id}" ${message}`, cause === undefined ? undefined : { cause });
  }
}
