import { type KafkaRequest, readText } from './kafka-request';

/** A directory of `log.dirs` and its error (0 is none). */
export interface LogDirAnswer {
  directory: string;
  errorCode: number;
}

/** Which log directories does this broker have, and are they well? Version 1; no topics are asked for, so none come. */
export const describeLogDirs: KafkaRequest<LogDirAnswer[]> = {
  name: 'DescribeLogDirs',
  apiKey: 35,
  version: 1,
  repeatable: true,
  encode: (encoder) => void encoder.writeInt32(0), // null would mean all topics
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    return decoder.readArray(() => {
      const errorCode = decoder.readInt16();
      const directory = readText(decoder);
      decoder.readArray(() => undefined); // topics
      return { directory, errorCode };
    });
  },
};
