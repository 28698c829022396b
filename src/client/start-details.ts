import { escaped } from '../render/markdown';
import type { UpgradeRequest } from '../domain/plan/request';

/**
 * What was asked for, as the web UI shows it for good beside the page of the running upgrade: Markdown. An upgrade that was
 * started in the web UI has none, so nothing else may depend on it.
 */
export const startDetails = ({
  cluster,
  target,
  requester,
  ticket,
  canary,
  features,
  takeOver,
}: UpgradeRequest): string => {
  const levels = Object.entries(features).map(([name, level]) => `${name} ${level === false ? 'as it is' : level}`);
  return [
    `Upgrade of the Kafka cluster **${escaped(cluster)}** to **${escaped(target)}**, in two phases, one node at a time.`,
    '',
    ...(requester === null ? [] : [`- Requested by ${escaped(requester)}`]),
    ...(ticket === null ? [] : [`- Ticket ${escaped(ticket)}`]),
    ...(canary === null ? [] : [`- Node ${canary} first`]),
    ...(levels.length === 0 ? [] : [`- Features: ${escaped(levels.join(', '))}`]),
    ...(takeOver ? ['- Takes the lock on the hosts from an upgrade that is certainly dead'] : []),
    '- Nothing is changed before gate `plan` is approved. Below: where it stands, and the exact message that it waits for.',
  ].join('\n');
};
