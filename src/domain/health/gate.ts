/**
 * A gate's answer: Argo's four verdicts, each with the checks and the numbers behind it.
 *
 *   1. Every check of the gate is made, each with its own status and a sentence.
 *   2. The verdict is the worst of them: error > failed > inconclusive > successful.
 *   3. Only `successful` lets the upgrade go on; anything else is measured again until the deadline, then it parks.
 */
export type VerdictStatus = 'successful' | 'failed' | 'inconclusive' | 'error';

export interface GateCheck {
  name: string;
  status: VerdictStatus;
  /** One sentence that holds the numbers. */
  message: string;
  /** What a person may accept by name, so that this check holds nothing for it any more. */
  acceptable?: string[];
}

export interface GateVerdict {
  status: VerdictStatus;
  message: string;
  checks: GateCheck[];
}

const severity: Record<VerdictStatus, number> = { successful: 0, inconclusive: 1, failed: 2, error: 3 };

/** The verdict over a gate's checks: the worst one decides and speaks. */
export const verdictOf = (checks: GateCheck[]): GateVerdict => {
  const worst = checks.reduce<VerdictStatus>(
    (status, check) => (severity[check.status] > severity[status] ? check.status : status),
    'successful',
  );
  const speaking = checks.filter((check) => worst === 'successful' || check.status !== 'successful');
  return { status: worst, message: speaking.map((check) => check.message).join('; '), checks };
};

/** Shorthands that keep the assessment functions readable. */
export const successful = (name: string, message: string): GateCheck => ({ name, status: 'successful', message });
export const failed = (name: string, message: string): GateCheck => ({ name, status: 'failed', message });
export const inconclusive = (name: string, message: string): GateCheck => ({ name, status: 'inconclusive', message });

/** Told at a park, ready to paste: more than that are accepted in several rounds. */
const mostAcceptable = 50;

/** What of a closed gate a person may accept by name; empty when only a repair opens it. */
export const acceptableOf = ({ checks }: Pick<GateVerdict, 'checks'>): string[] =>
  [...new Set(checks.flatMap(({ acceptable }) => acceptable ?? []))].slice(0, mostAcceptable);

/** At most `limit` entries of a list as text, and how many were left out: evidence must stay bounded. */
export const someOf = (entries: readonly (string | number)[], limit = 5): string =>
  entries.length <= limit
    ? entries.join(', ')
    : `${entries.slice(0, limit).join(', ')} and ${entries.length - limit} more`;
