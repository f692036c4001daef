import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { parseAsk } from '../../../../src/host/answer/parse-ask.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { askRequest, probeRequest } from '../../../../src/host/request/guard-request.ts';
import { asOneBlock, remoteCommand } from '../../../../src/ssh/run/remote-command.ts';
import { type MountedHost, startMountedHost } from '../../../support/hosts/mounted-host.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { InstalledGuard } from '../../installed-guard.ts';
import { factsOf, parseOutput } from '../../probe-run.ts';
import { hostSettings } from '../../sample-settings.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS } from '../../shells.ts';
import { listen } from '../ask/listen.ts';

/** No one's start-up files, settings or environment count for what root runs: a healthy registry stays healthy. */

const NONCE = 'probenonce';
const skip = skipUnless('linux', 'root', 'bash', 'curl', 'nsenter', 'mount-namespaces');
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** What a .bashrc may do to whatever bash was to run. */
const HARM: Readonly<Record<string, string>> = {
  'is slow': 'sleep 20',
  prints: String.raw`printf 'HTTP/1.0 500 Broken\r\n\r\n'`,
  ends: 'exit 7',
  'ends well': 'exit 0',
  'prints text of its own': 'printf() { :; }; read() { return 1; }; exec >/dev/null',
};

/** Each makes the tool fail or ask another, where it is read. */
const SETTINGS: Readonly<Record<string, string>> = {
  '.curlrc': 'url = "http://127.0.0.1:1/"\\nfail\\nproxy = "http://127.0.0.1:1"\\nmax-time = 0.001',
  '.wgetrc': 'use_proxy = on\\nhttp_proxy = http://127.0.0.1:1\\nquota = x',
  '.netrc': 'default login nobody password nothing',
  '.inputrc': '$include /dev/zero',
  '.profile': 'exit 7',
  '.bash_profile': 'exit 7',
};

/** Root's home has these files in a mount namespace of the test's own; the machine's own /root is never touched. */
function hostileHome(bashrc: string): Promise<MountedHost> {
  const files = Object.entries({ ...SETTINGS, '.bashrc': bashrc.replaceAll('\\', '\\\\') });
  const written = files.map(([name, text]) => `printf %b '${text.replaceAll("'", `'\\''`)}\\n' >/root/${name}`);
  return startMountedHost(['mount -t tmpfs tmpfs /root', ...written].join('\n'));
}

type Input = 'socket' | 'pipe' | 'file';
const INPUTS: readonly Input[] = ['socket', 'pipe', 'file'];

/** What the command prints that gets this text by such an input; Node's own pipes are sockets. */
async function outputOf(command: readonly string[], input: Input, text: string): Promise<Buffer> {
  const tree = new ScratchTree();
  const file = tree.at('input').toString();
  writeFileSync(file, text);
  const descriptor = openSync(file, 'r');
  const [program = '', ...args] = input === 'pipe' ? ['sh', '-c', 'cat | exec "$@"', 'sh', ...command] : command;
  const child = spawn(program, args, {
    // sshd sets none of what a shell counts itself by (SHLVL).
    env: { PATH, HOME: '/root', SSH_CLIENT: '192.0.2.1 1 22' },
    stdio: [input === 'socket' ? 'pipe' : descriptor, 'pipe', 'inherit'],
  });
  closeSync(descriptor);
  // A program may end without having read its input. What counts is what it prints.
  child.stdin?.on('error', () => {}).end(text);
  if (child.stdout === null) throw new Error('it prints nowhere');
  const output = Buffer.concat(await child.stdout.toArray());
  tree.remove();
  return output;
}

const HEALTHY = { v2: { state: 'known', value: { status: 200 } }, health: { state: 'known', value: { status: 200 } } };

describe('a healthy registry, with shell start-up files in root’s home', { skip }, () => {
  let server: Server;
  let url = '';
  before(async () => {
    server = createServer((_, response) => response.end('{}'));
    url = `http://127.0.0.1:${await listen(server)}`;
  });
  after(() => server?.close());
  const ask = () => askRequest({ nonce: NONCE, host: hostSettings({ url, debugUrl: url }) });

  test('bash does read root’s .bashrc if its input is a socket', async () => {
    const host = await hostileHome('echo hostile');
    const output = await outputOf([...host.inside, 'env', '-u', 'SSH_CLIENT', 'bash', '-c', 'echo own'], 'socket', '');
    await host.stop();
    assert.equal(output.toString(), 'hostile\nown\n');
  });

  for (const [what, bashrc] of Object.entries(HARM)) {
    describe(`on a host where .bashrc ${what}`, () => {
      let host: MountedHost;
      before(async () => {
        host = await hostileHome(bashrc);
      });
      after(() => host?.stop());

      for (const shell of SHELLS) {
        const test = inTurn(shell);
        for (const input of INPUTS) {
          test(`${shell.name}, with a ${input} as input, diagnoses a healthy registry as healthy where root’s .bashrc ${what}`, {
            skip: shell.skip,
          }, async () => {
            const output = await outputOf([...host.inside, ...shell.command], input, guardOverStdin(ask()));
            assert.partialDeepStrictEqual(parseAsk(output, NONCE), { kind: 'answers', ...HEALTHY });
          });
        }
      }

      test(`the exact sudo command diagnoses a healthy registry as healthy where root’s .bashrc ${what}`, {
        skip: skipUnless('sudo'),
      }, async () => {
        const command = [...host.inside, '/bin/sh', '-c', remoteCommand({ sudo: true, enter: [] }, 30)];
        const output = await outputOf(command, 'socket', asOneBlock(guardOverStdin(ask())));
        assert.partialDeepStrictEqual(parseAsk(output, NONCE), { kind: 'answers', ...HEALTHY });
      });

      test(`the bot diagnoses a healthy registry as healthy where root’s .bashrc ${what}`, async () => {
        const request = probeRequest({ nonce: NONCE, host: hostSettings({ url, debugUrl: url }), rootOverride: null });
        const output = await outputOf([...host.inside, 'sh', '-s'], 'socket', guardOverStdin(request));
        assert.partialDeepStrictEqual(factsOf(parseOutput(output)), HEALTHY);
      });

      test(`an installed guard prints nothing without a request where root’s .bashrc ${what}`, async () => {
        const guard = new InstalledGuard();
        for (const input of INPUTS) {
          const output = await outputOf([...host.inside, guard.at('guard/guard')], input, ask());
          assert.partialDeepStrictEqual(parseAsk(output, NONCE), { kind: 'answers', ...HEALTHY });
        }
        const nothing = await outputOf(
          [...host.inside, 'sh', '-c', `'${guard.at('guard/guard')}' 2>&1 </dev/null`],
          'socket',
          '',
        );
        assert.match(nothing.toString(), /^registry-doctor guard: request-malformed/);
        guard.remove();
      });
    });
  }
});

