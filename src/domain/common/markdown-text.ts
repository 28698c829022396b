/** Messages may hold the tail of a log, whose lines would be read as Markdown. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]\s*/g, ' ');

/** A table cell must not end the table. */
export const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');

/** Lines of evidence as a list, the last of them when they are many; empty for none. */
export const evidenceList = (lines: readonly string[], most = 12): string[] => {
  const left = lines.length - most;
  return [
    ...(left > 0 ? [`- (${left} earlier lines are in the timeline)`] : []),
    ...lines.slice(-most).map((line) => `- ${oneLine(line)}`),
  ];
};
