import { readFile } from 'node:fs/promises';
import type { SecretValue } from '../config/definition';
import { isRecord } from '../domain/common/is-record';

/** Reads a secret anew each time, so that a renewed one is taken; an error names where it should be, never what it is. */
export const readSecret = async (secret: SecretValue): Promise<string> => {
  if ('value' in secret) return secret.value;
  if ('environment' in secret) {
    const value = process.env[secret.environment]?.trim();
    if (value !== undefined && value !== '') return value;
    throw new Error(`the environment variable ${secret.environment} of the worker is not set`);
  }
  const { file } = secret;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = isRecord(error) && typeof error['code'] === 'string' ? error['code'] : 'unreadable';
    throw new Error(`the file ${file} of the worker cannot be read (${code})`);
  });
  if (text.trim() !== '') return text.trim();
  throw new Error(`the file ${file} of the worker is empty`);
};
