/** One line of the Prometheus text format: `name{label="value",…} 1.0`. */
export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const escaped: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };

const unescape = (text: string): string => text.replace(/\\(.)/g, (whole, char: string) => escaped[char] ?? whole);

const numberOf = (text: string): number => {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text === '' ? NaN : Number(text);
};

/** The labels that begin after the brace, and where they end; null when they do not end. */
const readLabels = (line: string, start: number): { labels: Record<string, string>; end: number } | null => {
  const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y;
  const close = /\s*\}/y;
  const labels: Record<string, string> = {};
  for (let at = start; ; at = label.lastIndex) {
    close.lastIndex = at;
    if (close.test(line)) return { labels, end: close.lastIndex };
    label.lastIndex = at;
    const [, name = '', value = ''] = label.exec(line) ?? [];
    if (name === '') return null;
    labels[name] = unescape(value);
  }
};

const readLine = (line: string, name: string): MetricSample | null => {
  const brace = /\s*\{/y;
  brace.lastIndex = name.length;
  const read = brace.test(line) ? readLabels(line, brace.lastIndex) : { labels: {}, end: name.length };
  if (read === null) return null;
  // A time or an exemplar may follow.
  const [text = ''] = line.slice(read.end).trim().split(/\s+/);
  return { name, labels: read.labels, value: numberOf(text) };
};

/**
 * The samples of the metrics that are wanted, from text in the Prometheus or OpenMetrics format. A broker reports
 * thousands of others: those are skipped by their name. Lines that are no samples are skipped, too.
 */
export const parseMetrics = (text: string, wanted: (name: string) => boolean): MetricSample[] =>
  text.split('\n').flatMap((line) => {
    const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
    return name !== undefined && wanted(name) ? (readLine(line.trimEnd(), name) ?? []) : [];
  });

/** Does this look like an answer in that format at all? */
export const isMetricsText = (text: string): boolean =>
  /^(# (HELP|TYPE|EOF)|[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? \S+\s*$)/m.test(text);
