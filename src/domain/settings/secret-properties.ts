import type { PropertyNode } from 'properties-file/parser';

import { joinLines, parseProperties, type PhysicalLine } from './properties-document';

/** What stands in the place of a secret. */
export const mask = '********';

/**
 * The settings that Kafka's brokers declare as type PASSWORD, read out of `KafkaConfig` of 2.8.2 and 3.9.2; also with the
 * prefix of a listener (`listener.name.internal.ssl.key.password`).
 */
const kafkaPasswords = [
  'delegation.token.master.key',
  'delegation.token.secret.key',
  'password.encoder.old.secret',
  'password.encoder.secret',
  'sasl.jaas.config',
  'ssl.key.password',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.keystore.password',
  'ssl.truststore.certificates',
  'ssl.truststore.password',
  'zookeeper.ssl.keystore.password',
  'zookeeper.ssl.truststore.password',
];

// Plugins (authorizers, reporters, tiered storage, configuration providers) bring settings that Kafka does not know.
const soundsSecret =
  /(?:passw(?:or)?d|passphrase|secret|credentials?|jaas\.config|private\.?key|access\.?key(?:\.id)?|account\.?key|api\.?key|token|basic\.auth\.user\.info)$/i;

/** Must the value of this key stay out of diffs, listings and histories (design invariant I8)? */
export const isSecretKey = (key: string): boolean =>
  kafkaPasswords.some((name) => key === name || key.endsWith(`.${name}`)) || soundsSecret.test(key);

// Secrets inside of other values and of comments: `password="…"` of JAAS, `user:password@` of URLs.
const maskInline = (text: string): string =>
  text
    .replace(/((?:passw(?:or)?d|secret|token)\s*=\s*)("[^"]*"?|'[^']*'?|[^\s;,"']+)/gi, `$1${mask}`)
    .replace(/(:\/\/[^\s:/@]*:)[^\s/@]+@/g, `$1${mask}@`);

/** Line by line in the place of the value, so that line numbers stay. */
const maskProperty = (lines: PhysicalLine[], node: PropertyNode): void => {
  const first = node.startingLineNumber - 1;
  const separator = node.separatorLeading + (node.separatorChar ?? '') + node.separatorTrailing;
  lines.slice(first, node.endingLineNumber).forEach((line, index, all) => {
    const start = index === 0 ? node.leadingWhitespace + node.escapedKey + separator : '    ';
    line.text = start + mask + (index + 1 < all.length ? '\\' : '');
  });
};

const commentedProperty = /^([ \t\f]*[#!][#!\s]*([^\s=:]+)[ \t]*[=: \t][ \t]*)\S.*$/;
const carriedOnComment = /^([ \t\f]*[#!]+).*$/;

/** What stands before the secret of a comment; null when there is none. */
const beforeSecret = (text: string, carriedOn: boolean): string | null => {
  if (carriedOn) return text.replace(carriedOnComment, '$1 ');
  const [, start, key] = commentedProperty.exec(text) ?? [];
  return start !== undefined && key !== undefined && isSecretKey(key) ? start : null;
};

/** Masks a comment that holds a setting, and what a backslash at its end carries on into the next comment. */
const maskComment = (line: PhysicalLine, carriedOn: boolean): boolean => {
  const goesOn = line.text.endsWith('\\');
  const start = beforeSecret(line.text, carriedOn);
  if (start === null) {
    line.text = maskInline(line.text);
    return false;
  }
  line.text = start + mask + (goesOn ? '\\' : '');
  return goesOn;
};

/**
 * The properties text with every secret value replaced by asterisks, also in settings that are commented out. Line
 * numbers, keys and empty values stay. Throws `PropertiesUnreadable` for a text that Java could not read.
 */
export const maskSecrets = (text: string): string => {
  const { lines, nodes } = parseProperties(text);
  let carriedOn = false;
  for (const node of nodes) {
    if (node.type === 'property') {
      if (node.value !== '' && isSecretKey(node.key)) maskProperty(lines, node);
      else
        for (const line of lines.slice(node.startingLineNumber - 1, node.endingLineNumber))
          line.text = maskInline(line.text);
    }
    const line = node.type === 'comment' ? lines[node.lineNumber - 1] : undefined;
    carriedOn = line !== undefined && maskComment(line, carriedOn);
  }
  return joinLines(lines);
};
