import { shellAssignments } from '../ssh/shell-quote';
import { clockLibrary, processLibrary } from './script-library';

/** Prints `clock=BOOT_ID CENTISECONDS`. */
export const clockScript = `${clockLibrary}\nread_clock\nfact clock "$boot_id $uptime"`;

/** Prints `brokers=PID:TICKS …`, empty when none runs. */
export const findProcessScript = (config: string): string =>
  [shellAssignments({ config }), processLibrary, 'find_brokers', 'fact brokers "$brokers"'].join('\n');
