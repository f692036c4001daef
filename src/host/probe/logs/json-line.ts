import { z } from 'zod';
import { parsedJson } from '../../../model/json.ts';
import type { Dialect } from './log-line.ts';
import { type Fields, messageLineOf, requestIn } from './message-fields.ts';
import { fromRfc3339 } from './registry-timestamps.ts';

const Line = z.record(z.string(), z.unknown());

/**
 * JSON, as logrus writes it for distribution, and GitLab's access lines (`"msg":"access"`, LabKit), which are JSON even
 * if the registry's own lines are text.
 */
export const jsonLine: Dialect = (line) => {
  if (!line.startsWith('{')) return null;
  const parsed = Line.safeParse(parsedJson(line));
  if (!parsed.success || (parsed.data['level'] === undefined && parsed.data['msg'] === undefined)) return null;
  const field = fieldsOf(parsed.data);
  if (field('msg') !== 'access') return messageLineOf(field);
  const access = requestIn(fromRfc3339(field('time') ?? ''), field('method'), field('uri'), field('status'));
  return access === null ? null : { kind: 'access', access };
};

function fieldsOf(values: Readonly<Record<string, unknown>>): Fields {
  return (name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : undefined;
  };
}
