import { textHash } from '../../../core/text-hash.ts';
import type { ConsoleContext } from '../console-env.ts';
import { consolePath } from '../console-env.ts';
import { chartFile } from './chart-file.ts';
import { chartsScript } from './script/charts.ts';
import { commonScript } from './script/common.ts';
import { configsScript } from './script/configs.ts';
import { liveScript } from './script/live.ts';
import { playgroundScript } from './script/playground.ts';
import { baseStyle } from './style/base.ts';
import { chartsStyle } from './style/charts.ts';
import { configsStyle } from './style/configs.ts';
import { logsStyle } from './style/logs.ts';
import { partsStyle } from './style/parts.ts';
import { playgroundStyle } from './style/playground.ts';
import { shellStyle } from './style/shell.ts';

interface Asset {
  readonly type: 'text/css' | 'text/javascript';
  /** Undefined: it is not there, as where a bundler left a package behind. */
  text(): string | undefined;
}

const own = (type: Asset['type'], ...parts: readonly string[]) => ({
  version: textHash(parts.join('')),
  asset: { type, text: () => parts.join('') },
});
const charts = chartFile();
const all = {
  'console.css': own(
    'text/css',
    baseStyle,
    shellStyle,
    partsStyle,
    logsStyle,
    configsStyle,
    chartsStyle,
    playgroundStyle,
  ),
  'console.js': own('text/javascript', commonScript, liveScript, configsScript, chartsScript, playgroundScript),
  'uplot.css': { version: charts.version, asset: { type: 'text/css', text: () => charts.read('uPlot.min.css') } },
  'uplot.js': {
    version: charts.version,
    asset: { type: 'text/javascript', text: () => charts.read('uPlot.iife.min.js') },
  },
} satisfies Readonly<Record<string, { readonly version: string; readonly asset: Asset }>>;

/** A file of the console's own or of a package it ships with. */
export type AssetName = keyof typeof all;

/** The address of a file: it changes with what is in it, so that it is kept for ever. */
export function assetUrl(name: AssetName): string {
  return `${consolePath}/assets/${all[name].version}/${name}`;
}

/** Answers with the file that the address names; 404 for any other, also one of an earlier version. */
export function answerAsset(c: ConsoleContext): Response {
  const { version, name } = c.req.param() as { version: string; name: string };
  const found = Object.hasOwn(all, name) ? all[name as AssetName] : undefined;
  const text = found?.version === version ? found.asset.text() : undefined;
  if (found === undefined || text === undefined) return c.text('There is no such file.', 404);
  return c.body(text, 200, {
    'content-type': `${found.asset.type}; charset=utf-8`,
    'cache-control': 'public, max-age=31536000, immutable',
  });
}
