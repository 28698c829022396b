import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LogLevel } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';

const pinoLevels: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** One JSON line per event on standard output; `LOG_LEVEL` sets the level (default `info`). */
export const createLogger = (): Logger => pino({ level: process.env['LOG_LEVEL'] ?? 'info' });

/** Sends everything that Temporal's SDK logs through our logger; once per process, before the first connection. */
export const installTemporalLogging = (logger: Logger): void => {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      logger[pinoLevels[level]](meta ?? {}, message);
    }),
    // The worker closes its connections itself, after the activities have ended.
    shutdownSignals: [],
  });
};
