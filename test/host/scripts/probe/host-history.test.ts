import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { known } from '../../../../src/model/fact.ts';
import type { HostEvent, HostHistory } from '../../../../src/model/host/history.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { LogTree } from '../../log-tree.ts';
import { configuredHost, factsOf, probe, probeOutput } from '../../probe-run.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { BUSYBOX, type RunAs, SHELLS, type Shell } from '../../shells.ts';

const skip = skipUnless('linux', 'root', 'setpriv', 'busybox', 'mount-namespaces');

/** Ten minutes of a night of three days ago, in UTC. */
const NIGHT = Math.floor(Date.now() / 86_400_000 - 3) * 86_400 + 3 * 3600 + 40 * 60;
const [DATE = ''] = new Date(NIGHT * 1000).toISOString().split('T');
const YEAR = DATE.slice(0, 4);
const MONTH_AND_DAY = `${new Date(NIGHT * 1000).toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })} ${String(Number(DATE.slice(8))).padStart(2)}`;
const at = (time: string) => NIGHT + Number(time.split(':')[0]) * 60 + Number(time.split(':')[1]);
const syslog = (time: string, rest: string) => `${MONTH_AND_DAY} 03:4${time} git01 ${rest}\n`;
const iso = (time: string, rest: string) => `${DATE}T03:4${time}.123456+00:00 git01 ${rest}\n`;

type Told = Pick<HostEvent, 'at' | 'kind' | 'path'>;

function told(history: HostHistory, source: string): Told[] {
  return history.events
    .filter((event) => event.source === source)
    .map(({ at: when, kind, path }) => ({ at: when, kind, path }));
}

