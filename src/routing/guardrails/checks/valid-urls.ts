import * as z from 'zod/mini';
import { textCheck } from '../check-kind.ts';

/**
 * `default.validUrls`: every URL in the text is well formed: http or https, a host with a domain or an IP address, no credentials. Unlike
 * Portkey's, it asks nobody: a model or its user would choose which hosts this process connects to.
 */
export const validUrls = textCheck({ onlyDNS: z.optional(z.boolean()) }, ({ onlyDNS }, report) => {
  if (onlyDNS === true) {
    report(
      '.onlyDNS',
      'Looking up hosts that a model names is not done here. Leave it out to check the form of URLs, or write a function that asks within the limits your network needs.',
    );
    return undefined;
  }
  return (text) => {
    const urls = text.match(/\bhttps?:\/\/[^\s<>"'`{}|\\^]+/gi) ?? [];
    const broken = urls.filter((url) => !isWellFormed(url.replace(/[.,;:!?)\]]+$/, '')));
    return {
      verdict: broken.length === 0,
      explanation: `${urls.length - broken.length} of ${urls.length} URLs are well formed.`,
      data: { count: urls.length, broken: broken.length },
    };
  };
});

function isWellFormed(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  const { hostname } = url;
  return (
    hostname.startsWith('[') ||
    hostname === 'localhost' ||
    /^[^.]+(?:\.[^.]+)*\.(?:[a-z][a-z\d-]*[a-z\d]|\d+)$/i.test(hostname)
  );
}
