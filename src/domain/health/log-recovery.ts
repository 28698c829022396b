/**
 * How far is a broker that recovers its logs? After an unclean stop it reads every segment behind the recovery point
 * before it listens; that may take hours, and a restart in the middle begins anew. Its own log tells.
 *
 * Source: kafka.log.LogManager.loadLogs ("Completed load of … (3/80 completed in /data)") and LogLoader.recoverLog
 * ("Recovering unflushed segment …"), 2.8 to 4.3.
 */

interface DirectoryProgress {
  directory: string;
  loaded: number;
  total: number;
}

const loadedLine = /\((\d+)\/(\d+) completed in ([^)]+)\)/;
const segmentLine = /dir=([^\]]+)\] Recovering unflushed segment \d+\. (\d+)\/(\d+) recovered for (\S+?)\.?$/;
/** The newest start of a broker: what is above it is of an earlier life. */
const startLine = /Loading logs from log dirs|starting \(kafka\.server\./;

const progressOf = (lines: readonly string[]): DirectoryProgress[] => {
  const byDirectory = new Map<string, DirectoryProgress>();
  for (const line of lines) {
    const [, loaded, total, directory] = loadedLine.exec(line) ?? [];
    if (directory === undefined) continue;
    byDirectory.set(directory, { directory, loaded: Number(loaded), total: Number(total) });
  }
  return [...byDirectory.values()];
};

/** The segments of the log that was spoken of last; none of a directory that is loaded. */
const segmentsLeft = (lines: readonly string[], loaded: readonly string[]): string[] =>
  lines
    .flatMap((line) => {
      const [, directory = '', done, total, log] = segmentLine.exec(line) ?? [];
      return log === undefined || loaded.includes(directory)
        ? []
        : [`${Number(total) - Number(done)} segments of ${log} left`];
    })
    .slice(-1);

/**
 * `77 of 80 logs left in /data, 5 segments of orders-1 left` from the end of a server.log; null when it does not speak of
 * loading logs, or all are loaded.
 */
export const recoveryProgress = (logTail: string): string | null => {
  const all = logTail.split('\n').map((line) => line.trimEnd());
  const start = all.findLastIndex((line) => startLine.test(line));
  const lines = all.slice(start + 1).map((line) => line.replace(/ \([\w.$]+\)$/, ''));
  const directories = progressOf(lines);
  const done = directories.filter(({ loaded, total }) => loaded >= total).map(({ directory }) => directory);
  const left = directories
    .filter(({ directory }) => !done.includes(directory))
    .map(({ directory, loaded, total }) => `${total - loaded} of ${total} logs left in ${directory}`);
  const words = [...left, ...segmentsLeft(lines, done)];
  return words.length > 0 ? words.join(', ') : null;
};
