import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePostgresUrl, postgresPlace, withoutPassword } from '../../../src/model/settings/postgres-url.ts';

const GOOD: Readonly<Record<string, { readonly parts: object; readonly shown: string }>> = {
  'postgres://bot@db.example.com/record': {
    parts: {
      host: 'db.example.com',
      port: 5432,
      user: 'bot',
      database: 'record',
      tls: 'verify-full',
      rootCertificate: null,
    },
    shown: 'postgres://bot@db.example.com:5432/record',
  },
  'postgresql://bot@[fd00::1]:5433/record?sslmode=verify-ca&sslrootcert=/etc/ca.pem': {
    parts: { host: 'fd00::1', port: 5433, tls: 'verify-ca', rootCertificate: '/etc/ca.pem' },
    shown: 'postgres://bot@[fd00::1]:5433/record',
  },
  'postgres://b%40t@127.0.0.1/the%20record': {
    parts: { host: '127.0.0.1', user: 'b@t', database: 'the record', tls: 'disable' },
    shown: 'postgres://b@t@127.0.0.1:5432/the record',
  },
  'postgres://bot@localhost/record?host=/run/postgresql': {
    parts: { host: '/run/postgresql', tls: 'disable' },
    shown: 'postgres://bot@/run/postgresql:5432/record',
  },
  'postgres://bot@localhost/record?sslmode=require': {
    parts: { tls: 'require' },
    shown: 'postgres://bot@localhost:5432/record',
  },
};

for (const [url, { parts, shown }] of Object.entries(GOOD)) {
  test(`the URL ${url} names a database`, () => {
    const place = parsePostgresUrl(url) ?? assert.fail();
    assert.partialDeepStrictEqual(place, parts);
    assert.equal(postgresPlace(place), shown);
  });
}

for (const url of [
  'postgres://bot:secret@db/record',
  'postgres://db/record',
  'postgres://bot@db/',
  'postgres://bot@db/a/b',
  'postgres://bot@db/record?sslmode=prefer',
  'postgres://bot@db/record?sslmode=allow',
  'postgres://bot@db/record?sslmode=require&sslmode=disable',
  'postgres://bot@db/record?options=-csynchronous_commit%3Doff',
  'postgres://bot@db/record?sslrootcert=ca.pem',
  'postgres://bot@db/record?host=/run/postgresql',
  'postgres://bot@localhost/record?host=run',
  'postgres://bot@db/record#x',
  'postgres://bot@db/re cord',
  'postgres://bot@db/%ff',
  'mysql://bot@db/record',
]) {
  test(`the URL ${url} is refused`, () => assert.equal(parsePostgresUrl(url), null));
}

test('a password in a URL is never shown, whatever characters it has', () => {
  assert.equal(withoutPassword('postgres://bot:s3c/r@t@db/record'), 'postgres://bot:…@db/record');
  assert.equal(withoutPassword('postgres://me@corp:s3cret@db/record'), 'postgres://me@corp:…@db/record');
  assert.equal(withoutPassword('postgres://u@h/db?password=s3cret&x=1'), 'postgres://u@h/db?password=…&x=1');
  assert.equal(withoutPassword('host=db password=s3cret'), 'host=db password=…');
  assert.equal(withoutPassword('sqlite:./record.db'), 'sqlite:./record.db');
});
