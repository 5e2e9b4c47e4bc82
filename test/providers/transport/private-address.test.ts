import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIpAddress, isPrivateAddress } from '../../../src/providers/transport/private-address.ts';
import { isPrivateHost } from '../../../src/providers/transport/public-hosts.ts';

describe('private addresses', () => {
  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '203.0.113.9',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:db8::1',
    '2001::1',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1%eth0',
    'ff02::1',
    '100::1',
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.1',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '[2a00:1450:4001::200e]',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::',
    'example.com',
    '127.0.0.1.example.com',
    '',
  ])('%s is none', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });

  it('every spelling of an address that a URL takes is seen as what it is', () => {
    for (const host of [
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '127.1',
      '127.000.0.1',
      '[::ffff:7f00:1]',
      '[0:0:0:0:0:0:0:1]',
    ]) {
      expect([host, isPrivateAddress(new URL(`http://${host}/`).hostname)]).toEqual([host, true]);
    }
  });

  it('all of 10/8, 127/8 and 192.168/16 is private, also inside IPv6', () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(fc.constantFrom([10], [127], [192, 168]), byte, byte, byte, (start, b, c, d) => {
        const address = [...start, b, c, d].slice(0, 4).join('.');
        return isPrivateAddress(address) && isPrivateAddress(`::ffff:${address}`) && isIpAddress(address);
      }),
    );
  });

  it('whatever is no address is none, and nothing makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof isPrivateAddress(text) === 'boolean'));
    expect(['1.2.3', '1.2.3.4.5', '256.1.1.1', ':::', '1::2::3', 'g::1', '12345::'].map(isIpAddress)).toEqual(
      Array(7).fill(false),
    );
  });
});

it.each([
  ['localhost', true],
  ['LOCALHOST:8080', true],
  ['a.localhost', true],
  ['printer.local', true],
  ['metadata.google.internal', true],
  ['metadata.google.internal.', true],
  ['metadata', true],
  ['host.docker.internal:80', true],
  ['router.lan', true],
  ['[::1]:80', true],
  ['api.openai.com', false],
  ['localhost.example.com', false],
  ['internal.example.com', false],
])('the host %s says of itself that it is private: %s', (host, expected) => {
  expect(isPrivateHost(host)).toBe(expected);
});
