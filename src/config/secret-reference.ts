/** Where a secret is: on the worker, never in a definition (I8). */
import { z } from 'zod';

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');

const file = z
  .string()
  .min(1)
  .regex(/^[^\r\n\0]*$/, 'must be a single line');

/** The settings that name the environment variable, or the file, of a secret. */
export const secretSettings = {
  environment: variable.describe('Environment variable of the worker that holds it'),
  file: file.describe('File on the worker that holds it; `~/` is the home directory, a relative path starts here'),
};

/** Is exactly one of these settings there? */
export const exactlyOne =
  <Key extends string>(...keys: Key[]) =>
  (value: Partial<Record<Key, unknown>>): boolean =>
    keys.filter((key) => value[key] !== undefined).length === 1;
