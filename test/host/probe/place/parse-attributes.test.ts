import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { withAttributes } from '../../../../src/host/probe/place/parse-attributes.ts';
import { parseSecurity } from '../../../../src/host/probe/place/parse-security.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import { dir, link } from '../../../support/facts-builder.ts';

/** `path: ia` for each directory with what is set, `path: ?` where it is not known. */
function read(paths: readonly string[], output: string): string[] {
  const nodes = withAttributes(
    paths.map((path) => dir(path)),
    known(Buffer.from(output)),
  );
  return nodes.map((node) => {
    if (node.state !== 'present' || node.immutable.state !== 'known' || node.appendOnly.state !== 'known') {
      return `${node.path}: ?`;
    }
    return `${node.path}: ${node.immutable.value ? 'i' : ''}${node.appendOnly.value ? 'a' : ''}`;
  });
}

describe('attributes of directories', () => {
  test('attributes of directories are read from the letters before the name', () => {
    const output = '\n--------------e------- /\n----i---------e------- /a\n-----a--------e------- /a/b\n.';
    assert.deepEqual(read(['/', '/a', '/a/b'], output), ['/: ', '/a: i', '/a/b: a']);
  });

  test('attributes of directories are read below the path of a process', () => {
    const output = '/proc/7/root\n---- /proc/7/root/\n--i- /proc/7/root/a\n.';
    assert.deepEqual(read(['/', '/a'], output), ['/: ', '/a: i']);
  });

  test('attributes are unknown only for a directory that was left out', () => {
    assert.deepEqual(read(['/', '/a', '/a/b'], '\n---- /\n--i- /a/b\n.'), ['/: ', '/a: ?', '/a/b: i']);
  });

  test('attributes are unknown after a line about a path that was not asked for', () => {
    assert.deepEqual(read(['/', '/a'], '\n---- /\n--i- /b\n--i- /a\n.'), ['/: ', '/a: ?']);
    assert.deepEqual(read(['/'], '\nno letters /\n.'), ['/: ?']);
  });

  test('attributes are not read from a name that looks like a line', () => {
    const output = '\n---- /\n---- /a\n--i- /b\n---- /a\n--i- /b/c\n.';
    assert.deepEqual(read(['/', '/a\n--i- /b', '/a\n--i- /b/c'], output), ['/: ', '/a\n--i- /b: ', '/a\n--i- /b/c: ']);
  });

  test('attributes of names that are not UTF-8 are read byte by byte', () => {
    const output = Buffer.concat([Buffer.from('\n--i- /'), Buffer.of(0xff), Buffer.from('\n.')]);
    const [node] = withAttributes([dir('/\\xff')], known(output));
    assert.partialDeepStrictEqual(node, { immutable: known(true) });
  });

  test('attributes in a truncated answer are unknown', () => {
    assert.throws(() => read(['/'], '\n---- /\n'), MalformedOutput);
  });

  test('attributes are asked only for directories and files, and are unknown without lsattr', () => {
    const why = unknown({ code: 'missing-on-host', detail: 'lsattr' });
    const [directory, symlink] = withAttributes([dir('/'), link('/l', '/')], why);
    assert.partialDeepStrictEqual(directory, { immutable: why, appendOnly: why });
    assert.partialDeepStrictEqual(symlink, { immutable: unknown('not-asked-of-links') });
  });
});

describe('the section on security modules', () => {
  const read = (text: string) => {
    const { security } = parseSecurity(Buffer.from(text));
    return security.state === 'known' ? security.value : assert.fail();
  };

  test('the security section is read line by line', () => {
    const lines = [
      'selinux known enforcing',
      'protected-symlinks known 1',
      'protected-hardlinks known 0',
      'label known a b',
    ];
    assert.deepEqual(read(`${lines.join('\n')}\n`), {
      selinux: known('enforcing'),
      processLabel: known('a b'),
      protectedSymlinks: known(true),
      protectedHardlinks: known(false),
    });
  });

  test('the security section leaves unknown what it omits or words differently', () => {
    const { selinux, processLabel, protectedSymlinks } = read('selinux known sometimes\nprotected-symlinks known 2');
    assert.deepEqual([selinux.state, processLabel.state, protectedSymlinks.state], ['unknown', 'unknown', 'unknown']);
  });

  test('the security section of an empty host has no defaults', () => {
    for (const fact of Object.values(read(''))) assert.equal(fact.state, 'unknown');
  });

  test('an empty label and "unconfined" confine no process', () => {
    assert.deepEqual(read('label known ').processLabel, absent);
    assert.deepEqual(read('label known unconfined').processLabel, absent);
  });
});