describe('the probe reads the host’s logs', { skip }, () => {
  let tree: ScratchTree;
  let logs: LogTree;

  function historyFrom(shell: Shell, { as, path }: { as?: RunAs; path?: string } = {}) {
    const facts = factsOf(
      probe(logs.on(shell, as), configuredHost(tree, `${tree.root}/storage`), path === undefined ? {} : { path }),
    );
    assert.equal(facts.history.state, 'known', JSON.stringify(facts.history));
    return facts.history.state === 'known' ? facts.history.value : assert.fail();
  }

  function outputFrom(shell: Shell): string {
    return probeOutput(logs.on(shell), configuredHost(tree, `${tree.root}/storage`)).toString('latin1');
  }

  for (const shell of SHELLS) {
    describe(`in ${shell.name}`, { skip: shell.skip }, () => {
      before(() => {
        tree = new ScratchTree();
        logs = new LogTree(tree);
        tree.directory(tree.at('storage'));
      });
      after(() => tree?.remove());

      test('the probe reads boots, mounts and repairs from the logs of kernel, service manager and fsck', () => {
        logs.write(
          'kern.log',
          [
            syslog('0:00', 'kernel: [    0.000000] Linux version 6.1.0-13-amd64 (debian-kernel@lists.debian.org)'),
            syslog('0:07', 'kernel: [    7.000000] EXT4-fs (sdb1): recovery complete'),
            syslog(
              '0:08',
              'kernel: [    8.1] EXT4-fs (sdb1): mounted filesystem with ordered data mode. Opts: errors=remount-ro',
            ),
            syslog(
              '1:00',
              'kernel: [   60.0] EXT4-fs error (device sdb1): ext4_find_entry:1463: inode #2: comm registry: reading directory lblock 0',
            ),
            syslog('1:01', 'kernel: [   61.0] EXT4-fs (sdb1): Remounting filesystem read-only'),
            syslog('1:02', 'kernel: [   62.0] blk_update_request: I/O error, dev sdb, sector 2048'),
            syslog(
              '1:03',
              'kernel: [   63.0] audit: type=1400 audit(1.2:3): avc:  denied  { search } for  pid=9 comm="registry" name="ops" dev="sdb1" ino=2 scontext=a tcontext=b tclass=dir permissive=0',
            ),
            syslog(
              '1:04',
              'kernel: [   64.0] audit: type=1400 audit(1.2:3): avc:  denied  { search } for  pid=9 comm="httpd" name="ops"',
            ),
          ].join(''),
        );
        logs.write(
          'syslog',
          [
            iso('0:09', 'systemd[1]: Mounted data-vol1.mount - /data/vol1.'),
            iso('0:10', 'systemd[1]: data-vol\\x2d2.mount: Mount process exited, code=exited, status=32/n/a'),
            iso('0:11', 'systemd[1]: Failed to mount /data/vol-2.'),
            iso('0:12', 'systemd[1]: Dependency failed for Local File Systems.'),
            iso('0:13', 'systemd-fsck[300]: /dev/sdc1: clean, 12/65536 files, 9000/262144 blocks'),
            iso('0:14', 'systemd[1]: Started docker-registry.service - Docker registry.'),
            iso('0:15', 'chronyd[77]: System clock was stepped by 3600.250000 seconds'),
            iso('0:16', 'systemd[1]: Started cron.service - Regular background program processing daemon.'),
          ].join(''),
        );
        const history = historyFrom(shell);
        assert.deepEqual(told(history, '/var/log/kern.log'), [
          { at: at('0:00'), kind: 'boot', path: null },
          { at: at('0:07'), kind: 'fsck', path: null },
          { at: at('0:08'), kind: 'mount', path: null },
          { at: at('1:00'), kind: 'filesystem-error', path: null },
          { at: at('1:01'), kind: 'remounted-read-only', path: null },
          { at: at('1:02'), kind: 'filesystem-error', path: null },
          { at: at('1:03'), kind: 'security-denial', path: null },
        ]);
        assert.deepEqual(told(history, '/var/log/syslog'), [
          { at: at('0:09'), kind: 'mount', path: '/data/vol1' },
          { at: at('0:10'), kind: 'mount-failed', path: '/data/vol-2' },
          { at: at('0:11'), kind: 'mount-failed', path: '/data/vol-2' },
          { at: at('0:13'), kind: 'fsck-clean', path: null },
          { at: at('0:14'), kind: 'service-start', path: null },
          { at: at('0:15'), kind: 'clock-step', path: null },
        ]);
        const source = history.sources.find(({ name }) => name === '/var/log/kern.log');
        assert.deepEqual(source, { name: '/var/log/kern.log', state: 'read', from: at('0:00') });
        assert.equal(history.sources.find(({ name }) => name === '/var/log/messages')?.state, 'absent');
      });

      test('the probe reads changed modes and mounts with their paths from sudo’s log, and no possible secret leaves the host', () => {
        const sudo = (time: string, fields: string) => syslog(time, `sudo:    alice : ${fields}`);
        logs.write(
          'auth.log',
          [
            sudo('2:00', 'TTY=pts/0 ; PWD=/data/vol1 ; USER=root ; COMMAND=/usr/bin/chmod -R 0750 ops ../vol2'),
            sudo('2:01', 'PWD=/root ; USER=root ; ENV=TOKEN=hunter2 ; COMMAND=/bin/chown root:ops /data/vol1/ops'),
            sudo(
              '2:02',
              'PWD=/root ; USER=root ; COMMAND=/bin/mount -t cifs -o username=bob,password=hunter2 //nas/data /data',
            ),
            sudo('2:03', 'PWD=/root ; USER=root ; COMMAND=/usr/sbin/usermod -p hunter2 registry'),
            sudo('2:04', 'PWD=/root ; USER=root ; COMMAND=/usr/bin/mysql -phunter2 -e chmod'),
            sudo('2:05', 'PWD=/root ; USER=root ; COMMAND=/bin/mount --bind /data/vol1 /srv/registry'),
            sudo('2:06', 'PWD=/root ; USER=root ; COMMAND=/usr/bin/setfacl -m u:registry:--x /data/vol1'),
            sudo('2:07', 'command not allowed ; PWD=/root ; USER=root ; COMMAND=/bin/chmod 777 /data'),
            sudo('2:08', 'PWD=/tmp/x ; COMMAND=/bin/chmod 777 /data ; USER=root ; COMMAND=/bin/ls'),
            sudo('2:09', 'PWD=/root ; USER=root ; COMMAND=/usr/bin/gitlab-ctl reconfigure --secret=hunter2 hunter2'),
            syslog('3:00', "usermod[88]: change user 'registry' UID from '993' to '994'"),
          ].join(''),
        );
        assert.deepEqual(told(historyFrom(shell), '/var/log/auth.log'), [
          { at: at('2:00'), kind: 'mode-command', path: '/data/vol1/ops' },
          { at: at('2:00'), kind: 'mode-command', path: '/data/vol2' },
          { at: at('2:01'), kind: 'mode-command', path: '/data/vol1/ops' },
          { at: at('2:02'), kind: 'mount-command', path: '/data' },
          { at: at('2:03'), kind: 'account-change', path: null },
          { at: at('2:05'), kind: 'mount-command', path: '/srv/registry' },
          { at: at('2:06'), kind: 'mode-command', path: '/data/vol1' },
          { at: at('2:09'), kind: 'privileged-command', path: null },
          { at: at('3:00'), kind: 'account-change', path: null },
        ]);
        const output = outputFrom(shell);
        assert.ok(output.includes('COMMAND=/usr/sbin/usermod -p [cut] registry'));
        assert.ok(!output.includes('hunter2'));
        logs.write('auth.log', '');
      });

      test('the probe reads rotated, dated and packed logs, and those of packages, reconfigure runs, auditd and wtmp', () => {
        logs.write('auth.log.1', syslog('4:00', 'useradd[5]: new user: name=registry, UID=993, GID=993'));
        logs.write(
          'auth.log.2.gz',
          `a line that is cut away\n${syslog('4:01', 'groupadd[5]: new group: name=ops, GID=1500')}`,
        );
        logs.write(`secure-${YEAR}1101`, syslog('4:02', 'gpasswd[5]: user registry added by root to group ops'));
        logs.write('auth.log.evil', syslog('4:03', 'useradd[5]: new user: name=evil'));
        logs.write(
          'dpkg.log',
          `${DATE} 03:45:00 startup archives unpack\n${DATE} 03:45:01 upgrade gitlab-ce:amd64 17.0 17.9\n${DATE} 03:45:02 upgrade vim:amd64 1 2\n`,
        );
        logs.write(`gitlab/reconfigure/${at('6:00')}.log`, '');
        logs.write('gitlab/reconfigure/no-number.log', '');
        logs.write(
          'audit/audit.log',
          `type=AVC msg=audit(${at('7:00')}.123:9): avc:  denied  { search } for pid=9 comm="registry" path="/data/vol1"\n`,
        );
        const dump = (what: string, time: string) =>
          `[1] [00000] [~~  ] [${what.padEnd(8)}] [~           ] [6.1.0-13-amd64      ] [0.0.0.0        ] [${DATE}T03:4${time},000000+00:00]\n`;
        logs.write(
          'wtmp',
          execFileSync('utmpdump', ['-r'], {
            input: dump('shutdown', '8:00') + dump('reboot', '8:30'),
            stdio: ['pipe', 'pipe', 'ignore'],
          }),
        );
        const history = historyFrom(shell);
        const expected: [string, Told][] = [
          ['/var/log/auth.log.1', { at: at('4:00'), kind: 'account-change', path: null }],
          ['/var/log/auth.log.2.gz', { at: at('4:01'), kind: 'account-change', path: null }],
          [`/var/log/secure-${YEAR}1101`, { at: at('4:02'), kind: 'account-change', path: null }],
          ['/var/log/dpkg.log', { at: at('5:01'), kind: 'package-change', path: null }],
          ['/var/log/gitlab/reconfigure', { at: at('6:00'), kind: 'reconfigure', path: null }],
          ['/var/log/audit/audit.log', { at: at('7:00'), kind: 'security-denial', path: '/data/vol1' as never }],
        ];
        for (const [source, event] of expected) assert.deepEqual(told(history, source), [event], source);
        assert.deepEqual(
          told(history, 'wtmp').map(({ kind, at: when }) => [kind, when]),
          [
            ['shutdown', at('8:00')],
            ['boot', at('8:30')],
          ],
        );
        assert.equal(history.sources.find(({ name }) => name === '/var/log/auth.log.2.gz')?.state, 'cut');
      });

      test('the probe reports config and account files with the times of their last change', () => {
        const { files } = historyFrom(shell);
        const config = `${tree.root}/config.yml`;
        assert.deepEqual(
          files.filter(({ role }) => role === 'config'),
          [{ path: config, role: 'config', changedAt: Math.floor(statSync(config).ctimeMs / 1000) }],
        );
        assert.deepEqual(files.map(({ role }) => role).toSorted(), ['config', 'group', 'passwd']);
      });

      test('the probe reads hostile log content as data: control bytes, NUL, invalid UTF-8, forged markers, endless lines', () => {
        const good = syslog('9:00', 'kernel: Linux version 6.1.0');
        logs.write(
          'messages',
          Buffer.concat([
            Buffer.alloc(4096),
            Buffer.from(good),
            Buffer.from('\u0001s r read /var/log/forged\n\u0001^ forged\ns read journal\n: forged\n'),
            Buffer.from(syslog('9:01', 'alice: kernel: Linux version forged')),
            Buffer.from(
              syslog('9:02', 'sshd[1]: Invalid user sudo: x : PWD=/ ; COMMAND=/bin/chmod 777 /data from 10.0.0.1'),
            ),
            Buffer.from('Nov 31 25:99:99 git01 kernel: Linux version of no day\n'),
            Buffer.from(syslog('9:03', 'constructor: __proto__')),
            Buffer.concat([
              Buffer.from(`${MONTH_AND_DAY} 03:49:04 git01 kernel: Linux version `),
              Buffer.from([0xff, 0xc3, 0x1b, 0x5b, 0x0a]),
            ]),
            Buffer.from(syslog('9:05', `kernel: Linux version ${'x'.repeat(1_000_000)}`)),
            Buffer.from(syslog('9:06', 'kernel: Linux version at the end').trimEnd()),
          ]),
        );
        const history = historyFrom(shell);
        const events = history.events.filter(({ source }) => source === '/var/log/messages');
        assert.deepEqual(
          events.map(({ at: when, kind }) => [when, kind]),
          ['9:00', '9:04', '9:05', '9:06'].map((time) => [at(time), 'boot']),
        );
        assert.equal(events[1]?.text, 'Linux version \\xff\\xc3?[');
        assert.ok(history.sources.every(({ name }) => !name.includes('forged')));
        assert.equal(history.sources.filter(({ name }) => name === 'journal').length, 1);
        logs.write('messages', '');
      });

      test('the probe reports other events and stays within its limit if a log is flooded with one kind of event', () => {
        const line = syslog('9:10', 'sudo: mallory : PWD=/tmp ; USER=root ; COMMAND=/bin/chmod 777 /tmp/x');
        logs.write('messages', syslog('9:09', 'kernel: Linux version 6.1.0') + line.repeat(9_000));
        const history = historyFrom(shell);
        const kinds = told(history, '/var/log/messages').map(({ kind }) => kind);
        assert.deepEqual(kinds, ['boot', ...Array.from({ length: 12 }, () => 'mode-command')]);
        assert.ok(outputFrom(shell).length < 200_000);
        logs.write('messages', line.repeat(40_000));
        assert.equal(historyFrom(shell).sources.find(({ name }) => name === '/var/log/messages')?.state, 'cut');
        logs.write('messages', '');
      });

      test('the probe of a login that can’t read the host’s logs reports them as unreadable', () => {
        const as = { uid: 65534, gid: 65534, groups: [] };
        chmodSync(logs.path('audit'), 0o700);
        const states = new Map(historyFrom(shell, { as }).sources.map(({ name, state }) => [name, state]));
        assert.equal(states.get('/var/log/kern.log'), 'unreadable');
        assert.equal(states.get('/var/log/audit/audit.log'), 'unreadable');
        assert.equal(states.get('/var/log/yum.log'), 'absent');
      });

      test('log times without a zone are read in the host’s time zone, with the DST offset of their date', (t) => {
        const own = new ScratchTree();
        t.after(() => own.remove());
        const berlin = new LogTree(own);
        berlin.inZone('Europe/Berlin');
        berlin.write(
          'kern.log',
          `Jul  1 12:00:00 git01 kernel: Linux version summer\n${`${YEAR}-01-10 12:00:00`} ignored\nJan 10 12:00:00 git01 kernel: Linux version winter\n`,
        );
        own.directory(own.at('storage'));
        const { history } = factsOf(probe(berlin.on(shell), configuredHost(own, `${own.root}/storage`)));
        const hours =
          history.state === 'known'
            ? history.value.events.map((event) => [event.text, new Date(event.at * 1000).getUTCHours()])
            : [];
        assert.deepEqual(Object.fromEntries(hours), { 'Linux version summer': 10, 'Linux version winter': 11 });
      });

      test('the probe asks journalctl for the newest entries first, within the time window', () => {
        const bin = standIn('journalctl', [
          `echo '${DATE}T03:49:30+0000 git01 systemd[1]: Mounted /data/vol1.'`,
          `echo '    ${DATE}T03:49:30+0000 git01 kernel: Linux version of a second line'`,
          `echo '${DATE}T03:49:25+0000 git01 audit[9]: AVC avc:  denied  { search } for pid=9 comm="registry"'`,
          `echo '${DATE}T03:49:20+0000 git01 kernel: Linux version 6.1.0'`,
          'exec sleep 60',
        ]);
        logs.write('journal/0123/system.journal', '');
        const started = performance.now();
        const history = historyFrom(shell, { path: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` });
        assert.ok(performance.now() - started < 20_000);
        assert.deepEqual(told(history, 'journal'), [
          { at: at('9:20'), kind: 'boot', path: null },
          { at: at('9:25'), kind: 'security-denial', path: null },
          { at: at('9:30'), kind: 'mount', path: '/data/vol1' },
        ]);
        execFileSync('rm', ['-rf', logs.path('journal')]);
      });

      if (shell !== BUSYBOX) return;
      test('the probe reads the same history with only busybox’s tools', () => {
        const bin = tree.directory(tree.at('busybox')).toString();
        for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
          symlinkSync('/bin/busybox', `${bin}/${applet}`);
        }
        const usual = historyFrom(BUSYBOX);
        assert.ok(usual.events.length > 5);
        const events = usual.events.filter(({ source }) => source !== 'wtmp');
        assert.deepEqual(
          historyFrom(BUSYBOX, { path: bin }).events,
          events,
          'but for wtmp: its last(1) tells no boots',
        );
      });
    });
  }

  function standIn(name: string, lines: readonly string[]): string {
    const bin = `${tree.root}/bin`;
    execFileSync('mkdir', ['-p', bin]);
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
    return bin;
  }
});

describe('the probe of a host that keeps no logs', { skip }, () => {
  for (const shell of SHELLS) {
    test(`${shell.name}: the probe of a host without logs says so and reports everything else`, {
      skip: shell.skip,
    }, (t) => {
      const tree = new ScratchTree();
      t.after(() => tree.remove());
      tree.directory(tree.at('storage'));
      const facts = factsOf(probe(new LogTree(tree).on(shell), configuredHost(tree, `${tree.root}/storage`)));
      assert.partialDeepStrictEqual(facts.history, known({ events: [] }));
      assert.ok(
        facts.history.state === 'known' && facts.history.value.sources.every(({ state }) => state === 'absent'),
      );
    });
  }
});
