import { Command } from 'commander';
import { timelineView } from '../../render/timeline-view';
import { examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { printJson, withJson } from '../json';
import type { JsonFlags } from '../json';

/** `timeline`: the audit trail. */
export const timelineCommand = (context: CliContext): Command =>
  withConnection(
    withJson(
      new Command('timeline')
        .description('show what happened so far, with the evidence; times are UTC')
        .argument('<cluster>', 'name of the cluster'),
    ),
  )
    .addHelpText('after', examples('kafka-upgrade timeline orders-prod', 'kafka-upgrade timeline orders-prod --json'))
    .action(async (cluster: string, flags: ConnectionFlags & JsonFlags) => {
      const { terminal } = context;
      const events = await withUpgrade(cluster, flags, (client) => client.timeline());
      if (flags.json === true) printJson(terminal, { events });
      else terminal.out(timelineView(events, terminal.view.style));
    });
