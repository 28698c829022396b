/**
 * server.properties as text and as bytes. Kafka reads it by java.util.Properties.load(InputStream), which is ISO-8859-1:
 * every byte is one character, so that any file, whatever an editor left in its comments, survives an edit unchanged.
 */
import { createHash } from 'node:crypto';

const encoding = 'latin1';

/** The text of a file that was sent in base64. */
export const decodeProperties = (base64: string): string => Buffer.from(base64, 'base64').toString(encoding);

/** The bytes of a text, in base64. A character that is no byte would be written as another one: it is refused. */
export const encodeProperties = (text: string): string => {
  const bytes = Buffer.from(text, encoding);
  if (bytes.toString(encoding) === text) return bytes.toString('base64');
  throw new Error(
    'server.properties cannot hold a character beyond ISO-8859-1 unless it is written as a \\uXXXX escape',
  );
};

/** SHA-256 (hex) of the bytes of a text, as `sha256sum` of the file on the host tells it. */
export const propertiesSha256 = (text: string): string => createHash('sha256').update(text, encoding).digest('hex');
