/** What may be written under `notifications`: who is told of what, and in which words. */
import { z } from 'zod';
import { placeholders, unknownPlaceholders } from '../domain/notices/notice-template';
import { noticeKinds } from '../domain/policy/planned-channel';
import { httpAddress } from './http-address';
import { exactlyOne, secretSettings } from './secret-reference';

const name = z.string().regex(/^[^\s-]\S*$/, 'must be a name without spaces that does not start with "-"');

const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const [unknown] = unknownPlaceholders(text);
    if (unknown === undefined) return;
    const message = `has the placeholder {${unknown}}, which there is not; there are ${placeholders.map((known) => `{${known}}`).join(' ')}`;
    context.addIssue({ code: 'custom', message });
  });

const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'must be a single line of ASCII');

const header = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of a header'),
    value: headerValue.optional().describe('What is no secret'),
    valueEnvironment: secretSettings.environment.optional(),
    valueFile: secretSettings.file.optional(),
  })
  .refine(exactlyOne('value', 'valueEnvironment', 'valueFile'), 'needs one of value, valueEnvironment and valueFile');

const channel = z
  .strictObject({
    name: name.describe('How the channel is called in plans and reports'),
    type: z
      .enum(['webhook', 'slack'])
      .describe('`webhook` gets a JSON document, `slack` what Slack and its likes take; see docs/notifications.md'),
    url: httpAddress.optional().describe('Where notices are sent, when that is no secret'),
    urlEnvironment: secretSettings.environment.optional(),
    urlFile: secretSettings.file.optional(),
    on: z.array(z.enum(noticeKinds)).min(1).optional().describe('What it is told of; default everything'),
    title: template.optional().describe('First line, with {placeholders}; default our own'),
    text: template.optional().describe('The rest, with {placeholders}; default our own'),
    headers: z.array(header).default([]).describe('More headers of each request'),
  })
  .refine(exactlyOne('url', 'urlEnvironment', 'urlFile'), 'needs one of url, urlEnvironment and urlFile');

/** Channels in their order. */
export const notificationsSchema = z.array(channel).default([]).describe('Who is told of what');
