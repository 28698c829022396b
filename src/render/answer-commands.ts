/** How a person sends a message to an upgrade: as our command, as Temporal's, and by hand in the web UI. */

/** How printed commands reach the same Temporal as the one who prints them. */
export interface CommandContext {
  /** How this program is called: `kafka-upgrade`. */
  program: string;
  /** Null when the default reaches it. */
  address: string | null;
  namespace: string | null;
}

const plainWord = /^[\w@%+=:,./-]+$/;

/** Quotes a word for a POSIX shell where it needs quotes. */
export const shellQuote = (word: string): string =>
  plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const connection = ({ address, namespace }: CommandContext): string[] => [
  ...(address === null ? [] : ['--address', address]),
  ...(namespace === null ? [] : ['--namespace', namespace]),
];

const join = (words: string[]): string => words.map(shellQuote).join(' ');

const payloadFields = (payload: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(payload);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

const option = (flag: string, value: unknown): string[] =>
  typeof value === 'string' || typeof value === 'number' ? [flag, String(value)] : [];

/** Commands are in kebab case, messages in the camel case of JSON. */
export const commandOf = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Our command for a message. It reads the plan by itself, so the hash is left out. */
export const ownCommand = (
  message: { signal: string; payload: string },
  cluster: string,
  context: CommandContext,
): string => {
  const fields = payloadFields(message.payload);
  const accept = Array.isArray(fields['accept']) ? fields['accept'].map(String) : [];
  return join([
    ...context.program.split(' '),
    commandOf(message.signal),
    cluster,
    ...option('--gate', fields['gate']),
    ...option('--park', fields['park']),
    ...option('--pause', fields['pause']),
    ...option('--disaster-recovery', fields['disasterRecovery']),
    ...accept.flatMap((topic) => ['--accept', topic]),
    ...(fields['downgrade'] === true ? ['--downgrade'] : []),
    ...option('--comment', fields['comment']),
    ...connection(context),
  ]);
};

/** The `temporal` command line for a message. */
export const temporalCommand = (
  message: { signal: string; payload: string },
  workflowId: string,
  context: CommandContext,
): string =>
  join([
    ...['temporal', 'workflow', 'signal', '--workflow-id', workflowId],
    ...['--name', message.signal, '--input', message.payload],
    ...connection(context),
  ]);
