/** The seam between HTTP and the tree: a web request in, a web response out, and each step alone. Whoever serves HTTP, or stands in for it, stands on this. */
export type { HttpAnswer } from './answer.ts';
export { answerOf } from './answer-of.ts';
export { errorAnswerOf } from './error-answer-of.ts';
export { errorBody, statusOf } from './error-body.ts';
export type { IncomingCall } from './incoming.ts';
export { modelRequestOf } from './model-request-of.ts';
export type { HttpCall } from './read-call.ts';
export { readHeaders } from './read-headers.ts';
export { posted, type Route, routeOf } from './route.ts';
export { serve } from './serve.ts';
export { toResponse } from './to-response.ts';
