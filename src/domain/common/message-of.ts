import { isRecord } from './is-record';

/**
 * The words of whatever was thrown. Errors are known by their message, not by their class: each realm (the workflow sandbox,
 * a test's) has an `Error` of its own.
 */
export const messageOf = (error: unknown): string =>
  isRecord(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
