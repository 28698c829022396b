import { Command } from 'commander';
import { timelineView } from '../../render/timeline-view';
import { examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';

/** `timeline`: the audit trail. */
export const timelineCommand = (context: CliContext): Command =>
  withConnection(
    new Command('timeline')
      .description('show what happened so far, with the evidence; times are UTC')
      .argument('<cluster>', 'name of the cluster')
      .option('--json', 'print the events as JSON'),
  )
    .addHelpText('after', examples('kafka-upgrade timeline orders-prod', 'kafka-upgrade timeline orders-prod --json'))
    .action(async (cluster: string, flags: ConnectionFlags & { json?: boolean }) => {
      const { terminal } = context;
      const events = await withUpgrade(cluster, flags, (client) => client.timeline());
      terminal.out(flags.json === true ? JSON.stringify(events, null, 2) : timelineView(events, terminal.view.style));
    });
