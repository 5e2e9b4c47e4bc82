import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fleet, target } from '../../support/fleet.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

it('gives the place of a stream back that its reader lost, once it is collected', async () => {
  const { stream, answers, of } = fleet(target('a', { max_concurrency: 1 }));
  answers.a = 'stream';
  const lose = async () => void (await stream());
  await lose();
  expect(of('a')?.inFlight).toBe(1);
  await expect
    .poll(() => {
      collect();
      return of('a')?.inFlight;
    })
    .toBe(0);
  expect(of('a')?.limits).toMatchObject([{ of: 'concurrency', used: 0 }]);
});
