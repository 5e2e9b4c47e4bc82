import type { CodecScope } from '../../../core/provider.ts';

/** What a request is translated with. */
export interface BridgeScope {
  readonly scope: CodecScope;
  /** Whether reasoning goes back with assistant messages. */
  readonly keepsExtras: boolean;
}
