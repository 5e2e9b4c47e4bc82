import { expect, it } from 'vitest';
import { compileQuery } from '../../../src/routing/strategies/query.ts';

const facts = {
  metadata: { tier: 'paid', score: '7', 'user.plan': 'pro', flag: 'true' },
  params: {
    model: 'gpt-4o',
    max_tokens: 100,
    stream: true,
    metadata: { tier: 'gold', deep: { er: 1 } },
    messages: [{ role: 'user' }],
    tags: ['a', 'b'],
  },
  url: { pathname: '/v1/chat/completions' },
};

it.each<[string, unknown, boolean]>([
  ['a plain value is equality', { 'metadata.tier': 'paid' }, true],
  ['an empty query matches everything', {}, true],
  ['$eq', { 'metadata.tier': { $eq: 'free' } }, false],
  ['true is not "true"', { 'metadata.flag': true }, false],
  ['$ne', { 'metadata.tier': { $ne: 'free' } }, true],
  ['$ne of a missing key', { 'metadata.none': { $ne: 'x' } }, true],
  ['$eq of a missing key', { 'metadata.none': { $eq: 'x' } }, false],
  ['$nin of a missing key', { 'metadata.none': { $nin: ['x'] } }, true],
  ['$in', { 'params.model': { $in: ['gpt-4o', 'o1'] } }, true],
  ['$nin', { 'params.model': { $nin: ['gpt-4o', 'o1'] } }, false],
  ['$in of a list', { 'params.tags': { $in: ['b'] } }, true],
  ['$gt on numbers', { 'params.max_tokens': { $gt: 99 } }, true],
  ['$gte at the edge', { 'params.max_tokens': { $gte: 100 } }, true],
  ['$lt at the edge', { 'params.max_tokens': { $lt: 100 } }, false],
  ['$lte on numeric text, as numbers', { 'metadata.score': { $lte: 10 } }, true],
  ['a comparison with a missing key', { 'metadata.none': { $lt: 10 } }, false],
  ['a range', { 'params.max_tokens': { $gte: 50, $lt: 100 } }, false],
  ['$regex', { 'params.model': { $regex: '^gpt-' } }, true],
  ['$regex never matches a missing key', { 'metadata.none': { $regex: 'undefined' } }, false],
  ['$regex beside another operator: both must hold', { 'params.model': { $regex: '^gpt', $ne: 'gpt-4o' } }, false],
  ['paths of any depth', { 'params.metadata.deep.er': 1 }, true],
  ['a list element', { 'params.messages.0.role': 'user' }, true],
  ['a key that holds a dot', { 'metadata.user.plan': 'pro' }, true],
  ['url.pathname', { 'url.pathname': '/v1/chat/completions' }, true],
  ['$and', { $and: [{ 'metadata.tier': 'paid' }, { 'params.stream': true }] }, true],
  ['$or', { $or: [{ 'metadata.tier': 'free' }, { 'params.stream': true }] }, true],
  ['$or before a sibling: both must hold', { $or: [{ 'metadata.tier': 'paid' }], 'params.model': 'x' }, false],
  ['$or after a sibling: both must hold', { 'params.model': 'x', $or: [{ 'metadata.tier': 'paid' }] }, false],
  ['several keys: all must hold', { 'metadata.tier': 'paid', 'params.model': 'x' }, false],
  ['an inherited property is no key', { 'params.constructor': { $ne: undefined } }, false],
])('%s', (_, query, matches) => {
  const issues: string[] = [];
  const predicate = compileQuery(query, (path, message) => issues.push(`${path} ${message}`));
  expect(issues).toEqual([]);
  expect(predicate(facts)).toBe(matches);
});

it.each<[unknown, string]>([
  [{ 'metadata.tier': { $like: 'x' } }, '.metadata.tier.$like'],
  [{ $xor: [] }, '.$xor'],
  [{ $or: {} }, '.$or'],
  [{ $or: [] }, '.$or'],
  [{ $and: [{ 'metadata.a': { $in: 'x' } }] }, '.$and[0].metadata.a.$in'],
  [{ 'metadata.tier': { $regex: '(' } }, '.metadata.tier.$regex'],
  [{ 'metadata.tier': { $regex: 5 } }, '.metadata.tier.$regex'],
  [{ 'headers.x': 'y' }, '.headers.x'],
  [{ 'metadata.tier': { eq: 'x' } }, '.metadata.tier'],
  [{ 'metadata.tier': { $gt: [] } }, '.metadata.tier.$gt'],
  ['x', ''],
])('%j is reported at %s', (query, path) => {
  const paths: string[] = [];
  compileQuery(query, (at) => paths.push(at));
  expect(paths).toEqual([path]);
});
