import { InvalidArgumentError } from 'commander';

/** Reads the id of a node from the command line. */
export const nodeId = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a node id, for example 2.');
  return Number(text);
};
