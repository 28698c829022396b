import type { Vote } from '../policy/open-gate';

/** Names that a person accepts at a park, while its rule wants more people to say so. */
export interface PendingAcceptance {
  accept: string[];
  votes: Vote[];
}

/** The acceptance with one more yes; all of them are for the same names (park-acceptance.ts). */
export const withAcceptance = (
  earlier: PendingAcceptance | null,
  { accept, vote }: { accept: string[]; vote: Vote },
): PendingAcceptance => ({ accept, votes: [...(earlier?.votes ?? []), vote] });
