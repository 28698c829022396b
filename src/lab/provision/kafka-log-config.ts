/** One log file of a server besides server.log, with the loggers that write there and nowhere else. */
interface SeparateLog {
  appender: string;
  file: string;
  loggers: readonly { name: string; level: string }[];
}

const separateLogs: readonly SeparateLog[] = [
  {
    appender: 'controllerAppender',
    file: 'controller.log',
    loggers: [
      { name: 'kafka.controller', level: 'INFO' },
      { name: 'org.apache.kafka.controller', level: 'INFO' },
    ],
  },
  {
    appender: 'stateChangeAppender',
    file: 'state-change.log',
    loggers: [{ name: 'state.change.logger', level: 'INFO' }],
  },
  {
    appender: 'requestAppender',
    file: 'kafka-request.log',
    loggers: [
      { name: 'kafka.request.logger', level: 'WARN' },
      { name: 'kafka.network.RequestChannel$', level: 'WARN' },
    ],
  },
  {
    appender: 'cleanerAppender',
    file: 'log-cleaner.log',
    loggers: [
      { name: 'kafka.log.LogCleaner', level: 'INFO' },
      { name: 'org.apache.kafka.storage.internals.log.LogCleaner', level: 'INFO' },
    ],
  },
  {
    appender: 'authorizerAppender',
    file: 'kafka-authorizer.log',
    loggers: [{ name: 'kafka.authorizer.logger', level: 'INFO' }],
  },
];

const pattern = '[%d] %p %m (%c)%n';

/** log4j 1 configuration up to 3.9: servers to rolling files below `kafka.logs.dir`, tools to standard error. */
export const log4j1Files: ReadonlyMap<string, string> = new Map([
  ['log4j.properties', log4j1Server()],
  ['tools-log4j.properties', log4j1Tools()],
]);

/** log4j2 configuration from 4.0, writing the same files. */
export const log4j2Files: ReadonlyMap<string, string> = new Map([
  ['log4j2.yaml', log4j2Server()],
  ['tools-log4j2.yaml', log4j2Tools()],
]);

function log4j1Server(): string {
  const rolling = (appender: string, file: string): string => `
log4j.appender.${appender}=org.apache.log4j.DailyRollingFileAppender
log4j.appender.${appender}.DatePattern='.'yyyy-MM-dd-HH
log4j.appender.${appender}.File=\${kafka.logs.dir}/${file}
log4j.appender.${appender}.layout=org.apache.log4j.PatternLayout
log4j.appender.${appender}.layout.ConversionPattern=${pattern}
`;
  const separate = separateLogs.map(({ appender, file, loggers }) => {
    const lines = loggers.flatMap(({ name, level }) => [
      `log4j.logger.${name}=${level}, ${appender}`,
      `log4j.additivity.${name}=false`,
    ]);
    return `${rolling(appender, file)}${lines.join('\n')}\n`;
  });
  return `# Logs of a server, rolled every hour below kafka.logs.dir; the console gets a copy of server.log.
log4j.rootLogger=INFO, stdout, kafkaAppender

log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=${pattern}
${rolling('kafkaAppender', 'server.log')}
log4j.logger.org.apache.zookeeper=INFO
${separate.join('')}`;
}

function log4j1Tools(): string {
  return `# Tools print only what goes wrong, and not into their results.
log4j.rootLogger=WARN, stderr
log4j.appender.stderr=org.apache.log4j.ConsoleAppender
log4j.appender.stderr.layout=org.apache.log4j.PatternLayout
log4j.appender.stderr.layout.ConversionPattern=${pattern}
log4j.appender.stderr.Target=System.err
`;
}

function log4j2Server(): string {
  const rolling = (appender: string, file: string): string => `
      - name: ${appender}
        fileName: \${sys:kafka.logs.dir}/${file}
        filePattern: \${sys:kafka.logs.dir}/${file}.%d{yyyy-MM-dd-HH}
        PatternLayout:
          pattern: '${pattern}'
        TimeBasedTriggeringPolicy:
          modulate: true
          interval: 1`;
  const loggers = separateLogs.flatMap(({ appender, loggers: names }) =>
    names.map(
      ({ name, level }) => `
      - name: ${name}
        level: ${level}
        additivity: false
        AppenderRef:
          ref: ${appender}`,
    ),
  );
  return `# Logs of a server, rolled every hour below kafka.logs.dir; the console gets a copy of server.log.
Configuration:
  # log4j2's own shutdown hook would race with Kafka's and lose the last lines of a clean stop.
  shutdownHook: disable
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: '${pattern}'
    RollingFile:${rolling('kafkaAppender', 'server.log')}${separateLogs.map((log) => rolling(log.appender, log.file)).join('')}
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        - ref: STDOUT
        - ref: kafkaAppender
    Logger:${loggers.join('')}
`;
}

function log4j2Tools(): string {
  return `# Tools print only what goes wrong, and not into their results.
Configuration:
  Appenders:
    Console:
      name: STDERR
      target: SYSTEM_ERR
      PatternLayout:
        pattern: '${pattern}'
  Loggers:
    Root:
      level: WARN
      AppenderRef:
        - ref: STDERR
`;
}
