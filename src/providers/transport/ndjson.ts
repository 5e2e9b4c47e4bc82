import { defaultMaxEventSize, type Framing, oversized } from './framing.ts';
import { createUtf8Reader } from './utf8-reader.ts';

/** One JSON value a line, as Ollama and Cohere's older API stream. Blank lines are skipped; the last line may lack its break. */
export const ndjson: Framing = (onEvent, { maxEventSize = defaultMaxEventSize } = {}) => {
  const utf8 = createUtf8Reader();
  let line = '';
  return {
    feed(chunk) {
      const text = utf8.read(chunk);
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        append(text.slice(start, end));
        start = end + 1;
        finish();
      }
      append(text.slice(start));
    },
    end() {
      append(utf8.end());
      finish();
    },
  };

  function append(text: string): void {
    line += text;
    if (line.length > maxEventSize) throw oversized(maxEventSize, line);
  }

  function finish(): void {
    // Also trims the carriage return and a byte order mark.
    const data = line.trim();
    line = '';
    if (data !== '') onEvent({ data });
  }
};
