import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { withAttributes } from '../../../../src/host/probe/place/parse-attributes.ts';
import { parseSecurity } from '../../../../src/host/probe/place/parse-security.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import { dir, link } from '../../../support/facts/facts-builder.ts';

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

describe('the parser of lsattr’s output', () => {
  test('the parser of lsattr’s output reads attributes from the letters before a name', () => {
    const output = '\n--------------e------- /\n----i---------e------- /a\n-----a--------e------- /a/b\n.';
    assert.deepEqual(read(['/', '/a', '/a/b'], output), ['/: ', '/a: i', '/a/b: a']);
  });

  test('the parser of lsattr’s output reads attributes of directories that the probe saw through a process', () => {
    const output = '/proc/7/root\n---- /proc/7/root/\n--i- /proc/7/root/a\n.';
    assert.deepEqual(read(['/', '/a'], output), ['/: ', '/a: i']);
  });

  test('the parser of lsattr’s output reports attributes as unknown only for a directory that was left out', () => {
    assert.deepEqual(read(['/', '/a', '/a/b'], '\n---- /\n--i- /a/b\n.'), ['/: ', '/a: ?', '/a/b: i']);
  });

  test('the parser of lsattr’s output reports attributes as unknown after a line about a path that the probe did not ask for', () => {
    assert.deepEqual(read(['/', '/a'], '\n---- /\n--i- /b\n--i- /a\n.'), ['/: ', '/a: ?']);
    assert.deepEqual(read(['/'], '\nno letters /\n.'), ['/: ?']);
  });

  test('the parser of lsattr’s output reads no attributes from a name that looks like a line of output', () => {
    const output = '\n---- /\n---- /a\n--i- /b\n---- /a\n--i- /b/c\n.';
    assert.deepEqual(read(['/', '/a\n--i- /b', '/a\n--i- /b/c'], output), ['/: ', '/a\n--i- /b: ', '/a\n--i- /b/c: ']);
  });

  test('the parser of lsattr’s output reads names that are not UTF-8 byte by byte', () => {
    const output = Buffer.concat([Buffer.from('\n--i- /'), Buffer.of(0xff), Buffer.from('\n.')]);
    const [node] = withAttributes([dir('/\\xff')], known(output));
    assert.partialDeepStrictEqual(node, { immutable: known(true) });
  });

  test('the parser of lsattr’s output rejects truncated output', () => {
    assert.throws(() => read(['/'], '\n---- /\n'), MalformedOutput);
  });

  test('attributes are read only for directories and files, and are unknown without lsattr on the host', () => {
    const why = unknown({ code: 'missing-on-host', detail: 'lsattr' });
    const [directory, symlink] = withAttributes([dir('/'), link('/l', '/')], why);
    assert.partialDeepStrictEqual(directory, { immutable: why, appendOnly: why });
    assert.partialDeepStrictEqual(symlink, { immutable: unknown('not-asked-of-links') });
  });
});

describe('the parser of the probe’s output about security modules', () => {
  const read = (text: string) => {
    const { security } = parseSecurity(Buffer.from(text));
    return security.state === 'known' ? security.value : assert.fail();
  };

  test('the parser of security modules reads the probe’s output line by line', () => {
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

  test('the parser of security modules reports what the output omits or words differently as unknown', () => {
    const { selinux, processLabel, protectedSymlinks } = read('selinux known sometimes\nprotected-symlinks known 2');
    assert.deepEqual([selinux.state, processLabel.state, protectedSymlinks.state], ['unknown', 'unknown', 'unknown']);
  });

  test('the parser of security modules assumes no defaults if the output is empty', () => {
    for (const fact of Object.values(read(''))) assert.equal(fact.state, 'unknown');
  });

  test('a process with an empty security label or "unconfined" is not reported as confined', () => {
    assert.deepEqual(read('label known ').processLabel, absent);
    assert.deepEqual(read('label known unconfined').processLabel, absent);
  });
});
