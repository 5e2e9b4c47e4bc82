/**
 * The routing tree behind any client that takes a `fetch`.
 *
 * @module modelmux/fetch
 */

export { createFetch } from './create-fetch.ts';
