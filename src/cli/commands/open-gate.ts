import { ClientError } from '../../client/client-error';
import type { UpgradeClient } from '../../client/upgrade-client';
import { gatesOf } from '../../domain/people/approval';
import type { GateName } from '../../domain/policy/gate-name';
import type { PlanAnswer } from '../../workflows/messages';

type Asked = Pick<UpgradeClient, 'cluster' | 'look' | 'plan'>;

const openGate = async (client: Asked): Promise<GateName> => {
  const { status, ending } = await client.look();
  if (ending !== null) {
    throw new ClientError(
      'not-found',
      `The upgrade of ${client.cluster} has ended (${ending.outcome}): ${ending.message}`,
      {
        hint: `Another one is started with \`kafka-upgrade start ${client.cluster} TARGET\`.`,
      },
    );
  }
  const { waitingFor, message } = status;
  if (waitingFor?.gate !== null && waitingFor?.gate !== undefined) return waitingFor.gate;
  throw new ClientError('refused', `No gate of ${client.cluster} is open: ${message}`, {
    hint: `Follow it with \`kafka-upgrade status ${client.cluster} --watch\`.`,
  });
};

/** The plan that is carried out; a `ClientError` of kind `refused` while there is none. */
export const planOf = async (client: Pick<UpgradeClient, 'cluster' | 'plan'>): Promise<PlanAnswer> => {
  const plan = await client.plan();
  if (plan !== null) return plan;
  throw new ClientError('refused', `${client.cluster} has no plan yet.`, { hint: 'Wait a moment and try again.' });
};

const requireKnownGate = async (client: Asked, named: string): Promise<void> => {
  const { plan } = await planOf(client);
  const gates: string[] = gatesOf(plan);
  const eachNode = plan.policy.approvals?.eachNode === true;
  if (gates.includes(named) || (eachNode && plan.nodes.some(({ nodeId }) => named === `node-${nodeId}`))) return;
  throw new ClientError('invalid', `There is no gate "${named}".`, {
    // There may be a thousand nodes.
    hint: `Gates: ${[...gates, ...(eachNode ? ['node-ID of each node'] : [])].join(', ')}.`,
  });
};

/** The gate that is meant: named and open, or the canary's, which may be passed bare; anything else is a `ClientError`. */
export const gateMeant = async (client: Asked, named: string | undefined): Promise<GateName> => {
  const open = await openGate(client);
  if (named === undefined && open !== 'canary') {
    throw new ClientError('refused', `Gate "${open}" is open and must be named.`, {
      hint: `If that is what you mean: kafka-upgrade approve ${client.cluster} --gate ${open}`,
    });
  }
  if (named !== undefined && named !== open) {
    await requireKnownGate(client, named);
    throw new ClientError('refused', `Gate "${named}" is not open, "${open}" is.`, {
      hint: `Look at it with \`kafka-upgrade status ${client.cluster}\`.`,
    });
  }
  return open;
};
