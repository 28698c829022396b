import { z } from 'zod';

const isHttpAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  // A password in an address ends up in logs, and fetch refuses it.
  return /^https?:$/.test(protocol) && username === '' && password === '';
};

/** An address that a worker asks by HTTP, and that is no secret. */
export const httpAddress = z
  .string()
  .refine(isHttpAddress, 'must be an http:// or https:// address without user and password');