/** Whatever an environment may bring: names of files, options, programs, and the guard's own words. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/root',
  ENV: '/dev/stdin',
  BASH_ENV: '/dev/stdin',
  TMPDIR: '/nowhere',
  TZ: 'Mars/Phobos',
  LANG: 'de_DE.UTF-8',
  LANGUAGE: 'de',
  CDPATH: '/tmp',
  CURL_HOME: '/nowhere',
  CURL_CA_BUNDLE: '/nowhere',
  OPENSSL_CONF: '/nowhere',
  WGETRC: '/nowhere',
  INPUTRC: '/nowhere',
  http_proxy: 'http://127.0.0.1:1',
  HTTP_PROXY: 'http://127.0.0.1:1',
  all_proxy: 'http://127.0.0.1:1',
  POSIXLY_CORRECT: '1',
  GREP_OPTIONS: '-v',
  QUOTING_STYLE: 'c',
  TIME_STYLE: 'locale',
  AWKPATH: '/nowhere',
  LD_BIND_NOW: '1',
  GLIBC_TUNABLES: 'glibc.malloc.check=0',
  SYSTEMD_PAGER: '/nowhere',
  SSH_CLIENT: '192.0.2.1 1 22',
  PS4: '$(kill -9 $$)',
  SEVERAL_LINES: 'a\nexport PATH=/nowhere\nexport newline=x\nb',
  // What the guard calls its own.
  guard_way: 'installed',
  process_state: 'found',
  asked_network: '/proc/1/ns/net',
  unable: ' bash curl wget ',
  login_home: '/nowhere',
};
/** What bash takes in before a program's first line. */
const BASH_ENVIRONMENT: Readonly<Record<string, string>> = {
  SHELLOPTS: 'allexport:errexit:keyword:noclobber:nounset:pipefail',
  BASHOPTS: 'extglob:failglob:lastpipe:nocasematch:xpg_echo',
  'BASH_FUNC_printf%%': '() { echo hostile; }',
  'BASH_FUNC_command%%': '() { return 1; }',
  'BASH_FUNC_read%%': '() { for word in "unset -f" echo; do case $word in *) echo; esac; done; }',
  'BASH_FUNC_stat%%': '() { echo hostile; }',
};
/** Made here, or by bash for whatever it runs. */
const OWN = ['HOME', 'LC_ALL', 'PATH', 'OLDPWD', 'PWD', 'SHLVL', '_'];

describe('the guard and its environment', { skip }, () => {
  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`no environment variable and no input of the guard reaches the commands that ${shell.name} runs`, {
      skip: shell.skip,
    }, async () => {
      const tree = new ScratchTree();
      const server = createServer((_, response) => response.end('{}'));
      const url = `http://127.0.0.1:${await listen(server)}`;
      const seen = tree.at('seen').toString();
      const bin = tree.directory(tree.at('bin')).toString();
      const spy = `#!/bin/sh\n{ readlink /proc/$$/fd/0; tr '\\0' '\\n' </proc/$$/environ; } >${seen}\nexec /usr/bin/curl "$@"\n`;
      writeFileSync(`${bin}/curl`, spy, { mode: 0o755 });
      const host = hostSettings({ url, debugUrl: url });
      // Without timeout curl asks: it is what has settings.
      const program = guardOverStdin(probeRequest({ nonce: NONCE, host, rootOverride: null }))
        .replace(/^PATH=.*$/m, (line) => `PATH=${bin}:${line.slice('PATH='.length)}`)
        .replace('command -v timeout >/dev/null\n}', 'false\n}');
      const [name = '', ...args] = shell.command;
      const child = spawn(name, args, {
        env: { ...ENVIRONMENT, ...(shell.name === 'bash' ? BASH_ENVIRONMENT : {}), PATH },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child.stdin.end(program);
      const said = child.stderr.toArray();
      const output = Buffer.concat(await child.stdout.toArray());
      server.close();
      const [input, ...variables] = readFileSync(seen, 'utf8').trimEnd().split('\n');
      tree.remove();
      assert.equal(Buffer.concat(await said).toString(), '');
      assert.partialDeepStrictEqual(factsOf(parseOutput(output)), HEALTHY);
      assert.equal(input, '/dev/null');
      assert.deepEqual(
        variables.filter((variable) => !OWN.includes(variable.split('=', 1)[0] ?? '')),
        [],
      );
      assert.ok(variables.includes('HOME=/dev/null') && variables.includes('LC_ALL=C'), variables.join('\n'));
    });
  }
});
